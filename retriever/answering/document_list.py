"""The documents that mention something as an answer: counted, in the order of their days, each with
the passage that mentions it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.language.sentences import sentence_spans
from retriever.answering.answer import Hit, Mentioned, Source, Withheld
from retriever.citing.citation import citation_of
from retriever.citing.originals import FileState, originals
from retriever.documents.editions import copies_among
from retriever.documents.mentioning import Mentions, mentions_of
from retriever.documents.wordings import Wording, named, wordings
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.index.records import StoredPassage
from retriever.question.reading import Reading
from retriever.row_set import RowSet

SHOWN = 5
"""The passages or documents of an answer, unless another number is asked for."""
_FEW = 200
"""Rows of a name up to which an answer that leaves documents out says how many there are: more are
counted only for who asks."""


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The first of the documents that are asked for, each with a passage, and how many there are;
    `reason` says so in words."""

    hits: tuple[Hit, ...]
    withheld: Withheld
    mentioned: Mentioned
    reason: str


def document_list(
    generation: Generation,
    reading: Reading,
    allowed: RowSet | None,
    *,
    top: int,
    skipped: int = 0,
    phrases: Sequence[str] = (),
) -> DocumentList | None:
    """At most `top` of the documents that a reading asks for, and that mention the `phrases` too,
    behind the first `skipped`; None where its subject has no words to look for."""
    corpus = reading.corpus
    if corpus is None:
        return None
    asked = wordings(generation, corpus.subject, reading.names)
    asked += [wording for each in phrases for wording in wordings(generation, f'"{each}"', ())]
    if not asked and (corpus.subject.strip() or phrases):
        return None
    if asked:
        found = mentions_of(generation, asked, allowed, together=corpus.together)
    else:
        rows = np.arange(len(generation.document_of)) if allowed is None else allowed.rows
        found = Mentions(np.unique(generation.document_of[rows]), rows, np.ones_like(rows))
    inside, undated = _in_time(generation, reading, found.documents)
    ordered = _by_day(generation, inside, oldest_first=corpus.wanted.oldest_first)
    first = copies_among(generation, ordered)
    groups: dict[int, list[int]] = {}
    for document in ordered:
        groups.setdefault(first[document], []).append(document)
    is_one = corpus.wanted.is_one and not skipped and top <= SHOWN
    count = 1 if is_one else top
    chosen = list(groups.values())[skipped:]
    hits, withheld = _hits(generation, chosen, found, asked, count)
    mentioned = Mentioned(
        names=tuple(each.name for each in asked),
        documents=len(groups),
        copies=len(ordered) - len(groups),
        passages=int(np.isin(generation.document_of[found.rows], inside).sum()) if asked else 0,
        undated=undated,
        shown=tuple(hit.document.id for hit in hits),
    )
    return DocumentList(hits, withheld, mentioned, _reason(mentioned, reading))


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """The documents that name whom an ordinary question asks about, by number, and their count."""

    numbers: frozenset[int]
    mentioned: Mentioned

    def beside(self, generation: Generation, hits: Sequence[Hit]) -> Mentioned:
        """The count, with those of the documents that these passages show."""
        shown = dict.fromkeys(hit.document.id for hit in hits)
        ids = [
            each for each in shown if self.numbers.issuperset(generation.store.numbers_of([each]))
        ]
        return replace(self.mentioned, shown=tuple(ids))


def named_documents(
    generation: Generation, reading: Reading, allowed: RowSet | None
) -> NamedDocuments | None:
    """The documents that name all that an ordinary question asks about; None where it names
    nothing."""
    names = [named(generation, name) for name in reading.required if name in reading.names]
    if not names:
        return None
    found = mentions_of(generation, names, allowed, most=_FEW)
    inside, undated = _in_time(generation, reading, found.documents)
    first = copies_among(generation, inside.tolist())
    documents = len(set(first.values()))
    mentioned = Mentioned(
        names=tuple(each.name for each in names),
        documents=documents,
        copies=len(first) - documents,
        passages=int(np.isin(generation.document_of[found.rows], inside).sum()),
        undated=undated,
        complete=found.complete,
    )
    return NamedDocuments(frozenset(first), mentioned)


