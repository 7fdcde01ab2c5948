"""Ranking: weighted evidence adds up to scores in [0, 1], and ties are in the order of rows."""

import datetime

import numpy as np
import pytest
from conftest import Shelf

from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.ranking import (
    COVERAGE_WEIGHT,
    DATE_WEIGHT,
    FIELD_WEIGHTS,
    LEXICAL_WEIGHT,
    MEANING_WEIGHT,
    ORDER_WEIGHT,
    OUTCOME_WEIGHT,
    Focus,
    rank,
)
from retriever.answering.substance_evidence import THIN_WEIGHT
from retriever.answering.time_evidence import LATE, in_periods
from retriever.index.generation import Generation
from retriever.question.reading import Reading, read_question
from retriever.row_set import RowSet

TODAY = datetime.date(2024, 1, 31)


def read(generation: Generation, question: str, *history: str) -> Reading:
    return read_question(question, history, TODAY, generation.lexical, generation.spellings)


def test_a_follow_up_looks_beside_the_passage_that_was_shown() -> None:
    rows, documents = np.arange(5), np.array([7, 7, 3, 4, 9])
    assert Focus(0, (7, 3, 4)).of(rows, documents).tolist() == [0.5, 1, 0.5, 0.5, 0]


@pytest.fixture
def opened(shelf: Shelf) -> Generation:
    return Generation.open(shelf.home, fast=True)


@pytest.mark.parametrize(
    "question",
    [
        "What was agreed with Sung Kim?",
        "the latest sanctions on ships",
        "What did Josep Borrell promise in 2023?",
        "humanitarian aid to Yemen and Ukraine",
        "성 김 대표",
        "the of and",
        "zebra quokka",
    ],
)
def test_evidence_adds_up_and_the_best_comes_first(samples: Generation, question: str) -> None:
    ranked = rank(samples, read(samples, question))
    assert len(set(ranked.rows.tolist())) == len(ranked.rows) > 0
    order = list(zip((-ranked.scores).tolist(), ranked.rows.tolist(), strict=True))
    assert order == sorted(order)
    assert 0 <= ranked.scores.min() <= ranked.scores.max() <= 1
    assert sum(each.weight for each in ranked.evidence if each.weight > 0) == pytest.approx(1)
    assert sum(each.weight * each.values for each in ranked.evidence) == pytest.approx(
        ranked.scores, abs=1e-12
    )
    for each in ranked.evidence:
        assert 0 <= each.values.min() <= each.values.max() <= 1 + 1e-6, each.name


def test_the_evidence_is_what_it_says(samples: Generation) -> None:
    reading = read(samples, "sanctions on ships")
    ranked = rank(samples, reading)
    meaning, words, coverage, *_ = ranked.evidence
    assert [(each.name, each.weight) for each in ranked.evidence] == [
        ("meaning", MEANING_WEIGHT),
        ("words", LEXICAL_WEIGHT),
        ("coverage", COVERAGE_WEIGHT),
        ("asks", -1),
        ("thin", -THIN_WEIGHT),
    ]
    query = samples.encoder.encode([reading.text], question=True)
    cosines = samples.vectors.scores_of(query, ranked.rows)[0]
    assert (meaning.values >= np.maximum(cosines, 0) - 1e-6).all()  # a window may be nearer
    found = samples.lexical.search(reading.terms, FIELD_WEIGHTS, samples.store.count)
    bm25 = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    ceiling = samples.lexical.ceiling(reading.terms, FIELD_WEIGHTS)
    expected = [bm25.get(row, 0) / ceiling for row in ranked.rows.tolist()]
    assert words.values == pytest.approx(np.array(expected), abs=1e-6)
    rows = np.sort(ranked.rows)
    held = samples.lexical.held(reading.terms, rows)
    assert coverage.values == pytest.approx(held[np.searchsorted(rows, ranked.rows)])


