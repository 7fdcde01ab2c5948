"""Bytes to text: byte order marks, UTF-8, UTF-16 and the legacy encodings of old board pages."""

import codecs
import contextlib
import re

from corpus.errors import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# cp1250 is left out: it reads every cp1252 file too, and makes "Genčve" of "Genève".
_CONTROLS = 0.01  # the part of control characters that a text may have
_LEGACY = ("cp949", "cp932", "gb18030", "big5", "cp1252", "cp1251")


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of the codec that read it; a byte order mark is not text.

    A codec is used only when it reads every byte, so no character is ever replaced. Raises
    `Unreadable` for data that is no text.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec), codec
    if b"\x00" in data:
        wide = _unmarked_utf16(data)
        if wide is None:
            raise Unreadable("it holds binary data, not text")
        return _strictly(data, wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _legacy(data)


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is marked as {codec} but breaks off at byte {error.start}") from None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 of mostly Latin text has its zero bytes on one side only."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(data) % 2 == 0 and min(even, odd) == 0 and max(even, odd) > len(head) // 8:
        return "utf-16-be" if even else "utf-16-le"
    return None


_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def _legacy(data: bytes) -> tuple[str, str]:
    # An accented letter among plain ones is Western; in Asia such bytes come in pairs.
    if len(_ALONE.findall(data)) * 2 > sum(byte >= 0x80 for byte in data):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode("cp1252")
            if _control_share(text) <= _CONTROLS:
                return text, "cp1252"
    # Imported here because nearly every file is UTF-8 and never needs it.
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_LEGACY)).best()
    if best is None or _control_share(text := data.decode(best.encoding)) > _CONTROLS:
        raise Unreadable("it is no text in any encoding known here; save it as UTF-8")
    return text, best.encoding


def _control_share(text: str) -> float:
    controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
    return controls / max(len(text), 1)
