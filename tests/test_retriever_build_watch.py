"""`pincite index --watch`, as a process: what happens below the folders is soon in the index."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import HARBOUR, ROOT, Shelf, release

from retriever.answering.ask import ask
from retriever.build.watch import _is_remote, follow_folders
from retriever.index.generation import Generation

PATIENCE = 240.0
GAMES = release("Games", "2024-01-02", "The mascot of the winter games is a zebra.")
QUESTION = "Which animal is the mascot of the winter games?"


class Watcher:
    """The program following a folder, and what it says, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.said = process, queue.Queue[str]()
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()
        threading.Thread(target=self._read, args=(process.stderr,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        for line in stream:
            self.said.put(line)

    def next(self) -> str:
        """What it says next."""
        return self.said.get(timeout=PATIENCE)

    def build(self) -> dict[str, Any]:
        """The next build that it tells of."""
        line = self.next()
        assert line.startswith("{"), line
        return dict(json.loads(line))


@contextmanager
def watching(shelf: Shelf, *options: str, **more: Any) -> Iterator[Watcher]:
    code = "from bot.cli import main; main()"
    home = shelf.home.path
    if not (home / "models").exists():
        (home / "models").symlink_to(shelf.home.models)
    command = [sys.executable, "-c", code, "--home", str(home), "index", str(shelf.folder),
               "--watch", "--json", *options]  # fmt: skip
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, **{"stdin": subprocess.DEVNULL} | more,
    )  # fmt: skip
    try:
        watcher = Watcher(process)
        assert watcher.build()["published"] is False
        yield watcher
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--poll",)])
def test_what_changes_is_answered(shelf: Shelf, options: tuple[str, ...]) -> None:
    with watching(shelf, *options) as watcher:
        shelf.write(games=GAMES)
        build = watcher.build()
        assert (build["published"], build["documents"]) == (True, 4)
        assert shelf.ask(QUESTION).passages[0].document.id == "games.txt"
        (shelf.folder / "games.txt").rename(shelf.folder / "sport.txt")
        assert watcher.build()["encoded"] == 0
        assert shelf.ask(QUESTION).passages[0].document.id == "sport.txt"
        (shelf.folder / "sport.txt").unlink()
        assert watcher.build()["documents"] == 3
        assert shelf.ask(QUESTION).passages == ()
        deeper = shelf.folder / "2024" / "01"
        deeper.mkdir(parents=True)
        (deeper / "games.txt").write_text(GAMES)
        assert watcher.build()["documents"] == 4


@pytest.mark.slow
def test_a_burst_is_one_build_or_few(shelf: Shelf) -> None:
    with watching(shelf) as watcher:
        watcher.process.send_signal(signal.SIGSTOP)  # so that this is a burst on any machine
        for number in range(40):
            shelf.write(**{f"games{number}": GAMES.replace("zebra", f"zebra {number}")})
        watcher.process.send_signal(signal.SIGCONT)
        builds = 1
        while watcher.build()["documents"] < 43:
            builds += 1
        assert builds <= 3


@pytest.mark.slow
def test_a_folder_that_vanishes_and_returns(shelf: Shelf) -> None:
    with watching(shelf) as watcher:
        away = shelf.folder.with_name("away")
        shelf.folder.rename(away)
        assert watcher.next() == (
            f"pincite: The folder {shelf.folder} does not exist; name a folder of documents.\n"
        )
        (away / "games.txt").write_text(GAMES)
        away.rename(shelf.folder)
        assert watcher.build()["documents"] == 4
        shelf.write(harbour=HARBOUR.replace("2025", "the year 2047"))
        assert watcher.build()["encoded"] == 1


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_hidden_or_its_own_wakes_nobody(shelf: Shelf) -> None:
    (shelf.folder / "index").mkdir()
    own = shelf.folder / "index"
    stopped = threading.Event()
    seen: list[float] = []

    def listen() -> None:
        for _ in follow_folders([shelf.folder], stopped, apart_from=own):
            seen.append(time.monotonic())

    listener = threading.Thread(target=listen)
    listener.start()
    wait_until(lambda: len(seen) == 1)  # the first look
    (shelf.folder / ".hidden").write_text("a")
    (own / "CURRENT").write_text("a")
    time.sleep(1.5)
    assert len(seen) == 1
    shelf.write(games=GAMES)
    wait_until(lambda: len(seen) == 2)
    stopped.set()
    listener.join()
    assert len(seen) == 2


@pytest.mark.slow
def test_a_signal_ends_it_and_so_does_the_end_of_its_pipe(shelf: Shelf) -> None:
    with watching(shelf) as watcher:
        watcher.process.send_signal(signal.SIGTERM)
        assert watcher.process.wait(PATIENCE) == 0
    with watching(shelf, stdin=subprocess.PIPE) as watcher:
        assert watcher.process.stdin
        watcher.process.stdin.close()
        assert watcher.process.wait(PATIENCE) == 0


@pytest.mark.slow
def test_a_signal_ends_it_while_it_waits(shelf: Shelf) -> None:
    with watching(shelf) as watcher, shelf.home.locked():
        shelf.write(games=GAMES)
        time.sleep(2)
        watcher.process.send_signal(signal.SIGTERM)
        assert watcher.process.wait(PATIENCE) == 0


@pytest.mark.slow
def test_it_waits_for_another_writer(shelf: Shelf) -> None:
    with watching(shelf) as watcher:
        with shelf.home.locked():
            shelf.write(games=GAMES)
            time.sleep(2)
            assert watcher.said.empty()
            assert shelf.home.is_locked()
        assert watcher.build()["documents"] == 4


@pytest.mark.slow
def test_an_open_generation_goes_on(shelf: Shelf) -> None:
    before = Generation.open(shelf.home)
    with watching(shelf) as watcher:
        shelf.write(games=GAMES)
        watcher.build()
    assert ask(before, QUESTION).passages == ()
    assert ask(Generation.open(shelf.home), QUESTION).passages


def test_a_disk_of_this_machine_is_watched(tmp_path: Path) -> None:
    assert not _is_remote(tmp_path)
    assert not _is_remote(tmp_path / "nowhere")
