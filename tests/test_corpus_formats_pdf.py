import io
import random
import re
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable

import pytest
from conftest import read_document
from PIL import Image
from releases import Release, releases
from rendering_pdf import block_pdf, book_pdf, page_texts
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph
from test_corpus_readers import check

from corpus.document import Document
from corpus.errors import Unreadable

LOST = {(book_pdf, "longer_6", "7")}
"""reportlab loses printed hyphens of this paragraph (`ROK-Japan-China`) where it hyphenates."""

PROSE = [
    "The two sides agreed to deepen the harbor of Busan for container ships by 2025.",
    "Governor Diaz praised the fish market and said that he would come again in the autumn.",
    "The ministers asked their deputies to meet every quarter and to report on the work.",
    "Both governments will pay for a survey of the coast, which begins in the spring.",
]
PLAIN = ParagraphStyle("plain", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6)


def drawn(draw: Callable[[Canvas], None], **named: object) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, **{"pagesize": A4, "invariant": 1, **named})
    draw(canvas)
    canvas.save()
    return file.getvalue()


def passages(document: Document) -> list[tuple[str, str]]:
    return [(each.label, " ".join(each.text.split())) for each in document.passages]


@pytest.mark.parametrize("rendered", [block_pdf, book_pdf])
def test_a_release_gives_the_passages_of_its_text(rendered: Callable[[Release], bytes]) -> None:
    wrong = set()
    for release in releases():
        want, got = release.document, read_document(f"{release.name}.pdf", rendered(release))
        check(got)
        pairs = zip(passages(want), passages(got), strict=True)
        wrong |= {
            (rendered, release.name, label)
            for (label, text), each in pairs
            if (label, text) != each
        }
        assert (got.title, got.posted) == (want.title, want.posted)
    assert wrong == {each for each in LOST if each[0] == rendered}


@pytest.mark.parametrize("rendered", [block_pdf, book_pdf])
def test_a_passage_names_the_page_on_which_it_begins(rendered: Callable[[Release], bytes]) -> None:
    crossing = 0
    for release in releases():
        if not release.name.startswith("longer"):
            continue
        data = rendered(release)
        printed = page_texts(data)
        document = read_document("a.pdf", data)
        for passage, after in zip(document.passages, document.passages[1:], strict=False):
            assert passage.page is not None and after.page is not None
            assert passage.text[:20] in printed[passage.page - 1]
            crossing += after.page > passage.page and after.text[:20] not in printed[passage.page]
        assert {each.page for each in document.passages} <= set(range(1, len(printed) + 1))
        assert document.passages[-1].page == len(printed)


def test_a_rendering_depends_on_the_bytes_alone() -> None:
    data = book_pdf(releases()[-1])
    assert read_document("a.pdf", data) == read_document("a.pdf", data)


def test_columns_are_read_one_after_the_other() -> None:
    file = io.BytesIO()
    width, height = A4
    frames = [
        Frame(50 + n * (width - 100) / 2, 100, (width - 100) / 2, height - 300) for n in (0, 1)
    ]
    document = BaseDocTemplate(file, pagesize=A4, invariant=1)

    def head(canvas: Canvas, _: object) -> None:
        canvas.setFont("Times-Bold", 16)
        canvas.drawCentredString(
            width / 2, height - 100, "Korea and Elbonia Hold Harbor Talks in Busan"
        )

    document.addPageTemplates(PageTemplate(frames=frames, onPage=head))
    texts = [" ".join([*PROSE[n % 4 :], f"This is number {n}.", *PROSE]) for n in range(14)]
    document.build([Paragraph(text, PLAIN) for text in texts])
    assert [each.text for each in read_document("a.pdf", file.getvalue()).passages] == texts


def test_columns_printed_line_by_line_are_not_interleaved() -> None:
    words = " ".join(PROSE * 3)
    left = textwrap.wrap(words, 42)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        for number, line in enumerate(left):
            canvas.drawString(50, 700 - 12 * number, line)
            canvas.drawString(310, 700 - 12 * number, line.upper())

    text = " ".join(each.text for each in read_document("a.pdf", drawn(draw)).passages)
    assert text == f"{words} {words.upper()}"


def test_a_table_is_read_by_its_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(8):
            canvas.drawString(72, 700 - 20 * number, f"Item {number}")
            canvas.drawString(300, 700 - 20 * number, f"{number} million dollars")
        canvas.drawString(72, 500, PROSE[0])

    text = read_document("a.pdf", drawn(draw)).text
    assert "Item 3\t3 million dollars" in text


