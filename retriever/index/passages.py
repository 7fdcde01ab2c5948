"""The passages of a generation in SQLite, opened read-only and immutable.

A row number is the one internal id: the passage, its vector and its lexical document share it.
Long passages have further vectors, whose rows follow those of the passages; `windows` maps them.
"""

import datetime
import json
import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.document import Day, Document, Passage, Span
from corpus.language.sentences import AFTER_A_SENTENCE
from corpus.release.repeated_lines import RepeatedLines
from corpus.release.speakers import QUESTIONERS
from retriever.errors import GenerationDamaged, RecordDamaged
from retriever.index.generation_manifest import damaged
from retriever.index.integrity import column_checksum, is_intact
from retriever.index.passage_tables import COLUMNS, PASSAGES
from retriever.index.read_only import open_read_only
from retriever.index.records import Kept, StoredDocument, StoredPassage
from retriever.index.repeated_line_counts import Trace, repeated_lines_in

_AT_A_TIME = 10_000  # texts that are held
_DOCUMENT = (
    "SELECT number, digest, id, path, sha256, title, posted, events, source, count FROM documents"
)
_PASSAGE = (
    "SELECT row, document, label, heading, speaker, start, end, parent, text, page, columns, "
    "twin, passages.digest, documents.digest FROM passages LEFT JOIN documents ON number = document"
)


