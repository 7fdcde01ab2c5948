import datetime

import pytest
from conftest import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Day
from corpus.language.period_phrases import find_periods
from corpus.language.periods import Period, month_of, year_of

FRIDAY = datetime.date(2024, 3, 15)


WORDS = (
    "in since the until before after between and to from - – , 2019 2022-03 2022-05-01 May "
    "february 29 30 31st 3-5 last this past two 3 weeks month years ago winter fall today "
    "next year of first half Q4 10/2023 02.2024 2023년 2월 end"
).split()


def periods(text: str, today: datetime.date = FRIDAY) -> list[str]:
    return [str(found.period) for found in find_periods(text, today)]


def date(iso: str) -> datetime.date:
    return datetime.date.fromisoformat(iso)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("on July 8, 2022", "8 July 2022"),
        ("the 8th of July 2022", "8 July 2022"),
        ("8 july 2022", "8 July 2022"),
        ("2022-07-08", "8 July 2022"),
        ("2022-10-05", "5 October 2022"),
        ("on July 8", "8 July"),
        ("the 8th of july", "8 July"),
        ("on 29 February", "29 February"),
        ("June 29-30, 2022", "29 June 2022 to 30 June 2022"),
        ("29-30 June 2022", "29 June 2022 to 30 June 2022"),
        ("on the 3rd to 5th of May 2022", "3 May 2022 to 5 May 2022"),
        ("5-3 May 2022", "5 May 2022"),
        ("January 31-33, 2022", "31 January 2022"),
        ("in October 2023", "October 2023"),
        ("in OCTOBER of 2023", "October 2023"),
        ("in oct. 2023", "October 2023"),
        ("Sept, 2023", "September 2023"),
        ("2023-10", "October 2023"),
        ("in 2023", "2023"),
        ("in October", "October"),
        ("of may", "May"),
        ("the spring of 2022", "1 March 2022 to 31 May 2022"),
        ("winter 2023", "1 December 2023 to 29 February 2024"),
        ("fall 2023", "1 September 2023 to 30 November 2023"),
        ("in 10/2023", "October 2023"),
        ("the 9/2001 attacks", "September 2001"),
        ("in 10.2023.", "October 2023"),
        ("Q3 2023", "1 July 2023 to 30 September 2023"),
        ("q4, 2023", "1 October 2023 to 31 December 2023"),
        ("1Q of 2024", "1 January 2024 to 31 March 2024"),
        ("in the third quarter of 2023", "1 July 2023 to 30 September 2023"),
        ("the 2nd quarter 2023", "1 April 2023 to 30 June 2023"),
        ("the last quarter of 2022", "1 October 2022 to 31 December 2022"),
        ("the first half of 2023", "1 January 2023 to 30 June 2023"),
        ("H2 2023", "1 July 2023 to 31 December 2023"),
        ("2023년 10월에 무엇을 합의했습니까?", "October 2023"),
        ("2023년에", "2023"),
        ("2023年 2月", "February 2023"),
        ("10월에", "October"),
        ("2023년 회담에서 10월에", "October 2023"),
        ("2024년 11월 4일", "4 November 2024"),
        ("17 월요일", None),
        ("2023년 10월부터", None),  # Korean "since"
        ("10개월", None),
        ("in March of last year", "March 2023"),
        ("In 2022, what did he say in March?", "March 2022"),
        ("on March 5 in 2022", "5 March 2022"),
    ],
)
def test_days_months_seasons_and_years(text: str, period: str | None) -> None:
    assert periods(text) == ([period] if period else [])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("at the end of 2022", "2022"),
        ("early 2022", "2022"),
        ("the middle of 2022", "2022"),
        ("at the end of March 2022", "March 2022"),
        ("in the second half of October 2023", "October 2023"),
        ("late last year", "2023"),
        ("this time last year", "2023"),
        ("at the beginning of the year", "2024"),
        ("the end of the month", "March 2024"),
        ("the end of the year 2000", "2000"),
    ],
)
def test_of_a_part_without_sharp_ends_the_whole_counts(text: str, period: str) -> None:
    assert periods(text) == [period]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("today", "15 March 2024"),
        ("this morning", "15 March 2024"),
        ("Yesterday", "14 March 2024"),
        ("this week", "11 March 2024 to 17 March 2024"),
        ("last week", "4 March 2024 to 10 March 2024"),
        ("this month", "March 2024"),
        ("previous month", "February 2024"),
        ("last year's summit", "2023"),
        ("next week", "18 March 2024 to 24 March 2024"),
        ("next month", "April 2024"),
        ("next year", "2025"),
        ("next March", "March 2025"),
        ("next April", "April 2024"),
        ("next summer", "1 June 2024 to 31 August 2024"),
        ("March last year", "March 2023"),
        ("in march last year", "March 2023"),
        ("last year in March", "March 2023"),
        ("in March of this year", "March 2024"),
        ("May, next year", "May 2025"),
        ("the spring of last year", "1 March 2023 to 31 May 2023"),
        ("the second half of last year", "1 July 2023 to 31 December 2023"),
        ("Q1 this year", "1 January 2024 to 31 March 2024"),
        ("on 5 March last year", "5 March 2023"),
        ("on Monday", "11 March 2024"),
        ("on friday", "8 March 2024"),
        ("this Friday", "15 March 2024"),
        ("last Sunday", "10 March 2024"),
        ("last March", "March 2023"),
        ("this March", "March 2024"),
        ("this February", "February 2024"),
        ("last Jan", "January 2024"),
        ("last winter", "1 December 2023 to 29 February 2024"),
        ("this summer", "1 June 2024 to 31 August 2024"),
        ("3 days ago", "12 March 2024"),
        ("two weeks ago", "26 February 2024 to 3 March 2024"),
        ("a month ago", "February 2024"),
        ("one year ago", "2023"),
        ("in the last ten days", "5 March 2024 to 15 March 2024"),
        ("the past 3 months", "15 December 2023 to 15 March 2024"),
        ("last two years", "15 March 2022 to 15 March 2024"),
    ],
)
def test_relative_periods_count_from_today(text: str, period: str) -> None:
    assert periods(text) == [period]


