"""The documents that the training questions are about, out of clones of public repositories.

    python -m embeddings.training.sources CLONES PLACE

`sources.json` names the repositories, their commits and licences. A clone of owner/name lies in
CLONES as owner+name, with or without its work tree. Documents of one name are written to one folder
in PLACE; the folders `us_state` and `white_house`, which some questions are about, are not here.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).with_name("sources.json")
_SHARED = 0.2  # of the pages of an office: a line that so many have is none of a release
_FEWEST = 3  # pages or lines


def write_documents(source: Mapping[str, Any], clone: Path, place: Path) -> int:
    """Writes the documents of a source below `place`; their number.

    Raises CalledProcessError when the clone lacks the commit or a file of it.
    """
    found = {path: _file(clone, source["commit"], path) for path in source["files"]}
    if source.get("form") == "ruling":
        found = {f"{Path(path).stem}.txt": _ruling(json.loads(text)["content"])
                 for path, text in found.items()}  # fmt: skip
    if source.get("form") == "page":
        for office in {Path(path).parent for path in found}:
            pages = {path: text for path, text in found.items() if Path(path).parent == office}
            found |= _without_shared_lines(pages)
    for path, text in found.items():
        written = path.removesuffix(".erb")  # a page in Markdown that is a template
        file = place / source["name"] / source.get("under", "") / written
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return len(found)


def _file(clone: Path, commit: str, path: str) -> str:
    command = ["git", "-C", str(clone), "show", f"{commit}:{path}"]
    shown = subprocess.run(command, capture_output=True, check=True)
    return shown.stdout.decode("utf-8", "replace")


def _ruling(text: str) -> str:
    """The text with its numbered paragraphs apart: they are printed in one line."""
    return "\n\n".join(part.strip() for part in re.split(r"\s*(?=\{\d+\})", text)) + "\n"


def _without_shared_lines(pages: Mapping[str, str]) -> dict[str, str]:
    """The pages of an office, a paragraph a line, without the lines that many of them share."""
    lines = {path: [line.strip() for line in text.splitlines() if line.strip()]
             for path, text in pages.items()}  # fmt: skip
    seen = Counter(line for each in lines.values() for line in set(each))
    most = max(_FEWEST, _SHARED * len(pages))
    return {path: "\n\n".join(line for line in each if seen[line] < most) + "\n"
            for path, each in lines.items()}  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Writes the documents of all sources."""
    if len(arguments) != 2:
        sys.exit("Name the folder of clones and the folder to write to.")
    clones, place = map(Path, arguments)
    for source in json.loads(SOURCES.read_text("utf-8")):
        clone = clones / "+".join(source["repository"].split("/")[-2:])
        count = write_documents(source, clone, place)
        sys.stdout.write(f"{source['name']}: {count} documents\n")


if __name__ == "__main__":
    main(sys.argv[1:])
