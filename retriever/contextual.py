"""Vectors of passages in context.

A passage's vector is the unit sum of the vectors of its own words, of its document's context and
of the paragraph that it stands under. The inner product with a question is then a weighted sum of
the three similarities. Each text is encoded once: 2,000 contexts for 29,000 passages, where writing
the context before every passage would double what the model has to read.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.characters import search_form
from corpus.context import when
from corpus.document import Document
from corpus.sentences import sentence_spans

# Found by `pincite eval` on both development sets, where 0.8 to 1.3 and 0 to 0.3 differ little.
CONTEXT_WEIGHT = 1.0
PARENT_WEIGHT = 0.3

_LEAD_WORDS = 60  # who met whom, where and when stands at the beginning


def context_text(document: Document) -> str:
    """The text that is embedded for a document: its title, its days and its lead sentence."""
    lead = sentence_spans(document.lead)[0].of(document.lead)
    parts = (
        document.title if document.title_stated else "",
        when(document),
        " ".join(lead.split()[:_LEAD_WORDS]),
    )
    return search_form(". ".join(part for part in parts if part))


def in_context(
    own: NDArray[np.float32],
    contexts: NDArray[np.float32],
    parents: Sequence[int | None],
) -> NDArray[np.float32]:
    """Unit vectors, one row for each of `own`.

    `own` and `contexts` are unit vectors of shape (n, dimension), row by row of the same window;
    `parents` gives for each the row in `own` of the passage above it, or None.
    """
    rows = [row for row, parent in enumerate(parents) if parent is not None]
    above = [parent for parent in parents if parent is not None]
    total = own + CONTEXT_WEIGHT * contexts
    total[rows] += PARENT_WEIGHT * own[above]
    norms = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(norms, np.finfo(np.float32).eps), np.float32)
