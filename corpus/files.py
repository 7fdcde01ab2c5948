"""The bytes of a document's file, and the hash that citations carry as its receipt."""

import hashlib
from pathlib import Path

from corpus.errors import Unreadable

LARGEST_FILE = 20 * 1024 * 1024
"""In bytes; a release is some kilobytes, so a larger file is a mistake worth telling."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; raises `Unreadable` when it cannot be opened or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror or error})") from None
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"it is larger than {LARGEST_FILE // 2**20} MB")
    return data


def file_hash(data: bytes) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
