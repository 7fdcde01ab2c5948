"""Date lines: the forms in which a release prints the day of its posting, alone, behind a label or
a place, or before its first sentence."""

import datetime
import re

from corpus.language.calendar_words import WEEKDAY_PATTERN
from corpus.language.dates import find_days, is_plausible, stated_day
from corpus.release.boilerplate_words import (
    ACT_LABELS,
    DATE_LABELS,
    HIT_LABELS,
    ISSUED,
    OF_A_DAY,
    OFFICES_AFTER_DATE,
    PUBLISHED_ABROAD,
    TEXT_KINDS,
    TEXT_KINDS_ABROAD,
)
from corpus.text.characters import search_form

DATE_LABEL = re.compile(rf"(?:{DATE_LABELS})\b\s*:?\s*", re.I)
"""`Date: `, `Filed: `, `Publicado el `."""

_KIND = rf"(?:{TEXT_KINDS_ABROAD}|{TEXT_KINDS})(?:\s(?:nr|no?|n[°º])\.?\s?[\w/.-]{{1,12}})?(?!\w)"
KIND_FIRST = re.compile(_KIND, re.IGNORECASE)
"""The kind of a text, at the beginning of its date line or title: `Press Release No. 24`."""
_BEFORE_DATE = re.compile(
    rf"(?:(?:{WEEKDAY_PATTERN}|(?:{ISSUED})(?:\son)?\b|(?:{PUBLISHED_ABROAD})\b|{_KIND}|"
    r"for\s(?:immediate\s)?release\b)"
    rf"[:,.|-]*\s*)+(?:(?:{OF_A_DAY})\s)?", re.IGNORECASE,
)  # fmt: skip
"""`Mon, `, `Published on: `, `For immediate release: `, `Communiqué de presse du `."""
_OF_A_DAY = re.compile(rf"(?:of|dated|{OF_A_DAY})\s(?=\d)", re.IGNORECASE)
"""As in the line `of 16.02.2016` below the kind of an act."""
_DOTTED_DATE = re.compile(r"\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.")
_PLACED_DATE = re.compile(
    rf"(?P<place>[^\W\d_][^\d:;!?]{{1,40}}),\s+(?:(?:{OF_A_DAY})\s)?(?=\d|[A-Z][a-z]+\.?\s\d)"
)
_LABEL_AHEAD = re.compile(r"(?:^|[—–|(\[;•-])\s*$")
_ACT_DAY = re.compile(rf"(?<!\w)(?:{ACT_LABELS})(?:\s?[:：]\s?|[\s,]\s?)", re.IGNORECASE)
_STAMP = re.compile(
    r"\b(?:case|doc(?:ument|ket)?|page|pg)\b.{0,60}\bfiled\b|\bfiled\b.{0,40}\bpage\b", re.I
)
"""`Case 1:19-cv-00123 Document 45 Filed 01/19/21 Page 1 of 7`, as American courts stamp a page."""
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d\d(?:\d\d)?(?!\d)")
_LABELLED_VALUE = 40  # characters
_MOST_SMALL = 4  # words in small letters: more are of a sentence
_TITLED = re.compile(
    r"minutes|report|agenda|notes?|newsletter|bulletin|meeting|session|conference|review|summary|"
    r"update|plan|letter|memo\w*|interview|speech|address|protokoll|bericht|rapport|informe|acta",
    re.IGNORECASE,
)
"""A word of `Board Minutes, 14 May 2024`, which is a title, and no place with its day."""
_LONGEST = 250  # characters of a line that is little but a date
_DATELINE = 160  # characters
_DATELINE_PLACE = re.compile(
    rf"(?P<place>[^\W\d_][^\d:;!?|]{{1,40}}?)[\s,.(|-]*(?:(?<=[\s,])(?:{OF_A_DAY})\s?)?"
)
_DATELINE_ENDS = re.compile(r"\s?(?:\([^()]{1,30}\)\s?)?(?:[)\]]\s?[-:.|]*\s|-{1,2}\s|[|])")
_BEFORE_A_DAY = frozenset("on in at since by from until am vom le du el il em den dal".split())
_IN_PLACES = frozenset("am an der de del do da la le les of the upon sur bei von in and".split())
PLACE_AND_DAY = re.compile(r"(?:[^\W\d_][\w.'’-]+,?\s){1,3}(?:\d|[A-Z][a-z]+\.?\s\d)")
"""A few words and a day: what can be a place and a day above a title."""
_AFTER_DATE = re.compile(
    r"(?:\s(?:года|г\.|roku|r\.|року|р\.))?T?[\s,.|/(·-]*"
    r"(?:(?:(?:at|um|à|às|a las|alle|kl\.?|в)\s)?"
    rf"\d{{1,2}}(?:[:.h]\d\d|\s?[ap]\.?m\b|\s(?:uhr|h)\b).*|{WEEKDAY_PATTERN}.*|"
    rf"(?:{HIT_LABELS})\b.*|[^:]*\b(?:{OFFICES_AFTER_DATE})\b.*)?",
    re.IGNORECASE,
)
"""After a date: `T10:00:00`, ` (Tue)`, ` | Hits 120`, ` Press Office`."""
_PLACE_AFTER_DATE = re.compile(r",\s(?:[A-Z][\w.'’-]+(?:,?\s|$)){1,4}")
"""As in `12 March 2024, Torvik City`."""
_OFFICE_AFTER_DATE = re.compile(rf"\b(?:{OFFICES_AFTER_DATE})\b", re.IGNORECASE)
_SMALL_WORDS = frozenset("of the and for by in at release releases room desk team".split())
SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?:;][\"'”’)\]]*(?:\s?\[\d{1,3}\])*$")
"""How a sentence ends, at the end of a line; an initial's dot ends none."""


