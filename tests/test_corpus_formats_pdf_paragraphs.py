from dataclasses import replace

import pytest

from corpus.formats.pdf.columns import Column, _text_size, columns
from corpus.formats.pdf.furniture.running_heads import without_running_heads
from corpus.formats.pdf.page_layout import PdfPage, TextRun, joined_line
from corpus.formats.pdf.pdf_paragraphs import _breaks_off, paragraphs

PITCH = 5.0
"""Each sign is as wide as any other, so that a line's width is seen in its text."""


def run(
    text: str, base: float, *, left: float = 70.0, size: float = 10.0, width: float = 0.0
) -> TextRun:
    word = PITCH * len(text.split()[0])
    return TextRun(text, left, left + (width or PITCH * len(text)), base, size, word)


def column(text: str, *, page: int = 1) -> Column:
    """One line of the column for each line of the text, set solid; a blank one is a gap."""
    lines = [
        run(line.strip(), 100 + 12 * number, left=70 + PITCH * (len(line) - len(line.lstrip())))
        for number, line in enumerate(text.strip("\n").splitlines())
        if line.strip()
    ]
    return Column(page, lines, side_by_side=False)


def texts(*found: Column) -> list[str]:
    return [" ".join(line.run.text for line in lines) for lines in paragraphs(list(found))]


def test_a_gap_an_indent_or_a_short_line_ends_a_paragraph() -> None:
    block = "The two sides met in Seoul and\nspoke of ships.\n\nThey agreed on much."
    assert texts(column(block)) == [
        "The two sides met in Seoul and spoke of ships.",
        "They agreed on much.",
    ]
    indented = """
  The two sides met in Seoul.
They spoke of ships and of men
  They agreed on all of this,
and said so to the newspapers."""
    assert len(texts(column(indented))) == 2
    short = "The two sides met in Seoul and\nspoke of ships.\nThey agreed on all of this and"
    assert len(texts(column(short))) == 2


def test_a_number_begins_a_paragraph_but_not_within_a_sentence() -> None:
    text = """
1. The two sides met in Seoul.
2. They will meet again on May
14. They agreed on much else."""
    assert texts(column(text)) == [
        "1. The two sides met in Seoul.",
        "2. They will meet again on May 14. They agreed on much else.",
    ]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    first = column("1. The two sides met in Seoul,\nwhere they spoke of ships and")
    second = column("of much else.\n2. They agreed on all of this.", page=2)
    assert texts(first, second) == [
        "1. The two sides met in Seoul, where they spoke of ships and of much else.",
        "2. They agreed on all of this.",
    ]


def test_columns_are_told_from_a_table() -> None:
    prose = "the two sides met in Seoul again"
    beside = [run(prose, 100.0 + 12 * n, left=left) for n in range(9) for left in (70, 300)]
    assert [len(each.lines) for each in columns(PdfPage(2, 800, beside))] == [9, 9]
    cells = [run("Item", 100.0 + 12 * n, left=left) for n in range(9) for left in (70, 300)]
    assert [len(each.lines) for each in columns(PdfPage(2, 800, cells))] == [9]
    figures = [
        run(text, 100.0 + 12 * n, left=left, width=width)
        for n in range(9)
        for text, left, width in (
            ("because of the weather in Seoul", 70, 150),
            (f"9{n}.2", 300, 20),
            (f"{n},210", 340, 25),
            (f"{n}3", 390, 10),
        )
    ]
    table = [
        line.text.split("\t") for each in columns(PdfPage(2, 800, figures)) for line in each.lines
    ]
    assert [len(row) for row in table] == [4] * 9


