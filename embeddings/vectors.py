"""Nearest neighbours with FAISS: exact where that is cheap, compact where it is not."""

import dataclasses
import errno
import os
import re
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .checksum import checksum_of
from .errors import IndexDamaged

EXACT_BELOW = 50_000
"""The number of vectors from which an index is compact."""

EXACT = "Flat"
"""The FAISS description of an index that compares a question with every vector."""

COMPACT, HALF = "RaBitQfs,Refine(SQfp16)", "SQfp16"
K_FACTORS = (10.0, 30.0, 100.0)
RECALL, RECALL_AT, PROBES = 0.99, 10, 200
# One query is over before threads have woken each other: measured on two cores at 23,000 vectors,
# 1 ms on one thread and 16 ms on two. From about this many queries on, threads pay.
MANY_QUERIES = 20
REFINED = 3.0
"""Candidates of the compact index for each row wanted: of 200 nearest, 195 were then found."""
DEEPER = 2
"""How much deeper than evenly spread rows would need a search goes of which some are left out."""
AT_ONCE = 0.05
"""Of all rows: fewer allowed ones are compared one by one, without searching the others."""
GATHERED = 5
"""Rows that are compared exactly in the time in which the compact index gathers one more."""

_BEHIND_VECTORS = 4  # bytes of a compact file behind its vectors: the factor it was made with
_MOST_COSINE = 1.01
_ADVICE = "run `pincite index` to build it again"

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class IndexFacts:
    """What an index is; the caller keeps it and hands it back to VectorIndex.load.

    `recall` is the part of the true ten nearest that the index found when it was built, measured
    on its own vectors; None for an exact index. `checksum` is that of the saved file without the
    vectors that it stores; None before it is saved.
    """

    kind: str
    count: int
    dimension: int
    k_factor: float | None = None
    recall: float | None = None
    checksum: int | None = None


