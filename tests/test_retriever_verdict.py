"""Verdicts and their reasons."""

import numpy as np
import pytest

from retriever.answer import Verdict
from retriever.generation import Generation
from retriever.question import read_question
from retriever.ranking import Ranked
from retriever.verdict import FOUND_FROM, RELATED_FROM, judge, strength


def ranked(*scores: float) -> Ranked:
    return Ranked(np.arange(len(scores)), np.array(scores, np.float64), ())


def judged(samples: Generation, question: str, *scores: float) -> tuple[Verdict, str]:
    return judge(samples.lexical, read_question(question), ranked(*scores))


@pytest.mark.parametrize(
    ("scores", "verdict", "reason"),
    [
        ((FOUND_FROM, 0.1), Verdict.FOUND, "passages match the question's words and meaning"),
        ((FOUND_FROM - 1e-9,), Verdict.RELATED,
         "passages are near the question, but none matches it well enough"),
        ((RELATED_FROM,), Verdict.RELATED,
         "passages are near the question, but none matches it well enough"),
        ((RELATED_FROM - 1e-9,), Verdict.NONE, "no passage is near the question"),
        ((), Verdict.NONE, "no passage is near the question"),
    ],
)  # fmt: skip
def test_the_best_score_decides(
    samples: Generation, scores: tuple[float, ...], verdict: Verdict, reason: str
) -> None:
    assert judged(samples, "What was agreed on defectors?", *scores) == (verdict, reason)


def test_a_name_in_no_document_is_the_reason(samples: Generation) -> None:
    assert judged(samples, "What was agreed with Zaphod Quxley?", 0.9) == (
        Verdict.NONE,
        "no document mentions Zaphod Quxley",
    )
    question = "Did Zaphod Quxley, Sung Kim or Wim Blorkwitz meet Fnordia Xanthax?"
    assert judged(samples, question, 0.9) == (
        Verdict.NONE,
        "no document mentions Zaphod Quxley, Wim Blorkwitz or Fnordia Xanthax",
    )


def test_a_name_that_is_misspelt_a_little_is_known(samples: Generation) -> None:
    for question in (
        "What did Borell say?",
        "What did Josep Borrel say?",
        "Did Jullie Turnr come?",
    ):
        assert judged(samples, question, 0.9)[0] is Verdict.FOUND


def test_stop_words_alone_have_a_reason_of_their_own(samples: Generation) -> None:
    assert judged(samples, "what is the of and", 0.9) == (
        Verdict.NONE,
        "the question has no word that could be searched for",
    )


def test_words_that_stand_nowhere_weaken_the_match(samples: Generation) -> None:
    reading = read_question("defectors zebra")
    weights = samples.lexical.weights(reading.terms)
    share = weights["defector"] / (weights["defector"] + weights["zebra"])
    assert strength(samples.lexical, reading, ranked(0.8, 0.1)) == pytest.approx(
        0.8 * (1 + share) / 2
    )
    assert strength(samples.lexical, read_question("zebra"), ranked(0.8)) == 0.4
    assert strength(samples.lexical, read_question("defectors"), ranked(0.8)) == 0.8
    assert strength(samples.lexical, reading, ranked()) == 0
