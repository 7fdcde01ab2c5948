"""Evaluation: the baselines' fusion with its arithmetic, and reports that can be recomputed."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from conftest import RELEASES

from retriever.answering.answer import Verdict
from retriever.answering.search import find
from retriever.build.models import DEFAULT_MODELS
from retriever.errors import QuestionsRefused, RunRefused
from retriever.evaluation.baselines import BASELINES, Baselines, fused
from retriever.evaluation.evaluate import evaluate, evaluate_generation, read_corpora
from retriever.evaluation.report import IN_FULL, MEASURES, OURS, Report
from retriever.index.generation import Generation
from retriever.index.home import Home


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


HARBOR: dict[str, Any] = {
    "question": "What was agreed about the harbor of Busan?",
    "corpus": "releases",
    "answers": [
        {"file": "harbour.txt", "paragraph": "2. The two sides agreed to deepen", "sentences": [1]}
    ],
    "type": "fact",
}
NOWHERE = {"question": "Who wrote the zebra opera?", "corpus": "all", "answers": [], "type": "none"}
LOST = {
    "question": "How many films will be shown?",
    "corpus": "releases",
    "answers": [{"file": "culture.txt", "paragraph": "Seven films"}],
}
BOTH = {
    "question": "and where?",
    "history": ["What was agreed about the harbor of Busan?"],
    "full": "Where was the harbor of Busan to be deepened, and where did they meet?",
    "corpus": "releases",
    "mode": "all",
    "answers": [
        {"file": "harbour.txt", "label": "2"},
        {"file": "releases/harbour.txt", "label": "1"},
    ],
    "type": "follow-up",
}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    (tmp_path / "corpora" / "releases").mkdir(parents=True)
    for name, text in RELEASES.items():
        (tmp_path / "corpora" / "releases" / name).write_text(text)
    return tmp_path


def run(path: Path, models: Path) -> Report:
    home = Home(path.parent / "home", models, models)
    return evaluate(read_corpora(path), home, DEFAULT_MODELS, lambda *now: None)


def test_a_report_counts_what_happened(releases: Path, models: Path) -> None:
    report = run(write(releases / "q.jsonl", HARBOR, NOWHERE, LOST), models)
    harbor, nowhere, lost = report.results
    assert harbor.first == "harbour.txt#2"
    assert (harbor.verdict, harbor.answers) == (Verdict.FOUND, True)
    assert set(harbor.measures) == {OURS, *BASELINES}
    assert dict(harbor.measures[OURS]) == dict.fromkeys(MEASURES, 1.0)
    assert (nowhere.answers, nowhere.measures) == (False, {})
    assert (lost.lost, lost.answers) == (1, False)
    assert report.figure("lost") == 1
    assert report.figure("found") == 0
    assert report.figure("recall") == 1
    assert report.figure("MRR@10") == (1.0 + 0.0) / 2  # a lost answer counts as not found
    assert report.estimates(OURS)["MRR@10"].mean == report.figure("MRR@10")
    assert report.figure("MRR@10", "fact") == 1
    assert math.isnan(report.figure("MRR@10", "other"))
    assert math.isnan(report.figure("AUROC", "fact"))
    assert report.figure("p50") <= report.figure("p95") <= report.figure("p99")
    assert (releases / "home" / "eval" / "releases" / "CURRENT").is_file()
    assert not (releases / "home" / "CURRENT").exists()


def test_a_full_answer_needs_every_part(releases: Path, models: Path) -> None:
    report = run(write(releases / "q.jsonl", BOTH, BOTH | {"mode": "any", "full": ""}), models)
    every, one = report.results
    assert every.lost == 0
    assert IN_FULL in every.measures
    assert IN_FULL not in one.measures
    assert every.measures[OURS] | {"complete@5": 0} == one.measures[OURS] | {"complete@5": 0}
    assert one.measures[OURS]["complete@5"] == one.measures[OURS]["success@5"]
    gains = report.estimates(OURS, over=IN_FULL)
    assert gains["MRR@10"].mean == pytest.approx(
        every.measures[OURS]["MRR@10"] - every.measures[IN_FULL]["MRR@10"]
    )


def test_a_collection_is_asked_over_its_own_passages(tmp_path: Path, models: Path) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    write(
        folder / "corpus.jsonl",
        {"_id": "a", "title": "Harbor talks", "text": "They agreed to deepen it in Busan."},
        {"_id": "b", "title": "Vaccines", "text": "Two million doses went to Freedonia."},
    )
    write(folder / "queries.jsonl", {"_id": "q", "text": "Harbor of Busan: what was agreed?"})
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")
    (result,) = run(folder, models).results
    assert result.first == "0/a#a"
    assert result.measures[OURS]["MRR@10"] == 1
    assert set(result.measures) == {OURS, *BASELINES}
    generation = Generation.open(Home(tmp_path / "home" / "eval" / "talks", models, models))
    baselines = Baselines(generation, Home(tmp_path / "home", models, models), lambda *now: None)
    # The word stands in the title alone; each baseline sees it there.
    reading = find(generation, "vaccines").reading
    rankings = baselines.rankings(reading)
    assert {name: rows[0] for name, rows in rankings.items()} == dict.fromkeys(BASELINES, 1)


def test_a_kept_generation_answers_what_it_holds(releases: Path, models: Path) -> None:
    path = write(releases / "q.jsonl", HARBOR, NOWHERE)
    home = Home(releases / "home", models, models)
    before = run(path, models)
    name = before.generations["releases"]
    (releases / "corpora" / "releases" / "more.txt").write_text(RELEASES["harbour.txt"])
    assert run(path, models).generations["releases"] != name
    again = evaluate_generation(read_corpora(path), home, name, lambda *now: None)
    assert [(each.verdict, each.score, each.first) for each in again.results] == [
        (each.verdict, each.score, each.first) for each in before.results
    ]
    assert set(again.results[0].measures) == {OURS}
    with pytest.raises(RunRefused, match=r"No kept .* '000009-00000000' holds"):
        evaluate_generation(read_corpora(path), home, "000009-00000000", lambda *now: None)


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", HARBOR | {"corpus": "no-such-corpus"})
    with pytest.raises(QuestionsRefused, match=r"No folder 'no-such-corpus' .* with --corpora"):
        read_corpora(path)
    path = write(tmp_path / "q.jsonl", HARBOR | {"corpus": "../releases"})
    with pytest.raises(QuestionsRefused, match="is no folder's name; correct its corpus"):
        read_corpora(path)
    with pytest.raises(QuestionsRefused, match=r"lacks qrels\.tsv"):
        read_corpora(tmp_path)


def test_all_of_nothing_is_no_corpus(releases: Path) -> None:
    with pytest.raises(QuestionsRefused):
        read_corpora(write(releases / "corpora" / "releases" / "q.jsonl", NOWHERE))
