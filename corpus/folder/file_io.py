"""The bytes of a file, read within a size limit, and their hash."""

import hashlib
import os
import stat
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.limits import DEFAULT_MEGABYTES


def too_large(megabytes: int) -> str:
    """The reason to skip a file of more than `megabytes`."""
    return f"it is larger than {megabytes} MB"


def read_bytes(path: Path, megabytes: int = DEFAULT_MEGABYTES) -> bytes:
    """The bytes of a file.

    Raises `Unreadable` when it cannot be opened, is no regular file or has more than `megabytes`.
    """
    largest = megabytes * 2**20
    try:
        # Opened without waiting: a pipe in the place of a file would never answer.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable("it is not a regular file")
            data = file.read(largest + 1)
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror or error})") from None
    if len(data) > largest:
        raise Unreadable(too_large(megabytes))
    return data


def file_hash(data: bytes) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
