"""PDF files: what is printed on their pages becomes a text of paragraphs."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from corpus.content import Content
from corpus.document import Span
from corpus.formats.pdf.columns import Column, columns
from corpus.formats.pdf.dehyphenation import Dehyphenator
from corpus.formats.pdf.furniture.line_numbers import without_line_numbers
from corpus.formats.pdf.furniture.running_heads import without_running_heads
from corpus.formats.pdf.page_layout import SOFT_HYPHEN, PdfPage, TextRun, usual_size
from corpus.formats.pdf.pdf_paragraphs import NOTE, PrintedLine, paragraphs
from corpus.formats.pdf.pdfium import read_pages
from corpus.formats.pdf.printed_title import PrintedText, printed_title, stands_in_caption
from corpus.language.dates import find_days
from corpus.metadata import Metadata
from corpus.release.head import read_head
from corpus.text.characters import folded
from corpus.text.logical_lines import Line, starts_block

_BETWEEN = "\n\n"
_NOTE_SIZE = 0.93  # times the size of the text
_LARGE = 1.15  # times the size of the text: a heading
_HEADING = 250
_HEADING_LINES = 5
_FIRST_LINES = 6
_PAGE_LINES = 40  # of a printed web page, among which its heading is
_APART = 1.04  # times the size of the text
_FEW_LETTERS = 3
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"\w")
_NUMBERED = re.compile(
    r"(?:\w{4,12}\s)?[A-Z]?\d{1,3}(?:[.\-]\d{1,3})*[.:)]?\s+(?=\W*[^\W\d])|\b(?:19|20)\d\d\b"
)
"""`2.1 Scope`, `Table 3: Fares`, `Annex B2 Fares`; and a year, as in `Talks in 2019`."""
_LETTERS = 12  # that a title and another line have not in common by chance
_NO_TITLE = re.compile(r"\S*|.*\.\w{2,4}|.*\b(?:untitled|Microsoft Word|PowerPoint)\b.*", re.I)
_TIME = re.compile(r"\d:\d\d")


def read_pdf(data: bytes) -> Iterator[Content]:
    """The text of a PDF file. Raises `Unreadable` for one that has none or cannot be opened.

    The day on which the file was made is not taken for the day on which its text was posted.
    """
    pages, title = read_pages(data)
    bare, running, removed = without_running_heads([without_line_numbers(page) for page in pages])
    text, printed, on_pages = _rendered(bare)
    size = usual_size(run for page in bare for run in page.runs)
    shown = printed_title(bare, printed, size)
    lines = [
        replace(each.line, level=1) if stands_in_caption(each, shown, printed) else each.line
        for each in printed
    ]
    beside = dict.fromkeys([*removed, *(words for page in pages for words in page.turned)])
    stated = _stated(text, lines, title, shown, running)
    yield Content(text, lines, stated, on_pages, beside="\n".join(beside))


def _rendered(pages: list[PdfPage]) -> tuple[str, list[PrintedText], tuple[tuple[int, int], ...]]:
    """The text of these pages, its lines, and where in it which page goes on."""
    found = [column for page in pages if page.runs for column in columns(page)]
    size = usual_size(line for column in found for line in column.lines)
    body, foot = _without_notes(found, size)
    words = Dehyphenator(line.text for column in found for line in column.lines)
    texts: list[str] = []
    lines: list[PrintedText] = []
    on_pages: list[tuple[int, int]] = []
    start = 0
    for printed in _in_order(paragraphs(body), paragraphs(foot, notes=True)):
        end, pieces = start, []
        for line, after in zip_longest(printed, printed[1:]):
            if not on_pages or on_pages[-1][1] != line.page:
                on_pages.append((end, line.page))
            read = words.ending(line.run.text, after.run.text) if after else line.run.text
            pieces.append(read.replace(SOFT_HYPHEN, ""))
            end += len(pieces[-1])
        text = "".join(pieces)
        if not text:
            continue
        level = int(_is_heading(printed, text, size))
        row = printed[0].run
        read_line = Line(
            Span(start, end),
            text,
            gap=True,
            level=level,
            literal=row.cells > 0 or (_has_figures(text) and not _is_set_apart(row, size)),
            columns="" if row.column_head else row.columns,
            column_head=row.column_head,
        )
        lines.append(PrintedText(read_line, printed[0].page, row.size))
        texts.append(text)
        start = end + len(_BETWEEN)
    return _BETWEEN.join(texts), lines, tuple(on_pages)


def _has_figures(text: str) -> bool:
    """Whether a line has figures that number no heading: it may be of a table or a picture."""
    return bool(_FIGURE.search(_NUMBERED.sub("", text)))


def _is_set_apart(run: TextRun, size: float) -> bool:
    """Whether a line is printed as a heading or a title is, not in the type of the text."""
    is_named = sum(map(str.isalpha, run.text)) > _FEW_LETTERS
    return is_named and (run.bold or run.text.isupper() or run.size > _APART * size)


def _is_heading(printed: list[PrintedLine], text: str, size: float) -> bool:
    return (
        not printed[0].run.cells
        and printed[0].run.size > _LARGE * size
        and len(printed) <= _HEADING_LINES
        and len(text) <= _HEADING
        and not text.endswith((".", ";", ","))
        and not starts_block(text)
    )


def _without_notes(found: list[Column], size: float) -> tuple[list[Column], list[Column]]:
    """The columns without the notes at their feet, and the notes."""
    body: list[Column] = []
    foot: list[Column] = []
    for column in found:
        lines, noted = column.lines, bool(foot)
        cut = len(lines)
        while cut and lines[cut - 1].size < _NOTE_SIZE * size:
            cut -= 1
        if not cut:  # small type from top to bottom is no note
            cut = len(lines)
        elif not noted:  # a note that goes on from the page before has no mark
            marks = (n for n in range(cut, len(lines)) if NOTE.match(lines[n].text))
            cut = next(marks, len(lines))
        end = start = cut
        while start < len(lines) and not _WORD.search(lines[start].text):
            start += 1
        while start < len(lines) and end and not _WORD.search(lines[end - 1].text):
            end -= 1  # the rule over the notes may be drawn with dashes
        body.append(Column(column.page, lines[:end], column.side_by_side))
        if start < len(lines):
            foot.append(Column(column.page, lines[start:], column.side_by_side))
    return body, foot


def _in_order(
    body: list[list[PrintedLine]], notes: list[list[PrintedLine]]
) -> Iterator[list[PrintedLine]]:
    """The notes of a page after the paragraph that goes on over its foot."""
    waiting = notes[::-1]
    for printed in body:
        while waiting and waiting[-1][0].page < printed[0].page:
            yield waiting.pop()
        yield printed
    yield from waiting[::-1]


def _stated(text: str, lines: list[Line], title: str, shown: str, running: list[str]) -> Metadata:
    """The file's metadata: what its text lacks, or has among other lines."""
    head = read_head(text, lines)
    first = {folded(line.text): line.text for line in lines[:_FIRST_LINES]}
    named = (line.text for line in lines[:_PAGE_LINES] if line.level and _names(line.text, title))
    if folded(title) and folded(title) in first:
        title = first[folded(title)]
    elif printed := next(named, ""):
        title = printed
    elif folded(title) and folded(title) in map(folded, running):
        title = next(line for line in running if folded(line) == folded(title))
    elif shown:
        title = shown if head.title is None or head.title.of(text) != shown else ""
    elif head.title or _NO_TITLE.fullmatch(title):
        title = ""
    posted = None if head.posted else _only_day(running)
    return Metadata(title, posted, "running head" if posted else "")


def _names(heading: str, title: str) -> bool:
    """Whether a title is this heading and the name of a site, as in a browser's window."""
    letters, rest = folded(heading), title[len(heading) :].strip()
    return (
        len(letters) >= _LETTERS
        and folded(title).startswith(letters)
        and rest[:1] in tuple("|-–—·")
    )


def _only_day(running: list[str]) -> datetime.date | None:
    """The one day that running heads name; with a time it is that of printing."""
    days = {
        found.day.date() for line in running if not _TIME.search(line) for found in find_days(line)
    } - {None}
    return days.pop() if len(days) == 1 else None
