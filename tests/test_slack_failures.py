"""Nobody is left without a word: what Slack refuses, loses or takes twice, and what nobody foresaw.

The bot runs as a process of its own against the stand-in for Slack.
"""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_bot import (
    PAGE,
    QUESTION,
    Bot,
    forget,
    installed,
    replies,
    running,
    staged,
    told,
    workspace,
)
from slack_faults import dropped, gone, refused, server_error, slow
from slack_standin import Slack
from slack_world import Message

from bot.slack.answering.answer_queue import MOST_WAITING
from bot.slack.sending import wording
from retriever.index.home import Home


@pytest.fixture(scope="module")
def shared_bot(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Slack, Bot]]:
    with staged(home, tmp_path_factory.mktemp("failures"), "socket") as made:
        yield made.slack, made.bot


@pytest.fixture
def slack(shared_bot: tuple[Slack, Bot]) -> Slack:
    """A workspace with nothing on the screens."""
    shared_bot[0].settle()
    forget(shared_bot[0])
    return shared_bot[0]


def answer_to_a_command(slack: Slack, channel: str = "C0GENERAL") -> Message:
    slack.slash("/ask", QUESTION, channel=channel)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text
    return answer


def said_besides(slack: Slack, answer: Message) -> str:
    """What the clicker was told after an answer, and nothing more came."""
    (said,) = [each for each in told(slack, count=2) if each.ts != answer.ts]
    return said.visible_text


# What Slack does not take.


@pytest.mark.parametrize(
    "code",
    [
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
        "posting_to_general_channel_denied",
        "an_error_of_next_year",
    ],
)
def test_an_answer_that_a_channel_refuses_goes_to_its_asker(slack: Slack, code: str) -> None:
    slack.faults.plan("chat.postMessage", refused(code))
    asked = slack.mention(QUESTION)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text
    assert len(slack.messages("C0GENERAL", asked.ts)) == 1 and not slack.statuses


def test_a_refusal_may_come_as_a_success(slack: Slack) -> None:
    slack.faults.plan("response_url", refused("something", status=200))
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text and answer.via == "chat.postEphemeral"


def test_blocks_that_are_refused_to_the_asker_too_leave_the_text(slack: Slack) -> None:
    slack.faults.plan("response_url", gone())
    slack.faults.plan("chat.postEphemeral", refused("invalid_blocks"))
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text and not answer.blocks


# Sharing.


@pytest.mark.parametrize("fault", [dropped(after_effect=True), server_error(after_effect=True)])
def test_what_may_have_been_shared_is_not_shared_again(slack: Slack, fault: object) -> None:
    answer = answer_to_a_command(slack, "C0RANDOM")
    before = len(slack.messages("C0RANDOM"))
    slack.faults.plan("response_url", fault)  # type: ignore[arg-type]
    slack.click(answer, "share").wait()
    assert wording.SHARE_UNCONFIRMED in said_besides(slack, answer)
    slack.click(answer, "share").wait()
    slack.settle()
    assert len(slack.messages("C0RANDOM")) == before + 1


def test_an_answer_is_shared_only_where_it_was_asked_for(slack: Slack) -> None:
    slack.faults.plan("response_url", gone())
    slack.slash("/ask", QUESTION, channel="C0RANDOM")
    (direct,) = slack.wait_for(lambda: slack.bot_messages("D0ALICE")[-1:])
    slack.click(direct, "share").wait()
    (said,) = told(slack)
    assert wording.SHARE_ELSEWHERE in said.visible_text


@pytest.mark.slow
def test_a_share_that_fails_says_so_and_can_be_tried_again(copied: Home, tmp_path: Path) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        answer = answer_to_a_command(slack)
        assert bot.stop() == 0
        away = copied.path / "away"
        copied.generations.rename(away)
        bot.start().ready()
        slack.click(answer, "share").wait()
        assert "could not search" in said_besides(slack, answer)
        away.rename(copied.generations)
        slack.click(answer, "share").wait()
        slack.wait_for(lambda: slack.messages("C0GENERAL"))
        slack.settle()
        assert len(slack.messages("C0GENERAL")) == 1


# Windows.


@pytest.mark.parametrize("action", ["show_more", "show_context"])
def test_a_window_that_slack_does_not_open_is_told(slack: Slack, action: str) -> None:
    answer = answer_to_a_command(slack)
    slack.faults.plan("views.open", refused("expired_trigger_id"))
    slack.click(answer, action).wait()
    assert wording.NO_MODAL in said_besides(slack, answer)


def test_a_window_that_cannot_be_filled_is_told(slack: Slack) -> None:
    answer = answer_to_a_command(slack)
    slack.faults.plan("views.update", refused("not_found"))
    slack.click(answer, "show_more").wait()
    assert wording.NO_MODAL in said_besides(slack, answer)


