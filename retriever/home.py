"""The folder that holds everything Pincite makes: generations, prepared models, the lock."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retriever.errors import Busy, NoIndex

KEPT_GENERATIONS = 3
"""The current one and those before it that `--generation` can still replay."""

_A_MOMENT = 0.1  # seconds that a writer waits for who only looks whether somebody writes
_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Home:
    """The paths below a home folder; another home's models can be shared."""

    path: Path
    shared_models: Path | None = None

    @property
    def models(self) -> Path:
        """Prepared models, one folder for each fingerprint."""
        return self.shared_models or self.path / "models"

    @property
    def generations(self) -> Path:
        """Generations, one folder each."""
        return self.path / "generations"

    def current(self) -> str | None:
        """The name of the current generation, or None before the first."""
        try:
            return (self.path / "CURRENT").read_text("utf-8", "replace").strip() or None
        except FileNotFoundError:
            return None

    def generation(self, name: str | None = None) -> Path:
        """The folder of a generation, the current one by default; raises `NoIndex`."""
        chosen = name or self.current()
        if chosen is None:
            raise NoIndex("There is no index yet; run `pincite index FOLDER` first.")
        kept = self.kept()
        if chosen in kept:
            return self.generations / chosen
        if name is None:
            raise NoIndex(f"The current generation {chosen} is gone; run `pincite index` again.")
        known = ", ".join(kept) or "none"
        raise NoIndex(f"There is no generation {name!r}; choose one that is kept: {known}.")

    def kept(self) -> list[str]:
        """The names of the generations on disk, oldest first."""
        if not self.generations.is_dir():
            return []
        names = [each.name for each in self.generations.iterdir() if each.is_dir()]
        return sorted(name for name in names if _NAME.fullmatch(name))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the one lock of writers; raises `Busy` when another process has it."""
        from filelock import FileLock, Timeout  # only writers wait for this import

        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "lock", timeout=_A_MOMENT, poll_interval=_A_MOMENT / 10):
                yield
        except Timeout:
            raise Busy("Another process is indexing; wait until it has finished.") from None

    def is_locked(self) -> bool:
        """Whether a process is writing just now."""
        try:
            with self.locked():
                return False
        except Busy:
            return True

    @contextlib.contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A folder for a generation that is being built; it vanishes unless it was published."""
        self.generations.mkdir(parents=True, exist_ok=True)
        for left in self.generations.glob(f"{_UNFINISHED}*"):  # by a crash: we hold the lock
            shutil.rmtree(left)
        folder = self.generations / f"{_UNFINISHED}{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, unfinished: Path, digest: str) -> str:
        """Makes a finished folder the current generation, atomically, and gives its name.

        A reader sees the old or the new one. Generations older than the kept ones are removed.
        """
        kept = self.kept()
        number = int(kept[-1].split("-")[0]) + 1 if kept else 1
        name = f"{number:06d}-{digest[:8]}"
        for file in (*unfinished.rglob("*"), unfinished):
            _flush(file)
        unfinished.rename(self.generations / name)
        _flush(self.generations)
        successor = self.path / "CURRENT.next"
        successor.write_text(name + "\n", "utf-8")
        _flush(successor)
        successor.replace(self.path / "CURRENT")
        _flush(self.path)
        for old in self.kept()[:-KEPT_GENERATIONS]:
            shutil.rmtree(self.generations / old, ignore_errors=True)
        return name


def _flush(path: Path) -> None:
    """Waits until the file or folder is on disk, so that CURRENT never outruns what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
