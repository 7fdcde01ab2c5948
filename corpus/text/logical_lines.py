"""Logical lines, which every format is read into: each a title, a label, a paragraph or a row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.document import Span
from corpus.language.calendar_words import MONTHS_IN_DAYS_ABROAD
from corpus.text.characters import strip_span


@dataclass(frozen=True, slots=True)
class Line:
    """A range of the text: a title, a label, a paragraph or a line of boilerplate.

    `gap` says that a blank line precedes it; `level` is the depth of a marked heading, else 0;
    `literal` text is neither title, heading nor byline; of a `linked` line every word is a link to
    another page. Of a row of a table, whose cells have tabs between them, `columns` is the text of
    the row that heads it, empty where the table has no head; that row itself is a `column_head`.
    `under` is what else of its table a line stands under: a cell that spans rows, a row across it.
    `label` is what a word processor counts and prints before the line, with which `text` begins.
    `furniture` is the page's and not the document's: a day may be read from it, but no paragraph.
    """

    span: Span
    text: str
    gap: bool
    indented: bool = False
    level: int = 0
    literal: bool = False
    linked: bool = False
    columns: str = ""
    column_head: bool = False
    under: str = ""
    label: str = ""
    furniture: bool = False


_DAY = (
    rf"\d{{1,2}}\.\s?(?:(?:{'|'.join(MONTHS_IN_DAYS_ABROAD)})(?!\w)"
    r"|\d{1,2}\.\s?(?:(?:19|20)\d\d(?!\d)|\())"
)
"""`26. Januar`, `14. 01. 2020`, `1. 13. (월)`."""
PARAGRAPH_NUMBER = re.compile(rf"(?!{_DAY})\(?\d{{1,3}}[.．)）](?=\s|$)")
"""A paragraph's number at the start of a line, which is no day; `\\d` and `\\s` have the full-width
forms too."""

OUTLINE_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,5}\.?(?=\s+[\"“‘'(\[]?[^\W\d_a-zà-ÿ])")
"""What may be a number of several levels, `1.2.3 Lane`, and may be a figure: `1.5 Million`."""
_COUNTED = re.compile(
    rf"{OUTLINE_NUMBER.pattern}|{PARAGRAPH_NUMBER.pattern}|\d{{1,3}}(?=\s+[^\W\d_a-zà-ÿ])"
)

BULLET = re.compile(
    r"[°◦○●ㅇᄋ•▪■□▶◆·❍➢∙⦁](?=\s*\S)|[oO](?=\s+[A-Z가-힣“\"'‘(0-9])(?!(?:\s+[A-Z](?!\w)){2})|[-–—*](?=\s+\S)|※(?=\s*\S)"
)
"""A bullet or note mark at the start of a line, before a word: the `-` of `- Trade`, `※`, `o`, but
not that of `O R D E R`."""


def line_of(text: str, start: int, end: int, *, gap: bool, level: int = 0) -> Line | None:
    """The line on this range of `text`, or None when the range is blank."""
    left, right = strip_span(text, start, end)
    if left >= right:
        return None
    indented = "\t" in text[start:left] or left - start >= 8
    return Line(Span(left, right), text[left:right], gap, indented, level)


def starts_block(text: str) -> bool:
    """Whether a line begins with a paragraph's number, a bullet or a note mark."""
    return bool(PARAGRAPH_NUMBER.match(text) or OUTLINE_NUMBER.match(text) or BULLET.match(text))


def counted_number(text: str) -> str:
    """The number of one level or several that a line begins with, without its dot; else ""."""
    match = _COUNTED.match(text)
    return match.group().strip("().．）") if match else ""


def outline_numbers(lines: Iterable[Line]) -> frozenset[str]:
    """The numbers of several levels that lines begin with and that count on, `1.2` after `1.1`,
    and those above them.

    The first of a level needs a second one, or the number above it: else it is a figure.
    """
    printed: set[str] = set()
    for line in lines:
        if not line.literal and (number := counted_number(line.text)):
            printed.add(number)
    numbers = set()
    for number in printed:
        above, dot, last = number.rpartition(".")
        first = last == "1" and (above in printed or f"{above}.2" in printed)
        if dot and (first or f"{above}.{int(last) - 1}" in printed):
            numbers |= {number, above} & printed
    return frozenset(numbers)
