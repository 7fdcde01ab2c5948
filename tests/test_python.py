"""The example in docs/python.md runs, and prints what it promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import retriever


def example() -> str:
    (found,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text("utf-8"), re.S
    )
    return str(found)


@pytest.mark.slow
def test_the_example_is_typed_strictly(tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(example())
    mypy = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "example.py"]
    environment = os.environ | {"MYPYPATH": str(ROOT)}
    run = subprocess.run(mypy, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_what_the_example_imports_is_public_and_typed() -> None:
    [names] = re.findall(r"^from retriever import (.*)$", example(), re.MULTILINE)
    assert set(names.split(", ")) <= set(retriever.__all__)
    for package in ("corpus", "embeddings", "retriever"):
        assert (ROOT / package / "py.typed").exists()
        assert f"`{package}`" in (ROOT / "docs/python.md").read_text("utf-8")


def test_the_example_runs(models: Path, tmp_path: Path) -> None:
    lines = [line for line in example().splitlines() if line]
    assert len(lines) <= 21
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    (tmp_path / "my-home").mkdir()
    (tmp_path / "my-home" / "models").symlink_to(models)
    printed = subprocess.check_output(
        [sys.executable, "-P", "-c", f"import sys; sys.path.append({str(ROOT)!r})\n{example()}"],
        cwd=tmp_path, text=True,
    ).splitlines()  # fmt: skip
    assert printed[0] == "32 documents, 135 passages"
    assert printed[1].startswith("found because ")
    assert re.fullmatch(r"   mofa_322308_special_representatives\.txt#5@[0-9a-f]{12}", printed[4])
    assert printed[-2] == "What was agreed with Sung Kim. and about defectors?"
    assert printed[-1] == "holds ['4', '5', '6']"
