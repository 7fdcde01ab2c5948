import datetime

import pytest
from conftest import read_document

from corpus.document import Day
from corpus.release.events import EventDays, read_events

POSTED = datetime.date(2024, 3, 1)  # a Friday


def events(title: str, lead: str, posted: datetime.date | None = POSTED) -> list[str]:
    return [str(day) for day in read_events(title, lead, posted).days]


def test_the_title_names_the_event_before_the_first_paragraph() -> None:
    lead = "On May 3 the two sides met."
    assert read_events("Meeting (Dec. 11)", lead, POSTED).days == (Day(2023, 12, 11),)
    assert read_events("Meeting", lead, POSTED).days == (Day(2024, 5, 3),)
    assert read_events("Meeting", lead, None).days == (Day(None, 5, 3),)
    assert read_events("Meeting", "The two sides met.", POSTED).days == ()


def test_today_and_yesterday_count_from_the_posted_date() -> None:
    assert events("", "They met today.") == ["2024-03-01"]
    assert events("", "This morning they met.") == ["2024-03-01"]
    assert events("", "They met Yesterday in Seoul.") == ["2024-02-29"]
    assert events("", "They met today.", None) == []


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("The ministers met on Monday in Seoul.", "2024-02-26"),
        ("The ministers met Friday in Seoul.", "2024-03-01"),
        ("The ministers, who spoke Saturday, met again on Thursday.", "2024-02-24"),
    ],
)
def test_a_weekday_is_the_last_one_before_the_posted_date(lead: str, day: str) -> None:
    assert events("", lead) == [day]
    assert events("", lead, None) == []


@pytest.mark.parametrize(
    "lead",
    [
        "The ministers will meet on Monday in Seoul.",
        "Welcome to Fox News Sunday.",
        "They discussed the Good Friday Agreement.",
        "Good afternoon and Happy Friday, everyone.",
    ],
)
def test_another_weekday_names_no_day(lead: str) -> None:
    assert events("", lead) == []


@pytest.mark.parametrize(
    ("lead", "days"),
    [
        ("They met on February 27-28 in Seoul.", ["2024-02-27", "2024-02-28"]),
        ("They met from 29 January to 1 February.", ["2024-01-29", "2024-02-01"]),
        ("They will meet on March 30 - April 2, 2024.", ["2024-03-30", "2024-04-02"]),
        ("He will visit Milan March 20-22, Tirana March 30.", ["2024-03-20", "2024-03-22"]),
        ("10월 16일 양측은 회담을 가졌다.", ["2023-10-16"]),
    ],
)  # fmt: skip
def test_a_range_has_its_first_and_last_day(lead: str, days: list[str]) -> None:
    posted = datetime.date(2023, 10, 17) if "월" in lead else POSTED
    assert events("", lead, posted) == days


@pytest.mark.parametrize(
    "lead",
    [
        "Since 24 February the two sides have met often.",
        "The government has stood firm since February 24, 2024.",
        "Following the February 20 elections, the two sides congratulate the people.",
        "The United States condemns the February 28 attack on the port.",
        "It is alarmed by Elbonia’s February 28 arrests of judges.",
        "Proposals may be sent to the embassies by April 1, 2024.",
        "The Armistice of July 27, 1953, has kept the peace.",
        "The charter was signed on December 30, 2019.",
        "Hospitals were hit, as the office said in a February 20 report.",
        "Relations between 2010 and 2015 were warm, as after the June 2021 summit.",
    ],
)
def test_a_day_of_the_background_is_no_event(lead: str) -> None:
    assert events("", lead) == []


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("During her February 28 visit to Jeju she opened a school.", "2024-02-28"),
        ("At the February 28 ministerial, they agreed to meet again.", "2024-02-28"),
        ("The people celebrate their national day on March 3.", "2024-03-03"),
        ("They spoke today on how to act following the February 20 elections.", "2024-03-01"),
        ("They spoke today. They welcomed the plans for April 4.", "2024-03-01"),
        ("Ships carry fuel. On Wednesday, February 28, it listed two ships.", "2024-02-28"),
        ("We invite you. The fair will take place on March 9.", "2024-03-09"),
        ("We invite you. The rules were made on February 9.", ""),
    ],
)
def test_when_the_event_takes_place(lead: str, day: str) -> None:
    assert events("", lead) == ([day] if day else [])


def test_a_title_names_its_subject() -> None:
    assert events("Freedonia’s February 25 Referendum", "They voted.") == ["2024-02-25"]
    assert events("Three Years since February 25", "They voted.") == []
    assert events("The Anniversary of the February 25, 2021 Protests", "They met.") == []


@pytest.mark.parametrize(
    ("title", "lead", "posted", "place"),
    [
        ("Talks (Feb. 11)", "They met.", POSTED, "title, year inferred from the posted date"),
        ("Talks on February 11, 2024", "They met.", POSTED, "title"),
        ("Talks (Feb. 11)", "They met.", None, "title"),
        ("Talks", "On Feb. 11, 2024 they met.", POSTED, "first sentence"),
        ("Talks", "All is well. They met on Feb. 11, 2024.", POSTED, "first paragraph"),
        ("Talks", "They met Today.", POSTED, "“today” in the first sentence"),
        ("Talks", "They met on Monday.", POSTED, "“Monday” in the first sentence"),
        ("Talks", "They met.", POSTED, ""),
    ],
)
def test_it_is_said_where_the_event_was_read(
    title: str, lead: str, posted: datetime.date | None, place: str
) -> None:
    assert read_events(title, lead, posted).read_from == place


def test_a_document_keeps_posted_and_event_apart() -> None:
    page = b"Talks in Busan (Oct. 16)\n\nDate\n2023-10-17\n\n1. The two sides met.\n"
    document = read_document("a.txt", page)
    assert (str(document.posted), document.posted_from) == ("2023-10-17", "date block")
    assert list(map(str, document.events)) == ["2023-10-16"]
    assert document.events_from == "title, year inferred from the posted date"
    undated = read_document("a.txt", page.replace(b"Date\n2023-10-17\n\n", b""))
    assert (undated.posted, list(map(str, undated.events))) == (None, ["--10-16"])
    assert undated.events_from == "title"


@pytest.mark.parametrize("words", ["They met yesterday.", "They met on Sunday."])
def test_before_the_first_day_is_none(words: str) -> None:
    assert read_events("Talks", words, datetime.date.min) == EventDays()


@pytest.mark.parametrize(
    "words", ["a.", "will May 3 ", "the ", "May 3 ", "\n ", "on Monday ", "’s ", "(" * 50]
)
def test_a_paragraph_without_end_costs_no_time(words: str) -> None:
    read_events("May 3 " * 100, words * 200_000, POSTED)


def test_a_day_far_ahead_is_none_of_the_event() -> None:
    lead = "The ministry asks for comments on the tariff that begins on January 1, 2025."
    posted = datetime.date(2024, 1, 15)
    assert read_events("Consultation Opens", lead, posted).days == ()
    soon = "The ministers will meet in Seoul on March 1, 2024."
    assert [*map(str, read_events("Ministers to Meet", soon, posted).days)] == ["2024-03-01"]
