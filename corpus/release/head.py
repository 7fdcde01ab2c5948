"""The head of a release: the lines above its first paragraph, and the facts in them."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import takewhile

from corpus.document import Dropped, Span
from corpus.language.dates import find_days
from corpus.metadata import NO_METADATA, Metadata
from corpus.release.boilerplate import boilerplate_rule, is_board_name, is_navigation, names_office
from corpus.release.boilerplate_words import (
    BYLINE_LABELS,
    HIT_LABELS,
    OFFICIALS,
    OFFICIALS_BEFORE_NAME,
    SOURCE_LABELS,
    TITLE_LABELS,
)
from corpus.release.date_lines import (
    DATE_LABEL,
    KIND_FIRST,
    PLACE_AND_DAY,
    SENTENCE_END,
    date_line,
    placed_date,
)
from corpus.release.label_lines import is_record
from corpus.release.letterhead import is_letterhead
from corpus.release.speakers import speaker_of
from corpus.text.characters import folded, search_form
from corpus.text.logical_lines import (
    BULLET,
    PARAGRAPH_NUMBER,
    Line,
    counted_number,
    starts_block,
)

_TITLE_LENGTH = 600
_PART_OF_TITLE = 20  # letters
_BYLINE_LENGTH = 160
_BYLINES = 8
_JOINTS = frozenset("of the and for to in by at on from with a an or as into".split())
_AHEAD = 100  # lines; no head is longer

_HITS = re.compile(rf"(?:{HIT_LABELS})\s*:?\s*(?P<number>[\d,]*)", re.I)
_TITLE_LABEL = re.compile(rf"(?:(?i:{TITLE_LABELS})\s*[:\t]\s*|(?:TITLE|제목)\s+)(?=\S)")
_BYLINE_ROW = re.compile(
    rf"(?:{BYLINE_LABELS})[^\S\t]*+:?[^\S\t]*+\t\s*+(?P<who>[^\t]{{1,100}})", re.I
)
_AUTHOR = re.compile(
    r"Office of (?:the )?[A-Z]\w+(?: [A-Z]\w+)?|"
    rf"(?!(?:\w+\s){{0,2}}(?:{OFFICIALS_BEFORE_NAME})\b)"
    r"(?:[A-Z][\w.'’-]*\s){1,4}[A-Z][\w.'’-]+,\s(?:(?:[A-Z][\w.]+|of|the|for)\s){0,4}"
    rf"(?:{OFFICIALS})\b[^.!?:]*"
)
"""`Office of the Spokesperson`, `Matthew Miller, Department Spokesperson`."""
_PLACE = re.compile(
    r"[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){0,2},(?:\s[A-Z][\w.'’-]+){1,3}|"
    r"\d{1,2}[:.]\d\d\s?[AaPp]\.?[Mm]\b.{0,12}"
)
_SOURCE_LABEL = re.compile(rf"(?:{SOURCE_LABELS})\s*:\s*", re.I)
_SALUTATION = re.compile(
    r"(?:dear|mr|madam|mme|your excellenc|excellenc|ladies|distinguished|monsieur)\w*\b(?!.*\d)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"[\[(](?:[^\[\]()]{1,80}|[^\[\]()]{0,120}\b(?:translat(?:ion|ed)|delivery)\b[^\[\]()]{0,120})[\])]"
)
_SUBTITLE = re.compile(r"[-–—]\s.*\s[-–—]")
_CAPTION = re.compile(r"(?P<title>.+\S)\s*\(1\)")


WEB_ADDRESS = re.compile(r"<?(?P<url>https?://[^\s<>\"]+)>?", re.IGNORECASE)
"""A web address, in angle brackets or not; the group `url` is without them."""


@dataclass(slots=True)
class Head:
    """The facts in a release's head; `body` is the position of the first line below it."""

    title: Span | None = None
    subtitle: str = ""
    board: str = ""
    bylines: list[str] = field(default_factory=list)
    source: str = ""
    posted: datetime.date | None = None
    posted_from: str = ""
    dropped: list[Dropped] = field(default_factory=list)
    body: int = 0

    def take(self, line: Line, rule: str) -> None:
        """Removes a line from the text, by this rule."""
        self.dropped.append(Dropped(line.span, rule))
        self.body += 1


def read_head(text: str, lines: list[Line], metadata: Metadata = NO_METADATA) -> Head:
    """Reads lines from the top until the first paragraph; `metadata` need not be printed."""
    head = Head(posted=metadata.posted, posted_from=metadata.posted_from)
    while head.body < len(lines):
        line = lines[head.body]
        rest = lines[head.body + 1 : head.body + 1 + _AHEAD]
        if not (
            _takes_facts(head, line, rest) or _takes_title(head, line, rest, text, metadata.title)
        ):
            if not line.furniture:
                break
            head.take(line, "page furniture")
    return head


