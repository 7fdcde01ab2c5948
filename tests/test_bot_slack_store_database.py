"""What the bot remembers: kept through versions and damage, and gone from the disk when deleted."""

import json
import logging
import os
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CommandLine

from bot.slack.errors import StateError
from bot.slack.question import Question
from bot.slack.store.database import VERSION
from bot.slack.store.store import STATE, Forgotten, Store

DAY = 86_400.0


def asked(number: int, user: str, text: str, thread: str = "1", *history: str) -> Question:
    return Question(
        "mention", "T1", "C1", user, text, f"key {number}", ts=str(number), thread=thread,
        history=history, reference=f"r{number}",
    )  # fmt: skip


def keep(store: Store, *questions: Question) -> None:
    for each in questions:
        assert store.questions.claim(each)
        store.questions.finish(each, "found", 1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / STATE


# Versions.


def test_a_new_file_says_its_version_and_is_private(path: Path) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_of_before_versions_is_read_on_and_marked(path: Path) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "one?"))
    store.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 0")
    store = Store(path)
    assert store.questions.find("r1") == replace(asked(1, "U1", "one?"))
    store.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_file_of_a_later_version_is_used_as_far_as_it_goes(path: Path) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "one?"))
    store.close()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE questions ADD COLUMN mood TEXT NOT NULL DEFAULT ''")
        file.execute("UPDATE questions SET question = json_set(question, '$.mood', 'fine')")
        file.execute(f"PRAGMA user_version = {VERSION + 1}")
    store = Store(path)
    assert store.questions.find("r1")
    keep(store, asked(2, "U1", "two?"))
    store.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
        moods = file.execute("SELECT json_extract(question, '$.mood') FROM questions").fetchall()
        assert moods == [("fine",), (None,)]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE questions DROP COLUMN verdict",
        "DROP TABLE facts",
        "DROP TABLE seen; CREATE TABLE seen (key TEXT, at REAL, mood TEXT NOT NULL)",
    ],
)
def test_a_file_of_a_later_version_that_is_too_different_is_left_alone(
    path: Path, change: str
) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as file:
        file.executescript(f"{change}; PRAGMA user_version = {VERSION + 1};")
    with pytest.raises(StateError, match=r"later version of Pincite.*move the file away"):
        Store(path)
    assert path.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / STATE).mkdir()
    with pytest.raises(StateError, match=r"state\.db cannot be opened \(SQLITE_CANTOPEN\)"):
        Store(tmp_path / STATE)


# Damage and loss.


@pytest.mark.parametrize("damage", [b"no database at all, but words", b"\0" * 100_000, None])
def test_a_damaged_file_is_kept_aside_and_begun_anew(
    path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(path)
    keep(store, *(asked(number, "U1", "one? " * 100) for number in range(50)))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(damage or whole[:8192] + os.urandom(8192) + whole[16384:])
    store = Store(path)
    assert not store.questions.find("r1")
    keep(store, asked(1, "U1", "one?"))
    (aside,) = store.damaged_files
    assert aside.startswith("state.db.damaged-")
    assert stat.S_IMODE((path.parent / aside).stat().st_mode) == 0o600
    (told,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "kept aside" in told.message and told.__dict__["file"] == aside
    store.close()


def test_damage_that_shows_while_the_bot_runs_costs_one_step(path: Path) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "one?"))
    store.wipe()
    with path.open("r+b") as file:
        file.seek(0)
        file.write(os.urandom(100_000))
    with pytest.raises(sqlite3.DatabaseError):
        # Pages that SQLite has in its memory it does not read again.
        store._database._connection.execute("PRAGMA cache_size = 0")
        for number in range(2, 200):
            keep(store, asked(number, "U1", "two?"))
    assert "cannot be used" in store.trouble
    keep(store, asked(500, "U1", "three?"))
    assert store.questions.find("r500") and store.damaged_files and not store.trouble
    store.close()


