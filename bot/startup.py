"""What commands begin with: the settings, the home that they name, the folders of the corpus."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.output import INTERRUPTED, complain

if TYPE_CHECKING:
    from bot.settings import Settings
    from retriever.index.generation import Generation
    from retriever.index.home import Home


class NonEmptyPath(click.Path):
    """A path; an empty text is none, though Python takes it for the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; fails for an empty text, as a variable that is not set gives it."""
        if not value:
            self.fail("The name of a folder is empty.", param, ctx)
        return super().convert(value, param, ctx)


def exit_on_interrupt() -> None:
    """Has Ctrl-C end a command that only reads at once.

    As an exception it may come in the middle of an import, which swallows it, or leaves a lock
    behind that other threads then wait for.
    """

    def end(*_: object) -> None:
        with contextlib.suppress(OSError):
            os.write(2, b"pincite: Stopped.\n")
        os._exit(INTERRUPTED)

    with contextlib.suppress(ValueError):  # not the main thread, which alone gets signals
        signal.signal(signal.SIGINT, end)


def settings_and_home(home_flag: Path | None, *, upwards: bool = True) -> tuple[Settings, Home]:
    """The settings that hold in the working folder, and the home, which is looked for `upwards`
    unless a new one may be made; raises `SettingsError`.

    Imports when it is called, so that `--help` does without.
    """
    from bot.settings import read_settings
    from retriever.index.home import Home

    settings = read_settings(home_flag, upwards=upwards)
    return settings, Home(settings.home, settings.models, looked_above=settings.looked_above)


def open_generation(
    home: Home, settings: Settings, name: str | None = None, *, fast: bool = False
) -> Generation:
    """The current generation, or the one named, and a complaint where it has to do without its
    reranker; raises as `Generation.open` does."""
    from retriever.index.generation import Generation

    generation = Generation.open(home, name, fast=fast or settings.fast)
    manifest = generation.manifest
    if generation.trouble:
        complain(generation.trouble)
    stated = manifest.multilingual.languages if manifest.multilingual else ()
    if set(settings.languages) != set(stated) or (settings.reranker and not manifest.reranker):
        complain(
            "The index was made for another reranker or other languages than the settings name; "
            "run `pincite index`."
        )
    return generation


def corpus_folders(settings: Settings, home: Home) -> tuple[Path, ...]:
    """The folders that the settings name, else those of the index; raises `click.UsageError`."""
    return settings.folders or _indexed_folders(home)


def _indexed_folders(home: Home) -> tuple[Path, ...]:
    """The folders of the newest generation that can still say them, by its manifest or passages."""
    from retriever.errors import RetrieverError
    from retriever.index.generation_manifest import read_manifest
    from retriever.index.passages import PassageStore

    for name in reversed(home.kept()):
        with contextlib.suppress(RetrieverError):
            manifest = read_manifest(home.generation(name))
            return tuple(Path(folder.path) for folder in manifest.folders)
        with contextlib.suppress(RetrieverError):
            return tuple(PassageStore.open(home.generation(name)).folders())
    raise click.UsageError("No index says which folders it held: name a folder of documents.")
