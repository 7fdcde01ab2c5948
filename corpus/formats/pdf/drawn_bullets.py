"""Bullets that a program draws as shapes, as browsers do, where others print a character."""

import math
from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from typing import Any, NamedTuple

from corpus.formats.pdf.page_layout import TextRun

_MOST = 20_000  # objects of a page; a drawing of more is a map, not a list
_MOST_BULLETS = 200
_SMALLEST, _LARGEST = 0.15, 0.7  # in ems: of a bullet
_BEFORE = 2.5  # in ems, from the text at most
_LOW, _HIGH = 0.05, 0.65  # in ems over the baseline: where its middle is


class Shape(NamedTuple):
    """A small square drawing: the bullet that it depicts, and its place on the page in points."""

    bullet: str
    left: float
    bottom: float
    right: float
    top: float


def small_shapes(page: Any) -> Iterator[Shape]:
    """The drawings of a page that are as wide as they are high, and no larger than a letter."""
    from pypdfium2 import raw

    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST)):
        shape = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if raw.FPDFPageObj_GetBounds(shape, byref(left), byref(bottom), byref(right), byref(top)):
            width, height = right.value - left.value, top.value - bottom.value
            if 0 < width < 20 and abs(width - height) < 0.2 * width:
                yield Shape(_bullet(shape), left.value, bottom.value, right.value, top.value)


def _bullet(shape: Any) -> str:
    from pypdfium2 import raw

    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(shape, byref(fill), byref(stroke))
    segments = range(min(raw.FPDFPath_CountSegments(shape), 20))
    kinds = {raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(shape, n)) for n in segments}
    if raw.FPDF_SEGMENT_BEZIERTO not in kinds:
        return "▪"
    return "•" if fill.value else "◦"


def bullets(shapes: list[Shape], runs: list[TextRun], top: float) -> Iterator[TextRun]:
    """The shapes before a line of text, as text runs on that line."""
    for shape in shapes if len(shapes) <= _MOST_BULLETS else []:
        width, middle = shape.right - shape.left, top - (shape.bottom + shape.top) / 2
        line = [
            run
            for run in runs
            if _LOW < (run.base - middle) / run.size < _HIGH
            and _SMALLEST < width / run.size < _LARGEST
        ]
        following = min((run for run in line if run.left > shape.left), key=_left, default=None)
        if following and following.left - shape.right < _BEFORE * following.size:
            before = max((run.right for run in line if run.left < shape.left), default=-math.inf)
            if shape.left - before > _BEFORE * following.size:
                size = following.size
                yield TextRun(shape.bullet, shape.left, shape.right, following.base, size, width)


def _left(run: TextRun) -> float:
    return run.left
