"""SQLite files of a generation, which never change: any number of readers, and no locks."""

import sqlite3
from pathlib import Path


def address_of(file: Path) -> str:
    """The URI by which SQLite opens a file that never changes, also with ATTACH."""
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"


def open_read_only(file: Path) -> sqlite3.Connection:
    """A connection that several threads may use; raises `sqlite3.Error`."""
    return sqlite3.connect(address_of(file), uri=True, check_same_thread=False)
