"""Reading with a deadline, so that a disk that does not answer keeps nobody waiting for long.

A read of a network disk that is gone cannot be interrupted: it ends when the disk is back, if ever.
It is done in a thread that may be left behind, and what is known to hang is not asked again.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from corpus.errors import Unreadable

T = TypeVar("T")

SECONDS = 2.0
"""How long a file may keep a question waiting."""
_DOUBTED = 2
"""Reads of one disk that hang, and nothing of it read since, until the disk is taken for gone."""
_MOST_HANGING = 64
"""Threads that may be left behind; with so many, nothing more is read until one returns."""
_MOUNTS = Path("/proc/self/mounts")  # Linux; elsewhere each folder counts as a disk
_MOUNTS_KNOWN = 10.0  # seconds until they are read again
_ESCAPED = re.compile(rb"\\([0-7]{3})")


class DiskUnreachable(Unreadable):
    """A file's disk did not answer in time, or is known not to answer."""


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    path: Path
    disk: str
    since: float


class DiskPatience:
    """Reads files, each for at most so many `seconds`; safe from several threads.

    `mounts` is a file in the form of Linux' /proc/self/mounts.
    """

    def __init__(self, seconds: float = SECONDS, mounts: Path = _MOUNTS) -> None:
        self._seconds, self._mounts = seconds, mounts
        self._lock = threading.Lock()
        self._under_way = set[_Reading]()
        self._answered: dict[str, float] = {}  # when a disk last did
        self._idle: list[SimpleQueue[Callable[[], None]]] = []
        self._disks, self._disks_read = list[bytes](), -_MOUNTS_KNOWN

    def read(self, path: Path, read: Callable[[], T]) -> T:
        """What `read` gives or raises; raises `DiskUnreachable` where that takes too long."""
        with self._lock:
            reading = _Reading(path, self._disk_of(path), time.monotonic())
            if self._is_hopeless(reading):
                raise DiskUnreachable("its disk does not answer")
            self._under_way.add(reading)
            jobs = self._idle.pop() if self._idle else self._new_thread()
        outcome: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

        def job() -> None:
            found: tuple[Any, Exception | None]
            try:
                found = read(), None
            except Exception as error:
                found = None, error
            with self._lock:
                self._under_way.remove(reading)
                self._answered[reading.disk] = time.monotonic()
                self._idle.append(jobs)
            outcome.put(found)

        jobs.put(job)
        try:
            value, error = outcome.get(timeout=self._seconds)
        except Empty:
            raise DiskUnreachable(f"its disk did not answer for {self._seconds:g} s") from None
        if error:
            raise error
        return value  # type: ignore[no-any-return]

    def _is_hopeless(self, new: _Reading) -> bool:
        """Whether a read would only be one more that hangs."""
        late = [each for each in self._under_way if new.since - each.since >= self._seconds]
        of_disk = [each.since for each in late if each.disk == new.disk]
        gone = len(of_disk) >= _DOUBTED and self._answered.get(new.disk, 0.0) < min(of_disk)
        hangs = any(each.path == new.path for each in late)
        return gone or hangs or len(late) >= _MOST_HANGING

    def _new_thread(self) -> SimpleQueue[Callable[[], None]]:
        """The jobs of a thread of its own; it ends with the process, whatever it waits for."""
        jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

        def work() -> None:
            while True:
                jobs.get()()

        threading.Thread(target=work, name="reads a file", daemon=True).start()
        return jobs

    def _disk_of(self, path: Path) -> str:
        """Where the file's disk is mounted, found without asking the disk."""
        if time.monotonic() - self._disks_read >= _MOUNTS_KNOWN:
            self._disks, self._disks_read = _mount_points(self._mounts), time.monotonic()
        name = os.fsencode(path)
        within = [each for each in self._disks if name.startswith(each.rstrip(b"/") + b"/")]
        return os.fsdecode(max(within, key=len)) if within else str(path.parent)


def _mount_points(mounts: Path) -> list[bytes]:
    try:
        fields = [line.split(b" ") for line in mounts.read_bytes().splitlines()]
    except OSError:
        return []
    return [
        _ESCAPED.sub(lambda found: bytes([int(found[1], 8) & 255]), each[1])
        for each in fields
        if len(each) > 1
    ]
