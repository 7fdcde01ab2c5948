"""Days named in a text: the date forms of press releases, and the year that they leave out."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.document import Day, Span
from corpus.language.calendar_words import MONTHS

_SPELT = [form for name in MONTHS for form in (name.title(), name.upper())]  # never "may"
_MONTH = rf"(?P<month>{'|'.join(sorted(_SPELT, key=len, reverse=True))})(?![A-Za-z])\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_LAST = r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FIGURE = r",(?!(?:1[5-9]|20)\d\d(?!\d))\d{3}(?!\d)|\.\d{1,2}(?!\d|\s?[ap]\.?m)"  # 1,200; 1.5
_TO = r"\s*(?:-|–|—|to|and|through)\s*"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 2023-10-17, 2013.04.25, 2016/03/10, 2024년 11월 4일; 10월 16일
        rf"(?<!\d){_YEAR}\s?[-./年년]\s?(?P<month>\d{{1,2}})\s?[-./月월]\s?(?P<day>\d{{1,2}})(?!\d)",
        r"(?<!\d)(?P<month>\d{1,2})\s?[월月]\s?(?P<day>\d{1,2})\s?[일日]",
        # October 16, 2023; Oct. 16; January 29-30, 2022; April06,2007
        rf"\b{_MONTH}\s?{_DAY}(?!\d|{_FIGURE})(?:{_TO}{_LAST}(?!\d))?(?:(?:\s?[,.]\s?|\s){_YEAR})?(?!:\d)",
        # 17 October 2023; the 17th of October
        rf"(?<!\d){_DAY}(?:{_TO}{_LAST})?\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
        # 02.07.2024: a dotted day comes first
        rf"(?<!\d)(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}(?!\d)",
        # (10.21.): month and day of a Korean title
        r"\((?P<month>\d{1,2})\.(?P<day>\d{1,2})\.\)",
        # 25/12/2016, where only one reading is a date
        rf"(?<!\d)(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/{_YEAR}(?!\d)",
    )
)


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day and where the text names it; of a range within a month also its last day."""

    day: Day
    span: Span
    last: Day | None = None


def find_days(text: str) -> list[FoundDay]:
    """The days that `text` names, in reading order; a range gives its first day.

    A slashed date is read only when one order of day and month is possible.
    """
    found: list[FoundDay] = []
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            day = _day(parts)
            start, end = match.span()
            if day and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                last = _day({**parts, "day": parts["last"]}) if parts.get("last") else None
                found.append(FoundDay(day, Span(start, end), last))
    return sorted(found, key=lambda each: each.span.start)


def _day(parts: dict[str, str | None]) -> Day | None:
    if "a" in parts:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if (first > 12) == (second > 12) and first != second:
            return None
        month, day = (second, first) if first > 12 else (first, second)
    else:
        name, day = parts["month"] or "", int(parts["day"] or 0)
        month = MONTHS.get(name.lower()) or int(name)
    stated = parts.get("year")
    year = int(stated) if stated else None
    try:
        datetime.date(year or 2000, month, day)
    except ValueError:
        return None
    return Day(year, month, day)


def is_plausible(day: datetime.date) -> bool:
    """Whether a document can be of this day, and the days around it can be counted."""
    return 1000 <= day.year <= 9000


def with_year_near(day: Day, posted: datetime.date) -> Day:
    """`day` in the year that brings it nearest to the posted date, when its own year is unknown."""
    if day.year is not None:
        return day
    near = min(_in_years(day, posted.year), key=lambda date: abs(date - posted))
    return Day(near.year, near.month, near.day)


def _in_years(day: Day, year: int) -> Iterator[datetime.date]:
    for candidate in range(year - 4, year + 5):  # a span of eight years has a 29 February
        try:
            yield datetime.date(candidate, day.month, day.day)
        except ValueError:
            continue
