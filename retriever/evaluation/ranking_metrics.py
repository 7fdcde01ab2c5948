"""Measures of a ranking against the passages that answer; all lie in [0, 1], higher is better.

A ranking is a sequence of rows, best first; `gold` is the set of rows that answer.
"""

import math
from collections.abc import Collection, Sequence


def success(ranking: Sequence[int], gold: Collection[int], depth: int) -> float:
    """1 when one of the first `depth` rows answers, else 0."""
    return float(any(row in gold for row in ranking[:depth]))


def complete(ranking: Sequence[int], parts: Sequence[Collection[int]], depth: int) -> float:
    """1 when the first `depth` rows hold a row of every part of the answer, else 0."""
    return float(bool(parts) and all(success(ranking, part, depth) for part in parts))


def reciprocal_rank(ranking: Sequence[int], gold: Collection[int], depth: int) -> float:
    """1 / the rank of the first row among `depth` that answers, else 0 (its mean is MRR)."""
    return next((1 / rank for rank, row in enumerate(ranking[:depth], 1) if row in gold), 0.0)


def ndcg(ranking: Sequence[int], gold: Collection[int], depth: int) -> float:
    """Normalised discounted cumulative gain of `depth` rows, with binary gains.

    The sum of 1 / log2(rank + 1) over the answering rows, divided by the best possible sum
    (Järvelin and Kekäläinen 2002).
    """
    gains = [1 / math.log2(rank + 1) for rank in range(1, depth + 1)]
    best = sum(gains[: len(gold)])
    got = sum(gain for gain, row in zip(gains, ranking, strict=False) if row in gold)
    return got / best if best else 0.0
