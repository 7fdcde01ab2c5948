"""Settings: `pincite.toml` found upwards from the working folder, then the environment, then flags.

Only this module reads the environment.
"""

import os
import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.ownership import TRUST, own_users, require_own
from corpus.folder.limits import MOST_MEGABYTES, Limits
from corpus.language.languages import language_named

OFF = "off"
"""What `[search] reranker` says where nothing is to read the candidates with the question."""
_SETTINGS_FILE = "pincite.toml"
_HOME = ".pincite"
_LARGEST = 2**20  # bytes of it
_LONGEST = 4_096  # characters of a text in it, as systems limit paths
_QUOTED = 80  # characters of what it says that are repeated


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run; paths are absolute."""

    home: Path
    models: Path
    model: str
    folders: tuple[Path, ...] = ()
    top: int = 5
    min_score: float | None = None
    reranker: str | None = None
    fast: bool = False
    languages: tuple[str, ...] = ()
    slack: Mapping[str, Any] = field(default_factory=dict)
    mcp_folders: tuple[str, ...] | None = None
    looked_above: bool = False
    web: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    follow_links: bool = False


def read_settings(
    home: Path | None = None,
    working: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    upwards: bool = True,
) -> Settings:
    """The settings that hold in the working folder; `home` is the `--home` flag.

    Relative paths in `pincite.toml` count from its folder. Where nothing names a home it is beside
    that file, else the nearest `.pincite` in the working folder or, unless a new one may be made,
    `upwards` from it. The file, and a home that nothing names, are used only when they are this
    user's own. Raises `SettingsError`.
    """
    from embeddings.model import DEFAULT_MODEL  # brings numpy, which `--help` does without

    working = (working or Path.cwd()).absolute()
    file = next(
        filter(os.path.isfile, (p / _SETTINGS_FILE for p in (working, *working.parents))), None
    )  # none is in a folder that may not be entered
    trusted = {
        Path(each).absolute().resolve()
        for each in environment.get(TRUST, "").split(os.pathsep)
        if each
    }
    own = own_users(environment)
    stated = _stated(file, trusted, own) if file else {}
    base = file.parent if file else working
    chosen = home or environment.get("PINCITE_HOME") or stated.get("home")
    at = working if home or environment.get("PINCITE_HOME") else base
    looks_above = upwards and not (file or chosen)
    if looks_above:
        at = next((p for p in (at, *at.parents) if os.path.isdir(p / _HOME)), at)
    try:
        settings = _settled(chosen, at, base, stated, environment, DEFAULT_MODEL)
        if not chosen:
            require_own(settings.home, trusted, own)
        settings = replace(settings, looked_above=looks_above and not settings.home.is_dir())
    except (RuntimeError, ValueError, OSError) as error:  # of `~someone`, and of no name at all
        why = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"A folder's name in {file or 'the environment or --home'} cannot be used ({why}); "
            "correct it."
        ) from None
    return settings


def _settled(
    home: str | Path | None,
    at: Path,
    base: Path,
    stated: Mapping[str, Any],
    environment: Mapping[str, str],
    default_model: str,
) -> Settings:
    model = _folder_or_name(base, stated.get("model") or default_model)
    search = stated.get("search", {})
    mcp = stated.get("mcp", {})
    reranker = search.get("reranker")
    if reranker and reranker.casefold() == OFF:
        reranker = OFF
    home_path = at / Path(home or _HOME).expanduser()
    return Settings(
        home=home_path,
        models=_models(base, stated.get("models"), environment) or home_path / "models",
        model=environment.get("PINCITE_MODEL") or model,
        folders=tuple(base / Path(folder).expanduser() for folder in stated.get("folders", ())),
        top=stated.get("top", 5),
        min_score=stated.get("min_score"),
        reranker=_folder_or_name(base, reranker) if reranker != OFF else None,
        fast=reranker == OFF,
        languages=tuple(map(language_named, search.get("languages", ()))),
        slack=stated.get("slack", {}),
        mcp_folders=tuple(mcp["folders"]) if "folders" in mcp else None,
        web=_web(stated.get("web", {}), environment),
        limits=Limits(**stated.get("limits", {})),
        follow_links=stated.get("follow_links", False),
    )


def _models(base: Path, stated: str | None, environment: Mapping[str, str]) -> Path | None:
    """The folder of prepared models: of this user, for every home, unless a setting says otherwise.

    Caches lie where the XDG Base Directory Specification and macOS have them. None for a user who
    has no such place: then the home has the models.
    """
    if named := environment.get("PINCITE_MODELS"):
        return Path(named).expanduser().absolute()
    if stated:
        return base / Path(stated).expanduser()
    default = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    cache = Path(environment.get("XDG_CACHE_HOME") or "")
    if environment.get("HOME") == "":
        return None
    try:
        if not cache.is_absolute():  # the specification has such a value passed over
            cache = Path(default).expanduser()
    except RuntimeError:  # nobody knows the home folder of this user
        return None
    models = cache / "pincite" / "models"
    there = next(each for each in (models, *models.parents) if each.exists())
    writable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return models if there == models or writable else None


def _folder_or_name(base: Path, model: Any) -> Any:
    """A model's folder counts from that of `pincite.toml`; anything else is a name."""
    folder = base / Path(model).expanduser() if model else base
    return str(folder) if model and os.path.isdir(folder) else model


