"""Writes the exact versions, with hashes, from the bounds in pyproject.toml: `make lock`.

One resolution, for every platform and Python, is filed by who needs it: constraints.txt what the
program and its build need, constraints/languages.txt what its extra of that name adds,
constraints/dev.txt what developing adds, constraints/torch-cuda.txt torch as the Python Package
Index has it, with what its builds for Linux need; constraints/sbom.txt is a tool's own. What is
locked already stays, unless `--upgrade` or `--upgrade-package NAME` is given.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADS = {
    "constraints.txt": "What the program and its build need, but torch, which the folder has.",
    "constraints/languages.txt": "The model for questions in other languages.",
    "constraints/dev.txt": "What tests and checks need besides constraints.txt.",
    "constraints/torch-cuda.txt": "torch with what it needs of NVIDIA's on Linux: some GB.",
    "constraints/sbom.txt": "The tool of `make sbom`, for an environment of its own.",
}
_GRAPHICS = re.compile(r"torch|triton|nvidia-.*|cuda-.*")


def resolved(known: str, *options: str) -> dict[str, str]:
    """The lines of every package that the bounds lead to, by its name."""
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write(known)
        file.flush()
        command = [
            "uv", "pip", "compile", "--universal", "--python-version", "3.11",
            "--fork-strategy", "fewest", "--generate-hashes", "--no-annotate", "--no-header",
            "--quiet", "--output-file", file.name, *options,
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)
        blocks = re.split(r"^(?=\S)", Path(file.name).read_text("utf-8"), flags=re.MULTILINE)
    return {block.partition("==")[0]: block for block in blocks if "==" in block}


def main() -> None:
    """Resolves what the program, developing and the tool need, and writes the files."""
    paths = [ROOT / name for name in HEADS]
    known = "".join(path.read_text("utf-8") for path in paths[:-1])
    bounds = ("pyproject.toml", "--group", "build")
    developing = resolved(known, *bounds, "--all-extras", *sys.argv[1:])
    known = "".join(developing.values())
    program = resolved(known, *bounds)
    translating = resolved(known, *bounds, "--extra", "languages").keys() - program.keys()
    tool = paths[-1].read_text("utf-8") if paths[-1].exists() else ""
    graphics = {name for name in program if _GRAPHICS.fullmatch(name)}
    parts = (
        {name: lines for name, lines in program.items() if name not in graphics},
        {name: developing[name] for name in sorted(translating)},
        {
            name: lines
            for name, lines in developing.items()
            if name not in program.keys() | translating
        },
        {name: program[name] for name in sorted(graphics)},
        resolved(tool, "--group", "sbom", *sys.argv[1:]),
    )
    for path, head, packages in zip(paths, HEADS.values(), parts, strict=True):
        text = f"# {head}\n# Written by `make lock`, not by hand.\n" + "".join(packages.values())
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
