"""The bytes of a document's file, and the hash that citations carry as its receipt."""

import hashlib
import os
import stat
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.limits import Limits

LARGEST_FILE = Limits().megabytes * 2**20
"""In bytes; a release is some kilobytes, so a larger file is a mistake worth telling."""


def too_large(megabytes: int) -> str:
    """The reason to skip a file that is larger than this."""
    return f"it is larger than {megabytes} MB"


def read_bytes(path: Path, megabytes: int = LARGEST_FILE // 2**20) -> bytes:
    """The bytes of a file; raises `Unreadable` when it cannot be opened or is too large."""
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
