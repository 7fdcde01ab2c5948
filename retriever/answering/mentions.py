"""What mentions a name, in whatever form the documents use."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of

RARE = 0.05
"""The part of the passages that a last name may be in to count as the whole name."""
_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium


def mentioning(generation: Generation, documents: Collection[int], name: str) -> set[int]:
    """Those of the documents, by number, that mention the name.

    All its words in one passage with its context; or its rare last word alone, since Liz Truss is
    also Elizabeth Truss; or of a single word another ending, since Belgians are from Belgium.
    """
    lexical, among = generation.lexical, generation.store.rows_of(sorted(documents))
    rows = [lexical.rows_with(terms, among=among) for terms in _forms(generation, name)]
    word = terms_of(name)
    if len(name.split()) == len(word) == 1 and len(word[0]) >= _STEM - 1 and len(name) >= _STEM:
        rows.append(lexical.rows_like(word[0][: max(4, len(word[0]) - 2)], among=among))
    return {number for each in rows for number in generation.document_of[each].tolist()}


def _forms(generation: Generation, name: str) -> list[list[str]]:
    """The terms of which a passage that mentions the name holds all: those of the whole name, or of
    its rare last word."""
    forms, words = [terms_of(name)], name.split(" of ")[0].split()
    if len(name.split()) > 1 and words and generation.spellings.is_name(words[-1]):
        lexical, last = generation.lexical, terms_of(words[-1])
        if last and all(lexical.passages_with(term) <= RARE * lexical.count for term in last):
            forms.append(last)
    return forms


def never_beside(
    generation: Generation,
    names: Sequence[str],
    terms: Iterable[str],
    among: NDArray[np.int64] | None = None,
) -> list[str]:
    """Those of the terms that no passage, or none of the rows `among` all, holds with its context
    together with one of the names; none of them when nothing mentions these."""
    holds = generation.lexical.holds
    forms = [form for name in names for form in _forms(generation, name) if holds(form, among)]
    return [
        term
        for term in (terms if forms else ())
        if not any(holds([*form, term], among) for form in forms)
    ]


def any_mentions_all(
    generation: Generation, documents: Collection[int], names: Sequence[str]
) -> bool:
    """Whether one of the documents mentions every one of the names."""
    left = set(documents)
    for name in names:
        left &= mentioning(generation, left, name) if left else left
    return bool(left)
