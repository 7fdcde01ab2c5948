"""The title of a printed document: in type larger than all else, or in the caption of a case."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.formats.pdf.page_layout import PdfPage, TextRun, joined_line, text_rows
from corpus.release.letterhead import is_letterhead
from corpus.text.characters import folded, search_form
from corpus.text.logical_lines import Line

_LARGE = 1.15  # times the size of the text
_AS_LARGE = 0.97  # of the largest: the same type, measured with another letter
_NEARLY = 0.6
_LETTERS = 4  # a title has more than a drop cap, or the number of a form
_LONGEST = 250
_TITLE_LINES = 4
_WORD = re.compile(r"\w")
_NUMBERED = re.compile(r"[\dIVX]+[.:)\s]|(?:abstract|introduction|contents)\b", re.IGNORECASE)
_CAPTION_ROWS = 40  # of the first page, among which the parties are
_PARTY_ROWS = 4
_PARTY = 160  # letters
_AFTER = 2.4  # in ems, from one line of a party's name to the next, which may be set wide
_CELL_GAP = 1.2  # in ems

_COURT = re.compile(r"\b(?:court|tribunal)\b", re.IGNORECASE)
_VERSUS = re.compile(r"[-–—]*\s*(?P<sign>v|vs|versus)\b\.?\s*[-–—]*", re.IGNORECASE)
_ENDS_VERSUS = re.compile(r"(?P<party>.{3,})\s(?P<sign>v|vs)\.", re.IGNORECASE)
_IN_RE = re.compile(r"(?:in\s+re:?|in\s+the\s+matter\s+of:?|ex\s+parte)\s+\S.*", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:(?:plaintiff|defendant|appell(?:ant|ee)|petitioner|respondent|applicant|claimant|debtor)"
    r"(?:\(?s\)?)?(?:\W|and|cross)*)+",
    re.IGNORECASE,
)
_NO_PARTY = re.compile(
    r"(?:.*\b(?:courts?|circuit|division|county of|filed|argued|appeal from|on appeal|before)\b|"
    r"(?:eastern|western|northern|southern|central)?\s?district\b|"
    r"(?:case|civil|criminal|docket|mdl|no\.?|nos\.)\s|[^a-z]*\d|"
    r"(?:order|opinion|memorandum|motion|judgment|decision|complaint|petition|notice|syllabus|"
    r"introduction|per curiam|certiorari)\b).*",
    re.IGNORECASE,
)
_IS_CASE = re.compile(r"\s(?:v\.|vs\.|versus)\s|^in re\b|^in the matter", re.IGNORECASE)
_COURT_LINE = re.compile(
    r"(?:in\s+the\s+)?[^.:;]*\bcourts?\b[^.:;]*|(?:for\s+)?the\s[^.:;]*\b(?:district|circuit|division)\b"
    r"[^.:;]*|(?:\w+\s){1,3}(?:district|division)(?:\sof\s[^.:;]*)?",
    re.IGNORECASE,
)
_ROW = 120  # letters
_TAIL = re.compile(
    r",(?!\s?(?:inc|llc|l\.l\.c|ltd|llp|l\.p|lp|co|corp|n\.a|jr|sr|and|et al|&)\b).*", re.I
)
"""What follows a party's name: `, in his official capacity as Governor`, `, ex rel. Roy Cooper`."""
_SUBJECT = re.compile(r"(?:re|subject|betreff|objet|asunto|oggetto)\s?:\s*(?P<title>\S.{3,})", re.I)
_SALUTATION = re.compile(r"(?:dear|to whom|sehr geehrte|madame|monsieur|estimad)", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:[A-Z’'&-]+\s){0,8}(?:APPEARANCE|BRIEF|COMPLAINT|JUDGMENT|MEMORANDUM|MOTION|NOTICE|OPINION|"
    r"ORDER|PETITION|STIPULATION|SUBPOENA)(?:\s[A-Z’'&-]+){0,12}"
)
_REGISTER_AGENCY = re.compile(r"AGENCY:\s")
"""In the Federal Register the title of a rule or notice stands right above its agency."""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A line of the text with the page and the size of type in which it is printed."""

    line: Line
    page: int
    size: float


def printed_title(pages: Sequence[PdfPage], texts: Sequence[PrintedText], size: float) -> str:
    """The title that the first page shows, or "" where nothing there is set apart as one."""
    first = next((page for page in pages if page.runs), None)
    if first is None:
        return ""
    opening = [each for each in texts if each.page == texts[0].page]
    lines = [each.line for each in opening]
    return (
        _above_agency(lines)
        or case_caption(text_rows(first.runs), middle=_middle(first.runs))
        or _subject(lines)
        or _paper(lines)
        or _largest(opening, texts[len(opening) :], size)
    )


def _largest(texts: Sequence[PrintedText], later: Sequence[PrintedText], size: float) -> str:
    """The first of the lines in the largest type, if that is larger than the text.

    One word is the name of a series or of an office if there are more in type that is nearly as
    large.
    """
    could = [each for each in texts if _could_be_title(each.line)]
    largest = max((each.size for each in could), default=0.0)
    words = [each for each in could if " " in each.line.text and each.size > _NEARLY * largest]
    could = words or could
    largest = max((each.size for each in could), default=0.0)
    if largest <= _LARGE * size:
        return ""
    first = next(each for each in could if each.size >= _AS_LARGE * largest)
    return _with_lines_below(first, [each for each in texts if _WORD.search(each.line.text)], later)


def _with_lines_below(
    first: PrintedText, texts: Sequence[PrintedText], later: Sequence[PrintedText]
) -> str:
    """The title that begins with this line, and goes on in its type with the lines below.

    Lines that are set apart, as those of a cover are, are none of one paragraph. Where the type
    comes again below other text, or `later`, it is that of the headings too: the line below the
    title is the first of them, unless the title goes on in it.
    """
    place = texts.index(first)
    start = place
    if place and texts[place - 1].line.text.endswith(":"):
        start -= _is_same_type(first, texts[place - 1])
    lines = [each.line.text for each in texts[start : place + 1]]
    for each in texts[place + 1 :]:
        joined = " ".join([*lines, each.line.text])
        ended = lines[-1].endswith((".", "!", "?"))
        if ended or not _is_same_type(first, each) or len(joined) > _LONGEST:
            break
        lines.append(each.line.text)
    joined = " ".join(lines)
    below = [*texts[start + len(lines) :], *later]
    again = any(_is_same_type(first, each) and each.line.text not in joined for each in below)
    if len(lines) > _TITLE_LINES or (again and not all(map(_is_open, lines[:-1], lines[1:]))):
        return first.line.text
    return joined


def _is_open(line: str, below: str) -> bool:
    """Whether a title goes on from one line to the next one."""
    return line.endswith((":", ",", "-", "–", "—")) or below[0].islower()


def _is_same_type(one: PrintedText, other: PrintedText) -> bool:
    """Whether two lines are in one size of type, and the second is no numbered heading."""
    same = abs(one.size - other.size) < (1 - _AS_LARGE) * one.size
    return same and not other.line.literal and not _NUMBERED.match(other.line.text)


def _could_be_title(line: Line) -> bool:
    plain = search_form(line.text)
    letters = sum(map(str.isalpha, plain))
    return (
        not line.literal
        and len(plain) <= _LONGEST
        and letters >= _LETTERS
        and letters * 2 > len(plain.replace(" ", ""))
        and not is_letterhead(plain)
    )


def _subject(lines: Sequence[Line]) -> str:
    """The subject of a letter: behind `Re:`, above its salutation."""
    greeted = next((n for n, line in enumerate(lines) if _SALUTATION.match(line.text)), 0)
    found = (_SUBJECT.match(line.text) for line in lines[:greeted])
    return next((each["title"] for each in found if each), "")


def _paper(lines: Sequence[Line]) -> str:
    """The name of a court's or a party's paper that has no caption."""
    if not any(_COURT.search(line.text) for line in lines):
        return ""
    return next((line.text for line in lines if _PAPER.fullmatch(line.text)), "")


def _above_agency(lines: Sequence[Line]) -> str:
    for above, line in pairwise(lines):
        if _REGISTER_AGENCY.match(line.text):
            return above.text
    return ""


def _middle(runs: Iterable[TextRun]) -> float:
    found = [place for run in runs for place in (run.left, run.right)]
    return (min(found) + max(found)) / 2


def case_caption(rows: Sequence[list[TextRun]], middle: float) -> str:
    """The parties of a case, `A v. B`, or what it is about, `In re A`; "" without a caption.

    The parties are in the middle of the page, or on its left, where others have the case's number
    and the name of the paper at their right.
    """
    left = [_left_cell(row, middle) for row in rows[:_CAPTION_ROWS]]
    if not any(_COURT.search(joined_line(row).text) for row in rows[:_CAPTION_ROWS]):
        return ""
    cells = [cell for cell in left if cell.text]
    for place, cell in enumerate(cells):
        if sign := _VERSUS.fullmatch(cell.text):
            first = _party(cells[:place][::-1])[::-1]
        elif sign := _ENDS_VERSUS.fullmatch(cell.text):
            first = [sign["party"]]
        elif _IN_RE.fullmatch(cell.text):
            return _joined([cell.text, *_party(cells[place + 1 :], cell)])
        else:
            continue
        second = _party(cells[place + 1 :])
        if first and second:
            dot = "" if len(sign["sign"]) > 2 else "."
            return f"{_joined(first)} {sign['sign'].lower()}{dot} {_joined(second)}"
    return ""


def stands_in_caption(text: PrintedText, title: str, texts: Sequence[PrintedText]) -> bool:
    """Whether a line of the first page names the court above a case, or is the case's title."""
    line = text.line.text
    if (
        text.line.literal
        or text.page != texts[0].page
        or len(line) > _ROW
        or not _IS_CASE.search(title)
    ):
        return False
    return bool(_COURT_LINE.fullmatch(line)) or folded(line).startswith(folded(title))


def _left_cell(row: list[TextRun], middle: float) -> TextRun:
    """What is printed first on a line, without the brackets between the parties and the number."""
    cell = [run for run in row[:1] if run.left < middle]
    for run in row[1:] if cell else []:
        if run.left - cell[-1].right > _CELL_GAP * run.size:
            break
        cell.append(run)
    if not cell:
        return TextRun("", 0.0, 0.0, row[0].base, row[0].size)
    line = joined_line(cell)
    text = line.text.strip(" )(§:|*")
    return TextRun(text, line.left, line.right, line.base, line.size)


def _party(cells: Iterable[TextRun], before: TextRun | None = None) -> list[str]:
    """The lines of a party's name, the nearest ones, without those that tell its part in a case."""
    found: list[str] = []
    last = before
    for cell in cells:
        if _ROLE.fullmatch(cell.text) and before is None:
            if found:
                break
            continue
        apart = abs(cell.base - last.base) if last else 0.0
        if _NO_PARTY.fullmatch(cell.text) or len(found) == _PARTY_ROWS:
            break
        if last and apart > _AFTER * cell.size:
            break
        found.append(cell.text)
        last = cell
    return found


def _joined(lines: Sequence[str]) -> str:
    """A party's name on one line, without what is said of it."""
    name = _TAIL.sub("", " ".join(lines)).strip(" ,;")
    return name if len(name) <= _PARTY else name[:_PARTY].rpartition(" ")[0]
