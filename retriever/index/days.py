"""The days of the documents of a generation, as arrays: which documents lie in a period."""

import datetime
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from corpus.document import Day
from corpus.language.periods import Period

_YEAR = 366


class Days:
    """Posted and event days by document number.

    `newest` has each document's latest known day as a proleptic ordinal, 0 without one. `undated`
    marks the documents without a day whose year is known.
    """

    def __init__(self, days: Iterable[tuple[int, str | None, tuple[str, ...]]]) -> None:
        dated: list[tuple[int, int, int, int]] = []
        yearless: list[tuple[int, Day]] = []
        ranges: list[tuple[int, int, int]] = []
        count = 0
        for number, posted, events in days:
            count = number + 1
            if len(events) > 1 and not any(day.startswith("--") for day in events):
                ends = [datetime.date.fromisoformat(day).toordinal() for day in events]
                ranges.append((number, min(ends), max(ends)))
            for day in (posted, *events):
                if day and day.startswith("--"):
                    yearless.append((number, Day(None, int(day[2:4]), int(day[5:7]))))
                elif day:
                    date = datetime.date.fromisoformat(day)
                    dated.append((number, date.toordinal(), date.month, date.day))
        columns = np.array(dated, np.int64).reshape(-1, 4).T
        self._documents, self._ordinals, self._months, self._days = columns
        self._ranges = np.array(ranges, np.int64).reshape(-1, 3).T
        self.newest = np.zeros(count, np.int64)
        np.maximum.at(self.newest, self._documents, self._ordinals)
        without_year: NDArray[np.bool_] = self.newest == 0
        self._yearless = [(number, day) for number, day in yearless if without_year[number]]
        self.undated = without_year.copy()
        self.undated[[number for number, _ in self._yearless]] = False

    def inside(self, period: Period) -> NDArray[np.bool_]:
        """Which documents were posted, or report an event, in the period; an event of several days
        goes on between them."""
        first, last = period.first.toordinal(), period.last.toordinal()
        within = (self._ordinals >= first) & (self._ordinals <= last)
        if period.month:
            within &= self._months == period.month
        if period.day:
            within &= self._days == period.day
        inside = np.zeros(len(self.newest), np.bool_)
        inside[self._documents[within]] = True
        if not (period.month or period.day):
            documents, starts, ends = self._ranges
            inside[documents[(starts <= last) & (ends >= first)]] = True
        return inside

    def yearless(self, period: Period) -> NDArray[np.bool_]:
        """Which documents report an event on such a day of a year that they do not say.

        None do in a period more than a year before or after every day that is known: what does not
        say its year was written about when the others were.
        """
        inside = np.zeros(len(self.newest), np.bool_)
        known = self._ordinals
        if len(known) and (
            period.last.toordinal() < known.min() - _YEAR
            or period.first.toordinal() > known.max() + _YEAR
        ):
            return inside
        for number, day in self._yearless:
            inside[number] |= period.holds(day)
        return inside
