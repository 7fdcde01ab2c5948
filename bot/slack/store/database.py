"""The SQLite file of the bot, safe to use from several threads and processes.

A file that is damaged is kept aside and begun anew, also while the bot runs, and so is one that
somebody removed: questions are asked all the same. What is deleted leaves the disk as well.
"""

import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.slack.errors import StateError
from retriever.following.sightings import SIGHTINGS

# `place` is the key of a thread, `message` that of the message that asked.
_TABLES = """
CREATE TABLE IF NOT EXISTS questions (
  reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, asked REAL NOT NULL, lease REAL NOT NULL,
  owner TEXT NOT NULL, sending INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
  place TEXT NOT NULL, message TEXT NOT NULL, question TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT '', milliseconds REAL, answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS places ON questions (place, asked);
CREATE INDEX IF NOT EXISTS messages ON questions (message);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
  reference TEXT NOT NULL, person TEXT NOT NULL, vote TEXT NOT NULL, comment TEXT NOT NULL,
  citations TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (reference, person)
);
"""
_POINTED_AT = """
CREATE INDEX IF NOT EXISTS pointed ON questions (json_extract(question, '$.pointed_at'));
"""
_FOLLOWS = f"""
CREATE TABLE IF NOT EXISTS follows (
  reference TEXT PRIMARY KEY, person TEXT NOT NULL, person_team TEXT NOT NULL,
  step INTEGER NOT NULL, folders TEXT NOT NULL, begun REAL NOT NULL
);
{SIGHTINGS}"""
_MIGRATIONS = (_TABLES, _POINTED_AT, _FOLLOWS)
"""What brings a file from each version of the schema to the next. A column that is added has a
default, so that an earlier program can go on with the file."""
VERSION = len(_MIGRATIONS)
"""The version of the schema, which the file says as its `user_version`."""

_PATIENCE = 30.0  # seconds that another process may write
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ASIDE = ".damaged-"
_LOGS = ("", "-wal", "-shm")

log = logging.getLogger(__name__)


class Database:
    """The open file. Raises `StateError` where it cannot be opened, `sqlite3.Error` where it cannot
    be read or written; `trouble` says why the last change failed, and is empty when it did not."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock, self._wiping_is_due = path, threading.RLock(), False
        self.trouble = ""
        with self._lock:
            self._open()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """The connection within one transaction, which an exception undoes."""
        with self._lock, self._noting_damage():
            with self._connection:
                yield self._connection
            self.trouble = ""

    def rows(self, query: str, *values: Any) -> list[Any]:
        """All rows that a query finds."""
        with self._lock, self._noting_damage():
            return self._connection.execute(query, values).fetchall()

    def wipe(self) -> None:
        """Takes what was deleted off the disk, at once or, while another process reads, with a
        later `tidy`: nobody waits for it."""
        with self._lock, suppress(sqlite3.OperationalError):
            self._wiping_is_due = True
            self._connection.execute("PRAGMA busy_timeout = 0")
            try:
                (busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._wiping_is_due = bool(busy)
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")

    def tidy(self) -> None:
        """Wipes what could not be wiped when it was deleted."""
        if self._wiping_is_due:
            self.wipe()

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with _alone(self._path.parent):
                try:
                    self._connection = _opened(self._path)
                except sqlite3.DatabaseError as error:
                    if not _is_damage(error):
                        raise
                    _keep_aside(self._path)
                    self._connection = _opened(self._path)
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"The bot's memory {self._path} cannot be opened ({_reason(error)}); see to the "
                "rights of its folder and to the room on the disk."
            ) from None
        self._inode = self._path.stat().st_ino

    @contextmanager
    def _noting_damage(self) -> Iterator[None]:
        """Begins anew where the file is gone, and after what shows that it is damaged."""
        if not self._is_there():
            log.warning("the bot's memory was removed or replaced while it ran; it goes on with "
                        "the file that is there now", extra={"file": self._path.name})  # fmt: skip
            self._connection.close()
            self._open()
        try:
            yield
        except sqlite3.DatabaseError as error:
            self.trouble = f"the bot's memory {self._path.name} cannot be used ({_reason(error)})"
            if _is_damage(error):
                self._connection.close()
                self._open()
            raise

    def _is_there(self) -> bool:
        with suppress(OSError):
            return self._path.stat().st_ino == self._inode
        return False


def kept_aside(path: Path) -> list[Path]:
    """The damaged files that were kept in the place of `path`, oldest first."""
    found = path.parent.glob(f"{path.name}{_ASIDE}*") if path.parent.is_dir() else ()
    return sorted(each for each in found if not each.name.endswith(_LOGS[1:]))


def remove_with_logs(path: Path) -> None:
    """Removes a database and its logs, as far as they are there."""
    for log_name in _LOGS:
        path.with_name(path.name + log_name).unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds a folder while its file is examined: two processes begin at a time."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _opened(path: Path) -> sqlite3.Connection:
    """The file with the schema of this version; raises `sqlite3.DatabaseError` for a damaged one
    and `StateError` for one of a later version that is too different."""
    is_new = not path.exists()
    connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        path.chmod(0o600)  # it holds what people asked
        if not is_new and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _damaged()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # survives a killed process
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        _migrate(connection, path, is_new=is_new)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path, *, is_new: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        _require_ours(connection, path)
        log.info("the bot's memory is of a later version; what that added is left alone")
        return
    for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
    if version == 0 and not is_new:
        # Versions before the first deleted without overwriting.
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `StateError` unless a file of a later version can be used as one of this."""
    ours = sqlite3.connect(":memory:")
    ours.executescript("".join(_MIGRATIONS))
    for (table,) in ours.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        known = {name for _, name, *_ in ours.execute(f"PRAGMA table_info({table})")}
        there = connection.execute(f"PRAGMA table_info({table})").fetchall()
        missing = known - {name for _, name, *_ in there}
        demanded = {
            name for _, name, _, is_needed, default, _ in there
            if is_needed and default is None and name not in known
        }  # fmt: skip
        if missing or demanded:
            raise StateError(
                f"The bot's memory {path} is of a later version of Pincite, which this one cannot "
                "read; install that version again, or move the file away to begin anew."
            )
    ours.close()


def _keep_aside(path: Path) -> None:
    at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside = path.with_name(f"{path.name}{_ASIDE}{at}")
    for name in _LOGS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + name).rename(aside.with_name(aside.name + name))
    log.error("the bot's memory was damaged; it is kept aside, and begun anew: earlier questions "
              "are no longer known", extra={"file": aside.name})  # fmt: skip


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def _damaged() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _reason(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return getattr(error, "sqlite_errorname", type(error).__name__)
