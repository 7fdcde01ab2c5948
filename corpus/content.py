"""What a format's reader makes of a file: its text in logical lines, and the file's metadata."""

from dataclasses import dataclass

from corpus.metadata import NO_METADATA, Metadata
from corpus.text.logical_lines import Line


@dataclass(frozen=True, slots=True)
class Content:
    """One document's part of a file.

    `text` is what passages are ranges of: the decoded file where that is plain text, else a
    rendering that depends on nothing but the file's bytes. `pages` holds the offset in it at which
    each page begins. `part` distinguishes the documents of a file that holds several. `beside` are
    words of the file that are in none of these: of a page's menus and pictures, of a mail's header.
    """

    text: str
    lines: list[Line]
    metadata: Metadata = NO_METADATA
    pages: tuple[int, ...] = ()
    part: str = ""
    beside: str = ""
