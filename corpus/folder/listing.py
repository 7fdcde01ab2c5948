"""The files of a corpus folder: documents, sidecars, and what is skipped and why."""

import os
import re
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import read_bytes, too_large
from corpus.folder.limits import DEFAULT_MEGABYTES
from corpus.folder.sidecars import SIDECAR_NAMES, Sidecars, sidecar_metadata
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import no_reader
from corpus.text.characters import has_controls, printable

_NO_DOCUMENT = re.compile(
    r"\..*|~\$.*\.(?:do[ct]|xl|pp[st]|pot|vsd|rtf)\w{0,2}|.*~"
    r"|.*\.(?:tmp|part|partial|crdownload|opdownload|download)"
    r"|(?:eh)?thumbs\.db|desktop\.ini|icon\r|__macosx|@eadir|\$recycle\.bin",
    re.IGNORECASE | re.DOTALL,
)
"""What systems, browsers and office programs put beside documents for themselves: hidden files,
locks, downloads that go on, previews."""


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
    """A file that is not part of the corpus, and the reason; documents of a folder that are read
    `elsewhere` are."""

    id: str
    reason: str
    elsewhere: bool = False


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
    skipped: Sequence[Skipped] = (),
) -> Sidecars:
    """The metadata that the sidecars of a folder state of its files.

    One that is unreadable or larger than `megabytes` is reported in `faults`, as are entries that
    match neither a file nor one that is `skipped`.
    """
    data: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    for sidecar in sidecars:
        try:
            data[sidecar.id] = read_bytes(sidecar.path, megabytes, sidecar.below)
        except Unreadable as error:
            unreadable[sidecar.id] = str(error)
    others = [each.id for each in skipped]
    found = sidecar_metadata([file.id for file in files], data, others)
    return Sidecars(found.metadata, found.faults | unreadable)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is nobody's document, so that nothing is said of it."""
    return bool(_NO_DOCUMENT.fullmatch(name))


def list_folder(
    folder: Path,
    megabytes: int = DEFAULT_MEGABYTES,
    apart_from: Path | None = None,
    *,
    follow_links: bool = False,
    roots: Sequence[Path] = (),
) -> FolderListing:
    """The files below `folder` that have a reader, the sidecars, and the skipped files.

    What `is_passed_over` is left out, as is the folder `apart_from`; files of more than `megabytes`
    are skipped. A link is followed only inside the folder: to a file always, to a folder with
    `follow_links`, where its files are not listed already; `roots` are the folders of the corpus.
    Raises `FolderMissing`.
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

    for path, reason in _walked(root, apart_from, [root, *roots], follow_links=follow_links):
        identifier = path.relative_to(root).as_posix()
        reason = reason or _refusal(path, identifier, root, megabytes)
        if reason:
            skipped.append(Skipped(printable(identifier), reason, reason == _OF_CORPUS))
        else:
            kind = sidecars if path.name in SIDECAR_NAMES else files
            kind.append(ListedFile(identifier, path, below=root))
    return FolderListing(
        sorted(files, key=lambda file: file.id),
        sorted(sidecars, key=lambda file: file.id),
        sorted(skipped, key=lambda file: file.id),
    )


def _walked(
    root: Path, apart_from: Path | None, roots: Sequence[Path], *, follow_links: bool
) -> Iterator[tuple[Path, str]]:
    """Each file below a folder, and each folder that is not entered with the reason.

    Links to folders wait until all others were entered, and each real folder is entered once: so
    loops end, and a file that has a place of its own is listed there.
    """
    unlisted: list[tuple[Path, str]] = []

    def fails(error: OSError) -> None:
        unlisted.append((Path(error.filename), "the folder cannot be listed"))

    entered: set[Path] = set()
    waiting = deque([root])
    while waiting:
        for at, folders, names in os.walk(waiting.popleft(), onerror=fails):
            place, real = Path(at), Path(at).resolve()
            inner = [place / name for name in sorted(folders) if not is_passed_over(name)]
            folders.clear()
            if real in entered or (apart_from and real.is_relative_to(apart_from)):
                continue
            entered.add(real)
            for folder in inner:
                if not folder.is_symlink():
                    folders.append(folder.name)
                elif reason := _no_entry(folder, roots, follow_links=follow_links):
                    unlisted.append((folder, reason))
                else:
                    waiting.append(folder)
            yield from ((place / name, "") for name in names if not is_passed_over(name))
    yield from unlisted


_NOT_FOLLOWED = "it links to a hidden folder, which is not followed (follow_links)"
_OF_CORPUS = "it links to a folder of the corpus, where its documents are read"


def _no_entry(link: Path, roots: Sequence[Path], *, follow_links: bool) -> str:
    """Why a link to a folder is not followed."""
    own, *others = roots
    target = link.resolve()
    if target.is_relative_to(own):
        if follow_links:
            return ""
        hidden = any(map(is_passed_over, target.relative_to(own).parts))
        return _NOT_FOLLOWED if hidden else _OF_CORPUS
    if any(target.is_relative_to(each) for each in others):
        return _OF_CORPUS
    return "it links to a folder out of the corpus; index that folder too"


def _refusal(path: Path, identifier: str, root: Path, megabytes: int) -> str:
    if has_controls(identifier):
        return "its name holds characters that cannot be printed"
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return "it links out of the folder"
    except (OSError, RuntimeError):  # a link to itself
        return "it cannot be opened"
    if path.name not in SIDECAR_NAMES and (reason := no_reader(path.name)):
        return reason
    try:
        status = path.stat()
    except OSError:
        return "it cannot be opened"
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    if status.st_size > megabytes * 2**20:
        return too_large(megabytes)
    return ""
