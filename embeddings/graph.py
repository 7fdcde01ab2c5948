"""A prepared model on ONNX Runtime, with its tokenizer: texts or pairs of texts to numbers."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .errors import ModelDamaged
from .model import PREPARE_AGAIN, ModelCard

GRAPH, WEIGHTS, TOKENIZER = "model.onnx", "model.weights", "tokenizer.json"
TOKENIZED = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
PADDING = ("direction", "pad_id", "pad_type_id", "pad_token")

# Measured on two cores: fastest between 512 and 1,024 word pieces at once, padding included;
# beyond that the activations leave the cache and memory grows.
TOKENS_AT_ONCE = 1024


class Graph:
    """One ONNX graph and its tokenizer: no torch, and 3 ms for a question."""

    def __init__(self, folder: Path, dimension: int, *, aside: bool = False) -> None:
        """Open the graph and tokenizer in `folder`, whose rows have `dimension` numbers.

        Batches `aside` run one beside the other, each on a thread: for some pairs of texts that is
        a fifth faster than one batch on all threads.
        """
        from tokenizers import Tokenizer

        self._dimension = dimension
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        padding = self._tokenizer.padding or {}
        self._padding = {key: padding[key] for key in PADDING if key in padding}
        self._tokenizer.no_padding()
        self._aside = aside
        self._session = open_session(folder / GRAPH, threads=1 if aside else 0)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        width = self._session.get_outputs()[0].shape[-1]
        self.width = width if isinstance(width, int) else None
        """How many numbers the graph itself says that it gives for an input, if it does."""

    @classmethod
    def open(cls, folder: Path, card: ModelCard, *, aside: bool = False) -> Self:
        """Open the graph in `folder`; raise ModelDamaged when its files do not fit its card."""
        card.check(folder, card.files.keys() - {WEIGHTS})
        # Hashing the weights takes as long as opening them, and neither holds the interpreter's
        # lock.
        with ThreadPoolExecutor(1) as checker:
            checked = checker.submit(card.check, folder, card.files.keys() & {WEIGHTS})
            try:
                graph = cls(folder, card.dimension, aside=aside)
            except Exception as error:
                checked.result()
                raise ModelDamaged(
                    f"The prepared model {card.name} cannot be opened; {PREPARE_AGAIN}."
                ) from error
            checked.result()
        if graph.width not in (None, card.dimension):
            raise ModelDamaged(
                f"The card of the prepared model {card.name} does not fit its graph; delete the "
                f"folder {folder} and run `pincite index`."
            )
        return graph

    def run(self, inputs: Sequence[str] | Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What the graph gives for each input, in their order: (len(inputs), dimension)."""
        pieces = self._tokenizer.encode_batch_fast(list(inputs))
        output = np.empty((len(inputs), self._dimension), np.float32)
        at_once = TOKENS_AT_ONCE // 2 if self._aside else TOKENS_AT_ONCE
        batches = list(_batches([len(piece.ids) for piece in pieces], at_once))

        def run(rows: list[int]) -> None:
            output[rows] = self._run([pieces[row] for row in rows])

        if self._aside:
            list(self._threads.map(run, reversed(batches)))  # the longest first
        else:
            list(map(run, batches))
        return output

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(os.cpu_count())

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
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


def open_session(graph: Path, *, save_to: Path | None = None, threads: int = 0) -> Any:
    """An ONNX Runtime session for `graph` on so many threads, 0 for all processors; with `save_to`,
    also write it optimised."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4  # errors come as exceptions; nothing else is to be printed
    # A thread that waits in a loop keeps its core from the lexical search that runs meanwhile.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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


def _batches(lengths: Sequence[int], at_once: int) -> Iterator[list[int]]:
    """Positions in batches of similar length that hold at most `at_once` tokens when padded."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > at_once:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
