"""The generation before, and what a new one takes over from it.

A document whose file is the same is the same passages with the same vectors and terms, so the cost
of a build follows what changed. What comes out is what a build of everything would make.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from corpus.document import Document
from corpus.readers import PARTLY
from embeddings import EXACT, EXACT_BELOW, VectorIndex
from embeddings.errors import IndexDamaged
from embeddings.vectors import Vectors
from retriever.errors import GenerationDamaged
from retriever.index.generation_manifest import MULTILINGUAL_VECTORS, VECTORS, Manifest
from retriever.index.passages import PassageStore
from retriever.index.records import Entry, Kept, rows_in


@dataclass(frozen=True, slots=True)
class Known:
    """What a file was read as: documents, or the reason why it is none, or not all of it is."""

    documents: tuple[Kept, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Previous:
    """A whole generation of the same program and models; vectors are by the model's fingerprint."""

    folder: Path
    manifest: Manifest
    store: PassageStore
    vectors: dict[str, VectorIndex]
    files: dict[tuple[str, str], str]  # identities by folder and id
    documents: dict[str, list[Kept]]
    reasons: dict[tuple[str, str], str]
    retry: bool = False

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, *, retry: bool = False) -> Self | None:
        """Opens a generation to take over from; None when it cannot be.

        With `retry`, what was no document, or not wholly, is read again.
        """
        try:
            store = PassageStore.open(folder)
            vectors = {manifest.model: VectorIndex.load(folder / VECTORS, manifest.vectors)}
            if other := manifest.multilingual:
                vectors[other.model] = VectorIndex.load(
                    folder / MULTILINGUAL_VECTORS, other.vectors
                )
            documents = store.kept()
        except (GenerationDamaged, IndexDamaged):
            return None
        listed = manifest.folders
        return cls(
            folder, manifest, store, vectors,
            {(each.path, name): known for each in listed for name, known in each.files.items()},
            documents,
            {(each.path, name): reason for each in listed
             for name, reason in each.skipped.items()},
            retry,
        )  # fmt: skip

    def read_of(self, folder: str, file: str, identity: str, path: Path | None) -> Known | None:
        """What a file was read as; None when it was not there, was another, or is to be retried.

        Its `path`, where it is known, excludes one whose id has the folder's name in front.
        """
        if self.files.get((folder, file)) != identity:
            return None
        reason = self.reasons.get((folder, file), "")
        documents = tuple(self.documents.get(file, ()))
        if self.retry and reason and path:
            return None
        known = Known(documents, reason if reason.startswith(PARTLY) or not documents else "")
        if path and any(each.path != str(path) for each in known.documents):
            return None
        return known if known.documents or known.reason else None

    def serves(self, entries: Sequence[Entry]) -> bool:
        """Whether these documents can be made from this generation.

        They have the same order as here; and half-precision vectors make no exact index.
        """
        numbers = [entry.number for entry in entries if isinstance(entry, Kept)]
        indexes = self.vectors.values()
        windows = max(each.count for each in indexes) - self.store.count
        compact = sum(map(rows_in, entries)) + windows >= EXACT_BELOW
        exact = all(each.kind == EXACT for each in indexes)
        return (compact or exact) and numbers == sorted(numbers)

    def gone(self, entries: Sequence[Entry]) -> Iterator[Document]:
        """The documents here that are not among the entries."""
        kept = {entry.number for entry in entries if isinstance(entry, Kept)}
        for documents in self.documents.values():
            for each in documents:
                if each.number not in kept:
                    yield self.store.read_again(each.number)

    def joined(
        self, model: str, entries: Sequence[Entry], fresh: Vectors, further: Sequence[int]
    ) -> tuple[Vectors, list[int]]:
        """The vectors that a model gives to all entries, and the passage of each further window.

        `fresh` are those of the documents that were read anew, and `further` the passages of
        their windows.
        """
        known = self.vectors[model]
        count = known.count
        sources = np.empty(sum(map(rows_in, entries)), np.int64)  # of each new row
        row, unread = 0, count
        for entry in entries:
            first = entry.first if isinstance(entry, Kept) else unread
            unread += 0 if isinstance(entry, Kept) else rows_in(entry)
            sources[row : row + rows_in(entry)] = np.arange(first, first + rows_in(entry))
            row += rows_in(entry)
        moved = np.full(count + len(fresh), -1, np.int64)
        moved[sources] = np.arange(len(sources))
        windows = np.concatenate(  # each further window: its passage's source, its own
            [
                np.stack([self.store.passage_of[self.store.count :],
                          np.arange(self.store.count, count)], axis=1),
                np.stack([count + np.array(further, np.int64),
                          np.arange(unread, count + len(fresh))], axis=1),
            ]
        )  # fmt: skip
        windows = windows[moved[windows[:, 0]] >= 0]
        windows = windows[np.argsort(moved[windows[:, 0]], kind="stable")]
        wanted = np.concatenate([sources, windows[:, 1]])
        vectors = np.empty((len(wanted), known.dimension), np.float32)
        old = wanted < count
        vectors[old] = known.vectors_of(wanted[old])
        vectors[~old] = fresh[wanted[~old] - count]
        return vectors, moved[windows[:, 0]].tolist()
