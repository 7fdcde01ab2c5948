"""A question and texts to scores: the seam and its two implementations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .export import load_source, logits
from .graph import Graph
from .model import ModelCard


class Reranker(Protocol):
    """Reads a question together with each text, and says how well the text answers it."""

    @property
    def card(self) -> ModelCard:
        """The model behind it."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Scores in [0, 1] of shape (len(texts),), in the order of the texts; higher is better.

        A score is the sigmoid of the model's logit, also where the model's own activation is
        another. What exceeds card.max_tokens together is cut off, the longer of the two first.
        """


def open_reranker(models: Path, name: str) -> Reranker:
    """The reranker of the cross-encoder prepared in `models` under the fingerprint `name`.

    Raises ModelMissing, and ModelDamaged when its files do not fit its card.
    """
    folder = models / name
    card = ModelCard.read(folder, "reranker")
    if card.runtime == "sentence-transformers":
        return CrossEncoderReranker(card)
    return OnnxReranker(Graph.open(folder, card), card)


class OnnxReranker:
    """A prepared cross-encoder on ONNX Runtime."""

    def __init__(self, graph: Graph, card: ModelCard) -> None:
        """Score with the graph that the card describes."""
        self.card = card
        self._graph = graph

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker."""
        prompted = self.card.question_prompt + question
        return _sigmoid(self._graph.run([(prompted, text) for text in texts])[:, 0])


class CrossEncoderReranker:
    """A cross-encoder that could not be exported, on sentence-transformers: slower."""

    def __init__(self, card: ModelCard) -> None:
        """Load the model from where the card says it is."""
        self.card = card
        self._model = load_source(card)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker."""
        return _sigmoid(logits(self._model, [(question, text) for text in texts]))


def _sigmoid(values: Any) -> NDArray[np.float64]:
    # In double precision: in single, logits above 17 are all 1, and so without an order.
    return np.exp(-np.logaddexp(0, -np.asarray(values, np.float64)))
