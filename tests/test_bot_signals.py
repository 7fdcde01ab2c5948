"""Ends that come at any moment."""

import subprocess
import sys

ENDED_WHILE_IT_BEGINS_TO_WAIT = """
import signal, threading
from bot.signals import set_from_handler

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: set_from_handler(stopped))
with stopped._cond:  # as `wait` holds it for a moment
    signal.raise_signal(signal.SIGTERM)
stopped.wait()
"""


def test_an_end_that_comes_as_the_wait_for_it_begins_is_heard() -> None:
    done = subprocess.run([sys.executable, "-c", ENDED_WHILE_IT_BEGINS_TO_WAIT], timeout=60)
    assert done.returncode == 0
