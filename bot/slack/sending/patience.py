"""Waiting without a thread: what must wait for Slack yields how long, and is taken up again then.

Nothing here sleeps. A function that gives `Waiting` is a generator of waits, which whoever drives
it keeps; its return value is the result.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from bot.slack.sending.retry_policy import CALL_FAILED, Failure, failure_of

_T = TypeVar("_T")

PATIENCE = 120.0
"""Seconds that a person would wait for an answer; whatever fails for longer is given up."""
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between attempts, the last again and again


@dataclass(frozen=True, slots=True)
class Wait:
    """Go on after so many seconds, and in a `lane` when its turn has come: what is to be sent to
    one channel goes there in order, and seconds that one of them has to wait hold up them all."""

    seconds: float = 0.0
    lane: str = ""


Waiting = Generator[Wait, None, _T]
"""Steps with waits between them, and what they give in the end."""


class Patience:
    """The waits between the attempts at one thing, until nobody waits for it any more."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._end = time.monotonic() + seconds
        self._waits = chain(_WAITS, repeat(_WAITS[-1]))

    def wait(self, failure: Failure, lane: str = "") -> Wait | None:
        """How long to wait after a failure, in the lane when that is limited as a whole; None when
        nobody would wait so long."""
        is_limited = failure.kind == "limited"
        seconds = failure.wait if is_limited else next(self._waits)
        if time.monotonic() + seconds > self._end:
            return None
        return Wait(seconds, lane if is_limited else "")


def patiently(
    call: Callable[[], _T], *, repeatable: bool = True, seconds: float = PATIENCE
) -> Waiting[_T]:
    """What a call of Slack gives, which is made again until it is done, while it can be and for so
    many seconds at most; then it raises what the call raises.

    A call that is not `repeatable` is made again only where nothing can have come of it.
    """
    patience = Patience(seconds)
    while True:
        try:
            return call()
        except CALL_FAILED as error:
            failure = failure_of(error)
            again = failure.kind != "refused" and (repeatable or failure.kind != "unsure")
            wait = patience.wait(failure) if again else None
            if wait is None:
                raise
        yield wait
