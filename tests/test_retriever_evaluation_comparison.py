"""Comparing two runs: differences with their arithmetic, and the questions that moved."""

import json
from pathlib import Path

import pytest

from bot.rendering.evaluation_report import evaluation_json
from retriever.answering.answer import Verdict
from retriever.errors import RunRefused
from retriever.evaluation.cases import Case, Gold
from retriever.evaluation.comparison import compare, read_run, run_of
from retriever.evaluation.report import MEASURES, OURS, Report, Result


def result(name: str, worth: float | None, verdict: Verdict = Verdict.FOUND) -> Result:
    """A result whose measures are all `worth`; without an answer when that is None."""
    gold = (Gold("a.txt", label="1"),) if worth is not None else ()
    return Result(
        case=Case(name, f"What of {name}?", "releases", gold),
        measures={} if worth is None else {OURS: dict.fromkeys(MEASURES, worth)},
        verdict=verdict,
        reason="because",
        score=0.5,
        first="a.txt#1",
        answers=worth == 1,
        lost=0,
        milliseconds=1.0,
    )


def report(*results: Result) -> Report:
    return Report(results, {"releases": "000001-aaaaaaaa"})


THEN = report(
    result("a", 1.0),
    result("b", 0.5),
    result("c", 1.0, Verdict.RELATED),
    result("d", None),
    result("gone", 1.0),
)
NOW = report(
    result("a", 0.5),
    result("b", 1.0, Verdict.NONE),
    result("c", 1.0),
    result("d", None, Verdict.NONE),
    result("new", 0.0),
)


def test_differences_are_over_the_questions_of_both() -> None:
    comparison = compare(NOW, run_of("then", THEN))
    assert comparison.questions == 4
    mrr = comparison.differences["MRR@10"]
    assert mrr.then == pytest.approx((1.0 + 0.5 + 1.0) / 3)
    assert mrr.now == pytest.approx((0.5 + 1.0 + 1.0) / 3)
    assert mrr.change.mean == pytest.approx(mrr.now - mrr.then)
    refused, found = comparison.differences["refused"], comparison.differences["found"]
    assert (refused.then, refused.now) == (1 / 3, 1 / 3)
    assert (found.then, found.now) == (1, 0)


def test_a_question_moves_by_rank_and_then_by_verdict() -> None:
    comparison = compare(NOW, run_of("then", THEN))
    assert [now.case.id for now, _ in comparison.better] == ["b", "c", "d"]
    assert [now.case.id for now, _ in comparison.worse] == ["a"]


def test_a_run_that_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "then.json"
    path.write_text(json.dumps(evaluation_json(THEN)))
    read, made = read_run(path), run_of("then.json", THEN)
    assert (read.name, read.results) == (made.name, made.results)
    assert [pytest.approx(point, abs=1e-4) for point in made.curve] == read.curve
    same = compare(THEN, read)
    assert same.better == same.worse == ()
    assert all(each.change.mean == 0 for each in same.differences.values())


def test_copies_of_a_question_are_told_apart_by_their_order() -> None:
    then = report(result("same", 1.0), result("same", 0.25))
    comparison = compare(report(result("same", 1.0), result("same", 0.5)), run_of("then", then))
    assert [(now.measures[OURS]["MRR@10"], old.measures["MRR@10"]) for now, old in
            comparison.better] == [(0.5, 0.25)]  # fmt: skip
    assert comparison.worse == ()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 1}', '{"schema": 2}', "\0"])
def test_another_file_is_no_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(RunRefused, match=r"x.json holds no run; write one with .* eval --json"):
        read_run(tmp_path / "x.json")


def test_runs_over_other_questions_cannot_be_compared() -> None:
    with pytest.raises(RunRefused, match="then has none of these questions"):
        compare(report(result("other", 1.0)), run_of("then", THEN))
