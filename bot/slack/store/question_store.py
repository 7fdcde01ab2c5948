"""Questions with their threads and answers.

A question is first claimed, under a key that Slack repeats when it delivers the same thing again;
the process that claims it answers it, and renews its claim as long as it lives. What a crash left
unanswered is free again after `LEASE`, with a note of whether an answer was being sent; and what
an unforeseen failure left, at once.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Literal

from bot.slack.question import Question, question_from_json
from bot.slack.store.database import Database

LEASE = 10.0
"""Seconds until a claim that is not renewed is free again."""
_GIVEN_UP = 600.0
"""Seconds after which nobody waits for an answer any more."""
_FORGOTTEN = 86_400.0
"""Seconds after which nobody is told any more that it is too late."""
_UNANSWERED = ("busy", "error", "failed", "interrupted", "late", "undelivered")
"""Verdicts of questions whose askers were told that they may have no answer."""

Left = Literal["", "sending", "too late"]
"""How a question was left: its answer was being sent, or it is too late for one."""


class QuestionStore:
    """The questions, as this process claims, answers and reads them."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock
        self._owner = secrets.token_hex(8)

    def claim(self, question: Question) -> bool:
        """Whether this question has not been asked before; then it is the caller's to answer."""
        now = self._clock()
        with self._database.changing() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO questions (reference, key, asked, lease, owner, place, "
                "message, question) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (question.reference, question.key, now, now + LEASE, self._owner,
                 question.thread_key, question.message_key, json.dumps(asdict(question))),
            )  # fmt: skip
            return added.rowcount == 1

    def renew(self) -> None:
        """Keeps the claims of this process for another `LEASE`."""
        with self._database.changing() as database:
            database.execute(
                "UPDATE questions SET lease = ? WHERE done = 0 AND owner = ?",
                (self._clock() + LEASE, self._owner),
            )

    def unanswered(self) -> list[tuple[Question, Left]]:
        """Questions whose claim ran out, claimed anew by this process, and how each was left."""
        now = self._clock()
        with self._database.changing() as database:
            database.execute(
                "UPDATE questions SET done = 1, verdict = 'late' WHERE done = 0 AND lease < ? "
                "AND asked < ? AND json_extract(question, '$.answered_at') = ''",
                (now, now - _FORGOTTEN),
            )
            rows = database.execute(
                "UPDATE questions SET lease = ?, owner = ? WHERE done = 0 AND lease < ? "
                "RETURNING question, sending, asked < ?",
                (now + LEASE, self._owner, now, now - _GIVEN_UP),
            ).fetchall()
        return [
            (question_from_json(text), "sending" if sending else "too late" if late else "")
            for text, sending, late in rows
        ]

    def start_sending(self, question: Question, *, begins: bool = True) -> bool:
        """Notes that an answer is about to be sent, or not `begins`, that none was; False when
        another process took over."""
        with self._database.changing() as database:
            noted = database.execute(
                "UPDATE questions SET sending = ? WHERE reference = ? AND owner = ? AND done = 0",
                (begins, question.reference, self._owner),
            )
            return noted.rowcount == 1

    def reopen(self, question: Question) -> Question | None:
        """Claims a question once more whose asker was told that it may have no answer, with the
        fields that it has here; None when it has one by now or waits for it."""
        now, marks = self._clock(), ", ".join("?" * len(_UNANSWERED))
        with self._database.changing() as database:
            rows = database.execute(
                "UPDATE questions SET done = 0, sending = 0, asked = ?, lease = ?, owner = ?, "
                "verdict = '', question = ? WHERE reference = ? AND done = 1 "
                f"AND verdict IN ({marks}) AND json_extract(question, '$.text') = ? "
                "RETURNING question",
                (now, now + LEASE, self._owner, json.dumps(asdict(question)), question.reference,
                 *_UNANSWERED, question.text),
            ).fetchall()  # fmt: skip
        return question_from_json(rows[0][0]) if rows else None

    def finish(
        self, question: Question, verdict: str = "", milliseconds: float | None = None,
        citations: Iterable[str] = (),
    ) -> Question | None:  # fmt: skip
        """Notes that a question is answered, best citation first, or that its asker knows why not.

        Gives the question as it is by now: one that was edited meanwhile is still to be answered.
        """
        with self._database.changing() as database:
            rows = database.execute(
                "UPDATE questions SET done = (json_extract(question, '$.edited') = ?), "
                "verdict = ?, milliseconds = ?, answer = ?, "
                "question = json_set(question, '$.answered_at', ?, '$.generation', ?, "
                "'$.history', json(?)) WHERE reference = ? RETURNING question",
                (question.edited, verdict, milliseconds, "\n".join(citations), question.answered_at,
                 question.generation, json.dumps(question.history), question.reference),
            ).fetchall()  # fmt: skip
        return question_from_json(rows[0][0]) if rows else None

    def give_back(self, question: Question, *, unsent: bool = False) -> None:
        """Frees a question that could not be answered, to be tried once more; `unsent` where
        nothing was sent."""
        with self._database.changing() as database:
            database.execute(
                "UPDATE questions SET lease = 0, owner = '', "
                "question = json_set(question, '$.failures', ?) WHERE reference = ? AND done = 0",
                (question.failures, question.reference),
            )
            if unsent:
                database.execute(
                    "UPDATE questions SET sending = 0 WHERE reference = ? AND done = 0",
                    (question.reference,),
                )

    def amend(self, question: Question, text: str, edited: str) -> Question | None:
        """Notes that a question was edited, or with no text deleted; None when a later edit is
        known already. The old text is taken out of the history of later questions.

        A question that has its answer is the caller's to answer anew.
        """
        with self._database.changing() as database:
            later = database.execute(
                "SELECT reference, json_extract(question, '$.history') FROM questions "
                "WHERE place IN (?, '') AND EXISTS "
                "(SELECT 1 FROM json_each(question, '$.history') WHERE value = ?)",
                (question.thread_key, question.text),
            ).fetchall()
            for reference, history in later:
                kept = [text if old == question.text else old for old in json.loads(history)]
                database.execute(
                    "UPDATE questions SET question = json_set(question, '$.history', json(?)) "
                    "WHERE reference = ?", (json.dumps(list(filter(None, kept))), reference),
                )  # fmt: skip
            rows = database.execute(
                "UPDATE questions SET question = json_set(question, '$.text', ?, '$.edited', ?) "
                "WHERE reference = ? AND json_extract(question, '$.edited') < ? "
                "RETURNING question",
                (text, edited, question.reference, edited),
            ).fetchall()
            database.execute(
                "UPDATE questions SET done = 0, lease = ?, owner = ? WHERE reference = ? "
                "AND done = 1 AND json_extract(question, '$.answered_at') != ''",
                (self._clock() + LEASE, self._owner, question.reference),
            )
        return question_from_json(rows[0][0]) if rows else None

    def release(self) -> None:
        """Frees what this process claimed and did not answer, for the next one to answer."""
        with self._database.changing() as database:
            database.execute(
                "UPDATE questions SET lease = 0, owner = '' WHERE done = 0 AND owner = ?",
                (self._owner,),
            )

    def find(self, reference: str) -> Question | None:
        """The question of this reference, if it is still kept."""
        found = self._database.rows("SELECT question FROM questions WHERE reference = ?", reference)
        return question_from_json(found[0][0]) if found else None

    def asked_by(self, message_key: str) -> Question | None:
        """The question that this message asked, if any."""
        found = self._database.rows("SELECT question FROM questions WHERE message = ?", message_key)
        return question_from_json(found[0][0]) if found else None

    def thread(self, thread_key: str) -> list[Question]:
        """The answered questions of a thread, oldest first."""
        return [each for each, done in self._thread(thread_key) if done or each.answered_at]

    def earlier(self, question: Question) -> tuple[str, ...]:
        """What was asked before a question, oldest first: in its thread as it is now, answered or
        not; for one that is in none, what it came with."""
        if not question.thread_key:
            return question.history
        thread = (each for each, _ in self._thread(question.thread_key))
        return tuple(each.text for each in thread if each.ts < question.ts)

    def _thread(self, thread_key: str) -> list[tuple[Question, bool]]:
        rows = self._database.rows(
            "SELECT question, done FROM questions WHERE place = ? "
            "AND json_extract(question, '$.text') != '' ORDER BY json_extract(question, '$.ts')",
            thread_key,
        ) if thread_key else []  # fmt: skip
        return [(question_from_json(text), bool(done)) for text, done in rows]

    def timings(self) -> list[tuple[float, str, float | None]]:
        """For each question, oldest first: when it was asked, in seconds since 1970, its verdict,
        and the milliseconds that its answer took."""
        return self._database.rows(
            "SELECT asked, verdict, milliseconds FROM questions ORDER BY asked"
        )
