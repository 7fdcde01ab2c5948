"""Questions that are followed in Slack: what is new is told where they were asked, once."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import RELEASES, release
from slack_bot import Bot, installed, replies, told
from slack_standin import Slack
from slack_world import Message

from bot.slack.sending import wording
from bot.slack.store.store import STATE
from retriever.build.build import build_index
from retriever.index.home import Home

ASKED = "What was agreed with Elbonia on the harbor of Busan?"
MORE = release(
    "Korea and Elbonia Sign Harbor Treaty (May 5)",
    "2021-05-06",
    "Korea and Elbonia agreed to widen the harbor of Busan by two further piers.",
)
FOLDERS = '[slack.folders]\npublic = ["open"]\ndirect = ["open", "closed"]\n'


@dataclass(frozen=True, slots=True)
class Place:
    """Two corpus folders, of which public channels see one, and the bot over their index."""

    slack: Slack
    bot: Bot
    home: Home
    folder: Path

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def index(self) -> None:
        """Indexes, and waits until all who follow something were told of that."""
        build_index(self.home, [self.folder / "open", self.folder / "closed"])
        self.slack.wait_for(self._is_told, what="all to be told")
        self.slack.settle()

    def _is_told(self) -> bool:
        with closing(sqlite3.connect(self.home.path / STATE)) as state:
            (step,) = state.execute(
                "SELECT max(step) FROM sightings WHERE generation = ?", (self.home.current(),)
            ).fetchone()
            behind = "SELECT count(*) FROM follows WHERE step < ?"
            return step and state.execute(behind, (step,)).fetchone() == (0,)


@pytest.fixture
def place(models: Path, tmp_path: Path) -> Iterator[Place]:
    home, folder = Home(tmp_path / "home"), tmp_path / "documents"
    home.path.mkdir()
    (home.path / "models").symlink_to(models)
    for name in ("open", "closed"):
        (folder / name).mkdir(parents=True)
    for name, text in RELEASES.items():
        (folder / "open" / name).write_text(text, "utf-8")
    (folder / "closed/minutes.txt").write_text(release("Minutes", "2021-01-01", "Tea was had."))
    build_index(home, [folder / "open", folder / "closed"])
    with installed(home, tmp_path / "log", FOLDERS) as (slack, bot):
        yield Place(slack, bot, home, folder)


def followed(place: Place, asked: str = ASKED) -> Message:
    """A mention whose answer is followed; gives the message of what is told to who clicked."""
    question = place.slack.mention(asked)
    (answer,) = replies(place.slack, "C0GENERAL", question.ts)
    place.slack.click(answer, "follow").wait()
    (notice,) = told(place.slack)
    assert wording.FOLLOWED_HERE in notice.visible_text
    return answer


def news_of(place: Place, answer: Message, count: int = 1) -> list[Message]:
    """What was told below an answer, once it is so much and nothing more comes."""
    answer_, *news = replies(place.slack, answer.channel, str(answer.thread_ts), count + 1)
    assert answer_.ts == answer.ts
    return news


def test_what_is_new_is_told_once_in_the_thread(place: Place) -> None:
    answer = followed(place)
    place.write("open/treaty.txt", MORE)
    place.index()
    (news,) = news_of(place, answer)
    assert "two further piers" in news.visible_text and wording.NEWS in news.visible_text
    assert news.text.startswith(f"{wording.NEWS}: “Korea and Elbonia agreed")
    shutil.copy(place.folder / "open/treaty.txt", place.folder / "open/again.txt")
    place.index()
    assert news_of(place, answer) == [news]
