"""What those who watch the bot are told: whether it runs, whether it works and if not why, and its
figures."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from bot.open_generations import OpenGenerations
from bot.output import is_expected
from bot.slack.answering.metrics import Metrics
from bot.slack.sending.slack_client import Standing
from bot.slack.store.store import Store
from retriever.index.damage import altered_files

_PATIENCE = 3.0  # seconds for an answer: a disk may hang
_LOOK_AGAIN = 30.0  # seconds until an index that could not be used is tried again
NOT_REACHED = "Slack has not been reached yet"
_TOO_LATE = 503, b"the bot takes too long to say; its disk may hang\n"

Page = tuple[int, bytes]
"""A status and a text."""


PATHS = ("/healthz", "/readyz", "/metrics")
"""What can be asked."""


class Health:
    """What is well and what is not. `connection` gives what is wrong with the connection to Slack,
    or an empty text; `store` is what the bot remembers, once it is open."""

    def __init__(self, generations: OpenGenerations, standing: Standing, metrics: Metrics) -> None:
        self._standing, self._metrics = standing, metrics
        self._index = IndexHealth(generations)
        self._looking = threading.Lock()
        self.connection: Callable[[], str] = lambda: NOT_REACHED
        self.store: Store | None = None

    def page(self, path: str) -> Page | None:
        """The status and the text of a page, in a few seconds whatever hangs; None where there is
        none."""
        if path == "/healthz":
            return 200, b"ok\n"
        asked = {"/readyz": self._readiness, "/metrics": self._figures}.get(path)
        if asked is None:
            return None
        return self._in_time(asked)

    def _in_time(self, asked: Callable[[], Page]) -> Page:
        """What is asked for, one at a time, in a thread that ends with the process even if a disk
        hangs."""
        if not self._looking.acquire(timeout=_PATIENCE):
            return _TOO_LATE
        found = Future[Page]()

        def look() -> None:
            try:
                found.set_result(asked())
            except Exception as error:
                found.set_exception(error)
            finally:
                self._looking.release()

        threading.Thread(target=look, daemon=True).start()
        try:
            return found.result(_PATIENCE)
        except TimeoutError:
            return _TOO_LATE

    def _readiness(self) -> Page:
        problems = [*filter(None, self._problems())]
        text = "\n".join(problems or ["ready", *self._notes()]) + "\n"
        return 503 if problems else 200, text.encode()

    def _problems(self) -> list[str]:
        memory = self.store.trouble if self.store else ""
        return [self._standing.refusal or self.connection(), memory, self._index.problem()]

    def _notes(self) -> list[str]:
        """What is to be known, though the bot works."""
        return [
            f"the bot's memory was damaged, and begun anew; {name} is what there was before"
            for name in (self.store.damaged_files if self.store else ())
        ]

    def _figures(self) -> Page:
        return 200, self._metrics.text()


class IndexHealth:
    """Whether the index can be answered from. It is opened to see that, as the next question would,
    and its files are read again when one of them has changed."""

    def __init__(self, generations: OpenGenerations) -> None:
        self._generations = generations
        self._files: dict[Path, tuple[int, int]] = {}
        self._problem, self._looked_at = "", 0.0

    def problem(self) -> str:
        """What is wrong with the index, and what to do; empty when it is well."""
        home = self._generations.home
        name = home.current()
        if name is None:
            return "there is no index yet; run `pincite index FOLDER`"
        files = _sizes_and_times(home.generations / name)
        is_due = bool(self._problem) and time.monotonic() - self._looked_at > _LOOK_AGAIN
        if files != self._files or is_due:
            self._problem = self._examined(changed=files.keys() <= self._files.keys())
            self._files, self._looked_at = files, time.monotonic()
        return self._problem

    def _examined(self, *, changed: bool) -> str:
        try:
            generation = self._generations.open()
            altered = altered_files(generation.folder, generation.manifest) if changed else []
        except Exception as error:
            why = str(error) if is_expected(error) else type(error).__name__
            return f"the index cannot be used: {why}"
        if altered:
            return f"the index is damaged ({', '.join(altered)}); run `pincite index`"
        return ""


def _sizes_and_times(folder: Path) -> dict[Path, tuple[int, int]]:
    """What changes of a file with whatever is written to it."""
    found = ((each, each.stat()) for each in folder.rglob("*") if each.is_file())
    return {each: (about.st_size, about.st_mtime_ns) for each, about in found}
