"""Progress is drawn on terminals, and told line by line elsewhere."""

import io
import sys
import time

import pytest

from bot import progress_bar
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


def test_json_and_short_work_in_a_pipe_get_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(io.StringIO(), monkeypatch, plain=False) == ""
    assert drawn(Terminal(), monkeypatch, plain=True) == ""
    assert drawn(io.StringIO(), monkeypatch, plain=True) == ""


def test_a_pipe_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress_bar, "EVERY", 0.05)

    def told(line: str) -> None:
        end = time.monotonic() + 60
        while f"{line}\n" not in stream.getvalue():
            assert time.monotonic() < end
            time.sleep(0.01)

    with shown_progress(plain=False) as progress:
        progress("Reading releases", 1_234, 6_000)
        told("Reading releases: 1,234 of 6,000")
        told("Reading releases: 1,234 of 6,000\nReading releases: 1,234 of 6,000")
        progress("Writing vectors", 0, 0)
        told("Writing vectors")
    written = stream.getvalue()
    time.sleep(0.2)
    assert stream.getvalue() == written
