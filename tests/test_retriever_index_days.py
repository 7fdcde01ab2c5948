import datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.language.periods import Period, month_of, year_of
from retriever.index.days import Days

POSTED, REPORTS, MONTHLESS, YEARLESS, UNDATED, BOTH = range(6)
DAYS = Days(
    [
        (POSTED, "2022-03-04", ()),
        (REPORTS, "2022-03-04", ("2022-02-28", "2021-12-31")),
        (MONTHLESS, "2024-02-29", ()),
        (YEARLESS, None, ("--03-28",)),
        (UNDATED, None, ()),
        (BOTH, "2023-07-02", ("--06-30",)),
    ]
)


def documents(marked: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(marked).tolist()


@pytest.mark.parametrize(
    ("period", "inside"),
    [
        (month_of(2022, 3), [POSTED, REPORTS]),
        (month_of(2022, 2), [REPORTS]),
        (month_of(2022, 1), [REPORTS]),  # it went on between its two days
        (year_of(2021), [REPORTS]),
        (year_of(2020), []),
        (Period(first=datetime.date(2023, 7, 2)), [MONTHLESS, BOTH]),
        (Period(last=datetime.date(2021, 12, 31)), [REPORTS]),
        (Period(month=2), [REPORTS, MONTHLESS]),
        (Period(month=2, day=29), [MONTHLESS]),
        (Period(month=6), []),
        (Period(month=1), [REPORTS]),
        (Period(month=1, day=20), [REPORTS]),
        (Period(first=datetime.date(2023, 1, 1), month=1), []),
    ],
)
def test_the_documents_of_a_period_were_posted_or_report_an_event_in_it(
    period: Period, inside: list[int]
) -> None:
    assert documents(DAYS.inside(period)) == inside


@pytest.mark.parametrize(
    ("period", "on_such_a_day"),
    [
        (month_of(2022, 3), [YEARLESS]),
        (month_of(2022, 4), []),
        (year_of(2022), [YEARLESS]),
        (Period(month=3, day=28), [YEARLESS]),
        (Period(month=6), []),
    ],
)
def test_a_document_without_a_year_reports_a_day_of_some_year(
    period: Period, on_such_a_day: list[int]
) -> None:
    assert documents(DAYS.yearless(period)) == on_such_a_day


def test_the_newest_day_of_each_document() -> None:
    newest = [datetime.date(2022, 3, 4), datetime.date(2022, 3, 4), datetime.date(2024, 2, 29)]
    assert DAYS.newest[:3].tolist() == [day.toordinal() for day in newest]
    assert DAYS.newest[YEARLESS] == DAYS.newest[UNDATED] == 0
    assert documents(DAYS.undated) == [UNDATED]


def test_without_documents_there_is_nothing_inside() -> None:
    none = Days([])
    assert documents(none.inside(year_of(2022))) == documents(none.yearless(year_of(2022))) == []


def test_one_of_two_days_without_a_year_is_enough() -> None:
    days = Days([(0, None, ("--03-28", "--05-01"))])
    assert documents(days.yearless(month_of(2022, 3))) == [0]
    assert documents(days.yearless(month_of(2022, 5))) == [0]


@pytest.mark.parametrize(
    ("first", "last", "period", "goes_on"),
    [
        ("2024-02-28", "2024-03-03", Period(month=3, day=2), True),
        ("2024-02-28", "2024-03-03", Period(month=3, day=4), False),
        ("2024-02-28", "2024-03-03", Period(month=3), True),
        ("2024-02-28", "2024-03-03", Period(month=1), False),
        ("2023-12-30", "2024-01-02", Period(month=1, day=1), True),
        ("2023-12-30", "2024-01-02", Period(month=12, day=31), True),
        ("2023-12-30", "2024-01-02", Period(month=6), False),
        ("2022-12-30", "2024-01-02", Period(month=6), True),
    ],
)
def test_an_event_goes_on_between_its_days_in_any_year(
    first: str, last: str, period: Period, goes_on: bool
) -> None:
    days = Days([(0, None, (first, last))])
    assert documents(days.inside(period)) == ([0] if goes_on else [])
