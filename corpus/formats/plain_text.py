"""Plain text: one logical line for one paragraph, however the file breaks its lines."""

import re
from itertools import pairwise

from corpus.document import Span
from corpus.language.calendar_words import MONTH_NAMES
from corpus.release.boilerplate_words import (
    BOARD_ENDINGS_INLINE,
    BOARD_OPENINGS_INLINE,
    DATE_LABELS_INLINE,
    HIT_LABELS_INLINE,
    LANGUAGES_INLINE,
    SKIP_LINKS_INLINE,
)
from corpus.text.logical_lines import (
    BULLET,
    OUTLINE_NUMBER,
    PARAGRAPH_NUMBER,
    Line,
    line_of,
    starts_block,
)

_HARD_WRAP = 130  # no paragraph that is one line is this short throughout a document
_MID_SENTENCE = re.compile(rf"(?:\s[a-z]+|\b(?:{'|'.join(name[:3] for name in MONTH_NAMES)})\w*)$")
_ONE_LINE = 3  # a text of so few lines has lost its line breaks


def text_lines(text: str) -> list[Line]:
    """The logical lines of a plain text, in order.

    Hard-wrapped lines are joined; a text that is all on one line is cut before its labels.
    """
    lines = _physical_lines(text)
    numbered = sum(bool(PARAGRAPH_NUMBER.match(line.text)) for line in lines)
    if len(lines) == 1 or (len(lines) <= _ONE_LINE and not numbered):
        return [piece for line in lines for piece in _cut_one_line(text, line)]
    return join_wrapped(text, lines)


def _physical_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    gap, start = False, 0
    for physical in text.splitlines(keepends=True):
        line = line_of(text, start, start + len(physical), gap=gap)
        if line:
            lines.append(line)
        gap, start = line is None, start + len(physical)
    return lines


def join_wrapped(text: str, lines: list[Line]) -> list[Line]:
    """Joins what a program wrapped: a line was broken because the next word did not fit on it."""
    width = max(len(line.text) for line in lines)
    pairs = list(pairwise(lines))
    wrapped = [_continues(before, line, width) for before, line in pairs]
    close = [not line.gap and not starts_block(line.text) for _, line in pairs]
    if width > _HARD_WRAP or sum(wrapped) < max(2, sum(close) / 2):
        return lines
    runs = [lines[:1]]
    for line, goes_on in zip(lines[1:], wrapped, strict=True):
        if goes_on:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_joined(text, run) if run[1:] else run[0] for run in runs]


def _joined(text: str, run: list[Line]) -> Line:
    span = Span(run[0].span.start, run[-1].span.end)
    return Line(span, span.of(text), run[0].gap, run[0].indented)


def _continues(before: Line, line: Line, width: int) -> bool:
    if line.gap or BULLET.match(line.text):
        return False
    number = PARAGRAPH_NUMBER.match(line.text) or OUTLINE_NUMBER.match(line.text)
    if number and not (
        _MID_SENTENCE.search(before.text) or line.text[number.end() :][1:2].islower()
    ):
        return False
    return len(before.text) + 1 + len(line.text.split(None, 1)[0]) > width


_NAVIGATION = re.compile(
    rf"(?:[가-힣]+\s)?(?:{SKIP_LINKS_INLINE})(?:\s메뉴)?\s|(?:{LANGUAGES_INLINE})\s"
    rf"|(?:(?:{BOARD_OPENINGS_INLINE})\s(?:and\s)?)+(?:{BOARD_ENDINGS_INLINE})\s"
)
_DATE_BLOCK = re.compile(rf"\s(?=(?:{DATE_LABELS_INLINE})\s*+:?\s*+\d{{4}}[-.]\s?\d{{1,2}}[-.])")
_HITS = re.compile(rf"\b(?:{HIT_LABELS_INLINE})\s*+:?\s*+[\d,]++\s", re.IGNORECASE)


def _cut_one_line(text: str, line: Line) -> list[Line]:
    """Cuts a line that holds a whole page: navigation, title, date block, paragraphs 1., 2., ..."""
    start, end = line.span.start, line.span.end
    numbers = _rising_numbers(text, start, end)
    if not numbers:
        return [line]
    cuts = [start]
    while match := _NAVIGATION.match(text, cuts[-1], numbers[0]):
        cuts.append(match.end())
    for pattern in (_DATE_BLOCK, _HITS):
        if match := pattern.search(text, cuts[-1], numbers[0]):
            cuts.append(match.end())
    cuts += numbers
    bullets = re.compile(r"(?<=[.!?”\"’)]\s)(?:[°◦○●ㅇ•]\s|[oO]\s(?=[A-Z“\"]))")
    cuts += [match.start() for match in bullets.finditer(text, numbers[0], end)]
    edges = [*sorted(set(cuts)), end]
    pieces = (line_of(text, a, b, gap=True) for a, b in pairwise(edges))
    return [piece for piece in pieces if piece]


def _rising_numbers(text: str, start: int, end: int) -> list[int]:
    """Where `1.`, `2.`, `3.` ... follow each other, each at the start or after a space."""
    found: list[int] = []
    for match in re.finditer(r"(?<!\S)(\d{1,3})[.．]\s+(?=[^\W\d_]|[“\"‘'])", text[start:end]):
        if int(match[1]) == len(found) + 1:
            found.append(start + match.start())
    return found if len(found) > 1 else []
