"""The program as a process: what it imports, terminals, pipes and undecodable arguments."""

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, CommandLine, Shelf, release

from bot.cli import pincite
from retriever.index.home import Home

QUESTION = "What was agreed about the harbor of Busan?"
COMMANDS = sorted(pincite.commands)
NUL = "\x00"


def program(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | changes,
    )


HEAVY = [
    "numpy", "faiss", "onnxruntime", "torch", "tantivy", "tokenizers", "sqlite3", "rich",
    "prompt_toolkit",
]  # fmt: skip


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_imports_nothing_heavy(command: str) -> None:
    code = (
        f"import sys; sys.argv = ['pincite', *{command!r}.split(), '--help']\n"
        "import atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY} if m in sys.modules]))\n"
        "from bot.cli import main; main()\n"
    )
    out = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert out.splitlines()[-1] == "[]"


def test_questions_load_no_torch(shelf: Shelf) -> None:
    code = (
        "import atexit, sys; from pathlib import Path\n"
        "from retriever.answering.ask import ask\n"
        "from retriever.index.generation import Generation\n"
        "from retriever.index.home import Home\n"
        f"home = Home(Path({str(shelf.home.path)!r}), Path({str(shelf.home.models)!r}))\n"
        f"ask(Generation.open(home), {QUESTION!r})\n"
        "print([m for m in ('torch', 'sentence_transformers') if m in sys.modules])\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "[]\n"


def test_the_console_script_answers(home: Home) -> None:
    script = Path(sys.executable).with_name("pincite")
    if not script.exists():
        pytest.skip("pincite is not installed here")
    run = subprocess.run(
        [script, "--home", home.path, "ask", "What was agreed with Sung Kim?"],
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Likely found (about ")
    assert "\x1b" not in run.stdout


def on_terminal(home: Home, *arguments: str, **changes: str) -> str:
    """What the program writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "--home", str(home.path),
         *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
        env=os.environ | {"TERM": "xterm"} | changes,
    ):  # fmt: skip
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return written.decode()


def test_colour_is_for_terminals_and_no_color_is_honoured(home: Home) -> None:
    arguments = ("ask", "What was agreed with Sung Kim?")
    coloured = on_terminal(home, *arguments)
    assert "\x1b[32m\x1b[1mLikely found (about " in coloured
    plain = on_terminal(home, *arguments, NO_COLOR="1")
    assert "\x1b" not in plain
    assert plain.startswith("Likely found (about ")


def test_a_document_writes_no_control_sequence_on_a_terminal(shelf: Shelf) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m"
    shelf.write(evil=release(f"Zebra {evil} News", "2020-02-02", f"The zebra {evil} was crowned."))
    shelf.index()
    (shelf.home.path / "models").symlink_to(shelf.home.models)
    written = on_terminal(shelf.home, "ask", "Was the zebra crowned?")
    assert "owned" in written
    ours = r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\"  # colours, and links to files
    rest = re.sub(ours, "", written)
    assert not [c for c in rest if c not in "\r\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert "\x1b[31m" not in written


def test_piped_output_has_no_escapes(indexed: CommandLine) -> None:
    for arguments in (["ask", QUESTION], ["status"], ["doctor"], ["verify", "--all"], ["index"]):
        run = indexed(*arguments)
        assert (run.code, run.err) == (0, "")
        assert "\x1b" not in run.out


@pytest.mark.slow
def test_undecodable_arguments_do_no_harm(home: Home) -> None:
    strict = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:strict"}
    for arguments, code in (
        (["ask", "--json", "What was agreed with Sung Kim? \udcff"], 0),
        (["ask", "What was agreed with Sung Kim?", "--history", "\udcff"], 0),
        (["show", "\udcff#1@0123456789ab"], 1),
        (["verify", "\udcff#1@0123456789ab"], 1),
        (["ask", "x", "--generation", "\udcff"], 2),
        (["index", "\udcff"], 2),
        (["\udcff"], 2),
    ):
        run = program("--home", str(home.path), *arguments, **strict)
        assert (arguments, run.returncode) == (arguments, code), run.stderr
        assert "Traceback" not in run.stderr


def test_a_reader_that_has_seen_enough_is_no_error(home: Home) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "--home", str(home.path),
         "status"],
        stdout=writing, stderr=subprocess.PIPE, cwd=ROOT,
    ) as process:  # fmt: skip
        os.close(writing)
        assert process.communicate()[1] == b""
    assert process.returncode == 0


DEFECTS = {
    "MemoryError": ("raise MemoryError", "There is not enough memory"),
    "a defect": ("{}['no such']", "This is a defect of Pincite (KeyError: 'no such')"),
    "a panic": (
        "raise type('PanicException', (BaseException,), {})('index out of bounds\\nat 7')",
        "This is a defect of Pincite (PanicException: index out of bounds at 7)",
    ),
}


@pytest.mark.parametrize("statement, sentence", DEFECTS.values(), ids=DEFECTS)
@pytest.mark.parametrize("debug", [False, True])
def test_a_crash_never_looks_like_nothing_found(statement: str, sentence: str, debug: bool) -> None:
    code = (
        "import sys, bot.commands.health.status\n"
        f"def settings_and_home(_):\n    {statement}\n"
        "bot.commands.health.status.settings_and_home = settings_and_home\n"
        f"sys.argv = ['pincite', *{['--debug'] * debug}, 'status']\n"
        "from bot.cli import main; main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (70, "")
    *before, last = ran.stderr.splitlines()
    assert last.startswith(f"pincite: {sentence}") and last.endswith(".")
    assert ("Traceback" in ran.stderr) is debug is bool(before)


def test_whatever_memory_a_question_gets_no_failure_looks_like_an_answer(
    indexed: CommandLine,
) -> None:
    limited = (
        "import resource, sys; at = int(sys.argv.pop(1)) * 2**20\n"
        "resource.setrlimit(resource.RLIMIT_AS, (at, at))\n"
        "from bot.cli import main; main()\n"
    )
    codes = []
    for megabytes in (*range(60, 141, 10), 200, 300, 400, 500, 8_000):
        asked = ["--home", str(indexed.home), "ask", QUESTION]
        ran = subprocess.run(
            [sys.executable, "-c", limited, str(megabytes), *asked],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        codes.append(ran.returncode)
        assert ran.returncode != 1 and (ran.returncode == 0) == ("harbour.txt#2@" in ran.stdout)
    assert codes[0] != 0 and codes[-1] == 0


def test_completion_in_a_shell_ends_well() -> None:
    completed = program(_PINCITE_COMPLETE="bash_complete", COMP_WORDS="pincite ver", COMP_CWORD="1")
    assert (completed.returncode, completed.stderr) == (0, "")
    assert completed.stdout.splitlines() == ["plain,verify"]


@pytest.mark.parametrize("error", ["2>/dev/full", "2>&-"])
def test_an_error_that_nobody_can_be_shown_is_still_one(error: str, tmp_path: Path) -> None:
    command = f'"$0" -c "from bot.cli import main; main()" --home nowhere status {error}'
    ran = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, b"")


def test_a_defect_ends_a_watcher_with_its_code(indexed: CommandLine) -> None:
    code = (
        "import sys, bot.indexing\n"
        "def index_folders(*_, **__):\n    raise MemoryError\n"
        "bot.indexing.index_folders = index_folders\n"
        f"sys.argv = ['pincite', '--home', {str(indexed.home)!r}, 'index', 'releases', '--watch']\n"
        "from bot.cli import main; main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 70
    assert ran.stderr.splitlines()[-1].startswith("pincite: There is not enough memory")


def test_control_c_ends_a_question_whatever_it_waits_for(indexed: CommandLine) -> None:
    code = (
        "import sys, threading\n"
        "from retriever.index.generation import Generation\n"
        "def waiting(*_, **__):\n"
        "    print('opening', flush=True)\n"
        "    while True:\n"
        "        try:\n            threading.Event().wait()\n"
        "        except BaseException:\n            pass\n"  # as an import may swallow it
        "Generation.open = waiting\n"
        f"sys.argv = ['pincite', '--home', {str(indexed.home)!r}, 'ask', 'grain']\n"
        "from bot.cli import main; main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip
    assert process.stdout and process.stdout.readline() == "opening\n"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (130, "pincite: Stopped.\n")


def test_without_a_standard_output_nothing_is_a_defect(tmp_path: Path) -> None:
    command = '"$0" -c "from bot.cli import main; main()" --home nowhere status >&-'
    ran = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=tmp_path, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr == "pincite: There is no standard output to print on; open one.\n"
