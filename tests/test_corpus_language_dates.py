import datetime

import pytest

from corpus.document import Day
from corpus.language.calendar_words import MONTHS_ABROAD
from corpus.language.dates import find_days, slashed_day_first, stated_day, with_year_near

POSTED = datetime.date(2024, 3, 1)


def days(text: str) -> list[str]:
    return [str(found.day) for found in find_days(text)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-10-17", "2023-10-17"),
        ("Date 2013.04.25", "2013-04-25"),
        ("2024. 11. 4.", "2024-11-04"),
        ("2016/03/10", "2016-03-10"),
        ("2024년 11월 4일", "2024-11-04"),
        ("2024年11月4日", "2024-11-04"),
        ("한-영 외교장관회담(10월 21일)", "--10-21"),
        ("October 16, 2023", "2023-10-16"),
        ("Oct 16 2023", "2023-10-16"),
        ("17 October 2023", "2023-10-17"),
        ("17 Oct. 2023", "2023-10-17"),
        ("March 1st, 2020", "2020-03-01"),
        ("APRIL 5, 2022", "2022-04-05"),
        ("02.07.2024", "2024-07-02"),
        ("2.7.2024", "2024-07-02"),
        ("25/12/2016", "2016-12-25"),
        ("12/25/2016", "2016-12-25"),
        ("04/04/2016", "2016-04-04"),
        ("February 29, 2024", "2024-02-29"),
        ("Feb 29", "--02-29"),
        ("Oct. 16", "--10-16"),
        ("Held on Sept. 11", "--09-11"),
        ("(Dec. 11)", "--12-11"),
        ("(10.21.)", "--10-21"),
        ("the 17th of October", "--10-17"),
        ("May 3", "--05-03"),
        ("on March 28: how to go on", "--03-28"),
        ("22:00, June 2", "--06-02"),
    ],
)
def test_a_day_is_read_in_every_form_of_a_release(text: str, day: str) -> None:
    assert days(text) == [day]


def test_a_day_glued_to_its_month_and_its_time() -> None:
    assert days("April06,2007") == ["2007-04-06"]
    assert days("April06,200712:44 AM EDT") == ["2007-04-06"]


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("January 29-30, 2022", "2022-01-29", "2022-01-30"),
        ("May 3–5, 2023", "2023-05-03", "2023-05-05"),
        ("May 3 and 5", "--05-03", "--05-05"),
        ("29-30 January 2022", "2022-01-29", "2022-01-30"),
        ("3 to 5 May", "--05-03", "--05-05"),
        ("On 3 and 4 May 2023", "2023-05-03", "2023-05-04"),
        ("February 27-30, 2023", "2023-02-27", "None"),
        ("May 3, 2023", "2023-05-03", "None"),
    ],
)
def test_a_range_gives_its_first_day(text: str, day: str, last: str) -> None:
    assert days(text) == [day]
    assert str(find_days(text)[0].last) == last


@pytest.mark.parametrize(
    "text",
    [
        "04/02/2016",  # 4 February or 2 April
        "13/13/2016",
        "February 29, 2023",
        "February 30",
        "30 February 2024",
        "2024-02-30",
        "2월 30일",
        "13월 1일",
        "2023-13-45",
        "March 2023",
        "1.13.(월).jpg",
        "may 3 apply",
        "June 22:00",
        "Resolution 2397 (2017)",
        "20231017",
        "1.5 million",
    ],
)
def test_what_names_no_day_gives_none(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Berlin, den 25. Januar 2022", "2022-01-25"),
        ("9. Jänner 2023", "2023-01-09"),
        ("am 3. März", "--03-03"),
        ("Paris, le 1er août 2022", "2022-08-01"),
        ("SAMEDI 3 DECEMBRE 2022", "2022-12-03"),
        ("25 de enero de 2022", "2022-01-25"),
        ("3 mayo del 2022", "2022-05-03"),
        ("Enero 25, 2022", "2022-01-25"),
        ("Roma, 25 gennaio 2022", "2022-01-25"),
        ("17 set. 2022", "2022-09-17"),
        ("25 stycznia 2022 r.", "2022-01-25"),
        ("1 de março de 2022", "2022-03-01"),
        ("25 января 2022 года", "2022-01-25"),
        ("20 септембра 2020", None),
        ("07 Dezember, 2022", "2022-12-07"),
        ("le 5 mai", "--05-05"),
        ("14. 01. 2020", "2020-01-14"),
        ("令和４年1月25日", "2022-01-25"),
        ("平成元年2月3日", "1989-02-03"),
        ("二〇二二年十一月二十五日", "2022-11-25"),
        ("5Oct2006", "2006-10-05"),
        ("25-Jan-2022", "2022-01-25"),
        ("25-12-2016", "2016-12-25"),
        ("11 Mars orbiters", None),
        ("Version 1-2-2016-3", None),
    ],
)
def test_days_in_other_languages(text: str, day: str | None) -> None:
    assert days(text) == ([day] if day else [])


