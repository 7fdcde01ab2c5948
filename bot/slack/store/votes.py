"""What people thought of answers."""

from collections.abc import Callable, Iterator

from bot.slack.question import Question, question_from_json
from bot.slack.store.database import Database


class VoteStore:
    """One vote for each question and user."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def cast(self, reference: str, user: str, vote: str, comment: str = "") -> None:
        """Keeps what a user thought of an answer, `up` or `down`, in place of an earlier vote."""
        with self._database.changing() as database:
            database.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, "
                "coalesce((SELECT answer FROM questions WHERE reference = ?), ''), ?)",
                (reference, user, vote, comment, reference, self._clock()),
            )

    def all(self) -> Iterator[tuple[Question, str, str, list[str]]]:
        """Each vote, oldest first: the question, the vote, the comment, the citations."""
        rows = self._database.rows(
            "SELECT question, vote, comment, citations FROM votes JOIN questions "
            "USING (reference) ORDER BY at"
        )
        for text, vote, comment, citations in rows:
            yield question_from_json(text), vote, comment, list(filter(None, citations.split("\n")))