def test_notes_stand_behind_the_paragraph_that_goes_on_over_them() -> None:
    def draw(canvas: Canvas) -> None:
        for page, rest in enumerate((PROSE[:2], PROSE[2:])):
            canvas.setFont("Times-Roman", 11)
            for number in range(20):
                canvas.drawString(
                    72,
                    760 - 14 * number,
                    f"and so the talks went on for a day, as all had thought {number + 20 * page}",
                )
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(72, 120, f"{page + 1} See {rest[0]}")
            canvas.setFont("Times-Roman", 9)
            canvas.drawCentredString(300, 40, str(page + 1))
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    paragraph, *notes = [each.text for each in document.passages]
    assert paragraph.count("thought") == 40
    assert notes == [f"1 See {PROSE[0]}", f"2 See {PROSE[2]}"]


def test_a_watermark_and_turned_text_are_no_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(3):
            canvas.setFont("Times-Roman", 11)
            canvas.drawString(72, 700, f"{page + 1}. {PROSE[page]}")
            canvas.drawString(72, 400, f"He said so on day {page * page} too.")
            canvas.setFont("Helvetica", 40)
            canvas.drawString(200, 500, "DRAFT")
            canvas.saveState()
            canvas.translate(300, 300)
            canvas.rotate(45)
            canvas.drawString(0, 0, "CONFIDENTIAL")
            canvas.rotate(45)
            canvas.drawString(0, 0, "Along the margin")
            canvas.restoreState()
            canvas.showPage()

    text = read_document("a.pdf", drawn(draw)).text
    assert [word for word in ("DRAFT", "CONF", "margin") if word in text] == []
    assert text.count("He said so") == 3


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.drawString(-200, 100, "Korea Holds Talks")
        canvas.drawString(-200, 50, "1. " + PROSE[0])
        canvas.drawString(-200, 30, "2. " + PROSE[1])

    data = drawn(draw, pagesize=(800, 800))
    assert passages(read_document("a.pdf", data)) == [("1", PROSE[0]), ("2", PROSE[1])]


def test_the_size_of_a_page_may_be_stated_for_all_pages() -> None:
    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(PROSE, start=1):
            canvas.drawString(72, A4[1] - 30, f"{number}. {text}")
            canvas.showPage()

    data, pages = re.subn(rb"/MediaBox \[[^]]*\]", b"", drawn(draw))
    data = data.replace(b"/Kids [", b"/MediaBox [0 0 595 842] /Kids [")
    assert pages == len(PROSE)
    assert [text for _, text in passages(read_document("a.pdf", data))] == PROSE


