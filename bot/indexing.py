"""Indexing folders: once, or for as long as they are watched."""

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.output import FOUND, complain_of, hint, say
from bot.progress_bar import shown_progress
from bot.rendering.index_report import build_json, build_line, build_text
from bot.settings import Settings
from bot.signals import set_from_handler
from corpus.text.characters import printable
from retriever.build.build import Build, build_index
from retriever.build.models import ModelNames
from retriever.build.watch import follow_folders
from retriever.index.home import A_MOMENT, Home

_LOCK_TIMEOUT = 3_600.0  # seconds that a watcher waits for another writer


def model_names(settings: Settings) -> ModelNames:
    """The models that the settings name."""
    return ModelNames(settings.model, settings.reranker, settings.languages)


def report_build(build: Build, *, as_json: bool, before: Build | None = None) -> None:
    """Prints what indexing did; after an earlier build `before`, only what changed."""
    if before and not build.published:
        return
    text = build_text(build)
    now = build.manifest
    if before and (before.manifest.skipped, before.manifest.remarks) == (now.skipped, now.remarks):
        text = build_line(build)
    say(build_json(build) if as_json else text)


def index_folders(
    home: Home,
    folders: Sequence[Path],
    settings: Settings,
    *,
    download: bool = False,
    patience: float = A_MOMENT,
    retry: bool = False,
    plain: bool = False,
) -> Build:
    """Indexes the folders as the settings say; a terminal shows progress unless `plain`.

    `patience` is how many seconds to wait for another process that indexes. Raises
    `RetrieverError`, `EmbeddingError` and `CorpusError`.
    """
    with shown_progress(plain=plain) as progress:
        return build_index(
            home,
            folders,
            model_names(settings),
            download=download,
            limits=settings.limits,
            patience=patience,
            retry=retry,
            follow_links=settings.follow_links,
            progress=progress,
        )


def watch_folders(
    home: Home, folders: Sequence[Path], settings: Settings, *, download: bool, polling: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Indexes the folders whenever they change, until SIGTERM or Ctrl-C.

    A failure is printed, once for as long as it stays the same, and indexing tried again at the
    next change. A watcher that reads from a pipe ends with the program at its other end. Gives the
    exit code.
    """
    stopped, terminated = threading.Event(), False

    def stop(*_: object) -> None:
        nonlocal terminated
        terminated = True
        set_from_handler(stopped)
        raise KeyboardInterrupt  # a build that is under way loses nothing that was finished

    signal.signal(signal.SIGTERM, stop)
    with contextlib.suppress(OSError):  # without an input there is no pipe
        if stat.S_ISFIFO(os.fstat(0).st_mode):
            threading.Thread(target=_end_with_pipe, daemon=True).start()
    followed = [folder.resolve() for folder in folders]
    before: Build | None = None
    last_error: str | None = None
    if not as_json:
        hint(f"Following {', '.join(printable(str(each)) for each in followed)}; Ctrl-C ends it.")
    try:
        for _ in follow_folders(followed, stopped, apart_from=home.path.resolve(), polling=polling):
            try:
                build = index_folders(
                    home, followed, settings, download=download and not before,
                    patience=_LOCK_TIMEOUT, plain=as_json,
                )  # fmt: skip
                report_build(build, as_json=as_json, before=before)
                before, last_error = build, None
            except Exception as error:
                if repr(error) != last_error:
                    complain_of(error)
                last_error = repr(error)
    except KeyboardInterrupt:
        if not terminated:
            raise
    return FOUND


def _end_with_pipe() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
