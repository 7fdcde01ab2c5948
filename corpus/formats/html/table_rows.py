"""The rows of a table: their cells, and the head of the columns in which these stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.formats.html.page_elements import TextBlock
from corpus.text.table_heads import first_row_is_head

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_WIDEST = 100  # columns: a page can claim a thousand for each cell
_LONGEST_CELL = 300  # characters of a cell of several paragraphs: what is longer is prose
_LONGEST_GROUP = 100
_SENTENCE = re.compile(r"[.!?;]$")


@dataclass(slots=True)
class Cell:
    """A cell: where its blocks begin, whether it is a `th`, and how far it reaches."""

    start: int
    is_head: bool = False
    columns: int = 1
    rows: int = 1
    blocks: list[TextBlock] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(" ".join(block.text for block in self.blocks).split())


@dataclass(slots=True)
class Row:
    """A row, and whether it stands in the head of its table."""

    in_head: bool = False
    cells: list[Cell] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class OpenTable:
    """A table that is being read: where its blocks begin, and its rows."""

    start: int = 0
    rows: list[Row] = field(default_factory=list)
    _in_head: bool = False
    _in_row: bool = False

    def begin(self, tag: str) -> None:
        """Its head or a row begins."""
        if tag == "thead":
            self._in_head = True
        else:
            self.rows.append(Row(self._in_head))
            self._in_row = True

    def add(self, cell: Cell) -> None:
        """A cell begins."""
        if self._in_row:
            self.rows[-1].cells.append(cell)

    def end(self, tag: str, at: int) -> None:
        """Its head, or a row whose blocks go on to here, ends."""
        if tag == "thead":
            self._in_head = False
        else:
            self.rows[-1].end = at
            self._in_row = False


def cell_of(node: "LexborNode", start: int) -> Cell:
    """The cell that an element begins."""
    attributes = node.attributes
    return Cell(
        start,
        node.tag == "th",
        min(_span(attributes.get("colspan")), _WIDEST),
        _span(attributes.get("rowspan")),
    )


def _span(value: str | None) -> int:
    match = re.match(r"\s*(\d{1,5})", value or "")
    return max(1, int(match[1])) if match else 1


def table_blocks(blocks: Sequence[TextBlock], start: int, rows: Sequence[Row]) -> list[TextBlock]:
    """The blocks from `start` on, in which these rows stand: one of each row whose cells are short;
    a table whose cells are not is layout, or prose."""
    filled = [row for row in rows if _fill(row, blocks)]
    reading = _TableReading(filled)
    made: list[TextBlock] = []
    for row in filled:
        made += blocks[start : row.cells[0].start]
        made += reading.blocks_of(row)
        start = row.end
    return [*made, *blocks[start:]]


def _fill(row: Row, blocks: Sequence[TextBlock]) -> bool:
    """Gives the cells their blocks; whether there are any."""
    ends = [each.start for each in row.cells[1:]] + [row.end]
    for cell, end in zip(row.cells, ends, strict=False):  # a row may have no cell
        cell.blocks = list(blocks[cell.start : end])
    return any(cell.blocks for cell in row.cells)


class _TableReading:
    """Reads the rows of a table from the first to the last."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._names: list[str] = []  # of the columns
        self._group = ""  # the row across the table above these
        self._reaching: dict[int, tuple[int, str]] = {}  # rows and words of what reaches down
        self._width = max((sum(cell.columns for cell in row.cells) for row in rows), default=0)
        records = sum(_is_record(row) for row in rows)
        self._is_data = records > 1 and 2 * records >= len(rows)
        self._heads = _head_rows(rows)
        self._left = len(rows)
        self._was_head = False

    def blocks_of(self, row: Row) -> list[TextBlock]:
        """The blocks of the next row."""
        self._left -= 1
        was_head, self._was_head = self._was_head, id(row) in self._heads
        if self._was_head != was_head:
            self._reaching = {}
        placed, reaching = self._placed(row)
        if not reaching and (across := self._across(row)):
            return [across]
        if self._was_head:
            self._name_columns(placed, below=was_head)
            return [TextBlock(_joined(row), literal=True, linked=_linked(row), column_head=True)]
        under = " · ".join(filter(None, [self._group, *reaching]))
        names = [self._name(at, cell) for at, cell in placed]
        is_part = bool(reaching) or (any(names) and len(row.cells) > 1)
        if _is_record(row, is_part=is_part, several=self._is_data or any(names)):
            text = _joined(row)
            first = next(n for n, cell in enumerate(row.cells) if cell.text)
            columns = "\t".join(names[first : first + text.count("\t") + 1])
            return [
                TextBlock(
                    text,
                    literal=True,
                    linked=_linked(row),
                    columns=columns.rstrip("\t"),
                    under=under,
                )
            ]
        for name, cell in zip(names, row.cells, strict=True):
            for block in cell.blocks:
                block.under = block.under or " · ".join(filter(None, [under, name]))
        return [block for cell in row.cells for block in cell.blocks]

    def _placed(self, row: Row) -> tuple[list[tuple[int, Cell]], list[str]]:
        """The cells with the columns in which they begin, and what reaches down into the row."""
        placed, column = list[tuple[int, Cell]](), 0
        reaching = {at: words for at, (_, words) in self._reaching.items()}
        self._reaching = {at: (n - 1, words) for at, (n, words) in self._reaching.items() if n > 1}
        for cell in row.cells:
            while column in reaching:
                column += 1
            placed.append((column, cell))
            end = min(column + cell.columns, _WIDEST)
            if cell.rows > 1:
                words = _named(self._name(column, cell), cell.text)
                self._reaching |= dict.fromkeys(range(column, end), (cell.rows - 1, words))
            column = end
        return placed, list(dict.fromkeys(words for _, words in sorted(reaching.items()) if words))

    def _name(self, column: int, cell: Cell) -> str:
        names = self._names[column : column + cell.columns]
        return " / ".join(dict.fromkeys(name for name in names if name))

    def _name_columns(self, placed: Sequence[tuple[int, Cell]], *, below: bool) -> None:
        """Takes the names of columns from a head; one `below` another names parts of those."""
        if not below:
            self._names = []
        for column, cell in placed:
            end = min(column + cell.columns, _WIDEST)
            self._names += [""] * (end - len(self._names))
            for at in range(column, end):
                self._names[at] = _named(self._names[at], cell.text, " ")

    def _across(self, row: Row) -> TextBlock | None:
        """A row of one cell that stands over the rows below it; with a figure it is a row too."""
        filled = [cell for cell in row.cells if cell.blocks]
        cell = filled[0]
        is_wide = len(row.cells) == 1 or cell.columns >= self._width
        if not (self._left and len(filled) == 1 and is_wide):
            return None
        is_head = id(row) in self._heads
        is_short = len(cell.text) <= _LONGEST_GROUP and not _SENTENCE.search(cell.text)
        if not (is_head or (self._is_data and is_short and len(cell.blocks) == 1)):
            return None
        self._group = cell.text
        has_figure = any(character.isdigit() for character in cell.text)
        return TextBlock(cell.text, literal=True, column_head=is_head or not has_figure)


