"""The text of a mail's bytes in the charset that its sender's program named."""

import codecs
import email.errors

from corpus.text.decoding import decode

# What the standard library raises on damaged mail, wherever it is looked at.
DAMAGES = (
    AssertionError, AttributeError, LookupError, OverflowError, TypeError, ValueError,
    email.errors.MessageError,
)  # fmt: skip

_OF_PYTHON = frozenset("unicode-escape raw-unicode-escape idna punycode utf-7".split())
_SUPERSETS = {
    "ascii": "utf-8",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso2022_jp": "iso2022_jp_2",
    "shift_jis": "cp932",
}
"""What is really written where a mail program names the codec on the left."""


def text_in(data: bytes, charset: str) -> str:
    """The text in a charset, if that reads every byte, or in the one that it is really in.

    What is UTF-8 to the last byte is nothing else, whatever the program calls it. Raises
    `Unreadable`.
    """
    try:
        if not data.isascii():
            return _sound(data, "utf-8")
        return _sound(data, charset or "utf-8")
    except DAMAGES:
        pass
    try:
        return _sound(data, charset)
    except DAMAGES:
        return decode(data)[0]


def _sound(data: bytes, charset: str) -> str:
    """The text, strictly decoded; raises an error when it is none."""
    codec = codecs.lookup(charset).name
    if codec in _OF_PYTHON:
        raise LookupError("it is no encoding of text")
    text = data.decode(_SUPERSETS.get(codec, codec))
    text.encode()
    if "\x00" in text:
        raise ValueError("no text has NUL")
    return text
