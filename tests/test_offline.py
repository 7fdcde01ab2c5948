"""Offline means every byte: what each command does, watched from outside its process.

Native libraries open sockets and files of their own, which nothing inside the interpreter sees; and
some keep quiet where `CI` is set. So each command runs without it, in a HOME of its own, under
strace: no socket but loopback's, and nothing written outside the folders that are Pincite's.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import RELEASES, ROOT
from slack_bot import PROGRAM, workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed here"),
]

LONG = 30.0
"""Seconds that the long-lived commands are watched: what reports does so after ten."""

_INET = re.compile(r"sa_family=AF_INET6?,")
_LOOPBACK = re.compile(r"inet_addr\(\"(?:127\.[\d.]+|0\.0\.0\.0)\"\)|inet_pton\(AF_INET6, \"::1\"")
_WRITTEN = re.compile(
    # openat(AT_FDCWD, "/home/me/x", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 5
    r"open(?:at)?\((?:AT_FDCWD, )?\"(?P<path>[^\"]*)\", [A-Z_|]*(?:O_CREAT|O_WRONLY|O_RDWR)"
    r"[A-Z_|]*(?:, 0\d+)?\) = \d"
)


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
        traced = ["strace", "-f", "--seccomp-bpf", "-e", "trace=network,open,openat,creat"]
        return subprocess.Popen(
            [*traced, "-o", str(self.place / f"{name}.trace"), *command],
            cwd=self.place, env=self.environment | environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def pincite(self, name: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return self.start(name, sys.executable, "-c", PROGRAM, *arguments, **environment)

    def offences(self) -> list[str]:
        """What went to another machine, and what was written elsewhere, by command."""
        found = []
        for trace in sorted(self.place.glob("*.trace")):
            for line in trace.read_text("utf-8", "replace").splitlines():
                leaves = _INET.search(line) and not _LOOPBACK.search(line)
                written = _WRITTEN.search(line)
                outside = written and not (self.place / written["path"]).resolve().is_relative_to(
                    self.place
                )
                if leaves or (outside and not written["path"].startswith(("/dev/", "/proc/"))):
                    found.append(f"{trace.stem}: {line.partition(' ')[2]}")
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


def test_no_command_reaches_another_machine_or_writes_elsewhere(watched: Watched) -> None:
    finished(watched.pincite("index", "index", "releases"))
    answer = finished(watched.pincite("ask", "ask", "What was agreed about the harbor of Busan?"))
    assert "harbour.txt#2@" in answer
    with workspace("socket") as slack:
        bot = watched.pincite("slack", "slack", **slack.environment())
        follower = watched.pincite("watch", "index", "releases", "--watch")
        chat = watched.pincite("chat", "chat")
        assert chat.stdin
        chat.stdin.write(b"What was agreed about the harbor of Busan?\n")
        chat.stdin.flush()
        with living(bot, follower):
            time.sleep(LONG)
            assert slack.num_connections >= 1
            assert bot.poll() is follower.poll() is chat.poll() is None
        assert "harbour.txt#2@" in finished(chat)
    assert watched.offences() == []


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
    assert any(each.startswith("loud: ") and "AF_INET" in each for each in offences), offences
    assert any(each.startswith("left: ") for each in offences), offences
