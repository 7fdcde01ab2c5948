"""The records of an index: documents and passages as they are stored, and those on their way in."""

from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it was indexed; `path` is that of its file, days are ISO 8601, and `count` is
    the number of its passages."""

    number: int
    id: str
    path: Path
    sha256: str
    title: str
    posted: str | None
    events: tuple[str, ...]
    source: str | None
    count: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it was indexed, with its row and its document's number.

    Passages of the same words have the same `twin`, rows of tables under the same heads.
    """

    row: int
    document: int
    label: str
    heading: str
    speaker: str
    start: int
    end: int
    parent: int | None
    text: str
    page: int | None
    columns: str
    twin: int


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A document on its way into the index: its file, the file's sha256, and what was read.

    `file` is the file's id, which is the document's own unless the file holds several. `trace` is
    what `repeated_line_counts` counts of the document; empty when it counts for nothing.
    """

    path: Path
    sha256: str
    document: Document
    file: str = ""
    trace: bytes = b""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that a previous generation holds as the new one will: its number, its first row,
    and how many rows it has there; its file, trace and path are as those of an `IndexedFile`."""

    number: int
    first: int
    rows: int
    file: str = ""
    trace: bytes = b""
    path: str = ""


Entry = IndexedFile | Kept
"""A document of a new generation."""


def rows_in(entry: Entry) -> int:
    """How many passages a document has."""
    return entry.rows if isinstance(entry, Kept) else len(entry.document.passages)
