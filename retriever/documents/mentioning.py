"""Which documents mention something: those that say it in their title or in a passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retriever.documents.wordings import Wording
from retriever.index.generation import Generation
from retriever.row_set import RowSet


@dataclass(frozen=True, slots=True)
class Mentions:
    """The documents that mention all of some wordings, by number, ascending; and the rows of theirs
    that say one, with how many of them each says.

    Unless they are `complete`, there are more.
    """

    documents: NDArray[np.int64]
    rows: NDArray[np.int64]
    said: NDArray[np.int64]
    complete: bool = True


def mentions_of(
    generation: Generation,
    wordings: Sequence[Wording],
    among: RowSet | None = None,
    *,
    together: bool = False,
    most: int = 0,
) -> Mentions:
    """The documents that mention each wording in the rows `among` all, or all of them `together` in
    one passage. With `most`, a wording of more rows than that is followed no further."""
    document_of = generation.document_of
    found: list[NDArray[np.int64]] = []
    documents, complete = np.empty(0, np.int64), True
    for number, wording in enumerate(wordings):
        if number and complete:
            among = RowSet.of(generation.store.rows_of(documents.tolist()), generation.store.count)
        rows = generation.lexical.rows_holding(wording.phrases, among, most)
        complete = complete and (not most or len(rows) < most)
        found.append(_verified(generation, wording, rows))
        held = np.unique(document_of[found[-1]])
        documents = np.intersect1d(documents, held) if number else held
    rows, said = np.unique(np.concatenate([*found, np.empty(0, np.int64)]), return_counts=True)
    if together:
        rows, said = rows[said == len(wordings)], said[said == len(wordings)]
        documents = np.unique(document_of[rows])
    within = np.isin(document_of[rows], documents)
    return Mentions(documents, rows[within], said[within], complete)


def _verified(
    generation: Generation, wording: Wording, rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The rows that say the wording: the index has folded their case, and has with the first row of
    a document what stands outside of its passages."""
    before = generation.document_of[np.maximum(rows - 1, 0)]
    first = (rows == 0) | (generation.document_of[rows] != before)
    doubtful = rows if wording.written else rows[first]
    opening = set(rows[first].tolist())
    lacking = [
        row
        for row, title, words in generation.store.words_of(doubtful.tolist())
        if not wording.stands_in(f"{title}\n{words}" if row in opening else words)
    ]
    return np.setdiff1d(rows, lacking)
