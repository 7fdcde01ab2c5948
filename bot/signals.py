"""What the handler of a signal may do."""

import _thread
import threading


def set_from_handler(event: threading.Event) -> None:
    """Sets an event from the handler of a signal, a moment later and in a thread: the handler may
    come while the main thread holds the event's own lock, and would wait for it for ever."""
    _thread.start_new_thread(event.set, ())
