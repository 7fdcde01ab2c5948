"""A document as it is read: every part of its text, the passages with their labels, and what is
dropped with the rule that recognised it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from corpus.content import UNSTATED, Stated
from corpus.document import Document
from corpus.errors import Unreadable
from corpus.files import file_hash, read_bytes
from corpus.readers import READERS, read_documents
from corpus.repetition import read_without
from retriever.citation import Citation
from retriever.errors import CitationRefused
from retriever.passages import PassageStore, StoredDocument
from retriever.receipts import State


@dataclass(frozen=True, slots=True)
class Part:
    """A range of a document's text: a passage has a label, what is dropped a rule.

    A part with neither is a paragraph's printed number or sign, or what the file's format sets
    around the text.
    """

    start: int
    end: int
    text: str
    label: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A document of the index, read again from its file of today.

    `state` says what became of the file since it was indexed; `document` is None, and `reason` says
    why, when it can no longer be read. `cited` is the label that was asked for.
    """

    stored: StoredDocument
    state: State
    document: Document | None
    parts: tuple[Part, ...] = ()
    reason: str = ""
    cited: str = ""


def read_raw(store: PassageStore, name: str, stated: Stated = UNSTATED) -> Raw:
    """Reads again the document with this id, or that of this citation, as the index reads it.

    `stated` is what stands beside its file. Raises `CitationRefused` when the index does not hold
    such a document.
    """
    document, label = store.document_named(name.strip()), ""
    if document is None:
        citation = _cited(name)
        document = store.document_named(citation.document) if citation else None
        label = citation.label if citation else ""
    if document is None:
        raise CitationRefused(
            f"The index holds no document {name.strip()[:200]!r}; name one as it stands in a "
            "citation, such as 'release.txt'."
        )
    return _read(store, document, label, stated)


def _cited(name: str) -> Citation | None:
    try:
        return Citation.parse(name)
    except CitationRefused:
        return None


def _read(store: PassageStore, stored: StoredDocument, label: str, stated: Stated) -> Raw:
    whole = f"/{stored.id}".endswith(f"/{stored.path.name}")
    file = stored.id if whole else stored.id.rpartition("/")[0]
    state = State.MISSING
    if stored.path.suffix.lower() not in READERS:  # a row of a collection
        return Raw(stored, State.VALID, None, reason="it stands in a file that only `eval` reads")
    source, furniture = store.furniture(stored.number)
    read_as = partial(read_without, furniture=furniture, folder=source)
    try:
        data = read_bytes(stored.path)
        state = State.VALID if file_hash(data) == stored.sha256 else State.CHANGED
        read = {each.id: each for each in read_documents(file, data, stated, read_as)}
    except Unreadable as error:
        if state is State.MISSING and stored.path.exists():
            state = State.CHANGED
        return Raw(stored, state, None, reason=str(error))
    document = read.get(stored.id)
    if document is None:
        return Raw(stored, State.CHANGED, None, reason="its file no longer holds it")
    return Raw(stored, state, document, tuple(parts_of(document)), cited=label)


def parts_of(document: Document) -> Iterator[Part]:
    """The parts of a document's text in order; together they hold all of it but blanks."""
    known = [
        Part(each.span.start, each.span.end, "", label=each.label) for each in document.passages
    ]
    known += [Part(each.span.start, each.span.end, "", rule=each.rule) for each in document.dropped]
    end = 0
    for part in sorted(known, key=lambda each: (each.start, each.end)):
        yield from _between(document.text, end, part.start)
        start = max(part.start, end)  # what two rules recognise is told once
        if start < part.end:
            yield Part(start, part.end, document.text[start : part.end], part.label, part.rule)
        end = max(end, part.end)
    yield from _between(document.text, end, len(document.text))


def _between(text: str, start: int, end: int) -> Iterator[Part]:
    between = text[start:end] if start < end else ""
    if between.strip():
        start += len(between) - len(between.lstrip())
        yield Part(start, start + len(between.strip()), between.strip())
