"""Which candidates compete with the best one, so that they are shown with it."""

import numpy as np
from numpy.typing import NDArray

from retriever.answering.evidence import Ranked
from retriever.index.generation import Generation
from retriever.row_set import RowSet

FALL = 0.12
"""Of the score: how far behind the first a passage may be that is shown with it. Of 388 answered
questions of the fit it keeps 339 of 342 answering passages, and some for each question that had
any, and leaves out 27 % of the others. A fall of the score is one of the log-odds."""


def near_the_first(ranked: Ranked) -> NDArray[np.bool_]:
    """Which candidates compete with the first."""
    near: NDArray[np.bool_] = ranked.scores >= ranked.scores.max(initial=0.0) - FALL
    return near


def competing_among(generation: Generation, ranked: Ranked, rows: RowSet) -> Ranked:
    """The candidates among these rows that compete with the best one of their own document.

    What a document says beside its answer is near the question too, since it has its title: alone
    it would be taken for the answer.
    """
    documents = generation.document_of[ranked.rows]
    best = np.zeros(documents.max(initial=0) + 1)
    np.maximum.at(best, documents, ranked.scores)
    competing = (ranked.scores >= best[documents] - FALL) & rows.holding(ranked.rows)
    return ranked.without(set(ranked.rows[~competing].tolist()))
