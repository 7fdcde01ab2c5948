"""The questions that are followed on the command line, in one SQLite file of the home."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from retriever.following.sightings import SIGHTINGS, new_rows, sight, step_before
from retriever.index.generation import Generation
from retriever.index.home import FOLLOWING, Home
from retriever.row_set import RowSet

_QUESTIONS = """
CREATE TABLE IF NOT EXISTS questions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, folders TEXT,
  begun INTEGER NOT NULL, told INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """A question that is followed, in the corpus folders of these names or in all.

    `begun` and `told` are the steps of the generations at which that began, and up to which its
    news was shown.
    """

    number: int
    question: str
    folders: tuple[str, ...] | None
    begun: int
    told: int


class FollowedQuestions:
    """The open file; raises `sqlite3.Error` where it cannot be read or written."""

    def __init__(self, home: Home) -> None:
        file = home.path / FOLLOWING
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # it holds what somebody wants
        self._database = sqlite3.connect(file, timeout=30.0)
        self._database.executescript(SIGHTINGS + _QUESTIONS)

    def follow(self, generation: Generation, question: str, folders: tuple[str, ...] | None) -> int:
        """The number of a question that is followed from this generation on, or was before."""
        named = None if folders is None else json.dumps(sorted(set(folders)))
        with self._writing() as database:
            step = sight(database, generation)
            found = database.execute(
                "SELECT number FROM questions WHERE question = ? AND folders IS ?",
                (question, named),
            ).fetchone() or database.execute(
                "INSERT INTO questions (question, folders, begun, told) VALUES (?, ?, ?, ?) "
                "RETURNING number", (question, named, step, step),
            ).fetchone()  # fmt: skip
            return int(found[0])

    def stop(self, number: int) -> str:
        """The question that is followed no longer; empty when there was none of this number."""
        with self._writing() as database:
            found = database.execute(
                "DELETE FROM questions WHERE number = ? RETURNING question", (number,)
            ).fetchall()
        return str(found[0][0]) if found else ""

    def all(self) -> list[Followed]:
        """The questions, in the order of their numbers."""
        query = "SELECT number, question, folders, begun, told FROM questions ORDER BY number"
        return [
            Followed(number, question, folders and tuple(json.loads(folders)), begun, told)
            for number, question, folders, begun, told in self._database.execute(query)
        ]

    def sight(self, generation: Generation) -> int:
        """The step of a generation, whose words are known from then on."""
        with self._writing() as database:
            return sight(database, generation)

    def new_rows(self, generation: Generation, followed: Followed, since: str = "") -> RowSet:
        """The rows of a generation with words that its reader was not told of, or that came since
        an ISO day; none that were there when the question was followed."""
        after = followed.told
        if since:
            after = max(followed.begun, step_before(self._database, since))
        folders, until = followed.folders, self.sight(generation)
        return new_rows(self._database, generation, after, until, folders, folders)

    def note_told(self, followed: Followed, step: int) -> None:
        """Notes that the news of a question was shown up to this step."""
        with self._writing() as database:
            database.execute(
                "UPDATE questions SET told = max(told, ?) WHERE number = ?", (step, followed.number)
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The connection within one transaction, in which nobody else writes."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database
