"""The posted days of real web pages beside those that trafilatura finds; run by hand.

    python tests/real_page_dates.py CHECKOUT

CHECKOUT holds trafilatura's own evaluation: `tests/evaldata.json` and the pages it names. It is
needed to be importable only for its row of the table. Needs no network.
"""

import hashlib
import importlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.errors import Unreadable
from corpus.readers import read_documents


def pages(checkout: Path) -> Iterator[tuple[Path, str]]:
    """The pages with the day that a person found on each, as ISO 8601."""
    facts = json.loads((checkout / "tests/evaldata.json").read_text("utf-8"))
    for page in facts.values():
        places = (checkout / "tests" / folder / page["file"] for folder in ("cache", "eval"))
        if page.get("date") and (path := next(filter(Path.is_file, places), None)):
            yield path, page["date"]


def ours(path: Path) -> str:
    try:
        return str(read_documents(path.name, path.read_bytes())[0].posted or "")
    except Unreadable:
        return ""


def theirs(path: Path) -> str:
    trafilatura = importlib.import_module("trafilatura")
    found = trafilatura.bare_extraction(path.read_bytes(), with_metadata=True)
    return (found.date if found else "") or ""


def table(checkout: Path, name: str, day_of: Callable[[Path], str]) -> None:
    counts: Counter[tuple[int, str]] = Counter()
    for path, day in pages(checkout):
        found = day_of(path)
        kept = hashlib.md5(path.name.encode()).digest()[-1] % 2  # apart from the making of rules
        counts[kept, "right" if found == day else "wrong" if found else "none"] += 1
    for kept, half in enumerate(("seen", "kept apart")):
        found = ", ".join(f"{counts[kept, each]} {each}" for each in ("right", "wrong", "none"))
        sys.stdout.write(f"{name:<12} {half:<11} {found}\n")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    table(folder, "Pincite", ours)
    try:
        table(folder, "trafilatura", theirs)
    except ModuleNotFoundError as error:
        sys.stdout.write(f"trafilatura  not here: {error}\n")
