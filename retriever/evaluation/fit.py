"""Fitting a calibration to questions with known answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, softmax

from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.reranking import RERANKER
from retriever.answering.verdict import facts_of_ranking
from retriever.index.calibration import KINDS, OF_PASSAGES, OF_QUESTIONS, Calibration, Logistic

LIKELY = 0.5
"""From what probability on an answer counts as found."""
NOT_EVEN_NEAR = 0.015
"""The part of the answerable questions for which nothing at all is shown."""
UNLIKE = 0.005
"""The part of the answerable questions whose nearest passage counts as unlike them."""

_MARGIN = 0.02  # of a cosine: the next question may lie below the least of a hundred
_RIDGE = 0.1  # next to nothing against hundreds of questions; keeps few from giving infinity
_TOWARDS = 1.0  # of the weights, towards those that were there before
_FOR, _AGAINST = (0, None), (None, 0)
_SPEAKS = {
    **dict.fromkeys(("score", "nearest", "covered", "read"), _FOR),
    **dict.fromkeys(("lacking", "elsewhere", "apart"), _AGAINST),
}
"""What a fact can say of an answer, whatever the questions of a fit happen to be like."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question of the fit: its candidates, the facts of it, and the rows that answer it."""

    ranked: Ranked
    facts: Mapping[str, float]
    gold: frozenset[int]

    @property
    def answered(self) -> bool:
        """Whether the first candidate answers."""
        return not self.gold.isdisjoint(self.ranked.rows[:1].tolist())


def fit(
    model: str, samples: Sequence[Sample], before: Mapping[str, float] | None = None
) -> Calibration:
    """The calibration of least logistic loss, with a small ridge.

    Where candidates were read, the weights of all evidence are fitted first, near those `before`.
    A question counts as answerable with the passages that answer it, and once more, as not, without
    them. `near_from` lets through all but `NOT_EVEN_NEAR` of the answerable questions, and
    `alike_from` all but `UNLIKE`.
    """
    read = any(sample.ranked.has(RERANKER) for sample in samples)
    weights = fitted_weights(samples, before) if before and read else {}
    if weights:
        samples = [_weighed(sample, weights) for sample in samples]
    values = [_values(sample) for sample in samples]
    passage = _logistic(values, OF_PASSAGES, [sample.answered for sample in samples])
    without = [each for each in map(_without_answers, samples) if each]
    asked = [*samples, *without]
    unanswerable = len(samples) - len(without)
    # A question without its answers is no new question: both kinds count as those without any.
    share = unanswerable / (unanswerable + len(without))
    question = _logistic(
        [_values(each) for each in asked],
        OF_QUESTIONS,
        [bool(each.gold) for each in asked],
        [1.0 if each.gold else share for each in asked],
    )
    unset = Calibration(model, passage, question, LIKELY, 0.0, 0.0, weights)
    answerable = [_values(each) for each in samples if each.gold]
    believed = list(map(unset.answered, answerable))
    near = min(LIKELY, float(np.quantile(believed, NOT_EVEN_NEAR, method="lower")))
    nearest = [facts["nearest"] for facts in answerable]
    alike = float(np.quantile(nearest, UNLIKE, method="lower")) - _MARGIN
    return replace(unset, near_from=near, alike_from=alike)


def _weighed(sample: Sample, weights: Mapping[str, float]) -> Sample:
    read = Evidence(RERANKER, 0.0, sample.ranked.values(RERANKER))
    others = tuple(each for each in sample.ranked.evidence if each.name != RERANKER)
    ranked = replace(sample.ranked, evidence=others)
    return replace(sample, ranked=ranked.weighed(weights, read))


def _values(sample: Sample) -> dict[str, float]:
    score = float(sample.ranked.scores[:1].sum())
    return {"score": score, **sample.facts, **facts_of_ranking(sample.ranked)}


def fitted_weights(samples: Sequence[Sample], before: Mapping[str, float]) -> dict[str, float]:
    """The weights at which the passages that answer come first: a conditional logit (McFadden 1974)
    over the candidates that were read, with a ridge towards the weights `before`, whose signs stay.
    """
    tables = [_table(sample) for sample in samples]
    tables = [(values, gold) for values, gold in tables if gold.any() and not gold.all()]
    start = np.array([before[kind] for kind in KINDS])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = _TOWARDS / 2 * float(((weights - start) ** 2).sum())
        gradient = _TOWARDS * (weights - start)
        for values, gold in tables:
            scores = values @ weights
            likely, right = softmax(scores), softmax(np.where(gold, scores, -np.inf))
            total -= float(np.log(likely[gold].sum()))
            gradient += (likely - right) @ values
        return total, gradient

    bounds = [(0, None) if each > 0 else (None, 0) for each in start.tolist()]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(KINDS, found.x.tolist(), strict=True))


def _table(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The evidence of the candidates that were read, shape (candidates, kinds), and whether each
    answers."""
    read = np.flatnonzero(sample.ranked.values(RERANKER))
    values = np.stack([sample.ranked.values(kind)[read] for kind in KINDS], axis=1)
    return values, np.isin(sample.ranked.rows[read], list(sample.gold))


def _without_answers(sample: Sample) -> Sample | None:
    """The question when the passages that answer it are taken away; None of one without any."""
    ranked = sample.ranked.without(sample.gold)
    return replace(sample, ranked=ranked, gold=frozenset()) if sample.gold else None


def _logistic(
    values: Sequence[Mapping[str, float]],
    names: Sequence[str],
    labels: Sequence[bool],
    counts: Sequence[float] | None = None,
) -> Logistic:
    """The logistic regression of least loss at which each fact speaks as it can, for or against."""
    features = np.array([[1.0, *(each[name] for name in names)] for each in values])
    wanted = np.where(labels, 1.0, -1.0)
    weight = np.ones(len(values)) if counts is None else np.array(counts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = wanted * (features @ weights)
        ridge = np.array([0.0, *weights[1:]]) * _RIDGE
        total = float((weight * np.logaddexp(0, -margin)).sum() + (ridge * weights).sum() / 2)
        return total, ridge - features.T @ (weight * wanted * expit(-margin))

    bounds = [(None, None), *(_SPEAKS.get(name, (None, None)) for name in names)]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds)
    intercept, *others = found.x.tolist()
    return Logistic(intercept, dict(zip(names, others, strict=True)))
