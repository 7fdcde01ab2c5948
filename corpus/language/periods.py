"""A period: a range of days, or the same month or day of every year."""

import calendar
import datetime
from dataclasses import dataclass

from corpus.document import Day
from corpus.language.calendar_words import MONTH_NAMES

FIRST_DAY, LAST_DAY = datetime.date.min, datetime.date.max
"""The ends of a period that has no end there."""


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both ends included; an open one is the same month or day of every year."""

    first: datetime.date = FIRST_DAY
    last: datetime.date = LAST_DAY
    month: int | None = None
    day: int | None = None

    @property
    def year(self) -> int | None:
        """The year in which all of it lies, or None."""
        return self.first.year if self.first.year == self.last.year else None

    @property
    def ends(self) -> bool:
        """Whether neither of its ends is open; the same month of every year has both."""
        return self.month is not None or (self.first != FIRST_DAY and self.last != LAST_DAY)

    def holds(self, day: Day) -> bool:
        """Whether the day lies in the period; without a year, whether it may."""
        if self.month not in (None, day.month) or self.day not in (None, day.day):
            return False
        years = [day.year] if day.year else self._years()
        dates = (date_or_none(year, day.month, day.day) for year in years)
        return any(date and self.first <= date <= self.last for date in dates)

    def _years(self) -> range:
        """The years of the period, of a long one the first nine: one of them has a 29 February."""
        return range(self.first.year, min(self.last.year, self.first.year + 8) + 1)

    def __str__(self) -> str:
        """In words, as it follows "dated"."""
        if self.month:
            return f"{self.day or ''} {MONTH_NAMES[self.month - 1]}".strip()
        if self == year_of(self.first.year):
            return str(self.first.year)
        if self == month_of(self.first.year, self.first.month):
            return f"{MONTH_NAMES[self.first.month - 1]} {self.first.year}"
        first, last = _words(self.first), _words(self.last)
        if first == last:
            return first
        if self.first == FIRST_DAY:
            return f"until {last}"
        return f"from {first}" if self.last == LAST_DAY else f"{first} to {last}"


def month_of(year: int, month: int) -> Period:
    """The month of this year."""
    return months_from(year, month, 1)


def year_of(year: int) -> Period:
    """The whole year."""
    return months_from(year, 1, 12)


def months_from(year: int, month: int, count: int) -> Period:
    """So many whole months; month 0 is the December before, month 13 the January after."""
    first, last = (divmod(12 * year + at - 1, 12) for at in (month, month + count - 1))
    length = calendar.monthrange(last[0], last[1] + 1)[1]
    return Period(
        datetime.date(first[0], first[1] + 1, 1), datetime.date(last[0], last[1] + 1, length)
    )


def date_or_none(year: int, month: int, day: int) -> datetime.date | None:
    """The date, or None when the month is shorter in this year."""
    in_month = day <= calendar.monthrange(year, month)[1]
    return datetime.date(year, month, day) if in_month else None


def _words(date: datetime.date) -> str:
    return f"{date.day} {MONTH_NAMES[date.month - 1]} {date.year}"
