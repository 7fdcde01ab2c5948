"""Follow-ups: what a question that leans on its thread takes over from the earlier questions.

No language model rewrites anything. A question leans when it opens like a follow-up, points back
at something that it does not name itself, or says next to nothing. Where its words leave that open,
the documents decide.
"""

import datetime
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from corpus.language.names import names_in
from corpus.language.period_phrases import FoundPeriod, find_periods
from corpus.language.periods import year_of
from corpus.language.stop_words import STOP_WORDS
from retriever.index.lexical.terms import meaningful, terms_of
from retriever.question.corpus_questions import corpus_question
from retriever.question.courtesies import is_courtesy, without_courtesy
from retriever.question.references import points_back

_OPENS = re.compile(
    r"(?:and|but|or|also|then|so|ok(?:ay)?|what about|how about|(?:what|who|where) else|"
    r"any(?:thing|one|body)(?: else)?|any other)\b[\s,]*",
    re.IGNORECASE,
)
"""`and `, `ok, `, `what about `, `anyone else `."""
_MORE = re.compile(
    r"(?:(?:and|but|ok(?:ay)?|so)\b[\s,]*)?(?:(?:(?:what|who|where|any(?:thing|one|body)) )?else|"
    r"(?:anything |what |any |tell me |show me )?more|go on|(?:any )?others?|the rest|next)\W*",
    re.IGNORECASE,
)
"""`what else?`, `more`, `go on`: all that was shown is known."""
_ADDS = re.compile(
    r"\b(?:else|other(?! than\b)|another|as well(?! as\b)|afterwards)\b|\btoo\b(?=\W*$|,)",
    re.IGNORECASE,
)
_ASKS_WHAT = re.compile(r"(?:what|who|whom|when|where|why|how|which)\b", re.IGNORECASE)
_SUCH = re.compile(r"\bsuch\b(?! as\b)", re.IGNORECASE)
_ELSE = re.compile(r"\belse\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_CLAUSE = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should)\b",
    re.IGNORECASE,
)
"""The `did` of "and in Busan did he", by which words are known to be a clause."""
_BEYOND = re.compile(r"\b(?:later|earlier|again|since|afterwards|before|after|ever)\b", re.I)
_ASKS_WHO = re.compile(r"who\b", re.IGNORECASE)
_LEADS_PERIOD = re.compile(r"(?:^|\s)(?:in|on|of|for|from|at|by)$", re.IGNORECASE)
_EMPTY = re.compile(
    r"(?:^|(?<=[.?!]))\s*(?:and|but|or|also|then|so|(?:what|how)(?: about)?)\s*(?=[.?!]|$)", re.I
)
"""What is left of "and in 2024?" without its time, of "what about Ukraine?" without its name."""
_PREPOSITIONS = "in|with|to|on|about|for|at|from|by|between|against|near|under"
_LATER = r"(?:(?:\w+\s){0,3}(?:later|earlier)\s)?"
_LEADS = re.compile(rf"\W*{_LATER}(?P<lead>{_PREPOSITIONS})\s+\S", re.IGNORECASE)
_ASKING = STOP_WORDS | {"since", "under", "during"}
"""Words that are no name where they open a question with their capital."""

_LONG = 5  # words that carry meaning: behind a longer `and` stands a question of its own
_LONGEST = 4_000  # characters that are taken over, the last ones


class Documents(Protocol):
    """What the documents know of a turn whose own words leave open how it follows."""

    def answer(self, turn: str, earlier: str, *, leans: bool) -> bool:
        """Whether a turn that `leans` by its words, or not, is asked of those that answer the
        earlier question: it says little, and they are about as near to it as any."""

    def like(self, name: str, names: Sequence[str]) -> str | None:
        """Which of the names is of the same kind, as Libya is where a question names Ukraine."""


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

    @property
    def wants_more(self) -> bool:
        """Whether it asks for nothing but what was not shown yet."""
        return bool(self.earlier) and asks_for_more(self.own)


def read_thread(
    question: str,
    history: Sequence[str],
    today: datetime.date,
    documents: Documents | None = None,
) -> Thread:
    """The question as it follows the earlier ones of its thread, oldest first.

    The topic is followed from question to question, so that two steps back still count, and a
    question that stands alone begins anew. Without `documents` a question that does not lean by its
    words stands alone.
    """
    asked = (turn for turn in history if not is_courtesy(turn))
    first, *turns = map(without_courtesy, (*asked, question))
    thread = Thread(first)
    for turn in turns:
        thread = _next(thread, turn, today, documents)
    return thread


def timeless_sentence(thread: Thread, today: datetime.date) -> str:
    """The question as one sentence without its times: what is put into an earlier one stands behind
    its words. One that points back is its own words."""
    if thread.replaces:
        turns = re.split(r"(?<=[.?!])\s+", f"{thread.earlier.rstrip(' .?!')}. {thread.own}")
        bare = [without_periods(turn, today).strip(" .?!") for turn in turns]
        return " ".join([*bare[:1], *(_OPENS.sub("", turn, count=1) for turn in bare[1:])])
    return without_periods(thread.own, today)


