"""The generations of the index that are open for questions."""

import logging
import threading
from collections.abc import Sequence

from bot.slack.answering.access import ambiguous_names
from retriever.errors import NoIndex
from retriever.index.generation import Generation
from retriever.index.home import Home

log = logging.getLogger(__name__)


class OpenGenerations:
    """The generations that questions are asked of: the current one, and kept ones by name; `fast`
    ones without a reranker."""

    def __init__(self, home: Home, *, fast: bool = False) -> None:
        self.home, self._fast, self._lock = home, fast, threading.Lock()
        self._open: dict[str, Generation] = {}

    def open(self, name: str = "") -> Generation:
        """The generation of this name if it is kept, else the current one; opened once.

        Raises `NoIndex` and what opening a generation raises.
        """
        current = self.home.current() or ""
        wanted = name if name in self._open or name in self.home.kept() else current
        with self._lock:
            if wanted not in self._open:
                self._open = {key: each for key, each in self._open.items() if key == current}
                opened = Generation.open(self.home, wanted or None, fast=self._fast)
                if opened.trouble:
                    log.warning("a model is not used", extra={"error": opened.trouble})
                self._open[wanted] = opened
            return self._open[wanted]

    def size(self, folders: Sequence[str] | None) -> tuple[int, str | None]:
        """The number of documents in these folders of the current generation, or in all, and the
        newest day; 0 without a generation."""
        try:
            generation = self.open()
            return generation.size(unambiguous(generation, folders))
        except NoIndex:
            return 0, None


def unambiguous(generation: Generation, folders: Sequence[str] | None) -> Sequence[str] | None:
    """These names of corpus folders without those that several have; None means all documents.

    The bot does not start with such names, but the index can be built anew while it runs.
    """
    if folders is None:
        return None
    several = ambiguous_names(each.path for each in generation.manifest.folders)
    return [name for name in folders if name not in several]
