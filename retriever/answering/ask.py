"""A question becomes an answer: reading, ranking, verdict, receipts, citations."""

import datetime
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from corpus.language.periods import Period
from retriever.answering.answer import (
    CHANGED_REASON,
    DAMAGED_REASON,
    UNREACHABLE_REASON,
    Answer,
    Hit,
    Searched,
    Share,
    Source,
    Verdict,
)
from retriever.answering.editions import Occurrence, editions
from retriever.answering.evidence import Ranked
from retriever.answering.highlights import highlights
from retriever.answering.ranking import rank
from retriever.answering.restricted_answers import DISCREET_REASONS, discreet_reading
from retriever.answering.thread_documents import ThreadDocuments
from retriever.answering.verdict import Judgement, judge
from retriever.citing.citation import citation_of
from retriever.citing.originals import FileState, originals
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation, blames_damage
from retriever.index.records import StoredDocument, StoredPassage
from retriever.question.answer_type import asked_for
from retriever.question.courtesies import is_courtesy
from retriever.question.reading import LONGEST_THREAD, Reading, read_question

SHOWN = 5
"""The passages of an answer, unless another number is asked for."""
FALL = 0.12
"""Of the score: how far behind the first a passage may be that is shown with it. Of 388 answered
questions of the fit it keeps 339 of 342 answering passages, and some for each question that had
any, and leaves out 27 % of the others. A fall of the score is one of the log-odds."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was read, its candidates in order, and what they amount to; of a restricted
    search also what was searched, in words, and the only rows that may answer. `known` are rows
    that the thread has shown and that are not shown again."""

    reading: Reading
    ranked: Ranked
    judgement: Judgement
    searched: str = ""
    allowed: NDArray[np.int64] | None = None
    known: frozenset[int] = frozenset()


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
    today = asked_on or datetime.date.today()
    allowed = _allowed(generation, after, before, within, folders)
    reading = read_question(
        question, history, today, generation.lexical, generation.spellings,
        is_word=generation.is_word, literal=literal,
        documents=ThreadDocuments(generation, allowed), languages=generation.asked_languages,
    )  # fmt: skip
    ranked = rank(generation, reading, allowed)
    known: frozenset[int] = frozenset()
    if reading.more:
        *earlier, last = [turn for turn in history[-LONGEST_THREAD:] if not is_courtesy(turn)]
        shown = find(
            generation, last,
            history=earlier, asked_on=today, after=after, before=before, within=within,
            folders=folders,
        )  # fmt: skip
        known = shown.known | _shown_rows(generation, shown)
        ranked = ranked.without(known)
    searched = _searched(after, before, within)
    if folders is not None and allowed is not None:
        reading = discreet_reading(generation, reading, allowed)
    found = _judged(generation, reading, ranked, searched, allowed, discreet=folders is not None)
    if allowed is not None and not len(allowed):
        reason = "the index has no document that the question is restricted to"
        reason = reason if folders is None else DISCREET_REASONS[Verdict.NONE]
        judgement = replace(found.judgement, verdict=Verdict.NONE, reason=reason)
        return replace(found, judgement=judgement)
    return replace(found, known=known)


def _shown_rows(generation: Generation, found: SearchResult) -> frozenset[int]:
    """The rows that an answer shows when nobody asks for more or fewer, and their copies."""
    rows: set[int] = set()
    left = _shown(found.judgement.verdict, SHOWN)
    for row in found.ranked.rows.tolist():
        if left and row not in rows:
            rows.update((row, *generation.store.twins(row)))
            left -= 1
    return frozenset(rows)


def _judged(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    searched: str,
    allowed: NDArray[np.int64] | None,
    *,
    discreet: bool,
) -> SearchResult:
    """The candidates with what they amount to; the reason of a `discreet` one names no lack."""
    judgement = judge(generation, reading, ranked, searched, allowed)
    if discreet:
        judgement = replace(judgement, reason=DISCREET_REASONS[judgement.verdict])
    return SearchResult(reading, ranked, judgement, searched, allowed)


