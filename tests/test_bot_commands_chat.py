"""The conversation: what a line gives, lines from a pipe, and the prompt on a real terminal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pexpect
import pytest
from conftest import ROOT, CommandLine, Shelf, release

from bot.chat.conversation import COMMANDS, Chat
from bot.chat.prompt import _KeptHistory
from bot.rendering.terminal import columns
from retriever.errors import QuestionRefused
from retriever.index.generation import Generation
from retriever.index.home import Home

SUNG_KIM = "What was agreed with Sung Kim?"
FOLLOWED = "What was agreed with Sung Kim."
HARBOUR = "What was agreed about the harbor of Busan?"
MAIN = "from bot.cli import main; main()"


@pytest.fixture
def chat(home: Home) -> Chat:
    """A conversation over the samples that shows two passages at a time."""
    return Chat(home, lambda: Generation.open(home), 2)


def said(chat: Chat, line: str) -> str:
    return click.unstyle("\n".join(chat.reply(line)))


def cited_in(text: str) -> list[str]:
    """The citations of the passages in an answer."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if "#" in line and line[-13:-12] == "@"]


def ranks(text: str) -> list[str]:
    return [line[:2].strip() for line in text.splitlines() if line[1:2].isdecimal()]


def test_a_follow_up_is_understood_from_what_was_asked_before(chat: Chat) -> None:
    first = said(chat, SUNG_KIM)
    assert first.startswith("Likely found (about ")
    assert len(cited_in(first)) == 2
    assert f"Searched: “{FOLLOWED} and about defectors?”" in said(chat, "and about defectors?")
    said(chat, "/reset")
    assert "Searched: “and about defectors?”" in said(chat, "and about defectors?")


def test_more_shows_what_was_not_shown_yet_until_there_is_no_more(chat: Chat) -> None:
    texts = [said(chat, SUNG_KIM)]
    while (more := said(chat, "/more")) != "There are no more passages.":
        texts.append(more)
    citations = [citation for text in texts for citation in cited_in(text)]
    assert len(citations) == len(set(citations)) > 6
    assert [rank for text in texts[:3] for rank in ranks(text)] == ["1", "2", "3", "4", "5", "6"]


def test_more_goes_on_with_the_question_as_it_was_asked(chat: Chat) -> None:
    said(chat, SUNG_KIM)
    said(chat, "and about defectors?")
    said(chat, "/only 1")
    more = said(chat, "/more")  # the restriction is for the questions that follow
    assert f"Searched: “{FOLLOWED} and about defectors?”" in more
    assert len({citation.split("#")[0] for citation in cited_in(more + said(chat, "/more"))}) > 1


def test_show_gives_a_passage_between_its_neighbours(chat: Chat) -> None:
    cited_in(said(chat, SUNG_KIM))
    third = cited_in(said(chat, "/more"))[0]
    shown = said(chat, "/show 3")
    assert f"{third}: holds" in shown
    assert shown.count("\n   paragraph ") >= 2
    assert said(chat, "/SHOW 1, 3").endswith(shown)


def test_only_restricts_the_questions_that_follow(chat: Chat) -> None:
    document = cited_in(said(chat, SUNG_KIM))[0].split("#")[0]
    assert said(chat, "/only") == "Questions go to all documents."
    assert said(chat, "/only 1") == f"Questions go to {document}; /only off lifts that."
    assert said(chat, "/only") == said(chat, "/only 1")
    assert chat.prompt == "only 1 document > "
    restricted = cited_in(said(chat, "sanctions on ships") + said(chat, "/more"))
    assert {citation.split("#")[0] for citation in restricted} == {document}
    assert said(chat, "/only off") == "Questions go to all documents."
    assert chat.prompt == "> "
    said(chat, "sanctions on ships")
    said(chat, "/only 1 2")
    said(chat, "/reset")
    assert chat.prompt == "> "


def test_all_shows_what_is_about_as_near_and_list_its_documents(chat: Chat) -> None:
    said(chat, SUNG_KIM)
    whole = cited_in(said(chat, "/all"))
    assert len(whole) == 6  # of three releases
    listed = said(chat, "/list").splitlines()
    assert [line for line in listed if line.startswith("   ")] == [
        "   Holds Talks with U.S. Special Representative for the DPRK (October 16)",
        "   17 October 2023 (event 16 October 2023) · 4 passages",
        "   event 21 June, year not stated · 1 passage",
        "   18 January 2021 (event 15 January 2021) · 1 passage",
    ]
    assert listed[-1] == "3 documents; /show N shows the first passage of one."
    assert f"{whole[3]}: holds" in said(chat, "/show 4")


