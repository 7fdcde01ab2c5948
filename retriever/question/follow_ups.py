"""Follow-ups: what a question that leans on its thread takes over from the earlier questions.

No language model rewrites anything. A question leans when it opens like a follow-up, points back
at something that it does not name itself, or says next to nothing.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.language.names import names_in
from corpus.language.period_phrases import FoundPeriod, find_periods
from corpus.language.periods import year_of
from retriever.index.lexical.terms import meaningful

_OPENS = re.compile(
    r"(?:and|but|or|also|then|so|ok(?:ay)?|what about|how about|what else|who else|where else|"
    r"anything else|anyone else|any other)\b[\s,]*",
    re.IGNORECASE,
)
"""`and `, `ok, `, `what about `, `anyone else `."""
_PRONOUN = re.compile(
    r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|its)\b"
    r"|\bit\b(?!\s(?:is\s|was\s)?(?:true|said|known|clear|likely|possible|\w+ing)\b)"
    r"|\b(?:that|this|these|those)\b(?=\s*(?:[?.!,]|$|(?:same|day|meeting|call|visit|trip|time|"
    r"place|week|month|year)\b))"
    r"|\b(?:the (?:same|latter|former|two|others?|one)|another one|both of|which of)\b"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere(?=\s*(?:[?.!,]|$))",
    re.IGNORECASE,
)
"""`his`, the `it` of "did it hold", the `that` of "after that?", `the latter`, the `there` of "who
went there?"; neither the `it` of "is it known" nor the `there` of "was there"."""
_ADDS = re.compile(r"\b(?:else|other|another|too|as well|afterwards)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_CLAUSE = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should)\b",
    re.IGNORECASE,
)
"""The `did` of "and in Busan did he", by which words are known to be a clause."""
_COURTEOUS = (
    r"ok(?:ay)?|(?:no )?thanks?|thank you|thx|cheers|great|good|nice|cool|perfect|got it|i see|yes|"
    r"no|hello|hi|hey|bye|goodbye|good (?:morning|afternoon|evening)|"
    r"감사합니다|고맙습니다|안녕하세요"
)
_COURTESY = re.compile(
    rf"[^\w?]*(?:{_COURTEOUS})\b(?:[^\w?]*(?:{_COURTEOUS}|very much|so much|indeed|a lot|again|all|"
    r"everyone|pincite)\b)*[^\w?]*|\W*",
    re.IGNORECASE,
)
"""`Ok, thanks a lot!`, `Good morning everyone`, `!!!`; not `thanks?`, which asks."""
_COURTEOUS_OPENING = re.compile(rf"(?:(?:{_COURTEOUS})\b[\s,]*)+[.!]+\s*(?=\w)", re.IGNORECASE)
_BEYOND = re.compile(r"\b(?:later|earlier|again|since|afterwards|before|after|ever)\b", re.I)
_ASKS_WHO = re.compile(r"who\b", re.IGNORECASE)
_LEADS_PERIOD = re.compile(r"(?:^|\s)(?:in|on|of|for|from|at|by)$", re.IGNORECASE)
_PREPOSITIONS = "in|with|to|on|about|for|at|from|by|between|against|near|under"
_LATER = r"(?:(?:\w+\s){0,3}(?:later|earlier)\s)?"
_LEADS = re.compile(rf"\W*{_LATER}(?P<lead>{_PREPOSITIONS})\s+\S", re.IGNORECASE)

# A pronoun behind so many words that carry meaning points at one of them, a longer opening is only
# a manner of speaking. Found on the development threads, where 2 and 4 were worse.
_REFERENTS = 3
_LONG = 5
_LONGEST = 4_000  # characters that are taken over, the last ones


@dataclass(frozen=True, slots=True)
class Thread:
    """The last question of a thread: what it says itself, and what it takes over.

    `earlier` is empty when it stands alone. A question that `replaces` is an earlier one with
    something else put in; one that does not points back at what `earlier` is about, in the
    words of `pointed_at`.
    """

    own: str
    earlier: str = ""
    replaces: bool = False
    pointed_at: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """The question as it is understood, what it takes over first."""
        taken = self.earlier if self.replaces else self.pointed_at
        taken = taken.rstrip(" .?!")
        return f"{taken}. {self.own}" if taken else self.own


def read_thread(question: str, history: Sequence[str], today: datetime.date) -> Thread:
    """The question as it follows the earlier ones of its thread, oldest first.

    The topic is followed from question to question, so that two steps back still count, and a
    question that stands alone begins anew.
    """
    asked = (turn for turn in history if not is_courtesy(turn))
    first, *turns = (_COURTEOUS_OPENING.sub("", turn, count=1) for turn in (*asked, question))
    thread = Thread(first)
    for turn in turns:
        thread = _next(thread, turn, today)
    return thread


