"""Periods that a question names: "in October 2023", "last March", "since the 8th of July"."""

import calendar
import contextlib
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.dates import MONTHS, find_days
from corpus.document import Day, Span

_FIRST, _LAST = datetime.date.min, datetime.date.max
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAMES})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})"
_WEEKDAYS = [name.lower() for name in calendar.day_name]
_UNIT = r"(?P<unit>day|week|month|year)s?"
_COUNTS = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH},?\s(?:of\s)?{_YEAR}(?!\d)",
        rf"(?<![\d.-]){_YEAR}-(?P<month>0[1-9]|1[0-2])(?![\d.-])",
        rf"\b{_SEASON}\s(?:of\s)?{_YEAR}(?!\d)",
        r"\b(?P<day>today|yesterday|tonight|this morning)\b",
        rf"\b(?:(?:the\s)?(?:last|past|previous)\s)(?P<past>\d+|{'|'.join(_COUNTS)})\s{_UNIT}\b",
        rf"\b(?P<ago>\d+|{'|'.join(_COUNTS)})\s{_UNIT}\sago\b",
        r"\b(?P<which>last|this|past|previous)\s(?P<unit>week|month|year)\b",
        rf"\b(?P<which>last|this|past|previous)\s(?:{_MONTH}|{_SEASON})(?!\w)",
        rf"\b(?:(?P<which>last|this|past)|on)\s(?P<weekday>{'|'.join(_WEEKDAYS)})\b",
        rf"\b(?P<lead>in|of|by|since|until|till|during|before|after|from|to|and|early|mid|late|between)"
        rf"[\s-]{_MONTH}(?!\w|\s?\d)",
        rf"(?<![\w.-]){_YEAR}(?![\w-]|[.,]\d)",
    )
)  # fmt: skip
_LOWER_CASE = re.compile(
    rf"\b(?P<before>{_NAMES})(?=\s?\d)|(?<=\d)(?:st|nd|rd|th)?\s(?:of\s)?(?P<behind>{_NAMES})\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\s*(?:-|–|to|and|until|till|through)\s+(?:(?:in|the|early|late|mid)\s)*|-|–", re.I
)
_OPENS = re.compile(
    r"\b(?P<sign>since|from|after|before|prior\sto|until|till|by|up\sto|through|between)"
    r"\s(?:(?P<the>the)\s)?(?:(?:early|mid|late|end\sof|beginning\sof)[\s-])?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both ends included, or with `month` the same part of every year in it."""

    first: datetime.date = _FIRST
    last: datetime.date = _LAST
    month: int | None = None
    day: int | None = None

    def holds(self, day: Day) -> bool:
        """Whether the day lies in the period; without a year, whether it may."""
        if self.month not in (None, day.month) or self.day not in (None, day.day):
            return False
        date = day.date()
        if date is None:  # some year brings it in, unless the period is shorter than a year
            length = (self.last - self.first).days
            days = (self.first + datetime.timedelta(n) for n in range(min(length, 366) + 1))
            return length > 365 or (day.month, day.day) in {(d.month, d.day) for d in days}
        return self.first <= date <= self.last

    def __str__(self) -> str:
        """In words, as it follows "dated"."""
        ends = [_words(each) for each in (self.first, self.last)]
        if self.month is not None:
            part = f"{self.day or ''} {calendar.month_name[self.month]}".strip()
            if self.first == _FIRST or self.last == _LAST:
                return part
            return f"{part} {self.first.year}" if self.first.year == self.last.year else part
        if self == month_of(self.first.year, self.first.month):
            return f"{calendar.month_name[self.first.month]} {self.first.year}"
        if self == year_of(self.first.year):
            return str(self.first.year)
        if self.first == self.last:
            return ends[0]
        if self.first == _FIRST:
            return f"until {ends[1]}"
        return f"from {ends[0]}" if self.last == _LAST else f"{ends[0]} to {ends[1]}"


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period and where the text names it."""

    period: Period
    span: Span


def month_of(year: int, month: int) -> Period:
    """The month of this year."""
    length = calendar.monthrange(year, month)[1]
    return Period(datetime.date(year, month, 1), datetime.date(year, month, length))


def year_of(year: int) -> Period:
    """The whole year."""
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def find_periods(text: str, today: datetime.date) -> list[FoundPeriod]:
    """The periods that `text` names, in reading order; "last March" is counted from `today`.

    Two that are joined ("between March and May 2022") are one; "since", "until", "before" and
    "after" open an end. A month or day without a year is in the year that stands elsewhere in the
    text, else in every year.
    """
    found = [FoundPeriod(_of_day(each.day), each.span) for each in find_days(_titled(text))]
    found = [_with_range(text, each) for each in found]
    for form in _FORMS:
        for match in form.finditer(text):
            lead = match.groupdict().get("lead")
            span = Span(match.start() + (len(lead) + 1 if lead else 0), match.end())
            if any(each.span.start < span.end and span.start < each.span.end for each in found):
                continue
            period = _read(match.groupdict(), today)
            if period:
                found.append(FoundPeriod(period, span))
    found.sort(key=lambda each: each.span.start)
    return [_opened(text, each) for each in _joined(text, _with_years(found))]


def _titled(text: str) -> str:
    """The text with the months beside a number capitalised, as documents write them."""

    def capitalised(found: re.Match[str]) -> str:
        month = found["before"] or found["behind"]
        return found[0][: -len(month)] + month.title()

    return _LOWER_CASE.sub(capitalised, text)


def _of_day(day: Day) -> Period:
    date = day.date()
    return Period(date, date) if date else Period(month=day.month, day=day.day)


def _with_range(text: str, found: FoundPeriod) -> FoundPeriod:
    """A range within a month, "June 29-30", which was read as its first day."""
    last = re.search(r"\d{1,2}\s*(?:-|–|to|and|through)\s*(\d{1,2})(?!\d)", found.span.of(text))
    period = found.period
    if not last or period.first == _FIRST or int(last[1]) <= period.first.day:
        return found
    end = period.first + datetime.timedelta(int(last[1]) - period.first.day)
    return FoundPeriod(replace(period, last=end), found.span)


def _read(parts: dict[str, str | None], today: datetime.date) -> Period | None:
    year, month = parts.get("year"), _month_number(parts.get("month"))
    which = (parts.get("which") or "").lower()
    try:
        if season := parts.get("season"):
            start = _SEASONS[season.lower()]
            return _season(int(year), start) if year else _latest(_season, start, today, which)
        if month:
            if which:
                return _latest(month_of, month, today, which)
            return month_of(int(year), month) if year else Period(month=month)
        if year:
            return year_of(int(year))
        if day := parts.get("day"):
            date = today - datetime.timedelta(day.lower() == "yesterday")
            return Period(date, date)
        if weekday := parts.get("weekday"):
            back = (today.weekday() - _WEEKDAYS.index(weekday.lower())) % 7 or 7
            date = today - datetime.timedelta(back)
            return Period(date, date)
        unit = (parts["unit"] or "").lower()
        if which:
            return _around(unit, 0 if which == "this" else 1, today)
        if past := parts.get("past"):
            return Period(_around(unit, _count(past), today, shift=True).first, today)
        return _around(unit, _count(parts["ago"] or ""), today, shift=unit == "day")
    except (ValueError, OverflowError):
        return None  # before the first day or after the last that a calendar has


def _month_number(name: str | None) -> int | None:
    return None if name is None else int(name) if name.isdigit() else MONTHS[name.lower()]


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS.index(word.lower()) + 1


def _season(year: int, start: int) -> Period:
    months = start + 2
    end = month_of(year + (months > 12), months - 12 * (months > 12))
    return Period(datetime.date(year, start, 1), end.last)


def _latest(
    of: Callable[[int, int], Period], part: int, today: datetime.date, which: str
) -> Period:
    """The latest such part of a year: "this" one may still last, the "last" one is over."""
    if which == "this":
        return of(today.year, part)
    period = of(today.year, part)
    return period if period.last < today else of(today.year - 1, part)


def _around(unit: str, count: int, today: datetime.date, *, shift: bool = False) -> Period:
    """The day, week, month or year `count` units before today's; of `shift` the single day."""
    if unit in ("day", "week"):
        date = today - datetime.timedelta(count * (7 if unit == "week" else 1))
        if shift or unit == "day":
            return Period(date, date)
        monday = date - datetime.timedelta(date.weekday())
        return Period(monday, monday + datetime.timedelta(6))
    years, month = divmod(
        today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1), 12
    )
    period = year_of(years) if unit == "year" else month_of(years, month + 1)
    if not shift:
        return period
    inside = month_of(years, month + 1)
    date = datetime.date(years, month + 1, min(today.day, inside.last.day))
    return Period(date, date)


