"""The characters of a page in text runs: neighbours on one baseline."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.page_layout import Character, TextRun
from corpus.formats.pdf.right_to_left import is_right_to_left, reading_order

_WORD_GAP = 0.14  # in ems, more than between letters: narrower than any space
_SURE_GAP = 0.23  # in ems: a space where PDFium saw none; Arabic letters may be apart
_SPACED_OUT = 0.1  # in ems, between most letters: such gaps are no spaces
_RUN_GAP = 1.2  # in ems: a wider space may be that between two columns
_CAPITALS = 1.4  # times the size of capitals that are set smaller than the text: that of the text
_MARKS = 0.3  # in ems, from the baseline: the marks over letters


def is_mostly_right_to_left(characters: list[Character]) -> bool:
    """Whether most letters of a page are of a script that is written from right to left."""
    letters = Counter(is_right_to_left(each.char) for each in characters if each.char.isalpha())
    return letters[True] > letters[False]


def runs(characters: list[Character], top: float) -> Iterator[TextRun]:
    """The characters in runs, each a line of a column or a part of one; `top` is the page's."""
    others = characters
    if any(is_right_to_left(each.char) for each in characters):
        right_to_left, others = is_mostly_right_to_left(characters), []
        for row in _rows(characters):
            if any(is_right_to_left(each.char) for each in row):
                for part in _parts(row):
                    yield _read_from_right(part, top, right_to_left=right_to_left)
            else:
                others += row
    run: list[Character] = []
    for character in others:
        if run and not _goes_on(run[-1], character):
            yield _run(run, top)
            run = []
        run.append(character)
    if run:
        yield _run(run, top)


def _rows(characters: list[Character]) -> Iterator[list[Character]]:
    """The characters on each line, in the order of the file."""
    row: list[tuple[int, Character]] = []
    for place, each in sorted(enumerate(characters), key=lambda one: (-one[1].base, one[0])):
        if row and row[0][1].base - each.base > _MARKS * row[0][1].size:
            yield [one for _, one in sorted(row)]
            row = []
        row.append((place, each))
    yield [one for _, one in sorted(row)]


def _parts(row: list[Character]) -> Iterator[list[Character]]:
    """The parts of a line with no wider gap in them than between words, from left to right."""
    part: list[Character] = []
    right = -math.inf
    for each in sorted(row, key=lambda one: one.left):
        if part and each.left - right > _RUN_GAP * each.size:
            yield part
            part, right = [], -math.inf
        part.append(each)
        right = max(right, each.right)
    yield part


def _read_from_right(part: list[Character], top: float, *, right_to_left: bool) -> TextRun:
    """A run with a space at each gap, in the order in which it is read."""
    pieces: list[str] = []
    word, last = 0.0, None
    left, right = min(each.left for each in part), max(each.right for each in part)
    for piece in reading_order(part, right_to_left=right_to_left):
        start, end = min(each.left for each in piece), max(each.right for each in piece)
        for place, each in enumerate(piece):
            if last:
                one = each if place else each._replace(left=start, right=end)
                gap = max(one.left - last.right, last.left - one.right) / each.size
                if gap > (_WORD_GAP if each.spaced or last.spaced else _SURE_GAP):
                    pieces.append(" ")
                    word = word or (right - last.left if right_to_left else last.right - left)
            pieces.append(each.char)
            last = last if last and unicodedata.combining(each.char) else each
        last = piece[-1]._replace(left=start, right=end)
    size = Counter(each.size for each in part).most_common(1)[0][0]
    base = Counter(each.base for each in part).most_common(1)[0][0]
    bold = all(each.bold for each in part)
    return TextRun("".join(pieces), left, right, top - base, size, word or right - left, bold)


def _goes_on(last: Character, character: Character) -> bool:
    size = max(last.size, character.size)
    if abs(last.base - character.base) > 0.05 * size or not 0.5 < last.size / character.size < 2:
        return False
    ahead = character.left - last.right
    is_ligature = last.left <= character.left < last.right  # each of its letters is as wide as all
    return (is_ligature or -0.6 * size < ahead) and ahead < _RUN_GAP * size


def _run(characters: list[Character], top: float) -> TextRun:
    """One run; a gap is a space that PDFium did not see, unless the letters are spaced out."""
    gaps = [after.left - before.right for before, after in pairwise(characters)]
    space = max(0.0, median(gaps)) if gaps else 0.0
    first, pieces, word = characters[0], [characters[0].char], 0.0
    for gap, last, character in zip(gaps, characters, characters[1:], strict=False):
        is_hyphen = character.char == "-" and character is characters[-1]
        doubt = is_hyphen or space > _SPACED_OUT * character.size
        seen = character.spaced > doubt
        if seen or gap > space + _WORD_GAP * character.size:
            pieces.append(" ")
            word = word or last.right - first.left
        pieces.append(character.char)
    left, right = min(each.left for each in characters), max(each.right for each in characters)
    size, bold = _size(characters), all(each.bold for each in characters)
    return TextRun("".join(pieces), left, right, top - first.base, size, word or right - left, bold)


def _size(characters: list[Character]) -> float:
    """The size of most of these; capitals among words may be set smaller than the words."""
    size = Counter(each.size for each in characters).most_common(1)[0][0]
    small = [each.char.isupper() for each in characters if each.size == size]
    words = [each.size for each in characters if each.char.islower()]
    if words and sum(small) * 2 > len(small) and size < min(words) <= max(words) < _CAPITALS * size:
        return Counter(words).most_common(1)[0][0]
    return size
