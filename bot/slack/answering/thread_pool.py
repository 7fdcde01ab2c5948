"""Threads behind a bounded queue; they end with the process, whatever they wait for."""

import logging
import queue
import threading
from collections.abc import Callable

from bot.slack.errors import log_failure

Job = Callable[[], object]

log = logging.getLogger(__name__)


class ThreadPool:
    """So many threads, and at most `most` jobs that wait or are under way."""

    def __init__(self, threads: int, most: int) -> None:
        self._most, self._jobs = most, queue.SimpleQueue[Job]()
        self._unfinished, self._changed = 0, threading.Condition()
        for _ in range(threads):
            threading.Thread(target=self._work, daemon=True).start()

    def submit(self, job: Job) -> bool:
        """Queues a job; whether there was room for it."""
        with self._changed:
            if self._unfinished >= self._most:
                return False
            self._unfinished += 1
        self._jobs.put(job)
        return True

    @property
    def unfinished(self) -> int:
        """How many jobs wait or are under way."""
        return self._unfinished

    def drain(self, seconds: float) -> bool:
        """Waits until no job is left, at most so many seconds; whether none is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._unfinished, seconds)

    def _work(self) -> None:
        while True:
            logging_failures(self._jobs.get())
            with self._changed:
                self._unfinished -= 1
                self._changed.notify_all()


def logging_failures(job: Job) -> None:
    """Does a job; its failure is logged, for nobody else would see it in a thread."""
    try:
        job()
    except Exception as error:
        log_failure(log, "defect", error)
