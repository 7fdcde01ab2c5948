"""The example in docs/python.md runs, and prints what it promises."""

import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT


def test_the_example_runs(models: Path, tmp_path: Path) -> None:
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text("utf-8"), re.S
    )
    lines = [line for line in example.splitlines() if line]
    assert len(lines) <= 20
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    (tmp_path / "my-home").mkdir()
    (tmp_path / "my-home" / "models").symlink_to(models)
    printed = subprocess.check_output(
        [sys.executable, "-P", "-c", f"import sys; sys.path.append({str(ROOT)!r})\n{example}"],
        cwd=tmp_path, text=True,
    ).splitlines()  # fmt: skip
    assert printed[0] == "32 documents, 135 passages"
    assert printed[1].startswith("found because ")
    assert re.fullmatch(r"   mofa_322308_special_representatives\.txt#5@[0-9a-f]{12}", printed[4])
    assert printed[-2] == "What was agreed with Sung Kim. and about defectors?"
    assert printed[-1] == "holds ['4', '5', '6']"
