import codecs

import pytest

from corpus.errors import Unreadable
from corpus.text.decoding import decode

TEXT = "1. Amb. Kim’s talks in Genève were held.\r\n\r\n2. 외교부 보도자료\n"


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_names_the_codec_and_is_no_text(
    mark: bytes, codec: str, name: str
) -> None:
    assert decode(mark + TEXT.encode(codec)) == (TEXT, name)
    assert decode(mark) == ("", name)


def test_utf8_without_a_mark_is_read_as_it_is() -> None:
    assert decode(TEXT.encode()) == (TEXT, "utf-8")
    assert decode(b"") == ("", "utf-8")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_the_side_of_its_zero_bytes(codec: str) -> None:
    text = "1. Amb. Kim’s talks in Genève were held. 외교부\n"
    assert decode(text.encode(codec)) == (text, codec)


def test_korean_of_old_board_pages() -> None:
    text = "바로가기 메뉴\n\nPress Releases\n\n1. Amb. Kim met his counterpart. 북핵수석대표 협의\n"
    assert decode(text.encode("cp949")) == (text, "cp949")


@pytest.mark.parametrize(
    "text",
    [
        "The meeting took place in Genève.",
        "The talks in Genève were held on May 3. The two sides agreed to meet again.",
        "The two sides discussed the situation in Côte d’Ivoire.",
        "President Peña Nieto met Minister Park in México City.",
        "Foreign Minister Baerbock spoke of Köln, Düsseldorf and Zürich.",
        "Amb. KIM Gunn’s Meeting was held – the two sides “agreed”.",
    ],
)
def test_western_letters_stay_what_they_are(text: str) -> None:
    assert decode(text.encode("cp1252"))[0] == text


@pytest.mark.parametrize("word", ["Genève", "Côte d’Ivoire", "Peña", "Zürich", "‘satellite’"])
@pytest.mark.parametrize("count", [1, 20, 80])
def test_one_western_word_in_a_long_release(word: str, count: int) -> None:
    plain = "2. The two sides shared their assessments of the situation and agreed to meet.\n\n"
    text = plain * count + f"3. They also discussed {word}.\n"
    assert decode(text.encode("cp1252"))[0] == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("日本の外務省は本日、協議を行った。", "cp932"),
        ("中华人民共和国外交部发言人今天表示", "gb18030"),
        ("Привет, министр прибыл в Москву вчера.", "cp1251"),
    ],
)
def test_other_legacy_encodings(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        bytes(range(256)),
        b"one zero byte \x00 in a text that is long enough to be one",
        b"A\0B\0C\0\n",  # an odd length
        TEXT.encode("utf-32-le"),
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="it holds binary data, not text"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(1, 256)) * 4,
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + bytes(range(128, 256)) * 3,
    ],
)
def test_bytes_that_are_no_text_in_any_encoding_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="save it as UTF-8"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfeA\0B\0C", "marked as utf-16 but breaks off at byte"),
        (b"\xff\xfe\x00\xd8A\x00", "marked as utf-16 but breaks off at byte"),
        (codecs.BOM_UTF8 + b"caf\xe9", "marked as utf-8-sig but breaks off at byte"),
        (codecs.BOM_UTF32_LE + b"A\0\0", "marked as utf-32 but breaks off at byte"),
    ],
)
def test_a_file_that_breaks_its_own_mark_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        decode(data)
