"""Jobs behind a bounded queue, done by a few threads that never wait for Slack.

A job that has to wait yields a `Wait`, and its thread does others meanwhile. In a lane, such as a
channel, one job goes on at a time, in the order in which they came, and what Slack makes one of
them wait they all wait; the other lanes go on. The threads end with the process.
"""

import heapq
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import count

from bot.slack.errors import log_failure
from bot.slack.sending.patience import Wait

Job = Callable[[], object]
"""What is to be done: at once, or with waits in between where it gives a generator of them."""

_PACE = 1.0  # seconds between two jobs of a lane that was limited, until it is empty

log = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class _Task:
    """A job that was begun or will be; they are in the order in which they came."""

    number: int
    job: Job = field(compare=False)
    place: str = field(compare=False)
    steps: Generator[Wait, None, object] | None = field(default=None, compare=False)
    lane: str = field(default="", compare=False)  # of which it has the turn


@dataclass(slots=True)
class _Lane:
    waiting: list[_Task] = field(default_factory=list)  # a heap
    turn: _Task | None = None
    not_before: float = 0.0
    pace: float = 0.0


class Lanes:
    """So many threads, and at most `most` jobs that wait or are under way; of them, at most
    `most_in_a_place` in one place."""

    def __init__(self, threads: int, most: int, most_in_a_place: int = 0) -> None:
        self._most, self._most_in_a_place = most, most_in_a_place or most
        self._numbers = count()
        self._due: list[tuple[float, _Task]] = []  # a heap
        self._lanes: dict[str, _Lane] = {}
        self._in_place = Counter[str]()
        self._end = float("inf")
        lock = threading.RLock()
        self._came, self._ended = threading.Condition(lock), threading.Condition(lock)
        for _ in range(threads):
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def unfinished(self) -> int:
        """How many jobs wait or are under way."""
        return self._in_place.total()

    def submit(self, job: Job, place: str = "") -> bool:
        """Queues a job; whether there was room for it, all in all and in its place."""
        with self._came:
            full_place = place and self._in_place[place] >= self._most_in_a_place
            if self.unfinished >= self._most or full_place:
                return False
            self._in_place[place] += 1
            self._put(_Task(next(self._numbers), job, place), Wait())
        return True

    def drain(self, seconds: float) -> bool:
        """Waits until no job is left, at most so many seconds; whether none is. What would have to
        wait for longer is given up at once."""
        with self._ended:
            self._end = time.monotonic() + seconds
            due, self._due = self._due, []
            for at, task in due:
                self._schedule(task, at)
            done = self._ended.wait_for(lambda: not self.unfinished, max(0.0, seconds))
            self._end = 0.0
            for _, task in self._due:
                self._give_up(task)
            self._due.clear()
            return done

    def _work(self) -> None:
        while True:
            task = self._next()
            wait = _step(task)
            with self._came:
                left = self._leave_lane(task)
                if wait is None:
                    self._finish(task)
                else:
                    self._put(task, wait)
                self._give_turn(left)

    def _next(self) -> _Task:
        with self._came:
            while True:
                ahead = self._due[0][0] - time.monotonic() if self._due else None
                if ahead is not None and ahead <= 0:
                    return heapq.heappop(self._due)[1]
                self._came.wait(ahead)

    def _put(self, task: _Task, wait: Wait) -> None:
        at = time.monotonic() + wait.seconds
        if not wait.lane:
            return self._schedule(task, at)
        lane = self._lanes.setdefault(wait.lane, _Lane())
        if wait.seconds:
            lane.not_before, lane.pace = max(lane.not_before, at), _PACE
        heapq.heappush(lane.waiting, task)
        return self._give_turn(wait.lane)

    def _give_turn(self, name: str) -> None:
        lane = self._lanes.get(name)
        if lane is None or lane.turn:
            return
        if lane.waiting:
            lane.turn = heapq.heappop(lane.waiting)
            lane.turn.lane = name
            self._schedule(lane.turn, lane.not_before)
        else:
            del self._lanes[name]

    def _leave_lane(self, task: _Task) -> str:
        """Ends a task's turn; gives the lane, whose turn is to be given to the next one."""
        name, task.lane = task.lane, ""
        if name:
            lane = self._lanes[name]
            lane.turn = None
            lane.not_before = max(lane.not_before, time.monotonic() + lane.pace)
        return name

    def _schedule(self, task: _Task, at: float) -> None:
        if at > self._end:
            return self._give_up(task)
        heapq.heappush(self._due, (at, task))
        return self._came.notify()

    def _give_up(self, task: _Task) -> None:
        if task.steps:
            logging_failures(task.steps.close)
        left = self._leave_lane(task)
        self._finish(task)
        self._give_turn(left)

    def _finish(self, task: _Task) -> None:
        self._in_place[task.place] -= 1
        if not self._in_place[task.place]:
            del self._in_place[task.place]
        self._ended.notify_all()


def _step(task: _Task) -> Wait | None:
    """Does a job up to its next wait; None when it has ended."""
    try:
        if task.steps is None:
            begun = task.job()
            if not isinstance(begun, Generator):
                return None
            task.steps = begun
        return next(task.steps)
    except StopIteration:
        return None
    except Exception as error:
        log_failure(log, "defect", error)
        return None


def logging_failures(job: Job) -> None:
    """Does a job; its failure is logged, for nobody else would see it in a thread."""
    try:
        job()
    except Exception as error:
        log_failure(log, "defect", error)
