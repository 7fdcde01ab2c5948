"""Documents become vectors in context; what is known already is not encoded again."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.document import Document
from corpus.passage_context import in_words
from corpus.text.characters import search_form
from embeddings import Encoder, VectorCache, encode_in_batches
from embeddings.vectors import Vectors
from retriever.build.context_vectors import (
    document_contexts,
    head_text,
    in_context,
    lead_text,
    weight_above,
)
from retriever.build.windows import windows_of
from retriever.progress import Progress, counted


def vectors_of(
    documents: Sequence[Document],
    encoder: Encoder,
    counting: Encoder,
    cache: Path,
    progress: Progress,
) -> tuple[Vectors, list[int], int]:
    """Vectors in context, the passage of each further window, and how many
    passages had to be encoded.

    Windows are as long as the encoder reads that is `counting`. The first window of each passage
    has the passage's row; further windows follow.
    """
    if not documents:
        return np.empty((0, encoder.card.dimension), np.float32), [], 0
    passages = [passage for document in documents for passage in document.passages]
    windows: list[list[str]] = []
    for document in counted(progress, "Cutting passages", documents):
        texts = [in_words(passage.text, passage.columns) for passage in document.passages]
        windows += windows_of(texts, counting.card.max_tokens, counting.count_tokens)
    further = [(row, text) for row, texts in enumerate(windows) for text in texts[1:]]
    texts = [each[0] for each in windows] + [text for _, text in further]
    heads = [head_text(document) for document in documents]
    leads = [lead_text(document) for document in documents]
    headings = sorted({passage.heading for passage in passages if passage.heading})
    found, missing = encode_cached(
        encoder, cache, [*texts, *heads, *leads, *map(search_form, headings)], progress
    )
    own, head, lead, heading = np.split(found, np.cumsum([len(texts), len(heads), len(leads)]))
    head[[not text for text in heads]] = 0

    counts = [len(document.passages) for document in documents]
    document_of = np.repeat(np.arange(len(documents)), counts)
    has_lead = np.ones(len(texts), np.int64)  # further windows of a lead do not begin it
    has_lead[np.cumsum([0, *counts[:-1]])] = 0
    passage_of = [*range(len(passages)), *(row for row, _ in further)]
    contexts = document_contexts(head, lead, counts)[has_lead, document_of[passage_of]]
    under = {
        text: weight_above(text) * vector for text, vector in zip(headings, heading, strict=True)
    }
    for at, row in enumerate(passage_of):
        if passages[row].heading:
            contexts[at] += under[passages[row].heading]
    parents: list[int | None] = []
    for document in documents:
        first = len(parents)
        parents += [
            None if passage.parent is None else first + passage.parent
            for passage in document.passages
        ]
    weights = [weight_above(passage.text, passage.speaker) for passage in passages]
    vectors = in_context(own, contexts, [parents[row] for row in passage_of], weights)
    encoded = sum(not missing.isdisjoint(each) for each in windows)
    return vectors, [row for row, _ in further], encoded


def encode_cached(
    encoder: Encoder, cache: Path, texts: Sequence[str], progress: Progress
) -> tuple[Vectors, set[str]]:
    """The vectors of these texts, in order, and the texts that had to be encoded.

    Each batch is kept in the cache as soon as it is done, so an interruption loses only the last.
    """
    with contextlib.closing(VectorCache(cache, encoder.card.dimension)) as kept:
        unique = list(dict.fromkeys(texts))
        vectors, found = kept.get(unique)
        missing = np.flatnonzero(~found)
        wanted = [unique[row] for row in missing]
        done = 0
        progress("Encoding passages", done, len(wanted))
        for rows, batch in encode_in_batches(encoder, wanted):
            kept.put([wanted[row] for row in rows], batch)
            vectors[missing[rows]] = batch
            done += len(rows)
            progress("Encoding passages", done, len(wanted))
    position = {text: row for row, text in enumerate(unique)}
    return vectors[[position[text] for text in texts]], set(wanted)
