"""A question becomes an answer: reading, ranking, verdict, receipts, citations."""

import datetime
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from retriever.answering.answer import (
    Answer,
    Hit,
    Mentioned,
    Searched,
    Share,
    Source,
    Verdict,
    Withheld,
)
from retriever.answering.document_list import SHOWN, document_list, named_documents
from retriever.answering.highlights import highlights
from retriever.answering.search import (
    AskedQuestion,
    Scope,
    SearchResult,
    found_for,
    judged,
    shown_count,
    turns_of,
)
from retriever.citing.citation import citation_of
from retriever.citing.originals import FileState, originals
from retriever.documents.editions import Occurrence, editions
from retriever.errors import GenerationDamaged, QuestionRefused
from retriever.index.generation import Generation, blames_damage
from retriever.index.records import StoredDocument, StoredPassage
from retriever.question.answer_type import asked_for
from retriever.question.corpus_questions import CorpusQuestion, Wanted
from retriever.question.follow_ups import asks_for_more, without_periods
from retriever.question.reading import Reading
from retriever.row_set import RowSet


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
    among: RowSet | None = None,
    min_score: float | None = None,
    nearest: bool = False,
    most_listed: int | None = None,
) -> Answer:
    """Answers a question that follows the earlier questions of its thread, oldest first.

    At most `top` passages are given, best first; of near ones fewer, and none without an answer.
    They end where the score falls behind the first's; with `min_score` where it falls below that
    probability, which may leave no answer. The `nearest` are given whatever they amount to.
    A question that asks which documents mention something gets at most `most_listed` of them, else
    `top`, in the order of their days, and one where it asks for the first or last.
    "Last month" counts from `asked_on`, by default today. `after` and `before` bound the posted or
    event day and belong to the range; a document without a day stays. `within` names the only
    documents that count, none that all do. A `literal`
    question is searched for as it is typed. With `folders`, only documents of the corpus folders of
    these names count, and nothing is said of others; with `among`, only these rows answer, where
    they compete with the best of their documents. Raises `QuestionRefused` and `GenerationDamaged`.
    """
    started = time.perf_counter()
    scope = Scope(after, before, tuple(within), folders, among)
    asked = AskedQuestion.read(generation, question, history, asked_on, scope, literal=literal)
    answer = None
    if not nearest and among is None:
        answer = _listed(generation, asked, most_listed or top)
    if answer is None:
        answer = _passages(generation, asked, top, min_score, nearest=nearest)
    return _told(generation, answer, question, scope, started, literal=literal)


