"""Right-to-left text: the reading order of letters, from their places on the page.

A PDF file has the letters of Arabic and Hebrew in the order in which its program drew them, which
differs from one program to the next; their places on the page do not.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby

from corpus.formats.pdf.page_layout import Character

_RIGHT, _LEFT, _NUMBER, _NEUTRAL = "RLN "
_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_KINDS = {"R": _RIGHT, "AL": _RIGHT, "L": _LEFT, "EN": _NUMBER, "AN": _NUMBER}
_LAM, _ALEFS = "ل", "اأإآ"


def is_right_to_left(char: str) -> bool:
    """Whether this is a letter of a script that is written from right to left."""
    return unicodedata.bidirectional(char) in ("R", "AL")


def reading_order(line: Sequence[Character], *, right_to_left: bool) -> list[list[Character]]:
    """The characters of a line in reading order, in pieces of one direction.

    This undoes what the Unicode Bidirectional Algorithm does to a line without embeddings;
    `right_to_left` is the direction of the paragraph.
    """
    seen = _seen(line)
    chars = [base.char for base, *_ in seen]
    kinds = _resolved(chars, _RIGHT if right_to_left else _LEFT)
    for place, kind in enumerate(kinds):
        if kind == _RIGHT and chars[place] in _MIRRORED:  # what is printed is the other bracket
            seen[place][0] = seen[place][0]._replace(char=_MIRRORED[chars[place]])
    pieces = [
        (kind, [each for _, each in group])
        for kind, group in groupby(zip(kinds, seen, strict=True), key=lambda each: each[0])
    ]
    read: list[list[list[Character]]] = []
    turned: list[list[list[Character]]] = []  # among words from left to right
    for kind, piece in reversed(pieces) if right_to_left else pieces:
        ordered = piece[::-1] if kind == _RIGHT else piece
        if right_to_left:
            read.append(ordered)
        elif kind == _LEFT:
            read += [*reversed(turned), ordered]
            turned = []
        else:
            turned.append(ordered)
    read += reversed(turned)
    return [[char for cluster in piece for char in cluster] for piece in read]


def _seen(line: Sequence[Character]) -> list[list[Character]]:
    """The characters from left to right, each with the marks over it.

    The letters of a ligature are in one place; there PDFium has turned their order around, unless
    the file has one sign for them: with lam, alef is always the second.
    """
    marks = [each for each in line if unicodedata.combining(each.char)]
    bases = [each for each in line if not unicodedata.combining(each.char)] or marks
    clusters: list[list[Character]] = []
    for _, group in groupby(sorted(bases, key=_middle), key=_middle):
        letters = list(group)
        if len(letters) == 2 and letters[0].char == _LAM and letters[1].char in _ALEFS:
            letters.reverse()
        clusters += [[letter] for letter in letters]
    if bases is not marks:
        middles = [_middle(base) for (base,) in clusters]
        for mark in marks:
            place = bisect_left(middles, _middle(mark))
            near = range(max(place - 1, 0), min(place + 1, len(middles)))
            clusters[min(near, key=lambda n: abs(middles[n] - _middle(mark)))].append(mark)
    return clusters


def _middle(each: Character) -> float:
    return each.left + each.right


def _kinds(chars: list[str]) -> list[str]:
    """Letters, numbers with what belongs to them, and characters that may go either way."""
    found = [unicodedata.bidirectional(char) for char in chars]
    kinds = [_KINDS.get(each, _NEUTRAL) for each in found]
    for place, each in enumerate(found[1:-1], start=1):
        around = kinds[place - 1], kinds[place + 1]
        if each in ("ES", "CS") and around == (_NUMBER, _NUMBER):
            kinds[place] = _NUMBER
        if each == "ET" and _NUMBER in around and "AL" not in found:
            kinds[place] = _NUMBER
    return kinds


def _resolved(chars: list[str], base: str) -> list[str]:
    """The direction of each character: a neutral one has that of its neighbours."""
    kinds = _kinds(chars)
    resolved: list[str] = []
    strong = base
    for kind in kinds:
        strong = kind if kind in (_LEFT, _RIGHT) else strong
        resolved.append(_LEFT if kind == _NUMBER and strong == _LEFT else kind)
    before, after = _sides(resolved, base), _sides(resolved[::-1], base)[::-1]
    return [
        kind if kind != _NEUTRAL else (left if left == right else base)
        for kind, left, right in zip(resolved, before, after, strict=True)
    ]


def _sides(kinds: list[str], base: str) -> list[str]:
    """For each character the direction of what is before it; a number is read with its script."""
    sides, last = [], base
    for kind in kinds:
        sides.append(last)
        if kind != _NEUTRAL:
            last = _RIGHT if kind == _NUMBER else kind
    return sides
