"""The questions of which somebody wants to be told when there is more.

A question that was asked is followed by its reference, so that it is edited, deleted and forgotten
with its follow. What its place was told of is one number: the step of the last generation that was
looked at. It moves on in the transaction that claims the news, so that a crash tells nothing twice
and loses nothing.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.slack.question import Question, question_from_json
from bot.slack.store.database import Database
from bot.slack.store.question_store import QuestionStore
from retriever.following.sightings import Folders, new_rows, sight, step_of
from retriever.index.generation import Generation
from retriever.row_set import RowSet


@dataclass(frozen=True, slots=True)
class Follow:
    """A question with who follows it, of which workspace, and up to which step it was told of."""

    question: Question
    person: str
    person_team: str
    step: int


class FollowStore:
    """The follows, one for each question, and when words were first seen."""

    def __init__(
        self, database: Database, questions: QuestionStore, clock: Callable[[], float]
    ) -> None:
        self._database, self._questions, self._clock = database, questions, clock

    def begin(
        self, question: Question, person: str, person_team: str, generation: Generation,
        folders: Folders,
    ) -> None:  # fmt: skip
        """Follows a question from the generation that answered it on, where that was looked at,
        else from this one; `folders` may be seen where it is told. Once: who comes later changes
        nothing."""
        with self._database.changing() as database:
            step = step_of(database, question.generation) or sight(database, generation)
            database.execute(
                "INSERT OR IGNORE INTO follows VALUES (?, ?, ?, ?, ?, ?)",
                (question.reference, person, person_team, step, _as_json(folders), self._clock()),
            )

    def stop(self, reference: str) -> bool:
        """Follows a question no longer; whether it was followed."""
        with self._database.changing() as database:
            gone = database.execute("DELETE FROM follows WHERE reference = ?", (reference,))
            return gone.rowcount == 1

    def of(self, person: str, channel: str) -> list[Question]:
        """The questions that a person follows, and those of which everybody in a channel is told,
        in the order in which that began."""
        rows = self._database.rows(
            "SELECT question FROM follows JOIN questions USING (reference) WHERE person = ? OR "
            "(json_extract(question, '$.channel') = ? AND json_extract(question, '$.ts') != '') "
            "ORDER BY begun", person, channel,
        )  # fmt: skip
        return [question_from_json(text) for (text,) in rows]

    def behind(self, generation: str) -> list[Follow]:
        """The follows that were not told of a generation yet."""
        rows = self._database.rows(
            "SELECT question, person, person_team, follows.step FROM follows "
            "JOIN questions USING (reference) LEFT JOIN sightings ON generation = ? "
            "WHERE sightings.step IS NULL OR follows.step < sightings.step ORDER BY begun",
            generation,
        )
        return [Follow(question_from_json(text), *fields) for text, *fields in rows]

    def sight(self, generation: Generation) -> int:
        """The step of a generation, whose words are known from then on."""
        with self._database.changing() as database:
            return sight(database, generation)

    def new_rows(self, generation: Generation, news: Question, folders: Folders) -> RowSet:
        """The rows of a generation that are news to who may see these corpus folders.

        What stood in a folder that they saw earlier is none, should it have another name now.
        """
        with self._database.changing() as database:
            query = "SELECT folders FROM follows WHERE reference = ?"
            saw = database.execute(query, (news.following,)).fetchone()
            known = _together(json.loads(saw[0]) if saw else folders, folders)
            after, until = news.new_after, news.new_until
            return new_rows(database, generation, after, until, folders, known)

    def advance(self, follow: Follow, step: int, folders: Folders, news: Question | None) -> bool:
        """Notes that a follow was told up to a step, and claims its news, if there is some; False
        when another process did, or it was stopped."""
        reference = follow.question.reference
        with self._database.changing() as database:
            database.execute("BEGIN IMMEDIATE")
            query = "SELECT folders FROM follows WHERE reference = ? AND step = ?"
            found = database.execute(query, (reference, follow.step)).fetchone()
            if found is None:
                return False
            database.execute(
                "UPDATE follows SET step = ?, folders = ? WHERE reference = ?",
                (step, _as_json(_together(json.loads(found[0]), folders)), reference),
            )
            return news is None or self._questions.insert(database, news)


def _together(some: Folders, others: Folders) -> Folders:
    return None if some is None or others is None else {*some, *others}


def _as_json(folders: Collection[str] | None) -> str:
    return json.dumps(None if folders is None else sorted(folders))
