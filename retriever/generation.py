"""A generation, opened for questions: its manifest, passages, terms, vectors and encoder."""

import datetime
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, VectorIndex, open_encoder
from embeddings.errors import IndexDamaged
from retriever.home import Home
from retriever.lexical import LexicalIndex
from retriever.manifest import VECTORS, Manifest, damaged, read_manifest
from retriever.passages import PassageStore


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything that one build of the index holds; never changed once it is open."""

    folder: Path
    manifest: Manifest
    store: PassageStore
    lexical: LexicalIndex
    vectors: VectorIndex
    encoder: Encoder

    @classmethod
    def open(cls, home: Home, name: str | None = None) -> Self:
        """Opens the current generation, or the one named.

        Raises `NoIndex`, `FormatUnknown`, `GenerationDamaged`, or an error of `embeddings` when the
        model it was built with is gone.
        """
        folder = home.generation(name)
        manifest = read_manifest(folder)
        with ThreadPoolExecutor(1) as beside:  # the model takes most of the time of a cold question
            opening = beside.submit(open_encoder, home.models, manifest.model)
            store = PassageStore.open(folder)
            lexical = LexicalIndex.open(folder)
            vectors = _vectors(folder, manifest)
            encoder = opening.result()
        if store.count != manifest.passages:
            raise damaged(folder, "passages.db")
        return cls(folder, manifest, store, lexical, vectors, encoder)

    @property
    def name(self) -> str:
        """The name by which `--generation` asks this one again."""
        return self.folder.name

    def rows_between(
        self, after: datetime.date | None, before: datetime.date | None
    ) -> NDArray[np.int64] | None:
        """The passages of documents posted, or about an event, in this range; both ends count.

        A document without a date, or without a year, is possible and stays. None means every row.
        """
        if after is None and before is None:
            return None
        first, last = after or datetime.date.min, before or datetime.date.max
        kept = [
            number
            for number, posted, events in self.store.days()
            if _possible([day for day in (posted, *events) if day], first, last)
        ]
        return self.store.rows_of(kept)


def _possible(days: Iterable[str], first: datetime.date, last: datetime.date) -> bool:
    dated = [datetime.date.fromisoformat(day) for day in days if not day.startswith("--")]
    return not dated or any(first <= day <= last for day in dated)


def _vectors(folder: Path, manifest: Manifest) -> VectorIndex:
    try:
        return VectorIndex.load(folder / VECTORS, manifest.vectors)
    except IndexDamaged as error:
        raise damaged(folder, VECTORS, error) from None
