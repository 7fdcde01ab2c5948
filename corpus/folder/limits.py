"""What reading one file may cost, and how a process is held to it."""

import os
import signal
import sys
import threading
from dataclasses import dataclass

LARGEST = 1024
"""The most megabytes that `Limits.megabytes` may be set to."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for each file: its size in MB, seconds and MB of memory to read it in.

    What is beyond them is skipped, with a reason that names the limit.
    """

    megabytes: int = 20
    seconds: int = 30
    memory: int = 1024


def confine(memory: int) -> None:
    """Holds this process to so many MB, at low priority, and ends it when its parent ends.

    It gets a group of its own, so that Ctrl-C is left to the parent, and what it started ends
    with it.
    """
    if sys.platform == "win32":
        return
    import multiprocessing
    import resource

    os.setpgid(0, 0)
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
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
