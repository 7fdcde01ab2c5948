"""Ranking: every kind of evidence, fused into one score in [0, 1].

The fusion is a convex combination of theoretically normalised scores (Bruch, Gai and Ingber 2023,
"An Analysis of Fusion Functions for Hybrid Retrieval"): the cosine as it is, and BM25 divided by
the most that the question's terms could bring. Unlike ranks, these values mean the same for every
question, so a verdict can be read off them.
"""

import datetime
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.periods import Period
from corpus.stop_words import STOP_WORDS
from embeddings import Reranker
from retriever.asked import Asked, asked_for
from retriever.generation import Generation
from retriever.lexical import Ranking
from retriever.question import Reading
from retriever.terms import meaningful, terms_of

# Found by `pincite eval` on all development sets: 0.1 more or less of the one or the other moves
# some a little up and some a little down.
MEANING_WEIGHT = 0.6
LEXICAL_WEIGHT = 0.25
COVERAGE_WEIGHT = 0.15
FIELD_WEIGHTS: Mapping[str, float] = {
    "text": 1.0,
    "title": 1.0,
    "lead": 1.0,
    "when": 1.0,
    "under": 0.5,
}

# Of the whole score, where the question asks for it; the others share the rest.
OUTCOME_WEIGHT = 0.15
OWN_WORDS_WEIGHT = 0.1
DATE_WEIGHT = 0.15
ORDER_WEIGHT = 0.15
FOCUS_WEIGHT = 0.05
RERANKER_WEIGHT = 0.5

TOLD_BY_ITS_OWN_WORDS = (Asked.NUMBER, Asked.PERSON, Asked.TIME, Asked.PLACE)
"""What the paragraph tells that has the question's words itself, and not only in its context: that
lifts questions on facts of a lead from .70 to .82. What was said stands in the paragraphs below."""

RERANKED = 20
"""Candidates that a reranker reads: each costs it about as much as the whole search."""

LATE, MENTIONED, POSSIBLE = 0.8, 0.6, 0.3
"""How much a passage is in a period after which it was posted within days, that only its words
name, or when its document has no day at all."""
_MONTH_DAYS = 31
_LATE_DAYS = 2  # releases of one day appear the next, or after a weekend

_OUTCOMES = dict.fromkeys(
    terms_of(
        "agree decide commit pledge resolve promise undertake undertook conclude adopt sign "
        "establish"
    ),
    1.0,
)
_ASKS_FOR_OUTCOME = frozenset(terms_of("agree decide commit pledge resolve promise outcome result"))
_ASKS_IN_KOREAN = ("합의", "결정", "약속")  # agreeing, deciding, promising; endings follow

