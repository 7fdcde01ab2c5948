"""Days named in a text: the date forms of many languages, and the year that they leave out."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.document import Day, Span
from corpus.language.calendar_words import MONTHS, MONTHS_ABROAD, MONTHS_IN_DAYS_ABROAD


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_SPELT = [form for name in MONTHS for form in (name.title(), name.upper())]  # never "may"
_MONTH = rf"(?P<month>{_any_of(_SPELT)})(?![A-Za-z])\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_LAST = r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FIGURE = r",(?!(?:1[5-9]|20)\d\d(?!\d))\d{3}(?!\d)|\.\d{1,2}(?!\d|\s?[ap]\.?m)"  # 1,200; 1.5
_TO = r"\s*(?:-|–|—|to|and|through)\s*"
_ABROAD = rf"(?P<month>(?i:{_any_of(MONTHS_ABROAD)}))(?![^\W\d_])\.?"
_IN_DAY_ABROAD = rf"(?P<month>{_any_of(MONTHS_IN_DAYS_ABROAD)})(?![^\W\d_])"
_ORDINAL = r"(?:er|[º°ª])?\.?"
_TO_ABROAD = r"(?:\s?[-–—/]\s?|\s(?:bis|und|au|et|al?|y|e|i|do|по|и|tot|en|til|och|og)\s)"
_DAYS_ABROAD = (
    rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}(?:{_TO_ABROAD}(?P<last>\d{{1,2}}){_ORDINAL})?"
    r"\s?(?i:de\s|d['’])?"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}  # with the year before the era's first
_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九十")} | {"零": 0}
_NUMERAL = f"[{''.join(_NUMERALS)}]"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 2023-10-17, 2013.04.25, 2016/03/10, 2024년 11월 4일; 10월 16일
        rf"(?<!\d){_YEAR}\s?(?:(?P<sign>[-./])|[年년])\s?(?P<month>\d{{1,2}})\s?"
        r"(?(sign)(?P=sign)|[月월])\s?(?P<day>\d{1,2})(?!\d)(?:\s?[일日])?",
        # 令和4年1月25日; 二〇二二年一月二十五日
        rf"(?P<era>{_any_of(_ERAS)})\s?(?P<of_era>\d{{1,2}}|元)\s?年\s?(?P<month>\d{{1,2}})\s?月"
        r"\s?(?P<day>\d{1,2})\s?日",
        rf"(?P<year>{_NUMERAL}{{4}})年(?P<month>{_NUMERAL}{{1,2}})月(?P<day>{_NUMERAL}{{1,3}})日",
        r"(?<!\d)(?P<month>\d{1,2})\s?[월月]\s?(?P<day>\d{1,2})\s?[일日]",
        # October 16, 2023; Oct. 16; January 29-30, 2022; April06,2007
        rf"\b{_MONTH}\s?{_DAY}(?!\d|{_FIGURE})(?:{_TO}{_LAST}(?!\d))?(?:(?:\s?[,.]\s?|\s){_YEAR})?(?!:\d)",
        # 17 October 2023; the 17th of October
        rf"(?<!\d){_DAY}(?:{_TO}{_LAST})?\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
        # 17-Oct-2023, 17Oct2023
        rf"(?<!\d)(?P<day>\d{{1,2}})(?P<sign>[-/.]?){_MONTH}(?P=sign){_YEAR}(?!\d)",
        # 26. Januar 2022, 1er mars 2022, 25 de enero de 2022, vom 3. bis 5. Mai 2022; 26. Januar
        rf"{_DAYS_ABROAD}{_ABROAD},?\s?(?i:del?\s)?{_YEAR}(?!\d)",
        rf"{_DAYS_ABROAD}{_IN_DAY_ABROAD}",
        # Enero 25, 2022; names are compared only where a day follows
        rf"\b(?=[^\W\d_]+\.?\s\d){_ABROAD}\s(?P<day>\d{{1,2}}),?\s(?i:del?\s)?{_YEAR}(?!\d)",
        # 02.07.2024, 2. 7. 2024: a dotted day comes first
        rf"(?<!\d)(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)",
        # (10.21.): month and day of a Korean title
        r"\((?P<month>\d{1,2})\.(?P<day>\d{1,2})\.\)",
        # 25/12/2016, 25-12-2016, where only one reading is a date
        rf"(?<![\d/-])(?P<a>\d{{1,2}})(?P<sign>[/-])(?P<b>\d{{1,2}})(?P=sign){_YEAR}(?![\d/-])",
    )
)


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day and where the text names it; of a range within a month also its last day."""

    day: Day
    span: Span
    last: Day | None = None


