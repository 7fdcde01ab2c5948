"""Tables on a printed page: rows one below the other whose cells stand in columns."""

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.formats.pdf.page_layout import TextRun, joined_line
from corpus.text.logical_lines import starts_block

Row = list[TextRun]

_CELL_GAP = 1.2  # in ems: no space between two words of a line is wider
_NEXT_ROW = 4.0  # in ems, from one row to the next
_ROWS = {2: 3}  # of two cells there must be three; more cells in two rows are no chance
_HEAD_ROWS = 4
_MARKER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.\d{1,3})*[.)]?|[^\w\s]{1,2}")
"""What may stand before a paragraph, with a space behind it that is as wide as between cells."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?\D?")


def lines_with_tables(rows: list[Row]) -> list[TextRun]:
    """One run for each line of a block; a table's rows have tabs between their cells."""
    lines: list[TextRun] = []
    place = 0
    while place < len(rows):
        table = _table(rows, place)
        if table:
            goes_on = place > 0 and _is_data(rows[place - 1], table[0])
            lines += map(_row, table) if goes_on else _printed(table)
            place += len(table)
        else:
            lines.append(joined_line(rows[place]))
            place += 1
    return lines


def _cells(row: Row) -> Row:
    """The cells of a row, or fewer than two where it is a line of text."""
    cells: list[Row] = [row[:1]]
    for run in row[1:]:
        last = cells[-1][-1]
        if run.left - last.right > _CELL_GAP * max(run.size, last.size):
            cells.append([run])
        else:
            cells[-1].append(run)
    joined = [joined_line(cell) for cell in cells]
    marked = starts_block(f"{joined[0].text} x") or _MARKER.fullmatch(joined[0].text)
    return joined[:1] if len(joined) == 2 and marked else joined


def _table(rows: list[Row], start: int) -> list[Row]:
    """The rows of the table that begins with this row, as cells; none where there is no table.

    A line of one cell may stand between two rows: it names those below, or goes on with the one
    above.
    """
    table: list[Row] = []
    last: Row = []
    for place in range(start, len(rows)):
        cells = _cells(rows[place])
        if table and cells[0].base - table[-1][0].base > _NEXT_ROW * cells[0].size:
            break
        if len(table) > 1 and len(table[-1]) == 1 and _begins_table(cells, rows[place + 1 :]):
            break
        if len(cells) > 1 and (not last or _are_aligned(last, cells)):
            last = cells
        elif not last or len(table[-1]) == 1 or len(cells) > 1:
            break
        table.append(cells)
    while table and len(table[-1]) == 1:
        table.pop()
    whole = [row for row in table if len(row) > 1]
    most = max(map(len, whole), default=0)
    return table if len(whole) >= _ROWS.get(most, 2) else []


def _begins_table(cells: Row, below: list[Row]) -> bool:
    """Whether a row below a line of its own names the columns of another table.

    It has nothing over the labels at the left of these.
    """
    return (
        bool(below)
        and below[0][0].right < cells[0].left
        and _names_columns(cells, [_cells(row) for row in below[:_HEAD_ROWS]])
    )


def _is_data(row: Row, below: Row) -> bool:
    """Whether the row right above a table holds a figure: what is below it is no head."""
    near = below[0].base - row[0].base < _NEXT_ROW / 2 * row[0].size
    return near and any(
        _has_figure(run) and not any(map(str.isalpha, run.text)) and not _YEAR.fullmatch(run.text)
        for run in row[1:]
    )


def _are_aligned(one: Row, other: Row) -> bool:
    """Whether the cells of two rows, but for the first ones, stand below each other."""
    fewer, more = sorted((one, other), key=len)
    return all(sum(_overlap(cell, each) for each in more) == 1 for cell in (fewer[1:] or fewer))


def _overlap(one: TextRun, other: TextRun) -> bool:
    return one.left < other.right and other.left < one.right


def _printed(table: list[Row]) -> Iterator[TextRun]:
    """The rows of a table as lines, below the one that heads its columns."""
    count = _head_rows(table)
    if not count:
        yield from map(_row, table)
        return
    places = _column_places(table[count:])
    head = _merged(table[:count], places)
    yield replace(head, column_head=True, columns=head.text)
    for row in table[count:]:
        yield replace(_merged([row], places), columns=head.text) if len(row) > 1 else _row(row)


def _row(cells: Row) -> TextRun:
    return replace(
        joined_line(cells), text="\t".join(cell.text for cell in cells), cells=len(cells)
    )


def _head_rows(table: list[Row]) -> int:
    """How many rows at the top name the columns: without figures, over rows that have some."""
    count = 0
    while count < min(_HEAD_ROWS, len(table)) and _names_columns(table[count], table[count + 1 :]):
        count += 1
    return count if len(table) - count > 1 else 0


def _names_columns(row: Row, below: list[Row]) -> bool:
    rows = [each for each in below if len(each) > 1]
    if not rows or len(row) == 1:
        return False
    figures = sum(any(_has_figure(cell) for cell in each[1:]) for each in rows)
    if all(_YEAR.fullmatch(cell.text) for cell in row[1:]):
        return not all(_YEAR.fullmatch(cell.text) for cell in rows[0][1:])
    if all(cell.bold for cell in row) and not any(cell.bold for cell in rows[-1]):
        return True
    return figures * 2 > len(rows) and not any(_has_figure(cell) for cell in row)


def _has_figure(cell: TextRun) -> bool:
    return any(map(str.isdigit, cell.text))


def _column_places(rows: list[Row]) -> list[tuple[float, float]]:
    """From where to where each column goes."""
    places: list[tuple[float, float]] = []
    cells = (cell for row in rows if len(row) > 1 for cell in row)
    for cell in sorted(cells, key=lambda each: each.left):
        if places and cell.left < places[-1][1]:
            places[-1] = places[-1][0], max(places[-1][1], cell.right)
        else:
            places.append((cell.left, cell.right))
    return places


def _merged(rows: list[Row], places: list[tuple[float, float]]) -> TextRun:
    """One row of several, of which each has a part of what is in its columns, each in its place."""
    texts: list[list[str]] = [[] for _ in places]
    for cell in (cell for row in rows for cell in row):
        middle = (cell.left + cell.right) / 2
        near = min(range(len(places)), key=lambda n: _apart(middle, places[n]))
        texts[near].append(cell.text)
    line = joined_line(rows[0])
    return replace(line, text="\t".join(map(" ".join, texts)), cells=len(places))


def _apart(middle: float, place: tuple[float, float]) -> float:
    return max(place[0] - middle, middle - place[1], 0.0)
