"""Which documents mention a name, in whatever form the documents use."""

from collections.abc import Collection, Sequence

from retriever.generation import Generation
from retriever.terms import terms_of

RARE = 0.05
"""The part of the passages that a last name may be in to stand for the whole name."""
_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium


def mentioning(generation: Generation, documents: Collection[int], name: str) -> set[int]:
    """Those of the documents, by number, that mention the name.

    All its words in one passage with its context; or its rare last word alone, since Liz Truss is
    also Elizabeth Truss; or of a single word another ending, since Belgians are from Belgium.
    """
    lexical, among = generation.lexical, generation.store.rows_of(sorted(documents))
    rows = [lexical.rows_with(terms_of(name), among=among)]
    words = name.split(" of ")[0].split()
    last = terms_of(words[-1]) if words else []
    if len(name.split()) > 1 and last and generation.lexicon.is_name(words[-1]):
        if all(lexical.passages_with(term) <= RARE * lexical.count for term in last):
            rows.append(lexical.rows_with(last, among=among))
    elif len(name.split()) == len(last) == 1 and len(last[0]) >= _STEM - 1 and len(name) >= _STEM:
        rows.append(lexical.rows_like(last[0][: max(4, len(last[0]) - 2)], among=among))
    return {number for each in rows for number in generation.document_of[each].tolist()}


def any_mentions_all(
    generation: Generation, documents: Collection[int], names: Sequence[str]
) -> bool:
    """Whether one of the documents mentions every one of the names."""
    left = set(documents)
    for name in names:
        left &= mentioning(generation, left, name) if left else left
    return bool(left)
