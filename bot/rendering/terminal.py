"""Titles, quotations and long lines as a terminal shows them, always inside their margin."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import click

from bot.rendering.phrases import TITLE, ascii_address, one_line
from corpus.passage_context import cells_of

WIDTH = 88
"""Columns of a line, without its margin, where the terminal has room for both."""
INDENT = "   "
MARGIN = len(INDENT) + 2
"""Columns of the margin of a quotation."""
_BETWEEN = "   "  # cells
_LONGEST_LINK = 2_000  # characters: terminals pass over longer ones
_NARROWEST = 20  # columns: on less nothing can be read


def width_in(terminal: int | None, margin: int = MARGIN) -> int:
    """The columns of a line behind its margin, on a terminal of so many columns or on none."""
    return WIDTH if terminal is None else min(WIDTH, max(_NARROWEST, terminal - margin))


def linked_title(title: str, link: str = "", width: int = WIDTH) -> str:
    """The title of a document in bold, as a hyperlink (OSC 8) when there is a link.

    A long one goes on below, indented, and one without end is cut.
    """
    lines = [
        click.style(line, bold=True) for line in wrapped_lines(one_line(title, TITLE), width)
    ] or [""]
    address = ascii_address(link)
    if 0 < len(address) <= _LONGEST_LINK:
        lines = [f"\x1b]8;;{address}\x1b\\{line}\x1b]8;;\x1b\\" for line in lines]
    return f"\n{INDENT}".join(lines)


def quotation_lines(
    text: str, highlights: Iterable[tuple[int, int]], width: int = WIDTH
) -> Iterable[str]:
    """The lines of a quotation behind a margin, wrapped but word for word.

    Words inside a highlight are bold, and their lines have a heavy margin.
    """
    marked = list(highlights)
    line, length, heavy = "", 0, False
    for word in re.finditer(r"\S+", text):
        bold = any(start <= word.start() < end for start, end in marked)
        blank = " "
        for shown in _pieces(one_line(word.group(), len(text) * _ESCAPE), width):
            if line and length + len(blank) + columns(shown) > width:
                yield _margin(heavy) + line
                line, length, heavy = "", 0, False
            before = blank if line else ""
            line += before + (click.style(shown, bold=True) if bold else shown)
            length += len(before) + columns(shown)
            heavy = heavy or bold
            blank = ""
    yield _margin(heavy) + line


def passage_lines(
    text: str, heads: str, highlights: Iterable[tuple[int, int]], width: int = WIDTH
) -> Iterable[str]:
    """The lines of a passage behind a margin; a row of a table stands under the `heads` of its
    columns or, where it is wider than a line, each cell behind its own."""
    if not heads:
        yield from quotation_lines(text, highlights, width)
        return
    cells = [tuple(map(one_line, pair)) for pair in cells_of(text, heads)]
    widths = [max(map(columns, pair)) for pair in cells]
    heavy = bool(list(highlights))
    if sum(widths) + len(_BETWEEN) * (len(widths) - 1) <= width:
        names, values = (
            _BETWEEN.join(
                part + " " * (wide - columns(part))
                for part, wide in zip(parts, widths, strict=True)
            ).rstrip()
            for parts in zip(*cells, strict=True)
        )
        yield _margin(False) + click.style(names, dim=True)
        yield _margin(heavy) + click.style(values, bold=heavy)
        return
    for name, value in cells:
        line = f"{name}: {value}" if name else value
        marked = [(len(line) - len(value), len(line))] if heavy else []
        yield from quotation_lines(line, marked, width)


def wrapped_lines(text: str, width: int = WIDTH) -> Iterator[str]:
    """The lines of a text, long ones wrapped, safe on a terminal."""
    for paragraph in text.splitlines():
        line = ""
        for word in one_line(paragraph, len(paragraph) * _ESCAPE).split():
            for number, piece in enumerate(_pieces(word, width)):
                blank = " " if line and not number else ""
                if line and columns(line) + len(blank) + columns(piece) > width:
                    yield line
                    line, blank = "", ""
                line += blank + piece
        if line:
            yield line


_ESCAPE = len(r"\U0010ffff")  # characters that one may be shown as


def columns(text: str) -> int:
    """The columns that a text takes: letters of East Asia two, marks none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word that is wider than a line in pieces that fit, else as it is."""
    if columns(word) <= width:
        yield word
        return
    piece, taken = "", 0
    for character in word:
        needed = _columns_of(character)
        if taken + needed > width:
            yield piece
            piece, taken = "", 0
        piece, taken = piece + character, taken + needed
    yield piece


def _margin(heavy: bool) -> str:
    return f"{INDENT}{'┃' if heavy else '│'} "
