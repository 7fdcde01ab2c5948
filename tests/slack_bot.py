"""The bot as a process of its own, over a real index, as whoever installs it runs it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import slack_privacy
from slack_standin import Slack
from slack_world import Message

from bot.slack.running.app_manifest import app_manifest
from retriever.index.home import Home

ROOT = Path(__file__).parents[1]
QUESTION = "What was agreed with Sung Kim?"
PAGE = "Sung Kim"
"""Words that the answer to the question shows."""
PATIENCE = 30.0
"""Seconds for an acknowledgement; Slack leaves 3, but this machine may be busy."""
PROGRAM = "import sys; from bot.cli import main; sys.argv[0] = 'pincite'; main()"


def workspace(
    mode: str, *, follow_ups: bool = False, sharing: bool = False, **options: Any
) -> Slack:
    """A stand-in in which the bot is installed with its own manifest."""
    made = app_manifest(follow_ups=follow_ups, sharing=sharing)
    scopes = frozenset(made["oauth_config"]["scopes"]["bot"])
    events = frozenset(made["settings"]["event_subscriptions"]["bot_events"])
    usual = {"scopes": scopes, "subscriptions": events, "speed": 60, "patience": PATIENCE}
    return Slack(mode, **(usual | options))  # type: ignore[arg-type]


class Bot:
    """`pincite slack` over a home; its log goes to a file."""

    def __init__(self, slack: Slack, home: Home, log: Path, *options: str) -> None:
        self._slack, self._home, self._log, self._options = slack, home, log, options
        slack_privacy.watch(log, slack)
        self.process: subprocess.Popen[bytes]

    def start(self) -> "Bot":
        """Starts it, and does not wait."""
        variables = {**os.environ, **self._slack.environment()}
        variables |= {"PINCITE_HOME": str(self._home.path), "PYTHONPATH": str(ROOT)}
        self._life = len(self.log)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "slack", *self._options],
                cwd=self._home.path, env=variables, stdout=log, stderr=log,
            )  # fmt: skip
        return self

    def ready(self, timeout: float = 120.0) -> "Bot":
        """Waits until it can be asked."""
        end = time.monotonic() + timeout
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the bot is not ready:\n{self.log}")
            time.sleep(0.02)
        return self

    def _answers(self) -> bool:
        if self._slack.mode == "socket":
            return self._slack.num_connections >= 1
        return '"message": "ready"' in self.log[self._life :]

    def page(self, path: str) -> tuple[int, str]:
        """The status and text of one of its pages for those who watch it; 0 where it listens to
        nobody."""
        asked = http.client.HTTPConnection("127.0.0.1", self._slack.bot_port, timeout=30)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            asked.close()

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it has spent in this life."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def log(self) -> str:
        """All that it wrote, in this life and the earlier ones."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Its log, line by line."""
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    def stop(self, timeout: float = 120.0) -> int:
        """Asks it to end; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def kill(self) -> None:
        """Ends it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(120)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Gives it no time, as on a machine that is overloaded."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def running(slack: Slack, home: Home, log: Path, *options: str) -> Iterator[Bot]:
    """The bot, ready, and ended at the end."""
    bot = Bot(slack, home, log, *options).start()
    try:
        yield bot.ready()
    finally:
        if bot.process.poll() is None:
            bot.kill()


@contextmanager
def installed(
    home: Home, log: Path, stated: str = "", mode: str = "socket", **options: Any
) -> Iterator[tuple[Slack, Bot]]:
    """A workspace and the bot in it, with a table `[slack]` of settings."""
    if stated:
        (home.path / "pincite.toml").write_text(stated, "utf-8")
    with workspace(mode, **options) as slack, running(slack, home, log) as bot:
        yield slack, bot


class Stage(NamedTuple):
    """A workspace with the bot in it."""

    slack: Slack
    bot: Bot
    home: Home


@contextmanager
def staged(home: Home, place: Path, mode: str, stated: str = "", **options: Any) -> Iterator[Stage]:
    """As `installed`, with a copy of a home below `place`, where the log is too."""
    shutil.copytree(home.path, place / "home", symlinks=True)
    copy = Home(place / "home")
    with installed(copy, place / "log", stated, mode, **options) as (slack, bot):
        yield Stage(slack, bot, copy)


def forget(slack: Slack) -> None:
    """Clears what is on the screens, the calls, and the faults, for the next test."""

    def act() -> None:
        slack.world.ephemeral.clear()
        slack.world.views.clear()
        slack.server.calls.clear()
        slack.faults.clear()

    slack.server.do(act)


def told(slack: Slack, user: str = "U0ALICE", count: int = 1) -> list[Message]:
    """What one person alone was told, once it is so much and nothing more comes."""
    slack.wait_for(lambda: len(slack.ephemerals(user)) >= count, what=f"{count} for {user}")
    slack.settle()
    return slack.ephemerals(user)


def searched(answer: Message) -> str:
    """What was looked for: told where the question does not stand alone, else the question."""
    told = answer.visible_text.partition("Searched:")[2]
    asked = next((each for each in answer.blocks if each.get("block_id") == "question"), None)
    return told or str(asked and asked["elements"][0]["text"])


def replies(slack: Slack, channel: str, thread: str, count: int = 1) -> list[Message]:
    """The bot's messages in a thread, once they are so many and no more come."""

    def found() -> list[Message]:
        return [m for m in slack.messages(channel, thread) if m.user == "U0BOT"]

    slack.wait_for(lambda: len(found()) >= count, what=f"{count} replies")
    slack.settle()
    return found()
