"""Progress is drawn on terminals only."""

import io
import sys

import pytest

from bot.progress_bar import shown_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, plain: bool) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with shown_progress(plain=plain) as progress:
        for done in range(4):
            progress("Reading", done, 3)
        progress("Writing the index", 0, 0)
        progress("Reading", 1, 3)
    return stream.getvalue()


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Reading" in drawn(Terminal(), monkeypatch, plain=False)


def test_a_pipe_and_json_get_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(io.StringIO(), monkeypatch, plain=False) == ""
    assert drawn(Terminal(), monkeypatch, plain=True) == ""
