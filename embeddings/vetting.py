"""Whether a model's folder is data alone: nothing in it may be run, whatever library loads it."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from .errors import ModelRefused

_PICKLES = {".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"}
_SAFE_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
# These hold words, among which anything may stand, and name no class.
_WORDS = {"added_tokens.json", "special_tokens_map.json", "tokenizer.json", "vocab.json"}
_PATHS = {"modules.json", "router_config.json"}
_LABELS = {"id2label", "label2id"}  # of what a classifier tells: words, as "U.S"
_CLASS_KEYS = {"activation_fn", "activation_function", "default_activation_function", "type"}
_CLASS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.[A-Z]\w*")
_OWN_CLASS = re.compile(r"(?:sentence_transformers|torch\.nn)\.(?:[a-z_]\w*\.)*[A-Z]\w*")


def require_data_only(folder: Path) -> None:
    """Raises ModelRefused if the model in `folder` names code that loading it could run.

    Its weights have to be in safetensors, for a pickle is a program; the classes that it names are
    sentence-transformers' and torch.nn's, so that no program beside them is run; and it neither
    asks for trust nor for other folders. Folders in it that it does not name are not loaded.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and path.is_dir():  # what is in it is not looked at
            name = path.relative_to(folder).as_posix()
            _refuse(folder, f"has the folder {name} by a link", "one that is whole")
    waiting, seen = [folder], {folder}
    while waiting:
        part = waiting.pop()
        for named in _named_in(folder, part):
            for found in (folder / named, part / named):
                if found not in seen and os.path.isdir(found):  # also of what can be no name
                    waiting.append(found)
                    seen.add(found)


def _named_in(folder: Path, part: Path) -> list[PurePosixPath]:
    """What the settings in one folder of a model may mean a folder in it by, after a look at all
    that is in that one."""
    texts: list[str] = []
    for path in sorted(each for each in part.iterdir() if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() in _PICKLES and not _is_beside_safe_weights(path):
            fault = f"has weights only as the pickle {name}, which can hold a program"
            _refuse(folder, fault, "one with model.safetensors")
        if path.name == "adapter_config.json":
            _refuse(folder, "is an adapter of another model", "the two merged")
        if path.suffix.lower() == ".json" and path.name not in _WORDS:
            texts += _require_plain(folder, path, name)
    return [_plain(each) for each in texts if not _leads_out(each)]


def _is_beside_safe_weights(path: Path) -> bool:
    """Whether a loader that finds this pickle finds safe weights first, and passes it over."""
    return any((path.parent / each).is_file() for each in _SAFE_WEIGHTS)


def _require_plain(folder: Path, path: Path, name: str) -> list[str]:
    """The texts of a file of settings that names no foreign code."""
    texts: list[str] = []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        _refuse(folder, f"has a {name} that cannot be read", "one that is whole")
    for key, value in _values(content):
        if key == "trust_remote_code" and value:
            _refuse(folder, f"asks in {name} for its code to be trusted", "one that runs without")
        if not isinstance(value, str):
            continue
        texts.append(value)
        named = (key in _CLASS_KEYS and "." in value) or _CLASS.fullmatch(value)
        if named and not _OWN_CLASS.fullmatch(value):
            fault = f"names {value[:80]!r} in {name}, which is no class of sentence-transformers"
            _refuse(folder, fault, "one of its modules alone")
        if path.name in _PATHS and _leads_out(value):
            _refuse(folder, f"leads out of its folder in {name}", "one that is whole")
    return texts


def _values(content: Any) -> Iterator[tuple[str, Any]]:
    """Every value in a JSON text with the key that it, or the list it is in, stands under; and
    every key, under none; but no labels."""
    waiting: list[tuple[str, Any]] = [("", content)]
    while waiting:
        key, value = waiting.pop()
        yield key, value
        if key in _LABELS:
            continue
        if isinstance(value, dict):
            waiting += value.items()
            waiting += [("", each) for each in value]
        elif isinstance(value, list):
            waiting += [(key, each) for each in value]


def _plain(path: str) -> PurePosixPath:
    return PurePosixPath(path.replace("\\", "/"))


def _leads_out(path: str) -> bool:
    pure = _plain(path)
    return pure.is_absolute() or ".." in pure.parts


def _refuse(folder: Path, fault: str, instead: str) -> NoReturn:
    raise ModelRefused(f"The model in {folder} {fault}, and is not loaded; take {instead}.")
