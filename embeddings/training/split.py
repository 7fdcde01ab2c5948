"""Three parts of questions, apart by document: to train on, to fit the fusion to, and to measure.

python -m embeddings.training.split PLACE QUESTIONS...
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

PARTS = ("train", "fit", "kept")
_KEPT, _FIT = (0,), (1, 2)  # of ten


def part_of(document: str) -> str:
    """The part of the questions that this document answers."""
    tenth = int(hashlib.sha1(document.encode(), usedforsecurity=False).hexdigest(), 16) % 10
    return "kept" if tenth in _KEPT else "fit" if tenth in _FIT else "train"


def split(questions: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The questions of a file by part; a near miss goes with its twin."""
    by_id = {question["id"]: question for question in questions}
    parts: dict[str, list[Mapping[str, Any]]] = {part: [] for part in PARTS}
    for question in by_id.values():
        answered = by_id.get(question.get("twin", ""), question)["answers"]
        parts[part_of(answered[0]["file"] if answered else question["id"])].append(question)
    return parts


def main(arguments: Sequence[str]) -> None:
    """Writes the parts of question files into folders of their names."""
    if len(arguments) < 2:
        sys.exit("Name the folder to write to and files of questions.")
    place, *files = map(Path, arguments)
    for file in files:
        questions = map(json.loads, filter(str.strip, file.read_text("utf-8").split("\n")))
        for part, chosen in split(questions).items():
            (place / part).mkdir(parents=True, exist_ok=True)
            lines = (json.dumps(question, ensure_ascii=False) + "\n" for question in chosen)
            (place / part / file.name).write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
