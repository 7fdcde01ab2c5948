"""What the bot remembers, in one SQLite file: questions with their threads, votes, and facts.

A question is first claimed, under a key that Slack repeats when it delivers the same thing again;
the process that claims it answers it, and renews its claim as long as it lives. What a crash left
unanswered is free again after `LEASE`, with a note of whether an answer was being sent; and what
an unforeseen failure left, at once.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.slack.question import Question, question_of

LEASE = 10.0
"""Seconds until a claim that is not renewed is free again."""
GIVEN_UP = 600.0
"""Seconds after which nobody waits for an answer any more."""
DAYS = 30
"""How long questions are kept."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
  reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, asked REAL NOT NULL, lease REAL NOT NULL,
  owner TEXT NOT NULL, sending INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
  place TEXT NOT NULL, message TEXT NOT NULL, question TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT '', milliseconds REAL, answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS places ON questions (place, asked);
CREATE INDEX IF NOT EXISTS messages ON questions (message);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
  reference TEXT NOT NULL, person TEXT NOT NULL, vote TEXT NOT NULL, comment TEXT NOT NULL,
  citations TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (reference, person)
);
"""


class State:
    """The file; safe to use from several threads and processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._lock, self._clock = threading.Lock(), clock
        self._owner = secrets.token_hex(8)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=30, check_same_thread=False)
        path.chmod(0o600)  # it holds what people asked
        with self._lock:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")  # survives a killed process
            self._database.executescript(_SCHEMA)

    def claim(self, question: Question) -> bool:
        """Whether this question has not been asked before; then it is the caller's to answer."""
        now = self._clock()
        with self._changing() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO questions (reference, key, asked, lease, owner, place, "
                "message, question) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (question.reference, question.key, now, now + LEASE, self._owner, question.place,
                 question.message, json.dumps(asdict(question))),
            )  # fmt: skip
            return added.rowcount == 1

    def first_time(self, key: str) -> bool:
        """Whether this has not happened before: a click or an event that asks nothing."""
        with self._changing() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, self._clock())
            )
            return added.rowcount == 1

    def forget(self, key: str) -> None:
        """Lets something happen again that did not succeed."""
        with self._changing() as database:
            database.execute("DELETE FROM seen WHERE key = ?", (key,))

    def note(self, name: str, value: str) -> bool:
        """Keeps a fact, for good, until it is another; whether it is news."""
        if self.fact(name) == value:
            return False
        with self._changing() as database:
            database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
        return True

    def fact(self, name: str) -> str:
        """A fact that was noted; empty when none was."""
        found = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    def renew(self) -> None:
        """Keeps the claims of this process."""
        with self._changing() as database:
            database.execute(
                "UPDATE questions SET lease = ? WHERE done = 0 AND owner = ?",
                (self._clock() + LEASE, self._owner),
            )

    def unanswered(self) -> list[tuple[Question, bool]]:
        """Questions whose claim ran out, claimed anew by this process; for each, whether an answer
        was being sent."""
        now = self._clock()
        with self._changing() as database:
            rows = database.execute(
                "UPDATE questions SET lease = ?, owner = ? WHERE done = 0 AND lease < ? "
                "AND asked > ? RETURNING question, sending",
                (now + LEASE, self._owner, now, now - GIVEN_UP),
            ).fetchall()
        return [(question_of(text), bool(sending)) for text, sending in rows]

    def sending(self, question: Question) -> bool:
        """Notes that an answer is about to be sent; False when another process took over."""
        with self._changing() as database:
            noted = database.execute(
                "UPDATE questions SET sending = 1 WHERE reference = ? AND owner = ? AND done = 0",
                (question.reference, self._owner),
            )
            return noted.rowcount == 1

    def finish(
        self, question: Question, verdict: str = "", milliseconds: float | None = None,
        answer: str = "",
    ) -> Question | None:  # fmt: skip
        """Notes that a question is answered, or that its asker has been told why not.

        Gives the question as it is by now: one that was edited meanwhile is still to be answered.
        """
        with self._changing() as database:
            rows = database.execute(
                "UPDATE questions SET done = (json_extract(question, '$.edited') = ?), "
                "verdict = ?, milliseconds = ?, answer = ?, "
                "question = json_set(question, '$.answered_at', ?, '$.generation', ?, "
                "'$.history', json(?)) WHERE reference = ? RETURNING question",
                (question.edited, verdict, milliseconds, answer, question.answered_at,
                 question.generation, json.dumps(question.history), question.reference),
            ).fetchall()  # fmt: skip
        return question_of(rows[0][0]) if rows else None

    def give_back(self, question: Question) -> None:
        """Frees a question that could not be answered, to be tried once more."""
        with self._changing() as database:
            database.execute(
                "UPDATE questions SET lease = 0, owner = '', "
                "question = json_set(question, '$.failures', ?) WHERE reference = ? AND done = 0",
                (question.failures + 1, question.reference),
            )

    def amend(self, question: Question, text: str, edited: str) -> Question | None:
        """Notes that a question was edited, or with no text deleted; None when a later edit is
        known already. No later question remembers the old text.

        A question that has its answer is the caller's to answer anew.
        """
        with self._changing() as database:
            later = database.execute(
                "SELECT reference, json_extract(question, '$.history') FROM questions "
                "WHERE place IN (?, '') AND EXISTS "
                "(SELECT 1 FROM json_each(question, '$.history') WHERE value = ?)",
                (question.place, question.text),
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
        return question_of(rows[0][0]) if rows else None

    def release(self) -> None:
        """Frees what this process claimed and did not answer, for the next one to answer."""
        with self._changing() as database:
            database.execute(
                "UPDATE questions SET lease = 0, owner = '' WHERE done = 0 AND owner = ?",
                (self._owner,),
            )

    def question(self, reference: str) -> Question | None:
        """The question of this reference, if it is still kept."""
        found = self._rows("SELECT question FROM questions WHERE reference = ?", reference)
        return question_of(found[0][0]) if found else None

    def asked_in(self, message: str) -> Question | None:
        """The question that this message asked, if any."""
        found = self._rows("SELECT question FROM questions WHERE message = ?", message)
        return question_of(found[0][0]) if found else None

    def thread(self, place: str) -> list[Question]:
        """The answered questions of a thread, oldest first."""
        return [each for each, done in self._thread(place) if done or each.answered_at]

    def earlier(self, question: Question) -> tuple[str, ...]:
        """What was asked before a question, oldest first: in its thread as it is now, answered or
        not; for one that is in none, what it came with."""
        if not question.place:
            return question.history
        thread = (each for each, _ in self._thread(question.place))
        return tuple(each.text for each in thread if each.ts < question.ts)

    def _thread(self, place: str) -> list[tuple[Question, bool]]:
        rows = self._rows(
            "SELECT question, done FROM questions WHERE place = ? "
            "AND json_extract(question, '$.text') != '' ORDER BY json_extract(question, '$.ts')",
            place,
        ) if place else []  # fmt: skip
        return [(question_of(text), bool(done)) for text, done in rows]

    def answer(self, reference: str) -> list[str]:
        """The citations that answered a question, best first."""
        found = self._rows("SELECT answer FROM questions WHERE reference = ?", reference)
        return list(filter(None, found[0][0].split("\n"))) if found else []

    def vote(self, reference: str, person: str, vote: str, comment: str = "") -> None:
        """Keeps what somebody thought of an answer; the last word counts."""
        citations = "\n".join(self.answer(reference))
        with self._changing() as database:
            database.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?, ?)",
                (reference, person, vote, comment, citations, self._clock()),
            )

    def votes(self) -> Iterator[tuple[Question, str, str, list[str]]]:
        """Each vote with its question: the question, the vote, the comment, the citations."""
        rows = self._rows(
            "SELECT question, vote, comment, citations FROM votes JOIN questions "
            "USING (reference) ORDER BY at"
        )
        for text, vote, comment, citations in rows:
            yield question_of(text), vote, comment, list(filter(None, citations.split("\n")))

    def figures(self) -> list[tuple[float, str, float | None]]:
        """When each question was asked, its verdict, and the milliseconds that it took."""
        return self._rows("SELECT asked, verdict, milliseconds FROM questions ORDER BY asked")

    def forget_team(self, team: str) -> None:
        """Deletes what a workspace asked, when it removes the app."""
        with self._changing() as database:
            of_team = "json_extract(question, '$.team') = ?"
            asked = f"SELECT reference FROM questions WHERE {of_team}"
            database.execute(f"DELETE FROM votes WHERE reference IN ({asked})", (team,))
            database.execute(f"DELETE FROM questions WHERE {of_team}", (team,))
            database.execute("DELETE FROM facts")

    def prune(self) -> None:
        """Deletes what is older than `DAYS`, except what people voted on."""
        oldest = self._clock() - DAYS * 86_400
        with self._changing() as database:
            database.execute("DELETE FROM seen WHERE at < ?", (oldest,))
            database.execute(
                "DELETE FROM questions WHERE asked < ? AND reference NOT IN "
                "(SELECT reference FROM votes)", (oldest,),
            )  # fmt: skip

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._database:
            yield self._database

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._database.execute(query, values).fetchall()
