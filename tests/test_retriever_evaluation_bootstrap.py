"""Bootstrap intervals: seeded, paired, and as wide as they must be."""

import numpy as np
import pytest

from retriever.evaluation.bootstrap import FEWEST, Estimate, estimates, intervals


def test_the_same_values_give_the_same_interval() -> None:
    values = np.random.default_rng(1).random((30, 2))
    assert np.array_equal(intervals(values), intervals(values.copy()))
    before = np.random.get_state()[1]
    intervals(values)
    assert np.array_equal(before, np.random.get_state()[1])  # nobody else's draws are disturbed


def test_it_is_what_drawing_the_questions_one_by_one_gives() -> None:
    values = np.random.default_rng(2).random(25)
    random = np.random.default_rng(3)
    means = [values[random.integers(25, size=25)].mean() for _ in range(20_000)]
    low, high = intervals(values[:, None])[:, 0]
    assert [low, high] == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.006)


def test_about_19_in_20_intervals_hold_the_true_mean() -> None:
    draws = np.random.default_rng(4).random((60, 200)) < 0.7  # 200 columns of 60 questions
    low, high = intervals(draws)
    assert 0.90 <= np.mean((low <= 0.7) & (high >= 0.7)) <= 0.99


def test_a_difference_of_two_alike_systems_is_narrower_than_either() -> None:
    random = np.random.default_rng(5)
    one = random.random(40)
    other = one + 0.02 * random.random(40)
    low, high = intervals(np.column_stack([one, other, other - one]))
    width = high - low
    assert width[2] < width[0] / 10
    assert low[2] > 0


def test_an_estimate_is_a_mean_between_its_ends() -> None:
    one, same = estimates([[0.0, 1.0], [1.0, 1.0]] * 10)
    assert one.mean == 0.5
    assert 0 < one.low < 0.5 < one.high < 1
    assert same == Estimate(1, 1, 1)


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_few_questions_have_no_interval(count: int) -> None:
    (only,) = estimates(np.ones((count, 1)))
    assert np.isnan([only.low, only.high]).all()
    assert np.isnan(only.mean) if count == 0 else only.mean == 1
