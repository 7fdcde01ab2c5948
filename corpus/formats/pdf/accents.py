"""Accents that a file has as signs of their own, over or below their letters."""

import unicodedata
from collections.abc import Iterable

from corpus.formats.pdf.page_layout import Character

_MARKS = dict(
    zip(
        "`´ˆ˜¨¸ˇ˘¯˙˚˝˛",
        "\u0300\u0301\u0302\u0303\u0308\u0327\u030c\u0306\u0304\u0307\u030a\u030b\u0328",
        strict=True,
    )
)
_DOTLESS = {"ı": "i", "ȷ": "j"}
_ASIDE = 0.15  # in ems, from the middle of the letter
_RAISED = 0.35  # in ems: over a capital
_REACH = 150  # characters of a line, at whose end some programs draw its accents


def with_accents(characters: Iterable[Character]) -> list[Character]:
    """The characters, with one for each letter and the accent at its place, drawn in any order."""
    found: list[Character] = []
    after_accent = False
    for each in characters:
        accented = _accented(found[-1], each) if found else None
        if accented:
            found[-1] = accented
        elif after_accent and each.spaced == 1:  # PDFium measured from the accent
            found.append(each._replace(spaced=0))
        else:
            found.append(each)
        after_accent = accented is not None
    return _with_distant_accents(found)


def _with_distant_accents(characters: list[Character]) -> list[Character]:
    """The characters with accents that are drawn over a letter further away in their line."""
    found: list[Character | None] = list(characters)
    accents = {place: each for place, each in enumerate(characters) if _mark(each)}
    for place, accent in accents.items():
        for index in range(max(0, place - _REACH), min(place + _REACH, len(found))):
            letter = None if index in accents else found[index]
            if letter and (accented := _accented(letter, accent)):
                found[index], found[place] = accented, None
                after = found[place + 1] if place + 1 < len(found) else None
                if after and after.spaced == 1:
                    found[place + 1] = after._replace(spaced=0)
                break
    return [each for each in found if each]


def _accented(first: Character, second: Character) -> Character | None:
    """The letter that two characters form when they are printed over each other."""
    is_last = _mark(second) != ""
    letter, accent = (first, second) if is_last else (second, first)
    if not (mark := _mark(accent)) or not letter.char.isalpha() or letter.turn != accent.turn:
        return None
    aside = abs(letter.left + letter.right - accent.left - accent.right) / 2
    if aside > _ASIDE * letter.size or abs(letter.base - accent.base) > _RAISED * letter.size:
        return None
    char = unicodedata.normalize("NFC", _DOTLESS.get(letter.char, letter.char) + mark)
    spaced = first.spaced if is_last or first.spaced > 1 else 0
    return letter._replace(char=char, spaced=spaced) if len(char) == 1 else None


def _mark(each: Character) -> str:
    """The combining form of an accent, or nothing for another sign."""
    return each.char if "\u0300" <= each.char <= "\u036f" else _MARKS.get(each.char, "")
