"""Fitting a calibration to questions with known answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retriever.index.calibration import OF_PASSAGES, OF_QUESTIONS, Calibration, Logistic

NOT_FOUND = 0.12
"""The part of the answerable questions whose passages are shown as near only. On questions that the
fit had not seen, less of them let in many more questions that the documents are not about."""
NOT_EVEN_NEAR = 0.015
"""The part of the answerable questions for which nothing at all is shown."""

UNLIKE = 0.005
"""The part of the answerable questions whose nearest passage counts as unlike them."""

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
    `NOT_EVEN_NEAR`, and `alike_from` all but `UNLIKE`.
    """
    values = [{"score": sample.score, **sample.facts} for sample in samples]
    passage = _logistic(values, OF_PASSAGES, [sample.answers for sample in samples])
    question = _logistic(values, OF_QUESTIONS, [sample.answerable for sample in samples])
    unset = Calibration(model, passage, question, 0.5, 0.5, 0.5)
    answerable = [sample.facts for sample in samples if sample.answerable]
    believed = list(map(unset.answered, answerable))
    found, near = np.quantile(believed, [NOT_FOUND, NOT_EVEN_NEAR], method="lower").tolist()
    nearest = [facts["nearest"] for facts in answerable]
    alike = float(np.quantile(nearest, UNLIKE, method="lower"))
    return replace(unset, found_from=found, near_from=near, alike_from=alike)


def _logistic(
    values: Sequence[Mapping[str, float]], names: Sequence[str], labels: Sequence[bool]
) -> Logistic:
    features = np.array([[1.0, *(each[name] for name in names)] for each in values])
    wanted = np.array(labels, float)
    ridge = _RIDGE * np.diag([0.0, *np.ones(features.shape[1] - 1)])
    weights = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        believed = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (wanted - believed) - ridge @ weights
        bend = (features * (believed * (1 - believed))[:, None]).T @ features + ridge
        weights += np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), gradient)
    intercept, *others = weights.tolist()
    return Logistic(intercept, dict(zip(names, others, strict=True)))
