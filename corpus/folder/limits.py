"""The limits on reading one file, and how a worker process is confined to them."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

DEFAULT_MEGABYTES = 20  # a release has some kilobytes: a larger file is a mistake worth reporting

MOST_MEGABYTES = 1024
"""The largest value of `Limits.megabytes`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for each file: its size in MB, and the seconds and MB of memory to read it in.

    The seconds are of processor time: how busy the machine is decides nothing. A file beyond one
    of the limits is skipped, with a reason that names it.
    """

    megabytes: int = DEFAULT_MEGABYTES
    seconds: int = 30
    memory: int = 1024


def confine(memory: int) -> None:
    """Limits this process to `memory` MB, at low priority, and ends it when its parent ends.

    Where the system has no such limit on memory, as macOS, there is none.

    It gets a process group of its own: Ctrl-C is left to the parent, and its children end with it.
    """
    if sys.platform == "win32":
        return
    import multiprocessing
    import resource

    os.setpgid(0, 0)
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        # macOS refuses any; elsewhere a lower limit of the system's own stays in force.
        with contextlib.suppress(ValueError):
            resource.setrlimit(kind, (memory * 2**20, memory * 2**20))

    def end(*_: object) -> None:
        os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    parent = multiprocessing.parent_process()
    if parent:

        def follow() -> None:
            parent.join()
            end()

        threading.Thread(target=follow, daemon=True).start()


@contextlib.contextmanager
def processor_time(seconds: int) -> Iterator[None]:
    """Ends this process with SIGPROF when it computes for so many seconds; waiting is free.

    A program that it starts may ask the timer what is left (`signal.getitimer`).
    """
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