def _named(name: str, words: str, between: str = ": ") -> str:
    return f"{name}{between}{words}" if name and words and name != words else name or words


def _joined(row: Row) -> str:
    return "\t".join(cell.text for cell in row.cells).strip("\t")


def _linked(row: Row) -> float:
    """The part of a row's letters that are in links."""
    blocks = [block for cell in row.cells for block in cell.blocks]
    letters = sum(len(block.text) for block in blocks)
    return sum(len(block.text) * block.linked for block in blocks) / max(1, letters)


def _is_record(row: Row, *, is_part: bool = False, several: bool = False) -> bool:
    """Whether the cells of a row are one record: each of one block, or of `several` short ones. One
    cell alone may only be a `part` of one."""
    filled = [cell for cell in row.cells if cell.blocks]
    return (len(filled) > 1 or is_part) and all(
        len(cell.blocks) == 1 or (several and _is_value(cell)) for cell in filled
    )


def _is_value(cell: Cell) -> bool:
    is_nested = any(each.level or each.column_head or "\t" in each.text for each in cell.blocks)
    return len(cell.text) <= _LONGEST_CELL and not is_nested


def _head_rows(rows: Sequence[Row]) -> set[int]:
    """Which rows are heads: those marked so, and where none of them names columns, the first record
    if only that is bold, or if it names what stands below."""
    marked = {id(row) for row in rows if row.in_head or all(cell.is_head for cell in row.cells)}
    if len(marked) == len(rows):
        return set()
    several = [row for row in rows if sum(bool(cell.blocks) for cell in row.cells) > 1]
    if any(id(row) in marked for row in several):
        return marked
    if len(several) < 2 or not all(map(_is_record, several)):
        return marked
    bold = [all(each.bold for cell in row.cells for each in cell.blocks) for row in several]
    if (bold[0] and not any(bold[1:])) or first_row_is_head(
        [[cell.text for cell in row.cells] for row in several]
    ):
        return {*marked, id(several[0])}
    return marked
