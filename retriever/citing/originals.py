"""Originals: whether the file behind a passage is still the one that was indexed."""

import contextlib
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import MOST_MEGABYTES
from corpus.readers import is_plain_text
from corpus.text.decoding import decode
from retriever.citing.citation import Citation
from retriever.citing.disk_patience import DiskPatience, DiskUnreachable
from retriever.index.passages import PassageStore
from retriever.index.records import StoredDocument, StoredPassage

_OPEN = 32  # files
_PATIENCE = DiskPatience()


class FileState(StrEnum):
    """What has become of a file since it was indexed; an unreachable one's disk does not answer."""

    VALID = "valid"
    CHANGED = "changed"
    MISSING = "missing"
    UNREACHABLE = "unreachable"


class Original:
    """A document's file as it is now: whether it is the one that was indexed, and its words."""

    def __init__(self, path: Path, sha256: str) -> None:
        self._path, self._data = path, b""
        try:
            self.state, self._data = _PATIENCE.read(path, partial(_read, path, sha256))
        except DiskUnreachable:
            self.state = FileState.UNREACHABLE

    def holds(self, passage: StoredPassage) -> bool:
        """Whether the file is the one that was indexed and has the passage's words in their place.

        Of a file that has to be rendered, its hash decides that: the rendering depends on it alone.
        """
        if self.state is not FileState.VALID or not is_plain_text(self._path.name):
            return self.state is FileState.VALID
        return self._text[passage.start : passage.end] == passage.text

    @cached_property
    def _text(self) -> str:
        """The text of a file that is its own text."""
        return decode(self._data)[0]


def _read(path: Path, sha256: str) -> tuple[FileState, bytes]:
    """What has become of a file, and its bytes where they are the text that was indexed."""
    try:
        data = read_bytes(path, MOST_MEGABYTES)
    except Unreadable:
        with contextlib.suppress(OSError):  # nobody may look whether it is there
            if not path.exists():
                return FileState.MISSING, b""
        return FileState.CHANGED, b""
    if file_hash(data) != sha256:
        return FileState.CHANGED, b""
    return FileState.VALID, data if is_plain_text(path.name) else b""


def originals(most: int = _OPEN) -> Callable[[StoredDocument], Original]:
    """Opens the files of documents, each once as long as few others come between."""
    opened = lru_cache(most)(Original)
    return lambda document: opened(document.path, document.sha256)


def neighbours_of(store: PassageStore, citation: Citation, count: int) -> tuple[StoredPassage, ...]:
    """The passage that an answer from this index cites, with so many passages on either side.

    Empty when its file is no longer the one that was indexed.
    """
    document = store.document_named(citation.document)
    passages = store.passages_of(document.number) if document else []
    at = next((n for n, each in enumerate(passages) if each.label == citation.label), None)
    if document is None or at is None or not originals(1)(document).holds(passages[at]):
        return ()
    return tuple(passages[max(0, at - count) : at + count + 1])
