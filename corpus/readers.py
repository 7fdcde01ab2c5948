"""The reader table: which files are read, and how their text is split into logical lines."""

from collections.abc import Callable
from pathlib import Path

from corpus.decoding import decode
from corpus.document import Document
from corpus.errors import Unreadable
from corpus.lines import Line, text_lines
from corpus.markdown import markdown_lines
from corpus.release import read_release

READERS: dict[str, Callable[[str], list[Line]]] = {
    ".txt": text_lines,
    ".text": text_lines,
    ".md": markdown_lines,
    ".markdown": markdown_lines,
}
"""By the file name's ending in lower case."""


def read_document(identifier: str, data: bytes) -> Document:
    """The document in a file's bytes; `identifier` is its path below the corpus folder.

    Raises `Unreadable` with the reason for a file that is no document.
    """
    reader = READERS[Path(identifier).suffix.lower()]
    text, _ = decode(data)
    if not text.strip():
        raise Unreadable("it is empty")
    return read_release(identifier, text, reader(text))
