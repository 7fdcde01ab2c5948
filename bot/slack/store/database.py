"""The SQLite file of the bot, safe to use from several threads and processes."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# `place` is the key of a thread, `message` that of the message that asked.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
  reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, asked REAL NOT NULL, lease REAL NOT NULL,
  owner TEXT NOT NULL, sending INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
  place TEXT NOT NULL, message TEXT NOT NULL, question TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT '', milliseconds REAL, answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS places ON questions (place, asked);
CREATE INDEX IF NOT EXISTS messages ON questions (message);
CREATE INDEX IF NOT EXISTS pointed ON questions (json_extract(question, '$.pointed_at'));
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
  reference TEXT NOT NULL, person TEXT NOT NULL, vote TEXT NOT NULL, comment TEXT NOT NULL,
  citations TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (reference, person)
);
"""


class Database:
    """The open file; raises `sqlite3.Error` where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        path.chmod(0o600)  # it holds what people asked
        with self._lock:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")  # survives a killed process
            self._connection.execute("PRAGMA secure_delete = ON")  # deleted is overwritten
            self._connection.executescript(_SCHEMA)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """The connection within one transaction, which an exception undoes."""
        with self._lock, self._connection:
            yield self._connection

    def rows(self, query: str, *values: Any) -> list[Any]:
        """All rows that a query finds."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def wipe(self) -> None:
        """Takes off the disk what was deleted or replaced, as far as nobody reads it just now."""
        with self._lock:
            self._connection.execute("PRAGMA busy_timeout = 0")
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                self._connection.execute("PRAGMA busy_timeout = 30000")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()
