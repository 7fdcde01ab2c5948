"""Vectors of passages in context.

A passage's vector is the unit sum of the vectors of its own words, of its document's head and lead
sentence, and of what stands above it: its heading, and the paragraph that it belongs to or the
question that it answers. The inner product with a question is then a weighted sum of the
similarities. Each text is encoded once: 4,000 short ones for 29,000 passages,
where writing the context before every passage would double what the model has to read.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.language.sentences import only_asks, sentence_spans
from corpus.passage_context import days_text
from corpus.release.speakers import is_questioner
from corpus.text.characters import search_form

# Found by `pincite eval`; on every development set 0.2 more or less changes little.
HEAD_WEIGHT = 0.5
LEAD_WEIGHT = 0.7
ABOVE_WEIGHT = 0.3
ASKED_WEIGHT = 0.7
"""Of what stands above, where it asks: "On your last day." says nothing without its question."""

# A release of a few paragraphs is about one thing; what is said above a transcript of two hundred
# turns says little of each. Beyond this many passages the context counts less, with the logarithm
# of their number: without that, press briefings fall from .24 to .16 nDCG@5 on vectors alone.
WHOLE_UP_TO = 8

_LEAD_WORDS = 60  # the beginning says who met whom, where and when


def head_text(document: Document) -> str:
    """The title and the days of a document as they are embedded; may be empty."""
    title = document.title if document.title_stated else ""
    return search_form(". ".join(part for part in (title, days_text(document)) if part))


def lead_text(document: Document) -> str:
    """The lead sentence of a document as it is embedded."""
    lead = sentence_spans(document.lead)[0].of(document.lead)
    return search_form(" ".join(lead.split()[:_LEAD_WORDS]))


def document_contexts(
    heads: NDArray[np.float32], leads: NDArray[np.float32], passages: Sequence[int]
) -> NDArray[np.float32]:
    """What each document adds to its lead passage, and to its others: shape (2, n, dimension).

    `heads` and `leads` are unit vectors of shape (n, dimension), zero where a document has none;
    `passages` counts those of each document. To its own lead a document adds only its head.
    """
    share = 1 / np.log2(np.maximum(passages, WHOLE_UP_TO) / (WHOLE_UP_TO / 2))
    head = HEAD_WEIGHT * share[:, None] * heads
    return np.stack([head, head + LEAD_WEIGHT * share[:, None] * leads]).astype(np.float32)


def weight_above(text: str, speaker: str = "") -> float:
    """What a heading, or the passage above of this text and speaker, adds to what is under it."""
    return ASKED_WEIGHT if is_questioner(speaker) or only_asks(text) else ABOVE_WEIGHT


def in_context(
    own: NDArray[np.float32],
    contexts: NDArray[np.float32],
    parents: Sequence[int | None],
    weights: Sequence[float],
) -> NDArray[np.float32]:
    """Unit vectors, one row for each of `own`.

    `own` are unit vectors of shape (n, dimension) and `contexts` what their documents and headings
    add, row by row; `parents` gives for each the row in `own` of the passage above it, or None, and
    `weights` what each passage adds to those under it.
    """
    rows = [row for row, parent in enumerate(parents) if parent is not None]
    above = [parent for parent in parents if parent is not None]
    total = own + contexts
    total[rows] += np.asarray(weights, np.float32)[above, None] * own[above]
    norms = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(norms, np.finfo(np.float32).eps), np.float32)
