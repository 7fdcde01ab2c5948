"""The index that assistants ask: always its current generation, of the folders they may see."""

from collections.abc import Sequence
from pathlib import Path

from bot.index_facts import earlier_passages
from bot.open_generations import OpenGenerations, unambiguous
from bot.settings import Settings
from retriever.citing.pasted import pasted_citation
from retriever.citing.receipts import CitedPassage, Receipt
from retriever.citing.verifier import Verifier
from retriever.index.generation import Generation
from retriever.index.home import Home


class AskedIndex:
    """A home, whose newest generation is opened when it is first asked.

    With `folders`, only documents of the corpus folders of these names are shown, and nothing is
    said of others; a name that two folders have names neither.
    """

    def __init__(
        self, home: Home, settings: Settings, folders: Sequence[str] | None = None
    ) -> None:
        self.home, self.settings, self._folders = home, settings, folders
        self._generations = OpenGenerations(home, fast=settings.fast)

    def generation(self) -> Generation:
        """The current generation, opened once; raises as `Generation.open` does."""
        return self._generations.open()

    def shown_folders(self, generation: Generation) -> list[str] | None:
        """The names of the folders that are shown; None means all."""
        return unambiguous(generation, self._folders)

    def look_up(self, text: str, neighbours: int = 0) -> CitedPassage:
        """What a citation leads to; raises `CitationRefused` for what is none."""
        generation = self.generation()
        citation = pasted_citation(generation.store, text)
        return self._verifier(generation).look_up(citation, neighbours)

    def verify(self, texts: Sequence[str]) -> list[Receipt]:
        """What became of the words of citations; raises as `look_up` does."""
        generation = self.generation()
        citations = [pasted_citation(generation.store, each) for each in texts]
        return self._verifier(generation).verify_each(citations)

    def _verifier(self, generation: Generation) -> Verifier:
        names = self.shown_folders(generation)

        def may_show(path: Path) -> bool:
            return names is None or generation.folder_of(path) in names

        limits, earlier = self.settings.limits, earlier_passages(self.home)
        return Verifier(generation.store, limits, earlier, may_show)
