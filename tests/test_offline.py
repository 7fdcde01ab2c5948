"""Offline means every byte: what each command does, watched from outside its process.

Native libraries open sockets and files of their own, which nothing inside the interpreter sees; and
some keep quiet where `CI` is set. So each command runs without it, in a HOME of its own, under
strace: no socket but loopback's, and nothing written outside the folders that are Pincite's.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import RELEASES, ROOT
from slack_bot import PROGRAM, workspace

pytestmark = pytest.mark.slow
straced = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed here")

UNSHARE = ["unshare", "-rn"]


def may_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


LONG = 30.0
"""Seconds that the long-lived commands are watched: what reports does so after ten."""

_SAID = {
    "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}
}  # fmt: skip
_ASKED = {"name": "ask", "arguments": {"question": "What was agreed about the harbor of Busan?"}}
_CALL = b"".join(
    json.dumps({"jsonrpc": "2.0"} | each).encode() + b"\n"
    for each in (
        {"id": 1, "method": "initialize", "params": _SAID},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": _ASKED},
    )
)
"""What an assistant says to ask something."""

_LOOPBACK = re.compile(r"inet_addr\(\"127\.[\d.]+\"\)|inet_pton\(AF_INET6, \"::1\"")
_NAME_SERVER = "htons(53)"  # one on this machine only hands on what it is asked
_LOCAL = re.compile(
    # connect(8, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 110)
    r"sa_family=AF_UNIX, sun_path=@?\"(?P<path>[^\"]*)\""
)
_WRITTEN = re.compile(
    # openat(AT_FDCWD</home/me>, "x", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 5</home/me/x>
    r"(?:creat\(|open.*(?:O_CREAT|O_WRONLY|O_RDWR)).*\) = \d+<(?P<path>[^>]*)>"
)


def offence(line: str, place: Path) -> bool:
    """Whether a line of strace leaves this machine, or writes outside the place."""
    if "sa_family=AF_INET" in line:
        return _NAME_SERVER in line or not _LOOPBACK.search(line)
    if local := _LOCAL.search(line):
        return not Path(local["path"]).is_relative_to(place)
    written = _WRITTEN.search(line)
    return bool(written) and not written["path"].startswith((str(place), "/dev/", "/proc/"))


@dataclass(frozen=True, slots=True)
class Watched:
    """A place for a person of whom nobody knows anything: a HOME, documents, and traces."""

    place: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        return kept | {
            "HOME": str(self.place / "home"),
            "TMPDIR": str(self.place / "temporary"),
            "PINCITE_HOME": str(self.place / "pincite"),
            "PINCITE_MODELS": str(self.place / "pincite" / "prepared"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Starts a command under strace, with an open input."""
        # A file for each thread, so that no call is cut in two by another's.
        traced = ["strace", "-ff", "--seccomp-bpf", "-y", "-s", "4096"]
        calls = "trace=network,open,openat,openat2,creat"
        return subprocess.Popen(
            [*traced, "-e", calls, "-o", str(self.place / f"{name}.trace"), *command],
            cwd=self.place, env=self.environment | environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def pincite(self, name: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return self.start(name, sys.executable, "-c", PROGRAM, *arguments, **environment)

    def offences(self) -> list[str]:
        """What went to another machine, and what was written elsewhere, by command."""
        found = [
            f"{trace.name}: {line}"
            for trace in sorted(self.place.glob("*.trace.*"))
            for line in trace.read_text("utf-8", "replace").splitlines()
            if offence(line, self.place)
        ]
        found += [
            f"left: {left}"
            for folder in ("home", "temporary")
            for left in (self.place / folder).rglob("*")
        ]
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    for folder in ("home", "temporary", "pincite", "releases"):
        (tmp_path / folder).mkdir()
    for name, text in RELEASES.items():
        (tmp_path / "releases" / name).write_text(text, "utf-8")
    return Watched(tmp_path.resolve())


def finished(process: subprocess.Popen[bytes], typed: bytes = b"") -> str:
    """What a command printed, once it has ended well."""
    printed = process.communicate(typed, timeout=600)[0].decode()
    assert process.returncode == 0, printed
    return printed


@contextmanager
def living(*processes: subprocess.Popen[bytes]) -> Iterator[None]:
    """Keeps commands running for a while, and ends them."""
    yield
    for process in processes:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:  # strace hands no signal on
            os.kill(int(child), signal.SIGTERM)
        process.communicate(timeout=60)


@straced
def test_no_command_reaches_another_machine_or_writes_elsewhere(watched: Watched) -> None:
    finished(watched.pincite("index", "index", "releases"))
    answer = finished(watched.pincite("ask", "ask", "What was agreed about the harbor of Busan?"))
    assert "harbour.txt#2@" in answer
    citation = re.search(r"harbour\.txt#2@\w+", answer)
    assert citation
    finished(watched.pincite("open", "open", citation[0], EDITOR="true"))
    for form, file in (("markdown", "a.md"), ("docx", "a.docx")):
        finished(watched.pincite(form, "export", citation[0], "-o", file, "--format", form))
    with workspace("socket") as slack:
        bot = watched.pincite("slack", "slack", **slack.environment())
        follower = watched.pincite("watch", "index", "releases", "--watch")
        page = watched.pincite("serve", "serve", "--port", "0")
        chat = watched.pincite("chat", "chat")
        assistant = watched.pincite("mcp", "mcp")
        assert assistant.stdin
        assistant.stdin.write(_CALL)
        assistant.stdin.flush()
        assert chat.stdin
        chat.stdin.write(b"What was agreed about the harbor of Busan?\n")
        chat.stdin.flush()
        assert page.stdout
        address = page.stdout.readline().decode().split()[1]
        with living(bot, follower, page):
            with urllib.request.urlopen(f"{address}?q=What+of+the+harbor%3F") as answered:
                assert b"harbour.txt#2@" in answered.read()
            time.sleep(LONG)
            assert slack.num_connections >= 1
            assert bot.poll() is follower.poll() is page.poll() is chat.poll() is None
            assert assistant.poll() is None
        assert "harbour.txt#2@" in finished(chat)
        assert "harbour.txt#2@" in finished(assistant)
    assert watched.offences() == []


LEAKS = (
    'connect(9, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("20.42.1.1")}, 16) = 0',
    'connect(9, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
    'sendto(9, "x", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), '
    'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 1',
    'sendto(9, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(80), '
    'sin_addr=inet_addr("192.0.2.1")}, 16) = 1',
    'connect(8, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 110) = 0',
    'openat(AT_FDCWD</p>, "/home/x/deviceid", O_RDWR|O_CREAT, 0644) = 5</home/x/deviceid>',
    'openat(7</home/x>, "y", O_WRONLY) = 5</home/x/y>',
    'openat2(AT_FDCWD</p>, "/e", {flags=O_RDWR|O_CREAT, mode=0600}, 24) = 5</e>',
    'creat("/home/x/z", 0600) = 5</home/x/z>',
)
HARMLESS = (
    'connect(9, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    'openat(AT_FDCWD</p>, "/p/index", O_RDWR|O_CREAT, 0644) = 5</p/index>',
    'openat(AT_FDCWD</p>, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 5</etc/hosts>',
    'openat(AT_FDCWD</p>, "/nowhere", O_RDWR) = -1 ENOENT (No such file or directory)',
    'openat(AT_FDCWD</p>, "/dev/null", O_RDWR) = 5</dev/null<char 1:3>>',
)


def test_what_counts_as_leaving() -> None:
    assert [line for line in LEAKS if not offence(line, Path("/p"))] == []
    assert [line for line in HARMLESS if offence(line, Path("/p"))] == []


@pytest.mark.skipif(not may_unshare(), reason="this machine permits no network namespaces")
def test_a_machine_without_a_network_indexes_and_answers(watched: Watched) -> None:
    def apart(*arguments: str) -> str:
        command = [*UNSHARE, sys.executable, "-c", PROGRAM, *arguments]
        return finished(
            subprocess.Popen(
                command, cwd=watched.place, env=watched.environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        )  # fmt: skip

    assert "Indexed 3 documents, 7 passages; 7 encoded" in apart("index", "releases")
    assert "harbour.txt#2@" in apart("ask", "What was agreed about the harbor of Busan?")


@straced
def test_the_watch_sees_a_runtime_that_reports(watched: Watched) -> None:
    """The same watch over the same runtime, without the variable that silences it."""
    finished(watched.pincite("index", "index", "releases"))
    loud = (
        "import os, pathlib, sys, time, embeddings; del os.environ['ORT_DISABLE_TELEMETRY']\n"
        "models = pathlib.Path(os.environ['PINCITE_MODELS'])\n"
        "embeddings.open_encoder(models, next(models.iterdir()).name).encode(['x'])\n"
        "time.sleep(float(sys.argv[1]))"
    )
    finished(watched.start("loud", sys.executable, "-c", loud, "12"))
    offences = watched.offences()
    assert any(each.startswith("loud.trace.") and "AF_INET" in each for each in offences), offences
    assert any(each.startswith("left: ") for each in offences), offences
