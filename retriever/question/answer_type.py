"""The type of answer that a question wants: a number, a person, a time, a place, or what was said;
and the sentences that give it."""

import re
from enum import Enum

from corpus.language.calendar_words import MONTHS
from corpus.language.dates import find_days
from corpus.language.names import names_in
from retriever.index.lexical.terms import terms_of

_MONTHS = "|".join(name.title() for name in MONTHS)
_COUNTED = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|"
    r"million|billion)s?\b",
    re.IGNORECASE,
)
"""`2`, `two`, `thousands`."""
_CALENDAR = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\.? \d+|\b\d+ (?:{_MONTHS})\b|"
    r"\b[\w-]+ (?:year|month|week|day|hour)s? ago\b"
)
_TIME = re.compile(r"\b(?:19|20)\d\d\b|\b(?:today|yesterday|tomorrow)\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:in|at|to|from) [A-Z]")
_CAME_TOGETHER = re.compile(r"\b(?:spoke|speaks|met|meets) (?:\w+ ){0,3}(?:with|by)\b")
_SAYING = frozenset(
    terms_of(
        "discuss underscore underline emphasize reiterate highlight urge thank affirm reaffirm "
        "express note stress raise convey condemn welcome encourage agree commit pledge call "
        "announce say tell voice share outline review explain warn decide"
    )
)


class Asked(Enum):
    """What a question asks for, with the words by which it does; the first that is found counts."""

    NUMBER = (
        r"\bhow (?:many|much|long|old|big|far|often)\b|"
        r"\b(?:what|which) (?:share|percentage|proportion|number|amount|sum)\b"
    )
    TIME = (
        r"^\W*(?:and |but )?(?:when\b|dates? of\b|(?:(?:in|on|at|by|for|from|since|until) )?"
        r"(?:what|which) (?:time|hour|day|date|month|year)\b)|\b(?:by|since|until|till) when\b"
    )
    PERSON = r"(?-i:\b[Ww]ho(?:m|se)?\b)"
    PLACE = r"\bwhere\b"
    SAID = (
        r"\b(?:discuss\w*|talk\w*|say|said|tell|told|raised?|urged?|ask|asked|thank\w*|agreed?|"
        r"announced?|speak|spoke|pledged?|promised?|committed|react\w*|respond\w*|response|"
        r"position|stance|message)\b"
    )


def asked_for(question: str) -> Asked | None:
    """What the question asks for, or None when no word of it shows that."""
    return next((each for each in Asked if re.search(each.value, question, re.IGNORECASE)), None)


def tells(sentence: str, asked: Asked, question: str) -> bool:
    """Whether a sentence has what is asked for: of numbers none of a date, of people one that the
    question does not name, of what was said a report and not only that they met."""
    if asked is Asked.NUMBER:
        return bool(_COUNTED.search(_CALENDAR.sub("", sentence)))
    if asked is Asked.PERSON:
        known = set(terms_of(question))
        return any(not known.issuperset(terms_of(name)) for name in names_in(f"x {sentence}"))
    if asked is Asked.TIME:
        return bool(find_days(sentence) or _TIME.search(sentence))
    if asked is Asked.PLACE:
        return bool(_PLACE.search(sentence))
    return not _SAYING.isdisjoint(terms_of(sentence)) and not came_together(sentence)


def came_together(sentence: str) -> bool:
    """Whether a sentence reports that people met or spoke with each other."""
    return bool(_CAME_TOGETHER.search(sentence))
