"""The folder that holds what Pincite makes: generations, vectors, calibrations, the lock."""

import contextlib
import fcntl
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from retriever.errors import Busy, NoIndex

KEPT_GENERATIONS = 3
"""The current one and those before it that `--generation` can still replay."""

A_MOMENT = 0.1
"""Seconds that a writer waits for who only looks whether somebody writes."""
_UNFINISHED = ".unfinished-"
_SUCCESSOR = "CURRENT.next"
_HOLDER = "lock.holder"
FOLLOWING = "following.db"
"""The questions that are followed on the command line."""
_OURS = frozenset(
    ("CURRENT", _SUCCESSOR, "chat_history", "eval", "generations", "lock", _HOLDER, "models")
) | {f"{name}{log}" for name in ("state.db", FOLLOWING) for log in ("", "-journal", "-shm", "-wal")}
"""The names of all that is ever put into a home, but for the bot's damaged files."""
DAMAGED_STATE = "state.db.damaged-"
"""How the names of those begin."""
_NAME = re.compile(r"\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Home:
    """The paths below a home folder.

    Prepared models can be shared with other homes, and so can what a home keeps for a model: the
    vectors of its texts, and the calibration that was fitted to its questions.

    A home holds the text of documents that may be private: its owner alone may read it. Who wants a
    group to read it opens it to that group and to nobody else, and it stays so: `chmod -R g+rX`.
    """

    path: Path
    shared_models: Path | None = None
    shared_keeping: Path | None = None
    looked_above: bool = False
    """Whether a home was looked for in the folders above too, and none was there."""

    @property
    def models(self) -> Path:
        """Prepared models, one folder for each fingerprint."""
        return self.shared_models or self.own_models

    @property
    def own_models(self) -> Path:
        """What this home alone keeps for models: vectors, calibrations, and models of old."""
        return self.shared_keeping or self.path / "models"

    def models_with(self, fingerprint: str) -> Path:
        """The folder of prepared models that has this one: homes used to keep their own."""
        there = (each / fingerprint / "model.json" for each in (self.models, self.own_models))
        return next((card.parents[1] for card in there if card.exists()), self.models)

    def of_model(self, fingerprint: str) -> Path:
        """The folder of what is kept for a model: vectors, and a calibration."""
        return self.own_models / fingerprint

    def vectors_of(self, fingerprint: str) -> Path:
        """The file of the vectors that a model gave to texts; it and its folder are made."""
        folder = self.of_model(fingerprint)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "vectors.db"
        # SQLite gives its logs the rights that the file has.
        with contextlib.suppress(OSError):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        self._give_rights(file)
        return file

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
            above = ", nor in a folder above" if self.looked_above else ""
            raise NoIndex(
                f"There is no index yet in {self.path}{above}; run `pincite index FOLDER` first, "
                "or name its place with `pincite --home`."
            )
        kept = self.kept()
        if chosen in kept:
            return self.generations / chosen
        if name is None:
            raise NoIndex(
                f"CURRENT names the generation {chosen!r}, which is not there; run `pincite index`."
            )
        known = ", ".join(kept) or "none"
        raise NoIndex(f"There is no generation {name!r}; choose one that is kept: {known}.")

    def kept(self) -> list[str]:
        """The names of the generations on disk, oldest first."""
        if not self.generations.is_dir():
            return []
        names = [each.name for each in self.generations.iterdir() if each.is_dir()]
        return sorted(name for name in names if _NAME.fullmatch(name))

    @contextlib.contextmanager
    def locked(self, patience: float = A_MOMENT) -> Iterator[None]:
        """Holds the one lock of writers, and removes what a crashed one left.

        Raises `Busy` when another process still has it after so many seconds.
        """
        from filelock import FileLock, Timeout  # only writers wait for this import

        self._make()
        lock = FileLock(
            self.path / "lock", timeout=patience, poll_interval=A_MOMENT / 10, mode=0o600
        )
        try:
            lock.acquire()
        except Timeout:
            raise Busy(
                f"Another process{self._holder()} is indexing; wait until it has finished."
            ) from None
        try:
            self._close_to_others()
            with contextlib.suppress(OSError):
                (self.path / _HOLDER).write_text(f"{os.getpid()} {time.strftime('%H:%M:%S')}\n")
            for left in self.left_over():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield
        finally:
            with contextlib.suppress(OSError):
                (self.path / _HOLDER).unlink()
            lock.release()

    def _make(self) -> None:
        """Makes the folder, and those above it that are missing, for its owner alone."""
        for folder in reversed((self.path, *self.path.parents)):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)

    def _close_to_others(self) -> None:
        """Leaves to its owner alone what everybody may enter, as earlier versions made it.

        A folder that also holds something else than ours is not ours to close.
        """
        ours = [
            each
            for each in self.path.iterdir()
            if each.name in _OURS or each.name.startswith(DAMAGED_STATE)
        ]
        whole = len(ours) == len(list(self.path.iterdir()))
        if self.path.stat().st_mode & stat.S_IRWXO:
            below = [path for each in ours if each.is_dir() for path in each.rglob("*")]
            for path in (*ours, *below, *([self.path] if whole else [])):
                with contextlib.suppress(OSError):  # it is somebody else's
                    if not path.is_symlink():
                        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o077)
        self._give_rights(self.path / "lock")

    def _give_rights(self, path: Path) -> None:
        """Gives a file or folder to its owner, and to a group that the home is opened to."""
        home = self.path.stat()
        group = 0 if home.st_mode & stat.S_IRWXO else home.st_mode & stat.S_IRWXG
        with contextlib.suppress(OSError):  # it is somebody else's
            if path.is_dir():
                path.chmod(0o700 | group | home.st_mode & stat.S_ISGID)
            else:
                path.chmod(0o600 | group & ~stat.S_IXGRP)
            if group and path.stat().st_gid != home.st_gid:
                os.chown(path, -1, home.st_gid)

    def _holder(self) -> str:
        """Who holds the lock, in words; empty when nobody says so."""
        try:
            process, since = (self.path / _HOLDER).read_text("utf-8", "replace").split()
            os.kill(int(process), 0)
        except PermissionError:  # it is somebody else's
            pass
        except (OSError, ValueError):
            return ""
        return f" ({process}, since {since})"

    def is_locked(self) -> bool:
        """Whether a process is writing just now."""
        try:
            with (self.path / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # nobody ever wrote here
            return False
        return False

    def left_over(self) -> list[Path]:
        """What an interrupted build left, which the next one removes."""
        left = [*self.generations.glob(f"{_UNFINISHED}*"), self.path / _SUCCESSOR]
        return [each for each in left if each.exists()]

    def hold(self, folder: Path) -> IO[bytes] | None:
        """Keeps a generation from being removed until the file that is given is closed.

        None when it is being removed just now.
        """
        try:
            held = (folder / "manifest.json").open("rb")
        except OSError:
            return None
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            return None
        except OSError:  # a disk without locks
            return held
        if os.fstat(held.fileno()).st_nlink == 0:
            held.close()
            return None
        return held

    def _prune(self) -> None:
        """Removes the generations that are older than the kept ones and that nobody reads."""
        for old in self.kept()[:-KEPT_GENERATIONS]:
            folder = self.generations / old
            try:
                # Opened for writing, as network disks want it for such a lock.
                with (folder / "manifest.json").open("r+b") as manifest:
                    fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            except BlockingIOError:
                continue
            except OSError:  # nobody can read what has no manifest
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A folder for a generation that is being built; it vanishes unless it was published."""
        self._make()
        self.generations.mkdir(exist_ok=True)
        self._give_rights(self.generations)
        folder = self.generations / f"{_UNFINISHED}{os.getpid()}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, unfinished: Path, digest: str) -> str:
        """Makes a finished folder the current generation, atomically, and gives its name.

        A reader sees the old or the new one. Older ones than are kept are removed, unless read.
        """
        kept = self.kept()
        number = int(kept[-1].split("-")[0]) + 1 if kept else 1
        name = f"{number:06d}-{digest[:8]}"
        for file in (*unfinished.rglob("*"), unfinished):
            self._give_rights(file)
            _flush(file)
        unfinished.rename(self.generations / name)
        _flush(self.generations)
        successor = self.path / _SUCCESSOR
        successor.write_text(name + "\n", "utf-8")
        self._give_rights(successor)
        _flush(successor)
        successor.replace(self.path / "CURRENT")
        _flush(self.path)
        self._prune()
        return name


def linked(file: Path, target: Path) -> None:
    """The same file at a second place: by hard link, where the disk has them, else copied."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)


def _flush(path: Path) -> None:
    """Waits until the file or folder is on disk, so that CURRENT never outruns what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
