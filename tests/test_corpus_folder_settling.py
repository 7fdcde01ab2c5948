"""Files that are still being written are waited for, and named when that takes long."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from conftest import Shelf, release

from corpus.folder import settling
from corpus.folder.settling import unsettled
from retriever.build import build
from retriever.build.folder_survey import STILL_WRITTEN


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOMENT", 0.3)


@contextmanager
def growing(path: Path, seconds: float = 600) -> Iterator[None]:
    """A file that somebody appends to, for so long."""
    ended = Event()

    def write() -> None:
        end = time.monotonic() + seconds
        with path.open("a") as file:
            while time.monotonic() < end and not ended.wait(0.02):
                file.write("More words stand here.\n")
                file.flush()

    path.write_text("1. The first words stand here.\n")
    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def test_what_is_old_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    os.utime(path, (1e9, 1e9))
    started = time.monotonic()
    assert unsettled([path, tmp_path / "gone.txt"], 60) == set()
    assert time.monotonic() - started < 0.3


def test_what_settles_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with growing(path, seconds=1):
        assert unsettled([path], 120) == set()
        size = path.stat().st_size
        time.sleep(0.1)
        assert path.stat().st_size == size


def test_what_goes_on_growing_is_told(tmp_path: Path) -> None:
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    other.write_text("Words.")
    with growing(path):
        assert unsettled([path, other], 1) == {path}
    assert unsettled([path, other], 0) <= {path, other}


def test_a_document_that_grows_is_named_and_taken_by_the_next_run(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SETTLING", 1.0)
    harbour = (shelf.folder / "harbour.txt").read_text("utf-8")
    with growing(shelf.folder / "new.txt"), growing(shelf.folder / "harbour.txt"):
        found = shelf.index()
        assert found.manifest.skipped == {STILL_WRITTEN: ["harbour.txt", "new.txt"]}
        assert found.manifest.documents == 3
        again = shelf.index()
        assert (again.published, again.manifest.skipped) == (False, found.manifest.skipped)
    (shelf.folder / "harbour.txt").write_text(harbour, "utf-8")
    shelf.write(new=release("Games", "2024-01-02", "The mascot of the games is a zebra."))
    monkeypatch.setattr(build, "SETTLING", 120.0)
    settled = shelf.index()
    assert (settled.manifest.skipped, settled.manifest.documents) == ({}, 4)
