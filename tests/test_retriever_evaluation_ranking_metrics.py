"""Measures of rankings, with their arithmetic."""

import math

import pytest

from retriever.evaluation.ranking_metrics import complete, ndcg, reciprocal_rank, success


def test_success_looks_no_deeper_than_asked() -> None:
    assert success([7, 8, 9], {9}, 3) == 1
    assert success([7, 8, 9], {9}, 2) == 0
    assert success([], {9}, 5) == 0


def test_an_answer_is_complete_with_every_part() -> None:
    assert complete([1, 2, 3], [{1, 8}, {3}], 3) == 1
    assert complete([1, 2, 3], [{1, 8}, {3}], 2) == 0
    assert complete([1], [{1}, set()], 5) == 0  # a part that is not in the index
    assert complete([1], [], 5) == 0


def test_reciprocal_rank_is_one_over_the_first_rank_that_answers() -> None:
    assert reciprocal_rank([4, 5, 6, 7], {6, 7}, 10) == 1 / 3
    assert reciprocal_rank([*range(9), 99], {99}, 10) == 1 / 10
    assert reciprocal_rank([*range(10), 99], {99}, 10) == 0


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    got = 1 / math.log2(1 + 1) + 1 / math.log2(3 + 1)
    best = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1) + 1 / math.log2(3 + 1)
    assert ndcg([1, 5, 2, 6], {1, 2, 3}, 10) == pytest.approx(got / best)
    assert ndcg([1, 5, 2, 6], {1, 2, 3}, 2) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert ndcg([1, 2, 3], {1, 2, 3}, 10) == 1
    assert ndcg([5, 6], {1}, 10) == ndcg([5], set(), 10) == 0
    assert ndcg(list(range(20)), set(range(15)), 10) == 1