def placed_date(line: str) -> datetime.date | None:
    """The date of a line that names a place before it, or behind."""
    if len(line) > _LONGEST:
        return None
    if placed := _PLACED_DATE.match(line):
        return date_line(line[placed.end() :]) if _is_place(placed["place"]) else None
    found = find_days(line)
    if found and found[0].span.start == 0 and _PLACE_AFTER_DATE.fullmatch(line, found[0].span.end):
        return found[0].day.date()
    return None


def dateline(paragraph: str) -> datetime.date | None:
    """The day of a paragraph that opens with it: `WASHINGTON, 5 May 2022 – `, `(5 May 2022) `."""
    opening = search_form(paragraph[:_DATELINE])
    found = find_days(opening)
    if not found or not _DATELINE_ENDS.match(opening, found[0].span.end):
        return None
    before = opening[: found[0].span.start].lstrip("[( ")
    if kind := _BEFORE_DATE.match(before):
        before = before[kind.end() :]
    label = DATE_LABEL.fullmatch(before)
    place = _DATELINE_PLACE.fullmatch(before)
    if before and not label and not (place and _is_place(place["place"])):
        return None
    return found[0].day.date()


def labelled_day(line: str) -> datetime.date | None:
    """The day in a line of a caption: `Filed: January 19, 2021`, `Argued May 3 — Decided June 13,
    2013`, `BESCHLUSS vom 22. April 2020`."""
    if len(line) > _LONGEST:
        return None
    plain = search_form(line)
    stamp = _STAMP.search(plain)
    small = sum(word[0].islower() for word in plain.split())
    if not stamp and (small > _MOST_SMALL or SENTENCE_END.search(plain)):
        return None
    for label in _ACT_DAY.finditer(plain):
        if not (stamp or _LABEL_AHEAD.search(plain, 0, label.start())):
            continue  # `Company created on 4 May 1988`
        value = plain[label.end() : label.end() + _LABELLED_VALUE]
        found = find_days(value, day_first=False if stamp else None)
        day = found[0].day.date() if found and found[0].span.start == 0 else None
        if day is None and stamp and (slashed := _SLASHED.match(value)):
            day = stated_day(slashed.group(), day_first=False)
        if day and is_plausible(day):
            return day
    return None


def _is_place(words: str) -> bool:
    """Whether the words before a day can be a place: capitalised, and none of them of a title."""
    named = words.replace(",", " ").split()
    return named[0].casefold() not in _BEFORE_A_DAY and not any(
        _TITLED.fullmatch(word) or (word[0].islower() and word not in _IN_PLACES) for word in named
    )


def date_line(line: str) -> datetime.date | None:
    """The date of a line that begins with a full date and has little more (a time, an office)."""
    if len(line) > _LONGEST:
        return None
    plain = search_form(line)
    if before := _BEFORE_DATE.match(plain) or _OF_A_DAY.match(plain):
        plain = plain[before.end() :]
    found = find_days(plain)
    if not found or found[0].span.start > 0 or len(plain) - found[0].span.end > 30:
        return None
    if not _AFTER_DATE.fullmatch(plain, found[0].span.end):
        return None
    after_date = re.findall(r"[^\W\d_]{2,}", plain[found[0].span.end :])
    in_prose = any(word.islower() and word not in _SMALL_WORDS for word in after_date)
    if in_prose and _OFFICE_AFTER_DATE.search(plain):
        return None  # a sentence that begins with a day, or what is planned for it
    if SENTENCE_END.search(plain) and not _DOTTED_DATE.fullmatch(plain):
        return None
    return found[0].day.date()
