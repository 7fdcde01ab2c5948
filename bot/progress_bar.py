"""Progress: a bar with rate and time left on a terminal, a line now and then anywhere else."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread

import click

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextlib.contextmanager
def shown_progress(*, plain: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A function to call with what is being done, how much is done, and how much there is.

    It draws on standard error when that is a terminal, and else writes a line each ten seconds,
    whether or not there is something new; with `plain` it does nothing.
    """
    if plain:
        yield lambda what, done, total: None
        return
    if not sys.stderr.isatty():
        with _lines() as show_line:
            yield show_line
        return

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed and task.total else "")

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    bars.remove_task(earlier)  # type: ignore[arg-type]
                tasks.clear()
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]

        yield show


@contextlib.contextmanager
def _lines() -> Iterator[Callable[[str, int, int], None]]:
    """As `shown_progress` where there is no terminal.

    A thread writes, however long a step takes.
    """
    latest, ended = [""], Event()

    def show(what: str, done: int, total: int) -> None:
        latest[0] = f"{what}: {done:,} of {total:,}" if total else what

    def write() -> None:
        while not ended.wait(EVERY):
            if latest[0]:
                with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
                    click.echo(latest[0], err=True)

    writer = Thread(target=write, daemon=True)
    writer.start()
    try:
        yield show
    finally:
        ended.set()
        writer.join()
