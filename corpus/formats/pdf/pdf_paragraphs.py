"""Printed lines become paragraphs, across the ends of columns and pages."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.columns import Column
from corpus.formats.pdf.page_layout import TextRun, usual_size
from corpus.text.logical_lines import BULLET, starts_block

_INDENT = 0.6  # in ems: less is a hanging quotation mark
_GAP = 1.15  # times the usual distance of two lines of a paragraph
_MORE = 1.3  # times the distance of the lines before
_LEADING = 1.3  # in ems: the distance of two lines where it cannot be measured
_CERTAIN = 3  # lines of a column that go on with a sentence: their distance is that of all
_OTHER_SIZE = 0.08
_LARGE = 1.15  # times the size of the text: a heading
_EDGE = 0.5  # in ems, from the margin that a justified line reaches
_CENTRED = 2.0  # in points, between the middles of two lines
_SPACES = 0.55  # in ems: some programs keep room for the space after a word
_OUTLIER = 4.0  # in ems, over the right margin of most lines
_ENDED = re.compile(r"(?:[.!?:;…][\"'”’»)\]]*(?:\[\d{1,3}\])?|[a-z\"'”’)]\.\d{1,2})$")
"""The end of a sentence, and the digits that call a note."""

_BROKEN = re.compile(r"[^\W\d_][-‐]$")
_LEADING_WORDS = frozenset(
    "a an and as at by for from had has have her his in into its nor of on or our than that the "
    "their these this those to was were which whose with".split()
)

NOTE = re.compile(r"(?:\[?\d{1,3}\]?[.)]?|[*†‡§]{1,3})\s*[\w“\"'‘(<]")
"""The mark that a note at the foot of a page begins with."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line in its column: `indent` from the column's left margin, `room` to its right one."""

    run: TextRun
    page: int
    column: int
    indent: float
    room: float


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is set.

    `leading` is the usual distance of its lines, in ems, by size, and `closely` that of the lines
    in a column, which may be set wider or closer than others; `characters` is the length of its
    lines where a program broke them by counting, else 0.
    """

    size: float
    leading: dict[float, float]
    closely: dict[tuple[int, float], float]
    justified: bool
    signed: bool
    bottom: float
    characters: int
    notes: bool

    def distance(self, line: PrintedLine) -> float:
        """The usual distance of two lines like this one, in points."""
        usual = max(self.leading.get(_half(self.size), _LEADING), _LEADING)
        usual = self.leading.get(_half(line.run.size), usual)
        return self.closely.get((line.column, _half(line.run.size)), usual) * line.run.size

    def is_large(self, run: TextRun) -> bool:
        """Whether a line is larger than the text."""
        return run.size > _LARGE * self.size


def paragraphs(columns: list[Column], *, notes: bool = False) -> list[list[PrintedLine]]:
    """The lines of each paragraph, in order; `notes` are those at the foot of a page."""
    lines = _placed(columns)
    style = _style(lines, notes=notes)
    found: list[list[PrintedLine]] = []
    for place, line in enumerate(lines):
        following = next(iter(lines[place + 1 : place + 2]), None)
        if following and not _is_close(line, following, style):
            following = None
        if found and not _begins(found[-1], line, following, style):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _placed(columns: list[Column]) -> list[PrintedLine]:
    """The lines of the columns, each with its distance from the margins.

    A column is as wide as the widest of its kind, since the last page may hold a few words, but for
    one whose lines end together far before it: a page among wider ones. One that is alone where
    the others have one at their side is of their kind.
    """
    widths = {
        side_by_side: max(
            (_width(each) for each in columns if each.side_by_side is side_by_side), default=0.0
        )
        for side_by_side in (False, True)
    }
    lefts = {
        side_by_side: sorted(
            {_left(each) for each in columns if each.side_by_side is side_by_side and each.lines}
        )
        for side_by_side in (False, True)
    }
    placed: list[PrintedLine] = []
    for number, column in enumerate(columns):
        left, size = _left(column), usual_size(column.lines)
        side_by_side = column.side_by_side or (
            _width(column) < widths[True] + size
            and any(abs(left - each) < _EDGE * size for each in lefts[True])
        )
        if side_by_side:  # a column of indented lines only is as wide as the others
            wider = left + _width(column) - widths[True]
            left = wider if left - wider < 4 * size else left
        else:  # a page of indented lines only begins where the others begin
            near = (each for each in lefts[False] if 0 <= left - each < 4 * size)
            left = min(near, default=left)
        right = left + widths[side_by_side]
        own = _left(column) + _width(column)
        ends = sum(own - run.right < size for run in column.lines if not run.cells)
        if right - own > _OUTLIER * size and ends >= _CERTAIN:
            right = own
        placed += [
            PrintedLine(run, column.page, number, run.left - left, right - run.right)
            for run in column.lines
        ]
    return placed


def _left(column: Column) -> float:
    return min((run.left for run in column.lines), default=0.0)


def _width(column: Column) -> float:
    """From the left margin to the end of the longest line, but for a few that stand out."""
    size = usual_size(column.lines)
    text = [run for run in column.lines if _half(run.size) == size and not run.cells]
    rights = sorted(run.right for run in (text if len(text) > 2 else column.lines))
    if not rights:
        return 0.0
    limit = rights[len(rights) * 9 // 10 - (len(rights) > 9)] + _OUTLIER * size
    return max(right for right in rights if right <= limit) - _left(column)


def _style(lines: list[PrintedLine], *, notes: bool) -> Style:
    size = usual_size(line.run for line in lines)
    distances: defaultdict[float, list[float]] = defaultdict(list)
    within: defaultdict[tuple[int, float], list[float]] = defaultdict(list)
    for last, line in pairwise(lines):
        if last.run.cells or line.run.cells:
            continue
        same = last.column == line.column and _half(last.run.size) == _half(line.run.size)
        if same and last.room < 8 * size:
            distance = (line.run.base - last.run.base) / line.run.size
            distances[_half(line.run.size)].append(distance)
            if line.run.text[0].islower() and not _ENDED.search(last.run.text):
                within[line.column, _half(line.run.size)].append(distance)
    leading = {each: sorted(found)[len(found) // 4] for each, found in distances.items()}
    closely = {each: median(found) for each, found in within.items() if len(found) >= _CERTAIN}
    text = [line for line in lines if _half(line.run.size) == _half(size)]
    edge = sum(abs(line.room) < 0.1 * size for line in text)
    signs = sum(starts_block(line.run.text) for line in text)
    bottom = max((line.run.base for line in lines), default=0.0)
    characters = 0 if edge * 2 > len(text) else _counted(lines)
    signed = signs * 12 > len(text)
    return Style(size, leading, closely, edge * 2 > len(text), signed, bottom, characters, notes)


def _counted(lines: list[PrintedLine]) -> int:
    """How long lines are that a program broke by counting characters, not by their width.

    That is seen where a sentence goes on though its next word had room.
    """
    within = [
        (last, line)
        for last, line in pairwise(lines)
        if last.column == line.column
        and line.run.text[0].islower()
        and last.run.text[-1].islower()
        and not starts_block(line.run.text)
    ]
    roomy = sum(_fits(last, line) for last, line in within)
    return max(len(line.run.text) for line in lines) if roomy * 5 > max(len(within), 9) else 0


def _fits(last: PrintedLine, line: PrintedLine) -> bool:
    """Whether the first word of a line had room on the one before, with the spaces around it."""
    return line.run.word + _SPACES * line.run.size < last.room


def _half(size: float) -> float:
    return round(size * 2) / 2


def _begins(
    lines: list[PrintedLine], line: PrintedLine, following: PrintedLine | None, style: Style
) -> bool:
    """Whether a line begins a paragraph, and does not go on with the one of `lines`."""
    last, size = lines[-1], line.run.size
    if last.run.cells or line.run.cells:
        return True
    if abs(size - last.run.size) > _OTHER_SIZE * max(size, last.run.size):
        return True
    if _breaks_off(last.run.text, line.run.text):
        return False
    crosses = line.column != last.column
    distance = line.run.base - last.run.base
    below = distance > 0 and line.page == last.page
    if (below or not crosses) and distance > _GAP * style.distance(line):
        return True
    before = lines[-2:-1]
    if before and not crosses and before[0].column == last.column:
        usual = last.run.base - before[0].run.base
        if distance > _MORE * usual:
            return True
    if style.is_large(line.run) and not crosses:
        return starts_block(line.run.text)
    ended = bool(_ENDED.search(last.run.text))
    if last.run.bold and not line.run.bold and (ended or not line.run.text[0].islower()):
        return True
    full = _is_full(last, line, style, ended=ended)
    if _has_sign(line.run.text, style) and (ended or not full or _is_certain(line.run.text)):
        return True
    if not crosses and _are_centred(last, line):
        return last.run.bold != line.run.bold or (ended and not last.run.bold)
    is_wide = last.run.right - last.run.left > last.room + last.indent
    if crosses and not ended and (full or not is_wide):
        return not is_wide  # a short line at the end of a column is a heading or a date
    if full and not ended and line.run.text[0].islower():
        return False  # a sentence goes on, wherever the lines below its first one begin
    if _is_indented(lines, line, following, style):
        return True
    if not full:
        goes_on = not ended and (line.run.text[0].islower() or last.run.text[-1] == ",")
        return not goes_on or last.room > last.run.right - last.run.left
    if not crosses or not ended or style.signed or style.justified:
        return False
    return style.bottom - last.run.base > 0.9 * style.distance(line)  # the next line had room


def _breaks_off(last: str, line: str) -> bool:
    """Whether a line stops within a word, or on one that no sentence ends with: it goes on."""
    stops = last.split()[-1] in _LEADING_WORDS or _BROKEN.search(last)
    return bool(stops) and not starts_block(line)


def _is_close(line: PrintedLine, following: PrintedLine, style: Style) -> bool:
    """Whether the next line of the column may go on with the paragraph of this one."""
    distance = following.run.base - line.run.base
    return (
        following.column == line.column
        and distance <= _GAP * style.distance(line)
        and _is_full(line, following, style, ended=False)
        and not starts_block(following.run.text)
    )


def _has_sign(text: str, style: Style) -> bool:
    return bool(NOTE.match(text)) if style.notes else starts_block(text)


def _is_certain(text: str) -> bool:
    """Whether a line begins with a marker that is never part of a sentence."""
    sign = BULLET.match(text)
    return bool(sign and sign.group() not in "-–—*oO")


def _is_full(last: PrintedLine, line: PrintedLine, style: Style, *, ended: bool) -> bool:
    """Whether a line was broken because the next word had no room on it."""
    if style.justified and last.room < _EDGE * last.run.size:
        return True
    if style.characters:
        first = line.run.text.split(maxsplit=1)[0]
        return len(last.run.text) + 1 + len(first) > style.characters
    return not _fits(last, line) and not (style.justified and ended)


def _are_centred(last: PrintedLine, line: PrintedLine) -> bool:
    """Whether the second of two lines, which begin in different places, is centred below it."""
    middles = (last.run.left + last.run.right - line.run.left - line.run.right) / 2
    margin = line.run.size if not (last.run.bold and line.run.bold) else _CENTRED
    centred = abs(middles) < _CENTRED < abs(last.indent - line.indent)
    return centred and line.indent > margin and line.room > margin


def _is_indented(
    lines: list[PrintedLine], line: PrintedLine, following: PrintedLine | None, style: Style
) -> bool:
    """Whether a line begins further left or right than the paragraph would go on.

    After one line it may go on further left (it was indented) or right (its marker hangs).
    """
    indent, last, step = line.indent, lines[-1].indent, _INDENT * line.run.size
    if len(lines) > 1:
        return abs(indent - last) > step
    goes_back = following is not None and following.indent < indent - step
    if _has_sign(lines[0].run.text, style):
        return False
    if indent > last + step:
        return goes_back or following is None or abs(following.indent - indent) > step
    return goes_back and indent > last - step
