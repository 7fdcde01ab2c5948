"""The reading of a question: its stand-alone text, its terms, names, periods and order."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.language.languages import language_of
from corpus.language.names import names_in
from corpus.language.offices import ABBREVIATIONS
from corpus.language.period_phrases import FoundPeriod, find_periods
from corpus.language.periods import Period
from corpus.text.characters import INVISIBLE
from retriever.errors import QuestionRefused
from retriever.index.lexical.lexical_index import LexicalIndex
from retriever.index.lexical.terms import meaningful, terms_of
from retriever.index.spellings import Spellings
from retriever.question.corpus_questions import (
    CorpusQuestion,
    corpus_question,
    wanted_again,
)
from retriever.question.courtesies import is_courtesy
from retriever.question.follow_ups import (
    Documents,
    Thread,
    named,
    read_thread,
    timeless_sentence,
    without_periods,
)
from retriever.question.references import points_back
from retriever.question.spelling import (
    acronym_terms,
    as_spelt,
    bare_words,
    likely_spellings,
    respelt,
    romanised,
    uncapitalised_names,
    without_times,
)

LONGEST_QUESTION = 4_000
"""In characters; Slack's longest message that a person types is shorter."""
LONGEST_THREAD = 50
"""Earlier questions that are read, the last ones."""

