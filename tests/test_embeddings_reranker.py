"""From a cross-encoder to scores, each held against CrossEncoder.predict."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
)

import embeddings
from embeddings import (
    DEFAULT_MODEL,
    EmbeddingError,
    ModelCard,
    ModelDamaged,
    ModelMissing,
    ModelRefused,
    Reranker,
    open_encoder,
    open_reranker,
    prepare,
)
from embeddings.model import fingerprint
from embeddings.prepare import PROBES

ROOT = Path(embeddings.__file__).parents[1]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "two", "sides", "met", "query", ":"]
VOCABULARY = [*WORDS, *"abcdefghijklm", *(f"##{letter}" for letter in "abcdefghijklm")]
QUESTION = "the two sides met a bad cab : did the ham decide ?"
TEXTS = ["met the cab", "a b c d e f", "", "the two sides met " * 30, "외교부", "the query : met"]
LIMIT = 48


def save(folder: Path, body: Any) -> None:
    """Saves a model of transformers with the tokenizer of the tests."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY))
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), model_max_length=LIMIT)
    body.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def config(**changed: Any) -> BertConfig:
    tiny: dict[str, Any] = {
        "vocab_size": len(VOCABULARY),
        "hidden_size": 32,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 64,
        "initializer_range": 0.3,
        "num_labels": 1,
    }
    return BertConfig(**tiny | changed)


def build(folder: Path, *, logit: float | None = None, activation: str = "") -> Any:
    """A random three-layer cross-encoder of 32 dimensions; with `logit`, one that gives only it."""
    torch.manual_seed(0)
    body = BertForSequenceClassification(config())
    if logit is not None:
        torch.nn.init.zeros_(body.classifier.weight)
        torch.nn.init.constant_(body.classifier.bias, logit)
    if activation:
        body.config.sentence_transformers = {"activation_fn": activation}
    save(folder, body)
    return CrossEncoder(str(folder), device="cpu", local_files_only=True)


def build_lover(folder: Path, word: str) -> None:
    """A cross-encoder whose logit is 0, and more the larger the part of the pair that is `word`."""
    shape = config(hidden_size=4, num_hidden_layers=1, num_attention_heads=1)
    body: Any = BertForSequenceClassification(shape)
    with torch.no_grad():
        for name, parameter in body.named_parameters():
            parameter.fill_(float(name.endswith("LayerNorm.weight")))
        # Any word is (0, 0, 1, -1), but the one is loved. All words attend to all alike, so that
        # the first holds their mean, and its first number goes to the head.
        embeddings = body.bert.embeddings.word_embeddings.weight
        embeddings[:] = torch.tensor([0.0, 0.0, 1.0, -1.0])
        embeddings[VOCABULARY.index(word)] = torch.tensor([1.0, -1.0, 0.0, 0.0])
        attention = body.bert.encoder.layer[0].attention
        attention.self.value.weight.copy_(torch.eye(4))
        attention.output.dense.weight.copy_(torch.eye(4))
        body.bert.pooler.dense.weight[0, 0] = 1
        body.classifier.weight[0, 0] = 1
    save(folder, body)


def make(folder: Path) -> tuple[ModelCard, Reranker]:
    """The model in the folder prepared beside it, and open."""
    models = folder.with_name("models")
    card = prepare(str(folder), models, kind="reranker")
    return card, open_reranker(models, card.fingerprint)


