"""How many search at a time: more would only keep each other waiting for the processor."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LONG = 5.0
"""Seconds after which a search waits for a disk, and not for the processor: two files of a disk
that hangs keep it for two each, until the disk is known to. Were it less, a slow machine would soon
have as many searches at a time as there are threads."""


class SearchSlots:
    """Room for so many searches at a time, not counting those that take long: what they wait for
    must not keep everybody waiting."""

    def __init__(self, most: int, long: float = _LONG) -> None:
        self._most, self._long = most, long
        self._changed, self._began = threading.Condition(), dict[object, float]()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One of the slots, once it is free."""
        search = object()
        with self._changed:
            while len(ages := self._ages()) >= self._most:
                self._changed.wait(self._long - max(ages))
            self._began[search] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._began[search]
                self._changed.notify()

    def _ages(self) -> list[float]:
        """The seconds since each search that counts began."""
        now = time.monotonic()
        return [now - began for began in self._began.values() if now - began < self._long]
