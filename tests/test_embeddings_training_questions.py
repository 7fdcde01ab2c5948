"""The training questions: well-formed, in pairs, and on no document that is kept for measuring."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from embeddings.training.sources import SOURCES
from retriever.evaluation.cases import read_cases

KEPT = ROOT.parent / "shared" / "questions" / "kept_documents.txt"
FILES = sorted((SOURCES.parent / "questions").glob("*.jsonl"))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_near_miss_is_the_twin_of_a_question_that_is_answered(file: Path) -> None:
    cases = {case.id: case for case in read_cases(file)}
    assert len(cases) > 100
    for entry in lines(file):
        case = cases[entry["id"]]
        assert bool(case.answers) is (case.type not in ("near_miss", "far"))
        assert bool(case.history) is bool(case.full) or "language" in entry
        assert all(25 < len(each.paragraph) <= 80 for each in case.answers)
        if case.type == "near_miss":
            twin = cases[entry["twin"]]
            assert twin.answers and bool(twin.history) is bool(case.history)
            assert entry["near"]


def test_no_question_is_asked_twice() -> None:
    cases = [case for file in FILES for case in read_cases(file)]
    asked = Counter((case.corpus, case.history, case.question) for case in cases)
    assert [each for each, count in asked.items() if count > 1] == []
    assert len(cases) > 2_700


def test_what_is_kept_for_measuring_is_asked_nothing() -> None:
    if not KEPT.exists():
        pytest.skip("the list of kept documents is not here")
    files = {
        answer["file"] for file in FILES for entry in lines(file) for answer in entry["answers"]
    }
    assert files.isdisjoint(KEPT.read_text("utf-8").split())


def test_every_source_states_its_commit_and_licence() -> None:
    sources = json.loads(SOURCES.read_text("utf-8"))
    corpora = {case.corpus for file in FILES for case in read_cases(file)}
    shared = {"us_state", "white_house", "mofa_style"}
    assert corpora - shared <= {source["name"] for source in sources}
    for source in sources:
        assert len(source["commit"]) == 40 and source["licence"] and source["files"]
