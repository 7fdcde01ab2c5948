"""What the bot remembers, in one SQLite file: questions with their threads, and people's votes.

A question is first claimed, under a key that Slack repeats when it delivers the same thing again;
the process that claims it answers it, and renews its claim as long as it lives. What a crash left
unanswered is free again after `LEASE`, with a note of whether an answer was being sent.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

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
CREATE TABLE IF NOT EXISTS votes (
  reference TEXT NOT NULL, person TEXT NOT NULL, vote TEXT NOT NULL, comment TEXT NOT NULL,
  citations TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (reference, person)
);
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody asked it in Slack, and where its answer belongs.

    `place` is the thread that it is part of, empty where there is none; `message` names the message
    that asked it. `answered_at` is the timestamp of the bot's answer, once it is known.
    `edited` is the timestamp of the last edit; a deleted question has no text any more.
    `history` are the earlier questions of the thread, oldest first, and `asked_on` an ISO day.
    """

    surface: str
    team: str
    channel: str
    person: str
    text: str
    key: str
    kind: str = "public"
    ts: str = ""
    thread: str = ""
    response_url: str = ""
    asked_on: str = ""
    history: tuple[str, ...] = ()
    generation: str = ""
    note: str = ""
    reference: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    answered_at: str = ""
    edited: str = ""

    @property
    def place(self) -> str:
        """The thread, as a key."""
        return f"{self.team}:{self.channel}:{self.thread}" if self.thread else ""

    @property
    def message(self) -> str:
        """The message that asked, as a key."""
        return f"{self.team}:{self.channel}:{self.ts}" if self.ts else ""


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

    def has_seen(self, key: str) -> bool:
        """Whether this has happened before."""
        return bool(self._rows("SELECT 1 FROM seen WHERE key = ?", key))

    def forget(self, key: str) -> None:
        """Lets something happen again that did not succeed."""
        with self._changing() as database:
            database.execute("DELETE FROM seen WHERE key = ?", (key,))

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
        return [(_question(text), bool(sending)) for text, sending in rows]

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

        Gives the question as it is by now: it may have been edited meanwhile.
        """
        with self._changing() as database:
            rows = database.execute(
                "UPDATE questions SET done = 1, verdict = ?, milliseconds = ?, answer = ?, "
                "question = json_set(question, '$.answered_at', ?, '$.generation', ?, "
                "'$.history', json(?)) WHERE reference = ? RETURNING question",
                (verdict, milliseconds, answer, question.answered_at, question.generation,
                 json.dumps(question.history), question.reference),
            ).fetchall()  # fmt: skip
        return _question(rows[0][0]) if rows else None

    def amend(self, question: Question, text: str, edited: str) -> Question | None:
        """Notes that a question was edited, or with no text deleted; None when a later edit is
        known already."""
        with self._changing() as database:
            rows = database.execute(
                "UPDATE questions SET question = json_set(question, '$.text', ?, '$.edited', ?) "
                "WHERE reference = ? AND json_extract(question, '$.edited') < ? "
                "RETURNING question",
                (text, edited, question.reference, edited),
            ).fetchall()
        return _question(rows[0][0]) if rows else None

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
        return _question(found[0][0]) if found else None

    def asked_in(self, message: str) -> Question | None:
        """The question that this message asked, if any."""
        found = self._rows("SELECT question FROM questions WHERE message = ?", message)
        return _question(found[0][0]) if found else None

    def thread(self, place: str, before: str = "") -> list[Question]:
        """The answered questions of a thread, oldest first."""
        rows = self._rows(
            "SELECT question FROM questions WHERE place = ? AND done = 1 AND reference != ? "
            "AND json_extract(question, '$.text') != '' ORDER BY asked, rowid",
            place, before,
        ) if place else []  # fmt: skip
        return [_question(text) for (text,) in rows]

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
            yield _question(text), vote, comment, list(filter(None, citations.split("\n")))

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


def _question(text: str) -> Question:
    fields = json.loads(text)
    return replace(Question(**fields), history=tuple(fields["history"]))
