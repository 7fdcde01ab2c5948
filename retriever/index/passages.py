"""The passages of a generation in SQLite: written once, opened read-only and immutable.

A row number is the one internal id: the passage, its vector and its lexical document share it.
Long passages have further vectors, whose rows follow those of the passages; `windows` maps them.
"""

import datetime
import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.document import Day, Document, Passage, Span
from corpus.language.languages import language_of
from corpus.release.near_duplicates import words_hash
from corpus.release.repeated_lines import RepeatedLines
from retriever.index.generation_manifest import damaged
from retriever.index.read_only import address_of, open_read_only
from retriever.index.records import Entry, IndexedFile, Kept, StoredDocument, StoredPassage, rows_in
from retriever.index.repeated_line_counts import Trace, repeated_lines_in

PASSAGES = "passages.db"
_AT_A_TIME = 10_000  # texts that are held

_SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  title TEXT NOT NULL, posted TEXT, events TEXT NOT NULL, source TEXT,
  file TEXT NOT NULL, title_stated INTEGER NOT NULL, subtitle TEXT NOT NULL, byline TEXT NOT NULL,
  outside TEXT NOT NULL, language TEXT NOT NULL, trace BLOB NOT NULL
);
CREATE TABLE passages (
  row INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number),
  label TEXT NOT NULL, heading TEXT NOT NULL, speaker TEXT NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL,
  parent INTEGER, text TEXT NOT NULL, page INTEGER, twin INTEGER NOT NULL
);
CREATE UNIQUE INDEX passage_labels ON passages (document, label);
CREATE INDEX passage_twins ON passages (twin);
CREATE TABLE folders (path TEXT NOT NULL);
CREATE TABLE windows (row INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passages(row));
"""

_DOCUMENT = "SELECT number, id, path, sha256, title, posted, events, source FROM documents"


def write_passages(
    folder: Path,
    entries: Sequence[Entry],
    windows: Iterable[int],
    folders: Iterable[str],
    before: Path | None = None,
) -> None:
    """Writes `passages.db`; `windows` gives the passage's row for each vector behind the first.

    Kept documents are those of the generation in the folder `before`.
    """
    connection = sqlite3.connect(folder / PASSAGES, uri=True)
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO folders VALUES (?)", ((path,) for path in folders))
        row, kept = 0, list[tuple[int, int, int]]()
        for number, entry in enumerate(entries):
            if isinstance(entry, Kept):
                kept.append((entry.number, number, row - entry.first))
            else:
                _write_document(connection, number, row, entry)
            row += rows_in(entry)
        connection.executemany(
            "INSERT INTO windows VALUES (?, ?)", ((row + n, at) for n, at in enumerate(windows))
        )
    if before:
        _take_over(connection, kept, before)
    connection.close()


def _take_over(
    connection: sqlite3.Connection, kept: Sequence[tuple[int, int, int]], before: Path
) -> None:
    """Copies documents from a previous generation: for each the old number, the new one, and by how
    much its rows move."""
    connection.execute("ATTACH ? AS previous", [address_of(before / PASSAGES)])
    connection.execute("CREATE TEMP TABLE kept (old INTEGER PRIMARY KEY, number, shift)")
    with connection:
        connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", kept)
        connection.execute(
            "INSERT INTO documents SELECT kept.number, id, path, sha256, title, posted, events, "
            "source, file, title_stated, subtitle, byline, outside, language, trace "
            "FROM kept JOIN previous.documents AS old ON old.number = kept.old"
        )
        connection.execute(
            "INSERT INTO passages SELECT row + shift, kept.number, label, heading, speaker, start, "
            "end, parent + shift, text, page, twin "
            "FROM previous.passages JOIN kept ON document = kept.old ORDER BY row"
        )


def _write_document(
    connection: sqlite3.Connection, number: int, row: int, file: IndexedFile
) -> None:
    document = file.document
    posted = document.posted.isoformat() if document.posted else None
    language = language_of("\n".join(passage.text for passage in document.passages))
    events = json.dumps([str(day) for day in document.events])
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, document.id, str(file.path), file.sha256, document.title, posted, events,
         document.source or None, file.file or document.id, document.title_stated,
         document.subtitle, document.byline, document.outside, language, file.trace),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (row + position, number, passage.label, passage.heading, passage.speaker,
             passage.span.start, passage.span.end,
             None if passage.parent is None else row + passage.parent, passage.text,
             passage.page, words_hash(passage.text))
            for position, passage in enumerate(document.passages)
        ),
    )  # fmt: skip


class PassageStore:
    """The passages and documents of a generation, by row; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.count = int(self._all("SELECT max(row) + 1 FROM passages")[0][0])
        further = self._all("SELECT passage FROM windows ORDER BY row")
        self.passage_of: NDArray[np.int64] = np.concatenate(
            [np.arange(self.count), np.array(further, np.int64).reshape(-1)]
        )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the store of a generation; raises `GenerationDamaged`."""
        try:
            return cls(open_read_only(folder / PASSAGES), folder)
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise damaged(folder, PASSAGES, error) from None

    def passage(self, row: int) -> StoredPassage:
        """The passage of this row."""
        return StoredPassage(*self._one("SELECT * FROM passages WHERE row = ?", row))

    def passages_of(self, document: int) -> list[StoredPassage]:
        """The passages of a document, in reading order."""
        found = self._all("SELECT * FROM passages WHERE document = ? ORDER BY row", [document])
        return [StoredPassage(*fields) for fields in found]

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

    def twins(self, row: int) -> list[int]:
        """The rows of the same words as this row's, those of the newest documents first."""
        query = (
            "SELECT other.row FROM passages AS one JOIN passages AS other USING (twin) "
            "JOIN documents ON number = other.document "
            "WHERE one.row = ? AND other.row != one.row ORDER BY posted DESC, other.row"
        )
        return [found for (found,) in self._all(query, [row])]

    def spoken(self, rows: Sequence[int]) -> set[int]:
        """Those of these rows whose passage is a speaker's turn."""
        marks = ",".join("?" * len(rows))
        query = f"SELECT row FROM passages WHERE row IN ({marks}) AND speaker != ''"
        return {row for (row,) in self._all(query, rows)}

    def rows_of(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """The rows of these documents' passages, ascending."""
        chosen = json.dumps(list(documents))
        query = "SELECT row FROM passages, json_each(?) WHERE document = value ORDER BY row"
        return np.array(self._all(query, [chosen]), np.int64).reshape(-1)

    def documents_by_row(self) -> NDArray[np.int64]:
        """The number of each row's document, in the order of rows."""
        found = self._all("SELECT document FROM passages ORDER BY row")
        return np.array(found, np.int64).reshape(-1)

    def numbers_of(self, identifiers: Sequence[str]) -> list[int]:
        """The numbers of the documents with these ids; unknown ids are passed over."""
        query = "SELECT number FROM documents, json_each(?) WHERE documents.id = value"
        return [number for (number,) in self._all(query, [json.dumps(list(identifiers))])]

    def document_named(self, identifier: str) -> StoredDocument | None:
        """The document with this id, or None."""
        if identifier != identifier.encode("utf-8", "replace").decode():
            return None  # no indexed name holds what cannot be encoded
        found = self._all(f"{_DOCUMENT} WHERE id = ?", [identifier])
        return self._document(found[0]) if found else None

    def documents_with(self, receipt: str) -> list[StoredDocument]:
        """The documents whose file's sha256 begins with this, by their ids."""
        found = self._all(f"{_DOCUMENT} WHERE substr(sha256, 1, ?) = ? ORDER BY id",
                          [len(receipt), receipt])  # fmt: skip
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
                    None if each.parent is None else each.parent - first, each.page,
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

    def posted(self) -> tuple[str | None, str | None]:
        """The oldest and the newest posted day, as ISO 8601."""
        oldest, newest = self._all("SELECT min(posted), max(posted) FROM documents")[0]
        return oldest, newest

    def languages(self) -> dict[str, int]:
        """How many documents there are in each language that could be told, the commonest first."""
        query = (
            "SELECT language, count(*) AS held FROM documents WHERE language != '' "
            "GROUP BY language ORDER BY held DESC, language"
        )
        return dict(self._all(query))

    def folders(self) -> list[Path]:
        """The folders that the documents were read from."""
        return [Path(path) for (path,) in self._all("SELECT path FROM folders ORDER BY rowid")]

    def days(self) -> list[tuple[int, str | None, tuple[str, ...]]]:
        """Each document's number, posted day and event days."""
        rows = self._all("SELECT number, posted, events FROM documents ORDER BY number")
        return [(number, posted, tuple(json.loads(events))) for number, posted, events in rows]

    def _document(self, fields: tuple[Any, ...]) -> StoredDocument:
        number, identifier, path, sha256, title, posted, events, source = fields
        try:
            days = tuple(json.loads(events))
        except (ValueError, TypeError) as error:
            raise damaged(self._folder, PASSAGES, error) from None
        return StoredDocument(number, identifier, Path(path), sha256, title, posted, days, source)

    def _one(self, query: str, value: int) -> tuple[Any, ...]:
        found = self._all(query, [value])
        if not found:
            raise damaged(self._folder, PASSAGES)
        return tuple(found[0])

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, tuple(values)).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise damaged(self._folder, PASSAGES, error) from None
