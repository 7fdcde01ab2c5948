"""Who is answered: guests, people of other organisations, and a bot that cannot tell; its Home tab.

The bot runs as a process of its own against the stand-in for Slack.
"""

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import release
from slack_bot import PAGE, PROGRAM, QUESTION, forget, installed, replies, running, told, workspace
from slack_faults import dropped, refused
from slack_standin import BOT_TOKEN, SCOPES, Slack
from slack_world import BOT_USER, Channel

from bot.slack.answering.access import Access, User
from bot.slack.answering.users import Users
from bot.slack.listening import payload
from bot.slack.question import Question
from bot.slack.running.app_manifest import SCOPES as OF_THE_MANIFEST
from bot.slack.sending import wording
from bot.slack.sending.sender import Sender
from retriever.build.build import build_index
from retriever.index.home import Home

EXTERNAL = "[slack]\nexternal = true\nfollow_ups = true\n"


def count(home: Home, table: str) -> int:
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        return int(state.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def refusal(slack: Slack, user: str, channel: str = "C0GENERAL") -> str:
    """What somebody is told instead of an answer."""
    forget(slack)
    slack.slash("/ask", QUESTION, user, channel)
    (said,) = told(slack, user)
    return said.visible_text


# Guests and outsiders.


def test_guests_are_refused_whatever_their_kind(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        for guest in ("U0GUEST", "U0ULTRA"):
            assert refusal(slack, guest) == wording.REFUSED_GUEST
            slack.open_home(guest).wait()
            home = slack.wait_for(lambda guest=guest: slack.home(guest))  # type: ignore[misc]
            assert home and home.visible_text == wording.REFUSED_GUEST


def test_guests_are_answered_when_the_settings_say_so(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log", "[slack]\nguests = true\n") as (slack, _):
        for guest in ("U0GUEST", "U0ULTRA"):
            assert PAGE in refusal(slack, guest)
        direct = slack.dm(QUESTION, "U0EXT")
        (said,) = replies(slack, direct.channel, direct.ts)
        assert said.visible_text == wording.REFUSED_EXTERNAL


def test_outsiders_have_follow_ups_and_edits_too(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log", EXTERNAL, follow_ups=True) as (slack, _):
        asked = slack.mention("Who met in Jakarta?", "U0EXT", "C0SHARED")
        (old,) = replies(slack, "C0SHARED", asked.ts)
        slack.edit(asked, f"<@{BOT_USER}> {QUESTION}")
        slack.wait_for(lambda: QUESTION in slack.messages("C0SHARED", asked.ts)[1].visible_text)
        slack.say("and when was that?", "U0EXT", "C0SHARED", thread_ts=asked.ts)
        first, second = replies(slack, "C0SHARED", asked.ts, 2)
        assert first.ts == old.ts and PAGE in second.visible_text.split("Searched:")[1]
        assert count(copied, "questions") == 2
        slack.uninstall()
        slack.wait_for(lambda: not count(copied, "questions") + count(copied, "facts"))


def test_without_the_scope_nobody_is_answered(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log", scopes=SCOPES) as (slack, bot):
        assert refusal(slack, "U0ALICE") == wording.REFUSED_UNKNOWN
        assert "guests cannot be told from members" in bot.log


def test_without_the_scope_everybody_is_when_it_makes_no_difference(
    copied: Home, tmp_path: Path
) -> None:
    stated = "[slack]\nguests = true\nexternal = true\n"
    with installed(copied, tmp_path / "log", stated, scopes=SCOPES) as (slack, bot):
        assert all(PAGE in refusal(slack, each) for each in ("U0ALICE", "U0GUEST"))
        assert not slack.calls("users.info") and '"warning"' not in bot.log


def test_slack_is_asked_again_after_ten_minutes() -> None:
    with Slack(scopes=frozenset(OF_THE_MANIFEST)) as slack:
        now = [0.0]
        sender = Sender(BOT_TOKEN, slack.api_url, frozenset(OF_THE_MANIFEST))
        users = Users(sender, Access(), "T1", lambda: now[0])
        question = Question("command", "T1", "C1", "U0GUEST", "?", "key")
        assert users.asker(question) == users.asker(question) == User(is_guest=True)
        assert len(slack.calls("users.info")) == 1
        now[0] = 601.0
        slack.faults.plan("users.info", refused("user_not_found"))
        assert users.asker(question) == User(of_this_workspace=False, is_guest=False)
        assert len(slack.calls("users.info")) == 2


@pytest.mark.parametrize(
    ("body", "home"),
    [
        ({"team_id": "T1", "event": {"user_team": "T2"}}, "T2"),
        ({"team_id": "T1", "event": {"team": "T2"}}, "T2"),
        ({"team_id": "T1", "event": {"user": "U1"}}, "T1"),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}}, "T2"),
        ({"team_id": "T2", "user_id": "U1"}, "T2"),
        ({}, ""),
    ],
)
def test_where_somebody_belongs(body: Mapping[str, Any], home: str) -> None:
    assert payload.user_team_of(body) == home


# Channels that others read.


def test_a_channel_is_known_by_whatever_is_said_there(copied: Home, tmp_path: Path) -> None:
    stated = "[slack]\nfollow_ups = true\n"
    with installed(copied, tmp_path / "log", stated, follow_ups=True) as (slack, _):
        slack.say("Good morning.", channel="C0SHARED")
        slack.settle()
        assert refusal(slack, "U0ALICE", "C0SHARED") == wording.REFUSED_EXTERNAL
        slack.world.channels["C0SHARED"].shared = False
        slack.say("They have left.", channel="C0SHARED")
        slack.settle()
        assert PAGE in refusal(slack, "U0ALICE", "C0SHARED")


@pytest.mark.parametrize("sharing", [False, True])
def test_slack_is_asked_before_something_is_shared(
    sharing: bool, copied: Home, tmp_path: Path
) -> None:
    """In channels of which the bot has heard nothing yet."""
    members = {"U0ALICE", BOT_USER}
    with installed(copied, tmp_path / "log", sharing=sharing) as (slack, _):
        for channel in (
            Channel("C0OURS", "ours", "channel", members),
            Channel("C0THEIRS", "theirs", "channel", members, shared=True),
            Channel("C0SOON", "soon", "channel", members, pending=True),
            Channel("G0HIDDEN", "hidden", "group", {"U0ALICE"}),  # Slack does not say
        ):
            slack.world.channels[channel.id] = channel
            forget(slack)
            slack.slash("/ask", QUESTION, channel=channel.id)
            (answer,) = told(slack)
            assert wording.who_will_see(3, outsiders=True) in str(answer.payload)
            slack.click(answer, "share").wait()
            slack.wait_for(lambda at=channel.id: slack.bot_messages(at) or slack.ephemerals()[1:])  # type: ignore[misc]
            slack.settle()
            shown = bool(slack.bot_messages(channel.id))
            assert shown == (channel.id == "C0OURS" or not sharing)
            if not shown:
                assert len(slack.ephemerals()) == 2


def test_where_nobody_else_reads_nobody_is_warned(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        slack.mention(QUESTION)
        slack.settle()
        slack.slash("/ask", QUESTION)
        (answer,) = told(slack)
        assert wording.who_will_see(3, outsiders=False) in str(answer.payload)


# What may be shown.


def test_try_again_answers_where_the_question_stood(models: Path, tmp_path: Path) -> None:
    """A notice of a private channel is delivered as a direct message, where less may be shown."""
    for name, text in (("open", "The harbor is open."), ("closed", "The vault of Tarragon moves.")):
        (tmp_path / name).mkdir()
        text = release(f"On the {name} matter", "2020-01-01", text)
        (tmp_path / name / "one.txt").write_text(text, "utf-8")
    home = Home(tmp_path / "home", models, models)
    build_index(home, [tmp_path / "open", tmp_path / "closed"])
    (home.path / "models").symlink_to(models)
    stated = '[slack.folders]\nprivate = ["open", "closed"]\ndirect = ["open"]\n'
    with installed(home, tmp_path / "log", stated) as (slack, _):
        slack.faults.plan("chat.postMessage", dropped())
        slack.faults.plan("chat.postEphemeral", refused("user_not_in_channel"))
        asked = slack.mention("What of the vault of Tarragon moves?", channel="G0PRIVATE")
        (notice,) = slack.wait_for(lambda: slack.bot_messages("D0ALICE"))
        assert wording.UNCONFIRMED in notice.visible_text
        slack.click(notice, "retry").wait()
        (again,) = replies(slack, "G0PRIVATE", asked.ts)
        assert "The vault" in again.visible_text
        assert not slack.bot_messages("D0ALICE") and not slack.ephemerals()


def test_an_empty_table_of_folders_shows_nothing(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log", "[slack.folders]\n") as (slack, _):
        assert refusal(slack, "U0ALICE") == wording.REFUSED_PLACE


# The Home tab.


def test_home_is_published_whenever_it_is_another(copied: Home, tmp_path: Path) -> None:
    stated = '[slack]\ncontact = "it@example.org"\n'
    with installed(copied, tmp_path / "log", stated) as (slack, _):

        def opened(shows: str) -> None:
            slack.open_home().wait()
            slack.wait_for(lambda: (home := slack.home()) and shows in home.visible_text)
            slack.settle()

        opened("documents")
        opened("it@example.org")
        (copied.path / "CURRENT").rename(copied.path / "AWAY")
        opened(wording.NO_INDEX)
        (copied.path / "AWAY").rename(copied.path / "CURRENT")
        opened("documents")
        # At first without examples, with them, without an index, and with them again.
        slack.wait_for(lambda: len(slack.calls("views.publish")) >= 4)
        slack.settle()
        assert len(slack.calls("views.publish")) == 4


@pytest.mark.slow
def test_an_index_is_kept_fresh_and_what_is_wrong_is_said_once(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first index is made by the bot itself, once there is a program to make it."""
    home, folder = Home(tmp_path / "home", models, models), tmp_path / "documents"
    home.path.mkdir()
    (home.path / "models").symlink_to(models)
    (home.path / "pincite.toml").write_text(f'folders = ["{folder}"]\n', "utf-8")
    folder.mkdir()
    (folder / "one.txt").write_text(release("A", "2020-01-01", "Ants walk."), "utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with workspace("socket") as slack, running(slack, home, tmp_path / "log", "--watch") as bot:
        slack.wait_for(lambda: "FileNotFoundError" in bot.log)
        program = tmp_path / "pincite"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{PROGRAM}" "$@"\n', "utf-8")
        program.chmod(0o755)
        slack.wait_for(home.current)
        assert bot.log.count("could not be refreshed") == 1
        slack.slash("/ask", "Do ants walk?")
        (answer,) = told(slack)
        assert "Ants walk." in answer.visible_text
