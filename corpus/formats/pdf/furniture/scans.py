"""Scanned pages: pictures of a printed page, on which no more than a stamp can be read."""

from collections.abc import Iterable
from typing import Any

from corpus.formats.pdf.furniture.running_heads import is_filing_stamp
from corpus.formats.pdf.page_layout import PdfPage, joined_line, text_rows

_FEW_WORDS = 25  # on a page: a stamp, or what a program for OCR found in a letterhead
_MOST = 0.5  # of a page, which a picture of a page covers; a photograph seldom does
_NESTED = 600  # in pixels, at each side: of a picture whose place on the page is not known


def is_scan(page: Any, printed: PdfPage) -> bool:
    """Whether a page is a picture of one, with a few words beside it at most."""
    lines = (joined_line(row).text for row in text_rows(printed.runs))
    words = sum(len(line.split()) for line in lines if not is_filing_stamp(line))
    return words < _FEW_WORDS and _covered(page) > (_MOST if words else 0)


def scan_reason(scans: int, words: int) -> str:
    """Why these pages cannot be read, and what to do."""
    pages = f"{scans} scanned page{'s' if scans > 1 else ''}"
    if words:
        return f"its text is a picture ({pages}, {words} words beside); run OCR on it first"
    return f"it has no text layer ({pages}); run OCR on it first"


def words_of(pages: Iterable[PdfPage]) -> int:
    """The number of words on these pages."""
    return sum(len(run.text.split()) for page in pages for run in page.runs)


def _covered(page: Any) -> float:
    """The share of a page that its pictures cover, counted twice where they overlap."""
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    area, covered = page.get_width() * page.get_height(), 0.0
    for picture in page.get_objects([FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            if picture.level:
                covered += area * (min(picture.get_px_size()) >= _NESTED)
            else:
                left, bottom, right, top = picture.get_bounds()
                covered += max(0.0, right - left) * max(0.0, top - bottom)
        except PdfiumError:
            continue
    return covered / area if area else 0.0
