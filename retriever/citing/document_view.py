"""A document as it is read: every part of its text, the passages with their labels, and what is
dropped with the rule that recognised it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus.document import Document
from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import MOST_MEGABYTES, Limits
from corpus.folder.listing import ListedFile, list_folder, read_sidecars
from corpus.folder.worker_pool import FileRead, ReadDocuments, read_all
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import READERS, read_documents
from corpus.release.repeated_lines import read_without_repeated
from retriever.citing.citation import Citation
from retriever.citing.verification import ReceiptState
from retriever.errors import CitationRefused
from retriever.index.passages import PassageStore
from retriever.index.records import StoredDocument


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
    state: ReceiptState
    document: Document | None
    parts: tuple[Part, ...] = ()
    reason: str = ""
    cited: str = ""


def read_raw(store: PassageStore, name: str, limits: Limits | None = None) -> Raw:
    """Reads again the document with this id, or that of this citation, as the index reads it.

    A file that changed is held to the limits. Raises `CitationRefused` when the index does not hold
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
    return _read(store, document, label, limits or Limits())


def _cited(name: str) -> Citation | None:
    try:
        return Citation.parse(name)
    except CitationRefused:
        return None


def _read(store: PassageStore, stored: StoredDocument, label: str, limits: Limits) -> Raw:
    whole = f"/{stored.id}".endswith(f"/{stored.path.name}")
    file = stored.id if whole else stored.id.rpartition("/")[0]
    if stored.path.suffix.lower() not in READERS:  # a row of a collection
        return Raw(
            stored, ReceiptState.VALID, None, reason="it stands in a file that only `eval` reads"
        )
    source, repeated = store.repeated_lines(stored.number)
    read_as = partial(read_without_repeated, repeated=repeated, folder=source)
    stated = _stated(stored.path, file, store.folders(), limits)
    read = _file(stored, file, stated, limits, partial(read_documents, read=read_as))
    state = ReceiptState.VALID if read.sha256 == stored.sha256 else ReceiptState.CHANGED
    if not stored.path.exists():
        state = ReceiptState.MISSING
    document = next((each for each in read.documents if each.id == stored.id), None)
    if document is None:
        state = ReceiptState.CHANGED if read.documents else state
        return Raw(stored, state, None, reason=read.reason or "its file no longer holds it")
    return Raw(stored, state, document, tuple(parts_of(document)), cited=label)


def _file(
    stored: StoredDocument, file: str, stated: Metadata, limits: Limits, read: ReadDocuments
) -> FileRead:
    """The documents of a file; one that was read for the index, whatever the limits were then, is
    read at once, and any other in a process of its own."""
    try:
        data = read_bytes(stored.path, MOST_MEGABYTES)
        if file_hash(data) == stored.sha256:
            documents = tuple(read(file, data, stated))
            return FileRead(file, stored.path, stored.sha256, documents)
    except Unreadable as error:
        return FileRead(file, stored.path, "", reason=str(error))
    (anew,) = read_all([ListedFile(file, stored.path, stated)], limits, read)
    return anew


def _stated(path: Path, file: str, folders: list[Path], limits: Limits) -> Metadata:
    """What the sidecars of a file's corpus folder state of it.

    Of folders in each other it is the one that gives the file its id, with or without a prefix.
    """
    names = {
        folder: path.relative_to(folder).as_posix()
        for folder in folders
        if path.is_relative_to(folder)
    }

    def fit(each: tuple[Path, str]) -> tuple[bool, bool]:
        return each[1] == file, file.endswith(f"/{each[1]}")

    for folder, name in sorted(names.items(), key=fit, reverse=True):
        try:
            listing = list_folder(folder, limits.megabytes)
        except FolderMissing:
            continue
        sidecars = read_sidecars(listing.files, listing.sidecars, limits.megabytes)
        return sidecars.metadata.get(name, NO_METADATA)
    return NO_METADATA


def parts_of(document: Document) -> Iterator[Part]:
    """The parts of a document's text in order; together they hold all of it but blanks."""
    known = [
        Part(each.span.start, each.span.end, "", label=each.label) for each in document.passages
    ]
    known += [Part(each.span.start, each.span.end, "", rule=each.rule) for each in document.dropped]
    end = 0
    for part in sorted(known, key=lambda each: (each.start, each.end)):
        yield from _between(document.text, end, part.start)
        start = max(part.start, end)  # what two rules recognise is reported once
        if start < part.end:
            yield Part(start, part.end, document.text[start : part.end], part.label, part.rule)
        end = max(end, part.end)
    yield from _between(document.text, end, len(document.text))


def _between(text: str, start: int, end: int) -> Iterator[Part]:
    between = text[start:end] if start < end else ""
    if between.strip():
        start += len(between) - len(between.lstrip())
        yield Part(start, start + len(between.strip()), between.strip())
