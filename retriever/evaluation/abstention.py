"""Measures of knowing when not to answer.

`answers` is 1 for each question whose first passage answers it, else 0; `certainty` orders the
questions, the surest highest. A measure of nothing is NaN.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10


def share(flags: Sequence[bool]) -> float:
    """The part of the flags that are set, in [0, 1]."""
    return sum(flags) / len(flags) if flags else math.nan


def auroc(positives: ArrayLike, negatives: ArrayLike) -> float:
    """The probability that a positive scores above a negative, ties counting one half.

    It is the area under the curve of true against false positives (Hanley and McNeil 1982).
    """
    above, below = np.sort(np.ravel(positives)), np.sort(np.ravel(negatives))
    if not len(above) or not len(below):
        return math.nan
    won = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(won.sum() / 2 / (len(above) * len(below)))


def risk_coverage(certainty: ArrayLike, answers: ArrayLike) -> NDArray[np.float64]:
    """The curve of risk against coverage: shape (questions, 2), coverage ascending.

    Were only the surest k of n questions answered, coverage would be k / n and risk the part of
    those k whose first passage does not answer (El-Yaniv and Wiener 2010). Questions of equal
    certainty share their risk evenly, so their order does not matter.
    """
    sure, wrong = np.ravel(certainty), 1 - np.ravel(np.asarray(answers, np.float64))
    _, group = np.unique(-sure, return_inverse=True)
    shared = np.bincount(group, wrong) / np.bincount(group)
    taken = np.arange(1, len(sure) + 1)
    return np.column_stack([taken / len(sure), np.cumsum(shared[np.sort(group)]) / taken])


def area_under(curve: NDArray[np.float64]) -> float:
    """The mean risk over all coverages, in [0, 1], lower is better (Geifman and others 2019)."""
    return float(curve[:, 1].mean()) if len(curve) else math.nan


def calibration_error(probabilities: ArrayLike, answers: ArrayLike) -> float:
    """The expected calibration error, in [0, 1]: how far probabilities are from what happens.

    The questions are cut, by probability, into `BINS` bins of equal size. Each brings the distance
    of its mean probability from the part that is answered, by its share of the questions (Naeini
    and others 2015; equal sizes after Nguyen and O'Connor 2015).
    """
    believed, true = np.ravel(probabilities), np.ravel(np.asarray(answers, np.float64))
    if not len(believed):
        return math.nan
    order = np.argsort(believed, kind="stable")
    bins = [each for each in np.array_split(order, BINS) if len(each)]
    gaps = [abs(float(believed[each].sum() - true[each].sum())) for each in bins]
    return sum(gaps) / len(believed)
