"""`pincite index`: once, or for as long as the folders are followed."""

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.output import FOUND, complain_of, hint, say
from bot.progress_bar import shown_progress
from bot.rendering.index_report import build_json, build_text, skipped_files
from bot.settings import Settings
from corpus.text.characters import printable
from retriever.build.build import Build, build_index
from retriever.build.watch import follow_folders
from retriever.index.home import A_MOMENT, Home

_PATIENCE = 3_600.0  # seconds that a watcher waits for another writer


def report(build: Build, *, as_json: bool, before: Build | None = None) -> None:
    """Says what came of indexing; after a build `before`, only what changed."""
    if before and not build.published:
        return
    text = build_text(build)
    if before and skipped_files(before.manifest) == skipped_files(build.manifest):
        text = text.splitlines()[0]
    say(build_json(build) if as_json else text)


def indexed(
    home: Home,
    folders: Sequence[Path],
    settings: Settings,
    *,
    download: bool = False,
    patience: float = A_MOMENT,
    retry: bool = False,
    plain: bool = False,
) -> Build:
    """Indexes the folders as the settings say; progress is shown unless it is to be `plain`."""
    with shown_progress(plain=plain) as progress:
        return build_index(
            home,
            folders,
            settings.model,
            reranker=settings.reranker,
            download=download,
            limits=settings.limits,
            patience=patience,
            retry=retry,
            progress=progress,
        )


def keep_indexed(
    home: Home, folders: Sequence[Path], settings: Settings, *, download: bool, polling: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Indexes the folders whenever they change, until SIGTERM or Ctrl-C.

    What goes wrong is said, once for as long as it stays the same, and tried again at the next
    change. A watcher that reads from a pipe ends when the pipe does: with the program that began
    it.
    """
    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()
        raise KeyboardInterrupt  # a build that is under way loses nothing that was finished

    signal.signal(signal.SIGTERM, stop)
    with contextlib.suppress(OSError):  # without an input there is no pipe
        if stat.S_ISFIFO(os.fstat(0).st_mode):
            threading.Thread(target=_end_with_pipe, daemon=True).start()
    followed = [folder.resolve() for folder in folders]
    before: Build | None = None
    wrong = ""
    if not as_json:
        hint(f"Following {', '.join(printable(str(each)) for each in followed)}; Ctrl-C ends it.")
    try:
        for _ in follow_folders(followed, stopped, apart_from=home.path.resolve(), polling=polling):
            try:
                build = indexed(
                    home, followed, settings, download=download and not before,
                    patience=_PATIENCE, plain=as_json,
                )  # fmt: skip
                report(build, as_json=as_json, before=before)
                before, wrong = build, ""
            except Exception as error:
                if str(error) != wrong:
                    complain_of(error)
                wrong = str(error)
    except KeyboardInterrupt:
        if not stopped.is_set():
            raise
    return FOUND


def _end_with_pipe() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
