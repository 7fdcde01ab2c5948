"""Fitting a calibration to questions with known answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retriever.index.calibration import OF_PASSAGES, OF_QUESTIONS, Calibration, Logistic

NOT_FOUND = 0.12
"""The part of the answerable questions whose passages are shown as near only. On questions that the
fit had not seen, less of them let in many more questions that the documents are not about."""
NOT_EVEN_NEAR = 0.02
"""The part of the answerable questions for which nothing at all is shown."""

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

    `found_from` lets through all but `NOT_FOUND` of the answerable questions, `near_from` all but
    `NOT_EVEN_NEAR`.
    """
    passage = _logistic(samples, OF_PASSAGES, [sample.answers for sample in samples])
    question = _logistic(samples, OF_QUESTIONS, [sample.answerable for sample in samples])
    believed = [
        float(question.probability(np.array([sample.score]), sample.facts)[0])
        for sample in samples
        if sample.answerable
    ]
    found, near = np.quantile(believed, [NOT_FOUND, NOT_EVEN_NEAR], method="lower").tolist()
    return Calibration(model, passage, question, found, near)


def _logistic(samples: Sequence[Sample], facts: Sequence[str], labels: Sequence[bool]) -> Logistic:
    rows = [[1.0, sample.score, *(sample.facts[name] for name in facts)] for sample in samples]
    features, wanted = np.array(rows), np.array(labels, float)
    ridge = _RIDGE * np.diag([0.0, *np.ones(features.shape[1] - 1)])
    weights = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        believed = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (wanted - believed) - ridge @ weights
        bend = (features * (believed * (1 - believed))[:, None]).T @ features + ridge
        weights += np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), gradient)
    intercept, slope, *others = weights.tolist()
    return Logistic(intercept, slope, dict(zip(facts, others, strict=True)))
