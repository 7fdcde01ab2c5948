"""Names as a citation prints them: whatever could be lost or read otherwise is percent-encoded.

Letters of any script, `/` and single blanks stay as they are. Encoded is what is invisible or
collapses (blanks at the ends or doubled, no-break spaces, controls, direction marks, fillers), what
Unicode may compose when it is copied, what has a meaning in a citation (`#`, `@`, `%`), what a
shell runs or ends a quotation at, and a first sign that an option or a quotation may begin with.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

_MEANT = frozenset("#@%\"'`$\\!;&|<>")
_FIRST = frozenset("_.([/¶")
"""Signs that a name may begin with unencoded, besides letters and digits."""
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
"""Fillers, joiners and selectors of variants that Unicode does not count among its controls."""
_MISREAD = re.compile(r"(?:^|(?<= ))[-~](?! )|:(?= )")
"""What a command line takes for an option or a home, and what ends a citation in a printed line."""
_PLAIN = re.compile(r"[A-Za-z0-9_.(\[/](?: ?[A-Za-z0-9_./()\[\]+,=]|-)*")
"""Most names, which are found so at once."""


def encoded(name: str) -> str:
    """`name` as an identifier that can be printed, copied and pasted; `decoded` gives it back."""
    if _PLAIN.fullmatch(name):
        return name
    parts = []
    for position, cluster in _clusters(name):
        last = position + len(cluster) == len(name)
        if cluster == " ":
            kept = position > 0 and not last and " " not in name[position - 1 : position + 2 : 2]
        else:
            kept = all(map(_is_kept, cluster)) and unicodedata.is_normalized("NFC", cluster)
            if position == 0:
                kept = kept and (cluster[0].isalnum() or cluster[0] in _FIRST)
        parts.append(cluster if kept else quote(cluster, safe="", errors="surrogatepass"))
    return _MISREAD.sub(lambda sign: f"%{ord(sign[0]):02X}", "".join(parts))


def decoded(text: str) -> str:
    """The name that `encoded` made this of; raises `ValueError` for bytes that are no text."""
    return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _clusters(name: str) -> Iterator[tuple[int, str]]:
    """The positions and texts of characters, each with what may compose with it."""
    start = 0
    for at in range(1, len(name) + 1):
        if at == len(name) or not _joins(name[at]):
            yield start, name[start:at]
            start = at


def _joins(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"


def _is_kept(character: str) -> bool:
    if character in _MEANT or character in _UNSEEN:
        return False
    return unicodedata.category(character)[0] not in "CZ"
