"""How the passages of a generation are written: the tables of `passages.db`, and their digests."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.document import Document
from corpus.language.languages import language_of
from corpus.passage_context import in_words
from corpus.release.near_duplicates import words_hash
from retriever.index.integrity import column_checksum, record_digest
from retriever.index.read_only import address_of
from retriever.index.records import Entry, IndexedFile, Kept, rows_in

PASSAGES = "passages.db"

_SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  title TEXT NOT NULL, posted TEXT, events TEXT NOT NULL, source TEXT,
  file TEXT NOT NULL, title_stated INTEGER NOT NULL, subtitle TEXT NOT NULL, byline TEXT NOT NULL,
  outside TEXT NOT NULL, language TEXT NOT NULL, trace BLOB NOT NULL,
  dropped TEXT NOT NULL,
  count INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE passages (
  row INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number),
  label TEXT NOT NULL, heading TEXT NOT NULL, speaker TEXT NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL,
  parent INTEGER, text TEXT NOT NULL, page INTEGER, columns TEXT NOT NULL,
  twin INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE UNIQUE INDEX passage_labels ON passages (document, label);
CREATE INDEX passage_twins ON passages (twin);
CREATE TABLE folders (path TEXT NOT NULL);
CREATE TABLE windows (row INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passages(row));
CREATE TABLE columns (name TEXT PRIMARY KEY, checksum INTEGER NOT NULL);
"""

COLUMNS = {
    "folders": "SELECT path FROM folders ORDER BY rowid",
    "windows": "SELECT passage FROM windows ORDER BY row",
    "documents": "SELECT document FROM passages ORDER BY row",
    "languages": (
        "SELECT language, count(*) AS held FROM documents WHERE language != '' "
        "GROUP BY language ORDER BY held DESC, language"
    ),
    "days": "SELECT number, posted, events FROM documents ORDER BY number",
}
"""What is read as a whole has one checksum, since a digest of each record would cost too much."""


def write_passages(
    folder: Path,
    entries: Iterable[Entry],
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
    with connection:
        connection.executemany(
            "INSERT INTO columns VALUES (?, ?)",
            (
                (name, column_checksum(connection.execute(query).fetchall()))
                for name, query in COLUMNS.items()
            ),
        )
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
            "source, file, title_stated, subtitle, byline, outside, language, trace, dropped, "
            "count, digest "
            "FROM kept JOIN previous.documents AS old ON old.number = kept.old"
        )
        connection.execute(
            "INSERT INTO passages SELECT row + shift, kept.number, label, heading, speaker, start, "
            "end, parent + shift, text, page, columns, twin, digest "
            "FROM previous.passages JOIN kept ON document = kept.old ORDER BY row"
        )


def dropped_by_rule(document: Document) -> str:
    """How many lines of a document are no passage, by the rule that says so, as JSON."""
    rules = (
        "repeated" if each.rule.startswith("repeated") else each.rule for each in document.dropped
    )
    return json.dumps(Counter(rules))


def _write_document(
    connection: sqlite3.Connection, number: int, row: int, file: IndexedFile
) -> None:
    document = file.document
    posted = document.posted.isoformat() if document.posted else None
    language = language_of("\n".join(passage.text for passage in document.passages))
    events = json.dumps([str(day) for day in document.events])
    shown = (
        document.id, str(file.path), file.sha256, document.title, posted, events,
        document.source or None,
    )  # fmt: skip
    count = len(document.passages)
    digest = record_digest((*shown, count))
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *shown, file.file or document.id, document.title_stated, document.subtitle,
         document.byline, document.outside, language, file.trace, dropped_by_rule(document), count,
         digest),
    )  # fmt: skip
    for position, passage in enumerate(document.passages):
        parent = None if passage.parent is None else row + passage.parent
        place = (passage.label, passage.heading, passage.speaker, passage.span.start,
                 passage.span.end)  # fmt: skip
        twin = words_hash(in_words(passage.text, passage.columns))
        words = (passage.text, passage.page, passage.columns, twin)
        connection.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row + position, number, *place, parent, *words,
             record_digest((digest.hex(), *place, *words))),
        )  # fmt: skip