def test_three_columns_are_told_apart_on_a_page_that_is_mostly_notes() -> None:
    prose = "the two sides met in Seoul again"

    def lines(left: int, down: float) -> list[TextRun]:
        text = [run(prose, 100 + down + 12 * n, left=left) for n in range(6)]
        small = [run(prose, 200 + down + 9 * n, left=left, size=7.5) for n in range(20)]
        return text + small

    beside = [each for left, down in ((60, 0), (230, 2), (400, 6)) for each in lines(left, down)]
    assert [len(each.lines) for each in columns(PdfPage(2, 800, beside))] == [26, 26, 26]
    names = [
        run(f"{word}, Maria Elena Rosa", 100.0 + 12 * n, left=left)
        for n in range(9)
        for word, left in (("Alba", 60), ("Bruno", 230), ("Carlo", 400))
    ]
    lone = [run("Delgado, Juan", 208.0, left=left) for left in (60, 400)]
    over = run("all of the members that were present", 40.0, left=170)
    for each in columns(PdfPage(2, 800, [over, *names, *lone])):
        assert not any(" Bruno" in line.text for line in each.lines)


def test_the_figures_of_a_table_are_not_the_type_of_the_text() -> None:
    notes = [
        run("Figures are given by the carriers themselves", 60.0 + 9 * n, size=7.5)
        for n in range(22)
    ]
    names = ["Total", "Lines", "Ships", "Men", "Miles"]
    table = [
        run(f"{name} {n},{place}87" if n else name, 300.0 + 12 * n, left=70 + 75 * place, size=9)
        for n in range(15)
        for place, name in enumerate(names)
    ]
    assert _text_size([*notes, *table]) == 7.5
    prose = [run("the two sides met in Seoul again", 300.0 + 12 * n, size=9) for n in range(25)]
    assert _text_size([*notes, *prose]) == 9


def test_what_stands_at_the_right_over_two_columns_is_in_neither() -> None:
    prose = "the two sides met in Seoul again"
    beside = [run(prose, 100.0 + 12 * n, left=left) for n in range(9) for left in (70, 300)]
    title = [
        run("Harbor Talks held in the Spring of", 40, left=70, size=16),
        run("Again", 40, left=290, size=16),
    ]
    date = run("May 3, 2021", 75, left=400)
    found = columns(PdfPage(1, 800, [*title, date, *beside]))
    assert [len(each.lines) for each in found] == [2, 9, 9]
    assert found[0].lines[-1].text == "May 3, 2021"
    level = run(prose, 88, left=300)  # the left column begins with a gap
    assert [len(each.lines) for each in columns(PdfPage(2, 800, [level, *beside]))] == [9, 10]


def test_a_word_in_two_pieces_is_as_wide_as_both() -> None:
    pieces = [run("Af", 100), run("fairs of state", 100, left=80)]
    assert (joined_line(pieces).text, joined_line(pieces).word) == ("Affairs of state", 35)


@pytest.mark.parametrize(
    ("word", "number", "read"),
    [
        ("Research", "16", "Research[16]"),
        ("the end.”", "3", "the end.”[3]"),
        ("(in 2019)", "4", "(in 2019)[4]"),
        ("10 km", "2", "10 km2"),
        ("sin", "2", "sin2"),
        ("(a + b)", "2", "(a + b)2"),
        ("the line RQP", "0", "the line RQP0"),
    ],
)
def test_a_raised_number_behind_a_word_is_that_of_a_note(word: str, number: str, read: str) -> None:
    first = run(word, 100.0)
    small = TextRun(number, first.right, first.right + 4, 96.0, 6.0)
    assert joined_line([first, small]).text == read
    level = TextRun(number, first.right, first.right + 4, 100.0, 6.0)
    assert joined_line([first, level]).text == f"{word}{number}"


def test_a_masthead_is_no_part_of_the_columns_below_it() -> None:
    prose = "the two sides met in Seoul again"
    beside = [run(prose, 100.0 + 12 * n, left=left) for n in range(9) for left in (70, 300)]
    head = [
        run("Proposed Rules", 40, left=70, size=16),
        run("Harbor Register", 40, left=300),
        run("Vol. 85, No. 152", 52, left=300),
        run("Thursday, May 6, 2021", 64, left=300),
    ]
    first = [[line.text for line in each.lines] for each in columns(PdfPage(1, 800, head + beside))]
    assert [len(each) for each in first] == [4, 9, 9]
    assert first[0][-1] == "Thursday, May 6, 2021"
    near = [replace(each, base=each.base + 24) for each in head]
    assert [len(each.lines) for each in columns(PdfPage(1, 800, near + beside))] != [4, 9, 9]


