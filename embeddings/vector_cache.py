"""Vectors that were computed before, by their exact text."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
AT_ONCE = 500  # parameters in one SQLite statement


class VectorCache:
    """One SQLite file of passage vectors; belongs to one model and one thread.

    It can always be recomputed, so a damaged file is moved aside and begun anew, never an error.
    """

    def __init__(self, path: Path, dimension: int, *, patience: float = 30.0) -> None:
        """Open the cache at `path`, or begin it; wait `patience` seconds for another's lock."""
        self._path, self._dimension, self._patience = path, dimension, patience
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def get(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Vectors of shape (len(texts), dimension) and which of the rows were found.

        Rows that were not found are zero.
        """
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        found = np.zeros(len(texts), np.bool_)
        keys = [_key(text) for text in texts]
        known: dict[bytes, bytes] = {}
        with self._recovering():
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"SELECT text, vector FROM vectors WHERE text IN ({marks})"
                known.update(self._database.execute(query, some))
        size = vectors.itemsize * self._dimension
        rows = [row for row, key in enumerate(keys) if len(known.get(key, b"")) == size]
        if rows:
            stored = b"".join(known[keys[row]] for row in rows)
            vectors[rows] = np.frombuffer(stored, "<f4").reshape(len(rows), -1)
            # SQLite keeps no checksums; that a vector has unit length serves as one.
            found[rows] = np.abs(np.linalg.norm(vectors[rows], axis=1) - 1) < 1e-3
            vectors[~found] = 0
        return vectors, found

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors, one row a text; on return they outlive the process."""
        rows = np.ascontiguousarray(vectors, "<f4")
        pairs = [(_key(text), row.tobytes()) for text, row in zip(texts, rows, strict=True)]
        with self._recovering(), self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", pairs)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=self._patience)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(
                "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)"
            )
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    @contextlib.contextmanager
    def _recovering(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            self._database.close()
            self._begin_anew(error)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        # A locked file or a full disk is not damage, and the caller has to hear of it. The low
        # byte is the error, the rest its variety.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGE:
            raise error
        self._path.replace(self._path.with_name(self._path.name + ".damaged"))
        for log in ("-wal", "-shm"):
            self._path.with_name(self._path.name + log).unlink(missing_ok=True)
        self._database = self._open()


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