_DEPTH = 200  # candidates from each side; more changed no answer of the development questions
_COMPARABLE = 0.1  # below the best score: how far candidates compete for being the latest
_FOCUS_DEPTH = 50  # of both sides, to find those
_FOCUS = 3  # documents of the earlier question that a follow-up points into


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for every candidate, in [0, 1], and its weight in the score."""

    name: str
    weight: float
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Focus:
    """What a follow-up points into: the passage that answers the earlier question best, and the
    documents that do, best first."""

    row: int
    documents: tuple[int, ...]

    def of(self, rows: NDArray[np.int64], document_of: NDArray[np.int64]) -> NDArray[np.float64]:
        """1 in the best document, 0.5 in the others; the passage itself, which has been shown, no
        more than those."""
        best = document_of == self.documents[0]
        further = np.isin(document_of, self.documents) & ~best | (rows == self.row)
        return np.where(further, 0.5, best.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate rows with their scores in [0, 1], best first, and the evidence for each."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    evidence: tuple[Evidence, ...]

    def without(self, rows: Container[int]) -> Self:
        """The other candidates, in the same order."""
        return self._taken(np.array([row not in rows for row in self.rows.tolist()], np.bool_))

    def values(self, name: str) -> NDArray[np.float64]:
        """The values of one kind of evidence; zeros when there is none of it."""
        return next((e.values for e in self.evidence if e.name == name), np.zeros(len(self.rows)))

    def first(self, count: int) -> Self:
        """The best candidates."""
        return self._taken(np.arange(min(count, len(self.rows))))

    def with_evidence(self, name: str, weight: float, values: NDArray[np.float64]) -> Self:
        """The candidates in their new order, when so much of the score is this evidence's."""
        rest = (replace(each, weight=each.weight * (1 - weight)) for each in self.evidence)
        return type(self).of(self.rows, (*rest, Evidence(name, weight, values)))

    @classmethod
    def of(cls, rows: NDArray[np.int64], evidence: tuple[Evidence, ...]) -> Self:
        """Rows with their evidence, best first; equal scores are in the order of rows."""
        scores = np.sum([each.weight * each.values for each in evidence], axis=0)
        return cls(rows, scores, evidence)._taken(np.lexsort((rows, -scores)))

    def _taken(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        evidence = tuple(replace(each, values=each.values[kept]) for each in self.evidence)
        return type(self)(self.rows[kept], self.scores[kept], evidence)


def rank(
    generation: Generation, reading: Reading, allowed: NDArray[np.int64] | None = None
) -> Ranked:
    """The candidates of a question, best first; `allowed` restricts the rows.

    Each candidate has every kind of evidence, whichever side found it.
    """
    dated = in_periods(generation, reading) if reading.periods else None
    if dated is not None and not (dated > POSSIBLE).any():
        dated = None  # no document is of that time: nothing to prefer, and the verdict says so
    if dated is not None:
        possible = np.flatnonzero(dated)
        allowed = possible if allowed is None else np.intersect1d(allowed, possible)
    focus = _focus(generation, reading, allowed) if reading.points_at else None
    ranked = _ranked(generation, reading, allowed, focus)
    if any(t in _ASKS_FOR_OUTCOME or t.startswith(_ASKS_IN_KOREAN) for t in reading.terms):
        outcome = _outcome(generation, ranked.rows)
        ranked = ranked.with_evidence("outcome", OUTCOME_WEIGHT, outcome)
    if asked_for(reading.own) in TOLD_BY_ITS_OWN_WORDS:
        rows = np.sort(ranked.rows)
        held = generation.lexical.held(reading.terms, rows, ["text"])
        own = held[np.searchsorted(rows, ranked.rows)]
        ranked = ranked.with_evidence("own words", OWN_WORDS_WEIGHT, own)
    if dated is not None:
        ranked = ranked.with_evidence("date", DATE_WEIGHT, dated[ranked.rows])
    if focus:
        thread = focus.of(ranked.rows, generation.document_of[ranked.rows])
        ranked = ranked.with_evidence("thread", FOCUS_WEIGHT, thread)
    if reading.latest is not None and len(ranked.rows):
        newest = _order(generation, ranked, latest=reading.latest)
        ranked = ranked.with_evidence("order", ORDER_WEIGHT, newest)
    if generation.reranker:
        ranked = _reranked(generation, generation.reranker, reading, ranked)
    return ranked


def _reranked(
    generation: Generation, reranker: Reranker, reading: Reading, ranked: Ranked
) -> Ranked:
    """The first candidates in the order that the reranker brings; the others fall away."""
    kept = ranked.first(RERANKED)
    texts = []
    for row in kept.rows.tolist():
        passage = generation.store.passage(row)
        texts.append(f"{generation.store.document(passage.document).title}. {passage.text}")
    return kept.with_evidence("reranker", RERANKER_WEIGHT, reranker.score(reading.text, texts))


def _ranked(
    generation: Generation,
    reading: Reading,
    allowed: NDArray[np.int64] | None,
    focus: Focus | None = None,
    depth: int = _DEPTH,
) -> Ranked:
    """The candidates by meaning, words and coverage."""
    searching = generation.beside.submit(
        generation.lexical.search, reading.terms, FIELD_WEIGHTS, depth, allowed
    )
    query = generation.vector_of(reading.text)
    passage_of = generation.store.passage_of
    vectors = may_answer = None
    if allowed is not None:
        may_answer = np.zeros(generation.store.count, np.bool_)
        may_answer[allowed] = True
        vectors = np.flatnonzero(may_answer[passage_of])
    _, near = generation.vectors.search(query, depth, vectors)
    found = searching.result()
    rows = np.union1d(passage_of[near[0]], found.rows)
    if focus:
        pointed = generation.store.rows_of(sorted(focus.documents))[:depth]
        rows = np.union1d(rows, pointed if may_answer is None else pointed[may_answer[pointed]])
    covering = generation.beside.submit(generation.lexical.held, reading.terms, rows)
    words = _words(generation, reading, rows, found)
    return Ranked.of(
        rows,
        (
            Evidence("meaning", MEANING_WEIGHT, _best_window(generation, query, rows)),
            Evidence("words", LEXICAL_WEIGHT, words),
            Evidence("coverage", COVERAGE_WEIGHT, covering.result()),
        ),
    )


def in_periods(generation: Generation, reading: Reading) -> NDArray[np.float64]:
    """For every row how well it lies in one of the question's periods.

    1 when its document was posted or reports an event then, `MENTIONED` when its words name the
    period, `POSSIBLE` when its document has no day, else 0.
    """
    days, document_of = generation.days, generation.document_of
    values = np.zeros(len(document_of))
    for period, words in zip(reading.periods, reading.dated, strict=True):
        documents = np.maximum.reduce(
            [
                1.0 * days.inside(period),
                LATE * days.inside(_soon_after(period)),
                (MENTIONED if _is_near(period) else POSSIBLE) * days.yearless(period),
                POSSIBLE * days.undated,
            ]
        )
        values = np.maximum(values, documents[document_of])
        if period.ends and any(map(str.isdigit, words)):
            named = words if any(map(str.isalpha, words)) else str(period)  # 10/2023 is a month
            kept = [term for term in terms_of(named) if term == "may" or term not in STOP_WORDS]
            rows = generation.lexical.rows_with(kept, ["text"])
            values[rows] = np.maximum(values[rows], MENTIONED)
    return values


def _is_near(period: Period) -> bool:
    """Whether a day without a year says much about lying in the period: any year has each day."""
    return period.month is not None or (period.last - period.first).days <= _MONTH_DAYS


def _soon_after(period: Period) -> Period:
    """The days on which a release about a day or two appears when it is late; of a longer period
    those that it has itself."""
    short = period.month is None and (period.last - period.first).days <= _LATE_DAYS
    latest = datetime.date.max - datetime.timedelta(_LATE_DAYS)
    late = min(period.last, latest) + datetime.timedelta(_LATE_DAYS)
    return replace(period, last=late) if short else period


def _focus(
    generation: Generation, reading: Reading, allowed: NDArray[np.int64] | None
) -> Focus | None:
    """What the earlier question found among the allowed rows, or None when it found nothing."""
    earlier = Reading(reading.points_at, dict.fromkeys(meaningful(reading.points_at), 1.0))
    rows = _ranked(generation, earlier, allowed, depth=_FOCUS_DEPTH).rows[:_FOCUS].tolist()
    documents = dict.fromkeys(generation.document_of[rows].tolist())
    return Focus(rows[0], tuple(documents)) if rows else None


def _order(generation: Generation, ranked: Ranked, *, latest: bool) -> NDArray[np.float64]:
    """1 for the latest (or earliest) day among the candidates that match about as well, 0 for the
    other end and for those that match less."""
    days = generation.days.newest[generation.document_of[ranked.rows]]
    comparable = (ranked.scores >= ranked.scores[0] - _COMPARABLE) & (days > 0)
    values = np.zeros(len(days))
    distinct = np.unique(days[comparable])
    if len(distinct):
        places = (np.searchsorted(distinct, days[comparable]) + 1) / len(distinct)
        values[comparable] = places if latest else 1 + 1 / len(distinct) - places
    return values


def _words(
    generation: Generation, reading: Reading, rows: NDArray[np.int64], found: Ranking
) -> NDArray[np.float64]:
    """The BM25 of each row over the most that the question's terms could bring."""
    values = np.zeros(len(rows))
    unscored = np.setdiff1d(rows, found.rows)
    rest = generation.lexical.search(reading.terms, FIELD_WEIGHTS, len(unscored), unscored)
    for ranking in (found, rest):
        values[np.searchsorted(rows, ranking.rows)] = ranking.scores
    return values / generation.lexical.ceiling(reading.terms, FIELD_WEIGHTS)


def _outcome(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 for a paragraph that reports what somebody undertook, 0 for others and for spoken words."""
    found = generation.lexical.search(_OUTCOMES, {"text": 1.0}, len(rows), rows).rows.tolist()
    reporting = set(found) - generation.store.spoken(found)
    return np.array([float(row in reporting) for row in rows.tolist()])


def _best_window(
    generation: Generation, query: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The best cosine of each row's windows with the question, not below 0."""
    best = np.zeros(len(rows))
    np.maximum(best, generation.vectors.scores_of(query, rows)[0], out=best)
    count = generation.store.count
    further = np.flatnonzero(np.isin(generation.store.passage_of[count:], rows)) + count
    at = np.searchsorted(rows, generation.store.passage_of[further])
    np.maximum.at(best, at, generation.vectors.scores_of(query, further)[0])
    return best
