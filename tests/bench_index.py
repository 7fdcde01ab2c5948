"""What building costs as a corpus grows, and what a change costs.

    python tests/bench_index.py HOME [PASSAGES...]     (default: 10,000 30,000 100,000)

HOME holds an index of your documents. They are copied, with their words shuffled within each line,
until there are so many passages; vectors of the copies are taken as encoded, each near one of
yours, so that the table shows what is not encoding. Each row has the seconds and the peak memory of
`pincite index` as a whole process: a new index; nothing changed; one document edited, added,
deleted and renamed, the median of three; and, with `--watch` running, the seconds from an edit
until the new generation is current. The passages that were encoded are said by the program itself.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import copied, home_of, remembered, run

from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home

SIZES = (10_000, 30_000, 100_000)
RUNS = 3
LINE = "\n\nThe two sides agreed on measure number {} on the day."


def changes(folder: Path, turn: int) -> dict[str, Callable[[], object]]:
    """One change of each kind to documents that no other one changes."""
    files = sorted(folder.glob("[0-9]*-*"))
    edited, deleted, renamed = (files[len(files) * part // 7 + turn] for part in (2, 4, 6))
    return {
        "edited": lambda: edited.write_text(edited.read_text() + LINE.format(turn)),
        "added": lambda: (folder / f"5-new {turn}.txt").write_text("New\n" + LINE.format(turn)),
        "deleted": deleted.unlink,
        "renamed": lambda: renamed.rename(folder / f"6-renamed {turn}.txt"),
    }


def followed(home: Home, command: list[str], folder: Path) -> float:
    """Seconds from an edit until a watcher has published it; the median."""
    watcher = subprocess.Popen([*command, "index", "--watch", str(folder)],
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert watcher.stdout
    watcher.stdout.readline()
    taken = []
    for turn in range(RUNS):
        time.sleep(1)
        started = time.monotonic()
        changes(folder, 10 + turn)["edited"]()
        watcher.stdout.readline()
        taken.append(time.monotonic() - started)
    watcher.terminate()
    watcher.wait()
    return statistics.median(taken)


def measure(source: Path, passages: int) -> dict[str, object]:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as temporary:
        home, folder = home_of(Path(temporary) / "home"), Path(temporary) / "documents"
        home.path.mkdir()
        folder.mkdir()
        home.own_models.symlink_to(source / "models")
        given = Home(source).generation()
        copied(given, folder, passages)
        remembered(home, read_manifest(given).model, folder)
        pincite = [str(Path(sys.executable).parent / "pincite"), "--home", str(home.path)]
        index = [*pincite, "index", str(folder)]
        seconds, memory = run(index)
        manifest = read_manifest(home.generation())
        row: dict[str, object] = {
            "documents": manifest.documents, "passages": manifest.passages,
            "new": round(seconds, 1), "MB": round(memory),
            "unchanged": round(statistics.median(run(index)[0] for _ in range(RUNS)), 2),
        }  # fmt: skip
        taken: dict[str, list[float]] = {}
        for turn in range(RUNS):
            for kind, change in changes(folder, turn).items():
                change()
                started = time.monotonic()
                said = json.loads(subprocess.check_output([*index, "--json"]))
                taken.setdefault(kind, []).append(time.monotonic() - started)
                assert said["encoded"] <= 1, said
        row |= {kind: round(statistics.median(each), 2) for kind, each in taken.items()}
        return row | {"watched": round(followed(home, pincite, folder), 2)}


def main() -> None:
    source = Path(sys.argv[1]).resolve()
    rows = (measure(source, int(size)) for size in sys.argv[2:] or SIZES)
    for number, row in enumerate(rows):
        if not number:
            print("\t".join(row))
        print("\t".join(map(str, row.values())), flush=True)


if __name__ == "__main__":
    main()
