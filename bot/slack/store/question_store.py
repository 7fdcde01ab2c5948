"""Questions with their threads and answers.

A question is first claimed, under a key that Slack repeats when it delivers the same thing again;
the process that claims it answers it, and renews its claim as long as it lives. What a crash left
unanswered is free again after `LEASE`, with a note of whether an answer was being sent; and what
an unforeseen failure left, at once.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from sqlite3 import Connection
from typing import Literal

from bot.slack.question import Question, question_from_json
from bot.slack.store.amendments import Change, asking, pointing_at, with_followers
from bot.slack.store.database import Database
from bot.slack.store.question_rows import earlier_turns, questions_of_thread

LEASE = 10.0
"""Seconds until a claim that is not renewed is free again."""
_GIVEN_UP = 600.0
"""Seconds after which nobody waits for an answer any more."""
_FORGOTTEN = 86_400.0
"""Seconds after which nobody is told any more that it is too late."""
_UNANSWERED = ("busy", "error", "failed", "interrupted", "late", "undelivered")
"""Verdicts of questions whose askers were told that they may have no answer."""
_IS_NEWS = "coalesce(json_extract(question, '$.following'), '') != ''"
"""Of news: for which it is never too late."""

Left = Literal["", "sending", "too late"]
"""How a question was left: its answer was being sent, or it is too late for one."""


class QuestionStore:
    """The questions, as this process claims, answers and reads them."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock
        self._owner = secrets.token_hex(8)

    def claim(self, question: Question) -> bool:
        """Whether this question has not been asked before; then it is the caller's to answer."""
        with self._database.changing() as database:
            return self.insert(database, question)

    def insert(self, database: Connection, question: Question) -> bool:
        """As `claim`, within a transaction of others."""
        now = self._clock()
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
                "UPDATE questions SET done = 1, verdict = 'late' WHERE done = 0 AND lease < ? AND "
                f"asked < ? AND json_extract(question, '$.answered_at') = '' AND NOT {_IS_NEWS}",
                (now, now - _FORGOTTEN),
            )
            rows = database.execute(
                "UPDATE questions SET lease = ?, owner = ? WHERE done = 0 AND lease < ? "
                f"RETURNING question, sending, asked < ? AND NOT {_IS_NEWS}",
                (now + LEASE, self._owner, now, now - _GIVEN_UP),
            ).fetchall()
        return [
            (question_from_json(text), "sending" if sending else "too late" if late else "")
            for text, sending, late in rows
        ]

    def start_sending(self, question: Question, *, begins: bool = True) -> Question | None:
        """Notes that an answer is about to be sent, unless the question was edited, or not
        `begins`, that none was. Gives the question as it is by now; None when another process took
        over."""
        with self._database.changing() as database:
            rows = database.execute(
                "UPDATE questions SET sending = CASE "
                "WHEN ?1 AND json_extract(question, '$.edited') != ?2 THEN sending ELSE ?1 END "
                "WHERE reference = ?3 AND owner = ?4 AND done = 0 RETURNING question",
                (begins, question.edited, question.reference, self._owner),
            ).fetchall()
        return question_from_json(rows[0][0]) if rows else None

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

    def follow(self, question: Question) -> Question | None:
        """Keeps with a question what it is understood from: its words, and those before it as they
        are now. None when one of them changed meanwhile."""
        with self._database.changing() as database:
            database.execute("BEGIN IMMEDIATE")  # what is read here is not deleted meanwhile
            history = (*earlier_turns(database, question), *question.context)
            kept = database.execute(
                "UPDATE questions SET question = json_set(question, '$.text', ?, '$.pointed', ?, "
                "'$.pointed_by', ?, '$.history', json(?)) WHERE reference = ? "
                "AND json_extract(question, '$.edited') = ?",
                (question.text, question.pointed, question.pointed_by, json.dumps(history),
                 question.reference, question.edited),
            )  # fmt: skip
            return replace(question, history=history) if kept.rowcount else None

    def finish(
        self, question: Question, verdict: str = "", milliseconds: float | None = None,
        citations: Iterable[str] = (),
    ) -> Question | None:  # fmt: skip
        """Notes that a question is answered, best citation first, or that its asker knows why not.

        Gives the question as it is by now: one that was edited meanwhile is still to be answered.
        """
        with self._database.changing() as database:
            rows = database.execute(
                "UPDATE questions SET done = (json_extract(question, '$.edited') = ?1), "
                "verdict = ?2, milliseconds = ?3, "
                "answer = CASE json_extract(question, '$.edited') WHEN ?1 THEN ?4 ELSE '' END, "
                "question = json_set(question, '$.answered_at', ?5, '$.generation', ?6) "
                "WHERE reference = ?7 RETURNING question",
                (question.edited, verdict, milliseconds, "\n".join(citations),
                 question.answered_at, question.generation, question.reference),
            ).fetchall()  # fmt: skip
        return question_from_json(rows[0][0]) if rows else None

    def give_back(self, question: Question) -> None:
        """Frees a question that could not be answered, to be tried once more."""
        with self._database.changing() as database:
            database.execute(
                "UPDATE questions SET lease = 0, owner = '', "
                "question = json_set(question, '$.failures', ?) "
                "WHERE reference = ? AND owner = ? AND done = 0",
                (question.failures, question.reference, self._owner),
            )

    def amend(
        self, message_key: str, question: Question | None, words: str, edited: str
    ) -> list[Question]:
        """Notes that a message asks another question at the time `edited`, or none, and says these
        words; one that was deleted says none. What it said before is nowhere kept.

        Gives the questions that were understood from it and have their answers: they are the
        caller's to answer anew.
        """
        return self._change(
            lambda database: [
                *asking(database, message_key, question, edited),
                *pointing_at(database, message_key, words),
            ]
        )

    def reword(self, message_key: str, words: str) -> list[Question]:
        """Notes that a message which asked nothing says other words; as `amend` does, for the
        questions that point at it."""
        return self._change(lambda database: [*pointing_at(database, message_key, words)])

    def _change(self, found: Callable[[Connection], list[Change]]) -> list[Question]:
        with self._database.changing() as database:
            database.execute("BEGIN IMMEDIATE")
            changes = with_followers(database, found(database))
            for each in changes:
                self._keep(database, each)
        if changes:
            self._database.wipe()
        return [each.new for each in changes if each.is_answered]

    def _keep(self, database: Connection, change: Change) -> None:
        reference = change.new.reference
        database.execute(
            "UPDATE questions SET question = ? WHERE reference = ?",
            (json.dumps(asdict(change.new)), reference),
        )
        if change.is_answered:
            database.execute(
                "UPDATE questions SET done = 0, lease = ?, owner = ? WHERE reference = ?",
                (self._clock() + LEASE, self._owner, reference),
            )
        if not change.new.text:
            database.execute("UPDATE questions SET answer = '' WHERE reference = ?", (reference,))
            for table in ("votes", "follows"):
                database.execute(f"DELETE FROM {table} WHERE reference = ?", (reference,))

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
        found = self._database.rows(
            f"SELECT question FROM questions WHERE message = ? AND NOT {_IS_NEWS}", message_key
        )
        return question_from_json(found[0][0]) if found else None

    def thread(self, thread_key: str) -> list[Question]:
        """The answered questions of a thread, oldest first."""
        with self._database.changing() as database:
            thread = questions_of_thread(database, thread_key)
        return [each for each, done in thread if done or each.answered_at]

    def earlier(self, question: Question) -> tuple[str, ...]:
        """What was asked before a question, oldest first: in its thread as it is now, answered or
        not; for one that is in none, what it came with."""
        with self._database.changing() as database:
            return earlier_turns(database, question)

    def timings(self) -> list[tuple[float, str, float | None]]:
        """For each question, oldest first: when it was asked, in seconds since 1970, its verdict,
        and the milliseconds that its answer took."""
        return self._database.rows(
            "SELECT asked, verdict, milliseconds FROM questions ORDER BY asked"
        )
