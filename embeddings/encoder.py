"""Text to unit vectors: the seam, its two implementations, and encoding in bulk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .export import load_source
from .graph import Graph
from .model import ModelCard

# About two seconds of work on two cores: what an interruption may cost.
CHARACTERS_AT_ONCE = 50_000
TEXTS_AT_ONCE = 256


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def card(self) -> ModelCard:
        """The model behind it."""

    def encode(self, texts: Sequence[str], *, question: bool = False) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), card.dimension): unit rows, in the order of the texts.

        The model's own prompt for questions or for passages is put before each text. For many
        texts use encode_in_batches.
        """

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""


def encode_in_batches(
    encoder: Encoder, texts: Sequence[str]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Encode passages in bulk, a batch at a time: (positions in `texts`, their vectors).

    Batches are of similar length, longest texts first; together they hold every position once.
    """
    order = np.argsort([-len(text) for text in texts], kind="stable")
    start = 0
    while start < len(texts):
        longest = max(1, len(texts[order[start]]))
        count = min(TEXTS_AT_ONCE, max(1, CHARACTERS_AT_ONCE // longest))
        rows = order[start : start + count]
        yield rows, encoder.encode([texts[row] for row in rows])
        start += count


def open_encoder(models: Path, name: str) -> Encoder:
    """The encoder of the model prepared in `models` under the fingerprint `name`.

    Raises ModelMissing, and ModelDamaged when its files do not fit its card.
    """
    folder = models / name
    card = ModelCard.read(folder)
    if card.runtime == "sentence-transformers":
        return SentenceTransformerEncoder(card)
    return OnnxEncoder(Graph.open(folder, card), card)


class OnnxEncoder:
    """A prepared encoder on ONNX Runtime."""

    def __init__(self, graph: Graph, card: ModelCard) -> None:
        """Encode with the graph that the card describes."""
        self.card = card
        self._graph = graph

    def encode(self, texts: Sequence[str], *, question: bool = False) -> NDArray[np.float32]:
        """See Encoder."""
        prompt = self.card.question_prompt if question else self.card.passage_prompt
        return self._graph.run([prompt + text for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return self._graph.count_tokens(texts)


class SentenceTransformerEncoder:
    """A model that could not be exported, on sentence-transformers: the same vectors, slower."""

    def __init__(self, card: ModelCard) -> None:
        """Load the model from where the card says it is."""
        self.card = card
        self._model = load_source(card)

    def encode(self, texts: Sequence[str], *, question: bool = False) -> NDArray[np.float32]:
        """See Encoder."""
        encode = self._model.encode_query if question else self._model.encode_document
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32).reshape(len(texts), self.card.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        tokenizer = self._model.tokenizer
        if hasattr(tokenizer, "encode_batch"):
            return [len(piece.ids) for piece in tokenizer.encode_batch(list(texts))]
        return [len(tokenizer(text, truncation=False)["input_ids"]) for text in texts]