def test_a_file_that_was_removed_while_the_bot_runs_is_made_again(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "one?"))
    path.unlink()
    assert not store.questions.find("r1")
    keep(store, asked(2, "U1", "two?"))
    store.close()
    assert Store(path).questions.find("r2")
    assert "removed or replaced" in caplog.text


# What is deleted.


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir() if each.is_file())


def test_a_person_is_forgotten_and_nobody_else(path: Path) -> None:
    store = Store(path)
    keep(
        store,
        asked(1, "U1", "secret harbour?"),
        asked(2, "U2", "and when?", "1", "secret harbour?"),
        asked(3, "U2", "and where?", "1", "secret harbour?", "and when?"),
        asked(4, "U2", "something else?", "9", "secret harbour?"),
        asked(5, "U1", "another secret?", "9"),
    )
    store.votes.cast("r2", "U1", "down", "a secret comment")
    store.votes.cast("r1", "U2", "up")
    store.votes.cast("r3", "U2", "up")
    store.facts.note("home:U1", "x")
    store.facts.note("home:U2", "x")
    (path.parent / "state.db.damaged-20260101T000000Z").write_text("secret harbour?")
    assert store.forget_person("U1") == Forgotten(2, 2, 1)
    assert store.questions.find("r1") is None and store.questions.find("r5") is None
    kept = [store.questions.find(f"r{number}") for number in (2, 3, 4)]
    # What somebody else asked in another thread is theirs, though the words are the same.
    assert [each.history for each in kept if each] == [(), ("and when?",), ("secret harbour?",)]
    assert [(each.question.reference, each.vote) for each in store.votes.all()] == [("r3", "up")]
    assert not store.facts.fact("home:U1") and store.facts.fact("home:U2")
    assert b"another secret" not in bytes_on_disk(path)
    assert b"a secret comment" not in bytes_on_disk(path)
    assert store.forget_person("U1") == Forgotten(0, 0)
    store.close()


def test_what_points_at_a_message_of_somebody_who_is_forgotten_loses_its_words(path: Path) -> None:
    store = Store(path)
    first, pointing, later = (
        asked(1, "U1", "secret harbour?"), asked(2, "U2", "secret harbour?", "9"),
        asked(3, "U2", "and when?", "9", "secret harbour?"),
    )  # fmt: skip
    keep(store, first, pointing, later)
    with store._database.changing() as file:
        file.execute(
            "UPDATE questions SET question = json_set(question, '$.typed', 'this one', "
            "'$.pointed', 'secret harbour?', '$.pointed_at', ?) WHERE reference = 'r2'",
            (first.message_key,),
        )
    store.forget_person("U1")
    kept = store.questions.find("r2")
    assert kept and kept.text == "this one"
    with closing(sqlite3.connect(path)) as file:
        pointed = "SELECT question ->> '$.pointed' FROM questions WHERE reference = 'r2'"
        assert file.execute(pointed).fetchone() == ("",)
    store.close()


def test_words_of_somebody_who_is_forgotten_leave_what_points_at_them(path: Path) -> None:
    """Their message need not have asked anything."""
    secret = "the secret harbour"
    borrowed = replace(
        asked(1, "U2", secret, "9"), typed="this one", pointed=secret, pointed_at="T1:C1:8",
        pointed_by="U1",
    )  # fmt: skip
    leaning = replace(
        borrowed, key="k2", reference="r2", ts="2", text="and when?", typed="and when?"
    )
    kept = replace(borrowed, key="k4", reference="r4", ts="4", pointed_by="U3", thread="7")
    store = Store(path)
    keep(store, borrowed, leaning, asked(3, "U2", "and where?", "9", secret, "and when?"), kept)
    assert store.forget_person("U1") == Forgotten(0, 0)
    found = [store.questions.find(f"r{number}") for number in (1, 2, 3, 4)]
    assert [(each.text, each.pointed, each.history) for each in found if each] == [
        ("this one", "", ()), ("and when?", "", ()), ("and where?", "", ("and when?",)),
        (secret, secret, ()),
    ]  # fmt: skip
    store.close()