class PassageStore:
    """The passages and documents of a generation, by row; safe to use from several threads.

    A document or passage is compared with its digest whenever it is given: `RecordDamaged` is
    raised of one that is not what was read.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.count = int(self._all("SELECT max(row) + 1 FROM passages")[0][0])
        if self.count > (folder / PASSAGES).stat().st_size:  # none takes less than a byte
            raise damaged(folder, PASSAGES)
        further = self._column("windows")
        self.passage_of: NDArray[np.int64] = np.concatenate(
            [np.arange(self.count), np.array(further, np.int64).reshape(-1)]
        )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the store of a generation; raises `GenerationDamaged`."""
        try:
            return cls(open_read_only(folder / PASSAGES), folder)
        except (sqlite3.Error, OSError, TypeError, ValueError) as error:
            raise damaged(folder, PASSAGES, error) from None

    def passage(self, row: int) -> StoredPassage:
        """The passage of this row."""
        return self._passage(self._one(f"{_PASSAGE} WHERE row = ?", row))

    def passages_of(self, document: int) -> list[StoredPassage]:
        """The passages of a document, in reading order."""
        found = self._all(f"{_PASSAGE} WHERE document = ? ORDER BY row", [document])
        if len(found) != self.document(document).count:
            raise self._record_damaged()
        return [self._passage(fields) for fields in found]

    def texts(self) -> Iterator[str]:
        """The text of every passage, in the order of rows."""
        for start in range(0, self.count, _AT_A_TIME):
            query = "SELECT text FROM passages WHERE row >= ? AND row < ? ORDER BY row"
            yield from (text for (text,) in self._all(query, [start, start + _AT_A_TIME]))

    def document(self, number: int) -> StoredDocument:
        """The document with this number."""
        return self._document(self._one(f"{_DOCUMENT} WHERE number = ?", number))

    def twin_keys(self) -> NDArray[np.int64]:
        """For each row the key that passages of the same words share."""
        found = self._all("SELECT twin FROM passages ORDER BY row")
        return np.array(found, np.int64).reshape(-1)

    def rows_with_words(self, twin_keys: Sequence[int]) -> NDArray[np.int64]:
        """The rows whose words have one of these keys, ascending."""
        query = "SELECT row FROM passages, json_each(?) WHERE twin = value ORDER BY row"
        return np.array(self._all(query, [json.dumps(list(twin_keys))]), np.int64).reshape(-1)

    def twins(self, row: int) -> list[int]:
        """The rows of the same words as this row's, those of the newest documents first."""
        query = (
            "SELECT other.row FROM passages AS one JOIN passages AS other USING (twin) "
            "JOIN documents ON number = other.document "
            "WHERE one.row = ? AND other.row != one.row ORDER BY posted DESC, other.row"
        )
        return [found for (found,) in self._all(query, [row])]

    def words_of(self, rows: Sequence[int]) -> list[tuple[int, str, str]]:
        """These rows, each with its document's titles and with what it says itself, as they are
        stored, to count by."""
        query = (
            "SELECT row, title || char(10) || subtitle, heading || char(10) || speaker || char(10) "
            "|| columns || char(10) || text FROM passages JOIN documents ON number = document "
            "WHERE row IN (SELECT value FROM json_each(?))"
        )
        return self._all(query, [json.dumps(list(rows))])

    def longest_twins(self, documents: Sequence[int], count: int) -> list[tuple[int, int]]:
        """Of each of these documents the `count` longest passages: its number, and the key that
        passages of the same words share."""
        query = (
            "SELECT document, twin FROM (SELECT document, twin, row_number() OVER "
            "(PARTITION BY document ORDER BY length(text) DESC, row) AS place FROM passages "
            "WHERE document IN (SELECT value FROM json_each(?))) WHERE place <= ?"
        )
        return self._all(query, [json.dumps(list(documents)), count])

    def spoken(self, rows: Sequence[int]) -> set[int]:
        """Those of these rows whose passage is a speaker's turn."""
        marks = ",".join("?" * len(rows))
        query = f"SELECT row FROM passages WHERE row IN ({marks}) AND speaker != ''"
        return {row for (row,) in self._all(query, rows)}

    def brief_or_asking(self, rows: Sequence[int], length: int) -> list[tuple[int, str, str, str]]:
        """Those of these rows whose text has at most so many characters, ends with a question mark,
        or is a turn of who asks, with text, heading and speaker as they are stored, to rank by;
        none when they cannot be read."""
        query = (
            "SELECT row, text, heading, speaker FROM passages "
            "WHERE row IN (SELECT value FROM json_each(?)) AND "
            "(length(text) <= ? OR speaker IN (SELECT value FROM json_each(?)) "
            "OR substr(rtrim(text, ?), -1) = '?')"
        )
        values = [json.dumps(list(rows)), length, json.dumps(QUESTIONERS), AFTER_A_SENTENCE]
        with suppress(GenerationDamaged):
            found = self._all(query, values)
            return [each for each in found if all(isinstance(text, str) for text in each[1:])]
        return []

    def below(self, rows: Sequence[int], among: Sequence[int]) -> list[tuple[int, int]]:
        """The rows `among` these whose passage stands under one of `rows`, each with that row; none
        when they cannot be read."""
        query = (
            "SELECT row, parent FROM passages WHERE row IN (SELECT value FROM json_each(?)) "
            "AND parent IN (SELECT value FROM json_each(?))"
        )
        with suppress(GenerationDamaged):
            if rows:
                return self._all(query, [json.dumps(list(among)), json.dumps(list(rows))])
        return []

    def rows_of(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """The rows of these documents' passages, ascending."""
        chosen = json.dumps(list(documents))
        query = "SELECT row FROM passages, json_each(?) WHERE document = value ORDER BY row"
        return np.array(self._all(query, [chosen]), np.int64).reshape(-1)

    def documents_by_row(self) -> NDArray[np.int64]:
        """The number of each row's document, in the order of rows."""
        return np.array(self._column("documents"), np.int64).reshape(-1)

    def numbers_of(self, identifiers: Sequence[str]) -> list[int]:
        """The numbers of the documents with these ids; unknown ids are passed over."""
        query = "SELECT number FROM documents, json_each(?) WHERE documents.id = value"
        return [number for (number,) in self._all(query, [json.dumps(list(identifiers))])]

    def document_named(self, identifier: str) -> StoredDocument | None:
        """The document with this id, or None."""
        if identifier != identifier.encode("utf-8", "replace").decode():
            return None  # no indexed name holds what cannot be encoded
        found = self._all(f"{_DOCUMENT} WHERE id = ?", [identifier])
        if found:
            return self._document(found[0])
        # Its name may be what was damaged: that there is none is said of sound documents alone.
        number = self._numbers.get(identifier)
        return None if number is None else self.document(number)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each document by its id, of an index whose documents are all sound."""
        return {each.id: each.number for each in self.all_documents()}

    def documents_with(self, receipt: str) -> list[StoredDocument]:
        """The documents whose file's sha256 begins with this, by their ids."""
        found = self._all(f"{_DOCUMENT} WHERE substr(sha256, 1, ?) = ? ORDER BY id",
                          [len(receipt), receipt])  # fmt: skip
        return [self._document(fields) for fields in found]

    def documents_of_file(self, identifier: str) -> list[StoredDocument]:
        """The documents that the file with this id holds, in their order."""
        if identifier != identifier.encode("utf-8", "replace").decode():
            return []
        found = self._all(f"{_DOCUMENT} WHERE file = ? ORDER BY number", [identifier])
        return [self._document(fields) for fields in found]

    def all_documents(self) -> list[StoredDocument]:
        """Every document, in the order of their numbers."""
        found = self._all(f"{_DOCUMENT} ORDER BY number")
        return [self._document(fields) for fields in found]

    def kept(self) -> dict[str, list[Kept]]:
        """The documents of each file, by the file's id, as a later generation takes them over."""
        found = self._all(
            "SELECT number, min(row), count(*), file, trace, path FROM documents JOIN passages "
            "ON document = number GROUP BY number ORDER BY number"
        )
        documents: dict[str, list[Kept]] = {}
        for fields in found:
            kept = Kept(*fields)
            documents.setdefault(kept.file, []).append(kept)
        return documents

    def repeated_lines(self, document: int) -> tuple[str, RepeatedLines]:
        """The source of a document, and which lines are boilerplate in this generation."""
        traces = self._all("SELECT trace FROM documents")
        own = self._one("SELECT trace FROM documents WHERE number = ?", document)[0]
        try:
            source = Trace.unpacked(own).source if own else ""
            return source, repeated_lines_in(trace for (trace,) in traces)
        except (struct.error, TypeError, ValueError) as error:
            raise damaged(self._folder, PASSAGES, error) from None

    def read_again(self, number: int) -> Document:
        """A document as it was read, as far as the index knows it: without the text around its
        passages, and without what is only shown."""
        query = "SELECT title_stated, subtitle, byline, outside FROM documents WHERE number = ?"
        title_stated, subtitle, byline, outside = self._one(query, number)
        document, passages = self.document(number), self.passages_of(number)
        first = passages[0].row
        return Document(
            id=document.id,
            text="",
            title=document.title,
            title_stated=bool(title_stated),
            passages=tuple(
                Passage(
                    each.label, Span(each.start, each.end), each.text, each.heading, each.speaker,
                    None if each.parent is None else each.parent - first, each.page, each.columns,
                )
                for each in passages
            ),
            subtitle=subtitle,
            byline=byline,
            outside=outside,
            source=document.source or "",
            posted=datetime.date.fromisoformat(document.posted) if document.posted else None,
            events=tuple(Day.parse(day) for day in document.events),
        )  # fmt: skip

    def dropped(self) -> dict[str, int]:
        """How many lines of the documents are no passages, by rule, the most first."""
        counts: Counter[str] = Counter()
        for (dropped,) in self._all("SELECT dropped FROM documents"):
            counts.update(json.loads(dropped))
        return dict(counts.most_common())

    def posted(self) -> tuple[str | None, str | None]:
        """The oldest and the newest posted day, as ISO 8601."""
        oldest, newest = self._all("SELECT min(posted), max(posted) FROM documents")[0]
        return oldest, newest

    def languages(self) -> dict[str, int]:
        """How many documents there are in each language that could be told, the commonest first;
        nothing where that is damaged."""
        with suppress(RecordDamaged):
            return dict(self._column("languages"))
        return {}

    def folders(self) -> list[Path]:
        """The folders that the documents were read from."""
        return [Path(path) for (path,) in self._column("folders")]

    def days(self) -> list[tuple[int, str | None, tuple[str, ...]]]:
        """Each document's number, posted day and event days; none of a damaged one."""
        try:
            rows = self._column("days")
        except RecordDamaged:
            numbered = enumerate(self.sound_documents())
            return [
                (n, each.posted, each.events) if each else (n, None, ()) for n, each in numbered
            ]
        return [(number, posted, tuple(json.loads(events))) for number, posted, events in rows]

    def damaged_documents(self) -> tuple[str, ...]:
        """The documents whose day is not to be trusted, by their numbers; none of a sound index."""
        try:
            self._column("days")
        except RecordDamaged:
            numbered = enumerate(self.sound_documents())
            return tuple(f"document {number}" for number, sound in numbered if sound is None)
        return ()

    def sound_documents(self) -> list[StoredDocument | None]:
        """Every document in the order of their numbers, and None for a damaged one."""

        def sound(number: int) -> StoredDocument | None:
            try:
                return self.document(number)
            except GenerationDamaged:
                return None

        return list(map(sound, range(self._all("SELECT count(*) FROM documents")[0][0])))

    def _document(self, fields: tuple[Any, ...]) -> StoredDocument:
        number, digest, *shown = fields
        if not is_intact(shown, digest):
            raise self._record_damaged()
        identifier, path, sha256, title, posted, events, source, count = shown
        return StoredDocument(
            number, identifier, Path(path), sha256, title, posted, tuple(json.loads(events)),
            source, count,
        )  # fmt: skip

    def _passage(self, fields: tuple[Any, ...]) -> StoredPassage:
        *facts, digest, of_document = fields
        _, _, label, heading, speaker, start, end, _, text, page, columns, twin = facts
        shown = (label, heading, speaker, start, end, text, page, columns, twin)
        of = of_document.hex() if isinstance(of_document, bytes) else ""
        if not is_intact((of, *shown), digest):
            raise self._record_damaged()
        return StoredPassage(*facts)

    def _column(self, name: str) -> list[Any]:
        """What is read as a whole; raises `RecordDamaged` when it is not what was written."""
        rows = self._all(COLUMNS[name])
        known = self._all("SELECT checksum FROM columns WHERE name = ?", [name])
        try:
            if known and known[0][0] == column_checksum(rows):
                return rows
        except TypeError:  # a fact of another kind
            pass
        raise self._record_damaged()

    def _record_damaged(self) -> RecordDamaged:
        return RecordDamaged(str(damaged(self._folder, PASSAGES)))

    def _one(self, query: str, value: int) -> tuple[Any, ...]:
        found = self._all(query, [value])
        if not found:
            raise self._record_damaged()
        return tuple(found[0])

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, tuple(values)).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise damaged(self._folder, PASSAGES, error) from None