def source_line_address(line: str) -> str:
    """The address in a line such as `Source: https://...`, or ""."""
    label = _SOURCE_LABEL.match(line)
    address = WEB_ADDRESS.fullmatch(line, label.end()) if label else None
    return address["url"] if address else ""


def _takes_facts(head: Head, line: Line, rest: list[Line]) -> bool:
    """Takes navigation, the board's name, the date block, the source and translation marks."""
    plain = search_form(line.text)
    if _takes_date(head, line, plain, rest):
        return True
    if head.title is None and is_letterhead(line.text) and _title_ahead(rest, line.level):
        head.take(line, "letterhead")
        head.bylines.append(plain)
        return True
    fact = is_board_name(plain) or _REMARK.fullmatch(plain) or _HITS.match(plain)
    if head.title is None and _above_date(rest) and not fact:
        return False  # whatever it looks like, it is the title
    if is_navigation(line.text):
        head.take(line, "navigation")
    elif head.title is None and is_board_name(plain):
        head.board = plain
        head.take(line, "board")
    elif url := source_line_address(line.text) or (WEB_ADDRESS.fullmatch(line.text) and line.text):
        head.source = url.strip("<>")
        head.take(line, "source")
    elif row := _BYLINE_ROW.fullmatch(line.text):
        head.bylines.append(row["who"])
        head.take(line, "byline")
    elif hits := _HITS.fullmatch(plain):
        head.take(line, "hits")
        if not hits["number"] and rest and re.fullmatch(r"[\d,]+", rest[0].text):
            head.take(rest[0], "hits")
    elif (
        rule := "remark"
        if _REMARK.fullmatch(plain)
        else boilerplate_rule(plain, indented=False, title="")
    ):
        head.take(line, rule)
        if rule == "attribution":
            head.bylines.append(plain)
    else:
        return False
    return True


def _above_date(rest: list[Line]) -> bool:
    """Whether the next line is a date or its label: the line above it is the title."""
    label = DATE_LABEL.match(rest[0].text) if rest else None
    return bool(rest) and bool(
        date_line(rest[0].text)
        or (label and (find_days(rest[0].text) or label.end() == len(rest[0].text)))
    )


def _title_ahead(rest: list[Line], level: int) -> bool:
    """Whether there is a title between a letterhead and the first paragraph.

    Below a heading of this level only one of the same or a higher level is a title.
    """
    if level and not any(0 < line.level <= level for line in rest[:_BYLINES]):
        return False
    for number, line in enumerate(rest[:_BYLINES]):
        plain = search_form(line.text)
        if _TITLE_LABEL.match(line.text) or line.level:
            return True
        if not (
            date_line(plain) or DATE_LABEL.fullmatch(plain) or is_board_name(plain)
            or is_letterhead(plain) or _REMARK.fullmatch(plain) or _AUTHOR.fullmatch(plain)
            or _PLACE.fullmatch(plain) or placed_date(plain)
        ):  # fmt: skip
            last = number + 1 == len(rest)
            listed = not last and _is_prose(plain) and _is_item(rest[number + 1].text)
            addressed = plain[-1] == "," or _SALUTATION.match(plain)
            return _is_byline(line) and not (last or listed or addressed)
    return False


def _takes_date(head: Head, line: Line, plain: str, rest: list[Line]) -> bool:
    label = DATE_LABEL.match(plain)
    if label and label.end() == len(plain) and rest and date_line(rest[0].text):
        head.take(line, "date label")
        line, plain, label = rest[0], search_form(rest[0].text), None
        kind = "date block"
    else:
        kind = "date block" if label else "date line"
    if head.title is None and KIND_FIRST.match(plain) and not _title_ahead(rest, line.level):
        return False  # `Statement, 14 May 2024` is all the title that there is
    found = date_line(plain[label.end() :] if label else plain)
    if found is None and (head.title or (PLACE_AND_DAY.match(plain) and not line.level)):
        found, kind = placed_date(plain), "place and date"
    if found is None:
        return False
    if head.posted is None:
        head.posted, head.posted_from = found, kind
    head.take(line, kind)
    return True


def _takes_title(head: Head, line: Line, rest: list[Line], text: str, known: str) -> bool:
    """Takes the title; below it the title again, a subtitle and the bylines.

    A `known` title may not be printed: a line with other words is none.
    """
    plain = search_form(line.text)
    if _is_part(plain, known):  # a head that was cut off, a title on two lines
        head.take(line, "title again")
        return True
    untitled = head.title is None and not known and not line.level
    if untitled and (_AUTHOR.fullmatch(plain) or (head.bylines and _PLACE.fullmatch(plain))):
        head.bylines.append(plain)
        head.take(line, "byline")
        return True
    if head.title is None and (not known or line.level or _alike(plain, known)):
        return _takes_first_title(head, line, rest)
    if head.title and folded(plain) == folded(head.title.of(text)):
        head.take(line, "title again")
    elif _SUBTITLE.fullmatch(plain):
        head.subtitle = plain.strip("-– —")
        head.take(line, "subtitle")
    elif (
        # an undated page's short lines may be a list
        (head.posted or names_office(plain) or _date_ahead(rest))
        and _is_byline(line)
        and not _tells(line.text)
        and not _opens_outline(line.text, rest)
        and not _is_wrapped(line, rest)
        and len(head.bylines) < _BYLINES
        and any(map(_is_body, rest))
    ):
        head.bylines.append(plain)
        head.take(line, "byline")
    else:
        return False
    return True


