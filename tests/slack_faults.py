"""What may go wrong between a bot and Slack, planned call by call or by chance with a seed."""

import random
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what is answered instead, or that the connection is cut, and when.

    After the effect means that Slack has done what it was asked and only the answer suffers.
    """

    name: str
    status: int = 200
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds until the answer
    cut: bool = False
    after_effect: bool = False

    @property
    def passes(self) -> bool:
        """Whether it leaves the answer itself as it is."""
        return self.status == 200 and self.body is None


def rate_limited(retry_after: int = 1) -> Fault:
    """429 with a number of seconds to wait."""
    body = {"ok": False, "error": "ratelimited"}
    return Fault("rate_limited", 429, body, {"Retry-After": str(retry_after)})


def server_error(*, after_effect: bool = False, status: int = 500) -> Fault:
    """500, or another such status, with a page that is no JSON."""
    return Fault("server_error", status, after_effect=after_effect)


def dropped(*, after_effect: bool = False) -> Fault:
    """The connection is cut before anything was done, or when all was done but the answer."""
    return Fault("dropped", cut=True, after_effect=after_effect)


def slow(seconds: float) -> Fault:
    """All goes well, but the answer is late."""
    return Fault("slow", delay=seconds, after_effect=True)


def refused(error: str, *, status: int = 200, **more: Any) -> Fault:
    """An error of Slack's own: `invalid_blocks`, `msg_too_long`, `missing_scope`…"""
    return Fault(error, status, {"ok": False, "error": error, **more})


def gone(error: str = "expired_url") -> Fault:
    """The 404 of a response_url: `used_url` or `expired_url`."""
    return refused(error, status=404)


class Faults:
    """Which fault meets which call. Methods are Web API methods or `response_url`."""

    def __init__(self) -> None:
        self._plans: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._rates: list[tuple[Fault, float]] = []
        self._methods: set[str] = set()
        self._random = random.Random(0)
        self._paces: dict[str, float] = {}
        self._posted: dict[str, float] = {}

    def plan(self, method: str, *faults: Fault | None) -> None:
        """Meets the next calls of a method with these, in order; None lets a call pass."""
        self._plans[method].extend(faults)

    def always(self, method: str, fault: Fault) -> None:
        """Meets every call of a method that no plan is for."""
        self._always[method] = fault

    def by_chance(
        self, seed: int, rates: Iterable[tuple[Fault, float]], methods: Iterable[str] = (EVERY,)
    ) -> None:
        """Meets calls at random: each fault with its rate (0 to 1), the same for the same seed."""
        self._random = random.Random(seed)
        self._rates, self._methods = list(rates), set(methods)

    def pace(self, channel: str, seconds: float = 1.0) -> None:
        """Takes one message in so many seconds in a channel, as Slack does; others get 429."""
        self._paces[channel] = seconds

    def clear(self) -> None:
        """Plans no more faults."""
        self._paces.clear()
        self._plans.clear()
        self._always.clear()
        self._rates.clear()

    @property
    def left(self) -> dict[str, int]:
        """How many planned calls have not come yet, by method; empty when all were met."""
        return {method: len(plan) for method, plan in self._plans.items() if plan}

    def next(self, method: str, channel: str = "") -> Fault | None:
        """The fault of a call that has come."""
        if method == "chat.postMessage" and channel in self._paces:
            now, pace = time.monotonic(), self._paces[channel]
            if now < self._posted.get(channel, 0.0) + pace:
                return rate_limited(max(1, round(pace)))
            self._posted[channel] = now
        if self._plans[method]:
            return self._plans[method].popleft()
        if method in self._always:
            return self._always[method]
        if self._methods & {method, EVERY}:
            return self._drawn()
        return None

    def _drawn(self) -> Fault | None:
        point = self._random.random()
        for fault, rate in self._rates:
            point -= rate
            if point < 0:
                return fault
        return None
