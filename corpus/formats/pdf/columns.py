"""The columns of a printed page, in the order in which they are read."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from corpus.formats.pdf.page_layout import PdfPage, TextRun, joined_line, text_rows, usual_size
from corpus.formats.pdf.tables import lines_with_tables


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of a page that are read from top to bottom; `side_by_side` if it has a neighbour."""

    page: int
    lines: list[TextRun]
    side_by_side: bool


_GUTTER = 0.8  # in ems: the narrowest space between two columns
_COLUMN_LINES = 4  # fewer lines side by side are a table or a letterhead
_COLUMN_WORDS = 3  # in a usual line of a column; fewer are the cells of a table
_FILLED = 0.6  # how much of its column a usual line of running text fills
_GOING_ON = 0.1  # of the lines of text that begin in small letters; cells of a table do not
_HEAD_GAP = 1.5  # in ems, between two lines: over the columns
_MASTHEAD_GAP = 2.2  # in ems, from the last line of a head to the first ones of the columns
_DEPTH = 3  # a page is divided in two, and each half again
_BINS = 500
_LARGE = 1.15  # times the size of the text: a heading, which may go over all columns
_TEXT = 0.2  # of the characters of a page: a size in which text is set
_OUTLIERS = 0.03  # of the runs of a column: may stand out of it
_APART = 4.0  # in ems, between the left and the right part of a letterhead
_LETTERHEAD = 6  # lines


def columns(page: PdfPage) -> list[Column]:
    """The columns of a page in reading order."""
    found: list[Column] = []
    least = _COLUMN_LINES if page.number == 1 else 2  # the last page may hold a few words
    for side_by_side, block in _divided(page.runs, _text_size(page.runs), least, _DEPTH):
        rows = text_rows(block)
        lines = lines_with_tables(rows)
        if page.number == 1 and not found and not any(line.cells for line in lines):
            head = [part for row in rows[:_LETTERHEAD] for part in _parts(row)]
            lines = [joined_line(row) for row in head + rows[_LETTERHEAD:]]
        found.append(Column(page.number, lines, side_by_side))
    return found


def _text_size(runs: list[TextRun]) -> float:
    """The size of the text of a page, of which the notes in small type may be the larger part.

    A larger type in which no sentence goes on from line to line is that of a table or of headings.
    """
    by_size: defaultdict[float, list[TextRun]] = defaultdict(list)
    for run in runs:
        by_size[round(run.size * 2) / 2].append(run)
    usual = usual_size(runs)
    least = _TEXT * sum(len(run.text) for run in runs)
    return max(
        (
            size
            for size, found in by_size.items()
            if usual < size < 2 * usual
            and sum(len(run.text) for run in found) >= least
            and median(len(run.text.split()) for run in found) >= _COLUMN_WORDS
            and _goes_on(found)
        ),
        default=usual,
    )


def _goes_on(lines: list[TextRun]) -> bool:
    """Whether these are lines of text, in which sentences go on, and no cells of a table."""
    return sum(line.text[0].islower() for line in lines) > _GOING_ON * len(lines)


def _parts(row: list[TextRun], gap: float = _APART, least: int = 6) -> Iterator[list[TextRun]]:
    """The parts of a line, as of a letterhead, with wide gaps between; `gap` is in ems."""
    start = 0
    for place in range(1, len(row)):
        apart = row[place].left - row[place - 1].right
        if apart > gap * row[place].size and len(joined_line(row[start:place]).text) > least:
            yield row[start:place]
            start = place
    yield row[start:]


def _divided(
    runs: list[TextRun], size: float, least: int, depth: int
) -> list[tuple[bool, list[TextRun]]]:
    """The runs in blocks, in reading order, and whether a block has another at its side."""
    rows = text_rows(runs)
    if not depth or len(rows) < least:
        return [(False, runs)]
    text = [row for row in rows if row[0].size <= _LARGE * size]
    gutter = _gutter(text or rows)
    blocks: list[tuple[bool, list[TextRun]]] = []
    bands = list(_bands(rows, gutter, size))
    if least == _COLUMN_LINES and depth == _DEPTH:  # the first page as a whole
        head = _masthead_rows(bands[0], gutter, size)
        bands[:1] = [part for part in (bands[0][:head], bands[0][head:]) if part]
    for band in bands:
        block = [run for row in band for run in row]
        left, right = _sides(band, gutter)
        if len(left) + len(right) == len(block) and _are_columns(left, right, size, least):
            for side in (left, right):
                blocks += [(True, part) for _, part in _divided(side, size, least, depth - 1)]
        elif blocks and not blocks[-1][0]:
            blocks[-1][1].extend(block)
        else:
            blocks.append((False, block))
    return blocks


