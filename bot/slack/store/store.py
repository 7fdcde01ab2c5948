"""The store of the bot: its questions, votes and facts, and what is deleted when."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.slack.store.database import Database, kept_aside, remove_with_logs
from bot.slack.store.facts import FactStore
from bot.slack.store.follows import FollowStore
from bot.slack.store.question_store import QuestionStore
from bot.slack.store.votes import VoteStore

KEPT_DAYS = 30
"""How long questions are kept where the settings do not say."""
STATE = "state.db"
"""The name of the file in the home folder."""
_DAY = 86_400
_ASKED_BY = (
    "coalesce(json_extract(question, '$.user'), json_extract(question, '$.person')) = :user AND "
    ":team IN ('', json_extract(question, '$.team'), json_extract(question, '$.user_team'))"
)
_SAID_BY = (
    "json_extract(question, '$.pointed_by') = :user AND "
    ":team IN ('', json_extract(question, '$.team'))"
)
"""What points at a message of theirs, which need not have asked anything."""
_GONE = """
DROP TABLE IF EXISTS temp.gone;
CREATE TEMP TABLE gone (reference TEXT, place TEXT, message TEXT, words TEXT);
CREATE INDEX temp.gone_words ON gone (words);
CREATE INDEX temp.gone_messages ON gone (message);
"""
"""The questions that are forgotten, with the words of each, and words that others point at."""
_NEWS_OF_GONE = (
    "INSERT INTO gone SELECT reference, place, message, json_extract(question, '$.text') FROM "
    "questions WHERE json_extract(question, '$.following') IN (SELECT reference FROM gone)"
)
_PAST = "json_each(questions.question, '$.history')"
_IS_GONE = "EXISTS (SELECT 1 FROM gone WHERE words = value AND questions.place IN (place, ''))"
_WITHOUT_HISTORY = (
    "UPDATE questions SET question = json_set(question, '$.history', "
    f"json((SELECT json_group_array(value) FROM {_PAST} WHERE NOT {_IS_GONE}))) "
    f"WHERE EXISTS (SELECT 1 FROM {_PAST} WHERE {_IS_GONE})"
)
_WITHOUT_POINTED = (
    "UPDATE questions SET question = json_set(question, '$.pointed', '', '$.pointed_at', '', "
    "'$.pointed_by', '', '$.text', "
    "iif(json_extract(question, '$.text') = json_extract(question, '$.pointed'), "
    "json_extract(question, '$.typed'), json_extract(question, '$.text'))) "
    "WHERE json_extract(question, '$.pointed_at') IN (SELECT message FROM gone WHERE message != '')"
    f" OR ({_SAID_BY})"
)
_WITHOUT_QUESTION = "DELETE FROM follows WHERE reference NOT IN (SELECT reference FROM questions)"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted: questions, votes, and damaged files that may have held more."""

    questions: int
    votes: int
    damaged_files: int = 0