def test_a_paragraph_goes_on_in_a_column_of_indented_lines_only() -> None:
    first = column("1. The two sides met in Seoul.\n   They spoke of ships and men.")
    second = [run("Their ministers came there.", 100, left=315), run("They left.", 112, left=315)]
    beside = [Column(1, first.lines, side_by_side=True), Column(1, second, side_by_side=True)]
    assert len(texts(*beside)) == 1


def test_a_hanging_sentence_goes_on_at_the_foot_of_a_page() -> None:
    def page(number: int, *lines: tuple[str, float, float]) -> Column:
        return Column(number, [run(text, base, left=left) for text, left, base in lines], False)

    item = "Q. The board may end this contract for the default of the master if a state"
    first = page(
        1, ("Rules", 70, 80), (item, 80, 120), ("or a court of the islands is asked for", 95, 132)
    )
    second = page(
        2, ("the relief of the debtor by anyone who is owed", 95, 60), ("more than that.", 95, 72)
    )
    assert texts(first, second)[1].startswith(f"{item} or a court")


def pages(*printed: list[TextRun]) -> list[str]:
    sheets = [PdfPage(number, 800, runs) for number, runs in enumerate(printed, start=1)]
    return [" ".join(run.text for run in each.runs) for each in without_running_heads(sheets)[0]]


def test_what_repeats_at_the_edge_of_pages_is_no_text() -> None:
    def page(number: int, text: str) -> list[TextRun]:
        return [
            run("Harbor Talks in Busan", 40, size=9),
            run(text, 100),
            run(f"Page {number} of 3", 760, size=9),
        ]

    texts = ["1. One is.", "2. Two is.", "3. Three is."]
    assert pages(*(page(n, text) for n, text in enumerate(texts, start=1))) == texts


def test_a_head_with_the_pages_number_is_no_text() -> None:
    head = [run("Harbor Talks", 60), run("2", 60, left=500)]
    assert pages([run("One is.", 100)], [*head, run("Two is.", 100)]) == ["One is.", "Two is."]


def test_a_head_of_two_small_lines_and_a_letterhead_are_no_text() -> None:
    small = [run("Harbor Talks in", 40, size=8), run("Busan", 50, size=8)]
    text = [run("One is as long as two.", 100 + 12 * n) for n in range(3)]
    assert pages([*small, *text]) == [" ".join(line.text for line in text)]
    letterhead, title = run("Ministry of Ships", 40), run("Harbor Talks", 80, size=14)
    assert pages([letterhead, title, *text])[0].startswith("Harbor Talks One")


def test_the_number_of_a_page_may_stand_well_over_its_edge() -> None:
    text = [run("One is as long as two.", 100 + 12 * n) for n in range(3)]
    assert pages([*text, run("1", 680, left=300)]) == [" ".join(line.text for line in text)]
    assert pages([*text, run("1", 580, left=300)])[0].endswith("1")


def test_a_number_in_the_text_is_no_page_number() -> None:
    def page(text: str, number: str) -> list[TextRun]:
        return [run(text, 120), run(number, 132)]

    assert pages(page("1. Ships:", "40 of 50"), page("2. Men:", "3")) == [
        "1. Ships: 40 of 50",
        "2. Men: 3",
    ]


def test_a_line_that_breaks_off_goes_on_whatever_the_distance() -> None:
    assert _breaks_off("forty crowns for fish ladders at the", "Kestrel weir.")
    assert _breaks_off("By August the level had fallen to", "1.37 metres.")
    assert not _breaks_off("Duty officer on the", "4. The next paragraph.")
    assert not _breaks_off("The Court of Appeal", "Kestrel weir is closed.")
