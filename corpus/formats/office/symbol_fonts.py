"""The signs of the fonts Symbol and Wingdings, whose letters are drawn as other signs."""

_SYMBOL = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"$'@\\^",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ∀∃∋≅∴⊥",
        strict=True,
    )
) | dict(
    zip(
        "\xa2\xa3\xa4\xa5\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc"
        "\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9"
        "\xda\xdb\xdc\xdd\xde\xdf\xe5\xf2",
        "′≤⁄∞↔←↑→↓°±″≥×∝∂•÷≠≡≈…⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓∑∫",
        strict=True,
    )
)
_WINGDINGS = dict(
    zip(
        "JKLlmnoqrstuvw\x9f\xa1\xa7\xa8\xd8\xdf\xe0\xe1\xe2\xf0\xfb\xfc\xfd\xfex",
        "☺😐☹●❍■□❑❒⬧⧫◆❖⬥•○▪☐➢←→↑↓⇨✗✓☒☑☒",
        strict=True,
    )
)
_PRIVATE = 0xF000  # where Word keeps the letters of such a font
_LETTERS = range(_PRIVATE + 32, _PRIVATE + 256)


def symbol_sign(font: str, character: str) -> str:
    """What is drawn for a letter of this font; the letter itself in any other."""
    letter = chr(ord(character) % _PRIVATE) if ord(character) in _LETTERS else character
    if font.startswith("Wingdings"):
        return _WINGDINGS.get(letter, character)
    if font == "Symbol":
        return _SYMBOL.get(letter, letter)
    return character


def symbol_text(font: str, text: str) -> str:
    """A text in which the letters that Word keeps for such a font are the signs that it draws."""
    if text.isascii() or not any(ord(each) in _LETTERS for each in text):
        return text
    return "".join(symbol_sign(font, each) if ord(each) in _LETTERS else each for each in text)
