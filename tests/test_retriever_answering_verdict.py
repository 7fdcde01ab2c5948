"""Verdicts and their reasons."""

import datetime
import math
from collections.abc import Mapping

import numpy as np
import pytest
from conftest import Shelf

from retriever.answering.answer import Verdict
from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.time_evidence import in_periods
from retriever.answering.verdict import Judgement, judge, listed
from retriever.index.calibration import FACTS, NONE_BELOW
from retriever.index.generation import Generation
from retriever.question.reading import read_question

TODAY = datetime.date(2024, 1, 31)
NEAR = "passages are near the question, but none matches it well enough"


def judged(samples: Generation, question: str, *scores: float, searched: str = "") -> Judgement:
    reading = read_question(question, (), TODAY, samples.lexical, samples.spellings)
    rows = np.arange(len(scores))
    in_time = in_periods(samples, reading) if reading.periods else None
    ranked = Ranked(rows, np.array(scores, np.float64), (), in_time)
    return judge(samples, reading, ranked, searched)


def score_at(samples: Generation, part: float, facts: Mapping[str, float]) -> float:
    """The score at which the probability is this part of the threshold."""
    calibration = samples.calibration
    probability = part * calibration.found_from
    log_odds = math.log(probability / (1 - probability))
    return (log_odds - calibration.base(facts)) / calibration.slope


@pytest.mark.parametrize(
    ("part", "verdict", "reason"),
    [
        (1 + 1e-6, Verdict.FOUND, "passages match the question's words and meaning"),
        (1 - 1e-6, Verdict.RELATED, NEAR),
        (NONE_BELOW + 1e-6, Verdict.RELATED, NEAR),
        (NONE_BELOW - 1e-6, Verdict.NONE, "no passage is near the question"),
    ],
)
def test_the_probability_of_the_best_decides(
    samples: Generation, part: float, verdict: Verdict, reason: str
) -> None:
    score = score_at(samples, part, dict.fromkeys(FACTS, 0.0))
    judgement = judged(samples, "What was agreed on defectors?", score, 0.0)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    assert judgement.probabilities[0] == pytest.approx(part * samples.calibration.found_from)
    assert judgement.facts == dict.fromkeys(FACTS, 0.0)


@pytest.mark.parametrize(
    ("question", "score", "reason"),
    [
        ("What was agreed on defectors?", 0.0, "no passage is near the question, in these"),
        ("What was agreed on defectors?", 0.9, "passages match the question's words and meaning"),
        ("Were zebras seen?", 0.0, "no document mentions zebras"),
        ("What was agreed on defectors in August 1907?", 0.9, "nothing is dated August 1907"),
    ],
)
def test_where_other_documents_might_have_more_a_restriction_is_said(
    samples: Generation, question: str, score: float, reason: str
) -> None:
    assert judged(samples, question, score, searched="these").reason == reason


def test_without_candidates_nothing_is_near(samples: Generation) -> None:
    judgement = judged(samples, "What was agreed on defectors?")
    assert (judgement.verdict, judgement.reason, len(judgement.probabilities)) == (
        Verdict.NONE, "no passage is near the question", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "reason", "facts"),
    [
        ("What was agreed with Zaphod Quxley?", "no document mentions Zaphod Quxley", "named"),
        ("Did Zaphod Quxley, Sung Kim or Wim Blorkwitz meet Fnordia Xanthax?",
         "no document mentions Zaphod Quxley, Wim Blorkwitz or Fnordia Xanthax", "named"),
        ("what is the of and", "nothing is asked that could be searched for", ""),
        ("What was agreed on defectors in August 1907?", "nothing is dated August 1907", "dated"),
        ("What was agreed with Zaphod Quxley in May 1907?", "no document mentions Zaphod Quxley",
         "dated named"),
    ],
)  # fmt: skip
def test_what_is_missing_decides_before_any_score(
    samples: Generation, question: str, reason: str, facts: str
) -> None:
    judgement = judged(samples, question, 0.9)
    assert (judgement.verdict, judgement.reason) == (Verdict.NONE, reason)
    assert {name for name in FACTS if judgement.facts[name]} == {"missing", *facts.split()}


