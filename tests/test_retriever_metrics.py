"""Measures of rankings, with their arithmetic."""

import math

import pytest

from retriever.metrics import auroc, ndcg, reciprocal_rank, success


def test_success_looks_no_deeper_than_asked() -> None:
    assert success([7, 8, 9], {9}, 3) == 1
    assert success([7, 8, 9], {9}, 2) == 0
    assert success([], {9}, 5) == 0


def test_reciprocal_rank_is_one_over_the_first_rank_that_answers() -> None:
    assert reciprocal_rank([4, 5, 6, 7], {6, 7}) == 1 / 3
    assert reciprocal_rank([*range(9), 99], {99}) == 1 / 10
    assert reciprocal_rank([*range(10), 99], {99}) == 0


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    got = 1 / math.log2(1 + 1) + 1 / math.log2(3 + 1)
    best = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1) + 1 / math.log2(3 + 1)
    assert ndcg([1, 5, 2, 6], {1, 2, 3}) == pytest.approx(got / best)
    assert ndcg([1, 2, 3], {1, 2, 3}) == 1
    assert ndcg([5, 6], {1}) == ndcg([5], set()) == 0
    assert ndcg(list(range(20)), set(range(15))) == 1


def test_auroc_counts_the_pairs_that_are_in_order() -> None:
    # 0.9 beats both; 0.5 ties with one and loses to none: 2 + 1.5 of 4 pairs.
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert auroc([1.0], [0.0]) == 1
    assert auroc([0.0], [1.0]) == 0
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(auroc([1.0], []))
