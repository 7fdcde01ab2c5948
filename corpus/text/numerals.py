"""Numbers as they are printed: of lists in digits, letters and Roman numerals, of notes raised."""

import re

_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


def numeral(number: int, style: str) -> str:
    """A number as a list of this style prints it, which is `1`, `a`, `A`, `i` or `I`.

    It is printed in digits where it has no other form.
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


def raised(sign: str, before: str) -> str:
    """A sign that is raised behind these words: `[1]` for a note's number, else as it is."""
    number = sign.strip()
    if _NUMBER.fullmatch(number) and _AT_A_WORD.search(before, max(0, len(before) - 3)):
        return f"[{number}]"
    return sign