def test_a_passage_is_opened_and_the_conversation_exported(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("bot.chat.conversation.open_target", lambda at, _: opened.append(str(at)))
    first = said(chat, SUNG_KIM)
    said(chat, "and about defectors?")
    said(chat, "/open 1 2")
    assert len(opened) == 2
    file = tmp_path / "talks.md"
    assert said(chat, f"/export {file}") == f"Written to {file}"
    text = file.read_text("utf-8")
    assert text.count("\n## ") + text.startswith("## ") == 2
    assert cited_in(first)[0] in text
    with pytest.raises(Exception, match="is there already; name another file"):
        said(chat, f"/export {file}")
    said(chat, "/reset")
    with pytest.raises(click.ClickException, match="ask a question first"):
        said(chat, "/export x.md")


@pytest.mark.parametrize("terminal", [40, 80, 200])
def test_every_line_fits_the_terminal_but_what_is_copied(
    chat: Chat, terminal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.conversation.terminal_columns", lambda: terminal)
    text = "\n".join(said(chat, each) for each in (SUNG_KIM, "/list", "/show 1", "/help", "xyzzy?"))
    wide = [line for line in text.splitlines() if columns(line) > terminal]
    assert [line for line in wide if "#" not in line] == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/frob 2", "There is no command /frob; see /help."),
        ("/", "There is no command /; see /help."),
        ("/show", "The passages have the numbers 1 to 2; name one."),
        ("/show 3", "The passages have the numbers 1 to 2; name one."),
        ("/show -1", "The passages have the numbers 1 to 2; name one."),
        ("/only 1 x", "The passages have the numbers 1 to 2; name one."),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(
    chat: Chat, line: str, sentence: str
) -> None:
    said(chat, SUNG_KIM)
    with pytest.raises(click.ClickException) as refused:
        said(chat, line)
    assert refused.value.message == sentence
    with pytest.raises(QuestionRefused):
        said(chat, "x" * 5000)
    assert f"Searched: “{FOLLOWED} and about defectors?”" in said(chat, "and about defectors?")


@pytest.mark.parametrize("line", ["/show 1", "/more", "/only 1"])
def test_without_an_answer_there_is_nothing_to_go_on_with(chat: Chat, line: str) -> None:
    for _ in range(2):
        with pytest.raises(click.ClickException, match="ask a question first"):
            said(chat, line)
        said(chat, SUNG_KIM)
        said(chat, "/reset")


def test_help_names_every_command_and_an_empty_line_says_nothing(chat: Chat) -> None:
    lines = said(chat, "/help").splitlines()
    assert [line.split()[0] for line in lines[:-1]] == list(COMMANDS)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`{name}" in readme for name in COMMANDS)
    assert said(chat, " \n") == ""
    assert not chat.over
    assert said(chat, "/quit") == ""
    assert chat.over


def test_a_restriction_is_shown_and_outlives_its_documents(shelf: Shelf) -> None:
    chat = Chat(shelf.home, lambda: Generation.open(shelf.home), 5)
    said(chat, HARBOUR)
    said(chat, "/only 1")
    assert " · only harbour.txt · 3 documents" in said(chat, HARBOUR)
    (shelf.folder / "harbour.txt").unlink()
    shelf.index()
    gone = said(chat, HARBOUR)
    assert "the index has no document that the question is restricted to\n" in gone
    assert " · only harbour.txt · 2 documents" in gone
    assert (cited_in(gone), chat.code) == ([], 1)
    assert chat.prompt == "only 1 document > "
    said(chat, "/only off")
    assert cited_in(said(chat, "How many films will be shown?"))


def test_a_new_generation_is_noticed_at_the_next_question(shelf: Shelf) -> None:
    chat = Chat(shelf.home, lambda: Generation.open(shelf.home), 5)
    assert chat.greeting.startswith("3 documents to 2023-09-02. ")
    said(chat, HARBOUR)
    shelf.write(port=release("Harbor Fees", "2024-05-05", "Harbor fees of Busan were agreed on."))
    shelf.index()
    assert "port.txt" not in said(chat, "/more")
    notice, answer = chat.reply(HARBOUR)
    assert click.unstyle(notice) == f"A new index is in use: {shelf.home.current()}."
    assert "port.txt#1@" in answer
    assert len(list(chat.reply(HARBOUR))) == 1


def piped(home: Home, text: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, "--home", str(home.path), "chat", *options],
        input=text,
        capture_output=True,
        cwd=ROOT,
    )


def test_a_pipe_asks_line_by_line(home: Home, cli: CommandLine) -> None:
    run = piped(home, f"{SUNG_KIM}\n\nand about defectors?".encode(), "--top", "1")
    assert (run.returncode, run.stderr) == (0, b"")
    first, _, second = run.stdout.decode().partition(" ms\n\n")
    asked = cli("--home", home.path, "ask", SUNG_KIM, "--top", "1").out
    assert first.rpartition(" · ")[0] == asked.rpartition(" · ")[0]
    assert f"“{FOLLOWED} and about defectors?”" in second
    assert b"\x1b" not in run.stdout
    assert not (home.path / "chat_history").exists()


@pytest.mark.parametrize(
    ("lines", "code", "complaints"),
    [
        (b"", 0, 0),
        (SUNG_KIM.encode() + b"\n/show 9\n", 2, 1),
        (b"/frob\n" + SUNG_KIM.encode() + b"\n/show 1\n", 0, 1),
        (SUNG_KIM.encode() + b"\nWhat did Zaphod Quxley agree?\n", 1, 0),
        (SUNG_KIM.encode() + b"\n/quit\nthe of and\n", 0, 0),
        (b"defectors \xff\xfe\x1b[2J\n\x00\n", 2, 1),
    ],
)
def test_the_exit_code_is_that_of_the_last_answer(
    home: Home, lines: bytes, code: int, complaints: int
) -> None:
    run = piped(home, lines)
    assert (run.returncode, run.stderr.count(b"\n")) == (code, complaints), run.stderr
    assert run.stderr.startswith(b"pincite: " * bool(complaints))
    assert b"\x1b" not in run.stdout + run.stderr


def test_closed_input_is_the_end_of_a_conversation(home: Home) -> None:
    code = "import os, sys; os.close(0); os.execv(sys.executable, sys.argv[1:])"
    arguments = [sys.executable, "-c", MAIN, "--home", str(home.path), "chat"]
    run = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_a_history_that_cannot_be_kept_does_no_harm(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "chat_history"):
        history = _KeptHistory(place)
        assert list(history.load_history_strings()) == []
        history.append_string(SUNG_KIM)
        assert history.get_strings() == [SUNG_KIM]


class Terminal:
    """The program on a pseudo-terminal, and a person at its keyboard."""

    READY = "\x1b[?2004h"  # the prompt asks for pasted text to be marked

    def __init__(self, home: Home, before: str = "") -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", before + MAIN, "--home", str(home.path), "chat", "--top", "1"],
            env=os.environ
            | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1"}
            | {"PYTHONPATH": str(ROOT)},
            encoding="utf-8",
            dimensions=(40, 200),
            timeout=60,
            # A shell that runs the tests in the background has interrupts ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.child.expect_exact(self.READY)

    def types(self, keys: str) -> str:
        """What stands on the terminal from these keys to the next prompt."""
        self.child.send(keys)
        self.child.expect_exact(self.READY)
        return str(self.child.before)

    def leaves(self, keys: str) -> int | None:
        self.child.send(keys)
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def terminal(copied: Home) -> Iterator[Terminal]:
    made = Terminal(copied)
    yield made
    made.child.close(force=True)


LEFT, UP, TAB, BACKSPACE, CTRL_A, CTRL_C, CTRL_D = (
    "\x1b[D", "\x1b[A", "\t", "\x7f", "\x01", "\x03", "\x04",
)  # fmt: skip


@pytest.mark.slow
def test_a_line_is_edited_recalled_and_completed(terminal: Terminal, copied: Home) -> None:
    typed = "hat was agreed with Sung Kxm?" + LEFT * 2 + BACKSPACE + "i" + CTRL_A + "W\r"
    assert f"Searched: “{SUNG_KIM}”" in terminal.types(typed)
    assert f"Searched: “{SUNG_KIM}”" in terminal.types(UP + "\r")
    assert "holds (" in terminal.types("/sh" + TAB + " 1\r")
    assert "/only off lifts that." in terminal.types("/only 1\r")
    assert "only 1 document" in terminal.types("/frob\r")
    assert terminal.leaves("/quit\r") == 0
    kept = copied.path / "chat_history"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [line for line in kept.read_text().splitlines() if line.startswith("+")] == [
        f"+{SUNG_KIM}", "+/show 1", "+/only 1", "+/frob", "+/quit",
    ]  # fmt: skip
    again = Terminal(copied)
    assert f"Searched: “{SUNG_KIM}”" in again.types(UP * 5 + "\r")
    assert again.leaves(CTRL_D) == 0


@pytest.mark.slow
def test_pasted_lines_are_one_question(terminal: Terminal) -> None:
    pasted = "\x1b[200~What was agreed\r\nwith Sung Kim?\x1b[201~"
    assert f"Searched: “{SUNG_KIM}”" in terminal.types(pasted + "\r")


@pytest.mark.slow
def test_control_c_clears_the_line_and_control_d_leaves(terminal: Terminal) -> None:
    assert "leaves" not in terminal.types("half a question" + CTRL_C)
    assert "Ctrl-D or /quit leaves." in terminal.types(CTRL_C)
    assert f"Searched: “{SUNG_KIM}”" in terminal.types(SUNG_KIM + "\r")
    assert terminal.leaves(CTRL_D) == 0


@pytest.mark.slow
def test_control_c_stops_an_answer_under_way(copied: Home) -> None:
    slow = (
        "import bot.chat.conversation, time; "
        "bot.chat.conversation.ask = lambda *_, **__: print('?') or time.sleep(60); "
    )
    terminal = Terminal(copied, slow)
    terminal.child.send("sanctions\r")
    terminal.child.expect(r"\?\r\n")
    assert "Stopped." in terminal.types(CTRL_C)
    assert "There is no answer yet; ask a question first." in terminal.types("/more\r")
    assert terminal.leaves(CTRL_D) == 0
