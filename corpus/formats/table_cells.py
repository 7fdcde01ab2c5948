"""The rows of a table as a file has them, and which of them head its columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple, Self

from corpus.release.headings import tells
from corpus.text.table_heads import (
    first_row_is_head,
    is_a_day_of_many,
    is_short_name,
    names_a_column,
)

MOST_COLUMNS = 100
"""What a cell may reach over: Word has 63 columns."""

_MOST_HEADS = 3  # rows
_JUDGED = 50  # rows
_FEW = 0.2  # of the rows below a bold head are sums, or heads again
_LONGEST_GROUP = 100
_SENTENCE = re.compile(r"[.!?:;]$")
_PARAGRAPHS_OF_LAYOUT = 8  # in a cell: what holds so many, and as many words, is a part of a page
_WORDS_OF_LAYOUT = 1_200  # characters


class Cell(NamedTuple):
    """A cell of a table: its words, over how many columns, and whether it is the one above it."""

    text: str
    columns: int = 1
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, whether it heads the columns, and whether all its words are bold."""

    cells: Sequence[Cell]
    is_head: bool = False
    strong: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], *, strong: bool = False) -> Self:
        """A row of cells that each have a column of their own."""
        return cls([Cell(" ".join(text.split())) for text in texts], strong=strong)

    @property
    def words(self) -> list[str]:
        """The words of the cells that begin in the row and have any."""
        return [cell.text for cell in self.cells if cell.text and not cell.goes_on]

    @property
    def width(self) -> int:
        """The columns that its cells reach over."""
        return sum(cell.columns for cell in self.cells)

    def in_columns(self, width: int) -> list[str]:
        """The words of each column, those of a wide cell in its first one."""
        columns: list[str] = []
        for cell in self.cells:
            columns += ["" if cell.goes_on else cell.text, *[""] * (cell.columns - 1)]
        return columns + [""] * (width - len(columns))


def reach(stated: str | None, least: int = 1) -> int:
    """Over how many rows or columns a cell reaches, by what its file states."""
    counted = int(stated) if stated and re.fullmatch(r"\d{1,6}", stated.strip()) else least
    return min(max(least, counted), MOST_COLUMNS)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell by its place: the first row and column, and how many of each it reaches over."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


def placed_rows(cells: Iterable[Placed]) -> list[Row]:
    """The rows of these cells, in which those that reach down go on, and no column is missing."""
    rows: dict[int, dict[int, Cell]] = {}
    for each in cells:
        columns = min(max(1, each.columns), MOST_COLUMNS)
        for down in range(min(max(1, each.rows), MOST_COLUMNS)):
            text = "" if down else " ".join(each.text.split())
            cell = Cell(text, columns, goes_on=down > 0)
            rows.setdefault(each.row + down, {})[each.column] = cell
    return [Row(list(_without_gaps(rows[number]))) for number in sorted(rows)]


def _without_gaps(cells: dict[int, Cell]) -> Iterable[Cell]:
    at = 0
    for column, cell in sorted(cells.items()):
        if column >= at:
            yield from [Cell("")] * min(column - at, MOST_COLUMNS)
            yield cell
            at = column + cell.columns


def head_rows(rows: Sequence[Row]) -> int:
    """How many rows above a table head its columns: those marked so, or that alone are bold, or a
    row that names what stands below, with rows above it that left some of its columns open."""
    marked = sum(1 for _ in takewhile(lambda row: row.is_head, rows))
    if marked or len(rows) < 2:
        return marked if marked < len(rows) else 0
    if strong := _strong_heads(rows):
        return strong
    rows = rows[: next(new_heads(rows, 1), len(rows))]
    width = max(row.width for row in rows)
    heads, taken = 0, set[int]()
    for number, row in enumerate(rows[:_MOST_HEADS]):
        columns = row.in_columns(width)
        filled = {at for at, cell in enumerate(columns) if cell}
        opens = len(filled) > 1 and not filled <= taken
        if (number and not opens) or not all(map(names_a_column, row.words)):
            break
        taken |= filled
        if first_row_is_head([columns, *(each.in_columns(width) for each in rows[number + 1 :])]):
            heads = number + 1
    return heads


