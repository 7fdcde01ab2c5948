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
        ("正直に言えば、外務大臣は本日の会談で新しい合意を発表しました。", "euc_jis_2004"),
        ("中華民國外交部發言人今天表示，雙方將繼續會談。", "big5hkscs"),
        ("Привет, министр прибыл в Москву вчера.", "cp1251"),
        ("Привет, министр прибыл в Москву вчера.", "koi8-r"),
        ("Привет, министр прибыл в Москву вчера.", "cp866"),
        ("Министр прибыл в Москву. Стороны обсудили торговлю.", "mac-cyrillic"),
        ("Міністр прибув до Києва, щоб обговорити її пропозиції.", "koi8-u"),
        ("Ministr zahraničí přijal velvyslance v Brně, řekl mluvčí.", "cp1250"),
        ("Minister przyjął w Łodzi ambasadora, mówił o źródłach.", "iso8859-2"),
        ("A külügyminiszter fogadta a nagykövetet, és tárgyalt a kikötőről.", "cp852"),
        ("Ο υπουργός συναντήθηκε χθες με τον πρέσβη στην Αθήνα.", "cp1253"),
        ("Bakan dün Ankara’da büyükelçiyi kabul etti; görüşme iki saat sürdü.", "cp1254"),
        ("Le ministre a été reçu à Genève ; l’accord a été signé.", "mac-roman"),
        ("Der Minister sprach über Köln, Düsseldorf und Zürich, heißt es.", "mac-roman"),
        ("Der Minister sprach über Köln, Düsseldorf und Zürich, heißt es.", "cp850"),
    ],
)
def test_other_legacy_encodings(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(
    ("line", "codec"),
    [
        ("바로가기 메뉴", "cp949"),
        ("Посольство в Москве", "cp1251"),
        ("Посольство в Москве", "koi8-r"),
        ("外務省 報道発表", "cp932"),
    ],
)
def test_a_line_of_another_script_above_a_long_english_text(line: str, codec: str) -> None:
    text = f"{line}\n" + "2. The two sides shared their assessments and agreed to meet.\n" * 30
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize("text", ["SALON ® is registered.", "» (03/10/2019)", "30° in the shade"])
def test_signs_without_letters_are_those_of_windows(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("text", ["that’s what they agreed", "talks – the second – were held"])
def test_quotes_of_a_mac_do_not_become_letters(text: str) -> None:
    assert decode(text.encode("mac-roman")) == (text, "mac-roman")


def test_single_zero_bytes_are_passed_over() -> None:
    plain = "2. The two sides agreed to meet.\n" * 5
    assert decode(f"{plain}3. Th\0ey left.".encode()) == (f"{plain}3. They left.", "utf-8")
    assert decode(plain.encode() + bytes(512)) == (plain, "utf-8")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_text_of_any_script_is_known_without_a_mark(codec: str) -> None:
    for text in ("Привет, министр прибыл в Москву.", TEXT):
        assert decode(text.encode(codec)) == (text, codec)


def test_a_character_cut_in_two_does_not_make_other_letters_of_the_rest() -> None:
    text = "Der Minister sprach über Köln und Zürich. " * 30
    assert decode(text.encode() + b"\xc3") == (f"{text}\ufffd", "utf-8")


def test_a_text_in_no_encoding_that_can_be_told_is_refused() -> None:
    with pytest.raises(Unreadable, match="save it as UTF-8"):
        decode("メーラーをサンダーバードにしてみました。".encode("cp932"))


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        bytes(range(256)),
        b"zero bytes \x00\x00 in a text \x00 that is too short for so many\x00.",
        b"A\0B\0C\0\n",  # an odd length
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


def test_one_nul_makes_no_other_script_of_a_text() -> None:
    for text in ("The ferry leaves at nine. " * 9, "The ferry leaves at ten. " * 9 + "."):
        for at in (1, 40, 41, len(text)):
            data = (text[:at] + "\x00" + text[at:]).encode()
            assert decode(data)[0] == text