def asks_for_more(turn: str) -> bool:
    """Whether a turn says nothing but that there may be more."""
    return bool(_MORE.fullmatch(turn))


def _next(thread: Thread, turn: str, today: datetime.date, documents: Documents | None) -> Thread:
    if terms_of(turn) == terms_of(thread.own):  # asked once more
        return thread
    opens = _OPENS.match(turn)
    rest = turn[opens.end() :] if opens else turn
    timeless = without_periods(rest, today)
    words, names = len(meaningful(timeless)), {*named(rest), *_ACRONYM.findall(rest)}
    points = points_back(_pointing(rest), named)
    if (opens and not _CLAUSE.search(rest)) or (words <= 1 and not (names or points)):
        again = thread.replaces and _kind(turn, today) == _kind(thread.own, today)
        base = thread.earlier if again else thread.text
        if timeless != rest:
            base = _redated(base, rest, thread, today)
        return Thread(turn, _with_place_for(timeless, base, today, documents), replaces=True)
    some = not names or (len(names) == 1 and timeless == rest)
    leans = points or (opens and words < _LONG and some)
    leans = leans or bool(_ADDS.search(turn) and words <= _LONG and len(names) < 2)
    if documents and (leans or not _is_complete(rest, names, thread)):
        leans = documents.answer(turn, thread.text, leans=leans)
    if leans:
        earlier = thread.text if timeless == rest else _redated(thread.text, rest, thread, today)
        earlier = earlier[-_LONGEST:]
        return Thread(turn, earlier, pointed_at=_pointed_at(earlier, turn, thread, today))
    return Thread(turn)


def _pointing(turn: str) -> str:
    """The part of a turn whose pronouns may point back: of one that asks for documents, what they
    are to mention."""
    asked = corpus_question(turn)
    return asked.subject if asked and asked.subject else turn


def _is_complete(turn: str, names: Set[str], thread: Thread) -> bool:
    """Whether a turn that does not lean by its words is a question of its own, also where the same
    documents answer it: it says again of whom it asks, names several, or asks of one by the full
    name."""
    if _SUCH.search(turn):
        return False
    asks_of_one = bool(_ASKS_WHAT.match(turn)) and any(" " in name for name in names)
    return asks_of_one or len(names) > 1 or any(name in thread.text for name in names)


def _pointed_at(earlier: str, turn: str, thread: Thread, today: datetime.date) -> str:
    """The last question, and of those before it the names and times; what else there is lies beyond
    the last question too. "Later" and the like point beyond the times, unless these describe who
    is meant."""
    if _BEYOND.search(turn) and not _ASKS_WHO.match(earlier):
        earlier = without_periods(earlier, today)
    last = earlier.rfind(thread.own) if thread.pointed_at else 0
    if _ELSE.search(turn):
        return _about(earlier, today) or earlier
    about = _about(earlier[:last], today) if last > 0 else ""
    return f"{about}. {earlier[last:]}" if about else earlier


def _about(text: str, today: datetime.date) -> str:
    """The names and times of a text."""
    periods = (text[_led(text, each) : each.span.end] for each in find_periods(text, today))
    return ", ".join([*named(text), *periods])


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


def _with_place_for(
    timeless: str, base: str, today: datetime.date, documents: Documents | None
) -> str:
    """The earlier question without what the new words stand in place of: "with X" replaces what
    "with" led in, and a name the one that is like it."""
    if leads := _LEADS.match(timeless):
        behind = rf"(?:(?!\b(?:{_PREPOSITIONS}|after|before|since)\b)[^?.!;])+"
        periods = [each.span for each in find_periods(base, today)]
        for same in re.finditer(rf"\b{leads['lead']}\s+{behind}", base, re.IGNORECASE):
            if not any(p.start < same.end() and same.start() < p.end for p in periods):
                return _EMPTY.sub("", base[: same.start()] + base[same.end() :])
    new, old = named(timeless), named(base)
    if len(new) == len(old) == 1 and corpus_question(without_periods(base, today)):
        return base.replace(old[0], "", 1)  # whatever a name is, documents may mention it
    like = documents.like(new[0], old) if documents and len(new) == 1 else None
    if like and like not in new:
        led = rf"(?:\b(?:{_PREPOSITIONS})\s+)?\b{re.escape(like)}\b(?:['’]s?)?"
        return _EMPTY.sub("", re.sub(led, "", base, count=1))
    return base


def _redated(text: str, turn: str, thread: Thread, today: datetime.date) -> str:
    """The text without its periods, which those of the turn replace; where the turn has a month or
    day without a year, with the year of the thread."""
    timeless = _EMPTY.sub("", without_periods(text, today))
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
    """The names in a part of a sentence, its first word among them, unless it only asks."""
    first = text.split(maxsplit=1)[:1]
    return names_in(text if first and first[0].casefold() in _ASKING else f"x {text}")
