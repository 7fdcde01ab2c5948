"""Acronyms and what they stand for, as a text introduces them: "Global Pivotal State (GPS)".

The method of Schwartz and Hearst 2003, "A simple algorithm for identifying abbreviation definitions
in biomedical text": the letters of the short form are found in the words before it, from the end.
"""

import re
from collections.abc import Iterator

_INTRODUCED = re.compile(r"\(\s*[“\"']?([A-Z][A-Za-z&-]*[A-Z][A-Za-z]?)[”\"']?\s*[);,]")
_WORD = re.compile(r"[\w’'&-]+")


def acronyms_in(text: str) -> Iterator[tuple[str, str]]:
    """Each short form that the text introduces, with its long form as it is written there."""
    for match in _INTRODUCED.finditer(text):
        short = match[1]
        before = text[max(0, match.start() - 200) : match.start()].rstrip()
        most = min(len(short) + 5, len(short) * 2)
        words = list(_WORD.finditer(before))[-most:]
        if words:
            long = _long_form(short, before[words[0].start() :])
            if long:
                yield short, long


def _long_form(short: str, before: str) -> str | None:
    """The shortest end of the words before that has the letters of the short form, in order."""
    letters = [letter.lower() for letter in short if letter.isalnum()]
    at = len(before)
    for position in range(len(letters) - 1, -1, -1):
        while True:
            at -= 1
            if at < 0:
                return None
            begins = at == 0 or not before[at - 1].isalnum()
            if before[at].lower() == letters[position] and (position > 0 or begins):
                break
    long = " ".join(before[at:].split())
    return long if len(long) > len(short) and short not in long.split() else None
