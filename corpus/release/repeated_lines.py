"""Boilerplate that no rule knows: lines at the edges of many documents of one source.

A share bar, an office line or a contact tail repeats from page to page, in any language. So does a
closing sentence of policy, but that is content: a sentence is boilerplate only with an address or a
telephone number in it. A line with neither may be who signed a statement, so it has to be on most
pages. The lines are counted for a source as a whole, in all its documents.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TypeVar
from urllib.parse import urlsplit

from corpus.content import Content
from corpus.document import Document, Dropped, Span
from corpus.errors import Unreadable
from corpus.metadata import Metadata
from corpus.release.boilerplate_words import TELEPHONE
from corpus.release.release import read_release, with_stable_labels
from corpus.text.characters import folded

ENOUGH_DOCUMENTS = 20
"""Documents of a source before anything is decided."""

_LEAST, _SHARE = 5, 0.02  # of the documents of a source have, at their edge, how to reach somebody
_MOST = 0.5  # of them have any other line, or begin with it above titles that differ
_LINES = ("byline", "subtitle", "heading")  # what a title below a share bar is read as
_INSIDE = 0.1  # of its count: so often a line may be inside a document, not at its edge
_EDGE = 6  # lines
_LINE, _SENTENCE = 100, 300  # characters
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_CONTACT = re.compile(rf"\S@\S+\.\w|https?://|\bwww\.\w|{TELEPHONE}", re.IGNORECASE)


_Counted = TypeVar("_Counted", bound=Hashable)

RepeatedLines = Mapping[str, Mapping[int, int]]
"""By source, the hashes of its repeated lines, each with the number of documents that have it."""


def source_of(document: Document, folder: str) -> str:
    """Whose page a document is: the host of its source address, else its corpus folder."""
    try:
        return urlsplit(document.source).hostname or folder
    except ValueError:
        return folder


@dataclass(frozen=True, slots=True)
class LineHashes:
    """The hashes of a document's lines: at its head and tail, inside, and the title with the line
    below it."""

    edge: frozenset[int]
    inside: frozenset[int]
    title: tuple[int, int]


@dataclass(slots=True)
class LineCounts:
    """In how many documents of a source each line occurs; documents can be added and removed."""

    documents: int = 0
    edge: Counter[int] = field(default_factory=Counter)
    inside: Counter[int] = field(default_factory=Counter)
    title: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, edges: LineHashes, times: int = 1) -> None:
        """Counts a document; with `times` -1 it is removed again."""
        self.documents += times
        _count(self.edge, edges.edge, times)
        _count(self.inside, edges.inside, times)
        _count(self.title, [edges.title], times)


def _count(counter: Counter[_Counted], keys: Iterable[_Counted], times: int) -> None:
    for key in keys:
        counter[key] += times
        if not counter[key]:
            del counter[key]


def line_hashes(document: Document) -> LineHashes:
    """What a document, read by `read_release`, adds to the counts of its source."""
    lines = _body(document)
    ends = _ends(lines)
    return LineHashes(
        edge=frozenset(lines[at].key for at in ends),
        inside=frozenset(
            line.key
            for at, line in enumerate(lines)
            if at not in ends and len(line.text) <= _SENTENCE
        ),
        title=(_key(document.title), _key(_below_title(document))),
    )


def _below_title(document: Document) -> str:
    """The line or paragraph that follows the title."""
    spans = [each.span for each in document.dropped if each.rule in _LINES]
    spans += [each.span for each in document.passages]
    title = next((each.span.end for each in document.dropped if each.rule == "title"), 0)
    below = (span for span in spans if span.start >= title)
    return min(below, key=lambda span: span.start).of(document.text)


def repeated_lines_of(counts: LineCounts) -> dict[int, int]:
    """The hashes of a source's repeated lines, each with the number of documents that have it."""
    if counts.documents < ENOUGH_DOCUMENTS:
        return {}
    least = max(_LEAST, math.ceil(_SHARE * counts.documents))
    most = _MOST * counts.documents
    found = {
        key: count
        for key, count in counts.edge.items()
        if count >= (least if _has_contact(key) else most) and counts.inside[key] <= _INSIDE * count
    }
    titled: dict[int, list[int]] = {}
    for (title, _), count in counts.title.items():
        titled.setdefault(title, []).append(count)
    return found | {
        title: sum(each)
        for title, each in titled.items()
        if sum(each) >= most and len(each) >= sum(each) / 2
    }


def read_without_repeated(
    identifier: str, content: Content, metadata: Metadata, *, repeated: RepeatedLines, folder: str
) -> Document:
    """Reads a document without the `repeated` lines of its source, which become `dropped`.

    The labels of passages are those that `read_release` gives them, so that a citation stays valid
    whichever lines repeat later. Raises `Unreadable` as `read_release` does.
    """
    document = read_release(identifier, content, metadata)
    source = source_of(document, folder)
    known = repeated.get(source, {})
    lines = _body(document)
    found = [lines[at].span for at in _ends(lines) if lines[at].key in known]
    if _key(document.title) in known:
        found += [each.span for each in document.dropped if each.rule == "title"]
    starts = {span.start for span in found}
    kept = [
        line
        for line in content.lines
        if not any(line.span.start <= start < line.span.end for start in starts)
    ]
    try:
        read = (
            read_release(identifier, replace(content, lines=kept), metadata) if found else document
        )
    except Unreadable:  # it has no other lines
        return document
    dropped = [
        Dropped(span, f"repeated in {known[_key(span.of(document.text))]:,} documents of {source}")
        for span in found
    ]
    return replace(
        read,
        passages=with_stable_labels(read.passages, document.passages),
        dropped=tuple(sorted([*read.dropped, *dropped], key=lambda each: each.span.start)),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph or heading of the body; `bare` ones may be boilerplate."""

    span: Span
    text: str
    bare: bool

    @property
    def key(self) -> int:
        return _key(self.text)


def _body(document: Document) -> list[_Line]:
    parents = {passage.parent for passage in document.passages}
    lines = [
        _Line(
            passage.span,
            passage.text,
            passage.label.startswith("¶")
            and not passage.speaker
            and at not in parents
            and _is_bare(passage.text),
        )
        for at, passage in enumerate(document.passages)
    ]
    for each in document.dropped:
        if each.rule == "heading":
            text = each.span.of(document.text)
            lines.append(_Line(each.span, text, _is_bare(text)))
    return sorted(lines, key=lambda line: line.span.start)


def _is_bare(text: str) -> bool:
    """Whether a line is short and no sentence, or has an address or telephone number."""
    if len(text) > _SENTENCE:
        return False
    return bool(_CONTACT.search(text)) or (len(text) <= _LINE and not _ENDS.search(text))


def _ends(lines: list[_Line]) -> set[int]:
    """The positions of the bare lines at the head and the tail, before any paragraph."""
    head = list(takewhile(lambda at: lines[at].bare, range(len(lines))))[:_EDGE]
    tail = list(takewhile(lambda at: lines[at].bare, range(len(lines))[::-1]))[:_EDGE]
    ends = {*head, *tail}
    return ends if len(ends) < len(lines) else set()  # else there is no text between them


def _key(line: str) -> int:
    """The 64-bit hash of a line; its last bit is set if it has an address or telephone number."""
    digest = hashlib.blake2b(folded(line).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True) & ~1 | bool(_CONTACT.search(line))


def _has_contact(key: int) -> bool:
    return bool(key & 1)
