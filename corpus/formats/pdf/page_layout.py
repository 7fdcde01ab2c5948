"""What is printed on a page: its characters, the text runs they form, and the lines of those."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from corpus.text.numerals import note_reference

SOFT_HYPHEN = "\u00ad"
"""A place where a word may be broken: printed only at a line's end."""

_SMALL = 0.85  # times the size of the type before: a raised number
_OVER = 0.15  # in ems, over the baseline
_LONGEST = 40  # letters of a word
_NOTED = re.compile(
    r"(?:(?<!\w)\d{4}|(?!\b(?:sin|cos|tan|cot|sec|log|exp|det|dim|sinh|cosh|tanh)\b)\b\w*[^\W\d_]{3})"
    r"[^\w\s]*\Z"
)
"""What the number of a note stands behind: a word, or a year, with what ends its sentence.

Behind anything else a raised number is a power, as in `(a + b)` and `sin`.
"""


class Character(NamedTuple):
    """A character, its rotation in quarter turns (None: askew), and its place in points.

    `spaced` is 2 after a space, 1 after a gap that PDFium takes for one, else 0.
    """

    char: str
    turn: int | None
    left: float
    right: float
    base: float
    size: float
    bold: bool
    spaced: int


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters side by side on one baseline, or a whole line of a column.

    `left`, `right` and `base` (downwards from the top) are places on the page in points, as are
    `size`, that of the type, and `word`, the width of the first word. A row of a table has `cells`,
    with tabs between them, and below a `column_head` its text as `columns`.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    word: float = 0.0
    bold: bool = False
    cells: int = 0
    columns: str = ""
    column_head: bool = False


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page as it is printed, its height in points, and its number from 1.

    `turned` is what is printed across or askew: along a margin, beside a picture, over the text.
    """

    number: int
    height: float
    runs: list[TextRun]
    turned: tuple[str, ...] = ()


def usual_size(runs: Iterable[TextRun]) -> float:
    """The size of type in which most characters are set, to half a point and never none."""
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[max(round(run.size * 2), 1) / 2] += len(run.text)
    return max(sizes, key=lambda size: (sizes[size], -size), default=10.0)


def text_rows(runs: Iterable[TextRun]) -> list[list[TextRun]]:
    """The runs of each line, from left to right; lines from top to bottom."""
    rows: list[list[TextRun]] = []
    largest: TextRun | None = None
    for run in sorted(runs, key=lambda run: (run.base, run.left)):
        if largest is not None and _on_one_line(largest, run):
            rows[-1].append(run)
            largest = max(largest, run, key=lambda each: each.size)
        else:
            rows.append([run])
            largest = run
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _on_one_line(one: TextRun, other: TextRun) -> bool:
    """Whether two runs overlap in height by half, as a raised number does with its line."""
    small, large = sorted((one.size, other.size))
    top = max(one.base - one.size, other.base - other.size)
    return large <= 2 * small and min(one.base, other.base) - top >= small / 2


def joined_line(row: list[TextRun]) -> TextRun:
    """One run of all the runs on a line."""
    if len(row) == 1:
        return row[0]
    pieces = [row[0].text]
    first, word = row[0], row[0].word
    goes_on = " " not in first.text
    for before, run in pairwise(row):
        near = run.left - before.right < 0.15 * run.size
        text = _note_or_power(run.text, pieces) if near and _is_raised(run, before) else run.text
        pieces.append(text if near else f" {text}")
        goes_on = goes_on and near
        if goes_on:
            word = run.left + run.word - first.left
            goes_on = " " not in run.text
    text = "".join(pieces)
    main = max(row, key=lambda run: len(run.text))
    right = max(run.right for run in row)
    bold = all(run.bold for run in row)
    return TextRun(text, first.left, right, main.base, main.size, word, bold)


def _is_raised(run: TextRun, before: TextRun) -> bool:
    """Whether a run is set smaller than the one before it and over its baseline."""
    return run.size < _SMALL * before.size and before.base - run.base > _OVER * before.size


def _note_or_power(number: str, before: list[str]) -> str:
    """What is raised behind these words: `[1]` for the number of a note."""
    words = "".join(before)[-_LONGEST:]
    is_note = number[0] != "0" and _NOTED.search(words)
    return note_reference(number, words) if is_note else number
