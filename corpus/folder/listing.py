"""The files of a corpus folder: documents, sidecars, and what is skipped and why."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import read_bytes, too_large
from corpus.folder.limits import DEFAULT_MEGABYTES
from corpus.folder.sidecars import SIDECAR_NAMES, Sidecars, sidecar_metadata
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import READERS
from corpus.text.characters import has_controls, printable


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of a corpus folder; `id` is its path below the folder, with `/`.

    `metadata` is what sidecars state of it, for `read_all`; `list_folder` leaves it empty. The file
    is read `below` its corpus folder: no link leads out of that.
    """

    id: str
    path: Path
    metadata: Metadata = NO_METADATA
    below: Path | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not part of the corpus, and the reason."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class FolderListing:
    """What lies below a corpus folder: documents' files, sidecars, the rest; each sorted by id."""

    files: list[ListedFile]
    sidecars: list[ListedFile]
    skipped: list[Skipped]


def read_sidecars(
    files: Sequence[ListedFile],
    sidecars: Sequence[ListedFile],
    megabytes: int = DEFAULT_MEGABYTES,
) -> Sidecars:
    """The metadata that the sidecars of a folder state of its files.

    One that is unreadable or larger than `megabytes` is reported in `faults`.
    """
    data: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    for sidecar in sidecars:
        try:
            data[sidecar.id] = read_bytes(sidecar.path, megabytes, sidecar.below)
        except Unreadable as error:
            unreadable[sidecar.id] = str(error)
    found = sidecar_metadata([file.id for file in files], data)
    return Sidecars(found.metadata, found.faults | unreadable)


def list_folder(
    folder: Path, megabytes: int = DEFAULT_MEGABYTES, apart_from: Path | None = None
) -> FolderListing:
    """The files below `folder` that have a reader, the sidecars, and the skipped files.

    Hidden files and folders are left out, as is the folder `apart_from`; files of more than
    `megabytes` are skipped. A link is followed only to a file inside the folder. Raises
    `FolderMissing`.
    """
    if not folder.is_dir():
        state = "is not a folder" if folder.exists() else "does not exist"
        raise FolderMissing(f"The folder {folder} {state}; name a folder of documents.")
    if has_controls(str(folder)):
        name = printable(str(folder))
        raise FolderMissing(f"The folder {name} has a name that is no text; rename it.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise FolderMissing(f"The folder {folder} cannot be read; change its permissions.")
    root = folder.resolve()
    if root == apart_from:
        raise FolderMissing(
            f"The folder {folder} is the home of an index; name a folder of documents."
        )
    files: list[ListedFile] = []
    sidecars: list[ListedFile] = []
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
                kind = sidecars if name in SIDECAR_NAMES else files
                kind.append(ListedFile(identifier, path, below=root))
    return FolderListing(
        sorted(files, key=lambda file: file.id),
        sorted(sidecars, key=lambda file: file.id),
        sorted(skipped, key=lambda file: file.id),
    )


def _refusal(path: Path, identifier: str, root: Path, megabytes: int) -> str:
    if has_controls(identifier):
        return "its name holds characters that cannot be printed"
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return "it links out of the folder"
    except (OSError, RuntimeError):  # a link to itself
        return "it cannot be opened"
    if path.suffix.lower() not in READERS and path.name not in SIDECAR_NAMES:
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
