"""Whether a document mentions a name, in whatever form the documents use."""

from collections.abc import Sequence

from retriever.generation import Generation
from retriever.terms import terms_of

RARE = 0.05
"""The part of the passages that a last name may be in to stand for the whole name."""
_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium


def mentions(generation: Generation, document: int, name: str) -> bool:
    """Whether the document with this number mentions the name.

    All its words in one passage with its context; or its rare last word alone, since Liz Truss is
    also Elizabeth Truss; or of a single word another ending, since Belgians are from Belgium.
    """
    lexical, rows = generation.lexical, generation.store.rows_of([document])
    if len(lexical.rows_with(terms_of(name), among=rows)):
        return True
    words = name.split(" of ")[0].split()
    last = terms_of(words[-1]) if words else []
    if len(name.split()) > 1 and last and generation.lexicon.is_name(words[-1]):
        rare = all(lexical.passages_with(term) <= RARE * lexical.count for term in last)
        return rare and len(lexical.rows_with(last, among=rows)) > 0
    if len(name.split()) == len(last) == 1 and len(last[0]) >= _STEM - 1 and len(name) >= _STEM:
        return len(lexical.rows_like(last[0][: max(4, len(last[0]) - 2)], among=rows)) > 0
    return False


def mentions_all(generation: Generation, document: int, names: Sequence[str]) -> bool:
    """Whether the document mentions every one of the names."""
    return all(mentions(generation, document, name) for name in names)
