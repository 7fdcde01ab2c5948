"""Highlights mark the sentence whose terms weigh most."""

import pytest

from retriever.answering.highlights import highlights
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


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What did the ministers discuss?", "They discussed fish."),
        ("How much does the dock cost the ministers?", "A dock for 40 ships costs $3 million."),
        ("Who met the ministers in Oslo?", "Captain Nansen chairs the panel."),
        ("When did the ministers meet?", "The ministers met with delegates in Oslo on 3 May."),
        ("And where did the ministers meet?", "The ministers met with delegates in Oslo on 3 May."),
        ("ministers", "The ministers met with delegates in Oslo on 3 May."),
    ],
)
def test_the_sentence_that_tells_what_is_asked_for_is_marked(question: str, sentence: str) -> None:
    ((start, end),) = highlights(MEETING, {"minist": 1.0}, question)
    assert MEETING[start:end] == sentence


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When did the envoy who met Lee speak?", Asked.TIME),
        ("In what year did they meet?", Asked.TIME),
        ("What did the WHO say about vaccines?", Asked.SAID),
        ("and who chaired it", Asked.PERSON),
        ("how many ships", Asked.NUMBER),
        ("sanctions on ships", None),
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


def test_nothing_is_marked_without_a_term_or_in_a_single_sentence() -> None:
    assert marked(TEXT, {"zebra": 1.0}) == []
    assert marked(TEXT, {}) == []
    assert marked("They agreed on the harbor.", {"harbor": 1.0}) == []
