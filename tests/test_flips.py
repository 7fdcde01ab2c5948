"""One flipped bit in any file of an index: nothing false is shown, and nothing ends in a defect."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from flipping import Truth, false_in, flip, flips
from releases import releases
from rendering_html import semantic
from rendering_mail import mailbox, quoted_printable
from rendering_office import numbered_docx, odt, rtf
from rendering_pdf import block_pdf

from retriever.build.build import build_index
from retriever.index.calibration import SHIPPED, Calibration, fitted_path
from retriever.index.home import Home

FLIPS = int(os.environ.get("PINCITE_FLIPS", "200"))
SEED = int(os.environ.get("PINCITE_SEED", "14"))


@pytest.fixture(scope="module")
def home(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An index of documents in every format, with its own copy of the model; to be damaged."""
    folder = tmp_path_factory.mktemp("formats") / "documents"
    write_documents(folder)
    place = tmp_path_factory.mktemp("flips") / "home"
    shutil.copytree(models, place / "models")
    build = build_index(Home(place), [folder])
    Calibration.read(SHIPPED).write(fitted_path(Home(place), build.manifest.model))
    return Home(place)


def write_documents(folder: Path) -> None:
    """Three documents of each format, some of them twice, and what is stated of one."""
    folder.mkdir()
    each = iter(releases())
    for number in range(3):
        one = next(each)
        (folder / f"{one.name}.txt").write_text(one.text, "utf-8")
        (folder / f"copy{number}.html").write_text(semantic(one), "utf-8")
        (folder / f"{number}.md").write_text(f"# {(md := next(each)).title}\n\n{md.text}", "utf-8")
        (folder / f"{number}.html").write_text(semantic(next(each)), "utf-8")
        (folder / f"{number}.pdf").write_bytes(block_pdf(next(each)))
        (folder / f"{number}.docx").write_bytes(numbered_docx(next(each)))
        (folder / f"{number}.odt").write_bytes(odt(next(each)))
        (folder / f"{number}.rtf").write_bytes(rtf(next(each)))
        (folder / f"{number}.eml").write_bytes(quoted_printable(next(each)))
    (folder / "press.mbox").write_bytes(mailbox([next(each), next(each)]))
    stated = {"file": "0.pdf", "source": "https://www.maritime.example/talks.pdf"}
    (folder / "manifest.jsonl").write_text(json.dumps(stated), "utf-8")


@pytest.mark.slow
def test_one_flipped_bit_shows_nothing_false(home: Home) -> None:
    done: list[dict[str, object]] = []
    while len(done) < FLIPS:  # a process that ends too early is begun again behind what ended it
        arguments = [str(home.path), str(len(done)), str(FLIPS - len(done)), str(SEED)]
        run = subprocess.run(
            [sys.executable, ROOT / "tests" / "flipping.py", *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            capture_output=True,
            text=True,
        )
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        assert lines, run.stderr
        ended = [each for each in lines if "ends" in each]
        done += ended
        if run.returncode:
            done.append({**lines[-1], "ends": {"crash": 1}, "wrong": [f"crash {run.returncode}"]})
            break
        done[-1]["stderr"] = run.stderr
    ends: Counter[str] = Counter()
    for each in done:
        ends.update(each["ends"])  # type: ignore[arg-type]
    assert ends["answered"] and ends["damage named"] and ends["refused to open"]
    wrong = {
        str(each["at"]): [fault for fault in each["wrong"] if not fault.startswith("~")]  # type: ignore[attr-defined]
        for each in done
    }
    assert {at: faults for at, faults in wrong.items() if faults} == {}


@pytest.mark.slow
def test_the_program_says_nothing_false_either(home: Home) -> None:
    truth = Truth.of(home)
    for number, (file, at, bit) in enumerate(flips(home, 0, max(10, FLIPS // 40), SEED + 1)):
        question = list(truth.answers)[number % len(truth.answers)]
        flip(file, at, bit)
        try:
            run = subprocess.run(
                [sys.executable, "-c", "from bot.cli import main; main()", "--home", home.path,
                 "ask", "--json", "--top", "8", question],
                env=os.environ | {"PYTHONPATH": str(ROOT), "PINCITE_MODELS": str(home.models)},
                capture_output=True, text=True,
            )  # fmt: skip
        finally:
            flip(file, at, bit)
        where = f"{file} {at}.{bit}: {run.stderr}"
        assert run.returncode in (0, 1, 2), where
        if run.returncode == 2:
            assert run.stderr.startswith("pincite: "), where
            assert run.stderr.count("\n") == 1, where
            continue
        assert run.stderr == "", where
        found = [
            each
            for each in false_in(json.loads(run.stdout), question, truth)
            if not each.startswith("~")
        ]
        assert found == [], where
