"""The code pages of rich text: of the file, and of each font by its character set."""

import codecs

CHARACTER_SETS = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "johab", 80: "gbk", 81: "big5",
    128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 179: "cp1256", 181: "cp1255",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""By the number that `\\fcharset` gives; 1 is the file's own."""

SYMBOLS = 2
FILE_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}

_DOUBLE_BYTE = frozenset({"cp932", "cp949", "gbk", "cp950", "johab", "shift_jis", "big5"})
_ALPHABETS = {
    "CE": "cp1250", "Cyr": "cp1251", "Greek": "cp1253", "Tur": "cp1254", "Baltic": "cp1257",
}  # fmt: skip
_MAC = {10000: "mac_roman", 10001: "shift_jis", 10006: "mac_greek", 10007: "mac_cyrillic",
        10029: "mac_latin2", 10081: "mac_turkish"}  # fmt: skip


def codec_of(number: int) -> str:
    """The codec of a code page by its number; Western European for what is not known."""
    name = _MAC.get(number, {936: "gbk", 65001: "utf-8"}.get(number, f"cp{number}"))
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def codec_by_name(name: str) -> str:
    """The codec of a font that older programs named for its alphabet: `Arial CE`; "" for others."""
    return _ALPHABETS.get(name.rpartition(" ")[2], "")


def opens_pair(byte: int, codec: str) -> bool:
    """Whether a byte is the first of the two bytes of a sign."""
    return byte > 0x80 and codec in _DOUBLE_BYTE


def decoded(data: bytes, codec: str) -> str:
    """The text of bytes; single bytes that the code page lacks are read as Western European."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        if codec in _DOUBLE_BYTE:
            return data.decode(codec, "replace")
        return "".join(_sign(byte, codec) for byte in data)


def _sign(byte: int, codec: str) -> str:
    for each in (codec, "cp1252"):
        try:
            return bytes([byte]).decode(each)
        except UnicodeDecodeError:
            continue
    return "\N{REPLACEMENT CHARACTER}"