def _date_ahead(rest: list[Line]) -> bool:
    """Whether the only date line is right below this line or the next."""
    dated = [
        number
        for number, each in enumerate(rest[:_BYLINES])
        if _above_date([each]) or placed_date(search_form(each.text))
    ]
    return len(dated) == 1 and dated[0] < 2


def _is_part(line: str, title: str) -> bool:
    """Whether a line is a good part of a title, and not all of it."""
    if not title or len(line) > _TITLE_LENGTH:
        return False
    part, whole = folded(line), folded(title)
    return len(part) >= _PART_OF_TITLE and part != whole and part in whole


def _alike(line: str, title: str) -> bool:
    """Whether a line and a title have most of their words in common."""
    words, known = line.casefold().split(), title.casefold().split()
    return sum(word in known for word in words) * 2 > max(len(words), len(known))


def _takes_first_title(head: Head, line: Line, rest: list[Line]) -> bool:
    label = _TITLE_LABEL.match(line.text)
    if label:
        value = line.text[label.end() :]
        quoted = len(value) > 2 and value[0] == value[-1] and value[0] in "\"'"
        start, end = line.span.start + label.end() + quoted, line.span.end - quoted
    elif _could_be_title(line, rest) and not (
        any(each.rule == "byline" for each in head.dropped)
        and (_is_prose(line.text) or speaker_of(line.text))
    ):
        start, end = line.span.start, line.span.end
    else:
        return False
    if not label and _navigation_ahead(rest):
        head.take(line, "site name")
        return True
    caption = _CAPTION.fullmatch(line.text)
    if caption and rest and rest[0].text == f"{caption['title']} (2)":
        end = start + caption.end("title")
        head.take(line, "photo caption")
        line = rest[0]
    head.title = Span(start, end)
    head.take(line, "title")
    return True


def _could_be_title(line: Line, rest: list[Line]) -> bool:
    if len(line.text) > _TITLE_LENGTH or line.literal or not rest:
        return False
    if line.furniture and not line.level:
        return False
    if line.level:
        return True
    if PARAGRAPH_NUMBER.match(line.text) or BULLET.match(line.text):
        return False
    dated = any(date_line(each.text) for each in rest[:2])
    return dated or not SENTENCE_END.search(line.text)


def _navigation_ahead(rest: list[Line]) -> bool:
    for line in rest[:12]:
        if is_navigation(line.text):
            return True
        if _is_body(line) or _is_sentence(line.text):
            return False
    return False


def _is_byline(line: Line) -> bool:
    if line.level or line.literal or len(line.text) > _BYLINE_LENGTH:
        return False
    return not _is_body(line) and not _is_sentence(line.text)


def _is_wrapped(line: Line, rest: list[Line]) -> bool:
    """Whether a line is the beginning of a paragraph that is broken into lines."""
    close = takewhile(lambda each: not each.gap, rest)
    words = " ".join([line.text, *(each.text for each in close)])
    return words != line.text and bool(SENTENCE_END.search(words))


def _is_sentence(text: str) -> bool:
    """Whether a line reads as a sentence, though its end does not show it: `... to the U.S.`."""
    return _is_prose(text) and text[-1] in '.)”"’'


def _opens_outline(text: str, rest: list[Line]) -> bool:
    """Whether a line begins with the number above `1.1` of a line below."""
    number = counted_number(text)
    return bool(number) and any(line.text.startswith(f"{number}.1") for line in rest)


def _tells(text: str) -> bool:
    """Whether a line without a full stop tells something, as a caption or subtitle does: it has
    words in small letters that are not only the joints of names."""
    small = [word for word in text.split() if word[0].islower() and word not in _JOINTS]
    return _is_prose(text) and len(small) > 2


def _is_item(text: str) -> bool:
    """Whether a line is an item of a list, and no numbered paragraph: `1. The port reopened.`"""
    is_paragraph = PARAGRAPH_NUMBER.match(text) and SENTENCE_END.search(text)
    return starts_block(text) and not is_paragraph


def _is_prose(text: str) -> bool:
    words = text.split()
    small = sum(word[0].islower() for word in words)
    return len(words) > 5 and small * 5 >= len(words) * 2


def _is_body(line: Line) -> bool:
    return bool(
        starts_block(line.text)
        or SENTENCE_END.search(line.text)
        or speaker_of(line.text)
        or is_record(line.text)
        or len(line.text) > _TITLE_LENGTH
    )
