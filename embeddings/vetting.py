"""Whether a model's folder is data alone: nothing in it may be run, whatever library loads it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from .errors import ModelRefused

_PROGRAMS = {".py", ".pyc", ".pyd", ".so", ".dll", ".dylib"}
_PICKLES = {".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"}
_SAFE_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
# These hold words, among which anything may stand, and name no class.
_WORDS = {"added_tokens.json", "special_tokens_map.json", "tokenizer.json", "vocab.json"}
_PATHS = {"modules.json", "router_config.json"}
_CLASS_KEYS = {"activation_fn", "activation_function", "default_activation_function", "type"}
_CLASS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.[A-Z]\w*")
_OWN_CLASS = re.compile(r"(?:sentence_transformers|torch\.nn)\.(?:[a-z_]\w*\.)*[A-Z]\w*")


def require_data_only(folder: Path) -> None:
    """Raises ModelRefused if the model in `folder` holds or names code that loading it could run.

    Its weights have to be in safetensors, for a pickle is a program; the classes that it names are
    sentence-transformers' and torch.nn's; and it neither asks for trust nor for other folders.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() and path.is_dir():  # what is in it is not looked at
            _refuse(folder, f"has the folder {name} by a link", "one that is whole")
        if not path.is_file():
            continue
        if path.suffix.lower() in _PROGRAMS:
            _refuse(folder, f"holds the program {name}", "a model without one")
        if path.suffix.lower() in _PICKLES and not _is_beside_safe_weights(path):
            fault = f"has weights only as the pickle {name}, which can hold a program"
            _refuse(folder, fault, "one with model.safetensors")
        if path.name == "adapter_config.json":
            _refuse(folder, "is an adapter of another model", "the two merged")
        if path.suffix.lower() == ".json" and path.name not in _WORDS:
            _require_plain(folder, path, name)


def _is_beside_safe_weights(path: Path) -> bool:
    """Whether a loader that finds this pickle finds safe weights first, and passes it over."""
    return any((path.parent / each).is_file() for each in _SAFE_WEIGHTS)


def _require_plain(folder: Path, path: Path, name: str) -> None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        _refuse(folder, f"has a {name} that cannot be read", "one that is whole")
    for key, value in _values(content):
        if key == "trust_remote_code" and value:
            _refuse(folder, f"asks in {name} for its code to be trusted", "one that runs without")
        if not isinstance(value, str):
            continue
        named = (key in _CLASS_KEYS and "." in value) or _CLASS.fullmatch(value)
        if named and not _OWN_CLASS.fullmatch(value):
            fault = f"names {value[:80]!r} in {name}, which is no class of sentence-transformers"
            _refuse(folder, fault, "one of its modules alone")
        if path.name in _PATHS and _leads_out(value):
            _refuse(folder, f"leads out of its folder in {name}", "one that is whole")


def _values(content: Any) -> Iterator[tuple[str, Any]]:
    """Every value in a JSON text with the key that it, or the list it is in, stands under; and
    every key, under none."""
    waiting: list[tuple[str, Any]] = [("", content)]
    while waiting:
        key, value = waiting.pop()
        yield key, value
        if isinstance(value, dict):
            waiting += value.items()
            waiting += [("", each) for each in value]
        elif isinstance(value, list):
            waiting += [(key, each) for each in value]


def _leads_out(path: str) -> bool:
    pure = PurePosixPath(path.replace("\\", "/"))
    return pure.is_absolute() or ".." in pure.parts


def _refuse(folder: Path, fault: str, instead: str) -> NoReturn:
    raise ModelRefused(f"The model in {folder} {fault}, and is not loaded; take {instead}.")
