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

    `newest` has each document's latest known day as a proleptic ordinal, 0 without one, and `own`
    the day on which it was posted, else that of its first event. `undated` marks the documents
    without a day whose year is known.
    """

    def __init__(self, days: Iterable[tuple[int, str | None, tuple[str, ...]]]) -> None:
        dated: list[tuple[int, int, int, int]] = []
        yearless: list[tuple[int, Day]] = []
        ranges: list[tuple[int, int, int, int, int]] = []
        count = 0
        for number, posted, events in days:
            count = number + 1
            if len(events) > 1 and not any(day.startswith("--") for day in events):
                known = [datetime.date.fromisoformat(day) for day in events]
                start, end = min(known), max(known)
                in_year = _in_year(start.month, start.day), _in_year(end.month, end.day)
                ranges.append((number, start.toordinal(), end.toordinal(), *in_year))
            for day in (posted, *events):
                if day and day.startswith("--"):
                    yearless.append((number, Day(None, int(day[2:4]), int(day[5:7]))))
                elif day:
                    date = datetime.date.fromisoformat(day)
                    dated.append((number, date.toordinal(), date.month, date.day))
        self.own = np.zeros(count, np.int64)
        for number, ordinal, *_ in reversed(dated):
            self.own[number] = ordinal
        columns = np.array(dated, np.int64).reshape(-1, 4).T
        self._documents, self._ordinals, self._months, self._days = columns
        self._ranges = np.array(ranges, np.int64).reshape(-1, 5).T
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
        documents, starts, ends, starts_in_year, ends_in_year = self._ranges
        goes_on = (starts <= last) & (ends >= first)
        if period.month:
            first_in_year = _in_year(period.month, period.day or 1)
            last_in_year = _in_year(period.month, period.day or 31)
            begins_before, ends_after = (
                starts_in_year <= last_in_year,
                ends_in_year >= first_in_year,
            )
            over_new_year = starts_in_year > ends_in_year
            within_year = np.where(
                over_new_year, begins_before | ends_after, begins_before & ends_after
            )
            goes_on &= within_year | (ends - starts >= _YEAR)
        inside[documents[goes_on]] = True
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


def _in_year(month: int, day: int) -> int:
    """A number by which the days of a year are in order, whatever year it is."""
    return month * 32 + day
