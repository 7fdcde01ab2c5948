"""Titles, quotations and long lines as a terminal shows them."""

import re
import textwrap
from collections.abc import Iterable
from urllib.parse import quote

import click

from bot.rendering.phrases import one_line

WIDTH = 88
"""Characters of a line, without its margin."""
INDENT = "   "


def linked_title(title: str, link: str | None) -> str:
    """The title of a document in bold, as a hyperlink (OSC 8) when there is a link."""
    shown = click.style(one_line(title), bold=True)
    if not link:
        return shown
    address = quote(link, safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")
    return f"\x1b]8;;{address}\x1b\\{shown}\x1b]8;;\x1b\\"


def quotation_lines(text: str, highlights: Iterable[tuple[int, int]]) -> Iterable[str]:
    """The lines of a quotation behind a margin, wrapped but word for word.

    Words inside a highlight are bold, and their lines have a heavy margin.
    """
    marked = list(highlights)
    line, length, heavy = "", 0, False
    for word in re.finditer(r"\S+", text):
        bold = any(start <= word.start() < end for start, end in marked)
        shown = one_line(word.group())
        if line and length + 1 + len(shown) > WIDTH:
            yield _margin(heavy) + line
            line, length, heavy = "", 0, False
        line += (" " if line else "") + (click.style(shown, bold=True) if bold else shown)
        length += len(shown) + bool(length)
        heavy = heavy or bold
    yield _margin(heavy) + line


def wrapped_lines(text: str) -> Iterable[str]:
    """The lines of a text, long ones wrapped, safe on a terminal."""
    for line in text.splitlines():
        yield from textwrap.wrap(one_line(line), WIDTH, break_on_hyphens=False)


def _margin(heavy: bool) -> str:
    return f"{INDENT}{'┃' if heavy else '│'} "
