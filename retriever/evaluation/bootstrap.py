"""How far a mean over questions can be trusted: percentile bootstrap intervals (Efron 1979).

Questions are drawn with replacement, all columns of a draw together: the interval of a difference
between two systems is that of the differences question by question, the paired bootstrap.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 5_000
LEVEL = 0.95
FEWEST = 5
"""Questions below which no interval is given: resampling so few says nothing."""

_SEED = 20_231_017  # any; fixed, so that the same results give the same intervals
_AT_ONCE = 500  # draws


def intervals(values: ArrayLike) -> NDArray[np.float64]:
    """The 95 % interval of each column's mean: shape (2, m) for values of shape (questions, m).

    The first row holds the lower ends; all are NaN for fewer than `FEWEST` questions.
    """
    table = np.asarray(values, np.float64)
    count, columns = table.shape
    if count < FEWEST:
        return np.full((2, columns), np.nan)
    random = np.random.default_rng(_SEED)
    even = np.full(count, 1 / count)
    # A drawing is how often each question is drawn; a mean is then a product.
    means = [
        random.multinomial(count, even, size=_AT_ONCE) @ table / count
        for _ in range(DRAWS // _AT_ONCE)
    ]
    outside = (1 - LEVEL) / 2
    return np.asarray(np.quantile(np.concatenate(means), [outside, 1 - outside], axis=0))


class Estimate(NamedTuple):
    """A mean with the interval it can be trusted to lie in; the ends may be NaN."""

    mean: float
    low: float
    high: float


def estimates(values: ArrayLike) -> list[Estimate]:
    """The estimate of each column's mean, for values of shape (questions, m)."""
    table = np.asarray(values, np.float64)
    means = table.mean(axis=0) if len(table) else np.full(table.shape[1], np.nan)
    return [Estimate(*map(float, each)) for each in zip(means, *intervals(table), strict=True)]
