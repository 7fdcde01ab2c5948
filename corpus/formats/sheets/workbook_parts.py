"""The XML of a workbook, checked, and what it says of its sheets beside their cells."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import reduce

from corpus.errors import Unreadable
from corpus.formats.archive import Archive

_MOST_MERGED = 20_000
_ROOT = 2_000  # bytes within which the root of a sheet is named
_END_OF_CELLS = re.compile(rb"</([A-Za-z0-9]+:)?sheetData\s*>|<([A-Za-z0-9]+:)?sheetData\s*/>")
_MERGED = re.compile(
    rb"<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\""
)
_BARE_FORMULA = re.compile(
    rb"(?:</(?:[A-Za-z0-9]+:)?f>|<(?:[A-Za-z0-9]+:)?f\b[^>]*/>)\s*(?:<(?:[A-Za-z0-9]+:)?v\s*/>|<v></v>)?\s*</(?:[A-Za-z0-9]+:)?c>"
)


@dataclass(frozen=True, slots=True)
class SheetParts:
    """What a sheet's XML says of it beside its cells: which of them are merged, by the first one's
    row and column how many rows and columns, and whether formulas are without a value."""

    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    has_bare_formulas: bool = False


def checked_parts(data: bytes) -> tuple[io.BytesIO, dict[str, SheetParts]]:
    """The XML of the workbook in an archive of its own, so that what is checked is what is read;
    and what it says of each sheet behind its cells, which the library does not need."""
    archive = Archive(data)
    checked, sheets = io.BytesIO(), dict[str, SheetParts]()
    with zipfile.ZipFile(checked, "w") as file:
        for name in sorted(archive.names):
            if name.endswith((".xml", ".rels")):
                part = archive.read(name)
                if b"<!DOCTYPE" in part.replace(b"\0", b""):  # in UTF-16 too
                    raise Unreadable("its XML declares what no office program declares")
                if b"worksheet" in part[:_ROOT] and (end := _END_OF_CELLS.search(part)):
                    ranges = _MERGED.findall(part, end.start())
                    bare = _BARE_FORMULA.search(part) is not None
                    sheets[name] = SheetParts(dict(map(_range, ranges[:_MOST_MERGED])), bare)
                    part = part[: end.end()] + b"</%bworksheet>" % (end[1] or end[2] or b"")
                file.writestr(zipfile.ZipInfo(name), part)
    return checked, sheets


def _range(ends: tuple[bytes, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    """A merged range: its first row and column, and how many it has of each."""
    left, top, right, bottom = (each.decode() for each in ends)
    rows, columns = int(bottom) - int(top) + 1, _number(right) - _number(left) + 1
    return (int(top), _number(left)), (max(1, rows), max(1, columns))


def _number(letters: str) -> int:
    """The number of a column by its letters, 1 for A."""
    return reduce(lambda number, letter: 26 * number + ord(letter) - 64, letters, 0)
