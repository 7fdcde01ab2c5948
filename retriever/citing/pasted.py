"""Citations as they are pasted: wrapped by a terminal, or cut at blanks by a shell."""

from collections.abc import Iterator, Sequence

from retriever.citing.citation import Citation
from retriever.errors import CitationRefused
from retriever.index.passages import PassageStore

_MOST_PIECES = 24  # of one citation


def pasted_citation(store: PassageStore, text: str) -> Citation:
    """The citation in `text`, as the documents of the index tell line breaks from blanks.

    Raises `CitationRefused` when it is none.
    """
    readings = Citation.readings(text)
    known = (each for each in readings if store.numbers_of([each.document]))
    return next(known, None) or Citation.parse(text)


def pasted_citations(
    store: PassageStore, arguments: Sequence[str]
) -> Iterator[Citation | CitationRefused]:
    """The citations in the arguments of a command, in order; for what is none, why.

    One that was not put into quotation marks comes in several arguments. Where that is possible it
    is the longest that names a document of the index, else the shortest that is a citation.
    """
    pending: list[str] = []
    for argument in arguments:
        pending.append(argument)
        starts = range(max(0, len(pending) - _MOST_PIECES), len(pending))
        joined = [(start, " ".join(pending[start:])) for start in starts]
        found = [(start, text) for start, text in joined if Citation.readings(text)]
        if not found:
            continue
        start, text = next((each for each in found if _is_known(store, each[1])), found[-1])
        yield from map(_refused, pending[:start])
        yield pasted_citation(store, text)
        pending = []
    yield from map(_refused, pending)


def _is_known(store: PassageStore, text: str) -> bool:
    return bool(store.numbers_of([each.document for each in Citation.readings(text)]))


def _refused(text: str) -> CitationRefused:
    try:
        Citation.parse(text)
    except CitationRefused as refused:
        return refused
    raise AssertionError("it is a citation")
