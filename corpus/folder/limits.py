"""The limits on reading one file, and how a worker process is confined to them."""

import contextlib
import os
import signal
import sys
import threading
from dataclasses import dataclass

DEFAULT_MEGABYTES = 20  # a release has some kilobytes: a larger file is a mistake worth reporting

MOST_MEGABYTES = 1024
"""The largest value of `Limits.megabytes`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for each file: its size in MB, and the seconds and MB of memory to read it in.

    A file beyond one of them is skipped, with a reason that names the limit.
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