def new_heads(rows: Sequence[Row], heads: int) -> Iterator[int]:
    """Where rows below these heads name the columns anew."""
    for at in range(heads + 1, len(rows) - 1):
        if names_anew(rows, at, rows[heads - 1]):
            yield at


def names_anew(rows: Sequence[Row], at: int, head: Row) -> bool:
    """Whether a row names the columns anew, from the same first one on, as `Name`, `2022` does
    where `Name`, `2020` stands above."""
    row = rows[at]
    if len(row.words) < 2 or not head.cells or row.cells[0].text != head.cells[0].text:
        return False
    if not row.cells[0].text or repeats(row, head) or not all(map(names_a_column, row.words)):
        return False
    below = rows[at : at + _JUDGED]
    width = max(each.width for each in below)
    return first_row_is_head([each.in_columns(width) for each in below])


def _strong_heads(rows: Sequence[Row]) -> int:
    """How many rows above a table are bold, if hardly any other one is, and what they say is not
    said below them."""
    strong = sum(1 for _ in takewhile(lambda row: row.strong, rows))
    if not 0 < strong <= _MOST_HEADS or max(len(row.words) for row in rows[:strong]) < 2:
        return 0
    words = [each for row in rows[:strong] for each in row.words]
    if not all(map(is_short_name if strong == 1 else names_a_column, words)):
        return 0
    below = rows[strong:]
    if not below or sum(row.strong for row in below) > _FEW * len(below):
        return 0
    width = max(row.width for row in rows)
    columns = [
        [cell for cell in column if cell]
        for column in zip(*(row.in_columns(width) for row in below), strict=True)
    ]
    if is_a_day_of_many(rows[strong - 1].in_columns(width), columns):
        return 0
    return 0 if is_record(rows[strong - 1], below) else strong


def is_record(row: Row, others: Sequence[Row]) -> bool:
    """Whether most other rows, which do not repeat it, have a cell of this row in its column."""
    width = max(row.width, *(each.width for each in others))
    own = row.in_columns(width)
    alike = sum(
        any(cell and cell == mine for cell, mine in zip(each.in_columns(width), own, strict=True))
        for each in others
        if not repeats(each, row)
    )
    return 2 * alike > len(others)


def names_a_group(text: str) -> bool:
    """Whether words that stand alone in a row say what the rows below are about; most of a sentence
    does not, and with a figure it may do both."""
    if len(text) > _LONGEST_GROUP or _SENTENCE.search(text):
        return False
    return any(character.isdigit() for character in text) or not tells(text)


def is_across(row: Row, width: int) -> bool:
    """Whether a row is one cell over all columns that names what the rows below it are about."""
    return len(row.cells) == 1 and row.width >= width > 1 and names_a_group(row.cells[0].text)


def repeats(row: Row, head: Row) -> bool:
    """Whether a row says again what the columns are called, as on a new page."""
    names = {cell.text for cell in head.cells}
    if next((cell.text for cell in row.cells if cell.text), "") not in names:
        return False
    width = max(row.width, head.width)
    pairs = [
        (cell, name)
        for cell, name in zip(row.in_columns(width), head.in_columns(width), strict=True)
        if cell
    ]
    return len(pairs) > 1 and all(cell == name for cell, name in pairs)


def is_remark(row: Row) -> bool:
    """Whether a row is a sentence in its first cell, which is below no column's name."""
    return len(row.words) == 1 and bool(row.cells[0].text) and not names_a_group(row.cells[0].text)


def is_layout(rows: Sequence[Row], paragraphs: Sequence[Sequence[int]]) -> bool:
    """Whether a table only places what it holds on the page, by the paragraphs of each cell.

    It has one column, or one row of several paragraphs, or no head and cells like pages.
    """
    longest = max((number for row in paragraphs for number in row), default=0)
    if all(len(row) == 1 for row in paragraphs) or (len(rows) == 1 and longest > 1):
        return True
    is_page = any(
        number >= _PARAGRAPHS_OF_LAYOUT and len(cell.text) >= _WORDS_OF_LAYOUT
        for row, numbers in zip(rows, paragraphs, strict=True)
        for cell, number in zip(row.cells, numbers, strict=False)
    )
    return is_page and not head_rows(rows)