def _with_years(found: list[FoundPeriod]) -> list[FoundPeriod]:
    """Open months and days in the year that the text names besides, when it names one."""
    whole = {each.period for each in found if each.period == year_of(each.period.first.year)}
    open_ = [each for each in found if each.period.month]
    if len(whole) != 1 or not open_:
        return found
    (year,) = whole
    completed = []
    for each in found:
        if each.period == year:
            continue
        if each.period.month and each.period.day:
            with contextlib.suppress(ValueError):
                date = datetime.date(year.first.year, each.period.month, each.period.day)
                each = FoundPeriod(Period(date, date), each.span)
        elif each.period.month:
            each = FoundPeriod(month_of(year.first.year, each.period.month), each.span)
        completed.append(each)
    return completed


def _joined(text: str, found: list[FoundPeriod]) -> list[FoundPeriod]:
    """Two periods with "to", a dash, or after "between" with "and", as one range."""
    joined: list[FoundPeriod] = []
    for each in found:
        if joined:
            before = joined[-1]
            start, end = before.period, each.period
            if start.month and not end.month and end.first != _FIRST:
                start = _open_in(start, end.first.year)
            between = text[before.span.end : each.span.start]
            opens = _OPENS.search(text[: before.span.start])
            ranged = _RANGE.fullmatch(between) and (
                "and" not in between or (opens and opens["sign"].lower() == "between")
            )
            if ranged and not start.month and start.first <= end.last:
                span = Span(before.span.start, each.span.end)
                joined[-1] = FoundPeriod(Period(start.first, end.last), span)
                continue
        joined.append(each)
    return joined


def _open_in(period: Period, year: int) -> Period:
    month = period.month or 1
    if not period.day:
        return month_of(year, month)
    date = datetime.date(year, month, min(period.day, month_of(year, month).last.day))
    return Period(date, date)


def _opened(text: str, found: FoundPeriod) -> FoundPeriod:
    """The period with the end open that a word before it opens; "the" keeps the period itself in.

    "After the July summit" may mean later in July; "after July" means from August on.
    """
    opens, period = _OPENS.search(text[: found.span.start]), found.period
    if not opens or period.month:
        return found
    sign, kept = opens["sign"].lower(), bool(opens["the"])
    day = datetime.timedelta(1)
    if sign == "since":
        period = Period(first=period.first)
    elif sign == "after":
        period = Period(first=period.first if kept else period.last + day)
    elif sign in ("until", "till", "by", "up to", "through"):
        period = Period(last=period.last)
    elif sign.startswith(("before", "prior")):
        period = Period(last=period.last if kept else period.first - day)
    return FoundPeriod(period, Span(opens.start(), found.span.end))


def _words(date: datetime.date) -> str:
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"
