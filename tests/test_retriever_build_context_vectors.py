"""Vectors in context: the unit sum of a passage, its document and what stands above it."""

import numpy as np
import pytest
from conftest import read_document

from retriever.build.context_vectors import (
    ABOVE_WEIGHT,
    ASKED_WEIGHT,
    HEAD_WEIGHT,
    LEAD_WEIGHT,
    WHOLE_UP_TO,
    document_contexts,
    head_text,
    in_context,
    lead_text,
    weight_above,
)


def test_a_document_adds_its_head_to_its_lead_and_both_to_the_others() -> None:
    heads, leads = np.eye(2, 3, dtype=np.float32), np.eye(2, 3, 1, dtype=np.float32)
    to_lead, to_others = document_contexts(heads, leads, [1, WHOLE_UP_TO])
    assert to_lead == pytest.approx(HEAD_WEIGHT * heads)
    assert to_others == pytest.approx(HEAD_WEIGHT * heads + LEAD_WEIGHT * leads)


def test_the_context_of_a_long_document_counts_less() -> None:
    one = np.ones((4, 1), np.float32)
    _, added = document_contexts(one, one, [WHOLE_UP_TO, 2 * WHOLE_UP_TO, 100, 1000])
    shares = (added / added[0]).ravel().tolist()
    assert shares[0] == 1
    assert shares[1] == pytest.approx(1 / 2)
    assert shares == sorted(shares, reverse=True)
    assert shares[3] > 0.1


def test_a_vector_is_the_weighted_unit_sum() -> None:
    own = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    contexts = np.array([[0, 0, 2], [0, 0, 2]], np.float32)
    p = 0.4
    first, second = in_context(own, contexts, [None, 0], [p, 0.9])
    assert first == pytest.approx(np.array([1, 0, 2]) / np.sqrt(5), abs=1e-6)
    assert second == pytest.approx(np.array([p, 1, 2]) / np.sqrt(p * p + 5), abs=1e-6)


def test_vectors_stay_unit_and_inputs_untouched() -> None:
    random = np.random.default_rng(0)
    own, contexts = (random.standard_normal((5, 4)).astype(np.float32) for _ in range(2))
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    contexts /= np.linalg.norm(contexts, axis=1, keepdims=True)
    before = own.copy()
    vectors = in_context(own, contexts, [None, 0, 0, 1, None], [0.3] * 5)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    assert (own == before).all()


def test_opposite_vectors_give_no_nan() -> None:
    own = np.array([[1, 0]], np.float32)
    assert np.isfinite(in_context(own, -own, [None], [0.3])).all()


@pytest.mark.parametrize(
    ("text", "speaker", "weight"),
    [
        ("Does my equity stop vesting?", "", ASKED_WEIGHT),
        ("**When?** *Where?*", "", ASKED_WEIGHT),
        ("QUESTION: On Halland, sir.", "QUESTION", ASKED_WEIGHT),
        ("Leaving", "", ABOVE_WEIGHT),
        ("Is it so? It is.", "MR PRICE", ABOVE_WEIGHT),
    ],
)
def test_what_asks_adds_more_to_what_stands_under_it(
    text: str, speaker: str, weight: float
) -> None:
    assert weight_above(text, speaker) == weight


def test_the_head_says_title_and_days_and_the_lead_its_first_sentence() -> None:
    text = (
        "Press Releases\n\nHarbor Talks Held\n\nDate\n2021-03-04\n\n"
        "1. Alice Brown met Carl Diaz on March 3. They ate fish.\n\n2. They agreed.\n"
    )
    document = read_document("a.txt", text.encode())
    assert (
        head_text(document) == "Harbor Talks Held. 3 March 2021 2021-03-03; 4 March 2021 2021-03-04"
    )
    assert lead_text(document) == "Alice Brown met Carl Diaz on March 3."


def test_a_title_that_is_not_stated_is_not_repeated() -> None:
    document = read_document("a.txt", b"1. The zebra was chosen as the mascot of the games.\n")
    assert not document.title_stated
    assert head_text(document) == ""
    assert lead_text(document) == "The zebra was chosen as the mascot of the games."
