"""Text to unit vectors: the seam, its two implementations, and encoding in bulk."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import ModelDamaged
from .model import PREPARE_AGAIN, ModelCard, fingerprint

GRAPH, WEIGHTS, TOKENIZER = "model.onnx", "model.weights", "tokenizer.json"
TOKENIZED = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
PADDING = ("direction", "pad_id", "pad_type_id", "pad_token")

# Measured on two cores: fastest between 512 and 1,024 word pieces at once, padding included;
# beyond that the activations leave the cache and memory grows.
TOKENS_AT_ONCE = 1024
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
    card.check(folder, card.files.keys() - {WEIGHTS})
    # Hashing the weights takes as long as opening them, and neither holds the interpreter's lock.
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(card.check, folder, card.files.keys() & {WEIGHTS})
        try:
            encoder = OnnxEncoder(folder, card)
        except Exception as error:
            checked.result()
            raise ModelDamaged(
                f"The prepared model {card.name} cannot be opened; {PREPARE_AGAIN}."
            ) from error
        checked.result()
    return encoder


class OnnxEncoder:
    """A prepared model on ONNX Runtime: no torch, and 3 ms for a question."""

    def __init__(self, folder: Path, card: ModelCard) -> None:
        """Open the graph and tokenizer in `folder`."""
        from tokenizers import Tokenizer

        self.card = card
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        padding = self._tokenizer.padding or {}
        self._padding = {key: padding[key] for key in PADDING if key in padding}
        self._tokenizer.no_padding()
        self._session = open_session(folder / GRAPH)
        self._inputs = [entry.name for entry in self._session.get_inputs()]

    def encode(self, texts: Sequence[str], *, question: bool = False) -> NDArray[np.float32]:
        """See Encoder."""
        prompt = self.card.question_prompt if question else self.card.passage_prompt
        pieces = self._tokenizer.encode_batch_fast([prompt + text for text in texts])
        vectors = np.empty((len(texts), self.card.dimension), np.float32)
        for rows in _batches([len(piece.ids) for piece in pieces]):
            vectors[rows] = self._run([pieces[row] for row in rows])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return [len(piece.ids) for piece in self._counter.encode_batch_fast(list(texts))]

    @cached_property
    def _counter(self) -> Any:
        from tokenizers import Tokenizer

        counter = Tokenizer.from_str(self._tokenizer.to_str())
        counter.no_truncation()
        return counter

    def _run(self, pieces: list[Any]) -> Any:
        width = max(len(piece.ids) for piece in pieces)
        for piece in pieces:
            piece.pad(width, **self._padding)
        feed = {
            name: np.array([getattr(piece, TOKENIZED[name]) for piece in pieces], np.int64)
            for name in self._inputs
        }
        return self._session.run(None, feed)[0]


class SentenceTransformerEncoder:
    """A model that could not be exported, on sentence-transformers: the same vectors, slower."""

    def __init__(self, card: ModelCard) -> None:
        """Load the model from where the card says it is."""
        source = Path(card.source)
        if fingerprint(source) != card.fingerprint:
            raise ModelDamaged(
                f"The model {card.name} in {source} is gone or changed; {PREPARE_AGAIN}."
            )
        from .export import load

        self.card = card
        self._model = load(source)

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


def open_session(graph: Path, *, save_to: Path | None = None) -> Any:
    """An ONNX Runtime session for `graph`; with `save_to`, also write it optimised."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 4  # errors come as exceptions; nothing else is to be printed
    options.enable_mem_pattern = False  # patterns are kept per shape, and here shapes never end
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    if save_to is not None:
        # No further than EXTENDED: what comes after it is made for the processor at hand.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(save_to)
        entry = "session.optimized_model_external_initializers"
        options.add_session_config_entry(f"{entry}_file_name", WEIGHTS)
        options.add_session_config_entry(f"{entry}_min_size_in_bytes", "1024")
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions in batches of similar length that hold at most TOKENS_AT_ONCE when padded."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
