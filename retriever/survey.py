"""What corpus folders hold: which files, with which bytes, and what of them can be read."""

from collections.abc import Container, Sequence
from pathlib import Path

from corpus.errors import Unreadable
from corpus.files import file_hash, read_bytes
from corpus.folder import list_files
from corpus.readers import read_documents
from retriever.earlier import Earlier
from retriever.manifest import CorpusFolder
from retriever.passages import Entry, IndexedFile
from retriever.progress import Progress


def survey(
    folders: Sequence[Path], progress: Progress
) -> tuple[dict[str, Path], tuple[CorpusFolder, ...]]:
    """Where each file is, by its id, and what the folders hold: hashes, and reasons to skip.

    A path that two folders share is prefixed with the later folder's name, so that ids are unique.
    """
    found: dict[str, Path] = {}
    listed: list[CorpusFolder] = []
    for folder in dict.fromkeys(path.resolve() for path in folders):
        files, skipped = list_files(folder)
        surveyed = CorpusFolder(str(folder), {}, {each.id: each.reason for each in skipped})
        for done, file in enumerate(files, start=1):
            progress(f"Looking at {folder.name}", done, len(files))
            identifier = _unique(file.id, folder.name, found)
            try:
                surveyed.files[identifier] = file_hash(read_bytes(file.path))
            except Unreadable as error:
                surveyed.skipped[identifier] = str(error)
            found[identifier] = file.path
        listed.append(surveyed)
    return found, tuple(listed)


def read(
    found: dict[str, Path],
    listed: Sequence[CorpusFolder],
    earlier: Earlier | None,
    progress: Progress,
) -> tuple[list[Entry], tuple[CorpusFolder, ...]]:
    """Every document that can be read, and the survey as it was then; what an earlier generation
    holds of the same files is not read again."""
    entries: list[Entry] = []
    surveyed = []
    for folder in listed:
        hashes: dict[str, str] = {}
        reasons = dict(folder.skipped)
        for done, (identifier, digest) in enumerate(folder.files.items(), start=1):
            progress(f"Reading {Path(folder.path).name}", done, len(folder.files))
            known = earlier.read_of(folder.path, identifier, digest) if earlier else None
            if isinstance(known, str):
                hashes[identifier], reasons[identifier] = digest, known
            elif known:
                hashes[identifier] = digest
                entries += known
            else:
                try:
                    data = read_bytes(found[identifier])
                    hashes[identifier] = file_hash(data)
                    entries += (
                        IndexedFile(found[identifier], hashes[identifier], document, identifier)
                        for document in read_documents(identifier, data)
                    )
                except Unreadable as error:
                    reasons[identifier] = str(error)
        surveyed.append(CorpusFolder(folder.path, hashes, reasons))
    return entries, tuple(surveyed)


def _unique(identifier: str, folder: str, taken: Container[str]) -> str:
    unique, number = identifier, 1
    while unique in taken:
        unique = f"{folder}/{identifier}" if number == 1 else f"{folder}~{number}/{identifier}"
        number += 1
    return unique
