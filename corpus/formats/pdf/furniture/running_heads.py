"""Running heads and feet, page numbers, watermarks: the boilerplate of printed pages."""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from statistics import median

from corpus.formats.pdf.page_layout import PdfPage, TextRun, joined_line, text_rows, usual_size
from corpus.language.dates import find_days
from corpus.release.boilerplate_words import PAGE_NUMBER
from corpus.text.characters import folded

_OUTER = 4  # lines from the top or the bottom of a page that may be no text
_ZONE = 0.2  # of the page's height: where they are
_NEAR = 3.0  # in points: the same place on two pages
_LETTERS = 4  # fewer are a paragraph's number, or a date
_DATE = 6  # letters and digits
_OFTEN = 0.3  # of the pages: left pages differ from right ones, and chapters from each other
_CHAPTER, _IN_CHAPTER = 4, 3  # pages of a chapter before and after one, and those with its head
_TEXT_GAP = 1.15  # times the usual distance of two lines of the text: more than that is apart
_CELLS = 3  # in a line: of the head of a table, which may go on over pages
_EVERYWHERE = 0.6  # of the pages: a watermark
_NUMBERED = 0.14  # of the page's height: where its number is, if close to the text
_HUGE = 1.5  # times the size of the text, across which it is printed
_MARGIN = 0.09  # of the page's height, at the top and at the bottom
_SMALLER, _LARGER = 0.95, 1.05  # than the text
_APART, _FAR = 1.8, 2.5  # in ems, from the text
_HEADING = 1.15  # times the size of the text: a title, which may have a letterhead above it
_OPENING = 8  # lines that hold the title
_NUMBERS = 16  # in a line, of which any may be the page's, as in the stamp of a printer
_DIGITS_OF_PAGE = 5
_TITLE = 12  # letters that no two lines have by chance
_PAGE_NUMBER = re.compile(
    rf"(?P<sign>[-–—|\[(]*)\s*(?P<word>{PAGE_NUMBER})?\s*"
    r"(?:(?P<number>\d{1,5})|[ivxl]{1,6})(?P<of>\s*(?:of|/|von)\s*\d{1,4})?\s*[-–—|\])]*",
    re.IGNORECASE,
)
_FILING_STAMP = re.compile(
    r"(?:case|appeal|usca)\b.*\b(?:doc(?:ument)?|dktentry|id)\b.*\b(?:filed|page ?\d+|pg)\b.*",
    re.IGNORECASE,
)
"""`Case: 21-1298 Document: 42 Page: 1 Date Filed: 08/31/2022`, as American courts stamp a page."""
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_NOTE = re.compile(r"[\d*†‡§\[(]")


@dataclass(frozen=True, slots=True)
class _Repetition:
    """The places on the pages of texts that differ in their digits at most."""

    places: dict[str, list[tuple[float, int]]]
    numbers: Counter[int]
    first: int
    opening: str
    pages: int
    size: float
    leading: float
    """The usual distance of two lines of the text, in ems."""

    def on_pages(self, run: TextRun, page: PdfPage) -> list[int]:
        """The pages that have this run in this place."""
        place = _place(run, page)
        found = (
            each[
                bisect_left(each, (place - _NEAR,)) : bisect_right(each, (place + _NEAR, math.inf))
            ]
            for each in (self.places[key] for key in _keys(run, page))
        )
        return [number for _, number in max(found, key=len)]


def is_filing_stamp(line: str) -> bool:
    """Whether a line is the stamp by which a court's registry filed a page."""
    return bool(_FILING_STAMP.fullmatch(line))


