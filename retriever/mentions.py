"""Which documents mention a name, in whatever form the documents use."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retriever.generation import Generation
from retriever.terms import terms_of

RARE = 0.05
"""The part of the documents that a last name may be in to stand for the whole name."""
_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium


def documents_with(generation: Generation, name: str) -> NDArray[np.bool_]:
    """Which documents mention the name, by document number.

    All its words in one passage with its context; or its rare last word alone, since Liz Truss is
    also Elizabeth Truss; or of a single word another ending, since Belgians are from Belgium.
    """
    lexical = generation.lexical
    found = _of_rows(generation, lexical.rows_with(terms_of(name)))
    words = name.split(" of ")[0].split()
    last = terms_of(words[-1]) if words else []
    if len(name.split()) > 1 and last and generation.lexicon.is_name(words[-1]):
        alone = _of_rows(generation, lexical.rows_with(last))
        if alone.sum() <= RARE * len(alone):
            found |= alone
    elif len(name.split()) == len(last) == 1 and len(last[0]) >= _STEM - 1 and len(name) >= _STEM:
        found |= _of_rows(generation, lexical.rows_like(last[0][: max(4, len(last[0]) - 2)]))
    return found


def documents_with_all(generation: Generation, names: Sequence[str]) -> NDArray[np.bool_]:
    """Which documents mention every one of the names, by document number."""
    every = np.ones(len(generation.days.newest), np.bool_)
    for name in names:
        every &= documents_with(generation, name)
    return every


def _of_rows(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = np.zeros(len(generation.days.newest), np.bool_)
    found[generation.document_of[rows]] = True
    return found
