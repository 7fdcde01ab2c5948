"""The numbers that courts, parliaments and journals print in the margin at each line of a page."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.page_layout import PdfPage, TextRun

_LINES = 10  # fewer may be the numbers of paragraphs, or of a list
_STEPS = frozenset({1, 5})  # each line, or each fifth
_UNEVEN = 0.15  # of the usual distance
_SMALL = 0.2  # of the lines: begin in small letters, as the items of a list do not
_BESIDE = 0.6  # in ems: the line of a number
_INSIDE = 0.1  # of the other runs: may reach into the margin


def without_line_numbers(page: PdfPage) -> PdfPage:
    """The page without the numbers of its lines."""
    numbers = {
        id(run) for group in _groups(page.runs) for run in group if _count_lines(group, page)
    }
    if not numbers:
        return page
    return replace(page, runs=[run for run in page.runs if id(run) not in numbers])


def _groups(runs: list[TextRun]) -> Iterator[list[TextRun]]:
    """Numbers one below the other, which end, or begin, in one place."""
    numbers = [run for run in runs if run.text.isdecimal() and len(run.text) <= 4]
    for edge in ("right", "left"):
        groups: defaultdict[int, list[TextRun]] = defaultdict(list)
        for run in numbers:
            groups[round(getattr(run, edge) / 3)].append(run)
        yield from (sorted(group, key=lambda run: run.base) for group in groups.values())


def _count_lines(group: list[TextRun], page: PdfPage) -> bool:
    """Whether these numbers count lines: evenly set in a margin, beside lines that go on."""
    if len(group) < _LINES:
        return False
    steps = [int(after.text) - int(before.text) for before, after in pairwise(group)]
    apart = [after.base - before.base for before, after in pairwise(group)]
    usual, step = median(apart), steps[0]
    even = sum(abs(each - usual) < _UNEVEN * usual for each in apart)
    if step not in _STEPS or steps.count(step) < 0.9 * len(steps) or even < 0.8 * len(apart):
        return False
    mine = set(map(id, group))
    others = [run for run in page.runs if id(run) not in mine]
    left, right = min(run.left for run in group), max(run.right for run in group)
    inside = sum(run.left < right and left < run.right for run in others)
    if inside > _INSIDE * len(others):
        return False
    beside = [_beside(run, others) for run in group]
    small = sum(bool(line) and line[0].islower() for line in beside)
    return "" in beside or small >= _SMALL * len(group)


def _beside(number: TextRun, others: list[TextRun]) -> str:
    """The line of text at the side of a number."""
    near = (run for run in others if abs(run.base - number.base) < _BESIDE * number.size)
    first = min(near, key=lambda run: abs(run.left - number.right), default=None)
    return first.text if first else ""
