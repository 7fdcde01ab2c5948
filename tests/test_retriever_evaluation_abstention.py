"""Measures of knowing when not to answer, with their arithmetic."""

import math

import numpy as np
import pytest

from retriever.evaluation.abstention import (
    area_under,
    auroc,
    calibration_error,
    risk_coverage,
    share,
)


def test_auroc_counts_the_pairs_that_are_in_order() -> None:
    # 0.9 beats both; 0.5 ties with one and beats the other: 2 + 1.5 of 4 pairs.
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert auroc([1.0], [0.0]) == 1
    assert auroc([0.0], [1.0]) == 0
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(auroc([1.0], []))


def test_risk_grows_as_less_sure_questions_are_answered() -> None:
    curve = risk_coverage([0.2, 0.9, 0.6, 0.4], [0, 1, 1, 0])
    assert curve.tolist() == [[1 / 4, 0], [2 / 4, 0], [3 / 4, 1 / 3], [4 / 4, 2 / 4]]
    assert area_under(curve) == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)


def test_equally_sure_questions_share_their_risk() -> None:
    one = risk_coverage([0.5, 0.5, 0.9], [0, 1, 1])
    other = risk_coverage([0.9, 0.5, 0.5], [1, 1, 0])
    assert one.tolist() == other.tolist()
    assert one[:, 1] == pytest.approx([0, 0.5 / 2, 1 / 3])


def test_the_calibration_error_is_the_distance_in_each_bin() -> None:
    # Twenty questions in ten bins of two: the lower ten are believed .2 and one answers,
    # the upper ten are believed .8 and all answer.
    believed = [0.2] * 10 + [0.8] * 10
    true = [1, *[0] * 9, *[1] * 10]
    gaps = [abs(0.2 - 1 / 2), *[0.2] * 4, *[abs(0.8 - 1)] * 5]
    assert calibration_error(believed, true) == pytest.approx(sum(gaps) / 10)
    assert calibration_error([0.0, 1.0, 1.0], [0, 1, 1]) == 0  # fewer questions than bins
    assert calibration_error([1.0, 0.0], [0, 1]) == 1


def test_honest_probabilities_are_nearly_calibrated() -> None:
    random = np.random.default_rng(0)
    believed = random.random(5_000)
    assert calibration_error(believed, random.random(5_000) < believed) < 0.03


def test_nothing_measures_nothing() -> None:
    assert math.isnan(share([]))
    assert math.isnan(calibration_error([], []))
    assert risk_coverage([], []).shape == (0, 2)
    assert math.isnan(area_under(risk_coverage([], [])))
    assert share([True, False, False, False]) == 1 / 4
