"""The size of a PDF file's compressed parts once inflated, before anything is made of them."""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 400  # bytes before a stream that describe it
_PIECE = 1 << 16
_LAYERS = 3  # one compressed within another


def inflated_size(data: bytes, most: int) -> int:
    """The bytes of all inflated parts but pictures, which are not read; counted up to `most`."""
    size = 0
    for stream in _STREAM.finditer(data):
        dictionary = data[max(0, stream.start() - _DICTIONARY) : stream.start()].rpartition(
            b" obj"
        )[2]
        if b"/Image" in dictionary or not _is_deflated(data[stream.end() : stream.end() + 2]):
            continue
        for piece in _inflated(_pieces(data, stream.end()), _LAYERS):
            size += len(piece)
            if size > most:
                return size
    return size


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    return (data[each : each + _PIECE] for each in range(start, len(data), _PIECE))


def _is_deflated(start: bytes) -> bool:
    """Whether these are the two bytes that a zlib stream begins with."""
    return len(start) == 2 and start[0] & 15 == 8 and int.from_bytes(start) % 31 == 0


def _inflated(pieces: Iterable[bytes], layers: int) -> Iterator[bytes]:
    """What these pieces inflate to, piece by piece, through the layers that there are."""
    plain = _one_layer(pieces)
    first = next(plain, b"")
    whole = chain([first], plain)
    yield from _inflated(whole, layers - 1) if layers > 1 and _is_deflated(first[:2]) else whole


def _one_layer(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj()
    for piece in pieces:
        waiting = piece
        while waiting and not inflater.eof:
            try:
                plain = inflater.decompress(waiting, _PIECE)
            except zlib.error:  # damaged: nothing more comes out of it
                return
            yield plain
            waiting = inflater.unconsumed_tail
