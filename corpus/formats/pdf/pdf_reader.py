"""PDF files: what is printed on their pages becomes a text of paragraphs."""

import datetime
import re
from collections.abc import Iterator
from itertools import zip_longest

from corpus.content import Content
from corpus.document import Span
from corpus.formats.pdf.columns import Column, columns
from corpus.formats.pdf.dehyphenation import Dehyphenator
from corpus.formats.pdf.page_layout import PdfPage, usual_size
from corpus.formats.pdf.pdf_paragraphs import NOTE, PrintedLine, paragraphs
from corpus.formats.pdf.pdfium import read_pages
from corpus.formats.pdf.running_heads import without_running_heads
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
_LETTERS = 12  # that a title and another line have not in common by chance
_NO_TITLE = re.compile(r"\S*|.*\.\w{2,4}|.*\b(?:untitled|Microsoft Word|PowerPoint)\b.*", re.I)
_TIME = re.compile(r"\d:\d\d")


def read_pdf(data: bytes) -> Iterator[Content]:
    """The text of a PDF file. Raises `Unreadable` for one that has none or cannot be opened.

    The day on which the file was made is not taken for the day on which its text was posted.
    """
    pages, title = read_pages(data)
    bare, running = without_running_heads(pages)
    text, lines, page_starts = _rendered(bare)
    yield Content(text, lines, _stated(text, lines, title, running), page_starts)


def _rendered(pages: list[PdfPage]) -> tuple[str, list[Line], tuple[int, ...]]:
    """The text of these pages, its lines, and where in it each page begins."""
    found = [column for page in pages if page.runs for column in columns(page)]
    size = usual_size(line for column in found for line in column.lines)
    body, foot = _without_notes(found, size)
    words = Dehyphenator(line.text for column in found for line in column.lines)
    texts: list[str] = []
    lines: list[Line] = []
    page_starts, start = [0], 0
    for printed in _in_order(paragraphs(body), paragraphs(foot, notes=True)):
        end, pieces = start, []
        for line, after in zip_longest(printed, printed[1:]):
            page_starts += [end] * (line.page - len(page_starts))
            pieces.append(words.ending(line.run.text, after.run.text) if after else line.run.text)
            end += len(pieces[-1])
        text = "".join(pieces)
        level = int(_is_heading(printed, text, size))
        lines.append(Line(Span(start, end), text, gap=True, level=level))
        texts.append(text)
        start = end + len(_BETWEEN)
    return _BETWEEN.join(texts), lines, tuple(page_starts)


def _is_heading(printed: list[PrintedLine], text: str, size: float) -> bool:
    return (
        printed[0].run.size > _LARGE * size
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
        if not noted:  # a note that goes on from the page before has no mark
            marks = (n for n in range(cut, len(lines)) if NOTE.match(lines[n].text))
            cut = next(marks, len(lines))
        if not cut:  # small type from top to bottom is no note
            cut = len(lines)
        body.append(Column(column.page, lines[:cut], column.side_by_side))
        if cut < len(lines):
            foot.append(Column(column.page, lines[cut:], column.side_by_side))
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


def _stated(text: str, lines: list[Line], title: str, running: list[str]) -> Metadata:
    """The file's metadata: what its text lacks, or has among other lines."""
    head = read_head(text, lines)
    first = {folded(line.text): line.text for line in lines[:_FIRST_LINES]}
    large = next((line for line in lines[:_FIRST_LINES] if line.level), None)
    named = (line.text for line in lines[:_PAGE_LINES] if line.level and _names(line.text, title))
    if folded(title) and folded(title) in first:
        title = first[folded(title)]
    elif printed := next(named, ""):
        title = printed
    elif large and (head.title is None or head.title != large.span):
        title = large.text
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
