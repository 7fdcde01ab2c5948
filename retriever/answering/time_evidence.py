"""Evidence of time: how well each passage lies in the periods that a question names."""

import datetime
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corpus.language.periods import Period
from corpus.language.stop_words import STOP_WORDS
from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of
from retriever.question.reading import Reading

LATE, MENTIONED, POSSIBLE = 0.8, 0.6, 0.3
"""How much a passage is in a period after which it was posted within days, that only its words
name, or when its document has no day at all."""

_MONTH_DAYS = 31
_LATE_DAYS = 2  # releases of one day appear the next, or after a weekend


def in_periods(generation: Generation, reading: Reading) -> NDArray[np.float64]:
    """For every row how well it lies in one of the question's periods.

    1 when its document was posted or reports an event then, `MENTIONED` when its words or its
    heading's name the period, `POSSIBLE` when its document has no day, else 0.
    """
    days, document_of = generation.days, generation.document_of
    values = np.zeros(len(document_of))
    for period, words in zip(reading.periods, reading.dated, strict=True):
        documents = np.maximum.reduce(
            [
                1.0 * days.inside(period),
                LATE * days.inside(_soon_after(period)),
                (MENTIONED if _is_near(period) else POSSIBLE) * days.yearless(period),
                POSSIBLE * days.undated,
            ]
        )
        values = np.maximum(values, documents[document_of])
        if period.ends and any(map(str.isdigit, words)):
            named = words if any(map(str.isalpha, words)) else str(period)  # 10/2023 is a month
            kept = [term for term in terms_of(named) if term == "may" or term not in STOP_WORDS]
            rows = generation.lexical.rows_with(kept, ["text", "under"])
            values[rows] = np.maximum(values[rows], MENTIONED)
    return values


def _is_near(period: Period) -> bool:
    """Whether a day without a year says much about lying in the period: any year has each day."""
    return period.month is not None or (period.last - period.first).days <= _MONTH_DAYS


def _soon_after(period: Period) -> Period:
    """The days on which a release about a day or two appears when it is late; of a longer period
    those that it has itself."""
    short = period.month is None and (period.last - period.first).days <= _LATE_DAYS
    latest = datetime.date.max - datetime.timedelta(_LATE_DAYS)
    late = min(period.last, latest) + datetime.timedelta(_LATE_DAYS)
    return replace(period, last=late) if short else period
