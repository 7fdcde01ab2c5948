"""The bytes of a file, read within a size limit, and their hash."""

import errno
import hashlib
import os
import stat
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.limits import DEFAULT_MEGABYTES


def too_large(megabytes: int) -> str:
    """The reason to skip a file of more than `megabytes`."""
    return f"it is larger than {megabytes} MB (limits.megabytes)"


def read_bytes(path: Path, megabytes: int = DEFAULT_MEGABYTES, below: Path | None = None) -> bytes:
    """The bytes of a file.

    Where a corpus folder `below` is given, no link leads out of it, whenever it was put there.
    Raises `Unreadable` when the file cannot be opened, is no regular file or has more than
    `megabytes`.
    """
    largest = megabytes * 2**20
    try:
        with open(_opened(path, below), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable("it is not a regular file")
            data = file.read(largest + 1)
    except (OSError, RuntimeError) as error:  # of a link to itself
        reason = error.strerror if isinstance(error, OSError) else "it links to itself"
        raise Unreadable(f"it cannot be opened ({reason or error})") from None
    if len(data) > largest:
        raise Unreadable(too_large(megabytes))
    return data


# Opened without waiting: a pipe in the place of a file would never answer.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)


def _opened(path: Path, below: Path | None) -> int:
    """The descriptor of a file; raises `OSError` and `Unreadable`.

    Links are resolved first, and then nothing on the way from the folder to the file may be one.
    What is made a link meanwhile is not followed.
    """
    if below is None or os.open not in os.supports_dir_fd:
        return os.open(path, _READ)
    root = below.resolve()
    try:
        *folders, name = path.resolve().relative_to(root).parts
    except ValueError:
        raise Unreadable("it links out of the folder") from None
    # To pass through a folder takes no right to list it, where the system tells these apart.
    passing = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW
    folder = os.open(root, passing)
    try:
        for each in folders:
            inner = os.open(each, passing, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, _READ | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Unreadable("it became a link while it was read") from None
        raise
    finally:
        os.close(folder)


def file_hash(data: bytes) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