class Store:
    """What is kept in one file, for `keep_days`; `clock` gives seconds since 1970."""

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, keep_days: int = KEPT_DAYS
    ) -> None:
        self._path, self._database, self._clock = path, Database(path), clock
        self.keep_days = keep_days
        self.questions = QuestionStore(self._database, clock)
        self.votes = VoteStore(self._database, clock)
        self.follows = FollowStore(self._database, self.questions, clock)
        self.facts = FactStore(self._database, clock)

    @property
    def trouble(self) -> str:
        """Why the last change could not be kept; empty when it was."""
        return self._database.trouble

    @property
    def damaged_files(self) -> list[str]:
        """The names of the damaged files that are kept aside."""
        return [each.name for each in kept_aside(self._path)]

    def forget_team(self, team: str) -> None:
        """Deletes what a workspace asked, when it removes the app."""
        with self._database.changing() as database:
            of_team = "json_extract(question, '$.team') = ?"
            asked = f"SELECT reference FROM questions WHERE {of_team}"
            database.execute(f"DELETE FROM votes WHERE reference IN ({asked})", (team,))
            database.execute(f"DELETE FROM questions WHERE {of_team}", (team,))
            database.execute(_WITHOUT_QUESTION)
            database.execute("DELETE FROM facts")
        self._remove_damaged()
        self.wipe()

    def forget_person(self, user: str, team: str = "") -> Forgotten:
        """Deletes what a person asked, with the votes on it, what they voted and commented, and
        their words in later questions; with `team`, only those of a workspace."""
        named = {"user": user, "team": team}
        with self._database.changing() as database:
            database.executescript(_GONE)
            for words in ("text", "pointed"):
                database.execute(
                    "INSERT INTO gone SELECT reference, place, message, "
                    f"json_extract(question, '$.{words}') FROM questions WHERE {_ASKED_BY}", named
                )  # fmt: skip
            database.execute(_NEWS_OF_GONE)
            database.execute(
                "INSERT INTO gone SELECT NULL, place, '', json_extract(question, '$.pointed') "
                f"FROM questions WHERE {_SAID_BY}", named
            )  # fmt: skip
            votes = database.execute(
                "DELETE FROM votes WHERE reference IN (SELECT reference FROM gone) OR "
                "(person = :user AND (:team = '' OR reference IN (SELECT reference FROM questions "
                "WHERE json_extract(question, '$.team') = :team)))", named
            ).rowcount  # fmt: skip
            asked = database.execute(
                "DELETE FROM questions WHERE reference IN (SELECT reference FROM gone)"
            ).rowcount
            database.execute(
                "DELETE FROM follows WHERE person = :user AND :team IN ('', person_team)", named
            )
            database.execute(_WITHOUT_QUESTION)
            database.execute(_WITHOUT_HISTORY)
            database.execute(_WITHOUT_POINTED, named)
            database.execute("DELETE FROM facts WHERE name = 'home:' || :user", named)
            database.execute("DROP TABLE gone")
        damaged = self._remove_damaged()
        self.wipe()
        return Forgotten(asked, votes, damaged)

    def forget_older(self, days: int) -> Forgotten:
        """Deletes what is older than so many days, also what people voted on or follow."""
        oldest = self._clock() - days * _DAY
        with self._database.changing() as database:
            votes = database.execute(
                "DELETE FROM votes WHERE reference NOT IN "
                "(SELECT reference FROM questions WHERE asked >= ?)", (oldest,),
            ).rowcount  # fmt: skip
            asked = database.execute("DELETE FROM questions WHERE asked < ?", (oldest,)).rowcount
            database.execute(_WITHOUT_QUESTION)
        damaged = self._remove_damaged(before=oldest)
        self.wipe()
        return Forgotten(asked, votes, damaged)

    def prune(self) -> None:
        """Deletes what is older than `keep_days`, except what people voted on or follow."""
        oldest = self._clock() - self.keep_days * _DAY
        with self._database.changing() as database:
            database.execute("DELETE FROM seen WHERE at < ?", (oldest,))
            database.execute(
                "DELETE FROM questions WHERE asked < ? AND reference NOT IN "
                "(SELECT reference FROM votes UNION SELECT reference FROM follows)", (oldest,),
            )  # fmt: skip
        self._remove_damaged(before=oldest)
        self.wipe()

    def wipe(self) -> None:
        """Takes what was deleted off the disk, at once or with a later `tidy`."""
        self._database.wipe()

    def tidy(self) -> None:
        """Takes off the disk what could not be when it was deleted."""
        self._database.tidy()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _remove_damaged(self, before: float | None = None) -> int:
        """Removes the damaged files, or those last written `before`; gives their number."""
        old = [
            each for each in kept_aside(self._path)
            if before is None or each.stat().st_mtime < before
        ]  # fmt: skip
        for each in old:
            remove_with_logs(each)
        return len(old)
