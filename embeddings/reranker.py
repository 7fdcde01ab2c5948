"""A question and texts to scores: the seam and its two implementations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import EmbeddingError, ModelDamaged
from .export import load_source, logits
from .graph import Graph
from .model import CARD, ModelCard

SHIPPED = Path(__file__).with_name("shipped")
"""The folder that holds the reranker that comes with the program, in a folder that is named by its
fingerprint."""


class Reranker(Protocol):
    """Reads a question together with each text, and says how well the text answers it."""

    @property
    def card(self) -> ModelCard:
        """The model behind it."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Logits of shape (len(texts),), in the order of the texts; higher is better.

        They are before any activation of the model's own. What exceeds card.max_tokens together is
        cut off, the longer of the two first.
        """


def open_reranker(models: Path, name: str) -> Reranker:
    """The reranker of the cross-encoder prepared in `models` under the fingerprint `name`.

    Raises ModelMissing, and ModelDamaged when its files do not fit its card.
    """
    folder = models / name
    card = ModelCard.read(folder, "reranker")
    if card.runtime == "sentence-transformers":
        return CrossEncoderReranker(card)
    return OnnxReranker(Graph.open(folder, card, aside=True), card)


def shipped_fingerprint() -> str:
    """The fingerprint of the reranker that comes with the program; empty where it is missing."""
    return next((card.parent.name for card in SHIPPED.glob(f"*/{CARD}")), "")


def shipped_reranker() -> Reranker:
    """The reranker that comes with the program; raises ModelDamaged when it is not as it was."""
    try:
        return open_reranker(SHIPPED, shipped_fingerprint())
    except (EmbeddingError, OSError) as error:
        raise ModelDamaged(
            "The reranker that comes with Pincite is missing or damaged; install Pincite again."
        ) from error


class OnnxReranker:
    """A prepared cross-encoder on ONNX Runtime."""

    def __init__(self, graph: Graph, card: ModelCard) -> None:
        """Score with the graph that the card describes."""
        self.card = card
        self._graph = graph

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker."""
        prompted = self.card.question_prompt + question
        return self._graph.run([(prompted, text) for text in texts])[:, 0].astype(np.float64)


class CrossEncoderReranker:
    """A cross-encoder that could not be exported, on sentence-transformers: slower."""

    def __init__(self, card: ModelCard) -> None:
        """Load the model from where the card says it is."""
        self.card = card
        self._model = load_source(card)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker."""
        return np.asarray(logits(self._model, [(question, text) for text in texts]), np.float64)
