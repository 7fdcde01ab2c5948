"""Sidecar metadata: the files in a folder that state titles, days and sources of its documents.

A sidecar has an entry for each file: an object on each line of `manifest.jsonl`, in the list of
`manifest.json`, or a row of `manifest.csv`. These keys are read: `file`, `title`, `date` (or
`posted`, `published`) and `source` (or `url`, `link`).
"""

import contextlib
import csv
import io
import json
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from corpus.errors import Unreadable
from corpus.metadata import NO_METADATA, MalformedEntry, Metadata, metadata_in
from corpus.readers import READERS
from corpus.text.decoding import decode

SIDECAR_NAMES = ("manifest.jsonl", "manifest.json", "manifest.csv")
"""The file names of sidecars; of several in a folder the first that states a field wins."""

_LAST = chr(sys.maxunicode)  # sorts behind every name in a folder
_NAMED = 3  # the first malformed entries are reported by their numbers


@dataclass(frozen=True, slots=True)
class Sidecars:
    """The metadata of each file by its id, and the faults of each sidecar by the sidecar's id."""

    metadata: dict[str, Metadata]
    faults: dict[str, str]


def sidecar_metadata(files: Collection[str], sidecars: Mapping[str, bytes]) -> Sidecars:
    """The metadata that sidecars, by id, state of these files; an id is a path below the folder.

    A sidecar covers the files in its own folder and below; the one nearer to a file wins.
    """
    metadata: dict[str, Metadata] = {}
    faults: dict[str, str] = {}
    ordered = sorted(files)
    for identifier in sorted(sidecars, key=_nearest_first):
        sidecar = _Sidecar()
        try:
            sidecar.read(PurePosixPath(identifier).name, sidecars[identifier])
        except Unreadable as error:
            faults[identifier] = str(error)
        if sidecar.malformed:
            faults[identifier] = sidecar.fault
        below = identifier.removesuffix(PurePosixPath(identifier).name)
        own = ordered[bisect_left(ordered, below) : bisect_right(ordered, below + _LAST)]
        for name, entry in _matched(sidecar.entries, [file.removeprefix(below) for file in own]):
            metadata[below + name] = metadata.get(below + name, NO_METADATA).or_else(entry)
    return Sidecars(metadata, faults)


def sidecar_entries(name: str, data: bytes) -> Mapping[str, Metadata]:
    """The entries of a sidecar of this name by their paths, whether or not the files exist."""
    sidecar = _Sidecar()
    with contextlib.suppress(Unreadable):
        sidecar.read(name, data)
    return sidecar.entries


@dataclass(slots=True)
class _Sidecar:
    """The entries of a sidecar by the path that each gives, and the numbers of malformed ones."""

    entries: dict[str, Metadata] = field(default_factory=dict)
    malformed: list[int] = field(default_factory=list)

    def read(self, name: str, data: bytes) -> None:
        text, _ = decode(data)
        for number, entry in _ENTRIES[PurePosixPath(name).suffix](text):
            if not isinstance(entry, dict):
                self.malformed.append(number)
                continue
            try:
                path = _path(entry)
            except MalformedEntry:
                self.malformed.append(number)
                continue
            metadata, well_formed = metadata_in(entry, name)
            self.entries[path] = metadata  # the last entry of a file counts: entries are appended
            if not well_formed:
                self.malformed.append(number)

    @property
    def fault(self) -> str:
        numbers = ", ".join(map(str, self.malformed[:_NAMED]))
        more = len(self.malformed) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        return f"not all of its entries can be used (see {numbers}{rest})"


def _matched(
    entries: Mapping[str, Metadata], names: Sequence[str]
) -> Iterator[tuple[str, Metadata]]:
    """Each of the files that an entry matches, with the entry's metadata if it has any.

    An entry may leave out a file's ending or name it with another one, and may name the file
    with a leading folder: that of `txt/a.txt` matches `a.txt` where there is no such folder, and
    `raw/a.html`. It never matches a namesake with the same ending in another folder.
    """
    present = {_composed(name) for name in names}
    by_stem = {_stem(path): path for path in entries}
    by_tail: dict[str, list[str]] = defaultdict(list)
    for path in entries:
        by_tail[_stem(_tail(path))].append(path)
    for name in names:
        file = _composed(name)
        path = file if file in entries else by_stem.get(_stem(file), "")
        if not path:
            unfoldered = [each for each in by_tail.get(_stem(file), ()) if each not in present]
            parallel = [
                each
                for each in by_tail.get(_stem(_tail(file)), ())
                if "/" in file and _ending(each) != _ending(file)
            ]
            among = unfoldered or parallel
            path = among[0] if len(among) == 1 else ""
        if path and entries[path] != NO_METADATA:
            yield name, entries[path]


def _tail(path: str) -> str:
    """A path without its leading folder; empty when it has none."""
    return path.partition("/")[2]


def _path(entry: Mapping[object, object]) -> str:
    """The path in an entry, with `/`; raises `MalformedEntry` for none or one out of the folder."""
    named = next((v for k, v in entry.items() if str(k).strip().casefold() == "file"), None)
    text = named.strip() if isinstance(named, str) else ""
    path = PurePosixPath(text.replace("\\", "/"))
    if not path.name or ".." in path.parts or path.is_absolute() or PureWindowsPath(text).drive:
        raise MalformedEntry
    return _composed(str(path))


def _composed(name: str) -> str:
    """A name in NFC: some systems store accents and Hangul decomposed."""
    return unicodedata.normalize("NFC", name)


def _stem(path: str) -> str:
    return path.removesuffix(_ending(path))


def _ending(path: str) -> str:
    """The ending by which a file has a reader; that of `minutes.05` is part of its name."""
    ending = PurePosixPath(path).suffix
    return ending if ending.lower() in READERS else ""


def _nearest_first(identifier: str) -> tuple[int, str, int]:
    folder, _, name = identifier.rpartition("/")
    return -identifier.count("/"), folder, SIDECAR_NAMES.index(name)


def _json_lines(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, None


def _json_list(text: str) -> Iterator[tuple[int, object]]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None
    if not isinstance(entries, list):
        raise Unreadable("it is no list of entries")
    yield from enumerate(entries, start=1)


def _csv_rows(text: str) -> Iterator[tuple[int, object]]:
    """The rows by line number; the header row shows if commas, semicolons or tabs divide them."""
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        _ = rows.fieldnames
    except csv.Error:
        yield 1, None
        return
    while True:
        try:
            for row in rows:
                yield rows.line_num, None if None in row else row
            return
        except csv.Error:  # only of this row; the next one begins with the next line
            yield rows.reader.line_num, None


_ENTRIES = {".jsonl": _json_lines, ".json": _json_list, ".csv": _csv_rows}
