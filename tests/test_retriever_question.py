"""The reading of questions: names, terms, follow-ups, and what is refused."""

import time

import pytest

from retriever.errors import QuestionRefused
from retriever.question import LONGEST_QUESTION, read_question


def test_terms_are_stems_without_stop_words_each_once() -> None:
    reading = read_question("What was agreed about the agreement that defectors agreed to?")
    assert reading.terms == ("agre", "agreement", "defector")
    assert reading.text == "What was agreed about the agreement that defectors agreed to?"


def test_a_question_that_stands_alone_ignores_the_history() -> None:
    question = "What did Josep Borrell say about maritime security in Europe?"
    assert read_question(question, ["What was agreed with Sung Kim?"]).text == question


@pytest.mark.parametrize("question", ["and about defectors?", "Why?", "What about him?", "When?"])
def test_a_follow_up_stands_behind_the_question_that_it_leans_on(question: str) -> None:
    earlier = "What was agreed with Sung Kim?"
    reading = read_question(question, [earlier])
    assert (reading.text, reading.names) == (f"{earlier} {question}", ("Sung Kim",))


def test_of_a_longer_thread_the_latest_that_stands_alone_is_taken() -> None:
    history = [
        "What did Josep Borrell say about maritime security in Europe?",
        "What was agreed with Sung Kim in Jakarta on extended deterrence?",
        "and when?",
    ]
    assert read_question("and why?", history).text == f"{history[1]} and why?"


def test_a_follow_up_to_nothing_is_a_question() -> None:
    assert read_question("and about defectors?").text == "and about defectors?"
    assert read_question("and why?", ["when?"]).text == "when? and why?"


@pytest.mark.parametrize("question", ["", "   ", "\x00\x07\x1b", "\u200b\ufeff", "\n\t", "\ud800"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionRefused, match="is empty; type what you want to know"):
        read_question(question)


def test_the_longest_question_is_read_and_a_longer_one_refused() -> None:
    assert read_question("x" * LONGEST_QUESTION).text == "x" * LONGEST_QUESTION
    with pytest.raises(QuestionRefused, match=r"has 100,000 characters.*; ask a shorter one"):
        read_question("x" * 100_000)


def test_a_long_history_is_cut() -> None:
    assert len(read_question("and why?", ["x" * 1_000_000]).text) < 2 * LONGEST_QUESTION


def test_control_characters_are_spaces_and_invisible_ones_vanish() -> None:
    reading = read_question("Sung\x00Kim\u200b de\u00adfectors\ud800 \x1b[31m?")
    assert reading.text == "Sung Kim defectors [31m?"


@pytest.mark.parametrize("unit", ["A", "A ", "A of ", "A-", "A'.", "Ab-c d", "’", "((", "of "])
def test_no_question_takes_long_to_read(unit: str) -> None:
    question = (unit * LONGEST_QUESTION)[: LONGEST_QUESTION - 1] + "!"
    started = time.perf_counter()
    read_question(question, [question, question])
    assert time.perf_counter() - started < 1
