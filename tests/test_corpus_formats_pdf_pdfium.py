"""What PDFium gives for the letters of a page, and what is read."""

import pypdfium2.raw
import pytest
from conftest import read_document
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from test_corpus_formats_pdf import PROSE, drawn

FONT = "Vera"

pdfmetrics.registerFont(TTFont(FONT, "Vera.ttf"))


def printed(*lines: str, named: dict[str, str] | None = None) -> bytes:
    """These lines in a file that says of some of its letters that they are other ones.

    That is how a file has letters for which the font at hand has no picture.
    """

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 11)
        for number, line in enumerate(lines):
            canvas.drawString(72, 700 - 14 * number, line)

    data = drawn(draw, pageCompression=0)
    for letter, other in (named or {}).items():
        stated = f"<{ord(letter):04X}>".encode()
        assert data.count(stated) == 1
        data = data.replace(stated, f"<{other.encode('utf-16-be').hex()}>".encode())
    return data


def lines_of(data: bytes) -> list[str]:
    return [each.text for each in read_document("a.pdf", data).passages]


def test_a_soft_hyphen_shows_at_the_end_of_a_line_only() -> None:
    data = printed(
        "The har\u00adbor of Busan will be deep\u00adened by 2025 for the con\u00ad",
        "tainer ships of both countries, the ministers said to all who were there.",
    )
    assert lines_of(data) == [
        "The harbor of Busan will be deepened by 2025 for the container ships of both countries, "
        "the ministers said to all who were there."
    ]


def test_the_shapes_of_arabic_letters_are_the_letters() -> None:
    shapes = dict(zip("GHKNU", "\ufee2\ufefc\ufeb4\ufedf\ufe8d", strict=True))
    data = printed("The word is GHKNU and it means peace.", named=shapes)
    assert lines_of(data) == ["The word is السلام and it means peace."]


def test_a_letter_in_two_halves_is_one_letter() -> None:
    data = printed("The dish Q is sold with the sign X here.", named={"Q": "𠮷", "X": "𝔄"})
    assert lines_of(data) == ["The dish 𠮷 is sold with the sign 𝔄 here."]


def test_half_a_letter_is_none() -> None:
    half = "\ud842"
    data = printed("The dish Q is sold.").replace(b"<0051>", b"<D842>")
    assert half not in "".join(lines_of(data))


@pytest.mark.parametrize("code", [0x110000, 0xF0A8A780])
def test_a_letter_that_is_none_is_not_read(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    true = pypdfium2.raw.FPDFText_GetUnicode
    monkeypatch.setattr(
        pypdfium2.raw,
        "FPDFText_GetUnicode",
        lambda text, index: code if chr(true(text, index)) == "Q" else true(text, index),
    )
    assert lines_of(printed("The dish Q is sold.")) == ["The dish is sold."]


def test_type_too_small_to_be_seen_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 0.2)
        for number, line in enumerate(PROSE):
            canvas.drawString(72, 700 - 0.3 * number, line)

    assert set(" ".join(PROSE).split()) == set(" ".join(lines_of(drawn(draw))).split())


@pytest.mark.parametrize(
    ("letters", "read"),
    [
        ("e\u02c6", "ê"),
        ("\u02c6e", "ê"),
        ("c\u00b8", "ç"),
        ("\u00a8\u0131", "ï"),
        ("\u00b4E", "É"),
    ],
)
def test_an_accent_over_its_letter_is_one_letter_with_it(letters: str, read: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 11)
        text = canvas.beginText(72, 700)
        text.textOut("The Age")
        start = text.getX()
        widest = max(canvas.stringWidth(each) for each in letters)
        for letter in letters:
            text.setTextOrigin(start + (widest - canvas.stringWidth(letter)) / 2, 700)
            text.textOut(letter)
        text.setTextOrigin(start + widest, 700)
        text.textOut("ncia is open.")
        canvas.drawText(text)

    assert lines_of(drawn(draw)) == [f"The Age{read}ncia is open."]


def test_accents_drawn_at_the_end_of_their_line_are_on_their_letters() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 11)
        words = "Laszlo Juttner has been in the committee for all of the last nine years"
        canvas.drawString(72, 700, words)
        for accent, before in (("\u00b4", "L"), ("\u00b4", "Laszl"), ("\u00a8", "Laszlo J")):
            letter = words[len(before)]
            aside = (canvas.stringWidth(letter) - canvas.stringWidth(accent)) / 2
            canvas.drawString(72 + canvas.stringWidth(before) + aside, 700, accent)
        canvas.drawString(72, 684, "and speaks for it.")

    assert " ".join(lines_of(drawn(draw))).startswith("László Jüttner has been in")


def test_an_accent_beside_a_letter_or_over_one_that_takes_none_stays_as_it_is() -> None:
    assert lines_of(printed("The sign ´e is typed so: `ls`.")) == ["The sign ´e is typed so: `ls`."]
