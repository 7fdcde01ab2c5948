"""What is stated beside documents: the manifests of a folder, which give titles, days and sources.

A manifest has an entry for each file: an object on each line of `manifest.jsonl`, in the list of
`manifest.json`, or a row of `manifest.csv`. Of its keys these count: `file`, `title`, `date` (or
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
from corpus.metadata import UNSTATED, NotUsable, Stated, stated_in
from corpus.readers import READERS
from corpus.text.decoding import decode

MANIFESTS = ("manifest.jsonl", "manifest.json", "manifest.csv")
"""The names of manifests; of several in a folder the first that states a fact is believed."""

_LAST = chr(sys.maxunicode)  # sorts behind every name in a folder
_NAMED = 3  # entries that cannot be used are told by their numbers, so many of them


@dataclass(frozen=True, slots=True)
class Beside:
    """What is stated of each file, by its id, and what of each manifest was passed over."""

    stated: dict[str, Stated]
    faults: dict[str, str]


def stated_beside(files: Collection[str], manifests: Mapping[str, bytes]) -> Beside:
    """What the manifests state of these files; both are named by their path below the folder.

    A manifest states of the files in its own folder and below; what stands nearer to a file wins.
    """
    stated: dict[str, Stated] = {}
    faults: dict[str, str] = {}
    ordered = sorted(files)
    for identifier in sorted(manifests, key=_nearest_first):
        manifest = _Manifest()
        try:
            manifest.read(PurePosixPath(identifier).name, manifests[identifier])
        except Unreadable as error:
            faults[identifier] = str(error)
        if manifest.unused:
            faults[identifier] = manifest.fault
        below = identifier.removesuffix(PurePosixPath(identifier).name)
        own = ordered[bisect_left(ordered, below) : bisect_right(ordered, below + _LAST)]
        for name, facts in _served(manifest.entries, [file.removeprefix(below) for file in own]):
            stated[below + name] = stated.get(below + name, UNSTATED).or_else(facts)
    return Beside(stated, faults)


def entered(name: str, data: bytes) -> Mapping[str, Stated]:
    """What a manifest of this name has entries for, whether or not the files are there."""
    manifest = _Manifest()
    with contextlib.suppress(Unreadable):
        manifest.read(name, data)
    return manifest.entries


@dataclass(slots=True)
class _Manifest:
    """The entries of a manifest by the path that each gives, and the numbers of unused ones."""

    entries: dict[str, Stated] = field(default_factory=dict)
    unused: list[int] = field(default_factory=list)

    def read(self, name: str, data: bytes) -> None:
        text, _ = decode(data)
        for number, entry in _ENTRIES[PurePosixPath(name).suffix](text):
            if not isinstance(entry, dict):
                self.unused.append(number)
                continue
            try:
                path = _path(entry)
            except NotUsable:
                self.unused.append(number)
                continue
            facts, usable = stated_in(entry, name)
            self.entries[path] = facts  # the last word on a file counts: entries are appended
            if not usable:
                self.unused.append(number)

    @property
    def fault(self) -> str:
        numbers = ", ".join(map(str, self.unused[:_NAMED]))
        more = len(self.unused) - _NAMED
        behind = f" and {more:,} more" if more > 0 else ""
        return f"not all of its entries can be used (see {numbers}{behind})"


def _served(entries: Mapping[str, Stated], names: Sequence[str]) -> Iterator[tuple[str, Stated]]:
    """Each of the files of which an entry states something.

    An entry may leave out a file's ending or name it with another one, and may name the file
    with a leading folder: that of `txt/a.txt` serves `a.txt` where there is no such folder, and
    `raw/a.html`. It never serves a namesake with the same ending in another folder.
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
        if path and entries[path] != UNSTATED:
            yield name, entries[path]


def _tail(path: str) -> str:
    """A path without its leading folder; empty when it has none."""
    return path.partition("/")[2]


def _path(entry: Mapping[object, object]) -> str:
    """The path in an entry, with `/`; raises `NotUsable` when it is none or leaves the folder."""
    named = next((v for k, v in entry.items() if str(k).strip().casefold() == "file"), None)
    text = named.strip() if isinstance(named, str) else ""
    path = PurePosixPath(text.replace("\\", "/"))
    if not path.name or ".." in path.parts or path.is_absolute() or PureWindowsPath(text).drive:
        raise NotUsable
    return _composed(str(path))


def _composed(name: str) -> str:
    """A name as one writes it: some systems store accents and Hangul in pieces."""
    return unicodedata.normalize("NFC", name)


def _stem(path: str) -> str:
    return path.removesuffix(_ending(path))


def _ending(path: str) -> str:
    """The ending that says which reader a file has; that of `minutes.05` is part of its name."""
    ending = PurePosixPath(path).suffix
    return ending if ending.lower() in READERS else ""


def _nearest_first(identifier: str) -> tuple[int, str, int]:
    folder, _, name = identifier.rpartition("/")
    return -identifier.count("/"), folder, MANIFESTS.index(name)


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
    """The rows by their lines; the heading tells whether commas, semicolons or tabs divide them."""
    heading, _, _ = text.partition("\n")
    divider = max(",;\t", key=heading.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=divider)
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