@blames_damage
def list_documents(
    generation: Generation,
    words: str = "",
    *,
    phrases: Sequence[str] = (),
    after: datetime.date | None = None,
    before: datetime.date | None = None,
    within: Sequence[str] = (),
    folders: Sequence[str] | None = None,
    top: int = SHOWN,
) -> Answer:
    """The newest `top` documents that mention what these `words` name, in the times that they name,
    and each of the `phrases`; without either, of all. The rest is as for `ask`."""
    started = time.perf_counter()
    scope = Scope(after, before, tuple(within), folders)
    text = f"all documents on {words}" if words else "all documents"
    asked = AskedQuestion.read(generation, text, (), None, scope)
    corpus = CorpusQuestion(Wanted.LIST, without_periods(words, asked.today))
    asked = replace(asked, reading=replace(asked.reading, corpus=corpus))
    answer = _listed(generation, asked, top, phrases)
    if answer is None:
        raise QuestionRefused("These words name nothing to look for; name somebody or something.")
    return _told(generation, answer, words, scope, started)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a question comes to, before it is told."""

    reading: Reading
    verdict: Verdict
    reason: str
    hits: Sequence[Hit]
    withheld: Withheld
    likelihood: float
    mentioned: Mentioned | None
    listed: Wanted | None = None


def _listed(
    generation: Generation, asked: AskedQuestion, top: int, phrases: Sequence[str] = ()
) -> _Outcome | None:
    """The documents that a question asks for; None where it asks what they say, or where none says
    that those met whom it names, which other words may tell."""
    reading = asked.told(generation)
    if reading.corpus is None:
        return None
    skipped = SHOWN * (1 + _more_before(asked.history)) if reading.more else 0
    found = document_list(
        generation, reading, asked.allowed, top=top, skipped=skipped, phrases=phrases
    )
    if found is None or (reading.corpus.together and not found.mentioned.documents):
        return None
    verdict = Verdict.FOUND if found.hits else Verdict.NONE
    likelihood = float(found.mentioned.documents > 0)
    return _Outcome(
        reading, verdict, found.reason, found.hits, found.withheld, likelihood, found.mentioned,
        reading.corpus.wanted,
    )  # fmt: skip


def _more_before(history: Sequence[str]) -> int:
    """How often more was asked for at the end of a thread."""
    return sum(1 for _ in takewhile(asks_for_more, reversed(turns_of(history))))


def _passages(
    generation: Generation,
    asked: AskedQuestion,
    top: int,
    min_score: float | None,
    *,
    nearest: bool,
) -> _Outcome:
    """The passages that answer a question."""
    # Meanwhile: neither waits for the other, since both mostly wait for native code.
    counting = generation.threads.submit(
        named_documents, generation, asked.told(generation), asked.allowed
    )
    found = found_for(generation, asked)

    def hits_of(found: SearchResult) -> tuple[list[Hit], Withheld]:
        count = shown_count(found.judgement.verdict, top, nearest=nearest)
        least = 0.0 if nearest else _near_the_first(found) if min_score is None else min_score
        return _hits(generation, found, count, least)

    hits, withheld = hits_of(found)
    if withheld.rows:  # the verdict rests on what can be shown
        ranked = found.ranked.without(withheld.rows)
        found = judged(generation, found.reading, ranked, asked.scope, found.allowed)
        hits, _ = hits_of(found)
    judgement = found.judgement
    if min_score is not None and not hits and judgement.verdict is not Verdict.NONE:
        reason = f"no passage answers with a probability of {min_score:g} or more"
        judgement = replace(judgement, verdict=Verdict.NONE, reason=reason)
    named = None
    if hits and asked.scope.among is None:
        with suppress(GenerationDamaged):  # what is shown does not rest on it
            named = counting.result()
    return _Outcome(
        found.reading, judgement.verdict, judgement.reason, hits, withheld, judgement.likelihood,
        named.beside(generation, hits) if named else None,
    )  # fmt: skip


def _told(
    generation: Generation,
    outcome: _Outcome,
    question: str,
    scope: Scope,
    started: float,
    *,
    literal: bool = False,
) -> Answer:
    """The outcome as an answer, with what was searched and left out."""
    reading, withheld = outcome.reading, outcome.withheld
    documents, newest = generation.size(scope.folders)
    dated = not scope.is_discreet and (reading.periods or scope.after or scope.before)
    of_any_day = generation.damaged_documents if dated else ()
    reason = outcome.reason
    if outcome.verdict is Verdict.NONE:
        reason = withheld.reason or reason
    return Answer(
        question=question,
        searched=Searched(
            text=reading.text,
            after=scope.after.isoformat() if scope.after else None,
            before=scope.before.isoformat() if scope.before else None,
            names=reading.names,
            spelt=reading.spelt,
            periods=tuple(map(str, reading.periods)),
            within=scope.within,
            literal=literal,
            order=None if reading.latest is None else "latest" if reading.latest else "earliest",
        ),
        verdict=outcome.verdict,
        reason=reason,
        passages=tuple(outcome.hits),
        generation=generation.name,
        documents=documents,
        newest=newest,
        milliseconds=(time.perf_counter() - started) * 1000,
        likelihood=outcome.likelihood,
        withheld=tuple(dict.fromkeys(withheld.changed.values())),
        unreachable=tuple(dict.fromkeys(withheld.unreachable.values())),
        damaged=tuple(dict.fromkeys([*withheld.damaged.values(), *of_any_day])),
        skipped=0 if scope.is_discreet else generation.skipped,
        mentioned=outcome.mentioned,
        listed=outcome.listed,
    )


def _near_the_first(found: SearchResult) -> float:
    """The least probability of the candidates that compete with the first."""
    near = found.ranked.near_the_first
    return float(found.judgement.probabilities[near].min(initial=1.0))


def _hits(
    generation: Generation, found: SearchResult, count: int, least: float
) -> tuple[list[Hit], Withheld]:
    """Of the first `count` candidates whose receipts hold those with this probability or more, and
    what is withheld before them.

    A text of several documents is shown once; the others are its `also_in`.
    """
    reading, ranked, in_time = found.reading, found.ranked, found.ranked.in_time
    shown: dict[int, tuple[int, list[Occurrence]]] = {}
    withheld = Withheld()
    original_of = originals()
    allowed = None if found.allowed is None else found.allowed.marks

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
                document=Source.of(document),
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
