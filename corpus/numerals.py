"""The numbers of lists as they are printed: digits, letters, Roman numerals."""

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
