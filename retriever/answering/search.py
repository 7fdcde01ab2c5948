"""The search for an answer: a question as it is read, where it may look, its candidates in order,
and what they amount to."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.language.periods import Period
from retriever.answering.answer import Verdict
from retriever.answering.document_list import SHOWN
from retriever.answering.evidence import Ranked
from retriever.answering.ranking import rank
from retriever.answering.restricted_answers import DISCREET_REASONS, discreet_reading
from retriever.answering.thread_documents import ThreadDocuments
from retriever.answering.verdict import Judgement, judge
from retriever.index.generation import Generation
from retriever.question.courtesies import is_courtesy
from retriever.question.reading import LONGEST_THREAD, Reading, read_question
from retriever.row_set import RowSet


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was read, its candidates in order, and what they amount to; of a restricted
    search also what was searched, in words, and the only rows that may answer. `known` are rows
    that the thread has shown and that are not shown again."""

    reading: Reading
    ranked: Ranked
    judgement: Judgement
    searched: str = ""
    allowed: RowSet | None = None
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a question is restricted to, and the only rows that may be shown."""

    after: datetime.date | None = None
    before: datetime.date | None = None
    within: tuple[str, ...] = ()
    folders: Sequence[str] | None = None
    among: RowSet | None = None

    def rows(self, generation: Generation) -> RowSet | None:
        """The rows of the documents; None means every row."""
        if not (self.after or self.before or self.within) and self.folders is None:
            return None
        documents = np.ones(len(generation.days.newest), np.bool_)
        if self.after or self.before:
            days, period = generation.days, self._period
            documents = days.inside(period) | days.yearless(period) | days.undated
        if self.within:
            named = np.zeros(len(documents), np.bool_)
            named[generation.store.numbers_of(self.within)] = True
            documents &= named
        if self.folders is not None:
            documents &= generation.in_folders(self.folders)
        if len(documents) and documents.all():
            return None
        return RowSet(documents[generation.document_of])

    def __str__(self) -> str:
        """What the search is restricted to, in words; empty when every document counts."""
        count = len(set(self.within))
        documents = f"the {f'{count} documents' if count > 1 else 'document'} asked about"
        if not (self.after or self.before):
            return documents if self.within else ""
        return f"what is dated {self._period}" + (f" of {documents}" if self.within else "")

    @property
    def _period(self) -> Period:
        return Period(self.after or datetime.date.min, self.before or datetime.date.max)

    @property
    def is_discreet(self) -> bool:
        """Whether nothing is said of the other documents."""
        return self.folders is not None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was read, with the earlier ones that it follows, and what it is asked of."""

    reading: Reading
    history: Sequence[str]
    today: datetime.date
    scope: Scope
    allowed: RowSet | None

    @classmethod
    def read(
        cls, generation: Generation, question: str, history: Sequence[str],
        asked_on: datetime.date | None, scope: Scope, *, literal: bool = False,
    ) -> "AskedQuestion":  # fmt: skip
        """Reads a question; raises `QuestionRefused`."""
        today, allowed = asked_on or datetime.date.today(), scope.rows(generation)
        reading = read_question(
            question, history, today, generation.lexical, generation.spellings,
            is_word=generation.is_word, literal=literal,
            documents=ThreadDocuments(generation, allowed), languages=generation.asked_languages,
        )  # fmt: skip
        return cls(reading, history, today, scope, allowed)

    def told(self, generation: Generation) -> Reading:
        """The reading as it may be told."""
        if not self.scope.is_discreet or self.allowed is None:
            return self.reading
        return discreet_reading(generation, self.reading, self.allowed)


def find(
    generation: Generation,
    question: str,
    *,
    history: Sequence[str] = (),
    asked_on: datetime.date | None = None,
    after: datetime.date | None = None,
    before: datetime.date | None = None,
    within: Sequence[str] = (),
    literal: bool = False,
    folders: Sequence[str] | None = None,
) -> SearchResult:
    """Reads a question, ranks its candidates and judges them, as `ask` does before the receipts.

    "What else?" leaves out what the answers before it have shown.
    """
    scope = Scope(after, before, tuple(within), folders)
    asked = AskedQuestion.read(generation, question, history, asked_on, scope, literal=literal)
    return found_for(generation, asked)


def found_for(generation: Generation, asked: AskedQuestion) -> SearchResult:
    """The candidates of a question that was read, in order, and what they amount to.

    Of rows that are all wanted, none is left out since it was shown before.
    """
    scope, allowed, among = asked.scope, asked.allowed, asked.scope.among
    if among is not None:
        beside = generation.in_documents_of(among)
        allowed = beside if allowed is None else allowed & beside
    ranked = rank(generation, asked.reading, allowed)
    if among is not None:
        ranked = ranked.competing(among, generation.document_of)
    known: frozenset[int] = frozenset()
    if asked.reading.more and among is None:
        *earlier, last = turns_of(asked.history)
        before = AskedQuestion.read(generation, last, earlier, asked.today, scope)
        shown = found_for(generation, before)
        known = shown.known | _shown_rows(generation, shown)
        ranked = ranked.without(known)
    found = judged(generation, asked.told(generation), ranked, scope, allowed)
    if allowed is not None and not len(allowed):
        reason = "the index has no document that the question is restricted to"
        reason = DISCREET_REASONS[Verdict.NONE] if scope.is_discreet else reason
        judgement = replace(found.judgement, verdict=Verdict.NONE, reason=reason)
        return replace(found, judgement=judgement)
    return replace(found, known=known)


def turns_of(history: Sequence[str]) -> list[str]:
    """The earlier questions that ask something."""
    return [turn for turn in history[-LONGEST_THREAD:] if not is_courtesy(turn)]


def _shown_rows(generation: Generation, found: SearchResult) -> frozenset[int]:
    """The rows that an answer shows when nobody asks for more or fewer, and their copies."""
    rows: set[int] = set()
    left = shown_count(found.judgement.verdict, SHOWN)
    for row in found.ranked.rows.tolist():
        if left and row not in rows:
            rows.update((row, *generation.store.twins(row)))
            left -= 1
    return frozenset(rows)


def judged(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    scope: Scope,
    allowed: RowSet | None,
) -> SearchResult:
    """The candidates with what they amount to; the reason of a discreet one names no lack."""
    judgement = judge(generation, reading, ranked, str(scope), allowed)
    if scope.is_discreet:
        judgement = replace(judgement, reason=DISCREET_REASONS[judgement.verdict])
    return SearchResult(reading, ranked, judgement, str(scope), allowed)


def shown_count(verdict: Verdict, top: int, *, nearest: bool = False) -> int:
    """How many passages are given with this verdict."""
    return 0 if verdict is Verdict.NONE and not nearest else top
