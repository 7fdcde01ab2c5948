"""What PDFium finds printed on the pages of a PDF file."""

import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from ctypes import addressof, byref, c_double, c_int, create_string_buffer
from dataclasses import replace
from threading import Lock
from typing import Any

from corpus.errors import Unreadable
from corpus.formats.pdf.accents import with_accents
from corpus.formats.pdf.decompression import inflated_size
from corpus.formats.pdf.drawn_bullets import bullets, small_shapes
from corpus.formats.pdf.furniture.scans import is_scan, scan_reason, words_of
from corpus.formats.pdf.page_layout import SOFT_HYPHEN, Character, PdfPage
from corpus.formats.pdf.text_runs import is_mostly_right_to_left, runs

MOST_PAGES = 5_000
"""No document that people cite by the page is longer; a file of more is made to be endless."""

MOST_CHARACTERS = 20_000_000
"""On all pages together: thirty times a long report."""

MOST_INFLATED = 128 * 1024 * 1024
"""In bytes; PDFium takes three times as much memory for what is printed on a page."""

_PDFIUM = Lock()  # PDFium has state of its own, and two threads must not be in it

_SIGNS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf076": "❖", "\uf0fc": "✓", "\uf02d": "-"}
    | dict.fromkeys("\x02\ufffe", "-")
    | dict.fromkeys("\x88\x95", "•")
)
"""The bullets of the symbol fonts, and the mark that PDFium sets for a hyphen at a line's end.

The last two are codes of fonts without a stated encoding: TeX's and Windows' for a bullet.
"""


_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
"""Ligatures, and the shapes that Arabic letters take within a word: not other letters."""


def read_pages(data: bytes) -> tuple[list[PdfPage], str]:
    """The printed pages of a file, and the title in its properties, which is often junk.

    Raises `Unreadable` for a file that cannot be opened or has no text.
    """
    import pypdfium2  # costs 30 ms, and most corpora hold no PDF

    if inflated_size(data, MOST_INFLATED) > MOST_INFLATED:
        raise Unreadable(f"its compressed parts hold more than {MOST_INFLATED // 2**20} MB")
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            reason = _REASONS.get(error.err_code or 0, "it is no PDF file, or a damaged one")
            raise Unreadable(reason) from None
        try:
            return _read(document), _title(document)
        finally:
            document.close()


def _title(document: Any) -> str:
    from pypdfium2 import raw

    size = raw.FPDF_GetMetaText(document, b"Title", None, 0)
    buffer = create_string_buffer(size)
    raw.FPDF_GetMetaText(document, b"Title", buffer, size)
    return buffer.raw.decode("utf-16-le", "ignore").rstrip("\0")  # damaged files hold anything


_REASONS = {4: "it is encrypted; save it without its password", 5: "its encryption is unknown"}


def _read(document: Any) -> list[PdfPage]:
    from pypdfium2 import PdfiumError

    if not 0 < len(document) <= MOST_PAGES:
        many = f"it has more than {MOST_PAGES:,} pages"
        raise Unreadable(many if len(document) else "it has no pages")
    sheets: list[PdfPage] = []
    scans: list[PdfPage] = []
    left = MOST_CHARACTERS
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except PdfiumError:  # one damaged page; the others can be read
            sheets.append(PdfPage(number, 0.0, []))
            continue
        printed = _page(page, number, left)
        left -= sum(len(run.text) for run in printed.runs)
        if is_scan(page, printed):
            scans.append(printed)
        page.close()
        sheets.append(printed)
    words = words_of(scans)
    if scans and words_of(sheets) == words:
        raise Unreadable(scan_reason(len(scans), words))
    if not any(printed.runs for printed in sheets):
        raise Unreadable("nothing is printed on its pages")
    return sheets


