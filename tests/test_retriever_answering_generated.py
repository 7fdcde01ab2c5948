"""Robustness: ten thousand generated questions, each with a verdict and no surprise."""

import datetime
import random
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from retriever.answering.answer import Verdict
from retriever.answering.search import find
from retriever.errors import QuestionRefused
from retriever.index.generation import Generation
from retriever.question.reading import LONGEST_QUESTION, checked

QUESTIONS = 10_000
SLOWEST = 2.0  # seconds of the processor for any one question
TODAY = datetime.date(2023, 11, 5)
SYNTAX = "\"' ( ) [ ] { } + - ~ * ? : ^ \\ / && || ! AND OR NOT TO title: text:x ^2 ~1 % _ ; -- <b>"
TIMES = (
    "in {month} {year}|last month|last {weekday}|on {month} {number}|{number}/{number}/{year}|"
    "{year}-{number}-{number}|before {year}|after the {number}th|between {year} and {year}|"
    "{number} days ago|yesterday|next week|since {month}|the {number}s|{month} {number}-{number}|"
    "{month} {number} to {month} {number}, {year}|Q{number} {year}|{number}:{number} pm|{number}%"
).split("|")
MONTHS = ("January", "Feb", "March", "may", "JUNE", "Sept.", "October", "Decembre")
WEEKDAYS = ("Monday", "tuesday", "Sunday")
NUMBERS = ("0", "1", "31", "32", "99", "2023", "10" * 20, "-5", "1e9", "٣", "Ⅳ", "½", "3.5")
YEARS = ("2023", "1999", "0000", "9999", "10000", "23", "'23", "2022")
OPENINGS = ("and ", "what about ", "who else ", "and with them", "he ", "there?", "the same ", "")
CONTROL = "".join(map(chr, [*range(32), *range(127, 160), 0x200B, 0x202E, 0xFEFF, 0xD800, 0xDFFF]))


def generators(chance: random.Random, known: list[str]) -> list[Callable[[], str]]:
    """The kinds of question, each of which gives another one at every call."""

    def letters() -> str:
        return "".join(
            chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFXYZ'-", k=chance.randint(1, 12))
        )

    def strange() -> str:
        return chr(chance.choice([chance.randrange(0x110000), chance.randrange(0x3000)]))

    def words(word: Callable[[], str], most: int = 9) -> str:
        return " ".join(word() for _ in range(chance.randint(1, most)))

    def of_corpus() -> str:
        return chance.choice(known)

    def timed() -> str:
        return chance.choice(TIMES).format(
            month=chance.choice(MONTHS),
            weekday=chance.choice(WEEKDAYS),
            year=chance.choice(YEARS),
            number=chance.choice(NUMBERS),
        )

    def broken() -> str:
        text = list(words(of_corpus))
        for _ in range(chance.randint(1, 6)):
            text.insert(chance.randint(0, len(text)), chance.choice(CONTROL))
        return "".join(text)

    def long() -> str:
        length = chance.choice([500, LONGEST_QUESTION, LONGEST_QUESTION + 1])
        return words(chance.choice([letters, of_corpus, timed, strange]), 1200)[:length]

    often: list[Callable[[], str]] = [
        lambda: words(letters),
        lambda: words(of_corpus),
        lambda: words(lambda: chance.choice([letters, of_corpus, of_corpus])().title()),
        lambda: chance.choice(OPENINGS) + words(of_corpus, 3),
        lambda: "".join(strange() for _ in range(chance.randint(1, 40))),
        lambda: words(lambda: chance.choice([of_corpus(), *SYNTAX.split(" ")])),
        lambda: f"{words(of_corpus, 4)} {words(timed, 3)}",
        lambda: words(lambda: chance.choice([*NUMBERS, *YEARS, timed()])),
        broken,
        lambda: "".join(chance.choices(CONTROL + " ?!.,", k=chance.randint(0, 9))),
    ]
    return [*often * 6, long]


@pytest.mark.slow
def test_ten_thousand_questions_each_have_a_verdict(samples: Generation) -> None:
    texts = [samples.store.passage(row).text for row in range(samples.store.count)]
    known = sorted({word for text in texts for word in text.split()})
    chance = random.Random(20231105)
    kinds = generators(chance, known)
    verdicts: Counter[Verdict | None] = Counter()
    slowest, slowest_question = 0.0, ""
    for number in range(QUESTIONS):
        question = kinds[number % len(kinds)]()
        history = [chance.choice(kinds)() for _ in range(chance.choice([0, 0, 1, 3]))]
        started = time.thread_time()
        try:
            found = find(samples, question, history=history, asked_on=TODAY)
        except QuestionRefused:  # it is empty when cleaned, or too long; nothing else is refused
            with pytest.raises(QuestionRefused):
                checked(question)
            verdicts[None] += 1
            continue
        taken = time.thread_time() - started
        if taken > slowest:
            slowest, slowest_question = taken, question
        judgement = found.judgement
        assert judgement.verdict in Verdict, question
        assert judgement.reason.strip(), question
        assert "\n" not in judgement.reason, question
        assert len(judgement.probabilities) == len(found.ranked.rows)
        assert np.isfinite(judgement.probabilities).all(), question
        assert ((judgement.probabilities >= 0) & (judgement.probabilities <= 1)).all(), question
        assert (np.diff(judgement.probabilities) <= 1e-12).all(), question
        if judgement.verdict is not Verdict.NONE:
            assert len(found.ranked.rows), question
        verdicts[judgement.verdict] += 1
    assert slowest < SLOWEST, slowest_question
    assert set(verdicts) == {*Verdict, None}  # every way out was taken
    assert verdicts[None] < QUESTIONS / 5
