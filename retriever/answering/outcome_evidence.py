"""Evidence of outcomes: questions on what was agreed, and paragraphs that report it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of
from retriever.row_set import RowSet

_OUTCOMES = dict.fromkeys(
    terms_of(
        "agree decide commit pledge resolve promise undertake undertook conclude adopt sign "
        "establish"
    ),
    1.0,
)
_ASKS_FOR_OUTCOME = frozenset(terms_of("agree decide commit pledge resolve promise outcome result"))
_ASKS_IN_KOREAN = ("합의", "결정", "약속")  # agreeing, deciding, promising; endings follow


def asks_for_outcome(terms: Iterable[str]) -> bool:
    """Whether these terms of a question ask what was agreed, decided or promised."""
    return any(t in _ASKS_FOR_OUTCOME or t.startswith(_ASKS_IN_KOREAN) for t in terms)


def reports_outcome(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 for a paragraph that reports what somebody undertook, 0 for others and for spoken words."""
    among = RowSet.of(np.sort(rows), generation.store.count)
    found = generation.lexical.search(_OUTCOMES, {"text": 1.0}, len(rows), among).rows.tolist()
    reporting = set(found) - generation.store.spoken(found)
    return np.array([float(row in reporting) for row in rows.tolist()])
