"""Ranking: dense and lexical evidence, fused into one score in [0, 1].

The fusion is a convex combination of theoretically normalised scores (Bruch, Gai and Ingber 2023,
"An Analysis of Fusion Functions for Hybrid Retrieval"): the cosine as it is, and BM25 divided by
the most that the question's terms could bring. Unlike ranks, these values mean the same for every
question, so a verdict can be read off them.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retriever.answer import Share
from retriever.generation import Generation
from retriever.lexical import Ranking, terms_of
from retriever.question import Reading

# Found by `pincite eval`: on both development sets 0.5 to 0.6 differ little, for both measures.
MEANING_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.4
COVERAGE_WEIGHT = 0.1
FIELD_WEIGHTS: Mapping[str, float] = {
    "text": 1.0,
    "title": 1.0,
    "lead": 1.0,
    "when": 1.0,
    "under": 0.5,
}

# Of the whole score, where a question asks what came of a meeting: with it MRR@10 of such questions
# rises on both development sets, and between 0.1 and 0.2 differs little.
OUTCOME_WEIGHT = 0.15
_OUTCOMES = terms_of(
    "agree decide commit pledge resolve promise undertake undertook conclude adopt sign establish"
)
_ASKS_FOR_OUTCOME = frozenset(terms_of("agree decide commit pledge resolve promise outcome result"))

_DEPTH = 200  # candidates from each side; more changed no answer of the development questions


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for every candidate, in [0, 1], and its weight in the score."""

    name: str
    weight: float
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate rows with their scores in [0, 1], best first, and the evidence for each."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    evidence: tuple[Evidence, ...]

    def without(self, rows: Container[int]) -> Self:
        """The other candidates, in the same order."""
        kept = np.array([row not in rows for row in self.rows.tolist()], np.bool_)
        evidence = (Evidence(each.name, each.weight, each.values[kept]) for each in self.evidence)
        return type(self)(self.rows[kept], self.scores[kept], tuple(evidence))

    def shares(self, position: int) -> tuple[Share, ...]:
        """What adds up to the score of the candidate at this position."""
        return tuple(
            Share(each.name, float(each.values[position]), each.weight) for each in self.evidence
        )


def rank(
    generation: Generation, reading: Reading, allowed: NDArray[np.int64] | None = None
) -> Ranked:
    """The candidates of a question, best first; `allowed` restricts the rows.

    Equal scores are in the order of rows. Each candidate has every kind of evidence, whichever side
    found it.
    """
    query = generation.encoder.encode([reading.text], question=True)
    passage_of = generation.store.passage_of
    vectors = None if allowed is None else np.flatnonzero(np.isin(passage_of, allowed))
    _, near = generation.vectors.search(query, _DEPTH, vectors)
    found = generation.lexical.search(reading.terms, FIELD_WEIGHTS, _DEPTH, allowed)
    rows = np.union1d(passage_of[near[0]], found.rows)

    base = 1 - OUTCOME_WEIGHT if _ASKS_FOR_OUTCOME.intersection(reading.terms) else 1.0
    evidence = [
        Evidence("meaning", base * MEANING_WEIGHT, _best_window(generation, query, rows)),
        Evidence("words", base * LEXICAL_WEIGHT, _words(generation, reading, rows, found)),
        Evidence("coverage", base * COVERAGE_WEIGHT, generation.lexical.held(reading.terms, rows)),
    ]
    if base < 1:
        evidence.append(Evidence("outcome", OUTCOME_WEIGHT, _outcome(generation, rows)))
    scores = np.sum([each.weight * each.values for each in evidence], axis=0)
    order = np.lexsort((rows, -scores))
    sorted_evidence = (Evidence(e.name, e.weight, e.values[order]) for e in evidence)
    return Ranked(rows[order], scores[order], tuple(sorted_evidence))


def _words(
    generation: Generation, reading: Reading, rows: NDArray[np.int64], found: Ranking
) -> NDArray[np.float64]:
    """The BM25 of each row over the most that the question's terms could bring."""
    values = np.zeros(len(rows))
    unscored = np.setdiff1d(rows, found.rows)
    rest = generation.lexical.search(reading.terms, FIELD_WEIGHTS, len(unscored), unscored)
    for ranking in (found, rest):
        values[np.searchsorted(rows, ranking.rows)] = ranking.scores
    return values / generation.lexical.ceiling(reading.terms, FIELD_WEIGHTS)


def _outcome(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 for a paragraph that reports what somebody undertook, 0 for others and for spoken words."""
    found = generation.lexical.search(_OUTCOMES, {"text": 1.0}, len(rows), rows).rows.tolist()
    reporting = set(found) - generation.store.spoken(found)
    return np.array([float(row in reporting) for row in rows.tolist()])


def _best_window(
    generation: Generation, query: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The best cosine of each row's windows with the question, not below 0."""
    best = np.zeros(len(rows))
    np.maximum(best, generation.vectors.scores_of(query, rows)[0], out=best)
    count = generation.store.count
    further = np.flatnonzero(np.isin(generation.store.passage_of[count:], rows)) + count
    at = np.searchsorted(rows, generation.store.passage_of[further])
    np.maximum.at(best, at, generation.vectors.scores_of(query, further)[0])
    return best
