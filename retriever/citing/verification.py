"""Receipts: whether the file behind a citation is still the one that was indexed."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import MOST_MEGABYTES
from corpus.readers import is_plain_text, texts_by_part
from retriever.citing.citation import Citation
from retriever.citing.links import passage_link
from retriever.errors import CitationRefused, GenerationDamaged
from retriever.index.passages import PassageStore
from retriever.index.records import StoredDocument, StoredPassage

_OPEN = 32  # files


class ReceiptState(StrEnum):
    """What has become of a cited file since the citation was made; or that the index is damaged,
    and no longer has what was read of it."""

    VALID = "valid"
    CHANGED = "changed"
    MISSING = "missing"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The state of one citation, and the path of its file when the index knows it."""

    citation: str
    state: ReceiptState
    path: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A cited passage, the passages around it in reading order, and its receipt.

    No words are given unless the receipt holds: they would not be those that were cited.
    """

    receipt: Receipt
    document: StoredDocument
    passage: StoredPassage | None
    around: tuple[StoredPassage, ...]

    @property
    def link(self) -> str | None:
        """The address that opens the document's source at the passage, if it has one."""
        if self.passage is None:
            return None
        source = self.document.source or ""
        return passage_link(source, self.passage.text, self.passage.page) or None


class Original:
    """A document's file as it is now: whether it is the one that was indexed, and its words."""

    def __init__(self, path: Path, sha256: str) -> None:
        self._path, self._data, self.state = path, b"", ReceiptState.CHANGED
        try:
            data = read_bytes(path, MOST_MEGABYTES)
            if file_hash(data) == sha256:
                self.state = ReceiptState.VALID
                self._data = data if is_plain_text(path.name) else b""
        except Unreadable:
            with contextlib.suppress(OSError):  # nobody may look whether it is there
                if not path.exists():
                    self.state = ReceiptState.MISSING

    def holds(self, passage: StoredPassage) -> bool:
        """Whether the file is the one that was indexed and has the passage's words in their place.

        Of a file that has to be rendered, its hash decides that: the rendering depends on it alone.
        """
        if self.state is not ReceiptState.VALID or not is_plain_text(self._path.name):
            return self.state is ReceiptState.VALID
        return self._texts[""][passage.start : passage.end] == passage.text

    def text(self, document: StoredDocument) -> str:
        """The text of a document of this file, read or rendered again; empty unless the file is the
        indexed one."""
        is_whole = f"/{document.id}".endswith(f"/{self._path.name}")
        return self._texts.get("" if is_whole else document.id.rpartition("/")[2], "")

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The text of each part of the file."""
        if self.state is not ReceiptState.VALID:
            return {}
        with contextlib.suppress(Unreadable):
            return texts_by_part(
                self._path.name, self._data or read_bytes(self._path, MOST_MEGABYTES)
            )
        return {}


def originals(most: int = _OPEN) -> Callable[[StoredDocument], Original]:
    """Opens the files of documents, each once as long as few others come between."""
    opened = lru_cache(most)(Original)
    return lambda document: opened(document.path, document.sha256)


def verify(store: PassageStore, citation: Citation) -> Receipt:
    """Checks a citation: its document, its label, and its file's hash, on the file of today."""
    try:
        return _verified(store, citation)
    except GenerationDamaged:
        return Receipt(str(citation), ReceiptState.DAMAGED, "")


def _verified(store: PassageStore, citation: Citation) -> Receipt:
    document = store.document_named(citation.document)
    if document is None:
        return Receipt(str(citation), ReceiptState.UNKNOWN, "")
    original = Original(document.path, document.sha256)
    state = original.state
    if state is ReceiptState.VALID and not document.sha256.startswith(citation.receipt):
        state = ReceiptState.CHANGED
    if state is ReceiptState.VALID:
        passages = store.passages_of(document.number)
        named = [passage for passage in passages if passage.label == citation.label]
        state = _state_of(named, original.text(document))
    return Receipt(str(citation), state, str(document.path))


def verify_all(store: PassageStore) -> list[Receipt]:
    """Checks every document of the index with all of its passages; a receipt names the document."""
    receipts, original_of = [], originals()
    for number, document in enumerate(store.sound_documents()):
        if document is None:  # its name is not to be trusted
            receipts.append(Receipt(f"document {number}", ReceiptState.DAMAGED, ""))
            continue
        original = original_of(document)
        state = original.state
        try:
            passages = store.passages_of(document.number)
            if state is ReceiptState.VALID:
                state = _state_of(passages, original.text(document))
        except GenerationDamaged:
            state = ReceiptState.DAMAGED
        receipts.append(Receipt(document.id, state, str(document.path)))
    return receipts


def look_up(store: PassageStore, citation: Citation, neighbours: int = 0) -> CitedPassage:
    """The passage that a citation names, with this many passages on either side.

    Raises `CitationRefused` when the index knows no such passage.
    """
    receipt = verify(store, citation)
    document = store.document_named(citation.document)
    passages = store.passages_of(document.number) if document else []
    at = next((n for n, each in enumerate(passages) if each.label == citation.label), None)
    if document is None or at is None:
        moved = [] if document else store.documents_with(citation.receipt)
        named = f"its file is now {moved[0].id!r}" if moved else "copy a citation from an answer"
        raise CitationRefused(f"The index holds no passage {str(citation)[:200]!r}; {named}.")
    if receipt.state is not ReceiptState.VALID:
        return CitedPassage(receipt, document, None, ())
    around = passages[max(0, at - neighbours) : at + neighbours + 1]
    return CitedPassage(receipt, document, passages[at], tuple(around))


def _state_of(passages: Sequence[StoredPassage], text: str) -> ReceiptState:
    if not passages:
        return ReceiptState.UNKNOWN
    same = all(text[each.start : each.end] == each.text for each in passages)
    return ReceiptState.VALID if same else ReceiptState.CHANGED
