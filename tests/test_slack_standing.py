"""What a bot does whose token Slack refuses: it says so, ends for good, and loses no question."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, Bot, forget, replies, workspace
from slack_faults import refused, server_error
from slack_standin import Slack

from bot.slack.sending.slack_client import REFUSALS
from retriever.index.home import Home

ENDED = 2
"""The exit code of an error that says what to do, with which systemd does not start it again."""


@pytest.fixture(params=["socket", "http"])
def installed(
    request: pytest.FixtureRequest, copied: Home, tmp_path: Path
) -> Iterator[tuple[Slack, Bot]]:
    """A bot over a home of its own, ready."""
    with workspace(request.param) as slack:
        bot = Bot(slack, copied, tmp_path / "log").start().ready()
        try:
            yield slack, bot
        finally:
            if bot.process.poll() is None:
                bot.kill()


def ends(slack: Slack, bot: Bot, code: str, variable: str = "SLACK_BOT_TOKEN") -> None:
    """The bot says why on its page and in its log, and ends."""
    why = f"Slack refuses {variable} ({code})"
    assert slack.wait_for(lambda: why in bot.page("/readyz")[1] or bot.process.poll() is not None)
    assert bot.process.wait(60) == ENDED
    (told,) = [entry for entry in bot.entries if entry["message"].startswith("Slack refuses a")]
    assert told["code"] == code and told["level"] == "error"
    assert f"pincite: {why}: {REFUSALS[code]}; " in bot.log
    assert "Traceback" not in bot.log and '"defect"' not in bot.log


def kept(home: Path) -> list[tuple[str, int, int]]:
    with closing(sqlite3.connect(home / "state.db")) as state:
        return state.execute(
            "SELECT json_extract(question, '$.text'), done, sending FROM questions ORDER BY asked"
        ).fetchall()


def test_a_token_that_is_refused_at_a_call_ends_the_bot_and_keeps_the_question(
    installed: tuple[Slack, Bot], copied: Home
) -> None:
    slack, bot = installed
    slack.server.api.revoked = "token_revoked"
    asked = slack.mention(QUESTION)
    direct = slack.dm(QUESTION, "U0BOB")
    ends(slack, bot, "token_revoked")
    assert kept(copied.path) == [(QUESTION, 0, 0)] * 2
    assert len(slack.messages("C0GENERAL", asked.ts)) == 1
    slack.server.api.revoked = ""
    bot.start().ready()
    for each in (asked, direct):
        (answer,) = replies(slack, each.channel, each.ts)
        assert PAGE in answer.visible_text
    assert bot.stop() == 0


def test_a_revoked_token_is_noticed_before_it_is_used(installed: tuple[Slack, Bot]) -> None:
    slack, bot = installed
    slack.revoke("invalid_auth").wait()
    ends(slack, bot, "invalid_auth")


def test_an_app_that_was_removed_takes_its_questions_with_it(
    installed: tuple[Slack, Bot], copied: Home
) -> None:
    slack, bot = installed
    asked = slack.mention(QUESTION)
    assert replies(slack, "C0GENERAL", asked.ts)
    slack.wait_for(lambda: [done for _, done, _ in kept(copied.path)] == [1])
    slack.happen({"type": "tokens_revoked", "tokens": {"oauth": ["U0ALICE"]}}).wait()
    slack.happen({"type": "app_uninstalled"}).wait()
    slack.wait_for(lambda: "nothing is deleted" in bot.log)
    assert kept(copied.path) and bot.page("/readyz")[0] == 200
    slack.uninstall()
    ends(slack, bot, "account_inactive")
    assert kept(copied.path) == []
    files = [each for each in copied.path.glob("state.db*") if each.is_file()]
    assert QUESTION.encode() not in b"".join(each.read_bytes() for each in files)


def test_an_app_level_token_that_is_refused_later_ends_the_bot(
    copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack:
        bot = Bot(slack, copied, tmp_path / "log").start().ready()
        slack.wait_connected(2)
        slack.faults.always("apps.connections.open", refused("invalid_auth"))
        slack.drop_connections()
        ends(slack, bot, "invalid_auth", "SLACK_APP_TOKEN")


def test_a_slack_that_lets_nobody_connect_is_asked_less_and_less(
    copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack:
        bot = Bot(slack, copied, tmp_path / "log").start().ready()
        try:
            slack.wait_connected(2)
            forget(slack)
            slack.faults.always("apps.connections.open", server_error())
            slack.drop_connections()
            slack.wait_for(lambda: '"not connected"' in bot.log)
            assert bot.page("/readyz") == (503, "there is no connection to Slack\n")
            time.sleep(4)
            # At once, and after 1 and 2 seconds more, on each of two connections.
            assert 2 <= len(slack.calls("apps.connections.open")) <= 6
            slack.faults.clear()
            slack.wait_connected(2)
            slack.wait_for(lambda: bot.page("/readyz")[0] == 200)
            assert bot.stop() == 0
        finally:
            if bot.process.poll() is None:
                bot.kill()
