"""The terms of a generation: a tantivy index with one lexical document for each passage.

Fields are the passage's own text and the parts of its context. Queries are built from analysed
terms, never parsed, so no character of a question is query syntax.
"""

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
import tantivy
from numpy.typing import NDArray

from retriever.index.generation_manifest import damaged
from retriever.index.lexical.lexical_schema import (
    FIELDS,
    FOLDER,
    PLACE,
    WORDS,
    schema,
    with_analyzers,
)
from retriever.index.lexical.shards import Places, Shard, read_shards
from retriever.index.lexical.word_phrases import Phrase, any_phrase
from retriever.index.lexical.word_queries import (
    is_indexed,
    parts_of_compound,
    plain_word,
    stems_of,
    word_query,
)
from retriever.row_set import RowSet

OTHER_FIELDS = 0.2
_MANY_ALLOWED = 0.03  # of all rows: naming fewer of them costs less than looking deeper
_FEW = 1_000  # rows
_FEW_RUNS = 4
_LOOKED_INTO, _LOOKED_INTO_NEXT = 100, 4_000
"""Rows that say a word which are looked at before the allowed ones are searched for it, and before
all that say it are."""
_DEEPER = 2  # times as deep as evenly spread rows would need
_SATURATION = 2.2  # k1 + 1
_REMEMBERED = 64  # texts


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows with their scores, best first; equal scores are in the order of rows."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class LexicalIndex:
    """BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over the fields of passages."""

    def __init__(
        self,
        index: tantivy.Index,
        folder: Path,
        shards: Sequence[Shard],
        aside: TemporaryDirectory[str] | None = None,
    ) -> None:
        self._aside = aside  # it lasts as long as it is searched
        self._schema = schema()
        self._folder = folder
        self._places = Places(shards)
        self._searcher = index.searcher()
        self._word_query = lru_cache(_REMEMBERED)(self._queried)

    @property
    def count(self) -> int:
        """The number of passages."""
        return int(self._searcher.num_docs)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the lexical index of a generation; raises `GenerationDamaged`."""
        place = folder / FOLDER
        try:
            shards = read_shards(place)
            aside = None if os.access(place, os.W_OK) else _linked_aside(place)
            index = tantivy.Index.open(aside.name if aside else str(place))
            return cls(with_analyzers(index), folder, shards, aside)
        except (ValueError, OSError, TypeError, KeyError) as error:
            raise damaged(folder, FOLDER, error) from None

    def search(
        self,
        terms: Mapping[str, float],
        fields: Mapping[str, float],
        count: int,
        allowed: RowSet | None = None,
    ) -> Ranking:
        """The `count` best rows for weighted terms in weighted fields; `allowed` restricts them.

        A score is a weighted sum over the terms. Each brings its best weighted BM25 of any field,
        and of the other fields `OTHER_FIELDS` times theirs: a name counts as much in the lead as in
        the passage itself, and not twice for standing in both.
        """
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(self._in_any_field(term, fields), boost),
            )
            for term, boost in terms.items()
        ]
        if not clauses or count == 0:
            return Ranking(np.empty(0, np.int64), np.empty(0, np.float32))
        return self._found(tantivy.Query.boolean_query(clauses), count, allowed)

    def _found(self, query: tantivy.Query, count: int, allowed: RowSet | None) -> Ranking:
        """The `count` best of the allowed rows, all of them when None."""
        if allowed is None:
            return self._best(query, count)
        only = self._named(allowed)
        if only is None and len(allowed) >= _MANY_ALLOWED * self.count:
            deep = int(_DEEPER * count * self.count / len(allowed))
            found = self._best(query, deep)
            kept = allowed.holding(found.rows)
            if kept.sum() >= count or len(kept) < deep:
                return Ranking(found.rows[kept][:count], found.scores[kept][:count])
        if only is None:
            only = tantivy.Query.term_set_query(self._schema, PLACE, self._places_of(allowed))
        return self._best(_within(query, only), count)

    def _named(self, allowed: RowSet) -> tantivy.Query | None:
        """These rows as a query, where naming them costs less than passing over the others: a few
        rows, or a few runs of them, such as corpus folders are; else None."""
        if len(allowed) <= _FEW:
            each = (
                tantivy.Query.term_query(self._schema, PLACE, place)
                for place in self._places_of(allowed)
            )
        elif len(allowed.runs) <= _FEW_RUNS:
            each = (self._run(first, last) for first, last in allowed.runs.tolist())
        else:
            return None
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in each])

    def _run(self, first: int, last: int) -> tantivy.Query:
        """The rows from the first to the last."""
        ends = self._places.places(np.array([first, last])).tolist()
        kind = tantivy.FieldType.Unsigned
        return tantivy.Query.range_query(self._schema, PLACE, kind, *ends)

    def _places_of(self, allowed: RowSet) -> list[int]:
        return list(self._places.places(allowed.rows).tolist())

    def _best(self, query: tantivy.Query, count: int) -> Ranking:
        hits = self._hits(query, count)
        places = self._searcher.fast_field_values(PLACE, [address for _, address in hits])
        rows = self._places.rows(np.array(places, np.int64))
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((rows, -scores))
        return Ranking(rows[order], scores[order])

    def held(
        self,
        terms: Mapping[str, float],
        rows: NDArray[np.int64],
        fields: Sequence[str] = FIELDS,
    ) -> NDArray[np.float64]:
        """How much of the weight of the terms each row holds, in any of these fields, in [0, 1].

        `rows` are ascending. A term counts with its idf, once, however often it occurs.
        """
        weights = self.weights(terms)
        values = np.zeros(len(rows))
        if not len(rows) or not weights:
            return values
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.const_score_query(self._anywhere(term, fields), weight),
            )
            for term, weight in weights.items()
        ]
        among = RowSet.of(rows, self.count)
        found = self._found(tantivy.Query.boolean_query(clauses), len(rows), among)
        values[np.searchsorted(rows, found.rows)] = found.scores
        return np.minimum(values / sum(weights.values()), 1.0)  # scores have single precision

    def ceiling(self, terms: Mapping[str, float], fields: Mapping[str, float]) -> float:
        """The score that no passage can exceed: each term at its most in every field; at least 1.

        BM25 of a term tends to (k1 + 1) idf as its frequency grows. A term that no passage holds
        brings nothing.
        """
        total = 0.0
        for term, boost in terms.items():
            most = [
                _SATURATION
                * boost
                * weight
                * self._idf(field, term)
                * bool(self._holding(field, term))
                for field, weight in fields.items()
            ]
            total += max(most) * (1 - OTHER_FIELDS) + sum(most) * OTHER_FIELDS
        return max(total, 1.0)

    def weights(self, terms: Mapping[str, float]) -> dict[str, float]:
        """How much each term counts: its weight times its idf among the passages' own texts."""
        return {term: boost * self._idf("text", term) for term, boost in terms.items()}

    def _idf(self, field: str, term: str) -> float:
        count, holding = self.count, self._holding(field, term)
        return math.log1p((count - holding + 0.5) / (holding + 0.5))

    def _holding(self, field: str, term: str) -> int:
        return int(self._searcher.doc_freq(field, term))

    def holds(self, terms: Sequence[str], among: RowSet | None = None) -> bool:
        """Whether a passage holds all of the terms, in its text or context."""
        return bool(terms) and self._any(self._with_all(terms, FIELDS), among)

    def says(self, *words: str, among: RowSet | None = None) -> bool:
        """Whether some passage, or one of the rows `among` all, says all of the words, each in any
        form: in its own text, its context, or if it is the first in what its document says outside
        of passages. Of a lone compound it is enough that its parts are said, and what the index
        cannot hold counts as said."""
        if among is None and len(words) == 1 and self._has_plain(plain_word(words[0])):
            return True  # at once, as for almost every word
        if not all(map(is_indexed, words)):
            return True
        stems = [stems_of(word) for word in words]
        if all(stems) and self.holds([*chain(*stems)], among):  # takes a quarter of the time
            return True
        if self._any(self._saying(words), among):
            return True
        parts = parts_of_compound(words[0]) if len(words) == 1 else []
        return bool(parts) and all(self.says(part, among=among) for part in parts)

    def rows_saying(self, word: str, among: RowSet) -> NDArray[np.int64]:
        """Those of the rows `among` all that say the word in some form, in any order."""
        if not is_indexed(word):
            return among.rows
        return self._found(self._saying([word]), self.count, among).rows

    def rows_holding(
        self, phrases: Sequence[Phrase], among: RowSet | None = None, most: int = 0
    ) -> NDArray[np.int64]:
        """The rows that hold one of the phrases in their own words, ascending; a document's first
        row also what stands outside of its passages. `most` bounds how many are looked for."""
        query = any_phrase(self._schema, WORDS, phrases, self._has_plain)
        return np.sort(self._found(query, most or self.count, among).rows)

    def words_beginning(self, letters: str) -> list[str]:
        """The words of the passages that begin with these letters, folded."""
        return [word for word, _ in self._searcher.terms_with_prefix(WORDS, letters)]

    def _has_plain(self, word: str) -> bool:
        return bool(word) and self._holding(WORDS, word) > 0

    def _queried(self, word: str) -> tantivy.Query:
        return word_query(self._schema, word, FIELDS, WORDS, self._has_plain)

    def _saying(self, words: Sequence[str]) -> tantivy.Query:
        each = [(tantivy.Occur.Must, self._word_query(word)) for word in words]
        query = tantivy.Query.boolean_query(each)
        return tantivy.Query.const_score_query(query, 1.0)

    def _any(self, query: tantivy.Query, among: RowSet | None) -> bool:
        """Whether a row, or one of the rows `among` all, fits: a few that do are looked at before
        the query is restricted, which costs more."""
        if among is None:
            return bool(len(self._best(query, 1).rows))
        for depth in (_LOOKED_INTO, _LOOKED_INTO_NEXT, self.count):
            rows = self._best(query, depth).rows
            if among.holding(rows).any():
                return True
            if len(rows) < depth:
                return False
            if only := self._named(among):
                return bool(len(self._best(_within(query, only), 1).rows))
        return False

    def rows_with(
        self,
        terms: Sequence[str],
        fields: Sequence[str] = FIELDS,
        among: RowSet | None = None,
    ) -> NDArray[np.int64]:
        """The rows that hold all of the terms, each in any of these fields, ascending."""
        if not terms:
            return np.empty(0, np.int64)
        return np.sort(self._found(self._with_all(terms, fields), self.count, among).rows)

    def _with_all(self, terms: Sequence[str], fields: Sequence[str]) -> tantivy.Query:
        clauses = [(tantivy.Occur.Must, self._anywhere(term, fields)) for term in terms]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 1.0)

    def any_like(self, beginning: str, among: RowSet | None = None) -> bool:
        """Whether some row, or one of the rows `among` all, holds a word or stem that begins so,
        in its text or title: `emir` is the stem of Emirates."""
        return self._any(self._like(beginning), among)

    def rows_like(self, beginning: str, among: RowSet) -> NDArray[np.int64]:
        """Those of the rows `among` all of which `any_like` is true, in any order."""
        return self._found(self._like(beginning), self.count, among).rows

    def _like(self, beginning: str) -> tantivy.Query:
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.regex_query(self._schema, field, f"{re.escape(beginning)}.*"),
            )
            for field in ("text", "title", WORDS)
        ]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 1.0)

    def _anywhere(self, term: str, fields: Sequence[str]) -> tantivy.Query:
        queries = [tantivy.Query.term_query(self._schema, field, term) for field in fields]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _hits(self, query: tantivy.Query, count: int) -> list[tuple[Any, tantivy.DocAddress]]:
        most = max(1, min(count, self.count))  # tantivy reserves room for as many
        try:
            return self._searcher.search(query, limit=most, count=False).hits
        except (ValueError, OSError) as error:
            raise damaged(self._folder, FOLDER, error) from None

    def _in_any_field(self, term: str, fields: Mapping[str, float]) -> tantivy.Query:
        queries = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term), weight)
            for field, weight in fields.items()
        ]
        return tantivy.Query.disjunction_max_query(queries, OTHER_FIELDS)


def _within(query: tantivy.Query, only: tantivy.Query) -> tantivy.Query:
    """What fits both, with the scores of the first."""
    return query.and_must_match(tantivy.Query.const_score_query(only, 0.0))


def _linked_aside(place: Path) -> TemporaryDirectory[str]:
    """Links to the files of an index on a read-only disk, where tantivy could not write the lock
    with which it opens one."""
    aside = TemporaryDirectory(prefix="pincite-")
    for file in place.iterdir():
        if file.suffix != ".lock":
            Path(aside.name, file.name).symlink_to(file.absolute())
    return aside