@blames_damage
def ask(
    generation: Generation,
    question: str,
    *,
    history: Sequence[str] = (),
    asked_on: datetime.date | None = None,
    top: int = SHOWN,
    after: datetime.date | None = None,
    before: datetime.date | None = None,
    within: Sequence[str] = (),
    literal: bool = False,
    folders: Sequence[str] | None = None,
    min_score: float | None = None,
    nearest: bool = False,
) -> Answer:
    """Answers a question that follows the earlier questions of its thread, oldest first.

    At most `top` passages are given, best first; of near ones fewer, and none without an answer.
    They end where the score falls behind the first's; with `min_score` where it falls below that
    probability, which may leave no answer. The `nearest` are given whatever they amount to.
    "Last month" counts from `asked_on`, by default today. `after` and `before` bound the posted or
    event day and belong to the range; a document without a day stays. `within` names the only
    documents that count, none that all do. A `literal`
    question is searched for as it is typed. With `folders`, only documents of the corpus folders of
    these names count, and nothing is said of others. Raises `QuestionRefused` and
    `GenerationDamaged`.
    """
    started = time.perf_counter()
    found = find(
        generation, question,
        history=history, asked_on=asked_on, after=after, before=before, within=within,
        literal=literal, folders=folders,
    )  # fmt: skip

    def hits_of(found: SearchResult) -> tuple[list[Hit], _Withheld]:
        count = _shown(found.judgement.verdict, top, nearest=nearest)
        least = 0.0 if nearest else _near_the_first(found) if min_score is None else min_score
        return _hits(generation, found, count, least)

    hits, withheld = hits_of(found)
    if withheld.rows:  # the verdict rests on what can be shown
        ranked = found.ranked.without(withheld.rows)
        found = _judged(
            generation, found.reading, ranked, found.searched, found.allowed,
            discreet=folders is not None,
        )  # fmt: skip
        hits, _ = hits_of(found)
    judgement, reading = found.judgement, found.reading
    if min_score is not None and not hits and judgement.verdict is not Verdict.NONE:
        reason = f"no passage answers with a probability of {min_score:g} or more"
        judgement = replace(judgement, verdict=Verdict.NONE, reason=reason)
    documents, newest = generation.size(folders)
    dated = folders is None and (reading.periods or after or before)
    of_any_day = generation.damaged_documents if dated else ()
    reason = judgement.reason
    if judgement.verdict is Verdict.NONE:
        reason = withheld.reason or reason
    return Answer(
        question=question,
        searched=Searched(
            text=reading.text,
            after=after.isoformat() if after else None,
            before=before.isoformat() if before else None,
            names=reading.names,
            spelt=reading.spelt,
            periods=tuple(map(str, reading.periods)),
            within=tuple(within),
            literal=literal,
            order=None if reading.latest is None else "latest" if reading.latest else "earliest",
        ),
        verdict=judgement.verdict,
        reason=reason,
        passages=tuple(hits),
        generation=generation.name,
        documents=documents,
        newest=newest,
        milliseconds=(time.perf_counter() - started) * 1000,
        likelihood=judgement.likelihood,
        withheld=tuple(dict.fromkeys(withheld.changed.values())),
        unreachable=tuple(dict.fromkeys(withheld.unreachable.values())),
        damaged=tuple(dict.fromkeys([*withheld.damaged.values(), *of_any_day])),
        skipped=0 if folders is not None else generation.skipped,
    )


def _allowed(
    generation: Generation,
    after: datetime.date | None,
    before: datetime.date | None,
    within: Sequence[str],
    folders: Sequence[str] | None,
) -> NDArray[np.int64] | None:
    """The rows that may answer; None means every row."""
    if after is None and before is None and not within and folders is None:
        return None
    documents = np.ones(len(generation.days.newest), np.bool_)
    if after or before:
        period = Period(after or datetime.date.min, before or datetime.date.max)
        days = generation.days
        documents = days.inside(period) | days.yearless(period) | days.undated
    if within:
        named = np.zeros(len(documents), np.bool_)
        named[generation.store.numbers_of(within)] = True
        documents &= named
    if folders is not None:
        documents &= generation.in_folders(folders)
    return np.flatnonzero(documents[generation.document_of])


def _searched(
    after: datetime.date | None, before: datetime.date | None, within: Sequence[str]
) -> str:
    """What the search is restricted to, in words; empty when every document counts."""
    count = len(set(within))
    documents = f"the {f'{count} documents' if count > 1 else 'document'} asked about"
    if not (after or before):
        return documents if within else ""
    period = Period(after or datetime.date.min, before or datetime.date.max)
    return f"what is dated {period}" + (f" of {documents}" if within else "")


def _shown(verdict: Verdict, top: int, *, nearest: bool = False) -> int:
    return 0 if verdict is Verdict.NONE and not nearest else top


def _near_the_first(found: SearchResult) -> float:
    """The least probability of the candidates that compete with the first."""
    scores = found.ranked.scores
    near = scores >= scores.max(initial=0.0) - FALL
    return float(found.judgement.probabilities[near].min(initial=1.0))