def _bands(rows: list[list[TextRun]], gutter: float, size: float) -> Iterator[list[list[TextRun]]]:
    """Rows that may be in columns at this gutter, and rows that go over them."""
    for over, band in groupby(rows, key=lambda row: _is_over(row, gutter, size)):
        found = list(band)
        start = 0
        if not over:  # a date at the right: the text begins below it, on the left
            left = (n for n, row in enumerate(found) if row[0].left < gutter)
            start = next(left, 0)
            below = (row[-1].base for row in found[start:] if row[-1].left > gutter)
            if start and next(below, math.inf) - found[start - 1][0].base < _HEAD_GAP * size:
                start = 0
        yield from (part for part in (found[:start], found[start:]) if part)


def _masthead_rows(rows: list[list[TextRun]], gutter: float, size: float) -> int:
    """How many rows are a head over columns, below which these begin at one height."""
    for place in range(1, min(_LETTERHEAD + 1, len(rows))):
        begins = rows[place][0].left < gutter < rows[place][-1].right
        if begins and rows[place][0].base - rows[place - 1][0].base > _MASTHEAD_GAP * size:
            head, below = (_sides(part, gutter) for part in (rows[:place], rows[place:]))
            is_head = _are_columns(*below, size, _COLUMN_LINES) and not _are_columns(*head, size, 2)
            return place if is_head else 0
    return 0


def _sides(rows: list[list[TextRun]], gutter: float) -> tuple[list[TextRun], list[TextRun]]:
    """The runs on the left and on the right of a gutter."""
    runs = [run for row in rows for run in row]
    left = [run for run in runs if run.right <= gutter]
    return left, [run for run in runs if run.left >= gutter]


def _is_over(row: list[TextRun], gutter: float, size: float) -> bool:
    """Whether a row crosses the gutter, or is a heading that has a space there by chance."""
    if row[0].left < gutter < row[-1].right and min(run.size for run in row) > _LARGE * size:
        return True
    return any(run.left < gutter < run.right for run in row)


def _gutter(rows: list[list[TextRun]]) -> float:
    """The place, not near a margin, that the fewest lines cross; the middle of the widest."""
    left = min(run.left for row in rows for run in row)
    right = max(run.right for row in rows for run in row)
    step = max(right - left, 1.0) / _BINS
    changes = [0] * (_BINS + 2)
    for row in rows:
        for run in row:
            changes[max(0, int((run.left - left) / step))] += 1
            changes[min(_BINS, int((run.right - left) / step)) + 1] -= 1
    covered, depth = [], 0
    for change in changes[: _BINS + 1]:
        depth += change
        covered.append(depth)
    inner = covered[_BINS * 15 // 100 : _BINS * 85 // 100]
    least, widest, start = min(inner), (0, 0), 0
    for covers, group in groupby(inner):
        length = len(list(group))
        if covers == least and length > widest[0]:
            widest = (length, start)
        start += length
    return left + (_BINS * 15 // 100 + widest[1] + widest[0] / 2) * step


def _are_columns(left: list[TextRun], right: list[TextRun], size: float, least: int) -> bool:
    """Whether two blocks side by side are running text, which is read one after the other."""
    if not left or not right:
        return False
    ends, begins = sorted(run.right for run in left), sorted(run.left for run in right)
    standing_out = int(_OUTLIERS * len(left)), int(_OUTLIERS * len(right))
    if begins[standing_out[1]] - ends[-1 - standing_out[0]] < _GUTTER * size:
        return False
    sides = [text_rows(side) for side in (left, right)]
    return len(sides[0]) >= least and len(sides[1]) >= 1 and all(map(_is_running, sides))


def _is_running(rows: list[list[TextRun]]) -> bool:
    """Whether lines are running text, which may be in columns again; sentences go on in those."""
    whole = [joined_line(row) for row in rows]
    if sum(any(map(str.isalpha, line.text)) for line in whole) * 2 <= len(whole):
        return False  # the figures of a table
    parts = [joined_line(part) for row in rows for part in _parts(row, _GUTTER, 0)]
    width = max(line.right for line in whole) - min(line.left for line in whole)
    if _goes_on(parts):  # a few lines stand out, or go over two columns
        width = min(width, sorted(_width(part) for part in parts)[len(parts) * 9 // 10])
    return any(
        median(map(_width, lines)) >= _FILLED * width
        and median(len(line.text.split()) for line in lines) >= _COLUMN_WORDS
        for lines in (whole, parts)
    )


def _width(line: TextRun) -> float:
    return line.right - line.left