# What a question takes over weighs less than what it says. Found on the development threads.
REPLACED_WEIGHT = 0.5  # the earlier question that something else is put into
NAMES_WEIGHT = 0.5
TOPIC_WEIGHT = 0.3
ACRONYM_WEIGHT = 0.5

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|last (?=call|meeting|time|statement|visit|talks|"
    r"readout|release|conversation|spoke|met))\b",
    re.IGNORECASE,
)
"""`latest`, `most recently`, the `last ` of "the last call"; not of "last month"."""
_ORDERING = terms_of("latest newest most recent recently earliest oldest")
_QUOTED = re.compile(r"[\"“][^\"”]{3,}[\"”]")
_EARLIEST = re.compile(r"\b(?:earliest|oldest)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is searched for.

    `text` stands alone: what a follow-up leaves out is taken from the history. `terms` are the
    analysed words that carry meaning, with their weights; `names` are written as the documents
    write them, `spelt` says for what was typed otherwise. `unknown` are words that no document has.
    `latest` is True when the newest is asked for, False for the oldest. `points_at` is the earlier
    question into whose documents a follow-up points, and `more` says that it asks for nothing but
    what was not shown yet. `own` is what the question says itself, and `required` are the names
    that a document of its time has to mention. `language` is that of what was typed, or
    else of the history, in English; empty when it cannot be told. `corpus` is what is asked of the
    corpus itself, in the spelling of the documents; None for what asks what they say.
    """

    text: str
    terms: dict[str, float]
    names: tuple[str, ...] = ()
    spelt: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    dated: tuple[str, ...] = ()
    latest: bool | None = None
    points_at: str = ""
    more: bool = False
    own: str = ""
    required: tuple[str, ...] = ()
    language: str = ""
    corpus: CorpusQuestion | None = None


def checked(question: str) -> str:
    """The question on one line, without control and invisible characters.

    Raises `QuestionRefused` when it is empty or longer than `LONGEST_QUESTION`.
    """
    typed = _typed(question)
    if not typed:
        raise QuestionRefused("The question is empty; type what you want to know.")
    if len(typed) > LONGEST_QUESTION:
        raise QuestionRefused(
            f"The question has {len(typed):,} characters, and {LONGEST_QUESTION:,} are read; "
            "ask a shorter one."
        )
    return typed


def read_question(
    question: str,
    history: Sequence[str],
    today: datetime.date,
    lexical: LexicalIndex,
    spellings: Spellings,
    *,
    is_word: Callable[[str], bool] = lambda word: False,
    literal: bool = False,
    documents: Documents | None = None,
    languages: Collection[str] = (),
) -> Reading:
    """Reads a question that follows the earlier questions of its thread, oldest first.

    Where its words leave open whether it does, `documents` decide; without them it stands alone.
    "Last month" counts from `today`. What `is_word` is taken for no slip of another word. A
    `literal` question is searched for as it is typed: without names, spellings, times, order and
    history. Where some are named, the question is in one of these `languages`. Raises
    `QuestionRefused`.
    """
    asked = checked(question)
    if literal:
        terms = dict.fromkeys(meaningful(asked), 1.0)
        return Reading(asked, terms, own=asked, language=language_of(asked, languages))
    if is_courtesy(asked):
        return Reading(asked, {})
    turns = [_typed(turn)[:LONGEST_QUESTION] for turn in history[-LONGEST_THREAD:]]
    read = [romanised(turn, spellings) for turn in (*turns, asked) if turn]
    *earlier, typed = (text for text, _ in read)
    hangul = {name: meant for _, found in read for name, meant in found.items()}
    thread = read_thread(typed, earlier, today, documents)
    terms = _weighted(thread)
    capitalised = names_in(thread.text)
    names = (*capitalised, *uncapitalised_names(thread.text, capitalised, lexical, spellings))
    spelt = likely_spellings(
        dict(respelt(thread.text, names, lexical, spellings, is_word)), names, lexical
    )
    for written, meant in spelt.items():
        weight = max((terms.pop(term, 0.0) for term in terms_of(written)), default=1.0) or 1.0
        terms |= {term: weight for term in meaningful(meant)}
    spelt |= {name: meant for name, meant in hangul.items() if meant in thread.text}
    for term in acronym_terms(thread.own, spellings):
        terms.setdefault(term, ACRONYM_WEIGHT)
    unquoted = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), thread.text)
    found = [each for each in find_periods(unquoted, today) if _dates(each, unquoted, today)]
    times = [each.span.of(thread.text) for each in found]
    unknown = tuple(
        word
        for word in bare_words(without_times(thread.text, times))
        if len(word) > 2 and word not in spelt and not lexical.says(word)
    )
    meant_names = dict.fromkeys(
        as_spelt(name, spelt) for name in names if not any(name in time for time in times)
    )
    corpus = _of_corpus([*earlier, typed], thread, tuple(meant_names), today, documents)
    order = _order(thread.own)
    for term in _ORDERING if order is not None else ():
        terms.pop(term, None)
    return Reading(
        text=thread.text,
        terms=terms,
        names=tuple(meant_names),
        spelt=tuple(spelt.items()),
        unknown=tuple(dict.fromkeys(unknown)),
        periods=tuple(each.period for each in found),
        dated=tuple(times),
        latest=order,
        points_at=thread.earlier if _points(thread, today) else "",
        more=thread.wants_more,
        own=thread.own,
        required=tuple(_required(thread, meant_names, today)),
        language=language_of(asked, languages) or language_of(" ".join(turns), languages),
        corpus=corpus and replace(corpus, subject=_respelt(corpus.subject, spelt)),
    )


def _who_met(names: Sequence[str], text: str) -> Sequence[str]:
    """The names that can be those who met: not what they spoke about, and not where."""
    led = r"\b(?:in|on|at|about|near|from|over|against|under|for|of|regarding)\s(?:the\s)?"
    return [name for name in names if not re.search(led + re.escape(name), text)] or names


def _respelt(text: str, spelt: Mapping[str, str]) -> str:
    for written, meant in spelt.items():
        text = text.replace(written, meant)
    return text


def _typed(question: str) -> str:
    kept = (
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") else character
        for character in question
        if character not in INVISIBLE
    )
    return " ".join("".join(kept).split())


def _weighted(thread: Thread) -> dict[str, float]:
    """The terms of a question, and at their weights those that it takes over."""
    terms = dict.fromkeys(meaningful(_long(thread.own)), 1.0)
    names = {term for name in named(thread.earlier) for term in terms_of(name)}
    for term in meaningful(_long(thread.earlier)):
        weight = NAMES_WEIGHT if term in names else TOPIC_WEIGHT
        terms.setdefault(term, REPLACED_WEIGHT if thread.replaces else weight)
    return terms


def _long(text: str) -> str:
    """The text with the abbreviations of offices written out behind them."""
    words = (word for word in re.findall(r"[\w.'’-]+", text))
    added = [ABBREVIATIONS.get(word.casefold().strip(".'’s"), "") for word in words]
    return " ".join([text, *filter(None, added)])


def _of_corpus(
    turns: Sequence[str],
    thread: Thread,
    names: Sequence[str],
    today: datetime.date,
    documents: Documents | None,
) -> CorpusQuestion | None:
    """What is asked of the corpus itself by the last of the turns. "They" and "it" are the names
    that the thread has; "list them" and "what else?" ask again for what was counted or listed."""
    again = wanted_again(without_periods(thread.own, today))
    if thread.earlier and (thread.wants_more or again):
        *earlier, last = [turn for turn in turns[:-1] if not is_courtesy(turn)]
        before = read_thread(last, earlier, today, documents)
        asked = _of_corpus([*earlier, last], before, names, today, documents)
        if asked:
            return replace(asked, wanted=again) if again else asked
    asked = corpus_question(timeless_sentence(thread, today))
    if asked and points_back(asked.subject, named):
        meant = _who_met(names, thread.text) if asked.together else names
        known = ", ".join(name for name in meant if name not in asked.subject)
        return replace(asked, subject=f"{known}, {asked.subject}") if known else None
    return asked


def _order(text: str) -> bool | None:
    return True if _LATEST.search(text) else False if _EARLIEST.search(text) else None


def _required(thread: Thread, names: Iterable[str], today: datetime.date) -> list[str]:
    """The names that the question asks about: those of its own; where it has none, all. One that
    points into the documents of its thread asks about these, whatever names led to them."""
    own = [name for name in names if name.split()[-1] in thread.own]
    return own if own or _points(thread, today) else list(names)


def _dates(found: FoundPeriod, text: str, today: datetime.date) -> bool:
    """Whether documents may be of the period: what announces "next week" was posted before it, and
    is found by its words; for "in 2030" by the number."""
    return found.period.first <= today or bool(re.search(r"\d{4}", found.span.of(text)))


def _points(thread: Thread, today: datetime.date) -> bool:
    """Whether a follow-up means the earlier question's documents: not with a day of its own."""
    return bool(thread.earlier) and not thread.replaces and not find_periods(thread.own, today)
