"""Logical lines, which every format is read into: each a title, a label, a paragraph or a row."""

import re
from dataclasses import dataclass

from corpus.document import Span
from corpus.text.characters import strip_span


@dataclass(frozen=True, slots=True)
class Line:
    """A range of the text: a title, a label, a paragraph or a line of boilerplate.

    `gap` says that a blank line precedes it; `level` is the depth of a marked heading, else 0;
    `literal` text is neither title, heading nor byline; of a `linked` line every word is a link to
    another page.
    """

    span: Span
    text: str
    gap: bool
    indented: bool = False
    level: int = 0
    literal: bool = False
    linked: bool = False


PARAGRAPH_NUMBER = re.compile(r"\(?\d{1,3}[.．)）](?=\s|$)")
"""A paragraph's number at the start of a line; `\\d` and `\\s` have the full-width forms too."""

BULLET = re.compile(
    r"[°◦○●ㅇᄋ•▪■□▶◆·❍➢∙⦁](?=\s*\S)|[oO](?=\s+[A-Z가-힣“\"'‘(0-9])|[-–—*](?=\s+\S)|※(?=\s*\S)"
)
"""A bullet or note mark at the start of a line, before a word: the `-` of `- Trade`, `※`, `o`."""


def line_of(text: str, start: int, end: int, *, gap: bool, level: int = 0) -> Line | None:
    """The line on this range of `text`, or None when the range is blank."""
    left, right = strip_span(text, start, end)
    if left >= right:
        return None
    indented = "\t" in text[start:left] or left - start >= 8
    return Line(Span(left, right), text[left:right], gap, indented, level)


def starts_block(text: str) -> bool:
    """Whether a line begins with a paragraph's number, a bullet or a note mark."""
    return bool(PARAGRAPH_NUMBER.match(text) or BULLET.match(text))
