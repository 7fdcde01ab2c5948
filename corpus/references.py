"""Raised numbers: the reference of a note is set apart from the word that it stands at."""

import re

_NUMBER = re.compile(r"\d{1,3}")
_AT_A_WORD = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?)\]”’\"'])\Z")  # behind `m` or `km` it is a power


def raised(sign: str, before: str) -> str:
    """A sign that is raised behind these words: `[1]` for a note's number, else as it is."""
    number = sign.strip()
    if _NUMBER.fullmatch(number) and _AT_A_WORD.search(before, max(0, len(before) - 3)):
        return f"[{number}]"
    return sign
