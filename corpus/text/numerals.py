"""Printed numbers: list items in digits, letters and Roman numerals, and note references."""

import re

_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


def numeral(number: int, style: str) -> str:
    """A number as a list of this style prints it; styles are `1`, `a`, `A`, `i` and `I`.

    Digits where the style has no form for it: zero, and Roman numerals from 4000.
    """
    if style in ("a", "A") and number > 0:
        counted = ""
        while number:
            number, letter = divmod(number - 1, 26)
            counted = chr(ord("a") + letter) + counted
    elif style in ("i", "I") and 0 < number < 4000:
        counted = ""
        for value, letters in _ROMAN:
            counted += letters * (number // value)
            number %= value
    else:
        return str(number)
    return counted.upper() if style in ("A", "I") else counted


_NUMBER = re.compile(r"\d{1,3}")
_AT_A_WORD = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?)\]”’\"'])\Z")  # behind `m` or `km` it is a power


def note_reference(superscript: str, before: str) -> str:
    """A superscript after the words `before`: `[1]` for a note's number, else unchanged."""
    number = superscript.strip()
    if _NUMBER.fullmatch(number) and _AT_A_WORD.search(before, max(0, len(before) - 3)):
        return f"[{number}]"
    return superscript
