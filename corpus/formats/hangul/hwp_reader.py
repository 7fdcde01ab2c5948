"""Hangul documents of version 5 (`.hwp`): records in the streams of a compound file.

Each record has a tag, a level in a tree, and a payload. A paragraph is a header, below which are
its text and what is anchored in it: tables, whose cells hold paragraphs again.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.rendering import Rendering
from corpus.formats.table_cells import Placed, Row, placed_rows

if TYPE_CHECKING:
    from olefile import OleFileIO

_SIGNATURE = b"HWP Document File"
_COMPRESSED, _LOCKED, _DISTRIBUTED = 1, 2, 4  # bits of the file header
_PARAGRAPH, _TEXT, _CONTROL, _LIST, _TABLE = 66, 67, 71, 72, 77  # tags
_BESIDE = (b"head", b"foot", b"tcmt")
_LARGEST = 50 * 2**20  # bytes of all sections
_DEEPEST = 60

# Characters below 32: some stand for one unit, others for eight, of which the last repeats them.
_SINGLE = {0: "", 10: "\n", 13: "", 24: "-", 30: "\xa0", 31: " "}


@dataclass(slots=True)
class _Record:
    tag: int
    data: bytes
    below: list["_Record"] = field(default_factory=list)


def read_hwp(data: bytes) -> Iterator[Content]:
    """The document in a Hangul file of version 5; raises `Unreadable`."""
    import olefile

    if data.startswith(b"HWP Document File V3"):
        raise Unreadable("it is of an old version of Hangul; save it as .hwpx")
    rendering, beside = Rendering(), list[str]()
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            for section in _sections(file):
                for record in _tree(section).below:
                    _render(record, rendering, beside)
    except (OSError, ValueError, LookupError, struct.error, zlib.error, RecursionError):
        raise Unreadable("it is no document of Hangul, or a damaged one") from None
    yield rendering.content(beside)


def _sections(file: "OleFileIO") -> Iterator[bytes]:
    """The sections of the text, unpacked, in their order."""
    header: bytes = file.openstream("FileHeader").read()
    if not header.startswith(_SIGNATURE):
        raise Unreadable("it is no document of Hangul, whatever its name says")
    flags = struct.unpack_from("<I", header, 36)[0]
    if flags & _LOCKED:
        raise Unreadable("it has a password; save it without one")
    if flags & _DISTRIBUTED:
        raise Unreadable("it is locked against copying; save it as .hwpx or PDF")
    names = [entry[1] for entry in file.listdir() if len(entry) == 2 and entry[0] == "BodyText"]
    left = _LARGEST
    for name in sorted(names, key=lambda each: int(each.removeprefix("Section"))):
        data: bytes = file.openstream(["BodyText", name]).read()
        if flags & _COMPRESSED:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            data = unpacker.decompress(data, left + 1)
        left -= len(data)
        if left < 0:
            raise Unreadable(f"it unpacks to more than {_LARGEST >> 20} MB")
        yield data


def _tree(data: bytes) -> _Record:
    """The records of a section below one that stands for it."""
    root = _Record(0, b"")
    path, at = [root], 0
    while at + 4 <= len(data):
        header = struct.unpack_from("<I", data, at)[0]
        tag, level, size = header & 0x3FF, header >> 10 & 0x3FF, header >> 20
        at += 4
        if size == 0xFFF:
            size = struct.unpack_from("<I", data, at)[0]
            at += 4
        record = _Record(tag, data[at : at + size])
        at += size
        level = min(level, len(path) - 1)
        if level > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        path[level].below.append(record)
        path[level + 1 :] = [record]
    return root


def _render(paragraph: _Record, rendering: Rendering, beside: list[str]) -> None:
    """A paragraph, and after it what is anchored in it."""
    if paragraph.tag != _PARAGRAPH:
        return
    rendering.paragraph(_own_text(paragraph))
    for control in (each for each in paragraph.below if each.tag == _CONTROL):
        kind = control.data[3::-1]
        inner = list(_paragraphs(control))
        if kind in _BESIDE:
            beside += filter(str.strip, map(_own_text, inner))
        elif rows := _grid(control):
            rendering.table(rows)
        else:
            for each in inner:
                _render(each, rendering, beside)


def _own_text(paragraph: _Record) -> str:
    return "".join(_text(each.data) for each in paragraph.below if each.tag == _TEXT)


def _paragraphs(record: _Record) -> Iterator[_Record]:
    """The outermost paragraphs below a record."""
    for each in record.below:
        if each.tag == _PARAGRAPH:
            yield each
        else:
            yield from _paragraphs(each)


def _grid(control: _Record) -> list[Row]:
    """The rows of a table; none of a table of one column, or with tables or boxes in its cells."""
    table = next((each for each in control.below if each.tag == _TABLE), None)
    if table is None or struct.unpack_from("<H", table.data, 6)[0] < 2:
        return []
    cells: list[tuple[_Record, list[str]]] = []
    for each in control.below:
        if each.tag == _LIST:
            cells.append((each, []))
        for inner in each.below if each.tag == _LIST else [each]:
            if inner.tag == _PARAGRAPH and cells:
                if any(True for anchored in inner.below for _ in _paragraphs(anchored)):
                    return []
                cells[-1][1].append(_own_text(inner))
    return placed_rows(_placed(cell, " ".join(texts)) for cell, texts in cells)


def _placed(cell: _Record, text: str) -> Placed:
    column, row, columns, rows = struct.unpack_from("<4H", cell.data, 8)
    return Placed(row, column, text, rows, columns)


def _text(data: bytes) -> str:
    """The characters of a paragraph's text, without the controls that stand among them."""
    units = memoryview(data[: len(data) // 2 * 2]).cast("H")
    pieces: list[bytes] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if unit >= 32:
            pieces.append(struct.pack("<H", unit))
        elif unit == 9:
            pieces.append(b"\t\0")
        else:
            pieces.append(_SINGLE.get(unit, "").encode("utf-16-le"))
        at += 1 if unit >= 32 or unit in _SINGLE else 8
    return b"".join(pieces).decode("utf-16-le", "replace")
