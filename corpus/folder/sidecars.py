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
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from corpus.errors import Unreadable
from corpus.metadata import NO_METADATA, MalformedEntry, Metadata, day_first_in, metadata_in
from corpus.readers import READERS
from corpus.text.characters import encodable, printable
from corpus.text.decoding import decode

SIDECAR_NAMES = ("manifest.jsonl", "manifest.json", "manifest.csv")
"""The file names of sidecars; of several in a folder the first that states a field wins."""

_LAST = chr(sys.maxunicode)  # sorts behind every name in a folder
_NAMED = 5  # the first entries that are not used are reported by their numbers
_SHOWN = 60  # characters of what an entry says


@dataclass(frozen=True, slots=True)
class Sidecars:
    """The metadata of each file by its id, and the faults of each sidecar by the sidecar's id."""

    metadata: dict[str, Metadata]
    faults: dict[str, str]


def sidecar_metadata(
    files: Collection[str], sidecars: Mapping[str, bytes], others: Collection[str] = ()
) -> Sidecars:
    """The metadata that sidecars, by id, state of these files; an id is a path below the folder.

    A sidecar covers the files in its own folder and below; the one nearer to a file wins. An entry
    that matches no file is a fault, unless it names one of the `others`, which are no documents.
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
            continue
        below = identifier.removesuffix(PurePosixPath(identifier).name)
        own = ordered[bisect_left(ordered, below) : bisect_right(ordered, below + _LAST)]
        names = [file.removeprefix(below) for file in own]
        used = set()
        for name, path in _matched(sidecar.entries, names):
            used.add(path)
            if sidecar.entries[path] != NO_METADATA:
                entry = metadata.get(below + name, NO_METADATA).or_else(sidecar.entries[path])
                metadata[below + name] = entry
        known = {_stem(_composed(each)) for each in names}
        known |= {_stem(_composed(each.removeprefix(below))) for each in others}
        sidecar.tell_unused(
            path for path in sidecar.entries.keys() - used if _stem(path) not in known
        )
        if sidecar.told:
            faults[identifier] = sidecar.fault
    return Sidecars(metadata, faults)


def sidecar_entries(name: str, data: bytes) -> Mapping[str, Metadata]:
    """The entries of a sidecar of this name by their paths, whether or not the files exist."""
    sidecar = _Sidecar()
    with contextlib.suppress(Unreadable):
        sidecar.read(name, data)
    return sidecar.entries


@dataclass(slots=True)
class _Sidecar:
    """The entries of a sidecar by the path that each gives, the number of each, and what is to be
    told of those that are not used, or not wholly."""

    entries: dict[str, Metadata] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    place: str = ""

    def read(self, name: str, data: bytes) -> None:
        text, _ = decode(data)
        kind = PurePosixPath(name).suffix
        self.place = "entry" if kind == ".json" else "line"
        entries = list(_ENTRIES[kind](text))
        day_first = day_first_in(entry for _, entry in entries if isinstance(entry, dict))
        for number, entry in entries:
            try:
                stated = _keyed(entry)
                path = _path(stated)
            except MalformedEntry as error:
                self._tell(number, str(error))
                continue
            # The last entry of a file counts: entries are appended.
            self.entries[path], malformed = metadata_in(stated, name, day_first=day_first)
            self.numbers[path] = number
            for key, value in malformed.items():
                what = "is no text" if key == "title" else "names no one day"
                said = f" ({_shown(value)})" if isinstance(value, str) else ""
                self._tell(number, f"has a {key} that {what}{said}")

    def tell_unused(self, paths: Iterable[str]) -> None:
        for path in sorted(paths, key=self.numbers.__getitem__):
            self._tell(self.numbers[path], f"matches no document ({_shown(path)})")

    def _tell(self, number: int, what: str) -> None:
        self.told.append(f"{self.place} {number:,} {what}")

    @property
    def fault(self) -> str:
        more = len(self.told) - _NAMED
        rest = f", and {more:,} more" if more > 0 else ""
        return f"not all of its entries are used: {', '.join(self.told[:_NAMED])}{rest}"


def _matched(entries: Collection[str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each of the files that an entry matches, with the entry's path.

    An entry may leave out a file's ending or name it with another one, and may name the file
    with a leading folder: that of `txt/a.txt` matches `a.txt` where there is no such folder, and
    `raw/a.html`. It never matches a namesake with the same ending in another folder. Case counts
    only where several files or entries differ in nothing else.
    """
    present = {_composed(name) for name in names}
    by_stem = {_stem(path): path for path in entries}
    by_tail: dict[str, list[str]] = defaultdict(list)
    by_case: dict[str, list[str]] = defaultdict(list)
    for path in entries:
        by_tail[_stem(_tail(path))].append(path)
        by_case[_stem(path).casefold()].append(path)
    files = Counter(_stem(name).casefold() for name in present)
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
            alike = by_case.get(_stem(file).casefold(), [])
            among = unfoldered or parallel or (alike if files[_stem(file).casefold()] == 1 else [])
            path = among[0] if len(among) == 1 else ""
        if path:
            yield name, path


def _tail(path: str) -> str:
    """A path without its leading folder; empty when it has none."""
    return path.partition("/")[2]


def _keyed(entry: object) -> Mapping[str, object]:
    """An entry that has keys; raises `MalformedEntry`, which an entry may be itself."""
    if isinstance(entry, MalformedEntry):
        raise entry
    if not isinstance(entry, dict):
        raise MalformedEntry("is no object with keys")
    return entry


def _path(entry: Mapping[str, object]) -> str:
    """The path in an entry, with `/`; raises `MalformedEntry` for none or one out of the folder."""
    named = next((v for k, v in entry.items() if str(k).strip().casefold() == "file"), None)
    text = named.strip() if isinstance(named, str) else ""
    path = PurePosixPath(text.replace("\\", "/"))
    if not path.name:
        raise MalformedEntry("states no file")
    if ".." in path.parts or path.is_absolute() or PureWindowsPath(text).drive:
        raise MalformedEntry(f"names a file out of its folder ({_shown(text)})")
    return _composed(str(path))


def _shown(name: str) -> str:
    """The beginning of what an entry says, for a sentence about it."""
    text = printable(encodable(name))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


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
                yield number, MalformedEntry("is no JSON")


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
        yield 1, MalformedEntry("cannot be read")
        return
    while True:
        try:
            for row in rows:
                more = MalformedEntry("has more cells than the first line")
                yield rows.line_num, more if None in row else row
            return
        except csv.Error:  # only of this row; the next one begins with the next line
            yield rows.reader.line_num, MalformedEntry("cannot be read")


_ENTRIES = {".jsonl": _json_lines, ".json": _json_list, ".csv": _csv_rows}