def is_courtesy(turn: str) -> bool:
    """Whether somebody only thanks, greets or agrees, or types no word, and asks nothing."""
    return bool(turn) and bool(_COURTESY.fullmatch(turn))


def _next(thread: Thread, turn: str, today: datetime.date) -> Thread:
    opens = _OPENS.match(turn)
    rest = turn[opens.end() :] if opens else turn
    timeless = without_periods(rest, today)
    words, names = len(meaningful(timeless)), {*named(rest), *_ACRONYM.findall(rest)}
    pronoun = _PRONOUN.search(rest)
    points = pronoun is not None and _points_back(rest[: pronoun.start()])
    adds = _ADDS.search(turn)
    if (opens and not _CLAUSE.search(rest)) or (words <= 1 and not (names or points)):
        again = thread.replaces and _kind(turn, today) == _kind(thread.own, today)
        base = thread.earlier if again else thread.text
        if timeless != rest:
            base = _redated(base, rest, thread, today)
        return Thread(turn, _with_place_for(timeless, base), replaces=True)
    some = not names or (len(names) == 1 and timeless == rest)
    leans = opens and words < _LONG and some
    if points or leans or (adds and len(names) < 2):
        earlier = thread.text if timeless == rest else _redated(thread.text, rest, thread, today)
        earlier = earlier[-_LONGEST:]
        return Thread(turn, earlier, pointed_at=_pointed_at(earlier, turn, today))
    return Thread(turn)


def _points_back(before: str) -> bool:
    """Whether a pronoun behind these words means something that they do not name."""
    return not named(before) and len(meaningful(before)) < _REFERENTS


def _pointed_at(earlier: str, turn: str, today: datetime.date) -> str:
    """The names and times of the earlier question; all of it when it has no names, or asks who did
    something. "Later" and the like point beyond its times."""
    names = ", ".join(named(earlier))
    described = _ASKS_WHO.match(earlier) and len(meaningful(earlier)) > len(meaningful(names))
    if described or not names:
        return earlier
    periods = () if _BEYOND.search(turn) else find_periods(earlier, today)
    return ", ".join([names, *(earlier[_led(earlier, e) : e.span.end] for e in periods)])


def _led(text: str, found: FoundPeriod) -> int:
    """Where a period begins with the preposition that leads it in."""
    before = text[: found.span.start].rstrip()
    leads = _LEADS_PERIOD.search(before)
    return leads.start() + leads[0].startswith(" ") if leads else found.span.start


def _kind(turn: str, today: datetime.date) -> str:
    """What a turn puts in place: a period, what a preposition leads in, or a subject."""
    opens = _OPENS.match(turn)
    timeless = without_periods(turn[opens.end() :] if opens else turn, today)
    if not meaningful(timeless):
        return "period"
    leads = _LEADS.match(timeless)
    return leads["lead"].lower() if leads and leads["lead"].lower() not in ("about", "on") else ""


def _with_place_for(timeless: str, base: str) -> str:
    """The earlier question without what the new words stand in place of: "with X" replaces what
    "with" led in."""
    leads = _LEADS.match(timeless)
    if leads:
        same = rf"\b{leads['lead']}\s+(?:(?!\b(?:{_PREPOSITIONS}|after|before|since)\b)[^?.!;])+"
        return re.sub(same, "", base, count=1, flags=re.IGNORECASE)
    return base


def _redated(text: str, turn: str, thread: Thread, today: datetime.date) -> str:
    """The text without its periods, which those of the turn replace; where the turn has a month or
    day without a year, with the year of the thread."""
    timeless = without_periods(text, today)
    years = {each.period.year for each in find_periods(thread.text, today)}
    year = years.pop() if len(years) == 1 else None
    if year is None:
        return timeless
    read = [each.period for each in find_periods(f"{year}. {turn}", today)]
    return timeless if year_of(year) in read else f"{timeless.rstrip(' .?!')} in {year}"


def without_periods(text: str, today: datetime.date) -> str:
    """The text without the periods that it names, and the prepositions that lead them in."""
    kept, end = [], 0
    for found in find_periods(text, today):
        kept.append(_LEADS_PERIOD.sub("", text[end : found.span.start].rstrip()))
        end = found.span.end
    return "".join([*kept, text[end:]])


def named(text: str) -> tuple[str, ...]:
    """The names in a part of a sentence, its first word among them."""
    return names_in(f"x {text}")
