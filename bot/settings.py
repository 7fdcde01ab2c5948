"""Settings: `pincite.toml` found upwards from the working folder, then the environment, then flags.

Only this module reads the environment.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "pincite.toml"


class SettingsError(Exception):
    """`pincite.toml` cannot be used; the message says what is the case and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told from outside; paths are absolute."""

    home: Path
    model: str
    folders: tuple[Path, ...] = ()
    top: int = 5
    reranker: str | None = None


def read_settings(
    home: Path | None = None,
    working: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings that hold in the working folder; `home` is the `--home` flag.

    Relative paths in `pincite.toml` count from its folder. Raises `SettingsError`.
    """
    from embeddings.model import DEFAULT_MODEL  # brings numpy, which `--help` does without

    working = (working or Path.cwd()).absolute()
    file = next((p / FILE for p in (working, *working.parents) if (p / FILE).is_file()), None)
    stated = _stated(file) if file else {}
    base = file.parent if file else working
    chosen = home or environment.get("PINCITE_HOME") or stated.get("home")
    at = working if home or environment.get("PINCITE_HOME") else base
    try:
        return _settled(chosen, at, base, stated, environment, DEFAULT_MODEL)
    except RuntimeError as error:  # of `~someone`
        raise SettingsError(
            f"A folder's name in {file or '--home'} cannot be used ({error}); correct it."
        ) from None


def _settled(
    home: str | Path | None,
    at: Path,
    base: Path,
    stated: Mapping[str, Any],
    environment: Mapping[str, str],
    default_model: str,
) -> Settings:
    model = _folder_or_name(base, stated.get("model", default_model))
    return Settings(
        home=at / Path(home or ".pincite").expanduser(),
        model=environment.get("PINCITE_MODEL") or model,
        folders=tuple(base / Path(folder).expanduser() for folder in stated.get("folders", ())),
        top=stated.get("top", 5),
        reranker=_folder_or_name(base, stated.get("search", {}).get("reranker")),
    )


def _folder_or_name(base: Path, model: Any) -> Any:
    """A model's folder counts from that of `pincite.toml`; anything else is a name."""
    beside = base / Path(model).expanduser() if model else base
    return str(beside) if model and beside.is_dir() else model


def no_colour(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `NO_COLOR` asks for plain output (no-color.org)."""
    return bool(environment.get("NO_COLOR"))


_KINDS = {"home": str, "model": str, "folders": list, "top": int, "search": dict}


def _stated(file: Path) -> dict[str, Any]:
    try:
        stated = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The file {file} cannot be read ({error}); correct it.") from None
    for key, value in stated.items():
        if key not in _KINDS:
            known = ", ".join(_KINDS)
            raise SettingsError(f"The file {file} sets {key!r}, which is unknown; use {known}.")
        if type(value) is not _KINDS[key]:
            kind = _KINDS[key].__name__
            raise SettingsError(f"In {file} the value of {key!r} is no {kind}; correct it.")
    if not all(isinstance(folder, str) for folder in stated.get("folders", ())):
        raise SettingsError(f"In {file} 'folders' holds something else than texts; correct it.")
    search = stated.get("search", {})
    if set(search) - {"reranker"} or not isinstance(search.get("reranker", ""), str):
        raise SettingsError(
            f"In {file} the table 'search' can only set 'reranker', a folder or name; correct it."
        )
    if not 1 <= stated.get("top", 5) <= 100:
        raise SettingsError(f"In {file} 'top' is not between 1 and 100; correct it.")
    return stated
