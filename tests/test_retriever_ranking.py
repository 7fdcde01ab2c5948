"""Ranking: shares add up to scores, scores lie in [0, 1], and ties are in the order of rows."""

import numpy as np
import pytest

from retriever.generation import Generation
from retriever.question import read_question
from retriever.ranking import FIELD_WEIGHTS, LEXICAL_WEIGHT, OUTCOME_WEIGHT, rank

QUESTIONS = [
    "What was agreed with Sung Kim?",
    "sanctions on ships",
    "What did Josep Borrell promise?",
    "humanitarian aid to Yemen and Ukraine",
    "Who was appointed?",
    "성 김 대표",
    "the of and",
    "zebra quokka",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_shares_add_up_and_the_best_comes_first(samples: Generation, question: str) -> None:
    ranked = rank(samples, read_question(question))
    assert len(set(ranked.rows.tolist())) == len(ranked.rows) > 0
    order = list(zip((-ranked.scores).tolist(), ranked.rows.tolist(), strict=True))
    assert order == sorted(order)
    assert 0 <= ranked.scores.min() <= ranked.scores.max() <= 1
    for position, score in enumerate(ranked.scores):
        shares = ranked.shares(position)
        assert sum(share.points for share in shares) == pytest.approx(score, abs=1e-12)
        assert sum(share.weight for share in shares) == pytest.approx(1)
        assert all(0 <= share.value <= 1 for share in shares)


def test_the_evidence_is_what_it_says(samples: Generation) -> None:
    reading = read_question("sanctions on ships")
    ranked = rank(samples, reading)
    meaning, words = ranked.evidence
    assert (meaning.name, meaning.weight) == ("meaning", pytest.approx(1 - LEXICAL_WEIGHT))
    assert (words.name, words.weight) == ("words", LEXICAL_WEIGHT)
    query = samples.encoder.encode([reading.text], question=True)
    cosines = samples.vectors.scores_of(query, ranked.rows)[0]
    assert meaning.values == pytest.approx(np.maximum(cosines, 0), abs=1e-6)
    found = samples.lexical.search(reading.terms, FIELD_WEIGHTS, samples.store.count)
    bm25 = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    ceiling = samples.lexical.ceiling(reading.terms, FIELD_WEIGHTS)
    expected = [bm25.get(row, 0) / ceiling for row in ranked.rows.tolist()]
    assert words.values == pytest.approx(np.array(expected), abs=1e-6)


def test_what_came_of_a_meeting_counts_only_when_it_is_asked(samples: Generation) -> None:
    assert [e.name for e in rank(samples, read_question("talks with Sung Kim")).evidence] == [
        "meaning",
        "words",
    ]
    ranked = rank(samples, read_question("What was agreed in the talks with Sung Kim?"))
    outcome = ranked.evidence[2]
    assert (outcome.name, outcome.weight) == ("outcome", OUTCOME_WEIGHT)
    texts = [samples.store.passage(row).text for row in ranked.rows.tolist()]
    for text, value in zip(texts, outcome.values, strict=True):
        assert not ("agreed" in text and "“" not in text and not value)
    assert set(outcome.values.tolist()) == {0.0, 1.0}
    spoken = samples.store.spoken(ranked.rows.tolist())
    assert not outcome.values[np.isin(ranked.rows, list(spoken))].any()


def test_allowed_rows_restrict_both_sides(samples: Generation) -> None:
    reading = read_question("What was agreed with Sung Kim?")
    allowed = np.array([3, 17, 40])
    everywhere = rank(samples, reading)
    ranked = rank(samples, reading, allowed)
    assert sorted(ranked.rows.tolist()) == [3, 17, 40]
    scores = dict(zip(everywhere.rows.tolist(), everywhere.scores.tolist(), strict=True))
    for row, score in zip(ranked.rows.tolist(), ranked.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[row], abs=1e-6)
    assert len(rank(samples, reading, np.array([], np.int64)).rows) == 0
