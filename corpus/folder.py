"""The files of a corpus folder: what is read, what is skipped and why."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from corpus.characters import printable
from corpus.errors import FolderMissing
from corpus.files import LARGEST_FILE, too_large
from corpus.readers import READERS


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that has a reader; `id` is its path below the corpus folder, with `/`."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not part of the corpus, and the reason."""

    id: str
    reason: str


def list_files(
    folder: Path, megabytes: int = LARGEST_FILE // 2**20
) -> tuple[list[SourceFile], list[Skipped]]:
    """The readable files below `folder` and the skipped ones, each sorted by id.

    Hidden files and folders are passed over, files of more than `megabytes` skipped. A link is
    followed only to a file inside the folder. Raises `FolderMissing`.
    """
    if not folder.is_dir():
        state = "is not a folder" if folder.exists() else "does not exist"
        raise FolderMissing(f"The folder {folder} {state}; name a folder of documents.")
    if printable(str(folder)) != str(folder):
        name = printable(str(folder))
        raise FolderMissing(f"The folder {name} has a name that is no text; rename it.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise FolderMissing(f"The folder {folder} cannot be read; change its permissions.")
    root = folder.resolve()
    files: list[SourceFile] = []
    skipped: list[Skipped] = []

    def unlisted(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        skipped.append(Skipped(printable(name), "the folder cannot be listed"))

    for place, folders, names in os.walk(root, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith("."):
                continue
            path = Path(place, name)
            identifier = path.relative_to(root).as_posix()
            reason = _refusal(path, identifier, root, megabytes)
            if reason:
                skipped.append(Skipped(printable(identifier), reason))
            else:
                files.append(SourceFile(identifier, path))
    return sorted(files, key=lambda file: file.id), sorted(skipped, key=lambda file: file.id)


def _refusal(path: Path, identifier: str, root: Path, megabytes: int) -> str:
    if printable(identifier) != identifier:
        return "its name holds characters that cannot be printed"
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return "it links out of the folder"
    except (OSError, RuntimeError):  # a link to itself
        return "it cannot be opened"
    if path.suffix.lower() not in READERS:
        return f"there is no reader for {path.suffix.lower() or 'files without an ending'}"
    try:
        status = path.stat()
    except OSError:
        return "it cannot be opened"
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    if status.st_size > megabytes * 2**20:
        return too_large(megabytes)
    return ""
