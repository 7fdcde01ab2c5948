"""What the reranker makes of the first candidates, which it reads together with the question."""

import numpy as np

from corpus.passage_context import in_words
from retriever.answering.evidence import Evidence, Ranked
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.question.reading import Reading

RERANKER = "reranker"
READ = 14
"""Candidates that are read, at most: each costs as much as a fifth of the search, and 20 bring
no more than .01 MRR."""
NEAR_ENOUGH = 0.12
"""Of the score: how far behind the first a candidate may be that is read. What is further behind
hardly ever comes first."""
MOST_LOGIT = 12.0
"""Logits from minus this to this are values from 0 to 1; what is not read has 0."""
_LEARNED = "English"
_LEAD_IN = 150  # characters of the end of what an item stands under


def reranked(generation: Generation, reading: Reading, ranked: Ranked) -> Ranked:
    """The candidates by all evidence, the reranker's reading of the first included, each kind with
    the weight that was fitted together with the others; as they were where nothing is read: without
    a reranker, and for a question in a language that ours has not learned."""
    reranker = generation.reranker
    if not reranker or not len(ranked.rows):
        return ranked
    if not generation.manifest.reranker and not _is_learned(generation, reading):
        return ranked
    near = ranked.scores[:READ] >= ranked.scores[0] - NEAR_ENOUGH
    # A passage that only asks has the words of its answer, and is none.
    read = np.flatnonzero(near & (ranked.values("asks")[:READ] == 0))
    texts = [in_context(generation, row) for row in ranked.rows[read].tolist()]
    values = np.zeros(len(ranked.rows))
    logits = reranker.score(reading.text, texts)
    values[read] = np.clip((logits / MOST_LOGIT + 1) / 2, 0, 1)
    return ranked.weighed(generation.calibration.weights, Evidence(RERANKER, 0.0, values))


def _is_learned(generation: Generation, reading: Reading) -> bool:
    """Whether question and documents are in the language that ours has learned; of a few words
    none can be told, and they are in that of the documents."""
    documents = next(iter(generation.languages), _LEARNED)
    return documents == _LEARNED and reading.language in ("", _LEARNED)


def in_context(generation: Generation, row: int) -> str:
    """A passage as the reranker reads it: title, days, heading, speaker and what it stands under
    come before its text; nothing of a damaged one, which is not shown."""
    try:
        passage = generation.store.passage(row)
        document = generation.store.document(passage.document)
        over = generation.store.passage(passage.parent).text if passage.parent is not None else ""
    except GenerationDamaged:
        return ""
    days = document.posted or "; ".join(document.events)
    head = [part.rstrip(" .:") for part in (document.title, days, passage.heading, passage.speaker)]
    parts = [*(f"{part}." for part in head if part), over[-_LEAD_IN:].strip()]
    parts.append(in_words(passage.text, passage.columns))
    return " ".join(filter(None, parts))