def test_a_window_whose_opening_was_not_confirmed_is_filled(slack: Slack) -> None:
    answer = answer_to_a_command(slack)
    slack.faults.plan("views.open", dropped(after_effect=True))
    slack.click(answer, "show_more").wait()
    slack.wait_for(lambda: [v for v in slack.views() if PAGE in v.visible_text])
    slack.settle()
    assert len(slack.views()) == 1 and slack.ephemerals() == [answer]


def test_a_window_to_ask_in_that_does_not_open_is_told(slack: Slack) -> None:
    before = len(slack.bot_messages("D0ALICE"))
    slack.faults.plan("views.open", refused("expired_trigger_id"))
    slack.global_shortcut("ask_modal").wait()
    said = slack.wait_for(lambda: slack.bot_messages("D0ALICE")[before:])
    assert wording.NO_MODAL in said[0].visible_text


def test_a_window_that_is_sent_off_twice_is_answered_twice(slack: Slack) -> None:
    slack.global_shortcut("ask_modal").wait()
    (view,) = slack.wait_for(slack.views)
    for _ in range(2):
        slack.submit_view(view, {"question": {"question": QUESTION}}).wait()
        slack.wait_for(lambda: [v for v in slack.views() if PAGE in v.visible_text])


# Too many, and what nobody foresaw.


@pytest.mark.slow
def test_who_comes_when_too_many_wait_is_told(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log", patience=3) as (slack, _):
        first = slack.dm("What was agreed?")
        (old,) = replies(slack, first.channel, first.ts)
        slack.faults.always("response_url", slow(3))
        with ThreadPoolExecutor(20) as people:
            crowd = range(MOST_WAITING)
            asked = list(people.map(lambda _: slack.slash("/ask", QUESTION), crowd))
        assert [each.user_error for each in asked] == [None] * MOST_WAITING
        late = slack.slash("/ask", QUESTION, "U0BOB")
        slack.global_shortcut("ask_modal", "U0KIM").wait()
        (view,) = slack.wait_for(lambda: slack.views("U0KIM"))
        window = slack.submit_view(view, {"question": {"question": QUESTION}})
        slack.edit(first, QUESTION)
        (busy,) = slack.wait_for(lambda: slack.ephemerals("U0BOB"))
        assert wording.BUSY in busy.visible_text and late.user_error is None
        assert window.user_error is None
        slack.wait_for(lambda: wording.BUSY in slack.views("U0KIM")[0].visible_text)
        assert replies_now(slack, first.channel, first.ts) == [old]
        assert len(slack.ephemerals()) < MOST_WAITING  # all that before they were through
        slack.faults.clear()
        slack.wait_for(lambda: len(slack.ephemerals()) == MOST_WAITING)
        slack.click(busy, "retry", "U0BOB")
        slack.wait_for(lambda: PAGE in slack.ephemerals("U0BOB")[0].visible_text)
        (new,) = slack.wait_for(
            lambda: [m for m in replies_now(slack, first.channel, first.ts) if m.edited]
        )
        assert PAGE in new.visible_text and new.ts == old.ts
        assert len(told(slack, "U0BOB")) == 1  # the answer took the place of the notice


def replies_now(slack: Slack, channel: str, thread: str) -> list[Message]:
    return [m for m in slack.messages(channel, thread) if m.user == "U0BOT"]


def test_what_nobody_foresaw_is_tried_again(copied: Home, tmp_path: Path) -> None:
    """The file of the bot's memory refuses one step, as on a disk that is full for a moment."""
    with installed(copied, tmp_path / "log") as (slack, bot):
        with sqlite3.connect(copied.path / "state.db") as state:
            state.execute(
                "CREATE TRIGGER full BEFORE UPDATE OF sending ON questions BEGIN "
                "SELECT RAISE(ABORT, 'full'); END"
            )
        asked = slack.dm(QUESTION)
        slack.wait_for(lambda: '"defect"' in bot.log)
        assert len(slack.messages(asked.channel, asked.ts)) == 1
        with sqlite3.connect(copied.path / "state.db") as state:
            state.execute("DROP TRIGGER full")
        (answer,) = replies(slack, asked.channel, asked.ts)
        assert PAGE in answer.visible_text


@pytest.mark.slow
def test_what_fails_for_good_is_told(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        with sqlite3.connect(copied.path / "state.db") as state:
            state.execute(
                "CREATE TRIGGER full BEFORE UPDATE OF sending ON questions BEGIN "
                "SELECT RAISE(ABORT, 'full'); END"
            )
        asked = slack.dm(QUESTION)
        (sorry,) = replies(slack, asked.channel, asked.ts)
        assert wording.UNCONFIRMED in sorry.visible_text
        time.sleep(2.5)
        assert len(replies(slack, asked.channel, asked.ts)) == 1


def test_a_lost_connection_is_logged_and_the_next_one_too(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, bot):
        slack.wait_connected(2)
        slack.faults.always("apps.connections.open", server_error())
        slack.drop_connections()
        slack.wait_for(lambda: '"not connected"' in bot.log)
        slack.faults.clear()
        slack.wait_for(lambda: '"connected again"' in bot.log)
