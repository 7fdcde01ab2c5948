"""The prompt of a conversation: line editing, completion, and a history that is kept."""

import contextlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory
from prompt_toolkit.output import create_output
from prompt_toolkit.shortcuts import CompleteStyle


class _KeptHistory(FileHistory):
    """The lines typed earlier; a file that cannot be read or written costs these, nothing else."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return super().load_history_strings()
        except OSError:
            return ()

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            Path(str(self.filename)).touch(0o600)  # questions are nobody else's business
            super().store_string(string)


def prompt_session(
    history: Path, prompt: Callable[[], str], commands: list[str]
) -> PromptSession[str]:
    """A prompt that completes these commands and keeps its history in this file.

    It draws on standard error when standard output goes elsewhere.
    """
    return PromptSession(
        prompt,
        history=_KeptHistory(history),
        completer=WordCompleter(commands, sentence=True),
        complete_style=CompleteStyle.READLINE_LIKE,
        complete_while_typing=False,
        enable_suspend=True,
        # One that is given is used on a dumb terminal too, which only the default spares.
        output=None if sys.stdout.isatty() else create_output(always_prefer_tty=True),
    )
