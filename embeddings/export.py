"""From a sentence-transformers model to one ONNX graph; the one module that knows torch."""

import contextlib
import io
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .errors import ModelDamaged, ModelMissing
from .graph import GRAPH, TOKENIZED, TOKENIZER, open_session
from .model import PREPARE_AGAIN, Kind, ModelCard, fingerprint

OPSET = 17
SAMPLE = ["one", "a longer text, so that the sample has padding"]


class NotExportable(Exception):
    """Why a model cannot become an ONNX graph of the same vectors."""


@contextlib.contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what torch and transformers say about themselves from the caller's terminal, and the
    folder that torch makes for a compiler that is not used here from the disk."""
    heard, disabled = io.StringIO(), logging.root.manager.disable
    with (
        tempfile.TemporaryDirectory() as scratch,
        _variable("TORCHINDUCTOR_CACHE_DIR", scratch),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(heard),
        contextlib.redirect_stderr(heard),
    ):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(disabled)


def load(folder: Path, kind: Kind) -> Any:
    """The model in `folder` as sentence-transformers has it, on the processor, in single precision.

    An encoder is a SentenceTransformer, a reranker a CrossEncoder. Raise ModelMissing without the
    library, and ModelRefused if loading the model could run code of its own.
    """
    from .vetting import require_data_only  # a question that needs no torch does without

    require_data_only(folder)
    with quiet():
        try:
            from sentence_transformers import CrossEncoder, SentenceTransformer
        except ModuleNotFoundError as error:
            raise ModelMissing(
                f"The model in {folder} is not prepared for ONNX Runtime, and the package "
                f"{error.name} that loads it is not installed; install it, or bring the prepared "
                "model."
            ) from error

        classes = {"encoder": SentenceTransformer, "reranker": CrossEncoder}
        model = classes[kind](
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False
        )
        return model.float().eval()


def load_source(card: ModelCard) -> Any:
    """The model of a card that runs on sentence-transformers; raise ModelDamaged if it changed."""
    source = Path(card.source)
    if fingerprint(source, card.kind) != card.fingerprint:
        raise ModelDamaged(
            f"The model {card.name} in {source} is gone or changed; {PREPARE_AGAIN}."
        )
    return load(source, card.kind)


def prompts(model: Any, kind: Kind) -> tuple[str, str]:
    """What is put before a question by encode_query or predict, and by encode_document."""
    known = dict(model.prompts)
    default = known.get(model.default_prompt_name) or ""
    if kind == "reranker":
        return default, ""
    passage = (known[name] for name in ("document", "passage", "corpus") if name in known)
    return known.get("query", default) or "", next(passage, default) or ""


def logits(model: Any, pairs: Sequence[tuple[str, str]]) -> Any:
    """What a CrossEncoder predicts of the pairs before any activation, of shape (len(pairs),)."""
    return model.predict(list(pairs), activation_fn=lambda logit: logit, show_progress_bar=False)


def export(model: Any, folder: Path, card: ModelCard) -> None:
    """Write the graph with its weights, and the tokenizer, into `folder`; or raise."""
    import torch

    tokenizer = model.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise NotExportable("it has no fast tokenizer")
    texts = [SAMPLE, SAMPLE] if card.kind == "reranker" else [SAMPLE]
    sample = tokenizer(*texts, padding=True, return_tensors="pt")
    names = [name for name in sample if name in TOKENIZED]
    if len(names) < len(sample):
        raise NotExportable(f"its tokenizer also gives {', '.join(sample.keys() - set(names))}")

    class Whole(torch.nn.Module):
        """Every module of the model in turn, and then unit length, or the logit as it is."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:
            features = dict(zip(names, tensors, strict=True))
            for module in self.model:
                features = module(features)
            if card.kind == "reranker":
                return features["scores"]
            return torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)

    raw = folder / "raw" / GRAPH
    raw.parent.mkdir()
    with quiet(), torch.no_grad():
        torch.onnx.export(
            Whole().eval(),
            tuple(sample[name] for name in names),
            str(raw),
            input_names=names,
            output_names=["output"],
            dynamic_axes={
                **{name: {0: "batch", 1: "tokens"} for name in names},
                "output": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    # Weights in a file of their own are mapped, not parsed: a session opens three times faster.
    open_session(raw, save_to=folder / GRAPH)
    shutil.rmtree(raw.parent)
    save_tokenizer(tokenizer, folder / TOKENIZER, card.max_tokens)


def save_tokenizer(tokenizer: Any, path: Path, max_tokens: int) -> None:
    """Write the tokenizer with its padding and with what it cuts off."""
    backend = tokenizer.backend_tokenizer
    backend.enable_truncation(max_tokens, direction=tokenizer.truncation_side)
    backend.enable_padding(
        direction=tokenizer.padding_side,
        pad_id=tokenizer.pad_token_id,
        pad_type_id=tokenizer.pad_token_type_id,
        pad_token=tokenizer.pad_token,
    )
    backend.save(str(path), pretty=False)
