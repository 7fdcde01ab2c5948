"""A question becomes an answer: reading, ranking, verdict, receipts, citations."""

import datetime
import time
from collections.abc import Sequence

from retriever.answer import Answer, Hit, Searched, Source, Verdict
from retriever.citation import Citation
from retriever.generation import Generation
from retriever.highlights import highlights
from retriever.passages import StoredDocument, StoredPassage
from retriever.question import Reading, read_question
from retriever.ranking import Ranked, rank
from retriever.receipts import source_text
from retriever.verdict import NEAR_PASSAGES, judge

_COPIES_AMONG = 20  # candidates behind the shown ones; copies of a text score alike


def ask(
    generation: Generation,
    question: str,
    *,
    history: Sequence[str] = (),
    top: int = 5,
    after: datetime.date | None = None,
    before: datetime.date | None = None,
) -> Answer:
    """Answers a question that follows the earlier questions of its thread, oldest first.

    At most `top` passages are given, best first; of near ones fewer, and none without an answer.
    `after` and `before` bound the posted or event day and belong to the range. Raises
    `QuestionRefused` and `GenerationDamaged`.
    """
    started = time.perf_counter()
    reading = read_question(question, history)
    ranked = rank(generation, reading, generation.rows_between(after, before))
    verdict, reason = judge(generation.lexical, reading, ranked)
    hits, withheld = _hits(generation, reading, ranked, _shown(verdict, top))
    if withheld:  # the verdict rests on what can be shown
        ranked = ranked.without(withheld)
        verdict, reason = judge(generation.lexical, reading, ranked)
        hits, _ = _hits(generation, reading, ranked, _shown(verdict, top))
        if verdict is Verdict.NONE:
            reason = "the documents that match changed since they were indexed"
    return Answer(
        question=question,
        searched=Searched(
            text=reading.text,
            after=after.isoformat() if after else None,
            before=before.isoformat() if before else None,
            names=reading.names,
        ),
        verdict=verdict,
        reason=reason,
        passages=tuple(hits),
        generation=generation.name,
        documents=generation.manifest.documents,
        newest=generation.manifest.newest,
        milliseconds=(time.perf_counter() - started) * 1000,
        withheld=tuple(dict.fromkeys(withheld.values())),
    )


def _shown(verdict: Verdict, top: int) -> int:
    return {Verdict.FOUND: top, Verdict.RELATED: min(top, NEAR_PASSAGES), Verdict.NONE: 0}[verdict]


def _hits(
    generation: Generation, reading: Reading, ranked: Ranked, count: int
) -> tuple[list[Hit], dict[int, str]]:
    """The first `count` candidates whose receipts hold, and the rows and documents withheld.

    A text that stands in several documents is shown once; the others are its `also_in`.
    """
    shown: dict[str, tuple[int, StoredPassage, StoredDocument]] = {}
    copies: dict[str, list[str]] = {}
    sources: dict[int, str] = {}
    withheld: dict[int, str] = {}
    for position, row in enumerate(ranked.rows.tolist() if count else []):
        passage = generation.store.passage(row)
        if len(shown) == count and passage.text not in shown:
            if position >= count + _COPIES_AMONG:
                break
            continue
        document = generation.store.document(passage.document)
        if document.number not in sources:
            sources[document.number] = source_text(document)[1]
        if sources[document.number][passage.start : passage.end] != passage.text:
            withheld[row] = document.id
        elif passage.text in shown:
            copies[passage.text].append(str(_citation(passage, document)))
        else:
            shown[passage.text] = (position, passage, document)
            copies[passage.text] = []
    weights = generation.lexical.weights(reading.terms)
    return [
        Hit(
            rank=number,
            citation=_citation(passage, document),
            text=text,
            label=passage.label,
            heading=passage.heading,
            score=float(ranked.scores[position]),
            highlights=highlights(text, weights),
            also_in=tuple(copies[text]),
            document=_source(document),
            shares=ranked.shares(position),
        )
        for number, (text, (position, passage, document)) in enumerate(shown.items(), start=1)
    ], withheld


def _citation(passage: StoredPassage, document: StoredDocument) -> Citation:
    return Citation(document.id, passage.label, document.sha256[:8])


def _source(document: StoredDocument) -> Source:
    event = document.events[0] if document.events else None
    return Source(
        document.id, str(document.path), document.title, document.posted, event, document.source
    )
