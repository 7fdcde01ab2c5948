"""Whether the first row of a table heads its columns, where nothing marks it as the head."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.language.calendar_words import MONTHS, MONTHS_IN_DAYS_ABROAD, WEEKDAY_PATTERN

_LONGEST = 100  # characters of a cell that names a column
_MOST = 0.8  # of the rows below
_JUDGED = 200  # rows: what the first of them are, the others are too
_FEWEST_OF_A_KIND = 5
_FIGURE = re.compile(
    r"\W*(?:(?-i:[A-Z]{3}\W?|[A-Z]{1,2}[^\w\s]))?\d\S*(?:\s\S+){0,3}|[-–—.*]+|n/?a|true|false|"
    r"https?://\S+|\S+@\S+\.\w+",
    re.IGNORECASE,
)
"""`14`, `$0-$10,000`, `USD 5`, `2022-03-18`, `12 May 2024`, `3 months`, `n/a`; and an address. `Q1`
is a name."""
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ABBREVIATED = re.compile(r"(?:\S+ )?\w{1,3}\.|\w{1,6}\.")
"""`No.`, `Invoice No.`, `Approx.`, which end as a sentence does."""
_MONTH = "|".join(map(re.escape, sorted({*MONTHS, *MONTHS_IN_DAYS_ABROAD}, key=len, reverse=True)))
_CALENDAR = re.compile(rf"(?:{WEEKDAY_PATTERN}|(?:{_MONTH})(?!\w))", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?\d[\d.,]*")


def first_row_is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows, each a sequence of cells, only names what stands below it.

    It does where its cells are short and differ, none is said again in its column, and one stands
    above figures, or above kinds that all come again. Of two columns the first may be labels of
    single facts, `Date` beside `12 May`: there the figures have to be several, and alike. Where
    all are words, a first record looks as a head does: a false head says what no file does, so
    that a row in doubt is none.
    """
    head, *below = rows[: _JUDGED + 1]
    below = [row for row in below if row != head]
    alike = [row for row in below if len(row) == len(head)]
    if len(head) < 2 or not alike or len(alike) < _MOST * len(below):
        return False
    columns = [[cell for cell in column if cell] for column in zip(*alike, strict=True)]
    named = [cell for cell in head if cell]
    filled = sum(bool(name or cells) for name, cells in zip(head, columns, strict=True))
    if not 2 * len(named) >= filled or len(set(named)) < max(2, len(named) / 3):
        return False
    if any(name in cells for name, cells in zip(head, columns, strict=True)):
        return False
    if is_a_day_of_many(head, columns):
        return False
    of_two = filled == 2 and not all(map(_are_figures, columns))
    if of_two and len(named) == 2 and named[0][0].isupper() and named[1][0].islower():
        return False
    return all(map(names_a_column, named)) and any(
        _has_figures(name, cells, of_two=of_two) or _has_kinds(name, cells)
        for name, cells in zip(head, columns, strict=True)
        if name
    )


def names_a_column(cell: str) -> bool:
    """Whether a cell of words, or of a year, may be the name of a column."""
    is_word = not is_figure(cell) or bool(_YEAR.match(cell))
    ends = cell[-1] in ".!?;," and not _ABBREVIATED.fullmatch(cell)
    return is_word and is_short_name(cell) and not ends


def is_a_day_of_many(head: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether some cell of a row is a weekday or a month, and most cells in its column are too."""
    return any(
        _CALENDAR.match(name)
        and 2 * sum(bool(_CALENDAR.match(cell)) for cell in cells) > len(cells)
        for name, cells in zip(head, columns, strict=True)
        if name and cells
    )


def is_short_name(cell: str) -> bool:
    """Whether a cell is no longer than what a column is called."""
    return len(cell) <= _LONGEST


def is_figure(cell: str) -> bool:
    """Whether a cell is a figure, a day, an address or nothing to say, and no words."""
    return bool(_FIGURE.fullmatch(cell))


def _has_figures(name: str, cells: Sequence[str], *, of_two: bool) -> bool:
    """Whether these cells are figures below a name that is none."""
    if not _are_figures(cells):
        return False
    figures = [cell for cell in cells if is_figure(cell)]
    if _YEAR.match(name) and all(map(_YEAR.match, figures)):
        return False
    shapes = {_NUMBER.sub("0", cell) for cell in figures}
    return not of_two or (len(figures) > 1 and len(shapes) == 1)


def _are_figures(cells: Sequence[str]) -> bool:
    """Whether there are figures among these cells, and hardly anything else."""
    figures = sum(map(is_figure, cells))
    return figures > 0 and figures >= _MOST * len(cells)


def _has_kinds(name: str, cells: Sequence[str]) -> bool:
    """Whether nearly all these cells come again, as kinds do: a record's would be one of them."""
    counts = Counter(cells)
    again = sum(number for number in counts.values() if number > 1)
    return len(cells) >= _FEWEST_OF_A_KIND and name not in counts and again >= _MOST * len(cells)