@pytest.mark.parametrize(
    "question",
    ["What did Borell say?", "What did Josep Borrel say?", "Did Jullie Turnr come?"],
)
def test_a_name_that_is_misspelt_a_little_is_known(samples: Generation, question: str) -> None:
    assert judged(samples, question, 0.9).verdict is Verdict.FOUND


def test_unknown_words_that_are_no_names_are_the_reason_when_nothing_is_near(
    samples: Generation,
) -> None:
    judgement = judged(samples, "Were zebras seen?", 0.0)
    assert (judgement.verdict, judgement.reason) == (Verdict.NONE, "no document mentions zebras")


@pytest.mark.parametrize(
    ("part", "verdict", "reason"),
    [
        (1.1, Verdict.FOUND, "passages match the question's words and meaning"),
        (0.9, Verdict.RELATED,
         "passages are near the question, but no passage that mentions Sung Kim has {lacking}"),
        (0.1, Verdict.NONE, "no passage that mentions Sung Kim has {lacking}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Did Sung Kim agree on tourism?", "“tourism”"),
        ("Sung Kim, the earthquake!", "“earthquake”"),
        ("After the earthquake, was Sung Kim for tourism?", "“earthquake” or “tourism”"),
    ],
)
def test_what_no_passage_has_beside_the_name_is_the_reason(
    samples: Generation, question: str, lacking: str, part: float, verdict: Verdict, reason: str
) -> None:
    facts = judged(samples, question, 0.0).facts
    assert facts["apart"] > 0
    judgement = judged(samples, question, score_at(samples, part, facts))
    assert (judgement.verdict, judgement.reason) == (verdict, reason.format(lacking=lacking))


def test_how_much_stands_apart_counts_by_how_much_it_tells(samples: Generation) -> None:
    told = samples.lexical.weights({"agre": 1.0, "tourism": 1.0})
    judgement = judged(samples, "Did Sung Kim agree on tourism?", 0.45)
    assert judgement.facts["apart"] == told["tourism"] / (told["agre"] + told["tourism"])


def test_what_stands_beside_the_name_is_no_lack(samples: Generation) -> None:
    assert judged(samples, "What was agreed with Sung Kim on defectors?", 0.9).facts["apart"] == 0


def test_a_question_in_the_letters_of_no_document_is_not_held_to_their_words(
    samples: Generation,
) -> None:
    assert judged(samples, "성 김과 무엇에 합의했나요? Sung Kim", 0.9).facts["apart"] == 0


def test_a_name_is_looked_for_in_the_two_best_documents(shelf: Shelf) -> None:
    for name, who in (("one", "Anna Trussell"), ("two", "nobody"), ("three", "nobody")):
        shelf.write(**{name: f"Press Releases\n\nA Note\n\nMay 3, 2022\n\nIn Oslo was {who}.\n"})
    shelf.index()
    opened = Generation.open(shelf.home)
    question = "Was Trussell in Oslo in May 2022?"
    reading = read_question(question, (), TODAY, opened.lexical, opened.spellings)
    (named,) = opened.lexical.rows_with(["trussel"], ["text"])
    others = np.setdiff1d(opened.lexical.rows_with(["oslo"], ["text"]), [named])
    evidence = (Evidence("date", 1.0, np.ones(3)),)
    for rows, verdict in (
        ([others[0], named, others[1]], Verdict.FOUND),
        ([*others, named], Verdict.NONE),
    ):
        ranked = Ranked(
            np.array(rows), np.array([0.9, 0.8, 0.7]), evidence, in_periods(opened, reading)
        )
        assert judge(opened, reading, ranked).verdict is verdict


def test_names_make_one_phrase() -> None:
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A or B"
    assert listed(["A", "B", "C"], "and") == "A, B and C"
