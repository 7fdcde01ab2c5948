"""What passages are to tantivy: the fields of their lexical documents, and their places."""

from collections.abc import Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray

from retriever.index.lexical.shards import Shard
from retriever.index.lexical.terms import ANALYZER
from retriever.index.lexical.word_queries import PLAIN_ANALYZER

FOLDER = "lexical"
FIELDS = ("text", "title", "when", "lead", "under")
WORDS, PLACE = "words", "place"
"""The fields of what a passage says, word for word, and of its place."""

_ANALYZER, _PLAIN = "pincite", "plain"
_SHARD = 32  # bits of a place behind the shard's number
_IN_SHARD = (1 << _SHARD) - 1


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(PLACE, indexed=True, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(WORDS, tokenizer_name=_PLAIN, index_option="position")
    return builder.build()


def with_analyzers(index: tantivy.Index) -> tantivy.Index:
    """The index, which knows from now on how its fields are cut into terms."""
    index.register_tokenizer(_ANALYZER, ANALYZER)
    index.register_tokenizer(_PLAIN, PLAIN_ANALYZER)
    return index


def place_of(shard: int, ordinal: int) -> int:
    """The place of a passage: its shard, and the number that it has in that."""
    return (shard << _SHARD) + ordinal


class Places:
    """Between rows and the places by which tantivy knows passages: a shard and a number in it."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._numbers = np.array([shard.number for shard in shards], np.int64)
        self._first = np.cumsum([0, *(shard.rows for shard in shards)])
        self._by_number = np.argsort(self._numbers)

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these places."""
        known = np.searchsorted(self._numbers, places >> _SHARD, sorter=self._by_number)
        return np.asarray(self._first[self._by_number[known]] + (places & _IN_SHARD), np.int64)

    def places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of these rows."""
        shards = np.searchsorted(self._first, rows, side="right") - 1
        return np.asarray((self._numbers[shards] << _SHARD) + rows - self._first[shards], np.int64)
