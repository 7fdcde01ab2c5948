"""Periods that a question names: "in October 2023", "Q3 last year", "since the 8th of July"."""

import datetime
import re
from dataclasses import dataclass, replace

from corpus.document import Day, Span
from corpus.language.calendar_words import MONTHS, WEEKDAYS
from corpus.language.dates import find_days
from corpus.language.periods import (
    FIRST_DAY,
    LAST_DAY,
    Period,
    date_or_none,
    month_of,
    months_from,
    year_of,
)

_SEASONS = {"winter": (12, 3), "spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "fall": (9, 3)}
_NTH = ("first 1st", "second 2nd", "third 3rd", "fourth 4th last")
_SHARES = {
    name: (1 + at * months, months)
    for months, letter, word in ((3, "q", "quarter"), (6, "h", "half"))
    for at, nth in enumerate(_NTH[: 12 // months])
    for name in (f"{letter}{at + 1}", f"{at + 1}{letter}", *(f"{n} {word}" for n in nth.split()))
}
_PARTS = {name: (month, 1) for name, month in MONTHS.items()} | _SEASONS | _SHARES
"""The first month of each part of a year, and how many months it has."""
_TURNS = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1}
_WEEKDAYS = [name.lower() for name in WEEKDAYS]
_COUNTS = {
    word: count
    for count, words in enumerate("a|one two three four five six seven eight nine ten".split(), 1)
    for word in words.split("|")
}

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<part>{_NAMES})\.?"
_SEASON = rf"(?P<part>{'|'.join((_NAMES, *_SEASONS))})"
_PART = rf"(?P<part>{'|'.join((_NAMES, *_SEASONS, *_SHARES))})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = r"(?P<number>1[0-2]|0?[1-9])"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_WHICH = rf"(?P<which>{'|'.join(_TURNS)})"
_NO_TITLE = r"(?<!resolution\s)(?<!resolutions\s)(?<!unscr\s)(?<!article\s)(?<!\bno\.\s)"
_OPENS_KOREAN = r"\s?(?:부터|까지|이후|이전|이래|[전후]에?\b)"  # stays unread
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # October 2023; Q3 of last year. "it may last years", "they march this year" name no month
        rf"\b{_PART}\.?,?\s(?:of\s)?"
        rf"(?:{_YEAR}(?!\d)|(?<!(?-i:may)\s)(?<!(?-i:march)\s){_WHICH}\s(?P<unit>year)\b)",
        # 2023-10
        rf"(?<![\d.-]){_YEAR}-(?P<number>0[1-9]|1[0-2])(?![\d.-])",
        # 10/2023; in 10.2023: with a dot only where it is hardly a decimal
        rf"(?:\b(?P<lead>in|since|until|till|before|after|during)\s|{_NO_TITLE}(?<![\w./]))"
        rf"{_NUMBER}(?(lead)[./]|/){_YEAR}(?!\w|[./]\d|\s?%)",
        # 2023년 10월; 10월
        rf"(?<!\d){_YEAR}\s?[년年](?:\s?{_NUMBER}\s?[월月])?+(?!{_OPENS_KOREAN})",
        rf"(?<![\d.]){_NUMBER}\s?[월月](?!요)(?!{_OPENS_KOREAN})",
        r"\b(?P<day>today|yesterday|tonight|this morning)\b",
        # the last three months; two weeks ago
        rf"\b(?:the\s)?(?P<past>last|past|previous)\s{_COUNT}\s{_UNIT}\b",
        rf"\b{_COUNT}\s{_UNIT}\sago\b",
        # last week; this spring. "the next week" is the one after another
        rf"\b(?<!\bthe\s(?=next)){_WHICH}\s(?:(?P<unit>week|month|year)\b|{_SEASON}(?!\w))",
        # the beginning of the year
        r"\b(?P<lead>(?:beginning|start|middle|end)\sof)\sthe\s(?P<unit>week|month|year)\b(?!\s\d)",
        # since Monday. "on Monday, October 16" names only the day after it
        r"\b(?:(?P<which>last|this|past)|on|(?P<lead>since|until|till|by|before|after|from|to))"
        rf"\s(?P<weekday>{'|'.join(_WEEKDAYS)})\b(?!,?\s(?:the\s)?(?:\d|(?:{_NAMES})\b))",
        # March to May; in May; mid-October
        rf"\b{_MONTH}(?=(?:\s?[-–]\s?|,\s|\s(?:to|and|or|through)\s)(?:{_NAMES})\b)",
        r"\b(?P<lead>in|of|by|since|until|till|during|before|after|from|to|and|early|mid|late|between)"
        rf"[\s-]{_MONTH}(?!-?\w|\s?\d)",
        # 2023; early-2023; 2022-2023
        rf"{_NO_TITLE}(?:(?<![\w.$€£-])|(?<=(?<![\w-])(?:19|20)\d\d-))"
        rf"(?:(?P<lead>early|mid|late)-)?{_YEAR}"
        r"(?!\w|[.,]\d|-(?!(?:19|20)\d\d\b))",
    )
)
_LOWER_CASE = re.compile(
    rf"\b(?P<before>{_NAMES})(?=\s?\d)|(?<=\d)(?:st|nd|rd|th)?\s(?:of\s)?(?P<behind>{_NAMES})\b",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?<![\d-])\d{1,2}(?:st|nd|rd|th)?\s*(?:-|–|—|to|and|through)\s*(\d{1,2})(?![\d-])"
)
_TO = re.compile(
    r"\s*(?:-|–|to|(?P<and>and)|until|till|through)\s+(?:(?:in|the|early|late|mid)[\s-])*|-|–",
    re.IGNORECASE,
)
_LISTS = re.compile(r",?\s(?:(?:and|or)\s)?(?:in\s)?", re.IGNORECASE)
_OPENS = re.compile(
    r"\b(?P<sign>since|from|after|before|prior\sto|until|till|by|up\sto|through|between)"
    r"\s(?:(?P<the>the)\s)?(?:(?P<part>early|mid|late|(?:end|beginning|start|middle)\sof)[\s-])?$",
    re.IGNORECASE,
)
_LONGEST_OPENING = len("prior to the beginning of ")


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period and where the text names it."""

    period: Period
    span: Span


def find_periods(text: str, today: datetime.date) -> list[FoundPeriod]:
    """The periods that `text` names, in reading order; "last March" is counted from `today`.

    Two that are joined ("between March and May 2022") are one; "since", "until", "before" and
    "after" open an end. A month or day without a year is in the year that stands elsewhere in the
    text, else in every year; an end that is opened and a range are of the latest that has begun.
    """
    found = [
        FoundPeriod(_of_days(each.day, each.span.of(text)), each.span)
        for each in find_days(_titled(text))
    ]
    taken = bytearray(len(text))
    for each in found:
        taken[each.span.start : each.span.end] = b"\x01" * (each.span.end - each.span.start)
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if match.groupdict().get("lead"):
                start = match.end("lead") + 1
            period = None if any(taken[start:end]) else _read(match, today)
            if period:
                taken[start:end] = b"\x01" * (end - start)
                found.append(FoundPeriod(period, Span(start, end)))
    found.sort(key=lambda each: each.span.start)
    return [_opened(text, each, today) for each in _joined(text, _with_year(found), today)]


def _titled(text: str) -> str:
    """The text with the months next to a number capitalised, as documents write them."""

    def capitalised(found: re.Match[str]) -> str:
        month = found["before"] or found["behind"]
        return found[0][: -len(month)] + month.title()

    return _LOWER_CASE.sub(capitalised, text)


def _of_days(day: Day, text: str) -> Period:
    """The day, or the range within its month that the text has: "June 29-30, 2022"."""
    date, last = day.date(), _DAYS.search(text)
    if not date:
        return Period(month=day.month, day=day.day)
    end = last and date_or_none(date.year, date.month, int(last[1]))
    return Period(date, max(date, end or date))


def _read(match: re.Match[str], today: datetime.date) -> Period | None:
    """The period that one of the forms names, or None."""
    try:
        match {name: word.lower() for name, word in match.groupdict().items() if word}:
            case {"part": part, "year": year}:
                return _part_of(int(year), part)
            case {"part": part, "which": which, "unit": _}:
                return _part_of(today.year + _TURNS[which], part)
            case {"part": part, "which": which}:
                return _latest(part, which, today)
            case {"part": month}:
                return Period(month=MONTHS[month])
            case {"number": month, "year": year}:
                return month_of(int(year), int(month))
            case {"number": month}:
                return Period(month=int(month))
            case {"year": year}:
                return year_of(int(year))
            case {"day": day}:
                return _whole("day", _back(int(day == "yesterday"), "day", today))
            case {"weekday": weekday, "which": "this"}:
                monday = _whole("week", today).first
                return _whole("day", monday + datetime.timedelta(_WEEKDAYS.index(weekday)))
            case {"weekday": weekday}:
                back = (today.weekday() - _WEEKDAYS.index(weekday)) % 7 or 7
                return _whole("day", today - datetime.timedelta(back))
            case {"which": which, "unit": unit}:
                return _whole(unit, _back(-_TURNS[which], unit, today))
            case {"past": _, "count": count, "unit": unit}:
                return Period(_back(_number(count), unit, today), today)
            case {"count": count, "unit": unit}:
                return _whole(unit, _back(_number(count), unit, today))
            case {"unit": unit}:
                return _whole(unit, today)
    except (LookupError, ValueError, OverflowError):
        pass  # beyond the calendar, or with a letter like "ı" that only re.IGNORECASE takes for one
    return None


def _part_of(year: int, part: str) -> Period:
    """The month, season, quarter or half that begins in this year."""
    return months_from(year, *_PARTS[part])


def _latest(part: str, which: str, today: datetime.date) -> Period:
    """The latest such month or season that is over; "this" one is of this year, or still lasts, and
    the "next" one is the first that has not begun."""
    if which == "next":
        coming = _part_of(today.year, part)
        return coming if today < coming.first else _part_of(today.year + 1, part)
    years = [_part_of(today.year - back, part) for back in range(3)]
    if which == "this":
        return years[1] if today <= years[1].last else years[0]
    return next(each for each in years if each.last < today)


def _number(count: str) -> int:
    return _COUNTS.get(count) or int(count)


def _back(count: int, unit: str, today: datetime.date) -> datetime.date:
    """The day so many units before today, or the last one when its month is shorter."""
    if unit in ("day", "week"):
        return today - datetime.timedelta(count * (7 if unit == "week" else 1))
    month = months_from(today.year, today.month - count * (12 if unit == "year" else 1), 1)
    return month.last.replace(day=min(today.day, month.last.day))


def _whole(unit: str, date: datetime.date) -> Period:
    """The day, week, month or year that has this day."""
    if unit == "week":
        monday = date - datetime.timedelta(date.weekday())
        return Period(monday, monday + datetime.timedelta(6))
    if unit == "day":
        return Period(date, date)
    return month_of(date.year, date.month) if unit == "month" else year_of(date.year)


def _in_year(period: Period, year: int) -> Period:
    """An open period in this year, when the year has it."""
    if not period.month or not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return period
    if not period.day:
        return month_of(year, period.month)
    date = date_or_none(year, period.month, period.day)
    return Period(date, date) if date else period


def _latest_year(period: Period, today: datetime.date, *, over: bool = False) -> Period:
    """An open period in the latest year in which it has begun, or is over."""
    for year in range(today.year, today.year - 9, -1):
        dated = _in_year(period, year)
        if not dated.month and (dated.last < today if over else dated.first <= today):
            return dated
    return period


def _with_year(found: list[FoundPeriod]) -> list[FoundPeriod]:
    """Open periods in the year that the text names besides, when it names one."""
    years = {each.period for each in found if each.period == year_of(each.period.first.year)}
    if len(years) != 1 or not any(each.period.month for each in found):
        return found
    (year,) = years
    return [
        replace(each, period=_in_year(each.period, year.first.year))
        for each in found
        if each.period != year
    ]


def _joined(text: str, found: list[FoundPeriod], today: datetime.date) -> list[FoundPeriod]:
    """Two periods with "to", a dash, or after "between" with "and", as one range.

    Of the two ends of a range, and of the months of a list, one may leave its year to the other.
    """
    joined: list[FoundPeriod] = []
    for each in reversed(found):
        if joined:
            following = joined[-1]
            between = text[each.span.end : following.span.start]
            to = _TO.fullmatch(between)
            if to and not (to["and"] and _sign(text, each) != "between"):
                start, end = _ends(each.period, following.period, today)
                if not (start.month or end.month) and start.first <= end.last:
                    span = Span(each.span.start, following.span.end)
                    joined[-1] = FoundPeriod(Period(start.first, end.last), span)
                    continue
            elif _LISTS.fullmatch(between) and not following.period.month:
                each = replace(each, period=_in_year(each.period, following.period.first.year))
        joined.append(each)
    return joined[::-1]


def _ends(start: Period, end: Period, today: datetime.date) -> tuple[Period, Period]:
    """The ends of a range, an open one in the year that brings it next to the other; of two, the
    last in the latest year in which it has begun."""
    if start.month and end.month:
        end = _latest_year(end, today)
    if start.month and not end.month:
        before = (_in_year(start, end.first.year - back) for back in range(2))
        start = next((each for each in before if each.first <= end.last), start)
    elif end.month and not start.month:
        following = (_in_year(end, start.first.year + more) for more in range(2))
        end = next((each for each in following if start.first <= each.last), end)
    return start, end


def _opening(text: str, found: FoundPeriod) -> re.Match[str] | None:
    """The word before a period that opens an end of it."""
    return _OPENS.search(text, max(0, found.span.start - _LONGEST_OPENING - 1), found.span.start)


def _sign(text: str, found: FoundPeriod) -> str:
    opens = _opening(text, found)
    return opens["sign"].lower() if opens else ""


def _opened(text: str, found: FoundPeriod, today: datetime.date) -> FoundPeriod:
    """The period with the end open that a word before it opens; "the" keeps the period itself in.

    "After the July summit" may mean later in July; "after July" means from August on, as "after
    the 8th of July" means from the 9th on.
    """
    opens, sign, period = _opening(text, found), _sign(text, found), found.period
    kept = opens and opens["the"] and not opens["part"] and " of " not in found.span.of(text)
    if period.month and sign not in ("from", "between"):
        period = _latest_year(period, today, over=sign == "after" and not kept)
    if not opens or period.month:
        return found
    day = datetime.timedelta(1)
    if sign == "since":
        period = Period(first=period.first)
    elif sign == "after":
        period = Period(first=period.first if kept else min(period.last, LAST_DAY - day) + day)
    elif sign.startswith(("before", "prior")):
        period = Period(last=period.last if kept else max(period.first, FIRST_DAY + day) - day)
    elif sign not in ("from", "between"):
        period = Period(last=period.last)
    return FoundPeriod(period, Span(opens.start(), found.span.end))
