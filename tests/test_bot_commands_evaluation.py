"""`pincite eval` as it is typed: measures, comparisons, floors and their exit codes."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT, CommandLine

from bot.commands.evaluate import evaluate
from retriever.evaluation.report import FIGURES, MEASURES

QUESTIONS = [
    {
        "id": "harbor",
        "question": "What was agreed about the harbor of Busan?",
        "corpus": "releases",
        "type": "what-agreed",
        "answers": [{"file": "harbour.txt", "label": "2"}],
    },
    {
        "id": "films",
        "question": "How many films will be shown?",
        "corpus": "releases",
        "answers": [{"file": "culture.txt", "paragraph": "2. Six films will be shown"}],
    },
    {"id": "opera", "question": "Who is Ludwig Zebra?", "corpus": "releases", "answers": []},
]


@pytest.fixture
def asked(indexed: CommandLine) -> CommandLine:
    """The command line in a folder with three releases and as many questions on them."""
    Path("q.jsonl").write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS))
    return indexed


def test_measures_are_json(asked: CommandLine) -> None:
    run = asked("eval", "q.jsonl", "--json")
    assert (run.code, run.err) == (0, "")
    report = run.json
    assert report["measures"]["all"]["pincite"]["MRR@10"] == 1
    assert report["measures"]["what-agreed"]["BM25"]["MRR@10"] == 1
    assert report["intervals"]["all"]["pincite"]["MRR@10"] is None  # of two questions
    assert report["gains"]["all"]["RRF"]["MRR@10"]["difference"] == 0
    assert report["figures"]["all"]["lost"] == 0
    assert [each["verdict"] for each in report["results"]] == ["found", "found", "none"]
    assert [point[0] for point in report["risk_coverage"]] == [0.3333, 0.6667, 1]


def test_text_says_what_failed_and_why(asked: CommandLine) -> None:
    lines = [json.loads(line) for line in Path("q.jsonl").read_text().splitlines()]
    lines[2]["answers"] = [{"file": "culture.txt", "paragraph": "Nowhere"}]
    lines[1] |= {"answers": [], "history": ["What is shown at the embassy?"]}
    Path("q.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    run = asked("eval", "q.jsonl")
    assert run.code == 0
    assert "An answer is not in the index: Who is Ludwig Zebra? (first: " in run.out
    assert "; none: no document mentions Ludwig Zebra)" in run.out
    films = "What is shown at the embassy? / How many films will be shown?"
    assert f"Found, but unanswerable: {films} (first: culture.txt#2)" in run.out
    assert "Unanswerable, but found: 1 of 1 (question 1 of 1)." in run.out


def test_a_run_is_compared_with_an_earlier_one(asked: CommandLine) -> None:
    earlier = asked("eval", "q.jsonl", "--json").json
    earlier["results"][0]["verdict"] = "none"
    earlier["results"][1]["measures"]["MRR@10"] = 0.25
    Path("before.json").write_text(json.dumps(earlier))
    run = asked("eval", "q.jsonl", "--compare", "before.json", "--curve", "risk.svg")
    assert run.code == 0
    assert "Compared with before.json, 3 questions:" in run.out
    assert "MRR@10      0.625 -> 1.000   +0.375" in run.out
    assert "Better: How many films will be shown? (1/rank 0.25 -> 1.00)" in run.out
    assert "Better: What was agreed about the harbor of Busan? (none -> found)" in run.out
    texts = {each.text for each in ElementTree.parse("risk.svg").iter() if each.text}
    assert {"pincite", "before.json"} <= texts


def test_a_run_is_compared_with_a_generation(asked: CommandLine) -> None:
    name = asked("status", "--json").json["generation"]
    run = asked("eval", "q.jsonl", "--compare", name, "--json")
    assert run.code == 0
    comparison = run.json["comparison"]
    assert (comparison["with"], comparison["questions"]) == (name, 3)
    assert comparison["better"] == comparison["worse"] == []


def test_a_missed_floor_is_one_line_and_exit_code_1(asked: CommandLine) -> None:
    held = ["--floor", "MRR@10=0.9", "--floor", "refused<=0.05", "--floor", "what-agreed:nDCG@5=1"]
    run = asked("eval", "q.jsonl", *held)
    assert (run.code, run.err) == (0, "")
    run = asked("eval", "q.jsonl", *held, "--floor", "p95<=0", "--floor", "who:MRR@10=0.5")
    assert run.code == 1
    first, second = run.err.splitlines()
    assert first.startswith("pincite: Missed the floor p95<=0: it is ")
    assert second == "pincite: Missed the floor who:MRR@10>=0.5: no question measures it."
    assert asked("eval", "q.jsonl", "--floor", "p95=0", "--json").json["missed"] == ["p95<=0"]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["none.jsonl"], "name another"),
        (["releases"], "name a file of questions, or a folder with corpus.jsonl"),
        (["q.jsonl", "--floor", "beauty=1"], "is no figure; choose from success@1"),
        (["q.jsonl", "--compare", "000009-00000000"], "name another, or a file"),
        (["q.jsonl", "--compare", "q.jsonl"], "write one with this version's"),
        (["q.jsonl", "--curve", "nowhere/risk.svg"], "make it first"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    asked: CommandLine, arguments: list[str], advice: str
) -> None:
    asked("eval", *arguments).refuses(advice=advice)


README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_of_the_readme_is_answered(cli: CommandLine) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    Path("questions.jsonl").write_text(example)
    run = cli("eval", "questions.jsonl", "--corpora", ROOT / "corpus", "--json")
    assert run.code == 0
    types = {"what-agreed", "follow-up", "nobody"}
    assert {each["type"] for each in run.json["results"]} == types
    assert run.json["figures"]["all"]["lost"] == 0
    assert "in full" in run.json["measures"]["follow-up"]


def test_the_readme_and_the_help_name_every_figure(cli: CommandLine) -> None:
    help_text = cli("eval", "--help").out
    assert {name for name in (*MEASURES, *FIGURES) if f"`{name}`" not in README} == set()
    assert {name for name in FIGURES if name not in help_text} == set()
    options = {name for each in evaluate.params for name in each.opts if name.startswith("--")}
    assert {name for name in options if name not in README} == set()
