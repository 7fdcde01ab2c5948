"""The index as the reading page has it: the current generation, and what of it may be shown."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.index_facts import built_by_this_program, earlier_passages
from bot.open_generations import OpenGenerations, known_folders
from bot.settings import Settings
from bot.web.asked import Asked
from bot.web.errors import WebRefused
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.citing.originals import originals
from retriever.citing.verifier import Verifier
from retriever.documents.editions import editions_of
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.index.records import StoredDocument, StoredPassage

_MORE_PASSAGES = 20
_MORE_DOCUMENTS = 200


class Library:
    """What is asked and read: the home's current generation, opened once, as the settings say."""

    def __init__(self, generations: OpenGenerations, settings: Settings) -> None:
        self._generations, self._settings = generations, settings
        self._lock = threading.Lock()
        self._open: Holdings | None = None

    def open(self) -> "Holdings":
        """The holdings of the current generation; raises as `Generation.open` does."""
        with self._lock:
            generation = self._generations.open()
            if self._open is None or self._open.generation is not generation:
                self._open = Holdings(generation, self._generations.home, self._settings)
            return self._open

    def require_folders(self) -> None:
        """Raises `WebRefused` where `[web] folders` names what is no folder of the index, or what
        is the name of several."""
        stated, known = self._settings.web.get("folders", ()), self.open().known_folders
        if wrong := [each for each in stated if each not in known]:
            raise WebRefused(
                f"[web] folders names {wrong[0]!r}, which is not the name of one folder of the "
                f"index; it has {', '.join(known) or 'none with a name of its own'}."
            )


@dataclass(frozen=True)
class Holdings:
    """A generation of the index with what of it may be shown; nothing is said of the rest."""

    generation: Generation
    home: Home
    settings: Settings

    @cached_property
    def known_folders(self) -> tuple[str, ...]:
        """The names of corpus folders by which one of them can be meant."""
        return known_folders(self.generation)

    @cached_property
    def folder_names(self) -> tuple[str, ...]:
        """Those names whose folders may be shown."""
        stated = self.settings.web.get("folders", self.known_folders)
        return tuple(name for name in self.known_folders if name in stated)

    @property
    def folders(self) -> tuple[str, ...] | None:
        """The names of the corpus folders that may be shown; None means that all may."""
        return self.folder_names if "folders" in self.settings.web else None

    @property
    def size(self) -> tuple[int, str | None]:
        """The number of documents that may be shown, and the newest day of any."""
        return self.generation.size(self.folders)

    def may_show(self, path: Path) -> bool:
        """Whether anything may be said of a file."""
        return self.folders is None or self.generation.folder_of(path) in self.folders

    def answer(self, asked: Asked) -> Answer:
        """The answer to what was asked; raises as `ask` does."""
        settings = self.settings
        chosen = [each for each in asked.folders if each in self.folder_names]
        return ask(
            self.generation, asked.question,
            history=asked.earlier, after=asked.after, before=asked.before,
            top=_MORE_PASSAGES if asked.more else settings.top,
            min_score=0.0 if asked.more else settings.min_score,
            folders=chosen if asked.folders else self.folders,
            most_listed=_MORE_DOCUMENTS if asked.more else settings.top,
        )  # fmt: skip

    def document(self, name: str) -> StoredDocument | None:
        """The document of this id, if it may be shown."""
        found = self.generation.store.document_named(name)
        return found if found and self.may_show(found.path) else None

    def documents_of_file(self, name: str) -> list[StoredDocument]:
        """The documents that the file of this id holds, if they may be shown."""
        held = self.generation.store.documents_of_file(name)
        return [each for each in held if self.may_show(each.path)]

    def editions(self, document: StoredDocument) -> Sequence[StoredDocument]:
        """The other editions of a document's release that may be shown, the newest first."""
        return editions_of(self.generation, document, self.may_show)

    def unchanged(self, document: StoredDocument) -> list[StoredPassage]:
        """The passages of a document whose file would be read as it was for the index; none where
        it has to be read again to tell."""
        if not self._same_program:
            return []
        passages = self.generation.store.passages_of(document.number)
        return passages if all(map(originals(1)(document).holds, passages)) else []

    def verifier(self) -> Verifier:
        """Checks citations on the files of this moment."""
        store, limits = self.generation.store, self.settings.limits
        return Verifier(store, limits, earlier_passages(self.home), self.may_show)

    @cached_property
    def _same_program(self) -> bool:
        return built_by_this_program(self.generation.folder)