def no_colour(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `NO_COLOR` asks for plain output (no-color.org)."""
    return bool(environment.get("NO_COLOR"))


_KINDS = {
    "home": str,
    "models": str,
    "model": str,
    "folders": list,
    "follow_links": bool,
    "top": int,
    "min_score": float,
    "search": dict,
    "limits": dict,
    "slack": dict,
    "mcp": dict,
    "web": dict,
}


def _stated(file: Path, trusted: Collection[Path], own: Collection[int]) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            require_own(file, trusted, own, opened.fileno())
            text = opened.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ValueError("it is larger than 1 MB")
        stated = tomllib.loads(text.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # a number can be too large for Python
        why = error.strerror if isinstance(error, OSError) else _quoted(error)
        raise SettingsError(f"The file {file} cannot be read ({why}); correct it.") from None
    if any("\0" in text or len(text) > _LONGEST for text in _texts(stated)):
        raise SettingsError(
            f"The file {file} holds a text with the character 0, or of more than {_LONGEST:,} "
            "characters; correct it."
        )
    for key, value in stated.items():
        if key not in _KINDS:
            known = ", ".join(_KINDS)
            raise SettingsError(
                f"The file {file} sets {_quoted(key)!r}, which is unknown; use {known}."
            )
        if type(value) is not _KINDS[key]:
            kind = _KINDS[key].__name__
            raise SettingsError(f"In {file} the value of {key!r} is no {kind}; correct it.")
    if not all(isinstance(folder, str) for folder in stated.get("folders", ())):
        raise SettingsError(f"In {file} 'folders' holds something else than texts; correct it.")
    _check_search(stated.get("search", {}), file)
    _check_limits(stated.get("limits", {}), file)
    _check_slack(stated.get("slack", {}), file)
    _check_mcp(stated.get("mcp", {}), file)
    _check_web(stated.get("web", {}), file)
    if not 1 <= stated.get("top", 5) <= 100:
        raise SettingsError(f"In {file} 'top' is not between 1 and 100; correct it.")
    if not 0 <= stated.get("min_score", 0.0) <= 1:
        raise SettingsError(f"In {file} 'min_score' is not between 0.0 and 1.0; correct it.")
    return stated


def _texts(value: Any) -> Iterator[str]:
    """Every text in what a file states, keys and values."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            yield each


def _quoted(said: object) -> str:
    """The beginning of what a file says, for a sentence about it."""
    text = str(said)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _check_search(search: Mapping[str, Any], file: Path) -> None:
    languages = search.get("languages", [])
    if (
        set(search) - {"reranker", "languages"}
        or not isinstance(search.get("reranker", ""), str)
        or not isinstance(languages, list)
    ):
        raise SettingsError(
            f"In {file} the table 'search' can only set 'reranker', which is off, a folder or a "
            "name, and 'languages', a list of codes; correct it."
        )
    for code in languages:
        if not (isinstance(code, str) and language_named(code)):
            raise SettingsError(
                f"In {file} 'search.languages' has {_quoted(code)!r}, which is the code of no "
                "language that Pincite can tell; use codes such as ko, es, fr."
            )


_RANGES = {"megabytes": (1, MOST_MEGABYTES), "seconds": (1, 3_600), "memory": (512, 65_536)}


def _check_limits(limits: Mapping[str, Any], file: Path) -> None:
    for key, value in limits.items():
        if key not in _RANGES:
            known = ", ".join(_RANGES)
            raise SettingsError(f"In {file} the table 'limits' sets {_quoted(key)!r}; use {known}.")
        least, most = _RANGES[key]
        if type(value) is not int or not least <= value <= most:
            raise SettingsError(
                f"In {file} 'limits.{key}' is not a whole number between {least} and {most:,}; "
                "correct it."
            )


_MOST_DAYS = 3_650  # that questions are kept
_PLACE = re.compile(r"\*|public|private|direct|[CDG][A-Z0-9]+")


def _check_slack(slack: Mapping[str, Any], file: Path) -> None:
    flags = {"guests", "external", "follow_ups", "reading_page"}
    wrong = [key for key in slack if key not in {*flags, "folders", "contact", "keep_days"}]
    wrong += [key for key in flags & slack.keys() if not isinstance(slack[key], bool)]
    wrong += ["contact"] if not isinstance(slack.get("contact", ""), str) else []
    days = slack.get("keep_days", 1)
    if type(days) is not int or not 1 <= days <= _MOST_DAYS:
        raise SettingsError(
            f"In {file} 'slack.keep_days' is not a whole number between 1 and {_MOST_DAYS:,}; "
            "correct it."
        )
    folders = slack.get("folders", {})
    if not isinstance(folders, dict):
        wrong, folders = [*wrong, "folders"], {}
    places = [place for place in folders if not _PLACE.fullmatch(place)]
    if places:
        raise SettingsError(
            f"In {file} 'slack.folders' names {_quoted(places[0])!r}, which is no place; use a "
            "channel's id, 'public', 'private', 'direct' or '*'."
        )
    lists = folders.values()
    if not all(isinstance(e, list) and all(isinstance(n, str) for n in e) for e in lists):
        wrong.append("folders")
    if wrong:
        raise SettingsError(
            f"In {file} the table 'slack' cannot set {_quoted(wrong[0])!r} so; it has 'guests', "
            "'external', 'follow_ups' and 'reading_page', true or false, 'contact', a text, "
            "'keep_days', a number, and 'folders', lists of names."
        )


def _check_mcp(mcp: Mapping[str, Any], file: Path) -> None:
    folders = mcp.get("folders", [])
    if set(mcp) - {"folders"} or not _are_texts(folders):
        raise SettingsError(
            f"In {file} the table 'mcp' can only set 'folders', a list of names; correct it."
        )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def editor(environment: Mapping[str, str] = os.environ) -> str:
    """The command of the person's editor; empty where none is set."""
    return environment.get("VISUAL") or environment.get("EDITOR") or ""


def mcp_token(environment: Mapping[str, str] = os.environ) -> str:
    """What assistants have to present over HTTP; empty where everybody on the machine may ask."""
    return environment.get("PINCITE_MCP_TOKEN", "")


_SHORTEST_TOKEN = 16
"""Characters: a shorter one is guessed."""
_WEB_FORMS = {
    "token": (rf"[!-~]{{{_SHORTEST_TOKEN},}}", f"{_SHORTEST_TOKEN} or more signs without blanks"),
    "user_header": (r"[A-Za-z0-9-]+", "the name of a header"),
    "address": (r"https?://[^\s/?#@\\]+(?:/[^\s?#]*)?", "an address such as https://example.org"),
}


def _check_web(web: Mapping[str, Any], file: Path) -> None:
    folders = web.get("folders", [])
    if set(web) - {*_WEB_FORMS, "folders"} or not (
        isinstance(folders, list) and all(isinstance(each, str) for each in folders)
    ):
        raise SettingsError(
            f"In {file} the table 'web' can only set 'folders', a list of names, 'token', "
            "'user_header' and 'address', which are texts; correct it."
        )
    for key, (form, what) in _WEB_FORMS.items():
        if key in web and not (isinstance(web[key], str) and re.fullmatch(form, web[key])):
            raise SettingsError(f"In {file} 'web.{key}' is not {what}; correct it.")


def _web(stated: Mapping[str, Any], environment: Mapping[str, str]) -> Mapping[str, Any]:
    """The table `[web]`, with the token that the environment has."""
    token = environment.get("PINCITE_WEB_TOKEN")
    form, what = _WEB_FORMS["token"]
    if token and not re.fullmatch(form, token):
        raise SettingsError(f"PINCITE_WEB_TOKEN is not {what}; set a longer one.")
    return {**stated, "token": token} if token else stated


def slack_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """What the environment says of the way to Slack; raises `SettingsError`."""
    mode = environment.get("SLACK_MODE") or "socket"
    port = environment.get("PORT") or "3000"
    needed = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN" if mode == "socket" else "SLACK_SIGNING_SECRET"]
    missing = [name for name in needed if not environment.get(name)]
    if environment.get("SLACK_CLIENT_ID") and environment.get("SLACK_CLIENT_SECRET"):
        raise SettingsError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set, with which Slack's library takes no "
            "bot token; unset them."
        )
    if mode not in ("socket", "http"):
        raise SettingsError(f"SLACK_MODE is {mode!r}; set it to socket or http.")
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set; see "
            "`pincite slack --help`."
        )
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
        raise SettingsError(f"PORT is {port!r}; set it to a number between 1 and 65535.")
    return {
        "bot_token": environment["SLACK_BOT_TOKEN"],
        "app_token": environment.get("SLACK_APP_TOKEN", ""),
        "signing_secret": environment.get("SLACK_SIGNING_SECRET", ""),
        "mode": mode,
        "api_url": environment.get("SLACK_API_URL") or "https://slack.com/api/",
        "host": environment.get("HOST") or "127.0.0.1",
        "port": int(port),
        "listens": mode == "http" or bool(environment.get("PORT")),
    }
