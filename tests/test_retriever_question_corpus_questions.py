"""What is asked of the corpus itself, and what is not."""

import datetime
import json

import pytest
from conftest import ROOT

from retriever.question.corpus_questions import CorpusQuestion, Wanted, corpus_question
from retriever.question.follow_ups import without_periods

TODAY = datetime.date(2024, 11, 20)


def read(question: str) -> CorpusQuestion | None:
    return corpus_question(without_periods(question, TODAY))


@pytest.mark.parametrize(
    ("question", "wanted", "subject"),
    [
        ("List all documents on sanctions", Wanted.LIST, "sanctions"),
        ("Which press releases mention Ned Price?", Wanted.LIST, "Ned Price"),
        ("list the documents in which Almagro is mentioned", Wanted.LIST, "Almagro"),
        ("show me everything you have on Snake Island", Wanted.LIST, "Snake Island"),
        ('all releases with "rule of law"', Wanted.LIST, '"rule of law"'),
        ("Has Bucha been mentioned in any release?", Wanted.LIST, "Bucha"),
        ("How many releases mention Kuleba in 2023?", Wanted.COUNT, "Kuleba"),
        ("how often is Kuleba mentioned", Wanted.COUNT, "Kuleba"),
        ("How many documents were posted in March 2022?", Wanted.COUNT, ""),
        ("timeline of the Wagner Group", Wanted.TIMELINE, "the Wagner Group"),
        ("list documents on grain in chronological order", Wanted.TIMELINE, "grain"),
        ("What is the earliest release that mentions Omicron?", Wanted.FIRST, "Omicron"),
        ("When was Navalny last mentioned?", Wanted.LAST, "Navalny"),
        ("When did Blinken first meet Kuleba?", Wanted.FIRST, "Blinken, Kuleba, meet"),
        ("when did they meet for the first time", Wanted.FIRST, "they, meet"),
    ],
)
def test_documents_are_asked_for(question: str, wanted: Wanted, subject: str) -> None:
    asked = read(question)
    assert asked is not None
    assert (asked.wanted, asked.subject) == (wanted, subject)


@pytest.mark.parametrize(
    "question",
    [
        "How many reports on child labour did the department publish?",  # of which they tell
        "Which statement mentions the treaty organization?",  # one
        "Press releases about the DPRK posted on 17 October 2023",
        "When did John Nkengasong first start working for the CDC?",
        "Where did Kishida and Yun first meet?",
        "Which documents mention Kuleba but not Lavrov?",  # which would be counted wrongly
        "How many releases mention Kuleba and what do they say?",
        "What do the releases say on sanctions?",
        "List the ambassadors who joined the trip",
        "What timeline did the ministers agree on?",
        "Which documents did they sign?",
        "where is Jason Calderon mentioned?",
    ],
)
def test_what_documents_say_is_an_ordinary_question(question: str) -> None:
    assert read(question) is None


def test_no_question_of_the_evaluation_is_taken_for_one() -> None:
    every = sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    files = [each for each in every if each.stem != "lists"]
    facts = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    turns = [turn for each in facts for turn in (*each.get("history", ()), each["question"])]
    assert len(turns) > 500
    assert [turn for turn in turns if read(turn)] == []