def _in_time(
    generation: Generation, reading: Reading, documents: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Those of the documents that were posted, or report an event, in the periods that are asked
    for, and how many have no day that says so."""
    if not reading.periods:
        return documents, 0
    days = generation.days
    inside = np.logical_or.reduce([days.inside(period) for period in reading.periods])[documents]
    return documents[inside], int((days.own[documents] == 0)[~inside].sum())


def _by_day(
    generation: Generation, documents: NDArray[np.int64], *, oldest_first: bool
) -> list[int]:
    """The documents in the order of their days, those without one last."""
    days = generation.days.own[documents]
    order = np.lexsort((documents, days if oldest_first else -days, days == 0))
    ordered: list[int] = documents[order].tolist()
    return ordered


def _hits(
    generation: Generation,
    groups: Sequence[Sequence[int]],
    found: Mentions,
    asked: Sequence[Wording],
    count: int,
) -> tuple[tuple[Hit, ...], Withheld]:
    """The first `count` documents whose receipts hold, each with its copies, and what is withheld
    before them."""
    hits: list[Hit] = []
    withheld, original_of = Withheld(), originals()
    for group in groups:
        if len(hits) == count:
            break
        cited = []
        for number in group:
            try:
                document = generation.store.document(number)
                passage = _telling(generation, number, found, asked)
            except GenerationDamaged:
                withheld.damaged[number] = f"document {number}"
                continue
            original = original_of(document)
            if original.holds(passage):
                cited.append((document, passage))
            elif original.state is FileState.UNREACHABLE:
                withheld.unreachable[passage.row] = document.id
            else:
                withheld.changed[passage.row] = document.id
        if cited:
            (document, passage), *others = cited
            hits.append(
                Hit(
                    rank=len(hits) + 1,
                    citation=citation_of(document, passage),
                    text=passage.text,
                    label=passage.label,
                    heading=passage.heading,
                    score=1.0,
                    highlights=_sentence(passage, asked),
                    also_in=tuple(str(citation_of(*other)) for other in others),
                    document=Source.of(document),
                    shares=(),
                    page=passage.page,
                    columns=passage.columns,
                )
            )
    return tuple(hits), withheld


def _telling(
    generation: Generation, document: int, found: Mentions, asked: Sequence[Wording]
) -> StoredPassage:
    """The first passage of a document that says most of what is asked for; one that says it itself
    before one whose title does."""
    within = generation.document_of[found.rows] == document
    rows, said = found.rows[within], found.said[within]
    best = rows[said == said.max()]
    passages = [generation.store.passage(int(row)) for row in best[:2]]
    itself = (each for each in passages if any(name.stands_in(each.text) for name in asked))
    return next(itself, passages[0])


def _sentence(passage: StoredPassage, asked: Sequence[Wording]) -> tuple[tuple[int, int], ...]:
    """The range of the first sentence that says most of what is asked for."""
    spans = sentence_spans(passage.text)
    said = [sum(each.stands_in(span.of(passage.text)) for each in asked) for span in spans]
    if not any(said):
        return ()
    best = spans[said.index(max(said))]
    return ((best.start, best.end),)


def _reason(mentioned: Mentioned, reading: Reading) -> str:
    """How many documents there are, in words."""
    count, names = mentioned.documents, " and ".join(f"“{name}”" for name in mentioned.names)
    dated = f" dated {' or '.join(map(str, reading.periods))}" if reading.periods else ""
    together = reading.corpus is not None and reading.corpus.together
    many = (
        f"{count:,} document{'s' if count != 1 else ''}{dated}" if count else f"no document{dated}"
    )
    if not names:
        return f"there {'are' if count > 1 else 'is'} {many}"
    verb = "mention" if count > 1 else "mentions"
    return f"{many} {verb} {names}{' in one passage' if together else ''}"