def test_a_range_in_another_language() -> None:
    found = find_days("vom 3. bis 5. Mai 2022")[0]
    assert (str(found.day), str(found.last)) == ("2022-05-03", "2022-05-05")


def test_no_name_is_two_months_and_all_are_read() -> None:
    for name, month in MONTHS_ABROAD.items():
        assert days(f"7 {name} 2022") == [f"2022-{month:02}-07"], name


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("17.01.24", "2024-01-17"),
        ("17-Jan-24", "2024-01-17"),
        ("Jan 17, 98", "1998-01-17"),
        ("17 janvier '24", "2024-01-17"),
        ("31/01/24", "2024-01-31"),
        ("20240117", "2024-01-17"),
        ("20240117T101112", "2024-01-17"),
        ("Mon, 3 Feb 2020 10:11:12 +0000", "2020-02-03"),
        ("03/04/24", "None"),
        ("24-01-17", "None"),  # of 2024 or of 2017
        ("3 May 2023 to 5 June 2023", "None"),
        ("12:30", "None"),
        ("1.2", "None"),
    ],
)
def test_a_value_that_is_a_date(value: str, day: str) -> None:
    assert str(stated_day(value)) == day


def test_slashed_dates_are_read_in_the_order_that_is_known() -> None:
    assert str(stated_day("03/04/2024", day_first=True)) == "2024-04-03"
    assert str(stated_day("03/04/2024", day_first=False)) == "2024-03-04"
    assert str(stated_day("31/04/2024", day_first=False)) == "None"
    assert str(stated_day("31/03/2024", day_first=False)) == "2024-03-31"
    assert slashed_day_first(["03/04/2024", "31/03/2024 10:00", "x"]) is True
    assert slashed_day_first(["03/04/2024", "03/31/24"]) is False
    assert slashed_day_first(["03/04/2024"]) is None
    assert slashed_day_first(["31/03/2024", "03/31/2024"]) is None


def test_days_come_in_reading_order_with_their_place() -> None:
    text = "22:00, June 2 - 02:00, June 3, Korea Standard Time, after 2020-06-01"
    found = find_days(text)
    assert [str(each.day) for each in found] == ["--06-02", "--06-03", "2020-06-01"]
    assert [each.span.of(text) for each in found] == ["June 2", "June 3", "2020-06-01"]


@pytest.mark.parametrize(
    ("month", "day", "posted", "date"),
    [
        (10, 16, (2023, 10, 17), "2023-10-16"),
        (12, 30, (2024, 1, 2), "2023-12-30"),
        (1, 2, (2023, 12, 30), "2024-01-02"),
        (2, 29, (2022, 3, 1), "2024-02-29"),
        (2, 29, (2021, 12, 1), "2020-02-29"),
        (2, 29, (1898, 3, 1), "1896-02-29"),  # 1900 was no leap year
        (1, 1, (2, 1, 1), "0002-01-01"),
    ],
)
def test_the_missing_year_is_the_nearest_to_the_posted_date(
    month: int, day: int, posted: tuple[int, int, int], date: str
) -> None:
    assert str(with_year_near(Day(None, month, day), datetime.date(*posted))) == date


def test_a_stated_year_is_kept() -> None:
    assert with_year_near(Day(2010, 5, 3), POSTED) == Day(2010, 5, 3)


def test_a_day_prints_as_iso_8601() -> None:
    assert (str(Day(2023, 1, 2)), str(Day(None, 1, 2))) == ("2023-01-02", "--01-02")
    assert Day(2023, 1, 2).date() == datetime.date(2023, 1, 2)
    assert Day(None, 1, 2).date() is None


@pytest.mark.parametrize(
    "text",
    [
        "In December 1,200 refugees arrived.",
        "In March 3.5 million tons were shipped.",
        "Prices rose in May 10.5 percent.",
        "In March 10,000 people marched.",
    ],
)
def test_a_number_behind_a_month_is_no_day(text: str) -> None:
    assert find_days(text) == []


def test_a_year_close_behind_a_day_is_one() -> None:
    (found,) = find_days("Oct 5,2021")
    assert found.day == Day(2021, 10, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Dec.11.2023", "2023-12-11"),
        ("On May 5.2023 they met", "2023-05-05"),
        ("on March 3,4 and 5", "--03-03"),
        ("On December 12.30 p.m.", "--12-12"),
        ("May 5,12:00", "--05-05"),
        ("July 4,1776", "--07-04"),
        ("May 5,2023", "2023-05-05"),
    ],
)
def test_what_stands_behind_a_day_without_a_space_is_no_part_of_it(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize("text", ["In December 1,200 came", "In May 1.5 million came"])
def test_a_figure_behind_a_month_is_no_day(text: str) -> None:
    assert days(text) == []


def test_a_year_without_a_number_is_no_day() -> None:
    assert find_days("〇〇〇〇年四月一日") == []


def test_the_days_of_a_range_in_figures_are_not_mixed() -> None:
    found = find_days("from 07/01/2015 - 03/25/2016")
    assert [str(each.day) for each in found] == ["2016-03-25"]
