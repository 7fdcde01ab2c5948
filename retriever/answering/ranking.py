"""Ranking: every kind of evidence, fused into one score in [0, 1].

The fusion is a convex combination of theoretically normalised scores (Bruch, Gai and Ingber 2023,
"An Analysis of Fusion Functions for Hybrid Retrieval"): the cosine as it is, and BM25 divided by
the most that the question's terms could bring. Unlike ranks, these values mean the same for every
question, so a verdict can be read off them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.outcome_evidence import asks_for_outcome, reports_outcome
from retriever.answering.reranking import reranked
from retriever.answering.substance_evidence import with_substance
from retriever.answering.time_evidence import POSSIBLE, in_periods
from retriever.index.generation import Generation
from retriever.index.lexical.lexical_index import Ranking
from retriever.index.lexical.terms import meaningful
from retriever.question.answer_type import Asked, asked_for
from retriever.question.reading import Reading

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

OWN_MEANING = 0.8
"""What a question that points back says itself, beside what it takes over: half or all of that did
as well on the development threads, none of it worse."""

ANSWERED_BY_OWN_WORDS = (Asked.NUMBER, Asked.PERSON, Asked.TIME, Asked.PLACE)
"""What is found in the paragraph that has the question's words itself, and not only in its context:
that lifts questions on facts of a lead from .70 to .82. What was said is in later paragraphs."""

FALL = 0.12
"""Of the score: how far behind the first a passage may be that is shown with it. Of 388 answered
questions of the fit it keeps 339 of 342 answering passages, and some for each question that had
any, and leaves out 27 % of the others. A fall of the score is one of the log-odds."""

_DEPTH = 200  # candidates from each side; more changed no answer of the development questions
_COMPARABLE = 0.1  # below the best score: how far candidates compete for being the latest
_FOCUS_DEPTH = 50  # of both sides, to find those
_FOCUS = 3  # documents of the earlier question that a follow-up points into


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


def rank(
    generation: Generation, reading: Reading, allowed: NDArray[np.int64] | None = None
) -> Ranked:
    """The candidates of a question, best first; `allowed` restricts the rows.

    Each candidate has every kind of evidence, whichever side found it.
    """
    generation = generation.asked_in(reading.language)
    in_time = in_periods(generation, reading) if reading.periods else None
    if in_time is not None and allowed is not None:  # of the others nothing is told
        in_time[np.setdiff1d(np.arange(len(in_time)), allowed)] = 0
    # When no document is of that time there is nothing to prefer, and the verdict says so.
    dated = in_time if in_time is not None and (in_time > POSSIBLE).any() else None
    if dated is not None:
        possible = np.flatnonzero(dated)
        allowed = possible if allowed is None else np.intersect1d(allowed, possible)
    focus = focus_on(generation, reading.points_at, allowed) if reading.points_at else None
    ranked = replace(candidates(generation, reading, allowed, focus), in_time=in_time)
    if asks_for_outcome(reading.terms):
        outcome = reports_outcome(generation, ranked.rows)
        ranked = ranked.with_evidence("outcome", OUTCOME_WEIGHT, outcome)
    if asked_for(reading.own) in ANSWERED_BY_OWN_WORDS:
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
    ranked = with_substance(generation, reading, ranked)
    return reranked(generation, reading, ranked)


def candidates(
    generation: Generation,
    reading: Reading,
    allowed: NDArray[np.int64] | None,
    focus: Focus | None = None,
    depth: int = _DEPTH,
) -> Ranked:
    """The candidates by meaning, words and coverage."""
    searching = generation.threads.submit(
        generation.lexical.search, reading.terms, FIELD_WEIGHTS, depth, allowed
    )
    query = _query(generation, reading)
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
    covering = generation.threads.submit(generation.lexical.held, reading.terms, rows)
    words = _words(generation, reading, rows, found)
    return Ranked.of(
        rows,
        (
            Evidence("meaning", MEANING_WEIGHT, _best_window(generation, query, rows)),
            Evidence("words", LEXICAL_WEIGHT, words),
            Evidence("coverage", COVERAGE_WEIGHT, covering.result()),
        ),
    )


def near_the_first(ranked: Ranked) -> NDArray[np.bool_]:
    """Which candidates compete with the first."""
    near: NDArray[np.bool_] = ranked.scores >= ranked.scores.max(initial=0.0) - FALL
    return near


def in_documents_of(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of the documents that these rows are in."""
    documents = np.unique(generation.document_of[rows])
    return np.flatnonzero(np.isin(generation.document_of, documents))


def competing_among(generation: Generation, ranked: Ranked, rows: NDArray[np.int64]) -> Ranked:
    """The candidates among these rows that compete with the best one of their own document.

    What a document says beside its answer is near the question too, since it has its title: alone
    it would be taken for the answer.
    """
    documents = generation.document_of[ranked.rows]
    best = np.zeros(documents.max(initial=0) + 1)
    np.maximum.at(best, documents, ranked.scores)
    competing = (ranked.scores >= best[documents] - FALL) & np.isin(ranked.rows, rows)
    return ranked.without(set(ranked.rows[~competing].tolist()))


def _query(generation: Generation, reading: Reading) -> NDArray[np.float32]:
    """The vector of a question; of one that points back, with more of what it says itself."""
    whole = generation.vector_of(reading.text)
    if not reading.points_at:
        return whole
    query = whole + OWN_MEANING * generation.vector_of(reading.own)
    unit: NDArray[np.float32] = (query / np.linalg.norm(query)).astype(np.float32)
    return unit


def focus_on(
    generation: Generation, question: str, allowed: NDArray[np.int64] | None
) -> Focus | None:
    """What the earlier question found among the allowed rows, or None when it found nothing."""
    earlier = Reading(question, dict.fromkeys(meaningful(question), 1.0))
    found = candidates(generation, earlier, allowed, depth=_FOCUS_DEPTH)
    rows = with_substance(generation, earlier, found).rows[:_FOCUS].tolist()
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
