"""The files of a corpus folder: what is read, what stands beside it, what is skipped and why."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import LARGEST_FILE, read_bytes, too_large
from corpus.folder.sidecars import MANIFESTS, Beside, stated_beside
from corpus.readers import READERS
from corpus.text.characters import printable


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


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies below a corpus folder, each sorted by id; `manifests` state facts of the files."""

    files: list[SourceFile]
    manifests: list[SourceFile]
    skipped: list[Skipped]


def list_files(
    folder: Path, megabytes: int = LARGEST_FILE // 2**20
) -> tuple[list[SourceFile], list[Skipped]]:
    """The readable files below `folder` and the skipped ones; raises `FolderMissing`."""
    listing = list_folder(folder, megabytes)
    return listing.files, listing.skipped


def read_beside(
    files: Sequence[SourceFile],
    manifests: Sequence[SourceFile],
    megabytes: int = LARGEST_FILE // 2**20,
) -> Beside:
    """What the manifests of a folder state of its files; a fault is told of one not readable, or
    of more than `megabytes`."""
    data: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    for manifest in manifests:
        try:
            data[manifest.id] = read_bytes(manifest.path, megabytes)
        except Unreadable as error:
            unreadable[manifest.id] = str(error)
    beside = stated_beside([file.id for file in files], data)
    return Beside(beside.stated, beside.faults | unreadable)


def list_folder(
    folder: Path, megabytes: int = LARGEST_FILE // 2**20, apart_from: Path | None = None
) -> Listing:
    """The readable files below `folder`, the manifests and the skipped files.

    Hidden files and folders are passed over, as is the folder `apart_from`; files of more than
    `megabytes` are skipped. A link is followed only to a file inside the folder. Raises
    `FolderMissing`.
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
    if root == apart_from:
        raise FolderMissing(
            f"The folder {folder} is the home of an index; name a folder of documents."
        )
    files: list[SourceFile] = []
    manifests: list[SourceFile] = []
    skipped: list[Skipped] = []

    def unlisted(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        skipped.append(Skipped(printable(name), "the folder cannot be listed"))

    for place, folders, names in os.walk(root, onerror=unlisted):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and Path(place, name) != apart_from
        )
        for name in names:
            if name.startswith("."):
                continue
            path = Path(place, name)
            identifier = path.relative_to(root).as_posix()
            reason = _refusal(path, identifier, root, megabytes)
            if reason:
                skipped.append(Skipped(printable(identifier), reason))
            else:
                kind = manifests if name in MANIFESTS else files
                kind.append(SourceFile(identifier, path))
    return Listing(
        sorted(files, key=lambda file: file.id),
        sorted(manifests, key=lambda file: file.id),
        sorted(skipped, key=lambda file: file.id),
    )


def _refusal(path: Path, identifier: str, root: Path, megabytes: int) -> str:
    if printable(identifier) != identifier:
        return "its name holds characters that cannot be printed"
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return "it links out of the folder"
    except (OSError, RuntimeError):  # a link to itself
        return "it cannot be opened"
    if path.suffix.lower() not in READERS and path.name not in MANIFESTS:
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
