"""The judge of small talk is fitted: on a few of the lines that the shipped one learned from."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.message_judge import load_judge
from embeddings.training.messages import WRITERS, Example, Fit, Likeness, examples, keep


@cache
def few() -> tuple[Example, ...]:
    return tuple(examples())[::60]


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> NDArray[np.float32]:
    return encoder.encode([each.text for each in few()], question=True)


def test_what_is_said_of_a_writer_is_what_a_fit_without_the_writer_says(
    vectors: NDArray[np.float32],
) -> None:
    table = Likeness(few(), vectors).table()
    scores = Fit(table, few()).left_out()
    writers = np.array([each.writer for each in few()])
    for name in WRITERS:
        others = np.flatnonzero(writers != name)
        alone = Fit(table[np.ix_(others, others)], [few()[row] for row in others])
        expected = table[np.ix_(writers == name, others)] @ alone.weights
        assert scores[writers == name] == pytest.approx(expected, abs=1e-3)


def test_the_judge_that_is_kept_scores_as_the_fit(
    vectors: NDArray[np.float32], encoder: Encoder, tmp_path: Path
) -> None:
    likeness = Likeness(few(), vectors)
    table = likeness.table()
    fit = Fit(table, few())
    keep(tmp_path / "judge.npz", likeness.judge(fit.weights), encoder.card.fingerprint)
    judge = load_judge(tmp_path / "judge.npz")
    scores = [
        judge.score(each.text, vector, in_thread=each.in_thread)
        for each, vector in zip(few(), vectors, strict=True)
    ]
    assert scores == pytest.approx(table @ fit.weights, abs=0.03)
    assert judge.model == encoder.card.fingerprint
