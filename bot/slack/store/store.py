"""The store of the bot: its questions, votes and facts, and what is deleted when."""

import time
from collections.abc import Callable
from pathlib import Path

from bot.slack.store.database import Database
from bot.slack.store.facts import FactStore
from bot.slack.store.question_store import QuestionStore
from bot.slack.store.votes import VoteStore

KEPT_DAYS = 30
"""How long questions are kept."""


class Store:
    """What is kept in one file; `clock` gives seconds since 1970."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = Database(path), clock
        self.questions = QuestionStore(self._database, clock)
        self.votes = VoteStore(self._database, clock)
        self.facts = FactStore(self._database, clock)

    def forget_team(self, team: str) -> None:
        """Deletes what a workspace asked, when it removes the app."""
        with self._database.changing() as database:
            of_team = "json_extract(question, '$.team') = ?"
            asked = f"SELECT reference FROM questions WHERE {of_team}"
            database.execute(f"DELETE FROM votes WHERE reference IN ({asked})", (team,))
            database.execute(f"DELETE FROM questions WHERE {of_team}", (team,))
            database.execute("DELETE FROM facts")

    def prune(self) -> None:
        """Deletes what is older than `KEPT_DAYS`, except what people voted on."""
        oldest = self._clock() - KEPT_DAYS * 86_400
        with self._database.changing() as database:
            database.execute("DELETE FROM seen WHERE at < ?", (oldest,))
            database.execute(
                "DELETE FROM questions WHERE asked < ? AND reference NOT IN "
                "(SELECT reference FROM votes)", (oldest,),
            )  # fmt: skip

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
