"""Boilerplate by repetition, in the index: what is counted of each document, and what follows.

A document keeps what it adds to the counts of its source, taken from its reading without knowledge
of boilerplate. So a build counts all documents and reads again only those whose boilerplate has
changed. It follows from the documents of today alone; nothing of it is remembered.
"""

import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from corpus.document import Document
from corpus.release.repeated_lines import (
    LineCounts,
    LineHashes,
    RepeatedLines,
    line_hashes,
    repeated_lines_of,
    source_of,
)

_HEAD = struct.Struct("<IHqq")  # lengths of the source and of the edge, and the keys of the title


@dataclass(frozen=True, slots=True)
class Trace:
    """What a document adds to the counts of its source."""

    source: str
    edges: LineHashes

    @classmethod
    def of(cls, document: Document, folder: str) -> Self:
        """The trace of a document that was read without knowledge of boilerplate."""
        return cls(source_of(document, folder), line_hashes(document))

    def packed(self) -> bytes:
        """The trace as `passages.db` keeps it; equal traces give equal bytes."""
        source, edge, inside = self.source.encode(), self.edges.edge, self.edges.inside
        keys = [*sorted(edge), *sorted(inside)]
        head = _HEAD.pack(len(source), len(edge), *self.edges.title)
        return head + source + struct.pack(f"<{len(keys)}q", *keys)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """The trace that `packed` made these bytes of."""
        length, edge, title, below = _HEAD.unpack_from(data)
        start = _HEAD.size + length
        keys = struct.unpack_from(f"<{(len(data) - start) // 8}q", data, start)
        edges = LineHashes(frozenset(keys[:edge]), frozenset(keys[edge:]), (title, below))
        return cls(data[_HEAD.size : start].decode(), edges)

    def met(self, repeated: RepeatedLines) -> set[int]:
        """The keys of this document's own lines that are boilerplate."""
        return {*self.edges.edge, self.edges.title[0]} & repeated.get(self.source, {}).keys()


class Tally:
    """The counts of every source."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, LineCounts] = defaultdict(LineCounts)

    def add(self, traces: Iterable[bytes], times: int = 1) -> None:
        """Counts documents; with `times` -1 they are taken out again."""
        for trace in filter(None, traces):
            found = Trace.unpacked(trace)
            self._counts[found.source].add(found.edges, times)

    def repeated_lines(self) -> RepeatedLines:
        """What is boilerplate by these counts, of the sources that have any."""
        found = {source: repeated_lines_of(counts) for source, counts in self._counts.items()}
        return {source: keys for source, keys in found.items() if keys}


def repeated_lines_in(traces: Iterable[bytes]) -> RepeatedLines:
    """What is boilerplate among all documents of an index."""
    tally = Tally()
    tally.add(traces)
    return tally.repeated_lines()
