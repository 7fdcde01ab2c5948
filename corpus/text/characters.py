"""Characters: the form of a text that is searched, and the classes that line rules share.

The shown text is never touched; only what is compared or indexed goes through here.
"""

import re
import unicodedata

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
"""Zero-width characters, direction marks and the soft hyphen: no reader sees them."""

_SEARCH_FORM = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys(INVISIBLE, None)
)


def search_form(text: str) -> str:
    """`text` as it is indexed and compared: NFKC, plain quotes and hyphens, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SEARCH_FORM))
    return " ".join(text.split())


def folded(text: str) -> str:
    """`text` reduced to its letters and digits without case, for "is this the same line?"."""
    return "".join(character for character in search_form(text).casefold() if character.isalnum())


_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with a replacement character for each half of a pair, which no encoding can write."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without blank and invisible characters at its ends."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


_CONTROLS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def has_controls(name: str) -> bool:
    """Whether a name has control characters, direction marks or undecodable bytes."""
    return any(unicodedata.category(character) in _CONTROLS for character in name)


_BLANK_LETTERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\uffa0\ufff0-\ufff8"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""What Unicode counts among letters, signs and marks, or keeps for later, and nobody sees."""
_MOST_MARKS = 8  # on one letter: no script has more, and a heap of them reaches into other lines


def printable(name: str) -> str:
    """`name` with control characters, direction marks, undecodable bytes, blank letters and heaps
    of marks as `\\x..` escapes."""
    if name.isascii() and name.isprintable():
        return name
    shown, marks = [], 0
    for character in name:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        hidden = category in _CONTROLS or marks > _MOST_MARKS
        if hidden or _BLANK_LETTERS.match(character):
            character = character.encode("unicode_escape").decode()
        shown.append(character)
    return "".join(shown)


_LONGEST_PART = 200


def part_name(name: str) -> str:
    """The name of a part of a file as the end of an id, which has neither `/` nor what cannot be
    printed."""
    parts = name.replace("\\", "/").split("/")
    text = ":".join(part for part in parts if part not in ("", ".", ".."))
    return "".join(each if each.isprintable() else "_" for each in text)[:_LONGEST_PART] or "part"