def test_a_person_of_another_workspace_is_kept(path: Path) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "one?"), replace(asked(2, "U1", "two?"), team="T2"))
    assert store.forget_person("U1", "T2") == Forgotten(1, 0)
    assert store.questions.find("r1") and not store.questions.find("r2")
    store.close()


@pytest.mark.slow
def test_five_hundred_of_thirty_thousand_are_forgotten_quickly(path: Path) -> None:
    store = Store(path)
    rows = []
    for number in range(30_000):
        user = "U1" if number % 60 == 0 else "U2"
        past = tuple(f"question {each}?" for each in range(number - number % 30, number)[-5:])
        question = asked(number, user, f"question {number}?", str(number // 30), *past)
        record = {name: getattr(question, name) for name in Question.__dataclass_fields__}
        rows.append((question.reference, question.key, question.thread_key, json.dumps(record)))
    with store._database.changing() as file:
        file.executemany(
            "INSERT INTO questions (reference, key, asked, lease, owner, place, message, question) "
            "VALUES (?, ?, 0, 0, '', ?, '', ?)", rows,
        )  # fmt: skip
    started = time.thread_time()  # which others on this machine do not add to
    assert store.forget_person("U1").questions == 500
    assert time.thread_time() - started < 2
    later = store.questions.find("r62")
    assert later and later.history == ("question 61?",)
    assert b'"question 60?"' not in bytes_on_disk(path)
    store.close()


def test_what_is_deleted_leaves_the_disk_when_nobody_reads_any_more(path: Path) -> None:
    store = Store(path)
    keep(store, asked(1, "U1", "secret harbour?"))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM questions").fetchall()
        started = time.monotonic()
        assert store.forget_person("U1").questions == 1
        assert time.monotonic() - started < 1  # it does not wait for the reader
        assert b"secret harbour" in bytes_on_disk(path)
    store.tidy()
    assert b"secret harbour" not in bytes_on_disk(path)
    store.close()


def test_what_is_too_old_is_pruned_with_damaged_files(path: Path) -> None:
    now = [0.0]
    store = Store(path, lambda: now[0], keep_days=7)
    keep(store, asked(1, "U1", "one?"), asked(2, "U1", "two?"))
    store.votes.cast("r2", "U1", "up")
    aside = path.parent / "state.db.damaged-19700101T000000Z"
    for each in (aside, aside.with_name(aside.name + "-wal")):
        each.write_text("words")
        os.utime(each, (0, 0))
    now[0] = 6 * DAY
    store.prune()
    assert store.questions.find("r1") and aside.exists()
    now[0] = 8 * DAY
    store.prune()
    assert not store.questions.find("r1") and store.questions.find("r2")
    assert [each.name for each in path.parent.iterdir() if "damaged" in each.name] == []
    assert store.forget_older(7) == Forgotten(1, 1)
    assert not store.questions.find("r2") and not list(store.votes.all())
    store.close()


# The command.


def test_forgetting_says_what_is_gone(cli: CommandLine) -> None:
    cli("slack", "forget", "U1").refuses(advice="PINCITE_HOME")
    store = Store(cli.home / STATE)
    keep(store, asked(1, "U1", "one?"), asked(2, "U2", "two?"))
    store.votes.cast("r1", "U2", "up")
    store.close()
    run = cli("slack", "forget", "U1")
    assert (run.code, run.out) == (0, "Deleted: 1 questions, 1 votes\n")
    assert cli("slack", "forget", "U1").code == 1
    run = cli("slack", "forget", "--older-than", "0", "--json")
    assert run.json == {"schema": 1, "questions": 1, "votes": 0, "damaged_files": 0}


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ((), "USER_ID or --older-than"),
        (("U1", "--older-than", "3"), "USER_ID or --older-than"),
        (("alice",), "Copy member ID"),
        (("--older-than", "-1"), "--older-than"),
    ],
)
def test_forgetting_wants_one_thing(
    cli: CommandLine, arguments: tuple[str, ...], advice: str
) -> None:
    cli("slack", "forget", *arguments).refuses(advice=advice)
