"""From a sentence-transformers model to vectors, each held against the original."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    Normalize,
    Pooling,
    StaticEmbedding,
    Transformer,
)
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel, BertTokenizer

import embeddings
from embeddings import (
    DEFAULT_MODEL,
    Encoder,
    ModelCard,
    ModelDamaged,
    ModelMissing,
    encode_in_batches,
    open_encoder,
    prepare,
)
from embeddings.model import find_model
from embeddings.prepare import PROBES

ROOT = Path(embeddings.__file__).parents[1]
TEXTS = [
    "Who met whom in Jakarta?",
    "외교부 장관은 오늘 회담을 가졌다.",
    "The Vice Minister received the credentials of the new ambassador. " * 3,
    "word " * 700,
    "",
    "Trilateral phone call; a launch was condemned.",
]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "two", "sides", "met", "query", ":"]


@pytest.fixture(scope="session")
def original() -> Any:
    return SentenceTransformer(str(find_model(DEFAULT_MODEL)), device="cpu")


@pytest.fixture
def damaged(prepared: tuple[Path, ModelCard], tmp_path: Path) -> tuple[Path, ModelCard]:
    models, card = prepared
    shutil.copytree(models, tmp_path / "models")
    return tmp_path / "models", card


def build_tiny(folder: Path, mode: Any, *, prompts: dict[str, str] | None = None) -> Any:
    """A two-layer BERT of 32 dimensions over 37 word pieces, with its head on."""
    torch.manual_seed(0)
    raw = folder.with_name("raw")
    raw.mkdir()
    vocabulary = [*WORDS, *"abcdefghijklm", *(f"##{letter}" for letter in "abcdefghijklm")]
    (raw / "vocab.txt").write_text("\n".join(vocabulary))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=40,
    )
    BertModel(config).save_pretrained(raw)
    BertTokenizer(str(raw / "vocab.txt")).save_pretrained(raw)
    body = Transformer(str(raw), max_seq_length=24)
    modules = [body, Pooling(32, pooling_mode=mode), Dense(32, 16), Normalize()]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(
        str(folder), create_model_card=False
    )
    return SentenceTransformer(str(folder), device="cpu")


def vectors_of(model: Any, *, question: bool) -> Any:
    encode = model.encode_query if question else model.encode_document
    return encode(TEXTS, normalize_embeddings=True)


def test_the_default_model_runs_on_onnx_and_says_how_close_it_is(
    prepared: tuple[Path, ModelCard],
) -> None:
    models, card = prepared
    assert (card.name, card.dimension, card.max_tokens) == (DEFAULT_MODEL, 384, 256)
    assert (card.runtime, card.reason) == ("onnx", "")
    assert card.difference is not None and card.difference < 1e-5
    folder = models / card.fingerprint
    assert {path.name for path in models.iterdir()} == {card.fingerprint}
    assert {path.name for path in folder.iterdir()} >= {*card.files, "model.json"}
    assert json.loads((folder / "model.json").read_text())["fingerprint"] == card.fingerprint


@pytest.mark.parametrize("question", [True, False])
def test_vectors_equal_those_of_sentence_transformers(
    encoder: Encoder, original: Any, question: bool
) -> None:
    assert not set(TEXTS[:4]) & set(PROBES)
    actual = encoder.encode(TEXTS, question=question)
    assert actual.dtype == np.float32 and actual.shape == (6, 384)
    assert np.abs(actual - vectors_of(original, question=question)).max() < 1e-5
    assert np.linalg.norm(actual, axis=1) == pytest.approx(np.ones(6), abs=1e-5)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert np.abs(together - backwards).max() < 1e-5
    assert np.abs(together - alone).max() < 1e-5
    assert encoder.encode([]).shape == (0, 384)


def test_tokens_are_counted_whole_and_read_up_to_the_limit(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "met", "word " * 700]) == [2, 3, 702]
    assert encoder.count_tokens([]) == []
    limit = encoder.card.max_tokens - 2
    just, more = encoder.encode(["word " * limit, "word " * limit + "ambassador"])
    assert np.abs(just - more).max() < 1e-6


def test_bulk_gives_every_position_once_longest_first(encoder: Encoder) -> None:
    texts = [f"text {'very ' * (n % 7)}{n}" for n in range(300)]
    batches = list(encode_in_batches(encoder, texts))
    assert [len(rows) for rows, _ in batches] == [256, 44]
    order = np.concatenate([rows for rows, _ in batches])
    assert sorted(order) == list(range(300))
    assert len(texts[order[0]]) >= len(texts[order[-1]])
    vectors = np.vstack([vectors for _, vectors in batches])
    some = [order.tolist().index(row) for row in (0, 7, 299)]
    expected = encoder.encode([texts[0], texts[7], texts[299]])
    assert np.abs(vectors[some] - expected).max() < 1e-5
    assert list(encode_in_batches(encoder, [])) == []


def test_preparing_again_is_immediate_and_needs_no_torch(
    prepared: tuple[Path, ModelCard],
) -> None:
    models, card = prepared
    code = (
        "import embeddings, pathlib, sys\n"
        f"card = embeddings.prepare({DEFAULT_MODEL!r}, pathlib.Path({str(models)!r}))\n"
        f"encoder = embeddings.open_encoder(pathlib.Path({str(models)!r}), card.fingerprint)\n"
        "vectors = encoder.encode(['a question'], question=True)\n"
        "embeddings.VectorIndex.build(vectors).search(vectors, 1)\n"
        "heavy = ['torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'onnx']\n"
        "print(card.fingerprint, [name for name in heavy if name in sys.modules])\n"
    )
    output = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert output.split() == [card.fingerprint, "[]"]


@pytest.mark.parametrize("mode", ["cls", "mean", "lasttoken"])
def test_other_poolings_and_dense_layers_are_exported_too(mode: Any, tmp_path: Path) -> None:
    model = build_tiny(tmp_path / "tiny", mode)
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert (card.runtime, card.reason, card.dimension, card.max_tokens) == ("onnx", "", 16, 24)
    encoder = open_encoder(tmp_path / "models", card.fingerprint)
    assert np.abs(encoder.encode(TEXTS) - vectors_of(model, question=False)).max() < 1e-5


def test_prompts_are_put_before_questions_and_passages(tmp_path: Path) -> None:
    prompts = {"query": "query: ", "document": "the two "}
    model = build_tiny(tmp_path / "tiny", "mean", prompts=prompts)
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert (card.question_prompt, card.passage_prompt) == ("query: ", "the two ")
    encoder = open_encoder(tmp_path / "models", card.fingerprint)
    for question in (True, False):
        expected = vectors_of(model, question=question)
        assert np.abs(encoder.encode(TEXTS, question=question) - expected).max() < 1e-5
    assert np.abs(encoder.encode(TEXTS, question=True) - encoder.encode(TEXTS)).max() > 1e-3
    assert encoder.count_tokens(["met"]) == [3]


def test_what_cannot_be_exported_runs_on_sentence_transformers_and_says_why(
    tmp_path: Path,
) -> None:
    words = Tokenizer(WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    torch.manual_seed(0)
    static = StaticEmbedding(words, embedding_dim=12)
    SentenceTransformer(modules=[static], device="cpu").save(
        str(tmp_path / "static"), create_model_card=False
    )
    card = prepare(str(tmp_path / "static"), tmp_path / "models")
    assert (card.runtime, card.reason) == ("sentence-transformers", "it has no fast tokenizer")
    assert (card.difference, card.files, card.dimension) == (None, {}, 12)
    assert [path.name for path in (tmp_path / "models" / card.fingerprint).iterdir()] == [
        "model.json"
    ]
    encoder = open_encoder(tmp_path / "models", card.fingerprint)
    vectors = encoder.encode(["the two sides met", "query"])
    expected = SentenceTransformer(modules=[static]).encode(
        ["the two sides met", "query"], normalize_embeddings=True
    )
    assert np.abs(vectors - expected).max() < 1e-6
    assert encoder.encode([]).shape == (0, 12)
    assert encoder.count_tokens(["the two sides met", ""]) == [4, 0]

    shutil.rmtree(tmp_path / "static")
    with pytest.raises(ModelDamaged, match="gone or changed"):
        open_encoder(tmp_path / "models", card.fingerprint)


def test_a_graph_that_differs_is_not_accepted(tmp_path: Path) -> None:
    # Pooling that leaves the prompt out depends on more than the graph is given.
    build_tiny(tmp_path / "tiny", "mean", prompts={"query": "the two sides met : "})
    pooling = tmp_path / "tiny" / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"include_prompt": False}))
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert card.runtime == "sentence-transformers"
    assert card.reason.startswith("its ONNX graph differs by ")


def test_a_model_that_cannot_be_loaded_leaves_nothing(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    (tmp_path / "tiny" / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelDamaged, match="sentence-transformers cannot load"):
        prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert list((tmp_path / "models").glob("*")) == []


@pytest.mark.parametrize("step", ["loading", "exporting", "comparing"])
def test_an_interruption_leaves_nothing(step: str, tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")

    def interrupt(told: str) -> None:
        if told.startswith(step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(str(tmp_path / "tiny"), tmp_path / "models", progress=interrupt)
    assert list((tmp_path / "models").glob("*")) == []


def test_what_a_killed_process_left_is_swept_away_once_it_is_old(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    for name, age in (("old", 7200), ("young", 0)):
        (tmp_path / "models" / f".preparing-{name}").mkdir(parents=True)
        os.utime(tmp_path / "models" / f".preparing-{name}", times=(time.time() - age,) * 2)
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    left = {path.name for path in (tmp_path / "models").iterdir()}
    assert left == {".preparing-young", card.fingerprint}


def test_what_nobody_is_at_any_more_is_swept_away_soon(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    for name in ("dead", "living"):
        (tmp_path / "models" / f".preparing-{name}").mkdir(parents=True)
        os.utime(tmp_path / "models" / f".preparing-{name}", times=(time.time() - 100,) * 2)
    living = os.open(tmp_path / "models" / ".preparing-living", os.O_RDONLY)
    fcntl.flock(living, fcntl.LOCK_EX)
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    os.close(living)
    left = {path.name for path in (tmp_path / "models").iterdir()}
    assert left == {".preparing-living", card.fingerprint}


@pytest.mark.parametrize("said", [OSError(errno.ENOSPC, "No space left"), RuntimeError("failed")])
def test_a_full_disk_says_nothing_of_the_model(
    said: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_tiny(tmp_path / "tiny", "mean")

    def export(*_: object) -> None:
        raise said

    monkeypatch.setattr(sys.modules["embeddings.prepare"], "export", export)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100))
    with pytest.raises(OSError, match="No space left"):
        prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert list((tmp_path / "models").glob("*")) == []


@pytest.mark.slow
def test_preparing_is_silent(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    code = (
        "import embeddings, pathlib\n"
        f"embeddings.prepare({str(tmp_path / 'tiny')!r}, pathlib.Path({str(tmp_path / 'm')!r}))\n"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
@pytest.mark.parametrize("name", ["model.onnx", "model.weights", "tokenizer.json"])
def test_damage_is_noticed(
    name: str, damage: Callable[[Path], None], damaged: tuple[Path, ModelCard]
) -> None:
    models, card = damaged
    damage(models / card.fingerprint / name)
    with pytest.raises(ModelDamaged, match=rf"^{name} .*; run `pincite index`"):
        open_encoder(models, card.fingerprint)


def test_a_model_never_prepared_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="run `pincite index`"):
        open_encoder(tmp_path, "0123456789abcdef")


def test_damage_is_repaired_and_the_vectors_stay(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    card = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    folder = tmp_path / "models" / card.fingerprint
    (folder / "vectors.db").write_text("kept")
    flip(folder / "model.weights")
    again = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    assert again.fingerprint == card.fingerprint
    open_encoder(tmp_path / "models", card.fingerprint)
    assert (folder / "vectors.db").read_text() == "kept"
    assert [path.name for path in (tmp_path / "models").iterdir()] == [card.fingerprint]


def test_a_model_that_moved_is_prepared_already(tmp_path: Path) -> None:
    build_tiny(tmp_path / "tiny", "mean")
    first = prepare(str(tmp_path / "tiny"), tmp_path / "models")
    shutil.move(tmp_path / "tiny", tmp_path / "moved")
    told: list[str] = []
    second = prepare(str(tmp_path / "moved"), tmp_path / "models", progress=told.append)
    assert (told, second.fingerprint) == ([], first.fingerprint)
    assert second.source == str(tmp_path / "moved")
    assert ModelCard.read(tmp_path / "models" / second.fingerprint) == second


def test_without_the_library_that_prepares_nothing_is_blamed_on_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelMissing, match="the package sentence_transformers that loads it is"):
        prepare(DEFAULT_MODEL, tmp_path)
    assert not list(tmp_path.rglob("model.json"))