def _page(page: Any, number: int, most: int) -> PdfPage:
    """A page, turned so that most of its text is upright; what is askew is left out."""
    box = _box(page)
    characters = with_accents(_characters(page, box, most))
    turns = Counter(each.turn for each in characters if each.turn is not None)
    turn = max(turns, key=lambda each: turns[each], default=0)
    corners = [_turned(x, y, turn)[1] for x in box[::2] for y in box[1::2]]
    top = max(corners)
    upright = [each for each in characters if each.turn == turn]
    found = list(runs(upright, top))
    if found and not turn:
        found += bullets(list(small_shapes(page)), found, top)
    if is_mostly_right_to_left(upright):
        found = [replace(run, left=-run.right, right=-run.left) for run in found]
    others = dict.fromkeys(each.turn for each in characters if each.turn != turn)
    turned = tuple(_words([each for each in characters if each.turn == one]) for one in others)
    return PdfPage(number, top - min(corners), found, turned)


def _words(characters: list[Character]) -> str:
    """The words that these letters form, in the order of the file."""
    pieces: list[str] = []
    base = characters[0].base
    for each in characters:
        apart = each.spaced or abs(each.base - base) > each.size
        pieces.append(f" {each.char}" if apart else each.char)
        base = each.base if each.turn is not None or apart else base
    return "".join(pieces).replace(SOFT_HYPHEN, "").strip()


def _box(page: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is shown of a page, which its file may state for all."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, box.bottom, box.right, box.top


def _characters(page: Any, box: tuple[float, ...], most: int) -> Iterator[Character]:
    from pypdfium2 import PdfiumError, raw

    try:
        text = page.get_textpage()
    except PdfiumError:
        return
    rect, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), c_double(), c_double()
    shown: int | None = None
    turn, size, bold, spaced, half = None, 0.0, False, 0, ""
    for index in range(min(text.count_chars(), most)):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code if code <= sys.maxunicode else 0).translate(_SIGNS)  # a font may name any
        if "\ud800" <= char <= "\udbff":  # PDFium gives such a letter in two halves
            half = char
            continue
        if half and "\udc00" <= char <= "\udfff":
            char = (half + char).encode("utf-16", "surrogatepass").decode("utf-16")
        half = ""
        if _FORMS.match(char):
            char = unicodedata.normalize("NFKC", char)
        hidden = not char.isprintable() and char != SOFT_HYPHEN
        if hidden or char.isspace() or "\ue000" <= char <= "\uf8ff":
            seen = char.isspace() and raw.FPDFText_IsGenerated(text, index) == 1
            spaced = max(spaced, 1 if seen else 2 * char.isspace())
            continue
        shows = raw.FPDFText_GetTextObject(text, index)
        if shows and addressof(shows.contents) != shown:
            shown = addressof(shows.contents)
            raw.FPDFText_GetMatrix(text, index, byref(matrix))
            turn = _quarter(matrix.a, matrix.b)
            size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
            bold = _is_bold(text, index)
        raw.FPDFText_GetLooseCharBox(text, index, byref(rect))
        raw.FPDFText_GetCharOrigin(text, index, byref(x), byref(y))
        places = rect.left, rect.right, rect.bottom, rect.top, x.value, y.value, size
        if all(map(math.isfinite, places)) and size > 0 and _is_inside(x.value, y.value, box):
            one = _turned(rect.left, rect.bottom, turn or 0)[0]
            other = _turned(rect.right, rect.top, turn or 0)[0]
            base = _turned(x.value, y.value, turn or 0)[1]
            left, right = min(one, other), max(one, other)
            yield Character(char, turn, left, right, base, size, bold, spaced)
            spaced = 0
    text.close()


def _is_bold(text: Any, index: int) -> bool:
    from pypdfium2 import raw

    name, flags = create_string_buffer(128), c_int()
    raw.FPDFText_GetFontInfo(text, index, name, len(name), byref(flags))
    return b"bold" in name.value.lower() or raw.FPDFText_GetFontWeight(text, index) >= 600


def _quarter(a: float, b: float) -> int | None:
    """The quarter turns, counter-clockwise, of a text with this matrix; None when it is askew."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return None
    quarters = math.atan2(b, a) / (math.pi / 2)
    return round(quarters) % 4 if abs(quarters - round(quarters)) < 0.05 else None


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A place on a page that is turned back by these quarters."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def _is_inside(x: float, y: float, box: tuple[float, ...]) -> bool:
    left, bottom, right, top = box
    return left >= right or bottom >= top or (left <= x <= right and bottom <= y <= top)
