"""Vectors in context: the unit sum of a passage, its document and the paragraph above it."""

import numpy as np
import pytest

from corpus.readers import read_document
from retriever.contextual import CONTEXT_WEIGHT, PARENT_WEIGHT, context_text, in_context


def test_a_vector_is_the_weighted_unit_sum() -> None:
    own = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    contexts = np.array([[0, 0, 1], [0, 0, 1]], np.float32)
    first, second = in_context(own, contexts, [None, 0])
    c, p = CONTEXT_WEIGHT, PARENT_WEIGHT
    assert first == pytest.approx(np.array([1, 0, c]) / np.sqrt(1 + c * c), abs=1e-6)
    assert second == pytest.approx(np.array([p, 1, c]) / np.sqrt(p * p + 1 + c * c), abs=1e-6)


def test_vectors_stay_unit_and_inputs_untouched() -> None:
    random = np.random.default_rng(0)
    own, contexts = (random.standard_normal((5, 4)).astype(np.float32) for _ in range(2))
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    contexts /= np.linalg.norm(contexts, axis=1, keepdims=True)
    before = own.copy()
    vectors = in_context(own, contexts, [None, 0, 0, 1, None])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    assert (own == before).all()


def test_opposite_vectors_give_no_nan() -> None:
    own = np.array([[1, 0]], np.float32)
    assert np.isfinite(in_context(own, -own / CONTEXT_WEIGHT, [None])).all()


def test_the_context_says_title_days_and_first_sentence() -> None:
    text = (
        "Press Releases\n\nHarbor Talks Held\n\nDate\n2021-03-04\n\n"
        "1. Alice Brown met Carl Diaz on March 3. They ate fish.\n\n2. They agreed.\n"
    )
    assert context_text(read_document("a.txt", text.encode())) == (
        "Harbor Talks Held. 3 March 2021 2021-03-03; 4 March 2021 2021-03-04. "
        "Alice Brown met Carl Diaz on March 3."
    )


def test_a_title_that_is_not_stated_is_not_repeated() -> None:
    document = read_document("a.txt", b"1. The zebra was chosen as the mascot of the games.\n")
    assert not document.title_stated
    assert context_text(document) == "The zebra was chosen as the mascot of the games."
