"""The type of options that take a day."""

import datetime
import re
from typing import Any

import click


class DayType(click.ParamType[datetime.date]):
    """A day as `2023-10-17`, or a whole month or year as `2023-10` or `2023`."""

    name = "date"

    def __init__(self, *, last: bool = False) -> None:
        self._last = last

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        """The day, or the first or last day of the month or year."""
        import calendar

        if isinstance(value, datetime.date):
            return value
        try:
            if not re.fullmatch(r"\d{4}(?:-\d\d?){0,2}", value, re.ASCII):
                raise ValueError
            year, *rest = map(int, value.split("-"))
            month = rest[0] if rest else 12 if self._last else 1
            length = calendar.monthrange(year, month)[1]
            return datetime.date(year, month, rest[1] if rest[1:] else length if self._last else 1)
        except (ValueError, calendar.IllegalMonthError):
            self.fail(f"{value!r} is no date; write it as 2023-10-17, 2023-10 or 2023.")
