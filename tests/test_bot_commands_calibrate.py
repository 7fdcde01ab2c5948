"""`pincite calibrate`: a fit to one's own questions is kept, used, and can be removed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, CommandLine

from bot.commands.calibrate import calibrate
from embeddings import ModelCard
from embeddings.reranker import shipped_fingerprint
from retriever.index.calibration import CALIBRATION, FACTS, KINDS, RERANKED, Calibration

TALKS = "mofa_322308_special_representatives.txt"
ANSWERED = [
    ("What was agreed with Sung Kim?", TALKS, "2"),
    ("What did they agree about Julie Turner?", TALKS, "5"),
    ("What was said of money from cyber theft?", TALKS, "4"),
    ("new evidence of military dealings between Russia and North Korea", TALKS, "2"),
]
SILENT = [
    "What did Rex Tillerson say in Seoul?",
    "Who wrote the zebra opera?",
    "How are whales counted in the Arctic?",
    "How does one bake sourdough bread?",
]
QUESTIONS: list[dict[str, Any]] = [
    {"question": text, "corpus": "samples", "answers": [{"file": file, "label": label}]}
    for text, file, label in ANSWERED
] + [{"question": text, "corpus": "samples", "answers": []} for text in SILENT]


@pytest.fixture
def own(cli: CommandLine, prepared: tuple[Path, ModelCard]) -> tuple[CommandLine, Path]:
    """The command line with a model folder of its own, and where its calibration would be kept."""
    _, card = prepared
    return cli, cli.home / "models" / shipped_fingerprint() / f"{card.fingerprint}.json"


def write(name: str, questions: list[dict[str, Any]]) -> None:
    Path(name).write_text("".join(json.dumps(each) + "\n" for each in questions))


def test_a_fit_is_kept_beside_its_model_and_used(own: tuple[CommandLine, Path]) -> None:
    cli, kept = own
    write("some.jsonl", QUESTIONS[:5])
    write("more.jsonl", QUESTIONS[5:])
    assert cli("index", ROOT / "corpus" / "samples").code == 0
    question = ("ask", "What was agreed with Sung Kim?", "--json", "--explain")
    before = cli(*question).json["passages"][0]
    run = cli("calibrate", "some.jsonl", "more.jsonl", "--corpora", ROOT / "corpus")
    assert run.code == 0
    assert run.out.startswith(f"Fitted to {len(QUESTIONS)} questions. Kept in ")
    assert str(kept) in run.out
    fitted = Calibration.read(kept)
    by_evidence = Calibration.read(cli.home / "models" / kept.stem / CALIBRATION)
    assert fitted.model == by_evidence.model == kept.stem
    assert not by_evidence.weights and set(fitted.weights) == set(KINDS)
    assert fitted.passage.weights["score"] > 0
    assert {*fitted.passage.weights, *fitted.question.weights} == {"score", *FACTS}
    after = cli(*question).json["passages"][0]
    assert after["score"] != before["score"]
    (base,) = (each for each in after["explanation"] if each["evidence"] == "question")
    assert base["weight"] == pytest.approx(fitted.passage.log_odds({"named": 1.0}))
    kept.unlink()  # as the sentence says, this goes back to the one that ships
    assert cli(*question).json["passages"][0]["score"] == before["score"]


def test_what_was_refused_changes_nothing(own: tuple[CommandLine, Path]) -> None:
    cli, kept = own
    write("q.jsonl", [each for each in QUESTIONS if not each["answers"]])
    run = cli("calibrate", "q.jsonl", "--corpora", ROOT / "corpus")
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines()[-1] == (
        "pincite: These questions are all answered, or none is: nothing can be fitted; add others."
    )
    assert not kept.exists()
    cli("calibrate").refuses(advice="See `pincite calibrate --help`.")
    cli("calibrate", "none.jsonl").refuses(advice="See `pincite calibrate --help`.")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": 1}', "NaN"])
def test_a_damaged_fit_says_what_to_do(
    own: tuple[CommandLine, Path], indexed: CommandLine, content: str
) -> None:
    cli, kept = own
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(content)
    cli("ask", "harbor of Busan").refuses(advice="delete it, or fit it anew with `pincite calibr")
    shutil.copyfile(RERANKED, kept)
    assert cli("ask", "What was agreed about the harbor of Busan?").code == 0


def test_the_readme_names_its_options() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "`pincite calibrate" in readme
    options = {name for each in calibrate.params for name in each.opts if name.startswith("--")}
    assert {name for name in options if name not in readme} == set()
