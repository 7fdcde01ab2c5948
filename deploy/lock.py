"""Writes the exact versions, with hashes, from the bounds in pyproject.toml: `make lock`.

One resolution, for every platform and Python, is filed by who needs it: constraints.txt what the
program and its build need, constraints/dev.txt what developing adds, constraints/torch-cuda.txt
torch as the Python Package Index has it, with what its builds for Linux need. What is locked
already stays, unless `--upgrade` or `--upgrade-package NAME` is given.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADS = {
    "constraints.txt": "What the program and its build need, but torch: see the folder constraints.",
    "constraints/dev.txt": "What tests and checks need besides constraints.txt.",
    "constraints/torch-cuda.txt": "torch with what it needs of NVIDIA's on Linux: some GB.",
}
_GRAPHICS = re.compile(r"torch|triton|nvidia-.*|cuda-.*")


def resolved(known: str, *options: str) -> dict[str, str]:
    """The lines of every package that the bounds lead to, by its name."""
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write(known)
        file.flush()
        command = [
            "uv", "pip", "compile", "pyproject.toml", "--group", "build", "--universal",
            "--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes",
            "--no-annotate", "--no-header", "--quiet", "--output-file", file.name, *options,
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)
        blocks = re.split(r"^(?=\S)", Path(file.name).read_text("utf-8"), flags=re.MULTILINE)
    return {block.partition("==")[0]: block for block in blocks if "==" in block}


def main() -> None:
    """Resolves twice, without and with what developing needs, and writes the three files."""
    paths = [ROOT / name for name in HEADS]
    known = "".join(path.read_text("utf-8") for path in paths if path.exists())
    program = resolved(known, *sys.argv[1:])
    developing = resolved("".join(program.values()) + known, "--extra", "dev")
    graphics = {name for name in program if _GRAPHICS.fullmatch(name)}
    parts = (
        {name: lines for name, lines in program.items() if name not in graphics},
        {name: lines for name, lines in developing.items() if name not in program},
        {name: program[name] for name in sorted(graphics)},
    )
    for path, head, packages in zip(paths, HEADS.values(), parts, strict=True):
        text = f"# {head}\n# Written by `make lock`, not by hand.\n" + "".join(packages.values())
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