@pytest.mark.parametrize(
    ("today", "text", "period"),
    [
        ("2024-01-01", "yesterday", "31 December 2023"),
        ("2024-01-01", "last month", "December 2023"),
        ("2024-01-03", "last week", "25 December 2023 to 31 December 2023"),
        ("2024-01-15", "this winter", "1 December 2023 to 29 February 2024"),
        ("2024-01-15", "last winter", "1 December 2022 to 28 February 2023"),
        ("2024-01-15", "last December", "December 2023"),
        ("2024-01-31", "two months ago", "November 2023"),
        ("2024-02-29", "last year", "2023"),
        ("2024-02-29", "last two years", "28 February 2022 to 29 February 2024"),
        ("2024-03-31", "the last month", "February 2024"),
        ("2024-03-31", "last one month", "29 February 2024 to 31 March 2024"),
        ("2024-03-01", "yesterday", "29 February 2024"),
        ("2024-01-15", "since October", "from 1 October 2023"),
        ("2023-05-01", "since February 29", "from 29 February 2020"),
        ("2024-12-31", "next month", "January 2025"),
        ("2024-12-31", "next week", "6 January 2025 to 12 January 2025"),
        ("2024-01-31", "next month", "February 2024"),
        ("2024-02-29", "next year", "2025"),
        ("2024-01-15", "next winter", "1 December 2024 to 28 February 2025"),
        ("2024-01-15", "from October to January", "1 October 2023 to 31 January 2024"),
    ],
)
def test_relative_periods_at_the_ends_of_months_and_years(
    today: str, text: str, period: str
) -> None:
    assert periods(text, date(today)) == [period]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("between March and May 2022", "1 March 2022 to 31 May 2022"),
        ("between early March and late May 2022", "1 March 2022 to 31 May 2022"),
        ("from March to May 2022", "1 March 2022 to 31 May 2022"),
        ("March-May 2022", "1 March 2022 to 31 May 2022"),
        ("March 2022 to May", "1 March 2022 to 31 May 2022"),
        ("from last March to May", "1 March 2023 to 31 May 2023"),
        ("December to February 2022", "1 December 2021 to 28 February 2022"),
        ("from December 2021 until February", "1 December 2021 to 28 February 2022"),
        ("from 2019 to 2021", "1 January 2019 to 31 December 2021"),
        ("2019-2021", "1 January 2019 to 31 December 2021"),
        ("2019–2021", "1 January 2019 to 31 December 2021"),
        ("between 2019 and 2021", "1 January 2019 to 31 December 2021"),
        ("May 3 to June 5, 2022", "3 May 2022 to 5 June 2022"),
        ("2022-03-05 to 2022-05-03", "5 March 2022 to 3 May 2022"),
        ("winter 2021 to spring 2022", "1 December 2021 to 31 May 2022"),
        ("from Q4 2022 to Q1 2023", "1 October 2022 to 31 March 2023"),
        ("between 10/2022 and 2/2023", "1 October 2022 to 28 February 2023"),
        ("between March and May last year", "1 March 2023 to 31 May 2023"),
        ("between March and May", "1 March 2023 to 31 May 2023"),
        ("from March until May", "1 March 2023 to 31 May 2023"),
        ("from December to February", "1 December 2023 to 29 February 2024"),
        ("between March and May in 2022", "1 March 2022 to 31 May 2022"),
        ("May 3 to June 5", "3 May 2023 to 5 June 2023"),
        ("from last month to next month", "1 February 2024 to 30 April 2024"),
    ],
)
def test_two_joined_periods_are_one(text: str, period: str) -> None:
    assert periods(text) == [period]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("in 2019 and 2021", ["2019", "2021"]),
        ("in September 2022 and October 2023", ["September 2022", "October 2023"]),
        ("March, April and May 2022", ["March 2022", "April 2022", "May 2022"]),
        ("between October 2023 and March 2022", ["October 2023", "March 2022"]),
        ("on February 29 in 2023", ["29 February"]),
    ],
)
def test_what_is_no_range_stays_apart(text: str, named: list[str]) -> None:
    assert periods(text) == named


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("since 2021", "from 1 January 2021"),
        ("since early 2021", "from 1 January 2021"),
        ("since the 8th of July 2022", "from 8 July 2022"),
        ("since last month", "from 1 February 2024"),
        ("since March 9", "from 9 March 2024"),
        ("since Monday", "from 11 March 2024"),
        ("until March 2020", "until 31 March 2020"),
        ("by the end of 2021", "until 31 December 2021"),
        ("before March 2020", "until 29 February 2020"),
        ("Prior to 2020", "until 31 December 2019"),
        ("before the March 2020 talks", "until 31 March 2020"),
        ("before Monday", "until 10 March 2024"),
        ("after March 2020", "from 1 April 2020"),
        ("after mid-2021", "from 1 January 2022"),
        ("after the March 2020 talks", "from 1 March 2020"),
        ("since the start of 2022", "from 1 January 2022"),
        ("since the beginning of the year", "from 1 January 2024"),
        ("by the end of the year", "until 31 December 2024"),
        ("since Q3 2023", "from 1 July 2023"),
        ("since 10/2023", "from 1 October 2023"),
        ("until 10.2023", "until 31 October 2023"),
        ("before the second half of 2023", "until 30 June 2023"),
        ("after the 8th of July 2022", "from 9 July 2022"),
        ("until next month", "until 30 April 2024"),
    ],
)
def test_a_word_before_it_opens_an_end(text: str, period: str) -> None:
    assert periods(text) == [period]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("until May", "until 31 May 2023"),
        ("till March", "until 31 March 2024"),
        ("by the end of March", "until 31 March 2024"),
        ("by May 5", "until 5 May 2023"),
        ("before July", "until 30 June 2023"),
        ("before March", "until 29 February 2024"),
        ("after July 8", "from 9 July 2023"),
        ("after the July 8 talks", "from 8 July 2023"),
        ("after March", "from 1 April 2023"),  # this March is not over
        ("since March", "from 1 March 2024"),
        ("before July in 2022", "until 30 June 2022"),
        ("In 2022, what was said after July 8?", "from 9 July 2022"),
        ("from May", "May"),
    ],
)
def test_an_end_that_is_opened_without_a_year_is_the_latest(text: str, period: str) -> None:
    assert periods(text) == [period]


