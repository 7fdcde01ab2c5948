"""Receipts: whether the file behind a citation is still the one that was indexed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from corpus.errors import Unreadable
from corpus.files import file_hash, read_bytes
from corpus.limits import LARGEST
from corpus.links import passage_link
from corpus.readers import is_plain, text_of
from retriever.citation import Citation
from retriever.errors import CitationRefused
from retriever.passages import PassageStore, StoredDocument, StoredPassage


class State(StrEnum):
    """What has become of a cited file since the citation was made."""

    VALID = "valid"
    CHANGED = "changed"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The state of one citation, and the path of its file when the index knows it."""

    citation: str
    state: State
    path: str


@dataclass(frozen=True, slots=True)
class Cited:
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

    def __init__(self, document: StoredDocument) -> None:
        self._document, self._data, self.state = document, b"", State.CHANGED
        try:
            self._data = read_bytes(document.path, LARGEST)
            if file_hash(self._data) == document.sha256:
                self.state = State.VALID
        except Unreadable:
            if not document.path.exists():
                self.state = State.MISSING

    def holds(self, passage: StoredPassage) -> bool:
        """Whether the file is the one that was indexed and has the passage's words in their place.

        Of a file that has to be rendered, its hash tells that: the rendering depends on it alone.
        """
        if self.state is not State.VALID or not is_plain(self._document.path.name):
            return self.state is State.VALID
        return self.text[passage.start : passage.end] == passage.text

    @cached_property
    def text(self) -> str:
        """The document's text, read or rendered again; empty unless the file is the indexed one."""
        if self.state is not State.VALID:
            return ""
        name, identifier = self._document.path.name, self._document.id
        is_whole = f"/{identifier}".endswith(f"/{name}")
        return text_of(name, self._data, "" if is_whole else identifier.rpartition("/")[2])


def verify(store: PassageStore, citation: Citation) -> Receipt:
    """Checks a citation: its document, its label, and its file's hash, on the file of today."""
    document = store.document_named(citation.document)
    if document is None:
        return Receipt(str(citation), State.UNKNOWN, "")
    original = Original(document)
    state = original.state
    if state is State.VALID and not document.sha256.startswith(citation.receipt):
        state = State.CHANGED
    if state is State.VALID:
        passages = store.passages_of(document.number)
        named = [passage for passage in passages if passage.label == citation.label]
        state = _state_of(named, original.text)
    return Receipt(str(citation), state, str(document.path))


def verify_all(store: PassageStore) -> list[Receipt]:
    """Checks every document of the index with all of its passages; a receipt names the document."""
    receipts = []
    for document in store.all_documents():
        original = Original(document)
        state = original.state
        if state is State.VALID:
            state = _state_of(store.passages_of(document.number), original.text)
        receipts.append(Receipt(document.id, state, str(document.path)))
    return receipts


def cited(store: PassageStore, citation: Citation, neighbours: int = 0) -> Cited:
    """The passage that a citation names, with this many passages on either side.

    Raises `CitationRefused` when the index knows no such passage.
    """
    receipt = verify(store, citation)
    document = store.document_named(citation.document)
    passages = store.passages_of(document.number) if document else []
    at = next((n for n, each in enumerate(passages) if each.label == citation.label), None)
    if document is None or at is None:
        raise CitationRefused(
            f"The index holds no passage {str(citation)[:200]!r}; copy a citation from an answer."
        )
    if receipt.state is not State.VALID:
        return Cited(receipt, document, None, ())
    around = passages[max(0, at - neighbours) : at + neighbours + 1]
    return Cited(receipt, document, passages[at], tuple(around))


def _state_of(passages: Sequence[StoredPassage], text: str) -> State:
    if not passages:
        return State.UNKNOWN
    same = all(text[each.start : each.end] == each.text for each in passages)
    return State.VALID if same else State.CHANGED
