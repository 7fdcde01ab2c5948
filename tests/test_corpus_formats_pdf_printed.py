"""What is printed on real pages beside running text: margins, tables, stamps, notes, captions."""

from functools import partial

import pytest
from conftest import read_document
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from test_corpus_formats_pdf import PROSE, drawn

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.pdf.dehyphenation import Dehyphenator
from corpus.formats.pdf.pdf_reader import read_pdf


def texts(document: Document) -> list[str]:
    return [each.text for each in document.passages]


def test_a_note_that_runs_over_pages_moves_no_other_page() -> None:
    words = ["", "the first copy", "then another", "a third of them"]

    def draw(canvas: Canvas) -> None:
        for page in range(1, 4):
            canvas.setFont("Times-Roman", 11)
            for number in range(3):
                canvas.drawString(
                    72, 760 - 40 * number, f"{10 * page + number}. {PROSE[number - page]}"
                )
            canvas.setFont("Times-Roman", 8)
            for line in range(3):
                mark = "1 " if (page, line) == (1, 0) else ""
                canvas.drawString(
                    72, 100 - 10 * line, f"{mark}and {words[page]} is kept in the archive"
                )
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    pages = {each.label: each.page for each in document.passages if each.label.isdecimal()}
    assert pages == {str(10 * page + number): page for page in (1, 2, 3) for number in range(3)}
    (note,) = (each for each in document.passages if each.text.startswith("1 and "))
    assert (note.page, note.text.count("archive")) == (1, 9)


def test_the_running_head_of_a_short_part_is_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 21):
            canvas.setFont("Times-Roman", 11)
            if 3 <= page <= 6:
                canvas.drawCentredString(300, 800, "Syllabus")
            for number in range(40):
                words = "the ferry of the morning went from the harbor to the islands again"
                canvas.drawString(72, 780 - 16 * number, f"{words} and then {page} {number} times,")
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    assert "Syllabus" not in document.text
    assert "Syllabus" in document.outside


@pytest.mark.parametrize("base", [780, 76])
@pytest.mark.parametrize(
    "lines",
    [
        dict.fromkeys((4, 5, 6), "The application is refused."),
        {page: f"Licence {97 + page} was refused by the board." for page in (4, 6, 8)},
        dict.fromkeys((4, 5, 6), "The harbor master of the islands has to find in each year that"),
    ],
)
def test_a_line_of_the_text_at_the_edge_of_a_few_pages_is_kept(
    lines: dict[int, str], base: int
) -> None:
    words = "the ferry of the morning went from the harbor to the islands again"

    def draw(canvas: Canvas) -> None:
        for page in range(1, 13):
            canvas.setFont("Times-Roman", 11)
            for down in range(780, 75, -16):
                usual = f"{words} and then {page} {down} times,"
                canvas.drawString(72, down, lines.get(page, usual) if down == base else usual)
            canvas.showPage()

    text = " ".join(texts(read_document("a.pdf", drawn(draw))))
    assert all(text.count(line) == [*lines.values()].count(line) for line in lines.values())


def test_the_stamp_of_a_printer_is_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 5):
            canvas.setFont("Times-Roman", 11)
            canvas.drawString(72, 812, str(47697 + page))
            for number, line in enumerate(PROSE):
                canvas.drawString(72, 700 - 18 * number - page, f"{line} {page * number}")
            stamp = (
                f"16:21 Aug 05, 2020 Jkt 250001 PO 00000 Frm 0000{page} Sfmt 4702 06AUP1.SGM 06AUP1"
            )
            canvas.drawString(72, 30, stamp)
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    assert not any("Jkt" in text or "4769" in text for text in texts(document))


def test_sentences_that_count_at_the_top_of_each_page_are_no_stamp() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 5):
            canvas.setFont("Times-Roman", 11)
            first = (
                f"Clause {page}.1: the council resolved on ferry matter number {page}1 after a long"
            )
            for number, line in enumerate([first, "debate about the harbor.", *PROSE]):
                canvas.drawString(72, 780 - 16 * number, line)
            canvas.showPage()

    shown = " ".join(texts(read_document("a.pdf", drawn(draw))))
    assert all(f"Clause {page}.1: the council" in shown for page in range(1, 5))


def test_a_title_in_lines_that_are_set_apart_is_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 20)
        canvas.drawCentredString(300, 780, "Ferries and Harbors:")
        canvas.drawCentredString(300, 735, "A Guide for Owners of Ships")
        canvas.drawCentredString(300, 690, "in the Islands of Elbonia")
        canvas.setFont("Times-Roman", 11)
        for number, line in enumerate(PROSE):
            canvas.drawString(72, 600 - 18 * number, line)

    document = read_document("a.pdf", drawn(draw))
    assert document.title == (
        "Ferries and Harbors: A Guide for Owners of Ships in the Islands of Elbonia"
    )


