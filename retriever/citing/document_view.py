"""A document as it is read: every part of its text, the passages with their labels, and what is
dropped with the rule that recognised it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from corpus.document import Document
from corpus.folder.limits import Limits
from retriever.citing.citation import Citation
from retriever.citing.originals import FileState
from retriever.citing.percent_encoding import decoded
from retriever.citing.todays_files import FileNow, TodaysFiles
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
    state: FileState
    document: Document | None
    parts: tuple[Part, ...] = ()
    reason: str = ""
    cited: str = ""


def read_raw(store: PassageStore, name: str, limits: Limits | None = None) -> Raw:
    """Reads again the document with this id, or that of this citation, as the index reads it.

    A file that changed is held to the limits. Raises `CitationRefused` when the index does not hold
    such a document.
    """
    for document, label in _named(name.strip()):
        if stored := store.document_named(document):
            return _read(TodaysFiles(store, limits).file_of(stored), stored, label)
    raise CitationRefused(
        f"The index holds no document {name.strip()[:200]!r}; name one as it stands in a "
        "citation, such as 'release.txt'."
    )


def documents_in(store: PassageStore, name: str) -> list[StoredDocument]:
    """The documents that the file of this name holds; none where it is in no index."""
    for file in dict.fromkeys(_decodings(name.strip())):
        if held := store.documents_of_file(file):
            return held
    return []


def _decodings(name: str) -> Iterator[str]:
    """A name as it stands, and as a citation prints it."""
    yield name
    with suppress(ValueError):
        yield decoded(name)


def _named(name: str) -> Iterator[tuple[str, str]]:
    """The documents that may be meant, and their labels: an id, an encoded one, or a citation."""
    yield from ((each, "") for each in _decodings(name))
    for citation in Citation.readings(name):
        yield citation.document, citation.label


def _read(file: FileNow, stored: StoredDocument, label: str) -> Raw:
    document = next((each for each in file.documents if each.id == stored.id), None)
    if document is None:
        state = FileState.CHANGED if file.documents else file.state
        missing = "it cannot be opened: there is no such file"
        reason = file.reason or (missing if file.is_gone else "its file no longer holds it")
        return Raw(stored, state, None, reason=reason)
    return Raw(stored, file.state, document, tuple(parts_of(document)), cited=label)


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
