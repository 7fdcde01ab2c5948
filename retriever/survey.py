"""What corpus folders hold: which files, with which bytes, and what of them can be read."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.content import UNSTATED, Stated
from corpus.errors import Unreadable
from corpus.files import file_hash, read_bytes
from corpus.folder import list_folder, read_beside
from corpus.limits import Limits
from corpus.reading import read_all
from retriever.earlier import Earlier
from retriever.manifest import CorpusFolder
from retriever.passages import Entry, IndexedFile
from retriever.progress import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folders: where it is, and what a manifest beside it states of it."""

    path: Path
    stated: Stated

    def identity(self, sha256: str) -> str:
        """What tells the file from what it was before: its bytes, and what is stated of it."""
        return f"{sha256}:{self.stated.digest}" if self.stated.digest else sha256


def survey(
    folders: Sequence[Path], limits: Limits, progress: Progress
) -> tuple[dict[str, Found], tuple[CorpusFolder, ...]]:
    """The files by their ids, and what the folders hold: identities, and reasons to skip.

    A path that two folders share is prefixed with the later folder's name, so that ids are unique.
    """
    found: dict[str, Found] = {}
    listed: list[CorpusFolder] = []
    for folder in dict.fromkeys(path.resolve() for path in folders):
        listing = list_folder(folder, limits.megabytes)
        beside = read_beside(listing.files, listing.manifests)
        skipped = {each.id: each.reason for each in listing.skipped} | beside.faults
        surveyed = CorpusFolder(str(folder), {}, skipped)
        for done, file in enumerate(listing.files, start=1):
            progress(f"Looking at {folder.name}", done, len(listing.files))
            identifier = _unique(file.id, folder.name, found)
            found[identifier] = Found(file.path, beside.stated.get(file.id, UNSTATED))
            try:
                sha256 = file_hash(read_bytes(file.path, limits.megabytes))
                surveyed.files[identifier] = found[identifier].identity(sha256)
            except Unreadable as error:
                surveyed.skipped[identifier] = str(error)
        listed.append(surveyed)
    return found, tuple(listed)


def read(
    found: dict[str, Found],
    listed: Sequence[CorpusFolder],
    earlier: Earlier | None,
    limits: Limits,
    progress: Progress,
) -> tuple[list[Entry], tuple[CorpusFolder, ...]]:
    """Every document that can be read, and the survey as it was then; what an earlier generation
    holds of the same files is not read again."""
    entries: list[Entry] = []
    surveyed = []
    for folder in listed:
        known = {
            name: earlier.read_of(folder.path, name, identity) if earlier else None
            for name, identity in folder.files.items()
        }
        unread = read_all(
            ((name, found[name].path, found[name].stated) for name, held in known.items()
             if not held), limits,
        )  # fmt: skip
        files: dict[str, str] = {}
        skipped = dict(folder.skipped)
        for done, (name, held) in enumerate(known.items(), start=1):
            progress(f"Reading {Path(folder.path).name}", done, len(known))
            if held:
                files[name] = folder.files[name]
                entries += held.documents
            else:
                anew = next(unread)
                if anew.sha256:
                    files[name] = found[name].identity(anew.sha256)
                entries += (
                    IndexedFile(anew.path, anew.sha256, document, name)
                    for document in anew.documents
                )
            if reason := (held or anew).reason:
                skipped[name] = reason
        surveyed.append(CorpusFolder(folder.path, files, skipped))
    return entries, tuple(surveyed)


def _unique(identifier: str, folder: str, taken: Container[str]) -> str:
    unique, number = identifier, 1
    while unique in taken:
        unique = f"{folder}/{identifier}" if number == 1 else f"{folder}~{number}/{identifier}"
        number += 1
    return unique