def without_running_heads(pages: list[PdfPage]) -> tuple[list[PdfPage], list[str], list[str]]:
    """The pages with nothing but their text; what was removed from the first that has text; and
    all that was removed, each line once."""
    repetition = _repetition(pages)
    kept = [_without_repeats(page, repetition) for page in pages]
    if not any(page.runs for page in kept):  # copies of one short page
        kept = pages
    printed = ((page, set(bare.runs)) for page, bare in zip(pages, kept, strict=True))
    first, left = next(((page.runs, left) for page, left in printed if page.runs), ([], set()))
    removed = (
        run.text
        for page, bare in zip(pages, kept, strict=True)
        for run in _difference(page.runs, bare.runs)
    )
    once = {_DIGITS.sub("#", text): text for text in removed}
    return kept, [run.text for run in first if run not in left], [*once.values()]


def _difference(runs: list[TextRun], left: list[TextRun]) -> list[TextRun]:
    """The runs that are not among those that are left; none where none was removed."""
    if len(runs) == len(left):
        return []
    known = set(left)
    return [run for run in runs if run not in known]


def _repetition(pages: list[PdfPage]) -> _Repetition:
    places: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    numbers: Counter[int] = Counter()
    for page in pages:
        printed = ((run, round(_place(run, page), 1)) for run in page.runs)
        for key, place in {(key, place) for run, place in printed for key in _keys(run, page)}:
            places[key].append((place, page.number))
        rows = text_rows(page.runs)
        outer = chain.from_iterable(rows[:_OUTER] + rows[_OUTER:][-_OUTER:])
        found = (_PAGE_NUMBER.fullmatch(run.text) for run in outer)
        numbers.update({int(each["number"]) - page.number for each in found if each and each[3]})
    for each in places.values():
        each.sort()
    first = next((page for page in pages if page.runs), PdfPage(1, 0.0, []))
    opening = folded(" ".join(joined_line(row).text for row in text_rows(first.runs)[:_OPENING]))
    size = usual_size(run for page in pages for run in page.runs)
    leading = _leading(pages, size)
    return _Repetition(places, numbers, first.number, opening, len(pages), size, leading)


def _leading(pages: list[PdfPage], size: float) -> float:
    """The usual distance of two lines in the type of the text, in ems."""
    distances = [
        round((below[0].base - row[0].base) / size, 2)
        for page in pages
        for row, below in pairwise(text_rows(page.runs))
        if all(_is_text_type(run, size) for run in (row[0], below[0]))
    ]
    return median(distances) if distances else 0.0


def _is_text_type(run: TextRun, size: float) -> bool:
    return _SMALLER * size <= run.size <= _LARGER * size


def _keys(run: TextRun, page: PdfPage) -> set[str]:
    """What is the same on two pages: all of it, or all but the page's number."""
    text = "".join(run.text.casefold().split())
    numbers = islice(re.finditer(r"\d+", text), _NUMBERS)
    counted = (
        f"{text[: each.start()]}#{int(each.group()) - page.number}#{text[each.end() :]}"
        for each in numbers
        if len(each.group()) <= _DIGITS_OF_PAGE
    )
    return {text, *counted}


def _place(run: TextRun, page: PdfPage) -> float:
    """The height from the nearer edge of the page."""
    return run.base if run.base < page.height / 2 else run.base - page.height


def _without_repeats(page: PdfPage, repetition: _Repetition) -> PdfPage:
    rows = text_rows(page.runs)
    last = len(rows) - _OUTER
    rows = [
        [
            run
            for run in row
            if not _repeats(
                run,
                page,
                repetition,
                outer=number < _OUTER or number >= last,
                alone=len(row) < _CELLS and not _is_in_text(rows, number, repetition),
            )
        ]
        for number, row in enumerate(rows)
    ]
    rows = [row for row in rows if row]
    size = usual_size(chain.from_iterable(rows))
    for _ in ("from the top", "from the foot"):
        while len(rows) > 1 and _is_beside(rows, page, repetition, size):
            del rows[0]
        rows.reverse()
    return replace(page, runs=list(chain.from_iterable(rows)))