class VectorIndex:
    """Unit vectors by row number, searched by inner product, which is their cosine."""

    def __init__(self, index: Any, facts: IndexFacts) -> None:
        """Wrap a FAISS index; use build or load."""
        self.facts = facts
        self.kind, self.recall = facts.kind, facts.recall
        self.count, self.dimension = facts.count, facts.dimension
        self._index = index
        # The stored vectors themselves, for when an approximate search will not do.
        self._stored = index
        if facts.kind == COMPACT:
            import faiss

            self._stored = faiss.downcast_index(index.refine_index)

    @classmethod
    def build(cls, vectors: Vectors, *, exact_below: int = EXACT_BELOW) -> Self:
        """An index of unit vectors (count, dimension); the same vectors give the same index.

        Exact below `exact_below` vectors; else compact if its measured recall reaches 0.99; else
        half-precision, which finds all but the closest ties.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        count, dimension = vectors.shape
        if count < exact_below:
            return cls(_fill(EXACT, vectors), IndexFacts(EXACT, count, dimension))
        index = _fill(COMPACT, vectors)
        queries, tenth = _probe(vectors)
        for k_factor in K_FACTORS:
            found = cls(index, IndexFacts(COMPACT, count, dimension, k_factor))
            recall = found._recall(vectors, queries, tenth)
            if recall >= RECALL:
                return cls(index, dataclasses.replace(found.facts, recall=recall))
        half = cls(_fill(HALF, vectors), IndexFacts(HALF, count, dimension))
        recall = half._recall(vectors, queries, tenth)
        return cls(half._index, dataclasses.replace(half.facts, recall=recall))

    @classmethod
    def load(cls, path: Path, facts: IndexFacts) -> Self:
        """Map the index saved at `path`; raise IndexDamaged unless it is what `facts` say."""
        import faiss

        try:
            # FAISS believes what the file says of its lengths, and reads beyond its end.
            if facts.checksum is not None and _checksum(path, facts) != facts.checksum:
                raise IndexDamaged(f"The vector index {path.name} is damaged; {_ADVICE}.")
            # Mapped: at 100,000 vectors 0.3 ms instead of 60 to 400 ms.
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except (OSError, RuntimeError, MemoryError) as error:
            raise IndexDamaged(
                f"The vector index {path.name} is missing or cannot be read; {_ADVICE}."
            ) from error
        if (index.ntotal, index.d, hasattr(index, "refine_index")) != (
            facts.count,
            facts.dimension,
            facts.kind == COMPACT,
        ):
            raise IndexDamaged(f"The vector index {path.name} is not the one expected; {_ADVICE}.")
        return cls(index, facts)

    def save(self, path: Path) -> IndexFacts:
        """Write the index to `path`, and give the facts with which it is loaded again.

        Raises OSError where the disk does not take it.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            reason = re.search(r"\(([^()]*)\)\s*$", str(error))
            what = reason[1] if reason else "it cannot be written"
            raise OSError(errno.EIO, what, str(path)) from None
        return dataclasses.replace(self.facts, checksum=_checksum(path, self.facts))

    def search(
        self, queries: Vectors, k: int, allowed: Marks | None = None
    ) -> tuple[Vectors, Rows]:
        """Cosines and row numbers of the `k` nearest to each query, best first.

        `queries` is (m, dimension); both results are (m, min(k, rows to choose from)). With
        `allowed`, a mark for each row, only the marked ones are searched, all of them.
        """
        k = min(k, self.count if allowed is None else int(np.count_nonzero(allowed)))
        if k == 0 or len(queries) == 0:
            empty = (len(queries), k)
            return np.empty(empty, np.float32), np.empty(empty, np.int64)
        _use_threads(len(queries))
        queries = np.ascontiguousarray(queries, np.float32)
        if allowed is None:
            scores, rows = self._index.search(queries, k, params=self._refined(k))
            # The compact index may gather fewer than k; the stored vectors hold them all.
            if (rows < 0).any():
                scores, rows = self._stored.search(queries, k)
        else:
            scores, rows = self._search_among(queries, k, allowed)
        return _cosines(scores), rows

    def scores_of(self, queries: Vectors, rows: Rows) -> Vectors:
        """The cosine of each query (m, dimension) with each given row: (m, len(rows)).

        Equal to what search says of them, up to the rounding of single precision.
        """
        with np.errstate(invalid="ignore", over="ignore"):  # of a damaged vector, told below
            scores = queries @ self.vectors_of(rows).T
        return _cosines(np.asarray(scores, np.float32))

    def vectors_of(self, rows: Rows) -> Vectors:
        """The vectors of these rows, (len(rows), dimension), as the index keeps them."""
        if len(rows) == 0:
            return np.empty((0, self.dimension), np.float32)
        stored = self._stored.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return np.asarray(stored, np.float32)

    def _refined(self, k: int) -> Any:
        if self.facts.k_factor is None:
            return None
        import faiss

        return faiss.IndexRefineSearchParameters(k_factor=self._factor(k))  # type: ignore[call-arg]

    def _factor(self, k: int) -> float:
        """How many candidates for each row the compact index compares exactly: for a few rows as
        many as its recall was measured with, for many at least `REFINED` of each."""
        most = self.facts.k_factor or 1.0
        return max(most * RECALL_AT / k, min(most, REFINED))

    def _search_among(self, queries: Vectors, k: int, allowed: Marks) -> tuple[Vectors, Rows]:
        """The nearest of the marked rows, by what takes less: searching all of them deeper and
        leaving out the others, or comparing each of the marked ones."""
        import faiss

        count = int(np.count_nonzero(allowed))
        deep = int(DEEPER * k * self.count / count)
        found = None
        if self.facts.k_factor:
            if count > GATHERED * self._factor(k) * deep:
                found = self._gathered(queries, k, allowed, deep)
        elif count >= AT_ONCE * self.count and deep < self.count:
            found = self._left(queries, k, allowed, deep)
        if found:
            return found
        # FAISS reads this memory during the search: it needs a name to stay alive.
        packed = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(packed)  # type: ignore[call-arg, arg-type]
        among = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        # The compact index takes no selector; the vectors it stores do, searched exactly.
        scores, rows = self._stored.search(queries, k, params=among)
        return scores, rows

    def _left(
        self, queries: Vectors, k: int, allowed: Marks, deep: int
    ) -> tuple[Vectors, Rows] | None:
        """The first marked rows of a search so deep; None where it has too few."""
        scores, rows = self._stored.search(queries, deep)
        kept = allowed[rows]
        if (kept.sum(axis=1) < k).any():
            return None
        first = np.argsort(~kept, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, first, 1), np.take_along_axis(rows, first, 1)

    def _gathered(
        self, queries: Vectors, k: int, allowed: Marks, deep: int
    ) -> tuple[Vectors, Rows] | None:
        """The best of the marked rows that the compact index gathers so deep, compared exactly;
        None where it gathers too few."""
        wanted = int(self._factor(k) * k)
        _, gathered = self._index.base_index.search(queries, int(self._factor(k) * deep))
        results = []
        for query, near in zip(queries, gathered, strict=True):
            kept = near[(near >= 0) & allowed[near]][:wanted]
            if len(kept) < wanted:
                return None
            scores = self.scores_of(query[np.newaxis], kept)[0]
            best = np.argsort(-scores, kind="stable")[:k]
            results.append((scores[best], kept[best]))
        scores, rows = zip(*results, strict=True)
        return np.stack(scores), np.stack(rows)

    def _recall(self, vectors: Vectors, queries: Vectors, tenth: Vectors) -> float:
        _, rows = self.search(queries, RECALL_AT)
        scores = np.einsum("qd,qkd->qk", queries, vectors[rows])
        # By score, not by row: equal passages are equally right.
        return float((scores >= tenth[:, None] - 1e-6).mean())


