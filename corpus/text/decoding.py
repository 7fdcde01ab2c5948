"""Bytes to text: byte order marks, UTF-8, UTF-16 and the legacy encodings of old files."""

import codecs
import contextlib
import re
from collections.abc import Iterator, Sequence

from corpus.errors import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN = "cp1252 iso8859-1 mac-roman cp850 cp1250 iso8859-2 cp852 cp1254 iso8859-9 cp1257".split()
_LEGACY = (
    *_LATIN,
    *"cp1251 koi8-r koi8-u iso8859-5 cp866 mac-cyrillic cp1253 iso8859-7 cp1255 cp1256".split(),
    *"cp874 tis-620 cp949 euc_kr cp932 shift_jis_2004 euc_jis_2004 gb18030 big5hkscs".split(),
)
"""The encodings that files have, the likeliest first; cp437 is left out: of Western letters it has
those of cp850, and of Greek ones some that no text has."""
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "shift_jis_2004": "cp932",
}
"""What writes the encoding on the left writes the one on the right, as browsers know."""

_CONTROLS = 0.01  # the part of control characters that a text may have
_NULS = 0.02  # the part of NUL bytes that is damage of a text, and no text in UTF-16
_BROKEN = 0.02  # the part of UTF-8 sequences that may be broken
_ODD = 0.3  # the part of words with other letters than ASCII's that may look as no word does
_UNSURE = 0.02  # the confidence in an encoding of a text that is mostly not ASCII
_HEAD = 4_096  # bytes by which a text is mostly ASCII or not
_CANDIDATES = 6
_LOOKED_AT = 200_000  # characters, as many as chardet looks at bytes


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of the codec that read it; a byte order mark is not text.

    Single NUL bytes are passed over, as browsers do. What is UTF-8 but for some broken sequences
    has U+FFFD for these; any other codec is used only when it reads every byte. Raises `Unreadable`
    for data that is no text, or none in an encoding that can be told.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec), codec
    if b"\x00" in data:
        return _with_nuls(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _nearly_utf8(data) or _legacy(data)


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is marked as {codec} but breaks off at byte {error.start}") from None


def _with_nuls(data: bytes) -> tuple[str, str]:
    if data.count(0) <= _NULS * len(data):
        with contextlib.suppress(UnicodeDecodeError):
            return data.replace(b"\x00", b"").decode("utf-8"), "utf-8"
    for text, codec in _readings(data, _WIDE, data):
        if _control_share(text) <= _CONTROLS and _reads_as_words(text):
            return text, codec
    padded = data.rstrip(b"\x00")
    if padded.count(0) <= _NULS * len(padded):
        with contextlib.suppress(Unreadable):
            text, codec = decode(padded.replace(b"\x00", b""))
            if _control_share(text) <= _CONTROLS:
                return text, codec
    raise Unreadable("it holds binary data, not text")


_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _nearly_utf8(data: bytes) -> tuple[str, str] | None:
    """UTF-8 that was cut or joined within a character, as no other encoding ever looks."""
    whole = len(_SEQUENCE.findall(data))
    text = data.decode("utf-8", "replace")
    return (text, "utf-8") if 0 < text.count("\ufffd") <= _BROKEN * whole else None


def _legacy(data: bytes) -> tuple[str, str]:
    """The text in the likeliest encoding in which it looks like one."""
    # Among many lines of plain English, which say nothing, the others would not count. The first
    # tells what is no text at all.
    first, *rest = data.splitlines()
    telling = b"\n".join([first, *(line for line in rest if not line.isascii())])
    for text, codec in _readings(data, _likely(data), telling):
        if _control_share(text) <= _CONTROLS and _reads_as_words(text):
            return text, codec
    raise Unreadable("it is no text in any encoding known here; save it as UTF-8")


_ODD_SIGNS = re.compile(
    r"[\x80-\x9f]|(?<![\u2500-\u259f])[\u2500-\u259f](?![\u2500-\u259f])|"
    r"(?<!\w)[ÐÑÒÔÕŸŠŽÞÇÊËÌÎÏÙÛÝðþıß](?!\w)|[a-zß-öø-ÿ][À-ÖØ-ÞŸŠŽΑ-ΩА-Я]|"
    r"(?<![^\W_])[À-ÖØ-ÞŸŠŽ][A-Z][a-z]|[^\W\d_][‚„†‡ˆ‰‹¡¢£¤¥¦§¨¬±¶¸¿÷\xa0]{1,2}[^\W\d_]|"
    r"[∂∑∏∫≈∆√≤≥◊ﬁﬂ∞˜¯˘˙˚¸˝˛ˇ‡][^\x00-\x7f]"
)
"""A control; a box of one sign; a capital that is no word, or within one; a sign within a word."""


def _reads_as_words(text: str) -> bool:
    """Whether words have capitals and signs where words have them.

    In a wrong encoding `that’s` is `thatÕs`, `für` is `fŸr` or `f·r`, and a dash is `Ð`.
    """
    words = [word for word in text[:_LOOKED_AT].split() if not word.isascii()]
    return sum(bool(_ODD_SIGNS.search(word)) for word in words) <= _ODD * len(words)


_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_SIGNS = b"\xa9\xab\xae\xb0\xbb"


def _likely(data: bytes) -> Sequence[str]:
    """The encodings that come into question: an accented letter among plain ones is Latin, and what
    has only the signs of Windows, as ® and », is that."""
    high = data.translate(None, bytes(range(0x80)))
    if len(_ALONE.findall(data)) < len(high):
        return _LEGACY
    return _LATIN if high.translate(None, _SIGNS) else _LATIN[:1]


def _readings(data: bytes, among: Sequence[str], telling: bytes) -> Iterator[tuple[str, str]]:
    """What the data says in each encoding that it may be in, by its `telling` bytes; the likeliest
    first."""
    # Imported here because nearly every file is UTF-8 and never needs it.
    from chardet import detect_all

    found = detect_all(
        telling,
        include_encodings=among,
        compat_names=False,
        ignore_threshold=True,
        no_match_encoding=among[0],
    )
    head = telling[:_HEAD]
    foreign = len(head.translate(None, bytes(range(0x80)))) * 3 > len(head)
    ranked = [
        (-round(each["confidence"], 4), among.index(codec), codec)
        for each in found
        if (codec := each["encoding"] or "") in among
        and (not foreign or each["confidence"] >= _UNSURE)
    ]
    for _, _, ranking in sorted(ranked)[:_CANDIDATES]:
        codec = _SUPERSETS.get(ranking, ranking)
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            yield data.decode(codec), codec


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def _control_share(text: str) -> float:
    return len(_CONTROL.findall(text)) / max(len(text), 1)
