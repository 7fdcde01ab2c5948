"""What a format's reader makes of a file: its text in logical lines, and the file's metadata."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from corpus.document import Span
from corpus.metadata import NO_METADATA, Metadata
from corpus.text.logical_lines import Line


@dataclass(frozen=True, slots=True)
class Content:
    """One document's part of a file.

    `text` is what passages are ranges of: the decoded file where that is plain text, else a
    rendering that depends on nothing but the file's bytes. `pages` holds the offsets in it at which
    what is printed on another page begins, each with that page's number; a note that goes on over
    pages is in one piece. `part` distinguishes the documents of a file that holds several. `beside`
    are words of the file that are in none of these: of a page's menus and pictures, of a mail's
    header. `left_out` says what of the file is in no content, and why, a line for each reason: one
    that holds several documents may be read in part.
    """

    text: str
    lines: list[Line]
    metadata: Metadata = NO_METADATA
    pages: tuple[tuple[int, int], ...] = ()
    part: str = ""
    beside: str = ""
    left_out: str = ""


_NAMED = 100  # parts of a file that are named under one reason, and reasons that are told


def told_by_reason(unread: Mapping[str, Sequence[str]], kind: str = "") -> str:
    """A line for each reason, with the names of the parts of a file that are not read for it."""
    lines = []
    for reason, names in unread.items():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        lines.append(f"{reason} ({kind}{', '.join(names[:_NAMED])}{more})")
    if len(lines) > _NAMED:
        lines[_NAMED:] = [f"{len(lines) - _NAMED:,} more reasons"]
    return "\n".join(lines)


def joined(contents: Sequence[Content]) -> Content:
    """Contents that are one document, a blank line between them; the first one's metadata wins."""
    text, lines = "", list[Line]()
    for each in contents:
        at = len(text) + 2 * bool(text)
        text += "\n\n" * bool(text) + each.text
        lines += (
            replace(line, span=Span(line.span.start + at, line.span.end + at), gap=True)
            if line is each.lines[0]
            else replace(line, span=Span(line.span.start + at, line.span.end + at))
            for line in each.lines
        )
    metadata = reduce(Metadata.or_else, (each.metadata for each in contents))
    beside = "\n".join(filter(None, (each.beside for each in contents)))
    return replace(contents[0], text=text, lines=lines, metadata=metadata, beside=beside)
