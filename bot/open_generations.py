"""The generations of the index that are open for who asks again and again, and the folders in them
that a name means."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

from retriever.errors import NoIndex
from retriever.index.generation import Generation
from retriever.index.home import Home


class OpenGenerations:
    """The generations that questions are asked of: the current one, and kept ones by name; `fast`
    ones without a reranker. `on_trouble` is told of a model that one has to do without."""

    def __init__(
        self, home: Home, *, fast: bool = False,
        on_trouble: Callable[[str], object] = lambda _: None,
    ) -> None:  # fmt: skip
        self.home, self._fast, self._on_trouble = home, fast, on_trouble
        self._lock, self._open = threading.Lock(), dict[str, Generation]()

    def open(self, name: str = "") -> Generation:
        """The generation of this name if it is kept, else the current one; opened once.

        Raises `NoIndex` and what opening a generation raises.
        """
        current = self.home.current() or ""
        is_kept = bool(name) and (name in self._open or name in self.home.kept())
        wanted = name if is_kept else current
        with self._lock:
            if wanted not in self._open:
                self._open = {key: each for key, each in self._open.items() if key == current}
                opened = Generation.open(self.home, wanted or None, fast=self._fast)
                if opened.trouble:
                    self._on_trouble(opened.trouble)
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


def ambiguous_names(folders: Iterable[str]) -> set[str]:
    """The last names that several of these corpus folders have, so that neither can be meant."""
    counts = Counter(PurePath(folder).name for folder in folders)
    return {name for name, count in counts.items() if count > 1}


def known_folders(generation: Generation) -> tuple[str, ...]:
    """The names of corpus folders by which one of them can be meant."""
    paths = [each.path for each in generation.manifest.folders]
    several = ambiguous_names(paths)
    names = (PurePath(path).name for path in paths)
    return tuple(name for name in names if name not in several)


def unambiguous(generation: Generation, folders: Sequence[str] | None) -> list[str] | None:
    """These names of corpus folders, without those that name none or several; None means all
    documents. The index can be built anew after the names were checked."""
    if folders is None:
        return None
    known = known_folders(generation)
    return [name for name in folders if name in known]