def test_a_date_on_the_first_page_with_text_is_the_posting_date() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.showPage()
        canvas.drawString(72, A4[1] - 40, "19 May 2022")
        for number, text in enumerate(PROSE):
            canvas.drawString(72, A4[1] - 80 - 30 * number, f"{number}. {text}")

    document = read_document("a.pdf", drawn(draw))
    assert (str(document.posted), [each.page for each in document.passages]) == (
        "2022-05-19",
        [2] * len(PROSE),
    )


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("Microsoft Word - release_final.docx", "The two sides agreed"),
        ("release.pdf", "The two sides agreed"),
        ("untitled", "The two sides agreed"),
        ("Korea and Elbonia Hold Talks", "Korea and Elbonia Hold Talks"),
    ],
)
def test_a_title_in_the_properties_is_taken_if_it_is_one(named: str, title: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(named)
        canvas.drawString(72, 700, PROSE[0])

    document = read_document("a.pdf", drawn(draw))
    assert document.title.startswith(title)
    assert document.posted is None


def test_what_has_no_text_is_refused_with_the_reason() -> None:
    def scan(canvas: Canvas) -> None:
        picture = ImageReader(Image.new("L", (100, 140), 200))
        for _ in range(2):
            canvas.drawImage(picture, 0, 0, *A4)
            canvas.showPage()

    def text(canvas: Canvas) -> None:
        canvas.drawString(72, 700, PROSE[0])

    def nothing(canvas: Canvas) -> None:
        canvas.showPage()

    locked = drawn(text, encrypt=StandardEncryption("secret"))
    for data, reason in [
        (drawn(scan), r"no text layer \(2 scanned pages\); run OCR"),
        (drawn(nothing), "nothing is printed"),
        (locked, "encrypted"),
        (b"", "no PDF file"),
        (b"%PDF-1.7\n%%EOF", "no PDF file"),
        (b"<html>", "no PDF file"),
    ]:
        with pytest.raises(Unreadable, match=reason):
            read_document("a.pdf", data)
    readable = drawn(text, encrypt=StandardEncryption("", ownerPassword="secret"))
    assert read_document("a.pdf", readable).lead == PROSE[0]


def test_what_would_fill_the_memory_is_refused() -> None:
    zeros = zlib.compress(bytes(200 << 20), 9)
    for bomb in (zeros, zlib.compress(zeros, 9)):
        data = b"%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>stream\n" + bomb + b"\nendstream endobj"
        with pytest.raises(Unreadable, match="its compressed parts hold more than 128 MB"):
            read_document("a.pdf", data)


def test_twenty_thousand_small_pieces_are_one_page() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(20_000):
            canvas.drawString(5 * (number % 100), 800 - number // 25, "a")

    assert read_document("a.pdf", drawn(draw)).text.count("a") > 15_000


def test_copies_of_one_page_are_no_running_heads() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            canvas.drawString(72, 800, f"1. {PROSE[0]}")
            canvas.showPage()

    assert [each.text for each in read_document("a.pdf", drawn(draw)).passages] == [PROSE[0]] * 3


def test_bullets_that_are_drawn_as_shapes_are_bullets() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(72, 700, f"1. {PROSE[0]}")
        for number, text in enumerate(PROSE):
            canvas.drawString(100 + 20 * (number == 2), 670 - 20 * number, text)
        for number in (0, 1, 3):
            canvas.circle(90, 673 - 20 * number, 2, stroke=0, fill=1)
        canvas.circle(110, 633, 2, stroke=1, fill=0)
        canvas.rect(300, 400, 4, 4, stroke=0, fill=1)

    labels = ["1", "1 • 1", "1 • 2", "1 • 2 ◦ 1", "1 • 3"]
    want = list(zip(labels, [PROSE[0], *PROSE], strict=True))
    assert passages(read_document("a.pdf", drawn(draw))) == want


def test_a_heading_of_spaced_letters_has_its_words() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 20)
        canvas.drawString(72, 780, "Korea Holds Talks")
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(72, 740, PROSE[0])
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(72, 700, "Next Steps", charSpace=4)
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(72, 670, PROSE[1])

    last = read_document("a.pdf", drawn(draw)).passages[-1]
    assert (last.text, last.heading) == (PROSE[1], "Next Steps")


def test_the_title_of_a_printed_web_page_is_without_its_site() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Korea Holds Harbor Talks | Ministry of Ships")
        for number, word in enumerate(("Home", "News", "Press", "About", "Map", "Help", "Search")):
            canvas.drawString(72, 780 - 20 * number, word)
        canvas.setFont("Times-Bold", 20)
        canvas.drawString(72, 600, "Korea Holds Harbor Talks")
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(72, 560, PROSE[0])

    assert read_document("a.pdf", drawn(draw)).title == "Korea Holds Harbor Talks"


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some flipped, deleted, doubled or cut."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 30])):
        start = chance.randrange(len(changed) + 1)
        length = chance.choice([1, 2, 8, 100])
        kind = chance.randrange(5)
        if kind < 2 and start < len(changed):
            changed[start] = chance.randrange(256)
        elif kind == 2:
            del changed[start : start + length]
        elif kind == 3:
            changed[start:start] = changed[start - length : start + length]
        else:
            other = chance.randrange(len(changed) + 1)
            changed[start : start + length] = changed[other : other + length]
    return bytes(
        changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed
    )


def test_damaged_files_are_read_or_refused() -> None:
    chance = random.Random(5)
    small = [book_pdf(each) for each in releases()[:3]] + [drawn_plainly()]
    for _ in range(500):
        try:
            document = read_document("a.pdf", mutated(chance.choice(small), chance))
        except Unreadable:
            continue
        check(document)


def drawn_plainly() -> bytes:
    return drawn(
        lambda canvas: [canvas.drawString(72, 700 - 20 * n, text) for n, text in enumerate(PROSE)],
        pageCompression=0,
    )


def test_pdfium_is_loaded_for_a_pdf_only() -> None:
    code = "import corpus.readers, sys; sys.exit('pypdfium2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
