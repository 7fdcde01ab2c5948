"""The day of the event that a release reports, and where it was read.

The title names it, or the first paragraph as when the event took place. A day that only dates what
went before ("since 24 February", "the May 3 attack") is background, and a day that cannot be known
is unknown.
"""

import datetime
import re
from dataclasses import dataclass

from corpus.document import Day
from corpus.language.calendar_words import WEEKDAYS
from corpus.language.dates import FoundDay, find_days, with_year_near
from corpus.language.sentences import sentence_spans

_LONG_PAST = datetime.timedelta(days=60)
_FAR_AHEAD = datetime.timedelta(days=183)
"""A release reports the last weeks; a day of an earlier year or month, which it gives in full, is
an anniversary or a precedent."""

_READ = 4_000  # characters of a first paragraph; a longer one has lost its line breaks
_NEAR = 80  # characters before a day
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_BEFORE = re.compile(  # what a day follows that is not the event's
    r"\b(?:since|until|till|by|before|after|following|ahead\s+of|prior\s+to|as\s+of|no\s+later\s+than"
    r"|dated|anniversary\s+of(?:\s+the)?|preparations\s+for(?:\s+the)?)"
    rf"\s+(?:on\s+|the\s+|late\s+|early\s+)?(?:{_WEEKDAY},?\s+)?$",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"(?P<during>\b(?:during|occasion\s+of)\s+|^[\W_]*(?:At|In)\s+)?"
    r"\b(?:the|an?|his|her|its|their|our|your|[\w.]+[’']s?)\s+(?:[a-z]+\s+)?$",
    re.IGNORECASE,
)
"""Before a day: `the `, `during the recent `, `Seoul's `."""
_NOUN = re.compile(r"\s+[^\W\d_]")
_WITHOUT_NOUN = re.compile(r"\s+(?:to|through|and|until|in|at|on|as|with|for|from|by|local)\b")
_OPENS = re.compile(rf"[\W_]*On\s+(?:{_WEEKDAY},?\s+)?$")
_HAPPENS = re.compile(
    r"\b(?:takes?|took|taking|taken)\s+place\b|\b(?:held|met|convened?|travel(?:s|ing|l?ed)?)\b"
    r"|\bwill\b.*\b(?:meet|host(?:ed)?)\b"
)
_TO = re.compile(r"\s*(?:-|–|—|to|through|until)\s*", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(today|tonight|this (?:morning|afternoon|evening)|yesterday)\b", re.IGNORECASE
)
_ON_WEEKDAY = re.compile(
    rf"(?:\b(?:on|this|last|met|spoke|held|convened|called)\s+)(?P<weekday>{_WEEKDAY})\b(?!,?\s*\d)"
)
_FUTURE = re.compile(r"\b(?:will|shall|upcoming|is to|are to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventDays:
    """The days of the event: the first one, and of a range the last. `read_from` names where they
    were read, and how the year was inferred when the words leave it out."""

    days: tuple[Day, ...] = ()
    read_from: str = ""


def read_events(title: str, lead: str, posted: datetime.date | None) -> EventDays:
    """The event of a release with this title and first paragraph.

    "today", "yesterday" and "on Monday" count back from the posted date. The year stays unknown
    when neither the words nor a posted date give it; no days when none can be known.
    """
    named = [each for each in find_days(title) if not _went_before(title, each, posted)]
    if named:
        return _dated(named, "title", posted)
    lead = lead[:_READ]
    sentences = [span.of(lead) for span in sentence_spans(lead)]
    for number, sentence in enumerate(sentences):
        days = [each for each in find_days(sentence) if not _is_background(sentence, each, posted)]
        if number:
            days = [each for each in days if _tells_when(sentence, each)]
        if days:
            place = "first paragraph" if number else "first sentence"
            return _dated(_first_range(days, sentence), place, posted)
        counted = _counted(sentence, posted) if posted and not number else None
        if counted:
            return counted
    return EventDays()


def _tells_when(sentence: str, found: FoundDay) -> bool:
    """Whether a sentence after the first one dates the event."""
    opening = sentence[: found.span.start]
    return bool(_OPENS.fullmatch(opening) or _HAPPENS.search(sentence))


def _went_before(text: str, found: FoundDay, posted: datetime.date | None) -> bool:
    """Whether a day is long past, or the words before it set it apart: "since 24 February"."""
    date = found.day.date()
    long_past = date is not None and posted is not None and posted - date > _LONG_PAST
    return long_past or bool(_BEFORE.search(text, *_before(found)))


def _before(found: FoundDay) -> tuple[int, int]:
    """The range of the few words before a day."""
    return max(0, found.span.start - _NEAR), found.span.start


def _is_background(text: str, found: FoundDay, posted: datetime.date | None) -> bool:
    """Whether a day went before, lies far ahead (a tariff's beginning), or qualifies a noun:
    "the May 3 attack"."""
    date = found.day.date()
    far_ahead = date is not None and posted is not None and date - posted > _FAR_AHEAD
    if far_ahead or _went_before(text, found, posted):
        return True
    determiner = _DETERMINER.search(text, *_before(found))
    end = found.span.end
    tells_which = _NOUN.match(text, end) and not _WITHOUT_NOUN.match(text, end)
    return bool(tells_which and determiner and not determiner["during"])


def _first_range(found: list[FoundDay], text: str) -> list[FoundDay]:
    """The first day, with the one at the other end of its range: `May 31 - June 8`."""
    if len(found) > 1 and _TO.fullmatch(text, found[0].span.end, found[1].span.start):
        return found[:2]
    return found[:1]


def _dated(found: list[FoundDay], place: str, posted: datetime.date | None) -> EventDays:
    named = [day for each in found for day in (each.day, each.last) if day]
    days = named if posted is None else [with_year_near(day, posted) for day in named]
    inferred = days != named
    return EventDays(
        tuple(dict.fromkeys(days)),
        f"{place}, year inferred from the posted date" if inferred else place,
    )


def _counted(sentence: str, posted: datetime.date) -> EventDays | None:
    """The day that a sentence names by its distance from the posted date."""
    relative, weekday = _RELATIVE.search(sentence), _ON_WEEKDAY.search(sentence)
    if relative:
        word, back = relative[1].lower(), int(relative[1].lower() == "yesterday")
    elif weekday and not _FUTURE.search(sentence):
        word = weekday["weekday"]
        back = (posted.weekday() - WEEKDAYS.index(word)) % 7
    else:
        return None
    try:
        date = posted - datetime.timedelta(days=back)
    except OverflowError:  # there is no day before the year 1
        return None
    return EventDays((Day(date.year, date.month, date.day),), f"“{word}” in the first sentence")
