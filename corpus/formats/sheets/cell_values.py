"""The values of a workbook's cells in the words in which their formats show them."""

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any


def shown(cell: Any) -> str:
    """A cell's value in the words in which its format shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.timedelta):
        return _lasting(value, cell.number_format.lower())
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _moment(value, cell.number_format.lower())
    if isinstance(value, int | float):
        return formatted(value, cell.number_format)
    return str(value)


_MINUTES = re.compile(r"(h+\W*)m+|m+(?=\W*s)")  # in a format: every other `m` is a month
_DAY = re.compile("[ymd]")
_FIRST_YEAR = 1901  # Excel counts from 1900: an earlier day is hours beyond the first 24


def _moment(value: datetime.datetime | datetime.date | datetime.time, form: str) -> str:
    """A day as ISO 8601 has it, and a time with the seconds, without what its format does not
    show; where that shows a time alone, the day is told too."""
    form = _QUOTED.sub(" ", form).replace("am/pm", "").replace("a/p", "")
    exactness = "seconds" if "s" in form else "minutes"
    if isinstance(value, datetime.time):
        return value.isoformat(exactness)
    time = ""
    if isinstance(value, datetime.datetime) and ("h" in form or "s" in form):
        time = value.time().isoformat(exactness)
    form = _MINUTES.sub(r"\1", form)
    if time and value.year < _FIRST_YEAR and not _DAY.search(form):
        return time
    day = value.isoformat()[:10] if "d" in form or "m" not in form else value.isoformat()[:7]
    return f"{day} {time}".strip()


def _lasting(value: datetime.timedelta, form: str) -> str:
    """How long something takes, in hours and minutes: `30:00`."""
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    text = f"{minutes // 60}:{minutes % 60:02}" + f":{seconds:02}" * ("s" in form)
    return f"-{text}" if value < datetime.timedelta() else text


_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_CONDITION = re.compile(r"\[[<>=]")
_LARGEST = 1e15  # Excel counts no more digits
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.[#0?]*)?|\.[#0?]+")
_UNKNOWN = re.compile(r"[A-Za-z/@]")  # beside the digits: powers of ten, fractions, and days


def formatted(value: float, form: str) -> str:
    """A number as a format of Excel shows it: digits, thousands, percent, and signs beside it.

    By a format that is not wholly understood it would be another number: there it stands plainly.
    """
    sections = form.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    masked = _QUOTED.sub(lambda each: "\x00" * len(each[0]), section)
    groups = list(_NUMBER.finditer(masked))
    beside = _NUMBER.sub("", masked)
    if not groups or not abs(value) < _LARGEST or _UNKNOWN.search(beside):
        return _general(value)
    if _CONDITION.search(form):  # by which the section is chosen
        return _general(value)
    before, after = map(_unquoted, (section[: groups[0].start()], section[groups[-1].end() :]))
    thousands = len(after) - len(after.lstrip(","))  # each comma behind the digits
    after = after[thousands:]
    if len(groups) > 1:
        between = [
            _unquoted(section[each.end() : following.start()])
            for each, following in pairwise(groups)
        ]
        text = "" if thousands else _spread(value, [each[0] for each in groups], between)
        if not text:
            return _general(value)
    else:
        text = _digits(value, groups[0][0], 2 * ("%" in masked) - 3 * thousands)
    minus = "-" if value < 0 and not _tells_sign(section, sections[0]) else ""
    return f"{minus}{before.strip()}{text}{' ' * after.startswith(' ')}{after.strip()}"


def _digits(value: float, places: str, tens: int) -> str:
    """A number without its sign in the places of a format, times ten to this power."""
    whole_places, _, decimals = places.partition(".")
    scaled = Decimal(repr(abs(value))).scaleb(tens)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{rounded:{',' if ',' in places else ''}f}"
    for _ in range(len(decimals) - len(decimals.rstrip("#?"))):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    if "," in places:
        return text
    whole, point, rest = text.partition(".")
    return whole.zfill(whole_places.count("0")) + point + rest


def _spread(value: float, groups: Sequence[str], between: Sequence[str]) -> str:
    """The digits of a whole number over all places of a format, `(410) 555-1234`; empty where they
    do not fill these."""
    places = "".join(groups)
    digits = f"{abs(value):.0f}".zfill(places.count("0"))
    if value != int(value) or not set(places) <= set("#0") or len(digits) < len(places):
        return ""
    text, ends = "", len(digits)
    for group, sign in zip(reversed(groups[1:]), reversed(between), strict=True):
        text = sign + digits[ends - len(group) : ends] + text
        ends -= len(group)
    return digits[:ends] + text


def _tells_sign(section: str, positive: str) -> bool:
    """Whether the section of a format for numbers below zero says more than the first one, as a
    minus or brackets; a colour alone is not read."""
    if section is positive:
        return False
    signs, others = (Counter(_NUMBER.sub("", _unquoted(each))) for each in (section, positive))
    return bool("".join((signs - others).elements()).strip())


def _unquoted(form: str) -> str:
    """What a part of a format prints as it stands."""
    return _QUOTED.sub(lambda each: each[1] or each[2] or each[3] or "", form)


def _general(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.11g}"
