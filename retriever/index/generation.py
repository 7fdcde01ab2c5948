"""A generation, opened for questions: its manifest, passages, terms, vectors and encoder."""

import datetime
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import IO, Concatenate, ParamSpec, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.language.languages import language_of
from corpus.release.near_duplicates import same_release
from embeddings import (
    EmbeddingError,
    Encoder,
    IndexDamaged,
    IndexFacts,
    Reranker,
    VectorIndex,
    open_encoder,
    open_multilingual,
    open_reranker,
    shipped_reranker,
)
from retriever.index.calibration import (
    MULTILINGUAL,
    RERANKED,
    SHIPPED,
    Calibration,
    calibration_for,
    fitted_path,
)
from retriever.index.damage import blaming_damage, require_checksums
from retriever.index.days import Days
from retriever.index.generation_manifest import (
    MULTILINGUAL_VECTORS,
    VECTORS,
    Manifest,
    damaged,
    read_manifest,
)
from retriever.index.home import Home
from retriever.index.lexical.lexical_index import LexicalIndex
from retriever.index.passages import PassageStore
from retriever.index.spellings import Spellings
from retriever.row_set import RowSet

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 10
_REMEMBERED = 1_000  # questions, 1.5 kB each


@dataclass(frozen=True)
class Generation:
    """Everything that one build of the index holds; never changed once it is open.

    Without a `reranker` questions are answered by the evidence alone; `trouble` says why, where
    one was wanted. `calibration` is that of the answers, and `evidence_calibration` that of the
    evidence alone. `multilingual` is the same generation with what answers questions in other
    languages.
    """

    folder: Path
    manifest: Manifest
    store: PassageStore
    lexical: LexicalIndex
    spellings: Spellings
    vectors: VectorIndex
    encoder: Encoder
    calibration: Calibration
    evidence_calibration: Calibration
    reranker: Reranker | None = None
    trouble: str = ""
    multilingual: "Generation | None" = None
    held: IO[bytes] | None = None  # while it is open, nobody removes the folder

    @classmethod
    def open(
        cls, home: Home, name: str | None = None, *, fast: bool = False, unfitted: bool = False
    ) -> Self:
        """Opens the current generation, or the one named; a `fast` one without a reranker. A
        reranker of the user's own is used when it is fitted, or has to do `unfitted`.

        Raises `NoIndex`, `FormatUnknown`, `GenerationDamaged`, or an error of `embeddings` when the
        model it was built with is gone.
        """
        folder = home.generation(name)
        held = home.hold(folder)
        for _ in range(_ATTEMPTS if name is None else 0):
            if held:
                break
            folder = home.generation()  # another one has taken its place
            held = home.hold(folder)
        manifest = read_manifest(folder)
        with blaming_damage(folder, manifest):
            # The model takes most of the time of a cold question.
            with ThreadPoolExecutor(3) as opener:
                opening = opener.submit(
                    open_encoder, home.models_with(manifest.model), manifest.model
                )
                reading = opener.submit(_reranker, home, manifest, fast=fast, unfitted=unfitted)
                translating = opener.submit(_multilingual, manifest)
                require_checksums(folder, manifest)
                store = PassageStore.open(folder)
                lexical = LexicalIndex.open(folder)
                spellings = Spellings.open(folder)
                vectors = _vectors(folder, VECTORS, manifest.vectors)
                encoder = opening.result()
                reranker, trouble = reading.result()
                other, no_other = translating.result()
            read_by = reranker.card.fingerprint if reranker else None
            by_evidence = calibration = calibration_for(SHIPPED, home, manifest.model)
            if read_by:
                calibration = calibration_for(RERANKED, home, manifest.model, read_by)
            if store.count != manifest.passages:
                raise damaged(folder, "passages.db")
            generation = cls(
                folder, manifest, store, lexical, spellings, vectors, encoder, calibration,
                by_evidence, reranker, " ".join(filter(None, (trouble, no_other))), None, held,
            )  # fmt: skip
            if not (other and manifest.multilingual):
                return generation
            facts = manifest.multilingual.vectors
            fitted = calibration_for(MULTILINGUAL, home, manifest.multilingual.model)
            multilingual = replace(
                generation, vectors=_vectors(folder, MULTILINGUAL_VECTORS, facts), encoder=other,
                calibration=fitted, evidence_calibration=fitted, reranker=None,
            )  # fmt: skip
            return replace(generation, multilingual=multilingual)

    def asked_in(self, language: str) -> "Generation":
        """The generation as it answers questions in this language."""
        stated = self.manifest.multilingual
        named = stated and language in stated.languages
        return self.multilingual if named and self.multilingual else self

    @cached_property
    def asked_languages(self) -> frozenset[str]:
        """The languages that questions can be in, where the index was made for other ones too."""
        stated = self.manifest.multilingual
        return frozenset({"English", *self.languages, *stated.languages} if stated else ())

    def in_folders(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Which documents are in corpus folders of these names, by document number."""
        return np.isin(self.folder_names, list(names))

    def folder_of(self, path: Path) -> str:
        """The name of the corpus folder that a file is in, the innermost one; empty for none."""
        return next((each.name for each in self._folders if path.is_relative_to(each)), "")

    @cached_property
    def _folders(self) -> list[Path]:
        """The corpus folders, those within others first."""
        return sorted((Path(each.path) for each in self.manifest.folders), reverse=True)

    def size(self, folders: Sequence[str] | None = None) -> tuple[int, str | None]:
        """The number of documents, and the newest day of any, as ISO 8601; of these corpus folders
        or of all."""
        if folders is None:
            return self.manifest.documents, self.manifest.newest
        among = self.in_folders(folders)
        newest = int(self.days.newest[among].max(initial=0))
        return int(among.sum()), datetime.date.fromordinal(newest).isoformat() if newest else None

    @cached_property
    def folder_names(self) -> NDArray[np.str_]:
        """The name of each document's corpus folder, the innermost one that holds it; empty for a
        damaged one."""
        sound = self.store.sound_documents()
        return np.array([self.folder_of(each.path) if each else "" for each in sound])

    def vector_of(self, question: str) -> NDArray[np.float32]:
        """The vector of a question, of shape (1, dimension); the last ones are remembered, since a
        follow-up and further passages come back to an earlier question."""
        return self._vectors_of(question)

    @cached_property
    def _vectors_of(self) -> Callable[[str], NDArray[np.float32]]:
        encoder = self.encoder  # and not self: a generation that is dropped is to be freed
        return lru_cache(_REMEMBERED)(lambda text: encoder.encode([text], question=True))

    def is_word(self, word: str) -> bool:
        """Whether the model knows the word as one piece, as it does those of common English."""
        whole, nothing = self.encoder.count_tokens([word, ""])
        return whole == nothing + 1

    def same_release(self, one: int, other: int) -> bool:
        """Whether two documents are editions of the same release."""
        return self._same_release(min(one, other), max(one, other))

    @cached_property
    def _same_release(self) -> Callable[[int, int], bool]:
        read = self.store.read_again
        return lru_cache(_REMEMBERED)(lambda one, other: same_release(read(one), read(other)))

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Threads for searches at the same time, which hold no lock of the interpreter."""
        return ThreadPoolExecutor(thread_name_prefix="search")

    @property
    def skipped(self) -> int:
        """How many files of the corpus could not be read, or only in part, or are none that are."""
        return sum(len(folder.skipped) for folder in self.manifest.folders)

    @property
    def name(self) -> str:
        """The name by which `--generation` asks this one again."""
        return self.folder.name

    @cached_property
    def days(self) -> Days:
        """The days of the documents."""
        return Days(self.store.days())

    @cached_property
    def languages(self) -> dict[str, int]:
        """How many documents there are in each language, the commonest first."""
        return self.store.languages()

    @cached_property
    def damaged_documents(self) -> tuple[str, ...]:
        """The documents that may be of any day, since theirs is damaged."""
        return self.store.damaged_documents()

    def in_documents_of(self, rows: RowSet) -> RowSet:
        """All rows of the documents that these rows are in."""
        documents = np.zeros(len(self.days.newest), np.bool_)
        documents[self.document_of[rows.rows]] = True
        return RowSet(documents[self.document_of])

    @cached_property
    def document_of(self) -> NDArray[np.int64]:
        """The number of each row's document."""
        return self.store.documents_by_row()


def blames_damage(
    work: Callable[Concatenate[Generation, P], T],
) -> Callable[Concatenate[Generation, P], T]:
    """Has work with a generation raise `GenerationDamaged` where a damaged file makes it fail."""

    @wraps(work)
    def watched(generation: Generation, /, *args: P.args, **named: P.kwargs) -> T:
        with blaming_damage(generation.folder, generation.manifest):
            return work(generation, *args, **named)

    return watched


def _reranker(
    home: Home, manifest: Manifest, *, fast: bool, unfitted: bool
) -> tuple[Reranker | None, str]:
    """The reranker that the index was made for, once it is calibrated, else the one that ships; or
    none, and why."""
    own = manifest.reranker
    try:
        if fast:
            return None, ""
        if not own:
            return shipped_reranker(), ""
        if not (unfitted or fitted_path(home, manifest.model, own).exists()):
            return None, (
                "The reranker of the settings is not used before it is fitted; run `pincite "
                "calibrate` with questions of yours."
            )
        return open_reranker(home.models_with(own), own), ""
    except EmbeddingError as error:
        return None, f"{error} Questions are answered without the reranker."


def _multilingual(manifest: Manifest) -> tuple[Encoder | None, str]:
    """The encoder for questions in other languages, if there is to be one; or none, and why."""
    try:
        return open_multilingual(language_of) if manifest.multilingual else None, ""
    except EmbeddingError as error:
        return None, f"{error} Questions in other languages are answered without it."


def _vectors(folder: Path, name: str, facts: IndexFacts) -> VectorIndex:
    try:
        return VectorIndex.load(folder / name, facts)
    except IndexDamaged as error:
        raise damaged(folder, name, error) from None
