"""Pulled plugs, full disks and busy readers: the index is the old one or the new one, never less.

`PINCITE_KILLS` says how often a build is killed, `PINCITE_GENERATIONS` how many are published while
others read.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Shelf, release

from bot.index_facts import status_facts
from bot.rendering.answers import answer_json
from embeddings import VectorCache
from retriever.answering.ask import ask
from retriever.build.build import build_index
from retriever.index.generation import Generation
from retriever.index.home import KEPT_GENERATIONS, Home

KILLS = int(os.environ.get("PINCITE_KILLS", "10"))
GENERATIONS = int(os.environ.get("PINCITE_GENERATIONS", "12"))
READERS = 4
QUESTIONS = (
    "What was agreed about the harbor of Busan?",
    "How many doses of vaccine went to Freedonia?",
    "Which animal is the mascot of the winter games?",
    "What did the envoys decide on grain?",
)
NEW_PASSAGES = 40


def program(home: Home, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    """The program as a process of its own."""
    code = "from bot.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "--home", str(home.path), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, **more,
    )  # fmt: skip


def answers(home: Home) -> list[Any]:
    """What the current generation answers, as it is printed, but for its name and the time."""
    generation = Generation.open(home)
    printed = (answer_json(ask(generation, each), explain=True) for each in QUESTIONS)
    return [each | {"generation": None, "milliseconds": None} for each in printed]


def change(folder: Path, number: int) -> list[str]:
    """Adds a document, edits one, and deletes or renames one; gives the new passages."""
    fresh = [f"On day {number} the envoys decided {each} loads of grain." for each in
             range(NEW_PASSAGES)]  # fmt: skip
    (folder / f"grain {number}.txt").write_text(release("Grain Talks", "2024-02-02", *fresh))
    edited = f"The mascot of winter games {number} is a zebra."
    (folder / "games.txt").write_text(release("Games", "2024-01-02", edited))
    older = folder / f"grain {number - 1}.txt"
    if older.exists():
        older.unlink() if number % 2 else older.rename(folder / f"corn {number}.txt")
    return [*fresh, edited]


def cached(home: Home, texts: list[str]) -> int:
    """How many of these texts have been encoded."""
    (card,) = (each for each in home.models.iterdir() if each.is_dir())
    with closing(VectorCache(card / "vectors.db", 384)) as cache:
        return int(cache.get(texts)[1].sum())


@pytest.fixture
def own(shelf: Shelf, models: Path, tmp_path: Path) -> Shelf:
    """The small corpus with a vector cache that no other test fills."""
    home = Home(tmp_path / "own")
    shutil.copytree(models, home.models, ignore=shutil.ignore_patterns("vectors.db*"))
    return Shelf(shelf.folder, home)


@pytest.mark.slow
def test_a_kill_leaves_the_old_or_the_new_index(own: Shelf, tmp_path: Path) -> None:
    chance = random.Random(11)
    own.index()
    change(own.folder, 0)
    started = time.monotonic()
    assert program(own.home, "index", str(own.folder), stdout=subprocess.DEVNULL).wait() == 0
    takes, killed, number = time.monotonic() - started, 0, 0
    while killed < KILLS:
        number += 1
        new = change(own.folder, number)
        before = answers(own.home)  # what changed is withheld
        building = program(own.home, "index", str(own.folder), stdout=subprocess.DEVNULL)
        time.sleep(takes * chance.uniform(0.1, 1.0))
        building.send_signal(signal.SIGKILL)
        if building.wait():
            assert building.returncode == -signal.SIGKILL
            killed += 1
        else:
            takes *= 0.9  # it is faster now
        after, known = answers(own.home), cached(own.home, new)
        status_facts(own.home, 20)
        build = own.index()
        if build.published:
            assert after == before
            assert build.encoded == len(new) - known
        assert own.index().published is False
        fresh = Home(tmp_path / "fresh", own.home.models, own.home.models)
        build_index(fresh, [own.folder])
        now = answers(fresh)
        shutil.rmtree(fresh.path)
        assert answers(own.home) == now
        assert build.published or after == now
        assert {each.name for each in own.home.path.iterdir()} <= {
            "CURRENT", "generations", "lock", "models",
        }  # fmt: skip
        assert [each.name for each in own.home.generations.iterdir()] and not own.home.left_over()


def test_what_an_interrupted_build_left_is_told(shelf: Shelf) -> None:
    left = shelf.home.generations / ".unfinished-4711"
    left.mkdir()
    (left / "passages.db").write_bytes(b"half")
    assert status_facts(shelf.home, 20)["left"] == ["generations/.unfinished-4711"]
    shelf.index()
    assert status_facts(shelf.home, 20)["left"] == []
    assert not left.exists()


@pytest.mark.slow
def test_readers_never_meet_half_a_generation(shelf: Shelf) -> None:
    """Each answer is that of one generation, whichever, while others come and go."""
    stopped = threading.Event()
    wrong: list[BaseException] = []
    seen: list[tuple[str, list[str]]] = []

    def read() -> None:
        while not stopped.is_set():
            try:
                answer = ask(Generation.open(shelf.home), "What is the mascot of the games?")
                seen.append((answer.generation, [hit.text for hit in answer.passages]))
            except BaseException as error:
                wrong.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    held = {Generation.open(shelf.home).name: ""}
    number, enough = 0, GENERATIONS / 4
    while number < GENERATIONS or (not wrong and len({name for name, _ in seen}) <= enough):
        edited = f"The mascot of the games is zebra number {number}."
        shelf.write(games=release("Games", "2024-01-02", edited))
        held[shelf.index().generation] = edited
        number += 1
    stopped.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    for generation, texts in seen:
        assert [each for each in texts if "mascot" in each] in ([], [held[generation]])
    assert len(shelf.home.kept()) <= KEPT_GENERATIONS + READERS


def test_what_somebody_reads_is_not_removed(shelf: Shelf) -> None:
    generation = Generation.open(shelf.home)
    before = ask(generation, QUESTIONS[1]).passages
    for number in range(KEPT_GENERATIONS + 2):
        shelf.write(games=release("Games", "2024-01-02", f"The mascot is zebra number {number}."))
        shelf.index()
    assert generation.name in shelf.home.kept()
    assert ask(Generation.open(shelf.home, generation.name), QUESTIONS[1]).passages == before
    del generation
    shelf.write(games=release("Games", "2024-01-02", "The mascot is no zebra."))
    shelf.index()
    assert len(shelf.home.kept()) == KEPT_GENERATIONS


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of some megabytes, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place],
                      capture_output=True, check=False).returncode:  # fmt: skip
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def indexed_on(disk: Path, shelf: Shelf, models: Path) -> Home:
    """A home on this disk that holds the small corpus."""
    home = Home(disk / "home")
    home.path.mkdir()
    home.models.symlink_to(models)
    build_index(home, [shelf.folder])
    return home


@pytest.mark.slow
def test_a_full_disk_costs_nothing_that_was_there(
    shelf: Shelf, models: Path, small_disk: Path
) -> None:
    home = indexed_on(small_disk, shelf, models)
    before = answers(home)
    many = [f"The envoys decided {each} loads of grain on the day." for each in range(3_000)]
    (shelf.folder / "grain.txt").write_text(release("Grain Talks", "2024-02-02", *many))
    building = program(home, "index", str(shelf.folder), stderr=subprocess.PIPE)
    complaint = building.communicate()[1]
    *progress, last = complaint.splitlines()  # progress: a line each ten seconds
    assert building.returncode == 2 and last.startswith("pincite: ") and "disk" in last
    assert all(line.startswith(("Reading", "Encoding", "Writing")) for line in progress), complaint
    assert answers(home) == before
    assert home.left_over() == []
    (shelf.folder / "grain.txt").unlink()
    assert build_index(home, [shelf.folder]).published is False


@pytest.mark.slow
def test_a_read_only_home_answers_and_says_that_it_is(
    shelf: Shelf, models: Path, small_disk: Path
) -> None:
    home = indexed_on(small_disk, shelf, models)
    before = answers(home)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert answers(home) == before
    shelf.write(games=release("Games", "2024-01-02", "The mascot is a zebra."))
    building = program(home, "index", str(shelf.folder), stderr=subprocess.PIPE)
    complaint = building.communicate()[1]
    assert (building.returncode, complaint.count("\n")) == (2, 1), complaint
    assert "Read-only file system" in complaint
    assert answers(home)[0]["verdict"] == "found"
