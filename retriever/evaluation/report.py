"""The report of an evaluation: how each question went, and the figures that sum it up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retriever.answering.answer import Verdict
from retriever.evaluation.abstention import (
    area_under,
    auroc,
    calibration_error,
    risk_coverage,
    share,
)
from retriever.evaluation.baselines import BASELINES
from retriever.evaluation.bootstrap import Estimate, estimates
from retriever.evaluation.cases import Case
from retriever.evaluation.ranking_metrics import complete, ndcg, reciprocal_rank, success

OURS, IN_FULL = "pincite", "in full"
SYSTEMS = (OURS, *BASELINES, IN_FULL)
"""Ours, what it must beat, and ours where a follow-up is written out in full."""

Parts = Sequence[frozenset[int]]
"""The rows of each passage that answers; of a whole answer when any one of them is enough."""

MEASURES: Mapping[str, Callable[[Sequence[int], set[int], Parts], float]] = {
    "success@1": lambda ranking, gold, parts: success(ranking, gold, 1),
    "success@3": lambda ranking, gold, parts: success(ranking, gold, 3),
    "success@5": lambda ranking, gold, parts: success(ranking, gold, 5),
    "complete@5": lambda ranking, gold, parts: complete(ranking, parts, 5),
    "MRR@10": lambda ranking, gold, parts: reciprocal_rank(ranking, gold, 10),
    "nDCG@5": lambda ranking, gold, parts: ndcg(ranking, gold, 5),
    "nDCG@10": lambda ranking, gold, parts: ndcg(ranking, gold, 10),
}


@dataclass(frozen=True, slots=True)
class Result:
    """How one question went.

    `measures` holds each system's, and nothing for a question without an answer. `score` is that of
    the first passage, `first` its place and `answers` whether it answers. `lost` counts the answers
    whose passage is not in the index. `milliseconds` took the reading, ranking and verdict.
    `marked` says for each answer whose sentences are known whether one of them is highlighted.
    """

    case: Case
    measures: Mapping[str, Mapping[str, float]]
    verdict: Verdict
    reason: str
    score: float
    first: str
    answers: bool
    lost: int
    milliseconds: float
    marked: Sequence[bool] = ()

    @property
    def certainty(self) -> float:
        """Orders results by how sure the answer was: by the verdict, and within it by the score."""
        return {Verdict.FOUND: 2, Verdict.RELATED: 1, Verdict.NONE: 0}[self.verdict] + self.score


Results = Sequence[Result]


def answerable(results: Results) -> list[Result]:
    """Those whose question has an answer in the corpus."""
    return [each for each in results if each.case.answers]


def unanswerable(results: Results) -> list[Result]:
    """Those whose question has none."""
    return [each for each in results if not each.case.answers]


def refused(results: Results) -> list[bool]:
    """For each whether the verdict was not `found`."""
    return [each.verdict is not Verdict.FOUND for each in results]


def nothing_shown(results: Results) -> list[bool]:
    """For each whether the verdict was `none`."""
    return [each.verdict is Verdict.NONE for each in results]


def curve_of(results: Results) -> NDArray[np.float64]:
    """The risk-coverage curve, of shape (questions, 2)."""
    return risk_coverage([each.certainty for each in results], [each.answers for each in results])


def _percentile(percent: int) -> Callable[[Results], float]:
    def latency(results: Results) -> float:
        times = [each.milliseconds for each in results]
        return float(np.percentile(times, percent)) if times else float("nan")

    return latency


FIGURES: Mapping[str, Callable[[Results], float]] = {
    # Of refusing: what was refused had no answer; what has no answer was refused.
    "precision": lambda results: share(
        [not each.case.answers for each in results if each.verdict is not Verdict.FOUND]
    ),
    "recall": lambda results: share(refused(unanswerable(results))),
    # The mistakes: the answerable that were refused, the unanswerable that were found.
    "refused": lambda results: share(refused(answerable(results))),
    # Of the answerable, those for which nothing is shown.
    "none": lambda results: share(nothing_shown(answerable(results))),
    "found": lambda results: share([not each for each in refused(unanswerable(results))]),
    "AUROC": lambda results: auroc(
        [each.certainty for each in answerable(results)],
        [each.certainty for each in unanswerable(results)],
    ),
    "AURC": lambda results: area_under(curve_of(results)),
    "ECE": lambda results: calibration_error(
        [each.score for each in results], [each.answers for each in results]
    ),
    "p50": _percentile(50),
    "p95": _percentile(95),
    "p99": _percentile(99),
    "marked": lambda results: share([right for each in results for right in each.marked]),
    "lost": lambda results: float(sum(each.lost for each in results)),
}
HIGHER_IS_BETTER = frozenset({*MEASURES, "precision", "recall", "AUROC", "marked"})


@dataclass(frozen=True, slots=True)
class Report:
    """All results, and the generation that answered for each corpus."""

    results: tuple[Result, ...]
    generations: Mapping[str, str]

    def of_type(self, kind: str | None) -> list[Result]:
        """The results of one type of question, or all."""
        return [each for each in self.results if kind in (None, each.case.type)]

    def types(self) -> list[str]:
        """The types of the questions, in alphabetical order."""
        return sorted({each.case.type for each in self.results})

    def estimates(
        self, system: str, kind: str | None = None, *, over: str | None = None
    ) -> dict[str, Estimate]:
        """Each measure's mean with its interval; with `over`, of the gain over another system.

        They are taken over the questions with an answer that were asked of both.
        """
        asked = [
            each.measures
            for each in self.of_type(kind)
            if system in each.measures and (over is None or over in each.measures)
        ]
        table = np.array(
            [
                [each[system][name] - (each[over][name] if over else 0.0) for name in MEASURES]
                for each in asked
            ]
        ).reshape(-1, len(MEASURES))
        return dict(zip(MEASURES, estimates(table), strict=True))

    def figure(self, name: str, kind: str | None = None) -> float:
        """A mean of `MEASURES` or one of `FIGURES`, of one type or of all; may be NaN."""
        results = self.of_type(kind)
        if name in FIGURES:
            return FIGURES[name](results) if results else float("nan")
        values = [each.measures[OURS][name] for each in results if OURS in each.measures]
        return float(np.mean(values)) if values else float("nan")