def find_days(text: str, *, day_first: bool | None = None) -> list[FoundDay]:
    """The days that `text` names, in reading order; a range gives its first day.

    A slashed date is read when only one order of day and month is possible, or `day_first` tells.
    """
    found: list[FoundDay] = []
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            day = _day(parts, day_first)
            start, end = match.span()
            if day and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                last = None
                if parts.get("last"):
                    last = _day({**parts, "day": parts["last"]}, day_first)
                found.append(FoundDay(day, Span(start, end), last))
    return sorted(found, key=lambda each: each.span.start)


def _day(parts: dict[str, str | None], day_first: bool | None) -> Day | None:
    if "a" in parts:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if (first > 12) == (second > 12) and first != second and day_first is None:
            return None
        backwards = second > 12 or (first <= 12 and not day_first)
        month, day = (first, second) if backwards else (second, first)
    else:
        month, day = _month(parts["month"] or ""), _number(parts["day"] or "")
    year = _year(parts)
    try:
        datetime.date(2000 if year is None else year, month, day)
    except ValueError:
        return None
    return Day(year, month, day)


def _month(name: str) -> int:
    lower = name.lower()
    return MONTHS.get(lower) or MONTHS_ABROAD.get(lower) or _number(name)


def _year(parts: dict[str, str | None]) -> int | None:
    if era := parts.get("era"):
        return _ERAS[era] + (1 if parts["of_era"] == "元" else int(parts["of_era"] or 0))
    stated = parts.get("year")
    if not stated or stated.isdecimal():
        return int(stated) if stated else None
    return int("".join(str(_NUMERALS[numeral]) for numeral in stated if numeral != "十") or 0)


def _number(printed: str) -> int:
    """The number in digits, or in Chinese numerals below a hundred: `二十五`."""
    if printed.isdecimal():
        return int(printed)
    tens, ten, ones = printed.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + (_NUMERALS.get(ones, 0) if ones else 0)


_SHORT_YEAR = re.compile(
    r"(?P<before>(?<!\d)\d{1,2}(?P<sign>[./])\s?\d{1,2}(?P=sign)\s?"
    r"|(?<!\d)\d{1,2}(?P<between>[./-])[^\W\d_]{3,10}(?P=between)"
    r"|(?<!\d)\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:del?\s)?"
    r"|[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s)['’]?(?P<year>\d\d)(?![\d:./-])"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=T|\D|$)")
_CENTURY = 69  # POSIX: `68` is 2068, `69` is 1969


def stated_day(
    text: str, *, day_first: bool | None = None, short_years: bool = True
) -> datetime.date | None:
    """The one day that a value which is little but a date states, with its year.

    Beside the forms of a text it may be `20240117`, and with `short_years` `17.01.24`. None when it
    states no day, or several.
    """
    whole = _COMPACT.sub(r"\1-\2-\3", text)
    if short_years:
        whole = _SHORT_YEAR.sub(_with_century, whole)
    days = {found.day.date() for found in find_days(whole, day_first=day_first)}
    return days.pop() if len(days) == 1 else None


def _with_century(short: re.Match[str]) -> str:
    year = int(short["year"])
    return f"{short['before']}{year + (1900 if year >= _CENTURY else 2000)}"


def slashed_day_first(values: Iterable[str]) -> bool | None:
    """Whether slashed dates that one hand wrote have the day first, as the clear ones among them
    show; None when none is clear, or they disagree."""
    orders = set()
    for value in values:
        if slashed := _SLASHED.fullmatch(value.strip()):
            first, second = int(slashed[1]), int(slashed[2])
            if (first > 12) != (second > 12):
                orders.add(first > 12)
    return orders.pop() if len(orders) == 1 else None


_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](?:\d\d)?\d\d(?:[T\s].*)?")


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
