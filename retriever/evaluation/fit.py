"""Fitting a calibration to questions with known answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from retriever.index.calibration import FACTS, Calibration

REFUSED = 0.05
"""The part of the answerable questions that may be refused."""

_RIDGE = 0.1  # next to nothing against hundreds of questions; keeps few from giving infinity
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Sample:
    """One question of the fit: its first passage's score, its facts, and how it is judged."""

    score: float
    facts: Mapping[str, float]
    answers: bool
    answerable: bool


def fit(model: str, samples: Sequence[Sample]) -> Calibration:
    """The calibration of least logistic loss, with a small ridge, by Newton's method.

    `found_from` lets through all but `REFUSED` of the answerable questions.
    """
    rows = [[1.0, sample.score, *(sample.facts[name] for name in FACTS)] for sample in samples]
    features, labels = np.array(rows), np.array([sample.answers for sample in samples], float)
    ridge = _RIDGE * np.diag([0.0, *np.ones(features.shape[1] - 1)])
    weights = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        believed = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (labels - believed) - ridge @ weights
        bend = (features * (believed * (1 - believed))[:, None]).T @ features + ridge
        weights += np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), gradient)
    facts = dict(zip(FACTS, weights[2:].tolist(), strict=True))
    unset = Calibration(model, float(weights[0]), float(weights[1]), facts, 0.5)
    answerable = [
        float(unset.probability(np.array([sample.score]), sample.facts)[0])
        for sample in samples
        if sample.answerable
    ]
    return replace(unset, found_from=_threshold(answerable))


def _threshold(believed: ArrayLike) -> float:
    return float(np.quantile(np.ravel(believed), REFUSED, method="lower"))
