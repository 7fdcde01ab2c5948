"""What corpus folders hold: which files, with which bytes, and what of them can be read."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path

from corpus.errors import Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import Limits
from corpus.folder.listing import ListedFile, list_folder, read_sidecars
from corpus.folder.settling import unsettled
from corpus.folder.worker_pool import FileRead, read_all
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import read_documents
from corpus.release.repeated_lines import RepeatedLines, read_without_repeated
from retriever.build.previous_generation import Previous
from retriever.index.generation_manifest import CorpusFolder
from retriever.index.records import Entry, IndexedFile, Kept
from retriever.index.repeated_line_counts import Tally, Trace
from retriever.progress import Progress

SETTLING = 5.0
"""Seconds that an indexing run waits for files that are being written."""
STILL_WRITTEN = "it is still being written; the next run takes it"
_AGAIN = "; the next run reads it once more"


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """A file of the folders: where it is, its corpus folder, and what a sidecar states of it."""

    path: Path
    below: Path
    stated: Metadata

    def listed(self, name: str) -> ListedFile:
        """The file under an id, to be read."""
        return ListedFile(name, self.path, self.stated, self.below)

    def identity(self, sha256: str) -> str:
        """What changes when the file does: its bytes, and what is stated of it."""
        return f"{sha256}:{self.stated.digest}" if self.stated.digest else sha256


def survey(
    folders: Sequence[Path],
    limits: Limits,
    progress: Progress,
    before: Sequence[CorpusFolder] = (),
    apart_from: Path | None = None,
    *,
    follow_links: bool = False,
    settling: float = 0,
) -> tuple[dict[str, SurveyedFile], tuple[CorpusFolder, ...]]:
    """The files by their ids, and what the folders hold: identities, and reasons to skip.

    A folder that lies in another one is read as a part of that one. A path that two folders share
    is prefixed with the later folder's name, so that ids are unique. A folder that is not there,
    while another one is, holds what it held `before`: a disk that is away comes back. So does a
    file that is still being written after so many seconds of `settling`. What lies in `apart_from`,
    the home, is no document. Raises `FolderMissing`.
    """
    found: dict[str, SurveyedFile] = {}
    listed: list[CorpusFolder] = []
    resolved = dict.fromkeys(path.resolve() for path in folders)
    there = [path for path in resolved if not any(_holds(each, path) for each in resolved)]
    held = {each.path: each for each in before if any(map(Path.is_dir, there))}
    known_files = {
        (each.path, name): identity for each in before for name, identity in each.files.items()
    }
    for folder in there:
        if str(folder) in held and not folder.is_dir():
            listed.append(_away(held[str(folder)]))
            found |= {
                name: SurveyedFile(folder / name, folder, NO_METADATA) for name in listed[-1].files
            }
            continue
        progress(f"Looking at {folder.name}", 0, 0)
        listing = list_folder(
            folder, limits.megabytes, apart_from, follow_links=follow_links, roots=there
        )
        moving = unsettled((f.path for f in (*listing.files, *listing.sidecars)), settling)
        sidecars = read_sidecars(listing.files, listing.sidecars, limits.megabytes, listing.skipped)
        surveyed = CorpusFolder(
            str(folder),
            {},
            {each.id: each.reason for each in listing.skipped if not each.elsewhere},
            {each.id: each.reason for each in listing.skipped if each.elsewhere} | sidecars.faults,
        )
        for done, file in enumerate(listing.files, start=1):
            progress(f"Looking at {folder.name}", done, len(listing.files))
            identifier = _unique(file.id, folder.name, found)
            stated = sidecars.metadata.get(file.id, NO_METADATA)
            found[identifier] = SurveyedFile(file.path, folder, stated)
            if file.path in moving:
                surveyed.skipped[identifier] = STILL_WRITTEN
                if known := known_files.get((str(folder), identifier)):
                    surveyed.files[identifier] = known
                continue
            try:
                sha256 = file_hash(read_bytes(file.path, limits.megabytes, folder))
                surveyed.files[identifier] = found[identifier].identity(sha256)
            except Unreadable as error:
                surveyed.skipped[identifier] = str(error)
        listed.append(surveyed)
    return found, tuple(listed)


def _holds(folder: Path, inner: Path) -> bool:
    """Whether a folder is read with another one, which passes over what is hidden."""
    if inner == folder or not inner.is_relative_to(folder):
        return False
    return not any(part.startswith(".") for part in inner.relative_to(folder).parts)


def _away(folder: CorpusFolder) -> CorpusFolder:
    reason = "the folder is not there, and its documents stay as they were"
    return replace(folder, remarks=folder.remarks | {f"{Path(folder.path).name}/": reason})


def is_away(folder: CorpusFolder) -> bool:
    """Whether the folder was not there when it was surveyed."""
    return f"{Path(folder.path).name}/" in folder.remarks


def read(
    found: dict[str, SurveyedFile],
    listed: Sequence[CorpusFolder],
    previous: Previous | None,
    limits: Limits,
    progress: Progress,
) -> tuple[list[Entry], tuple[CorpusFolder, ...]]:
    """Every document that can be read, and the survey as it was then.

    What a previous generation holds of the same files is not read again, but where other lines are
    boilerplate now.
    """
    entries: list[Entry] = []
    surveyed = []
    for folder in listed:
        away = is_away(folder)
        known = {
            name: previous.read_of(
                folder.path, name, identity, None if away else found[name].path
            ) if previous else None
            for name, identity in folder.files.items()
        }  # fmt: skip
        unread = read_all(
            (found[name].listed(name) for name, held in known.items() if not held), limits
        )
        files: dict[str, str] = {}
        skipped = dict(folder.skipped)
        for done, (name, held) in enumerate(known.items(), start=1):
            if held:
                files[name] = folder.files[name]
                entries += held.documents
            else:
                anew = _once_more(folder.path, name, next(unread), previous)
                identity = found[name].identity(anew.sha256) if anew.sha256 else ""
                # What became of the file that was surveyed says nothing of another in its place.
                if identity and (anew.documents or identity == folder.files[name]):
                    files[name] = identity
                entries += (
                    IndexedFile(
                        anew.path, anew.sha256, document, name,
                        Trace.of(document, Path(folder.path).name).packed(),
                    )
                    for document in anew.documents
                )  # fmt: skip
            if reason := (held or anew).reason:
                skipped[name] = reason
            progress(f"Reading {Path(folder.path).name}", done, len(known))
        surveyed.append(replace(folder, files=files, skipped=skipped))
    repeated, touched = _repeated_lines(entries, previous)
    for folder in surveyed if touched else ():
        if is_away(folder):
            continue
        again = _read_again(folder, touched, repeated, found, limits, progress)
        entries = list(_replaced(entries, again))
    return entries, tuple(surveyed)


def _once_more(folder: str, name: str, anew: FileRead, previous: Previous | None) -> FileRead:
    """A file that was broken off for the first time goes without a hash, so that it is read again.

    What kept it from being read, as a machine without memory, may be gone by the next run.
    """
    again = anew.reason + _AGAIN
    before = previous.reasons.get((folder, name)) if previous and not previous.retry else None
    if not anew.broken_off or before == again:
        return anew
    return replace(anew, sha256="", reason=again)


def _repeated_lines(
    entries: Sequence[Entry], previous: Previous | None
) -> tuple[RepeatedLines, set[str]]:
    """What is boilerplate among these documents, and the files whose documents were read otherwise:
    new ones without any, kept ones with that of the previous generation."""
    held = [each for file in previous.documents.values() for each in file] if previous else []
    kept = {entry.number for entry in entries if isinstance(entry, Kept)}
    tally = Tally()
    tally.add(each.trace for each in held)
    before = tally.repeated_lines()
    tally.add((each.trace for each in held if each.number not in kept), -1)
    tally.add(entry.trace for entry in entries if isinstance(entry, IndexedFile))
    now = tally.repeated_lines()
    if not before and not now:
        return now, set()

    def is_touched(entry: Entry) -> bool:
        trace = Trace.unpacked(entry.trace)
        known = trace.met(before) if isinstance(entry, Kept) else set()
        return trace.met(now) != known

    return now, {entry.file for entry in entries if is_touched(entry)}


def _read_again(
    folder: CorpusFolder,
    touched: Container[str],
    repeated: RepeatedLines,
    found: Mapping[str, SurveyedFile],
    limits: Limits,
    progress: Progress,
) -> dict[str, FileRead]:
    """The touched files of a folder, read without these repeated lines.

    What can no longer be read stays as it is. So does a file that has changed just now, which is
    struck off the folder, so that the next build reads it.
    """
    names = [name for name in folder.files if name in touched]
    own = Path(folder.path).name
    read_as = partial(
        read_documents, read=partial(read_without_repeated, repeated=repeated, folder=own)
    )
    files = (found[name].listed(name) for name in names)
    again = {}
    for done, anew in enumerate(read_all(files, limits, read_as), start=1):
        progress(f"Reading {own} again", done, len(names))
        if found[anew.id].identity(anew.sha256) != folder.files[anew.id]:
            del folder.files[anew.id]
        elif anew.documents:
            again[anew.id] = anew
    return again


def _replaced(entries: Sequence[Entry], again: Mapping[str, FileRead]) -> Iterator[Entry]:
    """The documents, those of files that were read again as they are now."""
    for file, held in groupby(entries, key=lambda entry: entry.file):
        if anew := again.get(file):
            for entry, document in zip(held, anew.documents, strict=True):
                yield IndexedFile(anew.path, anew.sha256, document, file, entry.trace)
        else:
            yield from held


def _unique(identifier: str, folder: str, taken: Container[str]) -> str:
    unique, number = identifier, 1
    while unique in taken:
        unique = f"{folder}/{identifier}" if number == 1 else f"{folder}~{number}/{identifier}"
        number += 1
    return unique


def path_of(folder: Path, identifier: str) -> Path:
    """Where a file of a folder lies; its id begins with the folder's name when another folder has
    a file of that path."""
    first, _, rest = identifier.partition("/")
    prefixed = rest and re.fullmatch(rf"{re.escape(folder.name)}(?:~\d+)?", first)
    return folder / (rest if prefixed and not (folder / identifier).exists() else identifier)