def test_what_came_of_a_meeting_counts_only_when_it_is_asked(samples: Generation) -> None:
    names = [each.name for each in rank(samples, read(samples, "talks with Sung Kim")).evidence]
    assert names == ["meaning", "words", "coverage", "asks", "thin"]
    ranked = rank(samples, read(samples, "What was agreed in the talks with Sung Kim?"))
    outcome = ranked.evidence[3]
    assert (outcome.name, outcome.weight) == ("outcome", OUTCOME_WEIGHT)
    assert set(outcome.values.tolist()) == {0.0, 1.0}
    texts = [samples.store.passage(row).text for row in ranked.rows.tolist()]
    for text, value in zip(texts, outcome.values, strict=True):
        assert not ("agreed" in text and "“" not in text and not value)
    spoken = samples.store.spoken(ranked.rows.tolist())
    assert not outcome.values[np.isin(ranked.rows, list(spoken))].any()


@pytest.mark.parametrize(
    ("question", "asked"),
    [("성 김 대표와 무엇에 합의했나요?", True), ("성 김 대표는 어디에 갔나요?", False)],
)
def test_what_came_of_a_meeting_may_be_asked_in_korean(
    samples: Generation, question: str, asked: bool
) -> None:
    names = [each.name for each in rank(samples, read(samples, question)).evidence]
    assert ("outcome" in names) is asked


def test_allowed_rows_restrict_both_sides(samples: Generation) -> None:
    reading = read(samples, "What was agreed with Sung Kim?")
    everywhere = rank(samples, reading)
    ranked = rank(samples, reading, RowSet.of(np.array([3, 17, 40]), samples.store.count))
    assert sorted(ranked.rows.tolist()) == [3, 17, 40]
    scores = dict(zip(everywhere.rows.tolist(), everywhere.scores.tolist(), strict=True))
    for row, score in zip(ranked.rows.tolist(), ranked.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[row], abs=1e-6)
    assert len(rank(samples, reading, RowSet(np.zeros(samples.store.count, np.bool_))).rows) == 0


@pytest.mark.parametrize(
    ("when", "document", "value"),
    [
        ("in March 2021", "harbour.txt", 1),
        ("on 3 March 2021", "harbour.txt", 1),
        ("on 2 March 2021", "harbour.txt", LATE),
        ("on 8 June 2022", "vaccines.txt", LATE),
        ("in April 2021", None, 0),
    ],
)
def test_rows_lie_in_a_period(
    opened: Generation, when: str, document: str | None, value: float
) -> None:
    reading = read(opened, f"What happened {when}?")
    values = in_periods(opened, reading)
    found = [opened.store.passage(row).document for row in np.flatnonzero(values).tolist()]
    ids = {opened.store.document(number).id for number in found}
    assert ids == ({document} if document else set())
    assert values.max() == value
    ranked = rank(opened, reading)
    dated = [each for each in ranked.evidence if each.name == "date"]
    assert [each.weight for each in dated] == ([DATE_WEIGHT] if document else [])
    assert len(ranked.rows) == (len(found) if document else opened.store.count)


@pytest.mark.parametrize(("order", "first"), [("latest", "2023-09-02"), ("earliest", "2021-03-04")])
def test_the_end_that_is_asked_for_has_the_order(
    opened: Generation, order: str, first: str
) -> None:
    ranked = rank(opened, read(opened, f"{order} embassy harbor doses"))
    evidence = ranked.evidence[3]
    assert (evidence.name, evidence.weight) == ("order", ORDER_WEIGHT)
    days = opened.days.newest[opened.document_of[ranked.rows]]
    whole = {datetime.date.fromordinal(day).isoformat() for day in days[evidence.values == 1]}
    assert whole == {first}


def test_rows_are_left_out_and_evidence_takes_its_part() -> None:
    words = Evidence("words", 1.0, np.array([0.2, 0.8, 0.8]))
    ranked = Ranked.of(np.array([5, 9, 7]), (words,))
    assert ranked.rows.tolist() == [7, 9, 5]
    assert ranked.without({7}).rows.tolist() == [9, 5]
    assert ranked.first(1).scores.tolist() == [0.8]
    again = ranked.with_evidence("date", 0.5, np.array([0.0, 0.0, 1.0]))
    assert again.rows.tolist() == [5, 7, 9]
    assert again.scores == pytest.approx([0.6, 0.4, 0.4])
    assert [each.weight for each in again.evidence] == [0.5, 0.5]