@pytest.mark.parametrize(
    "text",
    [
        "5/10",
        "24/7",
        "9/11",
        "F-16",
        "1.13",
        "10.2023",
        "rose by 1.2023",
        "section 10.2023",
        "in 10.2023% of cases",
        "Resolution 2023",
        "+82 2 2100 7204",
        "02-2100-2023",
        "010-2023-1234",
        "Q1",
        "the first quarter",
        "half of the refugees",
        "the second half of the match",
        "it may last years",
        "until the next week",
        "the rest of the week",
        "at the end of the day",
        "the firſt half laſt year",
        "What may he say?",
        "they march on",
        "the second talks",
        "March on Washington",
        "May",
        "talks in Mar-a-Lago",
        "Resolution 2397",
        "2,000 people",
        "1.2022.5",
        "$2020",
        "COVID-2019",
        "in 1899 and 2100",
        "the 2020s",
        "99999 years ago",
        "last wınter",  # for re.IGNORECASE an i
        "",
    ],
)
def test_what_names_no_period(text: str) -> None:
    assert periods(text) == []


def test_letters_that_only_look_like_a_month_raise_nothing() -> None:
    assert periods("auguſt 2022") == ["2022"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Resolution 10/2023", "2023"),
        ("Law No. 10/2023", "2023"),
        ("13/2023", "2023"),
        ("2397/2023", "2023"),
        ("76/10/2022", "2022"),
        ("it may last year after year", "2023"),
        ("Where did they march last year?", "2023"),
    ],
)
def test_a_year_has_no_month_that_is_none(text: str, period: str) -> None:
    assert periods(text) == [period]


