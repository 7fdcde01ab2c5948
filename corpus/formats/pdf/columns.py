"""The columns of a printed page, in the order in which they are read."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from corpus.formats.pdf.page_layout import PdfPage, TextRun, joined_line, text_rows, usual_size


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
_HEAD_GAP = 1.5  # in ems, between two lines: over the columns
_DEPTH = 3  # a page is divided in two, and each half again
_BINS = 500
_LARGE = 1.15  # times the size of the text: a heading, which may go over all columns
_APART = 4.0  # in ems, between the left and the right part of a letterhead
_LETTERHEAD = 6  # lines


def columns(page: PdfPage) -> list[Column]:
    """The columns of a page in reading order."""
    found: list[Column] = []
    least = _COLUMN_LINES if page.number == 1 else 2  # the last page may hold a few words
    for side_by_side, block in _divided(page.runs, usual_size(page.runs), least, _DEPTH):
        rows = text_rows(block)
        if page.number == 1 and not found:
            head = [part for row in rows[:_LETTERHEAD] for part in _parts(row)]
            rows = head + rows[_LETTERHEAD:]
        found.append(Column(page.number, [joined_line(row) for row in rows], side_by_side))
    return found


def _parts(row: list[TextRun]) -> Iterator[list[TextRun]]:
    """The left and the right part of a line of a letterhead."""
    start = 0
    for place in range(1, len(row)):
        apart = row[place].left - row[place - 1].right
        if apart > _APART * row[place].size and len(joined_line(row[start:place]).text) > 6:
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
    for band in _bands(rows, gutter, size):
        block = [run for row in band for run in row]
        left = [run for run in block if run.right <= gutter]
        right = [run for run in block if run.left >= gutter]
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
    if min(run.left for run in right) - max(run.right for run in left) < _GUTTER * size:
        return False
    sides = [[joined_line(row) for row in text_rows(side)] for side in (left, right)]
    return len(sides[0]) >= least and len(sides[1]) >= 1 and all(map(_is_running, sides))


def _is_running(lines: list[TextRun]) -> bool:
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = median(line.right - line.left for line in lines)
    words = median(len(line.text.split()) for line in lines)
    return filled >= _FILLED * width and words >= _COLUMN_WORDS