def _is_in_text(rows: list[list[TextRun]], number: int, repetition: _Repetition) -> bool:
    """Whether a line is one of the text: in its type, and a sentence's end or no further from the
    next line towards the middle of the page than lines of the text are."""
    line = joined_line(rows[number])
    if not _is_text_type(line, repetition.size):
        return False
    inner = number + 1 if number < len(rows) / 2 else number - 1
    apart = (
        min(abs(run.base - line.base) for run in rows[inner]) if inner in range(len(rows)) else 0
    )
    near = apart <= _TEXT_GAP * repetition.leading * line.size
    return near or bool(_SENTENCE_END.search(line.text))


def _repeats(
    run: TextRun, page: PdfPage, repetition: _Repetition, *, outer: bool, alone: bool
) -> bool:
    if outer and is_filing_stamp(run.text):
        return True
    letters, signs = sum(map(str.isalpha, run.text)), sum(map(str.isalnum, run.text))
    if letters < _LETTERS and signs < _DATE:
        return False
    pages = repetition.on_pages(run, page)
    count = len(pages)
    if outer and abs(_place(run, page)) < _ZONE * page.height:
        if count >= max(2, _OFTEN * repetition.pages):
            return True
        if alone and run.size <= _LARGER * repetition.size:
            return sum(abs(number - page.number) <= _CHAPTER for number in pages) >= _IN_CHAPTER
    return run.size > _HUGE * repetition.size and count >= max(3, _EVERYWHERE * repetition.pages)


def _is_beside(
    rows: list[list[TextRun]], page: PdfPage, repetition: _Repetition, size: float
) -> bool:
    """Whether the outermost line of a page, the first of `rows`, is no line of its text."""
    line, text = joined_line(rows[0]), _below(rows, size)
    apart = abs(line.base - text.base) / size
    zone = (_NUMBERED if apart < _FAR else _ZONE) * page.height
    if abs(_place(line, page)) < zone:
        if number := _PAGE_NUMBER.fullmatch(line.text):
            printed = int(number["number"]) - page.number if number["number"] else 0
            alone = repetition.pages == 1 and printed == 0
            marked = number["sign"] or number["word"] or number["of"] or alone
            return bool(marked) or repetition.numbers[printed] > 1
        if apart > _APART and _has_number(rows[0], page):
            return True
    if line.size > _LARGER * size or apart < _APART or _SENTENCE_END.search(line.text):
        return False
    top, foot = line.base < _MARGIN * page.height, line.base > (1 - _MARGIN) * page.height
    if line.base < page.height / 2:
        below = [joined_line(row).text for row in rows[1:_OPENING]]
        words = folded(" ".join(below)) if page.number == repetition.first else repetition.opening
        if all(_repeats_words(run, words, top=top) for run in rows[0]):
            return True  # the title, above the title or on a later page
    ends = foot or text.size > _HEADING * size
    if line.size > _SMALLER * size and (apart < _FAR or not ends):
        return False
    return top or (foot and not _NOTE.match(line.text))


def _below(rows: list[list[TextRun]], size: float) -> TextRun:
    """The line of the text next to the outermost one, which may be the first of two in small."""
    line, following = joined_line(rows[0]), joined_line(rows[1])
    small = max(line.size, following.size) < _SMALLER * size
    if small and len(rows) > 2 and abs(line.base - following.base) < _APART * line.size:
        return joined_line(rows[2])
    return following


def _has_number(row: list[TextRun], page: PdfPage) -> bool:
    """Whether a line ends or begins with the page's number, far from its words."""
    apart = len(row) > 1 and max(after.left - run.right for run, after in pairwise(row))
    numbers = (_PAGE_NUMBER.fullmatch(run.text) for run in (row[0], row[-1]))
    return apart > _FAR * row[0].size and any(
        each and each["number"] and int(each["number"]) == page.number for each in numbers
    )


def _repeats_words(run: TextRun, words: str, *, top: bool) -> bool:
    """Whether a running head has these words from the text, or is a date."""
    letters = folded(run.text)
    return (len(letters) >= _TITLE and letters in words) or (top and bool(find_days(run.text)))
