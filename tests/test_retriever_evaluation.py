"""Evaluation: fusion with its arithmetic, question files, and a report that can be recomputed."""

import json
import math
from pathlib import Path

import pytest
from conftest import RELEASES

from embeddings import DEFAULT_MODEL
from retriever.answer import Verdict
from retriever.errors import QuestionsRefused
from retriever.evaluation import BASELINES, MEASURES, OURS, Report, evaluate, fused, read_cases
from retriever.home import Home


def test_fusion_sums_reciprocal_ranks() -> None:
    lexical, dense = [1, 2, 3], [3, 1, 4]
    scores = {
        1: 1 / (60 + 1) + 1 / (60 + 2),
        3: 1 / (60 + 3) + 1 / (60 + 1),
        2: 1 / (60 + 2),
        4: 1 / (60 + 3),
    }
    assert scores[1] > scores[3] > scores[2] > scores[4]
    assert fused(lexical, dense) == [1, 3, 2, 4]


def test_ties_are_in_the_order_of_rows() -> None:
    assert fused([9, 4], [4, 9]) == [4, 9]  # both 1/61 + 1/62
    assert fused([5], [2], [8]) == [2, 5, 8]
    assert fused() == fused([], []) == []


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


HARBOR = {
    "question": "What was agreed about the harbor of Busan?",
    "corpus": "releases",
    "answers": [{"file": "harbour.txt", "paragraph": "2. The two sides agreed to deepen"}],
    "type": "fact",
}
NOWHERE = {"question": "Who wrote the zebra opera?", "corpus": "all", "answers": [], "type": "none"}
LOST = {
    "question": "How many films will be shown?",
    "corpus": "releases",
    "answers": [{"file": "culture.txt", "paragraph": "Seven films"}],
}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    (tmp_path / "corpora" / "releases").mkdir(parents=True)
    for name, text in RELEASES.items():
        (tmp_path / "corpora" / "releases" / name).write_text(text)
    return tmp_path


def run(path: Path, models: Path) -> Report:
    home = Home(path.parent / "home", models)
    return evaluate(path, home, DEFAULT_MODEL, corpora=None, progress=lambda *now: None)


def test_a_report_counts_what_happened(releases: Path, models: Path) -> None:
    report = run(write(releases / "q.jsonl", HARBOR, NOWHERE, LOST), models)
    harbor = next(each for each in report.results if each.case.question == HARBOR["question"])
    assert harbor.first == "harbour.txt#2"
    assert harbor.verdict is Verdict.FOUND
    assert set(harbor.measures) == {OURS, *BASELINES}
    assert dict(harbor.measures[OURS]) == dict.fromkeys(MEASURES, 1.0)
    assert (report.lost, report.answerable) == (1, 2)
    assert report.found_unanswerable == 0
    assert report.mean(OURS, "MRR@10") == (1.0 + 0.0) / 2  # a lost answer counts as not found
    assert math.isnan(report.mean(OURS, "MRR@10", "other"))
    assert (releases / "home" / "eval" / "releases" / "CURRENT").is_file()
    assert not (releases / "home" / "CURRENT").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no questions; write one on each line"),
        (b"\n \n", "holds no questions"),
        (b"\xff", "cannot be read"),
        (b"{}\n", "Line 1 of .* is no question; it needs question, corpus and answers"),
        (b'\n{"question": "a", "corpus": "b", "answers": [{"file": "x"}]}', "Line 2 "),
        (b"[]", "Line 1 "),
        (b"3", "Line 1 "),
        (b"nonsense", "Line 1 "),
    ],
)
def test_a_bad_file_of_questions_names_the_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(QuestionsRefused, match=message):
        read_cases(tmp_path / "q.jsonl")


def test_a_missing_file_or_folder_says_what_to_do(tmp_path: Path, models: Path) -> None:
    with pytest.raises(QuestionsRefused, match=r"cannot be read .*; name another"):
        read_cases(tmp_path / "none.jsonl")
    path = write(tmp_path / "q.jsonl", HARBOR | {"corpus": "no-such-corpus"})
    with pytest.raises(QuestionsRefused, match=r"No folder 'no-such-corpus' .* with --corpora"):
        run(path, models)


def test_all_of_nothing_is_no_corpus(releases: Path, models: Path) -> None:
    with pytest.raises(QuestionsRefused):
        run(write(releases / "corpora" / "releases" / "q.jsonl", NOWHERE), models)


def test_history_is_read(tmp_path: Path) -> None:
    line = {"id": 7, "question": "and why?", "history": ["a", "b"], "corpus": "x", "answers": []}
    (case,) = read_cases(write(tmp_path / "q.jsonl", line))
    assert (case.id, case.history, case.type) == ("7", ("a", "b"), "question")