def _checksum(path: Path, facts: IndexFacts) -> int:
    """The checksum of all that decides how the file is read, which is all but the stored vectors:
    they are by far the most, come last, and are mere numbers."""
    end = path.stat().st_size - (_BEHIND_VECTORS if facts.kind == COMPACT else 0)
    start = end - facts.count * facts.dimension * (4 if facts.kind == EXACT else 2)
    if start < 0:
        raise OSError(errno.EIO, "it is cut short", str(path))
    return checksum_of(path, leaving_out=range(start, end))


def _cosines(scores: Vectors) -> Vectors:
    """The scores; raises IndexDamaged unless all can be the cosines of unit vectors."""
    if not (np.abs(scores) <= _MOST_COSINE).all():  # which nothing is that is no number
        raise IndexDamaged(f"A vector of the index is damaged; {_ADVICE}.")
    return scores


def _fill(kind: str, vectors: Vectors) -> Any:
    import faiss

    _use_threads(len(vectors))
    index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    return index


def _probe(vectors: Vectors) -> tuple[Vectors, Vectors]:
    """Questions as a collection might get them, and the exact score of each one's tenth row.

    A question is a vector mixed with another: near the first, and still among texts, where
    random noise would not be.
    """
    import faiss

    random = np.random.default_rng(0)
    one, other = (random.integers(0, len(vectors), PROBES) for _ in range(2))
    queries = 0.7 * vectors[one] + 0.3 * vectors[other]
    queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-12)
    queries = np.ascontiguousarray(queries, np.float32)
    _use_threads(PROBES)
    k = min(RECALL_AT, len(vectors))
    scores, _ = faiss.knn(queries, vectors, k, metric=faiss.METRIC_INNER_PRODUCT)
    return queries, scores[:, -1]


def _use_threads(queries: int) -> None:
    import faiss

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    faiss.omp_set_num_threads((cores or 1) if queries >= MANY_QUERIES else 1)