def test_a_weekday_before_its_date_is_not_a_second_day() -> None:
    assert periods("on Monday, October 16, 2023") == ["16 October 2023"]


def test_the_place_of_a_period_includes_the_word_that_opens_it() -> None:
    text = "What was said since the March 2022 talks, and in May 2023?"
    found = [each.span.of(text) for each in find_periods(text, FRIDAY)]
    assert found == ["since the March 2022", "May 2023"]


@pytest.mark.parametrize("today", [datetime.date.min, datetime.date.max])
@pytest.mark.parametrize(
    "text", ["last winter", "this winter", "yesterday", "this week", "last year", "since May",
             "December to this month", "this month to January", "two years ago", "after today",
             "before today", "last ten months", "next year", "next month", "next week",
             "next winter", "May next year", "Q1 last year", "until May", "after December",
             "between May and June", "since February 29"]
)  # fmt: skip
def test_the_ends_of_the_calendar_raise_nothing(today: datetime.date, text: str) -> None:
    find_periods(text, today)


@pytest.mark.parametrize(
    "unit",
    ["2022 ", "2022-", "9", "May 3, ", "in May ", "May to ", "last ", "between May and June ",
     "3 to ", "since the ", " ", "on Friday ", "ſ", "1-2 May 2022, ",
     "10/", "10/2023-", "in 10.", "2023년 ", "2023년 1", "10월 ", "first half of ", "Q3 ", "next ",
     "may last ", "end of the ", "until May ", "after the end of "],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert cpu_seconds(lambda: find_periods(text, FRIDAY)) < 1


def test_a_period_holds_its_first_and_last_day() -> None:
    period = month_of(2024, 2)
    assert period.holds(Day(2024, 2, 1)) and period.holds(Day(2024, 2, 29))
    assert not period.holds(Day(2024, 1, 31)) and not period.holds(Day(2024, 3, 1))


def test_an_open_month_or_day_is_in_every_year() -> None:
    assert Period(month=2).holds(Day(1999, 2, 3))
    assert not Period(month=2).holds(Day(1999, 3, 3))
    assert Period(month=2, day=3).holds(Day(None, 2, 3))
    assert not Period(month=2, day=3).holds(Day(2000, 2, 4))


@pytest.mark.parametrize(
    ("period", "day", "held"),
    [
        (year_of(2023), (12, 31), True),
        (year_of(2023), (2, 29), False),
        (year_of(2024), (2, 29), True),
        (month_of(2023, 7), (8, 1), False),
        (Period(date("2022-12-01"), date("2023-02-28")), (1, 31), True),
        (Period(date("2022-12-01"), date("2023-02-28")), (11, 30), False),
        (Period(first=date("2022-12-01")), (2, 29), True),
        (Period(last=date("2022-12-01")), (6, 1), True),
    ],
)
def test_a_day_without_a_year_may_be_in_a_period(
    period: Period, day: tuple[int, int], held: bool
) -> None:
    assert period.holds(Day(None, *day)) is held


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        (year_of(2022), True),
        (Period(month=7), True),
        (Period(first=date("2022-12-01")), False),
        (Period(last=date("2022-12-01")), False),
    ],
)
def test_a_period_ends_unless_an_end_is_open(period: Period, ends: bool) -> None:
    assert period.ends is ends


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.dates())
def test_any_mixture_gives_whole_periods_in_order(words: list[str], today: datetime.date) -> None:
    text = " ".join(words)
    found = find_periods(text, today)
    starts = [each.span.start for each in found]
    assert starts == sorted(set(starts))
    for each in found:
        assert each.span.of(text) and each.period.first <= each.period.last
