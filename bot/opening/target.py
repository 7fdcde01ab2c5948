"""What is opened for a citation: a page on the web, or a file at a line or page."""

from dataclasses import dataclass
from pathlib import Path

from bot.rendering.passage_links import file_link
from corpus.errors import Unreadable
from corpus.folder.file_io import read_bytes
from corpus.readers import PLAIN_TEXT_READERS
from retriever.citing.file_lines import line_in_file
from retriever.citing.receipts import CitedPassage

_FOR_EDITORS = {*PLAIN_TEXT_READERS, ".csv", ".eml", ".markdown", ".md", ".tsv"}
"""Endings of the files that one reads in an editor; of others the system knows the program."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page at its passage, by its `address`, or a file, and where in it: `line` is that of a text
    for an editor."""

    address: str = ""
    path: Path = Path()
    line: int | None = None
    page: int | None = None

    def __str__(self) -> str:
        if self.address or self.line is None:
            return self.address or file_link(self.path, self.page)
        return f"{self.path}:{self.line}"


def target_of(found: CitedPassage, *, as_file: bool = False) -> Target | None:
    """What to open for what a citation leads to, the file itself if it is wanted; None where there
    is nothing."""
    document, passage = found.document, found.passage
    if document is None or passage is None:
        return None
    if found.link and not as_file:
        return Target(address=found.link)
    path = Path(found.receipt.path)
    line = None
    if path.suffix.lower() in _FOR_EDITORS:
        try:
            line = line_in_file(read_bytes(path), document, passage)
        except Unreadable:
            return None
    return Target(path=path, line=line, page=passage.page)
