"""Preparing a model once, so that questions need neither torch nor sentence-transformers."""

import contextlib
import dataclasses
import errno
import fcntl
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .errors import EmbeddingError, ModelDamaged, ModelMissing, ModelRefused
from .export import NotExportable, export, load, logits, prompts
from .graph import GRAPH, TOKENIZER, WEIGHTS, Graph
from .model import Kind, ModelCard, find_model, fingerprint, sha256

LARGEST_DIFFERENCE = 1e-4
DRAFT = ".preparing-"
YOUNG, ABANDONED = 60.0, 3600.0
"""Seconds before which a draft may not be locked yet, and after which it belongs to no living
process where the disk has no locks."""

PROBES = [
    "What was agreed with Sung Kim?",
    "Special Representative Kim Gunn met Ambassador Sung Kim in Jakarta on October 16.",
    "The two sides agreed to strengthen cooperation on extended deterrence.",
    "김건 한반도평화교섭본부장은 성 김 미국 대북특별대표와 협의를 가졌다.",
    "바로가기 메뉴",
    "日米韓の三か国協議",
    "Élysée, Tōkyō, Kraków: naïve façades?",
    "",
    " ",
    "?",
    "-- ... !!! (1) [2] {3} <b>&amp;</b>",
    "UNSCR 2397 (2017), para. 8; S/2017/1150",
    "a\tb\nc\r\n\r\nd",
    "https://www.example.org/press/2023-10-17?id=42#paragraph-4",
    "cooperation " * 40,
    "The meeting covered security, trade, energy and people-to-people exchanges. " * 80,
]


