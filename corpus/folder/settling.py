"""Files that are still being written are waited for."""

import time
from collections.abc import Iterable
from pathlib import Path

MOMENT = 1.0
"""Seconds without a change after which a file counts as written."""
_SKEW = 60.0  # seconds that the clock of a network disk may be ahead


def unsettled(paths: Iterable[Path], patience: float) -> set[Path]:
    """The files whose size or time still changes after so many seconds of `patience`.

    Only those that changed within the last moment are waited for.
    """
    now = time.time()
    states = {path: state for path in paths if (state := _state(path))}
    moving = {
        path: state for path, state in states.items() if -_SKEW < now - state[1] / 1e9 < MOMENT
    }
    deadline = time.monotonic() + patience
    while moving and time.monotonic() < deadline:
        time.sleep(MOMENT)
        moving = {
            path: after
            for path, before in moving.items()
            if (after := _state(path)) and after != before
        }
    return set(moving)


def _state(path: Path) -> tuple[int, int] | None:
    """The size of a file and the time of its last change in nanoseconds; None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
