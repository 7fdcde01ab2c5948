"""Measures of a ranking against the passages that answer; all lie in [0, 1], higher is better.

A ranking is a sequence of rows, best first; `gold` is the set of rows that answer.
"""

import math
from collections.abc import Collection, Sequence

DEPTH = 10


def success(ranking: Sequence[int], gold: Collection[int], depth: int) -> float:
    """1 when one of the first `depth` rows answers, else 0."""
    return float(any(row in gold for row in ranking[:depth]))


def reciprocal_rank(ranking: Sequence[int], gold: Collection[int]) -> float:
    """1 / the rank of the first row among ten that answers, else 0 (its mean is MRR@10)."""
    return next((1 / rank for rank, row in enumerate(ranking[:DEPTH], 1) if row in gold), 0.0)


def ndcg(ranking: Sequence[int], gold: Collection[int]) -> float:
    """Normalised discounted cumulative gain of ten rows, with binary gains.

    The sum of 1 / log2(rank + 1) over the answering rows, divided by the best possible sum
    (Järvelin and Kekäläinen 2002).
    """
    gains = [1 / math.log2(rank + 1) for rank in range(1, DEPTH + 1)]
    best = sum(gains[: len(gold)])
    got = sum(gain for gain, row in zip(gains, ranking, strict=False) if row in gold)
    return got / best if best else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The probability that a positive scores above a negative, ties counting one half."""
    if not positives or not negatives:
        return math.nan
    won = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return won / (len(positives) * len(negatives))