def prepare(
    name: str,
    models: Path,
    *,
    kind: Kind = "encoder",
    download: bool = False,
    elsewhere: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ModelCard:
    """Make the model called `name` ready in `models/<fingerprint>` and return its card.

    Returns at once when that is done already, there or in the folder of models `elsewhere`. A
    reranker is a cross-encoder with one label. A model that gives no ONNX graph, or one that
    differs by more than 1e-4 on the probe texts, is left to sentence-transformers itself, and its
    card says why. `progress` gets each step in a few words. Raises ModelMissing, ModelRefused, and
    ModelDamaged when sentence-transformers cannot load the model.
    """
    source = find_model(name, kind=kind, download=download)
    known = fingerprint(source, kind)
    for folder in (models / known, *([elsewhere / known] if elsewhere else [])):
        try:
            card = ModelCard.read(folder, kind)
            card.check(folder)
        except EmbeddingError:
            continue
        # The same model may have moved or be asked for by another name.
        if (card.name, card.source) != (name, str(source)):
            card = dataclasses.replace(card, name=name, source=str(source))
            with contextlib.suppress(OSError):  # a folder that is shared may be only readable
                card.write(folder)
        return card
    return _prepare(name, source, kind, models / known, progress)


def _prepare(
    name: str, source: Path, kind: Kind, folder: Path, progress: Callable[[str], None]
) -> ModelCard:
    progress(f"loading {name}")
    model = _load(name, source, kind)
    question_prompt, passage_prompt = prompts(model, kind)
    card = ModelCard(
        name=name,
        fingerprint=folder.name,
        dimension=_dimension(model, kind),
        max_tokens=_limit(model),
        runtime="onnx",
        source=str(source),
        question_prompt=question_prompt,
        passage_prompt=passage_prompt,
        kind=kind,
    )
    # Homes share the folder, and containers their process numbers.
    draft = folder.parent / f"{DRAFT}{folder.name}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        _sweep(folder.parent)
        draft.mkdir(parents=True)
        held = os.open(draft, os.O_RDONLY)
    except OSError as error:
        raise ModelMissing(
            f"{name} is not prepared yet, and the folder {folder.parent} cannot be written "
            f"({error.strerror}); free it, or set `models` to another folder."
        ) from error
    try:
        with contextlib.suppress(OSError):  # a disk without locks
            fcntl.flock(held, fcntl.LOCK_EX)
        card = _write(model, card, draft, progress)
        _publish(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(held)
    return card


def _load(name: str, source: Path, kind: Kind) -> Any:
    try:
        model = load(source, kind)
    except EmbeddingError:
        raise
    except Exception as error:
        raise ModelDamaged(
            f"sentence-transformers cannot load {name} from {source} ({_sentence(error)}); "
            "replace the model or set another one."
        ) from error
    if kind == "reranker" and model.num_labels != 1:
        raise ModelRefused(
            f"{name} has {model.num_labels} labels where a reranker has one; "
            "set `reranker` to a cross-encoder with one label."
        )
    return model


def _write(model: Any, card: ModelCard, draft: Path, progress: Callable[[str], None]) -> ModelCard:
    """Write the prepared model into `draft`, and its card, which is returned completed."""
    try:
        progress(f"exporting {card.name}")
        export(model, draft, card)
        progress(f"comparing {card.name} with sentence-transformers")
        difference = _difference(model, Graph(draft, card.dimension), card)
        if not difference <= LARGEST_DIFFERENCE:
            raise NotExportable(f"its ONNX graph differs by {difference:.1e}")
        files = {file: sha256(draft / file) for file in (GRAPH, WEIGHTS, TOKENIZER)}
        card = dataclasses.replace(card, difference=difference, files=files)
    except (OSError, MemoryError):  # of this machine, and not of the model
        raise
    # Whatever an exporter stumbles over, the model itself still answers, only slower.
    except Exception as error:
        if shutil.disk_usage(draft).free < _size(Path(card.source)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(draft.parent)) from error
        for file in draft.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        card = dataclasses.replace(card, runtime="sentence-transformers", reason=_sentence(error))
    card.write(draft)
    return card


def _size(source: Path) -> int:
    """The bytes of a model's files."""
    return sum(file.stat().st_size for file in source.rglob("*") if file.is_file())


def _difference(model: Any, graph: Graph, card: ModelCard) -> float:
    """The largest absolute difference on the probes, as one batch and one at a time."""
    differences = []
    for inputs, expected in _expected(model, card):
        alone = np.vstack([graph.run([each]) for each in inputs])
        for actual in (graph.run(inputs), alone):
            differences.append(np.abs(actual - expected).max())
    return float(np.max(differences))


def _expected(model: Any, card: ModelCard) -> Iterator[tuple[list[Any], Any]]:
    """What the graph is given, and the rows that sentence-transformers makes of it."""
    if card.kind == "reranker":
        pairs = [(PROBES[0], text) for text in PROBES] + [(text, PROBES[1]) for text in PROBES]
        # In logits, for near 0 and 1 a score hides what differs.
        expected = logits(model, pairs)[:, None]
        yield [(card.question_prompt + one, other) for one, other in pairs], expected
        return
    for prompt, encode in (
        (card.question_prompt, model.encode_query),
        (card.passage_prompt, model.encode_document),
    ):
        expected = encode(PROBES, normalize_embeddings=True, show_progress_bar=False)
        yield [prompt + text for text in PROBES], expected


def _dimension(model: Any, kind: Kind) -> int:
    return 1 if kind == "reranker" else len(model.encode("one", show_progress_bar=False))


def _limit(model: Any) -> int:
    limit = model.max_seq_length
    return int(limit) if limit and limit < sys.maxsize else sys.maxsize


def _sentence(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0][:200]
    return first or type(error).__name__


def _publish(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        # The folder exists: damaged, or made meanwhile by another process. Its cache of vectors
        # stays, and each file is replaced whole; the card comes last, for it vouches for them.
        for file in sorted(draft.iterdir(), key=lambda file: file.suffix == ".json"):
            file.replace(folder / file.name)


def _sweep(models: Path) -> None:
    """Remove what a killed process left behind."""
    for draft in models.glob(f"{DRAFT}*"):
        with contextlib.suppress(FileNotFoundError):  # another process has just finished it
            if _is_abandoned(draft):
                shutil.rmtree(draft, ignore_errors=True)


def _is_abandoned(draft: Path) -> bool:
    """Whether nobody is preparing a model there any more: who does holds a lock on the folder."""
    age = time.time() - draft.stat().st_mtime
    if age < YOUNG:
        return False
    folder = os.open(draft, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        return age > ABANDONED
    finally:
        os.close(folder)
    return True
