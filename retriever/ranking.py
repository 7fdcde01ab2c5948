"""Ranking: dense and lexical evidence, fused into one score in [0, 1].

The fusion is a convex combination of theoretically normalised scores (Bruch, Gai and Ingber 2023,
"An Analysis of Fusion Functions for Hybrid Retrieval"): the cosine as it is, and BM25 divided by
the most that the question's terms could bring. Unlike ranks, these values mean the same for every
question, so a verdict can be read off them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retriever.answer import Share
from retriever.generation import Generation
from retriever.question import Reading

# Found by `pincite eval`: on both development sets 0.3 to 0.6 differ little, for both measures.
LEXICAL_WEIGHT = 0.4
DENSE_WEIGHT = 1 - LEXICAL_WEIGHT

FIELD_WEIGHTS: Mapping[str, float] = {
    "text": 1.0,
    "title": 0.7,
    "lead": 0.5,
    "when": 1.5,
    "under": 0.2,
}

_DEPTH = 200  # candidates from each side; more changed no answer of the development questions


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate rows with their scores, best first, and the two kinds of evidence for each."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    dense: NDArray[np.float64]
    lexical: NDArray[np.float64]

    def shares(self, position: int) -> tuple[Share, ...]:
        """What adds up to the score of the candidate at this position."""
        return (
            Share("meaning: cosine with the passage in context", float(self.dense[position]),
                  DENSE_WEIGHT),
            Share("words: BM25 over its ceiling", float(self.lexical[position]), LEXICAL_WEIGHT),
        )  # fmt: skip


def rank(
    generation: Generation, reading: Reading, allowed: NDArray[np.int64] | None = None
) -> Ranked:
    """The candidates of a question, best first; `allowed` restricts the rows.

    Equal scores are in the order of rows. Each candidate has both kinds of evidence, whichever side
    found it.
    """
    query = generation.encoder.encode([reading.text], question=True)
    passage_of = generation.store.passage_of
    vectors = None if allowed is None else np.flatnonzero(np.isin(passage_of, allowed))
    _, near = generation.vectors.search(query, _DEPTH, vectors)
    found = generation.lexical.search(reading.terms, FIELD_WEIGHTS, _DEPTH, allowed)

    rows = np.union1d(passage_of[near[0]], found.rows)
    unscored = np.setdiff1d(rows, found.rows)
    rest = generation.lexical.search(reading.terms, FIELD_WEIGHTS, len(unscored), unscored)
    ceiling = generation.lexical.ceiling(reading.terms, FIELD_WEIGHTS)
    lexical = np.zeros(len(rows))
    for ranking in (found, rest):
        lexical[np.searchsorted(rows, ranking.rows)] = ranking.scores / ceiling
    dense = _best_window(generation, query, rows)
    scores = DENSE_WEIGHT * dense + LEXICAL_WEIGHT * lexical
    order = np.lexsort((rows, -scores))
    return Ranked(rows[order], scores[order], dense[order], lexical[order])


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
