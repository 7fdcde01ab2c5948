"""Calibration: what a fit recovers, and which file counts."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from retriever.answering.evidence import Evidence, Ranked
from retriever.errors import CalibrationDamaged
from retriever.evaluation.fit import NOT_EVEN_NEAR, UNLIKE, Sample, fit, fitted_weights
from retriever.index.calibration import (
    FACTS,
    KINDS,
    RERANKED,
    SHIPPED,
    Calibration,
    Logistic,
    calibration_for,
    fitted_path,
)
from retriever.index.home import Home

NO_FACTS = dict.fromkeys(FACTS, 0.0)
PASSAGE = Logistic(
    -3.0,
    {"score": 6.0, "dated": 1.0, "named": 0.0, "lacking": -4.0, "elsewhere": -3.0, "apart": -2.0},
)
QUESTION = Logistic(
    -1.0,
    {"nearest": 3.0, "covered": 1.0, "read": 2.0, "lacking": -2.0, "elsewhere": -1.0, "apart": 0.0},
)
TRUTH = Calibration("m", PASSAGE, QUESTION, 0.6, 0.4, 0.25)


def sample(score: float, facts: Mapping[str, float], answers: bool, answerable: bool) -> Sample:
    """A question with one candidate of this score; what answers it elsewhere is no candidate."""
    values = {
        "meaning": facts["nearest"],
        "coverage": math.sqrt(facts["covered"]),
        "reranker": facts["read"],
    }
    evidence = (Evidence(name, 1.0, np.array([value])) for name, value in values.items())
    ranked = Ranked(np.array([0]), np.array([score]), tuple(evidence))
    return Sample(ranked, facts, frozenset({0} if answers else {1} if answerable else ()))


def drawn(count: int) -> list[Sample]:
    """Questions whose first passage answers as often as `TRUTH` says, and no others do."""
    chance = np.random.default_rng(7)
    samples = []
    for score in chance.random(count):
        facts = {name: float(chance.random()) for name in FACTS}
        answers = chance.random() < TRUTH.answers(np.array([score]), facts)[0]
        samples.append(sample(float(score), facts, bool(answers), bool(answers)))
    return samples


def test_a_fit_recovers_what_the_samples_were_drawn_from() -> None:
    fitted = fit("m", drawn(4000))
    assert fitted.model == "m"
    assert fitted.passage.intercept == pytest.approx(PASSAGE.intercept, abs=0.6)
    assert fitted.passage.weights == pytest.approx(PASSAGE.weights, abs=0.9)
    scores = np.linspace(0, 1, 50)
    believed = fitted.answers(scores, NO_FACTS)
    assert (np.diff(believed) > 0).all()  # the order of the scores stays
    assert believed == pytest.approx(TRUTH.answers(scores, NO_FACTS), abs=0.08)


def test_no_fact_speaks_as_it_cannot() -> None:
    upside_down = [
        sample(0.5, NO_FACTS | {"lacking": lacking}, lacking > 0.5, lacking > 0.5)
        for lacking in np.linspace(0, 1, 50).tolist()
    ]
    fitted = fit("m", upside_down)
    assert fitted.passage.weights["lacking"] == fitted.question.weights["lacking"] == 0


def test_weights_put_first_what_answers() -> None:
    start = dict.fromkeys(KINDS, 1.0) | {"asks": -1.0, "thin": -1.0}
    chance = np.random.default_rng(7)
    samples = []
    for _ in range(200):
        values = {name: chance.random(5) for name in KINDS}
        best = int((3 * values["reranker"] + values["meaning"]).argmax())
        evidence = (Evidence(name, start[name], each) for name, each in values.items())
        ranked = Ranked.of(np.arange(5), tuple(evidence))
        samples.append(Sample(ranked, NO_FACTS, frozenset({best})))
    weights = fitted_weights(samples, start)
    assert weights["reranker"] > 2 * weights["meaning"] > 2
    assert all(abs(weights[name]) < 1 for name in ("words", "date", "order"))
    assert weights["asks"] <= 0 and weights["thin"] <= 0


def test_what_is_near_lets_all_but_a_few_answerable_questions_through() -> None:
    samples = drawn(1000)
    fitted = fit("m", samples)
    answerable = [each for each in samples if each.gold]
    believed = np.array([fitted.answered(each.facts) for each in answerable])
    assert NOT_EVEN_NEAR - 0.01 <= np.mean(believed < fitted.near_from) <= NOT_EVEN_NEAR
    nearest = np.array([each.facts["nearest"] for each in answerable])
    assert np.mean(nearest < fitted.alike_from) <= UNLIKE


def test_few_and_perfectly_parted_questions_give_finite_numbers() -> None:
    parted = [
        sample(near, NO_FACTS | {"nearest": near}, near > 0.5, near > 0.5)
        for near in (0.1, 0.2, 0.8, 0.9)
    ]
    fitted = fit("m", parted)
    for each in (fitted.passage, fitted.question):
        assert all(map(math.isfinite, (each.intercept, *each.weights.values())))
    low, high = (fitted.answered(NO_FACTS | {"nearest": near}) for near in (0.2, 0.8))
    assert low < fitted.near_from <= fitted.found_from <= high


def test_what_is_written_is_read(tmp_path: Path) -> None:
    TRUTH.write(tmp_path / "c.json")
    assert Calibration.read(tmp_path / "c.json") == TRUTH


def test_a_fit_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text('{"model": "m", "intercept": 1, "slope": 2, "facts": {}, "found_from": 0.3}')
    with pytest.raises(CalibrationDamaged, match=r"of an earlier version .*fit it anew with"):
        Calibration.read(path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "\x00", '{"model": "m"}', "SCORE NaN", "SCORE Infinity", 'SCORE "steep"'],
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "c.json"
    TRUTH.write(path)
    whole = path.read_text("utf-8")
    damaged = whole.replace('"score": 6.0', f'"score": {content.removeprefix("SCORE ")}')
    path.write_text(damaged if content.startswith("SCORE") else content, "utf-8")
    with pytest.raises(CalibrationDamaged, match="delete it, or fit it anew with `pincite calibr"):
        Calibration.read(path)


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"[" * 100_000])
def test_bytes_that_are_no_json_are_damage_too(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.json").write_bytes(content)
    with pytest.raises(CalibrationDamaged):
        Calibration.read(tmp_path / "c.json")


@pytest.mark.parametrize("reranker", [None, "ranks"])
def test_the_fitted_one_is_preferred_to_the_shipped_one(
    tmp_path: Path, reranker: str | None
) -> None:
    home = Home(tmp_path)
    ships = RERANKED if reranker else SHIPPED
    assert calibration_for(ships, home, "encodes", reranker) == Calibration.read(ships)
    path = fitted_path(home, "encodes", reranker)
    path.parent.mkdir(parents=True)
    TRUTH.write(path)
    assert calibration_for(ships, home, "encodes", reranker) == TRUTH
    assert calibration_for(RERANKED, home, "encodes", "another") == Calibration.read(RERANKED)
    path.write_text("")
    with pytest.raises(CalibrationDamaged, match=path.name):
        calibration_for(ships, home, "encodes", reranker)
