"""The tables of a sheet: it may hold several, one below the other and side by side.

A head names the columns of the rows below it, up to the next head or an empty row; beyond that only
of rows whose figures and words stand in the same columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.formats.rendering import Rendering
from corpus.formats.table_cells import (
    Cell,
    Row,
    head_rows,
    is_record,
    names_a_group,
    names_anew,
    repeats,
)
from corpus.text.table_heads import first_row_is_head, is_figure, names_a_column

_JUDGED = 50  # rows
_MOST_TITLES = 2  # lines above a table: more are words of their own
_MOST_BLOCKS = 20  # side by side: more gaps are those of a form


@dataclass(slots=True)
class _Table:
    """A table of a sheet: the lines that stand above it, its rows, how many of these are heads, and
    the columns that they reach over."""

    column: int
    lines: list[str]
    rows: list[Row]
    heads: int
    width: int


def render_sheet(rows: Sequence[Row], rendering: Rendering) -> bool:
    """Renders the rows of a sheet, empty ones among them; whether it begins with a title."""
    tables = list(_tables(rows))
    has_rows = any(table.rows for table in tables)
    titled = has_rows and bool(tables[0].lines)
    for number, table in enumerate(tables):
        lines = list(table.lines)
        if titled and number == 0:
            rendering.paragraph(lines.pop(0), level=1)
        group = _titles(table, lines)
        for at, line in enumerate(lines):
            if at >= len(lines) - len(group):
                rendering.group(line, names_rows=table.heads > 0)
            else:
                rendering.paragraph(line, literal=bool(table.rows) or not has_rows)
        rendering.table(table.rows, table.heads, " · ".join(group))
    return titled


def _titles(table: _Table, lines: Sequence[str]) -> Sequence[str]:
    """Those of the lines above a table that say what its rows are about: both of two, else the one
    directly above its head; where no row is a head, a line that stands there alone."""
    if not table.rows or (len(lines) > 1 and not table.heads):
        return []
    if len(lines) == _MOST_TITLES and all(map(names_a_group, lines)):
        return lines
    return [*filter(names_a_group, lines[-1:])]


def _tables(rows: Sequence[Row]) -> Iterator[_Table]:
    open_tables: dict[int, _Table] = {}
    for filled, band in groupby(rows, lambda row: bool(row.words)):
        for column, block in _side_by_side(list(band)) if filled else ():
            for table in _in_block(column, block):
                before = open_tables.get(column)
                if before and _goes_on(before, table):
                    before.width = max(before.width, table.width)
                    before.rows += [Row([Cell(each, before.width)]) for each in table.lines]
                    before.rows += table.rows
                else:
                    if before:
                        yield open_tables.pop(column)
                    open_tables[column] = table
    yield from open_tables.values()


def _in_block(column: int, rows: Sequence[Row]) -> Iterator[_Table]:
    """The tables in rows without an empty one among them."""
    begins = 0
    while begins < len(rows):
        first = next((n for n in range(begins, len(rows)) if len(rows[n].words) > 1), len(rows))
        heads = head_rows(rows[first : first + _JUDGED])
        ends = _next_head(rows, first, heads)
        lines = [row.words[0] for row in rows[begins:first]]
        width = max((row.width for row in rows[first:ends]), default=0)
        yield _Table(column, lines, list(rows[first:ends]), heads, width)
        begins = ends


def _next_head(rows: Sequence[Row], first: int, heads: int) -> int:
    """Where the next table begins: with a head that names other columns too, that is bold, or that
    stands below a line of its own."""
    head = rows[first + heads - 1] if heads else Row([])
    names = set(head.words)
    for at in range(first + max(1, heads), len(rows) - 1):
        row, alone = rows[at], len(rows[at - 1].words) == 1
        if len(row.words) < 2 or not all(map(names_a_column, row.words)):
            continue
        if not alone and repeats(row, head):
            continue
        if names_anew(rows, at, head):
            return at - alone
        again = len(names.intersection(row.words))
        if again > 1 and 2 * again >= len(row.words):
            return at - alone
        bold = row.strong and not rows[at - 1].strong and not rows[at + 1].strong
        around = [*rows[max(first, at - _JUDGED) : at], *rows[at + 1 : at + _JUDGED]]
        if (
            (bold or alone)
            and _heads_columns(rows[at : at + _JUDGED])
            and not is_record(row, around)
        ):
            return at - alone
    return len(rows)


def _heads_columns(rows: Sequence[Row]) -> bool:
    width = max(row.width for row in rows)
    return first_row_is_head([row.in_columns(width) for row in rows])


def _side_by_side(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    """The blocks of rows with an empty column between them that are tables each, and where they
    begin: a column may be empty in one table too, and may only keep its columns apart."""
    width = max(row.width for row in rows)
    taken = {at for row in rows for at, cell in enumerate(row.in_columns(row.width)) if cell}
    starts = sorted(at for at in taken if at - 1 not in taken)
    starts = starts if len(starts) <= _MOST_BLOCKS else []
    begins = 0
    for at in starts[1:]:
        left, right = (_columns(rows, begins, at), _columns(rows, at, width))
        if not (_is_table(left) and _is_table(right)) or all(map(is_figure, right[-1].words[:1])):
            continue
        if at - 2 not in taken or not _in_step(rows, begins, at):
            yield begins, left
            begins = at
    yield begins, _columns(rows, begins, width) if begins else rows


def _in_step(rows: Sequence[Row], begins: int, at: int) -> bool:
    """Whether what stands left and right of a column begins and ends in the same rows, below one
    head that calls no two columns the same: then the rows are those of one table."""
    several = [row for row in rows if len(row.words) > 1]
    first, last = several[0], several[-1]
    parts = [(_columns([row], begins, at), _columns([row], at, row.width)) for row in (first, last)]
    if not all(left and right for left, right in parts):
        return False
    left, right = (each[0].words for each in parts[0])
    right_rows = _columns(several, at, max(row.width for row in several))
    return (
        min(len(left), len(right)) > 1
        and set(left).isdisjoint(right)
        and len(list(_in_block(at, right_rows))) == 1
    )


def _columns(rows: Iterable[Row], begins: int, ends: int) -> list[Row]:
    """The part of rows in these columns."""
    parts: list[Row] = []
    for row in rows:
        column, cells = 0, []
        for cell in row.cells:
            cells += [cell] if begins <= column < ends else []
            column += cell.columns
        if any(cell.text for cell in cells):
            parts.append(replace(row, cells=cells))
    return parts


def _is_table(rows: Sequence[Row]) -> bool:
    first = next((n for n, row in enumerate(rows) if len(row.words) > 1), len(rows))
    return len(rows) - first > 1 and head_rows(rows[first : first + _JUDGED]) > 0


def _goes_on(before: _Table, table: _Table) -> bool:
    """Whether rows below an empty one belong to the head above it: in each column that has figures
    there, and in no other, they have figures too."""
    if not before.heads or table.heads or not table.rows:
        return False
    if len(table.lines) > _MOST_TITLES or not all(map(names_a_group, table.lines)):
        return False
    above = _kinds(before.rows[before.heads : before.heads + _JUDGED])
    below = _kinds(table.rows[:_JUDGED])
    shared = above.keys() & below.keys()
    alike = all(above[column] == below[column] for column in shared)
    return alike and below.keys() <= above.keys() and any(above[column] for column in shared)


def _kinds(rows: Sequence[Row]) -> dict[int, bool]:
    """Of each column that has words whether most of these are figures."""
    width = max((row.width for row in rows), default=0)
    grid = [row.in_columns(width) for row in rows]
    columns = [[cell for cell in column if cell] for column in zip(*grid, strict=True)]
    return {
        at: 2 * sum(map(is_figure, cells)) > len(cells) for at, cells in enumerate(columns) if cells
    }
