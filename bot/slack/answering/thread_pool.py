"""Threads behind a bounded queue; they end with the process, whatever they wait for."""

import logging
import queue
import threading
from collections.abc import Callable

Job = Callable[[], object]

log = logging.getLogger(__name__)


class Workers:
    """So many threads, and at most so many jobs that wait or are under way."""

    def __init__(self, threads: int, most: int) -> None:
        self._most, self._jobs = most, queue.SimpleQueue[Job]()
        self._open, self._changed = 0, threading.Condition()
        for _ in range(threads):
            threading.Thread(target=self._work, daemon=True).start()

    def take(self, job: Job) -> bool:
        """Queues a job; whether there was room for it."""
        with self._changed:
            if self._open >= self._most:
                return False
            self._open += 1
        self._jobs.put(job)
        return True

    def finish(self, seconds: float) -> bool:
        """Waits until no job is left, at most so long; whether none is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def _work(self) -> None:
        while True:
            logged(self._jobs.get())
            with self._changed:
                self._open -= 1
                self._changed.notify_all()


def logged(job: Job) -> None:
    """Does a job whose failure is no silent one: its thread has nobody who would see it."""
    try:
        job()
    except Exception as error:
        log.error("defect", extra={"error": type(error).__name__})
        log.debug("defect", exc_info=error)