@dataclass(frozen=True, slots=True)
class _Withheld:
    """The rows that are not shown, with their documents, by why not."""

    changed: dict[int, str] = field(default_factory=dict)
    unreachable: dict[int, str] = field(default_factory=dict)
    damaged: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> set[int]:
        return {*self.changed, *self.unreachable, *self.damaged}

    @property
    def reason(self) -> str:
        """Why there is no answer, if it is that something is not shown."""
        if self.damaged:
            return DAMAGED_REASON
        if self.unreachable:
            return UNREACHABLE_REASON
        return CHANGED_REASON if self.changed else ""


def _hits(
    generation: Generation, found: SearchResult, count: int, least: float
) -> tuple[list[Hit], _Withheld]:
    """Of the first `count` candidates whose receipts hold those with this probability or more, and
    what is withheld before them.

    A text of several documents is shown once; the others are its `also_in`.
    """
    reading, ranked, in_time = found.reading, found.ranked, found.ranked.in_time
    shown: dict[int, tuple[int, list[Occurrence]]] = {}
    withheld = _Withheld()
    original_of = originals()
    allowed = None
    if found.allowed is not None:
        allowed = np.zeros(generation.store.count, np.bool_)
        allowed[found.allowed] = True

    def is_damaged(row: int) -> None:
        if allowed is None or (row < len(allowed) and allowed[row]):  # of others nothing is said
            withheld.damaged[row] = _damaged_document(generation, row)

    for position, row in enumerate(ranked.rows.tolist()):
        if len(shown) == count:
            break
        try:
            passage = generation.store.passage(row)
            document = generation.store.document(passage.document)
        except GenerationDamaged:
            is_damaged(row)
            continue
        if passage.twin in shown:
            continue
        original = original_of(document)
        if not original.holds(passage):
            unreachable = original.state is FileState.UNREACHABLE
            (withheld.unreachable if unreachable else withheld.changed)[row] = document.id
            continue

        def may_stand(other: StoredPassage, at: StoredDocument, best: int = row) -> bool:
            within = allowed is None or bool(allowed[other.row])
            as_near = in_time is None or in_time[other.row] >= in_time[best]
            return within and as_near and original_of(at).holds(other)

        newest = reading.latest is not False
        shown[passage.twin] = (
            position, editions(generation, passage, document, may_stand, is_damaged, newest=newest)
        )  # fmt: skip
    near = [each for each in shown.values() if found.judgement.probabilities[each[0]] >= least]
    return (
        [
            Hit(
                rank=number,
                citation=citation_of(document, passage),
                text=passage.text,
                label=passage.label,
                heading=passage.heading,
                score=float(found.judgement.probabilities[position]),
                highlights=highlighted(generation, reading, passage, document),
                also_in=tuple(str(citation_of(at, other)) for other, at in others),
                document=_source(document),
                shares=_shares(found, position),
                page=passage.page,
                columns=passage.columns,
            )
            for number, (position, ((passage, document), *others)) in enumerate(near, start=1)
        ],
        withheld,
    )


def _damaged_document(generation: Generation, row: int) -> str:
    """The document of a damaged row, as far as that can be trusted: its name, its number, or which
    passage it is."""
    known = f"passage {row}"
    with suppress(GenerationDamaged):
        number = int(generation.document_of[row])
        known = f"document {number}"
        known = generation.store.document(number).id
    return known


def highlighted(
    generation: Generation, reading: Reading, passage: StoredPassage, document: StoredDocument
) -> tuple[tuple[int, int], ...]:
    """The ranges of a passage of this document that answer the question best, best first."""
    weights = generation.lexical.weights(reading.terms)
    asks = reading.own if asked_for(reading.own) else reading.text  # "and on grain?" asks as before
    return highlights(passage.text, weights, asks, document.title)


def _shares(found: SearchResult, position: int) -> tuple[Share, ...]:
    """What adds up to the probability of the candidate at this position."""
    calibration = found.judgement.calibration.passage
    log_odds = [calibration.log_odds(found.judgement.facts)]
    parts = [("question", 1.0, log_odds[0])]
    for each in found.ranked.evidence:
        parts.append(
            (each.name, float(each.values[position]), calibration.weights["score"] * each.weight)
        )
        log_odds.append(log_odds[-1] + parts[-1][1] * parts[-1][2])
    reached = 1 / (1 + np.exp(-np.array(log_odds)))
    points = np.diff(reached, prepend=0.0).tolist()
    return tuple(Share(*part, point) for part, point in zip(parts, points, strict=True))


def _source(document: StoredDocument) -> Source:
    event = document.events[0] if document.events else None
    return Source(
        document.id, str(document.path), document.title, document.posted, event, document.source
    )
