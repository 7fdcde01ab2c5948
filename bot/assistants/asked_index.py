"""The index that assistants ask: always its current generation, of the folders they may see."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from bot.index_facts import earlier_passages
from bot.settings import Settings
from retriever.citing.citation import Citation
from retriever.citing.pasted import pasted_citation
from retriever.citing.receipts import CitedPassage, Receipt
from retriever.citing.verifier import Verifier
from retriever.errors import CitationRefused
from retriever.index.generation import Generation
from retriever.index.home import Home


@dataclass
class AskedIndex:
    """A home, whose newest generation is opened when it is first asked.

    With `folders`, only documents of the corpus folders of these names are shown, and nothing is
    said of others; a name that two folders have names neither.
    """

    home: Home
    settings: Settings
    folders: Sequence[str] | None = None
    _opened: Generation | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def generation(self) -> Generation:
        """The current generation, opened once; raises as `Generation.open` does."""
        with self._lock:
            if self._opened is None or self._opened.name != self.home.current():
                self._opened = Generation.open(self.home, fast=self.settings.fast)
            return self._opened

    def shown_folders(self, generation: Generation) -> list[str] | None:
        """The names of the folders that are shown; None means all."""
        if self.folders is None:
            return None
        names = [PurePath(each.path).name for each in generation.manifest.folders]
        return [each for each in self.folders if names.count(each) == 1]

    def look_up(self, text: str, neighbours: int = 0) -> CitedPassage:
        """What a citation leads to; raises `CitationRefused` for one that may not be shown."""
        generation = self.generation()
        citation = self._allowed(generation, text)
        found = self._verifier(generation).look_up(citation, neighbours)
        return replace(found, receipt=self._shown(generation, found.receipt))

    def verify(self, text: str) -> Receipt:
        """What became of the words of a citation; raises as `look_up` does."""
        generation = self.generation()
        receipt = self._verifier(generation).verify(self._allowed(generation, text))
        return self._shown(generation, receipt)

    def _verifier(self, generation: Generation) -> Verifier:
        limits, earlier = self.settings.limits, earlier_passages(self.home)
        return Verifier(generation.store, limits, earlier)

    def _allowed(self, generation: Generation, text: str) -> Citation:
        """The citation, if its document may be shown."""
        citation = pasted_citation(generation.store, text)
        if not self._is_shown(generation, citation):
            raise _unknown(citation)
        return citation

    def _shown(self, generation: Generation, receipt: Receipt) -> Receipt:
        """The receipt without other documents than those that may be shown."""
        if receipt.path and not self._holds(generation, Path(receipt.path)):
            raise _unknown(receipt.citation)
        also = (each for each in receipt.also if self._is_shown(generation, each))
        return replace(receipt, also=tuple(also))

    def _is_shown(self, generation: Generation, citation: Citation) -> bool:
        if self.folders is None:
            return True
        document = generation.store.document_named(citation.document)
        return document is not None and self._holds(generation, document.path)

    def _holds(self, generation: Generation, path: Path) -> bool:
        """Whether a file is in a folder that is shown, and in no other one inside of it."""
        names = self.shown_folders(generation)
        if names is None:
            return True
        corpus = [Path(each.path) for each in generation.manifest.folders]
        inside = [each for each in corpus if path.is_relative_to(each)]
        return bool(inside) and max(inside, key=lambda each: len(each.parts)).name in names


def _unknown(citation: Citation) -> CitationRefused:
    return CitationRefused(
        f"No document that may be shown is called {citation.document!r}; copy a citation from an "
        "answer."
    )
