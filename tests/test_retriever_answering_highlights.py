"""Highlights mark the sentence whose terms weigh most."""

import pytest

from retriever.answering.highlights import highlights
from retriever.index.lexical.terms import meaningful
from retriever.question.answer_type import Asked, asked_for

TEXT = "They met in Busan. They agreed on the harbor. They left."


def marked(text: str, weights: dict[str, float]) -> list[str]:
    return [text[start:end] for start, end in highlights(text, weights)]


def test_the_heaviest_sentence_is_marked() -> None:
    assert marked(TEXT, {"busan": 1.0, "agre": 0.7, "harbor": 0.6}) == [
        "They agreed on the harbor."
    ]


MEETING = (
    "The ministers met with delegates in Oslo on 3 May. They discussed fish. "
    "A dock for 40 ships costs $3 million. Captain Nansen chairs the panel."
)


def marked_for(question: str, text: str, title: str = "") -> str:
    weights = dict.fromkeys(meaningful(question), 1.0)
    return "".join(text[start:end] for start, end in highlights(text, weights, question, title))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What did the ministers discuss?", "They discussed fish."),
        ("How much does the dock cost the ministers?", "A dock for 40 ships costs $3 million."),
        ("Who is at the head of the panel?", "Captain Nansen chairs the panel."),
        ("When did the ministers meet?", "The ministers met with delegates in Oslo on 3 May."),
        ("And where did the ministers meet?", "The ministers met with delegates in Oslo on 3 May."),
        ("ministers of Oslo", "The ministers met with delegates in Oslo on 3 May."),
    ],
)
def test_the_sentence_that_tells_what_is_asked_for_is_marked(question: str, sentence: str) -> None:
    assert marked_for(question, MEETING) == sentence


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How much does the new ferry cost?", "The new one is to cost 30 million."),
        ("How much did the old ferry cost?", "The old ferry cost 12 million euros."),
        ("What is the minimum fare?", "The minimum is 3 euros."),
    ],
)
def test_the_number_of_the_one_is_not_marked_for_the_other(question: str, sentence: str) -> None:
    text = (
        "The old ferry cost 12 million euros. The new one is to cost 30 million. "
        "The maximum fare was 9 euros. The minimum is 3 euros."
    )
    assert marked_for(question, text) == sentence


def test_what_the_question_quotes_is_marked() -> None:
    text = "They called it “a hard winter”. Captain Nansen spoke of the winter of Oslo."
    assert marked_for('Who spoke of "a hard winter" in Oslo?', text) == (
        "They called it “a hard winter”."
    )


def test_a_term_that_begins_alike_counts_half() -> None:
    text = "Many praised the plan. The Egyptian army objects."
    assert marked_for("egypt on the dam", text) == "The Egyptian army objects."
    assert marked_for("egy on the dam", text) == ""


def test_years_ago_are_no_number() -> None:
    text = "Ten years ago a gunman came to Oslo. Six people died."
    assert marked_for("How many victims were there in all?", text) == "Six people died."


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When did the envoy who met Lee speak?", Asked.TIME),
        ("In what year did they meet?", Asked.TIME),
        ("What did the WHO say about vaccines?", Asked.SAID),
        ("and who chaired it", Asked.PERSON),
        ("how many ships", Asked.NUMBER),
        ("sanctions on ships", None),
        ("For what day and hour was it set?", Asked.TIME),
        ("it has been open since when?", Asked.TIME),
        ("What share of the ships is new?", Asked.NUMBER),
        ("how did they react", Asked.SAID),
    ],
)
def test_what_is_asked_for(question: str, asked: Asked | None) -> None:
    assert asked_for(question) is asked


def test_a_word_of_the_title_tells_little_about_the_sentence() -> None:
    weights = {"busan": 1.0, "harbor": 0.6}
    ((start, end),) = highlights(TEXT, weights, title="Talks in Busan")
    assert TEXT[start:end] == "They agreed on the harbor."


def test_a_term_counts_once_and_equal_sentences_give_the_earlier() -> None:
    text = "Fish, fish, fish. Fish and rice."
    assert marked(text, {"fish": 1.0}) == ["Fish, fish, fish."]
    assert marked(text, {"fish": 1.0, "rice": 0.1}) == ["Fish and rice."]


def test_nothing_is_marked_without_a_term() -> None:
    assert marked(TEXT, {"zebra": 1.0}) == []
    assert marked(TEXT, {}) == []


def test_a_single_sentence_is_marked_as_any_other() -> None:
    assert marked("They agreed on the harbor.", {"harbor": 1.0}) == ["They agreed on the harbor."]
    assert marked("They agreed on the harbor.", {"zebra": 1.0}) == []
