"""The lexical index in shards: runs of documents whose segments a later generation takes over.

A shard's segments are written once. A generation takes those of every shard whose documents are
the same by hard link, and writes anew only what changed, so its cost follows the change. Statistics
are those of all segments together, and none holds a deleted document: the scores are the same
however the documents are cut into shards.
"""

import errno
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from retriever.index.home import linked
from retriever.index.lexical.tantivy_segments import (
    Segment,
    read_meta,
    segment_files,
    segments_of,
    write_json,
    write_meta,
)
from retriever.index.records import Entry, Kept, rows_in

TABLE = "shards.json"
MOST_SHARDS = 8
"""Shards of a new index: each costs a question a little, and a change costs one of them."""
SMALLEST_SHARD = 2_000
"""Passages."""
_GROWN = 2  # times as many shards as a new index would have, or one of twice the length
_SHARD = 32  # bits of a place behind the shard's number
_IN_SHARD = (1 << _SHARD) - 1
_HEAP = 64_000_000  # bytes of one writer thread: 12,000 passages need no more


@dataclass(frozen=True, slots=True)
class Shard:
    """Some documents that follow each other: their number, their rows, and tantivy's segments.

    `number` is the shard's own; a passage is known to tantivy by it and its place in the shard.
    """

    number: int
    documents: int
    rows: int
    segments: tuple[Segment, ...]


def place_of(shard: int, ordinal: int) -> int:
    """The place of a passage: its shard's number, and its own in the shard."""
    return (shard << _SHARD) + ordinal


class Places:
    """Between rows and the places by which tantivy knows passages: a shard and a number in it."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._numbers = np.array([shard.number for shard in shards], np.int64)
        self._first = np.cumsum([0, *(shard.rows for shard in shards)])
        self._by_number = np.argsort(self._numbers)

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these places."""
        known = np.searchsorted(self._numbers, places >> _SHARD, sorter=self._by_number)
        return np.asarray(self._first[self._by_number[known]] + (places & _IN_SHARD), np.int64)

    def places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of these rows."""
        shards = np.searchsorted(self._first, rows, side="right") - 1
        return np.asarray((self._numbers[shards] << _SHARD) + rows - self._first[shards], np.int64)


def read_shards(place: Path) -> list[Shard]:
    """The shards of a lexical index, in the order of rows; raises `OSError`, `ValueError`,
    `TypeError` or `KeyError` when they cannot be read."""
    facts = json.loads((place / TABLE).read_text("utf-8"))
    return [Shard(**{**each, "segments": tuple(each["segments"])}) for each in facts]


def write_shards(
    place: Path,
    entries: Sequence[Entry],
    open_index: Callable[[Path], tantivy.Index],
    write: Callable[[Any, int, Sequence[Entry]], None],
    before: Path | None = None,
) -> None:
    """Writes a lexical index of the documents to the empty folder `place`.

    `open_index` makes an empty index in a folder; `write` adds documents to its writer, as the
    shard of a number. Kept documents are those of the lexical index in the folder `before`, and
    have the same order there.
    """
    previous = read_shards(before) if before else []
    if _too_many(previous):
        previous = []
    number = max((shard.number for shard in previous), default=0)
    shards: list[Shard] = []
    meta: dict[str, Any] = read_meta(before) if before else {}
    for kept, run in _runs(entries, previous):
        if kept and before:
            for segment in kept.segments:
                for file in segment_files(before, segment):
                    linked(file, place / file.name)
            shards.append(kept)
            continue
        number += 1
        scratch = place / "scratch"
        scratch.mkdir()
        # One thread, so that equal documents give equal segments and equal ties.
        try:
            writer = open_index(scratch).writer(heap_size=_HEAP, num_threads=1)
            write(writer, number, run)
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, RuntimeError) as error:  # tantivy's word for a disk that takes no more
            raise OSError(errno.EIO, f"the terms cannot be written: {error}", str(place)) from None
        meta = read_meta(scratch)
        segments = segments_of(meta)
        for segment in segments:
            for file in segment_files(scratch, segment):
                file.rename(place / file.name)
        shutil.rmtree(scratch)
        shards.append(Shard(number, len(run), sum(map(rows_in, run)), segments))
    write_meta(place, meta, [segment for shard in shards for segment in shard.segments])
    write_json(place / TABLE, [asdict(shard) for shard in shards])


def _runs(
    entries: Sequence[Entry], previous: Sequence[Shard]
) -> Iterator[tuple[Shard | None, Sequence[Entry]]]:
    """The documents in runs, each with the previous shard that holds just these."""
    wished = max(SMALLEST_SHARD, -(-sum(map(rows_in, entries)) // MOST_SHARDS))
    if not previous:
        yield from ((None, piece) for piece in _pieces(entries, wished))
        return
    ends: list[int] = []  # of each previous shard, in numbers of documents
    for shard in previous:
        ends.append((ends[-1] if ends else 0) + shard.documents)
    for at, run in _by_shard(entries, ends):
        numbers = [entry.number if isinstance(entry, Kept) else -1 for entry in run]
        if numbers == list(range(ends[at] - previous[at].documents, ends[at])):
            yield previous[at], run
        else:
            for piece in _pieces(run, wished):
                yield None, piece


def _by_shard(
    entries: Sequence[Entry], ends: Sequence[int]
) -> Iterator[tuple[int, Sequence[Entry]]]:
    """Runs of documents by the number of the previous shard that holds them; a new one goes with
    those before it."""
    first, at = 0, 0
    for position, entry in enumerate(entries):
        if not isinstance(entry, Kept) or entry.number < ends[at]:
            continue
        if position > first:
            yield at, entries[first:position]
        first = position
        while entry.number >= ends[at]:
            at += 1
    yield at, entries[first:]


def _pieces(run: Sequence[Entry], wished: int) -> Iterator[Sequence[Entry]]:
    """The run, in pieces of about as many passages as wished when it has twice as many."""
    rows = sum(map(rows_in, run))
    count = max(1, rows // wished) if rows >= _GROWN * wished else 1
    first, reached = 0, 0
    for position, entry in enumerate(run):
        reached += rows_in(entry)
        if reached * count >= rows:
            yield run[first : position + 1]
            first, reached = position + 1, 0
    if first < len(run):
        yield run[first:]


def _too_many(shards: Sequence[Shard]) -> bool:
    """Whether so many shards came together that one anew for all is worth its cost."""
    wished = max(SMALLEST_SHARD, -(-sum(shard.rows for shard in shards) // MOST_SHARDS))
    return (
        len(shards) > _GROWN * max(1, sum(shard.rows for shard in shards) // wished) + MOST_SHARDS
    )
