"""The bot over two corpus folders that change, of which people want to be told what is new."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from slack_bot import Bot, installed
from slack_standin import Slack

from bot.slack.store.store import STATE
from retriever.build.build import build_index
from retriever.index.home import Home

FOLDERS = """
[slack]
follow_ups = true
[slack.folders]
public = ["open"]
private = ["closed"]
direct = ["open", "closed"]
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Public channels see the folder `open`, private ones `closed`, and direct messages both."""

    slack: Slack
    bot: Bot
    home: Home
    folder: Path

    def build(self) -> None:
        """Makes a generation of what is there now."""
        _build(self.home, self.folder)

    def index(self) -> None:
        """Makes a generation, and waits until all who follow something were told of it."""
        self.build()
        self.wait()

    def wait(self) -> None:
        """Waits until nobody is to be told anything."""
        self.slack.wait_for(self._is_told, timeout=300, what="all to be told")
        self.slack.settle()

    def state(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the bot remembers."""
        with closing(sqlite3.connect(self.home.path / STATE, timeout=30)) as state:
            return state.execute(query, values).fetchall()

    def _is_told(self) -> bool:
        behind = (
            "SELECT 1 FROM follows WHERE step < coalesce((SELECT step FROM sightings "
            "WHERE generation = ?), 1e9)"
        )
        if self.state(behind, self.home.current()):  # looked at first
            return False
        return not self.state("SELECT 1 FROM questions WHERE done = 0")


def _build(home: Home, folder: Path) -> None:
    build_index(home, [folder / "open", folder / "closed"])


@contextmanager
def placed(models: Path, below: Path, mode: str = "socket") -> Iterator[Place]:
    """The bot over what the two folders below a path hold."""
    home = Home(below / "home")
    home.path.mkdir()
    (home.path / "models").symlink_to(models)
    _build(home, below / "documents")
    with installed(home, below / "log", FOLDERS, mode, follow_ups=True) as (slack, bot):
        yield Place(slack, bot, home, below / "documents")