def predicted(model: Any, question: str = QUESTION) -> Any:
    """What the model predicts before any activation."""
    pairs = [(question, text) for text in TEXTS]
    return model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder of prepared models that holds one reranker, and its original."""
    folder = tmp_path_factory.mktemp("reranker") / "tiny"
    model = build(folder)
    make(folder)
    return folder, model


@pytest.fixture(scope="module")
def reranker(tiny: tuple[Path, Any]) -> Reranker:
    return make(tiny[0])[1]


def test_a_cross_encoder_runs_on_onnx_and_says_how_close_it_is(reranker: Reranker) -> None:
    card = reranker.card
    assert (card.kind, card.dimension, card.max_tokens) == ("reranker", 1, LIMIT)
    assert (card.runtime, card.reason) == ("onnx", "")
    assert card.difference is not None and card.difference < 1e-5
    assert set(card.files) == {"model.onnx", "model.weights", "tokenizer.json"}


@pytest.mark.parametrize("question", [QUESTION, "", "the two sides met " * 30])
def test_scores_equal_those_of_predict(
    reranker: Reranker, tiny: tuple[Path, Any], question: str
) -> None:
    assert not set(TEXTS[:2]) & set(PROBES)
    scores = reranker.score(question, TEXTS)
    assert scores.dtype == np.float64 and scores.shape == (6,)
    expected = predicted(tiny[1], question)
    assert np.abs(scores - expected).max() < 1e-5
    assert np.ptp(expected) > 0.03


def test_a_score_depends_on_its_pair_alone(reranker: Reranker) -> None:
    together = reranker.score(QUESTION, TEXTS)
    backwards = reranker.score(QUESTION, TEXTS[::-1])[::-1]
    alone = np.concatenate([reranker.score(QUESTION, [text]) for text in TEXTS])
    assert np.abs(together - backwards).max() < 1e-5
    assert np.abs(together - alone).max() < 1e-5
    assert reranker.score(QUESTION, []).shape == (0,)
    many = reranker.score(QUESTION, TEXTS * 50).reshape(50, 6)
    assert np.abs(many - together).max() < 1e-5


def test_the_best_text_has_the_highest_score(tmp_path: Path) -> None:
    build_lover(tmp_path / "lover", "met")
    _, reranker = make(tmp_path / "lover")
    texts = ["the cab", "met the a", "met met met", "a met the", "query " * 30, ""]
    scores = reranker.score("two sides", texts)
    assert scores.argmax() == 2
    assert scores[1] == pytest.approx(scores[3], abs=1e-6)
    assert scores[2] > scores[1] + 0.04 > 0.08
    assert scores[[0, 4, 5]] == pytest.approx(np.zeros(3), abs=1e-6)


def test_preparing_is_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build(tmp_path / "tiny")
    capfd.readouterr()
    make(tmp_path / "tiny")
    assert capfd.readouterr() == ("", "")


def test_a_question_is_not_a_text(reranker: Reranker) -> None:
    one, other = reranker.score("met", ["a b c"]), reranker.score("a b c", ["met"])
    assert abs(one[0] - other[0]) > 1e-3


def test_pairs_are_read_up_to_the_limit(reranker: Reranker) -> None:
    room = LIMIT - 3 - 1  # [CLS] met [SEP] ... [SEP]
    just, more = reranker.score("met", ["the " * room, "the " * room + "ham cab"])
    less = reranker.score("met", ["the " * (room - 1) + "ham"])[0]
    assert just == pytest.approx(more, abs=1e-6)
    assert abs(just - less) > 1e-4


@pytest.mark.parametrize("activation", ["", "torch.nn.modules.linear.Identity"])
def test_a_score_is_the_logit_whatever_the_activation(activation: str, tmp_path: Path) -> None:
    build(tmp_path / "tiny", logit=20.0, activation=activation)
    _, reranker = make(tmp_path / "tiny")
    assert reranker.score(QUESTION, TEXTS) == pytest.approx(np.full(6, 20.0), abs=1e-6)


def test_a_model_that_knows_no_segments(tmp_path: Path) -> None:
    torch.manual_seed(0)
    distil = DistilBertConfig(
        vocab_size=len(VOCABULARY), dim=32, n_layers=2, n_heads=2, hidden_dim=64
    )
    distil.num_labels = 1
    save(tmp_path / "tiny", DistilBertForSequenceClassification(distil))
    card, reranker = make(tmp_path / "tiny")
    assert (card.runtime, card.reason) == ("onnx", "")
    model = CrossEncoder(str(tmp_path / "tiny"), device="cpu")
    assert np.abs(reranker.score(QUESTION, TEXTS) - predicted(model)).max() < 1e-5


def test_what_sentence_transformers_saved_keeps_its_prompt(
    tiny: tuple[Path, Any], tmp_path: Path
) -> None:
    model = CrossEncoder(
        str(tiny[0]), device="cpu", prompts={"ask": "query : "}, default_prompt_name="ask"
    )
    model.save_pretrained(str(tmp_path / "saved"), create_model_card=False)
    card, reranker = make(tmp_path / "saved")
    assert (card.runtime, card.question_prompt) == ("onnx", "query : ")
    scores = reranker.score(QUESTION, TEXTS)
    assert np.abs(scores - predicted(model)).max() < 1e-5
    assert np.abs(scores - predicted(tiny[1])).max() > 1e-3


def test_a_graph_that_differs_is_left_to_sentence_transformers(
    tiny: tuple[Path, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    tiny[1].save_pretrained(str(folder), create_model_card=False)
    file = folder / "sentence_bert_config.json"
    shorter = {"processing_kwargs": {"text": {"max_length": 16}}}
    file.write_text(json.dumps(json.loads(file.read_text()) | shorter))
    card, reranker = make(folder)
    assert (card.runtime, card.files) == ("sentence-transformers", {})
    assert card.reason.startswith("its ONNX graph differs by ")
    model = CrossEncoder(str(folder), device="cpu")
    scores = reranker.score(QUESTION, TEXTS)
    assert scores.dtype == np.float64 and scores.shape == (6,)
    assert np.abs(scores - predicted(model)).max() < 1e-6
    assert reranker.score(QUESTION, []).shape == (0,)

    shutil.rmtree(folder)
    with pytest.raises(ModelDamaged, match="gone or changed"):
        open_reranker(tmp_path / "models", card.fingerprint)


def refusal(name: str, models: Path, error: type[EmbeddingError]) -> str:
    """What is said to the reranker called `name`: one sentence, of which nothing remains."""
    with pytest.raises(error) as refused:
        prepare(name, models, kind="reranker")
    said = str(refused.value)
    assert said.endswith(".") and said.count("; ") == 1 and "\n" not in said
    assert not models.exists() or list(models.iterdir()) == []
    return said


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "plain", BertModel(config()))
    (tmp_path / "empty").mkdir()
    for name in (DEFAULT_MODEL, str(tmp_path / "plain"), str(tmp_path / "empty")):
        said = refusal(name, tmp_path / "models", ModelRefused)
        assert said == (
            f"{name} is no cross-encoder; set `reranker` to the folder or hub name of one."
        )


def test_a_cross_encoder_of_several_labels_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "three", BertForSequenceClassification(config(num_labels=3)))
    said = refusal(str(tmp_path / "three"), tmp_path / "models", ModelRefused)
    assert "has 3 labels where a reranker has one; set `reranker` to" in said


@pytest.mark.parametrize("name", ["no-such-org/no-such-reranker", "/no/such/folder"])
def test_what_is_nowhere_is_missing_and_no_network_is_asked(name: str, tmp_path: Path) -> None:
    assert "set `reranker` to a folder" in refusal(name, tmp_path / "models", ModelMissing)


def test_broken_weights_are_one_sentence(tiny: tuple[Path, Any], tmp_path: Path) -> None:
    shutil.copytree(tiny[0], tmp_path / "tiny")
    (tmp_path / "tiny" / "model.safetensors").write_bytes(b"no weights")
    said = refusal(str(tmp_path / "tiny"), tmp_path / "models", ModelDamaged)
    assert said.startswith("sentence-transformers cannot load")


@pytest.mark.parametrize("download", [True, False])
def test_a_hub_is_contacted_only_when_told(
    download: bool, tiny: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []

    def snapshot(name: str, *, local_files_only: bool, **_: Any) -> str:
        asked.append((name, local_files_only))
        return str(tiny[0])

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    models = tiny[0].with_name("models")
    card = prepare("org/reranker", models, kind="reranker", download=download)
    assert asked == [("org/reranker", not download)]
    assert card.name == "org/reranker"


def test_a_prepared_one_is_ready_at_once_and_needs_no_torch(tiny: tuple[Path, Any]) -> None:
    folder, models = tiny[0], tiny[0].with_name("models")
    code = (
        "import embeddings, pathlib, sys\n"
        f"models = pathlib.Path({str(models)!r})\n"
        f"card = embeddings.prepare({str(folder)!r}, models, kind='reranker')\n"
        "embeddings.open_reranker(models, card.fingerprint).score('met', ['the cab'])\n"
        "heavy = ['torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'onnx']\n"
        "print(card.fingerprint, [name for name in heavy if name in sys.modules])\n"
    )
    output = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert output.split() == [fingerprint(folder, "reranker"), "[]"]


def test_encoders_and_rerankers_are_not_taken_for_each_other(
    tiny: tuple[Path, Any], prepared: tuple[Path, ModelCard]
) -> None:
    folder, models = tiny[0], tiny[0].with_name("models")
    assert fingerprint(folder) != fingerprint(folder, "reranker")
    with pytest.raises(ModelDamaged, match="not its own"):
        open_encoder(models, fingerprint(folder, "reranker"))
    with pytest.raises(ModelDamaged, match="not its own"):
        open_reranker(prepared[0], prepared[1].fingerprint)
    with pytest.raises(ModelMissing):
        open_reranker(models, "0123456789abcdef")


@pytest.mark.parametrize("name", ["model.onnx", "model.weights", "tokenizer.json"])
def test_damage_is_noticed(name: str, tiny: tuple[Path, Any], tmp_path: Path) -> None:
    shutil.copytree(tiny[0].with_name("models"), tmp_path / "models")
    identity = fingerprint(tiny[0], "reranker")
    file = tmp_path / "models" / identity / name
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelDamaged, match=f"^{name} .*; run `pincite index`"):
        open_reranker(tmp_path / "models", identity)
