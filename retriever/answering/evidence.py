"""Kinds of evidence for candidates, and the candidates ranked by all of them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retriever.row_set import RowSet

FALL = 0.12
"""Of the score: how far behind the first a passage may be that is shown with it. Of 388 answered
questions of the fit it keeps 339 of 342 answering passages, and some for each question that had
any, and leaves out 27 % of the others. A fall of the score is one of the log-odds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for every candidate, in [0, 1], and its weight in the score, which is
    negative where it counts against."""

    name: str
    weight: float
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate rows with their scores in [0, 1], best first, and the evidence for each.

    `in_time` says of every row of the index, candidate or not, how well it lies in the question's
    periods, as `in_periods` does; it is None when the question names no period.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    evidence: tuple[Evidence, ...]
    in_time: NDArray[np.float64] | None = None

    def without(self, rows: Container[int]) -> Self:
        """The other candidates, in the same order."""
        return self._taken(np.array([row not in rows for row in self.rows.tolist()], np.bool_))

    def values(self, name: str) -> NDArray[np.float64]:
        """The values of one kind of evidence; zeros when there is none of it."""
        return next((e.values for e in self.evidence if e.name == name), np.zeros(len(self.rows)))

    def has(self, name: str) -> bool:
        """Whether there is this kind of evidence."""
        return any(each.name == name for each in self.evidence)

    @property
    def near_the_first(self) -> NDArray[np.bool_]:
        """Which candidates compete with the first."""
        near: NDArray[np.bool_] = self.scores >= self.scores.max(initial=0.0) - FALL
        return near

    def competing(self, rows: RowSet, document_of: NDArray[np.int64]) -> Self:
        """The candidates among these rows that compete with the best one of their own document.

        What a document says beside its answer is near the question too, since it has its title:
        alone it would be taken for the answer.
        """
        documents = document_of[self.rows]
        best = np.zeros(documents.max(initial=0) + 1)
        np.maximum.at(best, documents, self.scores)
        return self._taken((self.scores >= best[documents] - FALL) & rows.holding(self.rows))

    def first(self, count: int) -> Self:
        """The best candidates."""
        return self._taken(np.arange(min(count, len(self.rows))))

    def with_evidence(self, name: str, weight: float, values: NDArray[np.float64]) -> Self:
        """The candidates in their new order, when so much of the score is this evidence's."""
        rest = (replace(each, weight=each.weight * (1 - weight)) for each in self.evidence)
        ranked = type(self).of(self.rows, (*rest, Evidence(name, weight, values)))
        return replace(ranked, in_time=self.in_time)

    def weighed(self, weights: Mapping[str, float], more: Evidence) -> Self:
        """The candidates in their new order, when each kind of evidence, and one `more`, weighs as
        fitted: what counts for a candidate adds up to the whole score."""
        kinds = (*self.evidence, more)
        whole = sum(max(weights[each.name], 0.0) for each in kinds)
        weighed = (replace(each, weight=weights[each.name] / whole) for each in kinds)
        return replace(type(self).of(self.rows, tuple(weighed)), in_time=self.in_time)

    def against(self, *evidence: Evidence) -> Self:
        """The candidates in their new order, when so much of the score is taken from them, down to
        0. At most one of several kinds counts against a candidate."""
        taken = (
            Evidence(each.name, -each.weight, np.minimum(each.values, self.scores / each.weight))
            for each in evidence
        )
        return replace(type(self).of(self.rows, (*self.evidence, *taken)), in_time=self.in_time)

    @classmethod
    def of(cls, rows: NDArray[np.int64], evidence: tuple[Evidence, ...]) -> Self:
        """Rows with their evidence, best first; equal scores are in the order of rows."""
        scores = np.sum([each.weight * each.values for each in evidence], axis=0)
        return cls(rows, scores, evidence)._taken(np.lexsort((rows, -scores)))

    def _taken(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        evidence = tuple(replace(each, values=each.values[kept]) for each in self.evidence)
        return replace(self, rows=self.rows[kept], scores=self.scores[kept], evidence=evidence)