def test_the_heading_of_the_first_part_is_no_part_of_the_title() -> None:
    def draw(canvas: Canvas, *, name: str = "Harbor rules", pages: int = 2) -> None:
        for page in range(pages):
            canvas.setFont("Times-Roman", 16)
            lines = [name, "Fees and charges"] if page == 0 else ["Mooring"]
            for number, line in enumerate(lines):
                canvas.drawString(72, 780 - 40 * number, line)
            canvas.setFont("Times-Roman", 11)
            for number, line in enumerate(PROSE):
                canvas.drawString(72, 700 - 18 * number, line)
            canvas.showPage()

    titles = (
        ({}, "Harbor rules"),
        ({"pages": 1}, "Harbor rules Fees and charges"),
        ({"name": "Harbor rules:"}, "Harbor rules: Fees and charges"),
    )
    for named, title in titles:
        assert read_document("a.pdf", drawn(partial(draw, **named))).title == title


def test_small_type_from_top_to_bottom_is_no_note() -> None:
    def draw(canvas: Canvas) -> None:
        for size in (8, 12):
            canvas.setFont("Times-Roman", size)
            for number, line in enumerate(PROSE * 3 * (size // 6)):
                sign = "1 " if (size, number) == (8, 2) else ""
                canvas.drawString(72, 780 - 18 * number, f"{sign}{line}")
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    assert [each.page for each in document.passages] == sorted(
        each.page for each in document.passages
    )


def test_a_rule_of_dashes_over_the_notes_is_no_paragraph() -> None:
    places = ["Busan", "Elbonia"]

    def draw(canvas: Canvas) -> None:
        for page, place in enumerate(places, start=1):
            canvas.setFont("Times-Roman", 11)
            for number in range(5):
                words = (
                    f"and the harbor of {place} was deepened for the ships of {PROSE[number % 4]}"
                )
                canvas.drawString(72, 700 - 14 * number, words[:70])
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(72, 120 + 20 * page, "——————")
            canvas.drawString(72, 110 + 20 * page, f"{page} See the archive of {place}, page nine.")
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    assert [text for text in texts(document) if "archive" in text] == [
        f"{page} See the archive of {place}, page nine."
        for page, place in enumerate(places, start=1)
    ]
    assert not any("—" in text for text in texts(document))


def test_numbers_of_lines_in_the_margin_are_no_text() -> None:
    lines = {
        1: "UNITED STATES DISTRICT COURT", 2: "FOR THE DISTRICT OF ELBONIA",
        4: "In re: Harbor Products Litigation", 6: "ORDER",
        8: "The two sides agreed to deepen the harbor of Busan for container ships by",
        9: "the end of the year, and praised the fish market that they had seen in the",
        10: "autumn of the year before, when the governor came.",
    }  # fmt: skip

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 12)
        for number in range(1, 26):
            canvas.drawRightString(60, 760 - 24 * number, str(number))
            canvas.drawString(90, 760 - 24 * number, lines.get(number, ""))

    document = read_document("a.pdf", drawn(draw))
    assert texts(document)[-1] == " ".join(lines[number] for number in (8, 9, 10))
    assert document.title == "In re: Harbor Products Litigation"
    assert not any(text[0].isdecimal() for text in texts(document))


def test_numbers_of_paragraphs_in_the_margin_are_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 13):
            canvas.drawString(50, 780 - 36 * number, str(number))
            canvas.drawString(90, 780 - 36 * number, PROSE[number % 4][:60])
            canvas.drawString(90, 766 - 36 * number, PROSE[number % 4][60:])

    text = read_document("a.pdf", drawn(draw)).text
    assert all(f"{number} {PROSE[number % 4][:20]}" in text for number in range(1, 13))


def test_the_rows_of_a_table_are_content_below_the_head_of_its_columns() -> None:
    rows = [("Line", "Adults", "Children"), ("North", "404", "202"), ("South", "384", "192")]
    rows += [("Islands", "1 250", "625")]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 760, "The fares below hold from May, as the two sides have agreed.")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                canvas.drawString(72 + 150 * place, 720 - 20 * number, cell)
        canvas.drawString(72, 600, PROSE[0])

    data = drawn(draw)
    (content,) = read_pdf(data)
    table = [line for line in content.lines if line.literal]
    assert [line.text for line in table] == ["\t".join(row) for row in rows]
    assert [line.column_head for line in table] == [True, False, False, False]
    assert [line.columns for line in table] == ["", *["Line\tAdults\tChildren"] * 3]
    assert [text for text in texts(read_document("a.pdf", data)) if "\t" in text][-3:] == [
        "\t".join(row) for row in rows[1:]
    ]


