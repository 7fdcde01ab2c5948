"""What people thought of answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.slack.question import Question, question_from_json
from bot.slack.store.database import Database

_AGREES = "(vote = 'chosen' AND excluded.vote = 'down')"


@dataclass(frozen=True, slots=True)
class Vote:
    """What a user thought of the answer to a question, and why: `up`, `down` or, where they chose a
    passage that answers, `chosen`.

    `citations` are those of the answer, best first, or of the passage that was chosen.
    """

    question: Question
    vote: str
    comment: str
    citations: tuple[str, ...]

    @property
    def answer(self) -> str:
        """The citation of a passage that answers, by this vote; empty when it tells of none."""
        return next(iter(self.citations), "") if self.vote in ("up", "chosen") else ""


class VoteStore:
    """One vote for each question and user."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def cast(
        self, reference: str, user: str, vote: str, comment: str = "", chosen: str = ""
    ) -> None:
        """Keeps what a user thought of an answer in place of an earlier vote; `chosen` cites the
        passage that answers.

        That the answer is `down` agrees with a passage that was chosen before, which stays.
        """
        with self._database.changing() as database:
            database.execute(
                "INSERT INTO votes VALUES (?, ?, ?, ?, coalesce(nullif(?, ''), "
                "(SELECT answer FROM questions WHERE reference = ?), ''), ?) "
                "ON CONFLICT DO UPDATE SET "
                f"vote = iif({_AGREES}, vote, excluded.vote), "
                f"citations = iif({_AGREES}, citations, excluded.citations), "
                "comment = excluded.comment, at = excluded.at",
                (reference, user, vote, comment, chosen, reference, self._clock()),
            )

    def all(self) -> Iterator[Vote]:
        """Each vote on a question that was not deleted, oldest first."""
        rows = self._database.rows(
            "SELECT question, vote, comment, citations FROM votes JOIN questions "
            "USING (reference) WHERE json_extract(question, '$.text') != '' ORDER BY at"
        )
        for text, vote, comment, citations in rows:
            shown = tuple(filter(None, citations.split("\n")))
            yield Vote(question_from_json(text), vote, comment, shown)