def test_a_row_with_data_heads_no_table_and_a_head_below_a_line_begins_one() -> None:
    rows = (
        (72, "Claim"), (130, "999"), (300, "Make"), (360, "Heron"),
        (72, "Policy"), (150, "AB-HERON"), (300, "Model"), (360, "Skiff"),
        (72, "Phone"), (150, "555-1234"), (300, "Year"), (360, "2019"),
        (72, "Order"), (150, "RO-20"), (300, "Color"), (360, "White"),
        (230, "Totals"),
        (200, "Hours"), (300, "Rate"), (360, "Cost"),
        (72, "Hull"), (200, "2"), (300, "150"), (360, "300"),
        (72, "Paint"), (200, "3"), (300, "150"), (360, "450"),
    )  # fmt: skip

    def draw(canvas: Canvas) -> None:
        down, before = 700, 600
        for left, text in rows:
            down -= 15 * (left <= before)
            before = left
            canvas.drawString(left, down, text)

    heads = {
        each.text.split("\t")[0]: each.columns
        for each in read_document("a.pdf", drawn(draw)).passages
    }
    assert not heads["Phone"]
    assert not heads["Order"]
    assert heads["Paint"].split() == ["Hours", "Rate", "Cost"]


def test_a_picture_of_a_page_with_a_stamp_is_a_scan() -> None:
    picture = ImageReader(Image.new("L", (1200, 1500), 200))
    stamp = "Case: 21-1298 Document: 42 Page: 1 Date Filed: 08/31/2022"

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(picture, 40, 60, 530, 700)
        canvas.drawString(100, 810, stamp)

    def photograph(canvas: Canvas) -> None:
        canvas.drawImage(picture, 40, 60, 200, 200)
        canvas.drawString(72, 700, PROSE[0])

    with pytest.raises(Unreadable, match=r"a picture \(1 scanned page, 9 words beside\); run OCR"):
        read_document("a.pdf", drawn(scan))
    assert texts(read_document("a.pdf", drawn(photograph))) == [PROSE[0]]


@pytest.mark.parametrize(
    ("line", "after", "read"),
    [
        ("to a point of a d-", "dimensional space", "d-"),
        ("on the price-", "determining factors", "price-"),
        ("those of the follow-", "up survey", "follow-"),
        ("the ex-", "minister met", "ex-"),
        ("on the non-", "proliferation of arms", "non-"),
        ("the European Union-", "Korea council", "Union-"),
        ("with the agree-", "ment of both", "agree"),
        ("a short-", "age of food", "short"),
        ("it is al-", "most done", "al"),
        ("a state-of-the-", "art ship", "the-"),
    ],
)
def test_a_compound_keeps_its_hyphen(line: str, after: str, read: str) -> None:
    around = "The ministers of the two governments met in the house and they spoke to each other"
    words = Dehyphenator([around, "in their in-", "terest for the govern-", "ment of it", around])
    assert words.ending(line, after).split()[-1].endswith(read)


def test_a_line_that_stops_within_a_word_goes_on() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(
            72, 760, "The two sides spoke of the tender and of all that it brings with"
        )
        for number, line in enumerate(("it, and of the non-", "proliferation of arms.")):
            canvas.drawString(72, 746 - 14 * number, line)

    (text,) = texts(read_document("a.pdf", drawn(draw)))
    assert text.endswith("the non-proliferation of arms.")


def test_the_parties_of_a_case_are_its_title() -> None:
    left = ["ANNA MARIA DOE,", "Appellant,", "vs.", "STATE OF ELBONIA,", "Respondent."]
    right = [
        "No. ED108783",
        "Appeal from the",
        "Circuit Court",
        "No. 1711",
        "Filed: January 19, 2021",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 16)
        canvas.drawCentredString(A4[0] / 2, 780, "In the Elbonian Court of Appeals")
        canvas.setFont("Times-Roman", 12)
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(72, 740 - 16 * number, one)
            canvas.drawString(290, 740 - 16 * number, ")")
            canvas.drawString(320, 740 - 16 * number, other)
        canvas.drawString(72, 600, PROSE[0])

    assert read_document("a.pdf", drawn(draw)).title == "ANNA MARIA DOE vs. STATE OF ELBONIA"


def test_the_title_is_in_the_largest_type() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 40)
        canvas.drawString(72, 790, "2007")
        canvas.setFont("Times-Roman", 14)
        canvas.drawString(72, 760, "Harbor papers of the ministry")
        canvas.setFont("Times-Bold", 24)
        canvas.drawString(72, 720, "A Survey of the Coast")
        canvas.setFont("Times-Roman", 11)
        for number, text in enumerate(PROSE):
            canvas.drawString(72, 660 - 30 * number, text)

    assert read_document("a.pdf", drawn(draw)).title == "A Survey of the Coast"


def test_what_is_printed_across_or_on_each_page_stays_beside_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(3):
            canvas.drawString(72, 810, "Journal of Harbors")
            canvas.drawString(72, 700, PROSE[page])
            canvas.rotate(90)
            canvas.drawString(100, -30, "Deposited in the archive")
            canvas.showPage()

    document = read_document("a.pdf", drawn(draw))
    assert " ".join(texts(document)) == " ".join(PROSE[:3])
    assert "Journal of Harbors" in document.outside
    assert "Deposited in the archive" in document.outside
