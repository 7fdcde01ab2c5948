"""Every answer comes to its place, however long Slack makes it wait, and once.

The bot runs as a process of its own against the stand-in for Slack. In a channel it may not look
whether a post arrived, as its manifest has it; in direct messages it may.
"""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, Stage, forget, running, staged, told, workspace
from slack_delivery import Gesture
from slack_events import actions
from slack_faults import Fault, dropped, gone, rate_limited, refused, server_error, slow
from slack_standin import Slack
from slack_world import Message

from bot.slack.sending import wording
from retriever.index.home import Home

FULL = (
    "CREATE TRIGGER full BEFORE UPDATE OF sending ON questions BEGIN SELECT RAISE(ABORT, 'full'); "
    "END"
)
"""A disk that is full, where the bot notes that it sends."""


@pytest.fixture(scope="module", params=["socket", "http"])
def open_stage(
    request: pytest.FixtureRequest, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One bot for all tests that leave it alive."""
    with staged(home, tmp_path_factory.mktemp("lanes"), request.param) as made:
        yield made


@pytest.fixture
def stage(open_stage: Stage) -> Iterator[Stage]:
    """The shared bot, with nothing on the screens."""
    open_stage.slack.settle()
    forget(open_stage.slack)
    yield open_stage
    open_stage.slack.faults.clear()


@pytest.fixture
def slack(stage: Stage) -> Slack:
    return stage.slack


def answers(slack: Slack, asked: Gesture) -> list[Message]:
    """What the bot has said in the thread of a question."""
    return [m for m in slack.messages(asked.channel, asked.ts) if m.user == "U0BOT"]


def answered(slack: Slack, asked: Gesture, timeout: float = 60) -> Message:
    """The one answer to a question, in its thread."""
    slack.wait_for(lambda: answers(slack, asked), timeout, "an answer")
    slack.settle()
    (answer,) = answers(slack, asked)
    assert PAGE in answer.visible_text and answer.thread_ts == asked.thread_ts
    return answer


def has_button(message: Message, action: str) -> bool:
    return any(each["action_id"] == action for _, each in actions(list(message.blocks)))


def nothing_elsewhere(slack: Slack, channel: str) -> None:
    """Nothing was said to anybody alone, nor in another channel, in the calls of this test."""
    assert not slack.ephemerals() and not slack.ephemerals("U0BOB")
    posted = slack.calls("chat.postMessage", "chat.postEphemeral")
    assert {call.arguments["channel"] for call in posted} <= {channel}


# Channels that are full.


def test_a_full_channel_keeps_its_answers_and_nobody_else_waiting(slack: Slack) -> None:
    slack.faults.pace("C0GENERAL")
    asked = [slack.mention(QUESTION) for _ in range(4)]
    slack.wait_for(lambda: [c for c in slack.calls("chat.postMessage") if c.status == 429])
    started = time.monotonic()
    direct = slack.dm(QUESTION, "U0BOB")
    slack.wait_for(lambda: answers(slack, direct))
    assert time.monotonic() - started < 3
    assert not all(answers(slack, each) for each in asked)
    for each in asked:
        answered(slack, each)
    assert not slack.ephemerals() and not slack.statuses


@pytest.mark.slow
def test_no_thread_is_held_by_what_waits(copied: Home, tmp_path: Path) -> None:
    """More people wait, for longer, than there are threads."""
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log"):
        slack.faults.always("response_url", rate_limited(100))
        for _ in range(40):
            slack.slash("/ask", QUESTION)
        slack.wait_for(lambda: len(slack.calls("response_url")) == 40)
        answered(slack, slack.dm(QUESTION, "U0BOB"), 30)
        assert not slack.ephemerals()


@pytest.mark.parametrize(
    "fault",
    [refused("ratelimited"), server_error(status=503), refused("service_unavailable")],
    ids=["ratelimited", "503", "service_unavailable"],
)
def test_what_slack_did_not_take_is_sent_again(slack: Slack, fault: Fault) -> None:
    slack.faults.plan("chat.postMessage", fault, fault)
    asked = slack.mention(QUESTION)
    answered(slack, asked)
    nothing_elsewhere(slack, "C0GENERAL")


def test_a_command_waits_for_its_own_address(slack: Slack) -> None:
    slack.faults.plan("response_url", rate_limited(1), server_error(status=503), rate_limited(1))
    slack.slash("/ask", QUESTION, channel="C0RANDOM")
    (answer,) = told(slack)
    assert PAGE in answer.visible_text and answer.via == "response_url"
    assert not slack.calls("chat.postMessage")


# What may have arrived.


@pytest.mark.parametrize(
    "faults",
    [
        [server_error()] * 3,
        [server_error(after_effect=True)],
        [dropped(), server_error(), refused("internal_error")],
        [server_error(), dropped(after_effect=True)],
    ],
    ids=["500s in a row", "500 all the same", "all kinds", "500 and lost"],
)
def test_where_it_can_be_seen_there_is_one_answer(slack: Slack, faults: list[Fault]) -> None:
    slack.faults.plan("chat.postMessage", *faults)
    asked = slack.dm(QUESTION)
    answered(slack, asked)
    nothing_elsewhere(slack, asked.channel)
    assert not slack.faults.left


def test_in_a_channel_that_it_may_read_too(copied: Home, tmp_path: Path) -> None:
    with (
        workspace("socket", follow_ups=True) as slack,
        running(slack, copied, tmp_path / "log"),
    ):
        slack.faults.plan("chat.postMessage", *[server_error()] * 3)
        answered(slack, slack.mention(QUESTION))
        slack.faults.plan("chat.postMessage", server_error(after_effect=True))
        answered(slack, slack.mention(QUESTION, "U0BOB"))
        assert len(slack.calls("chat.postMessage")) == 5
        nothing_elsewhere(slack, "C0GENERAL")


def test_where_it_cannot_the_asker_tries_again_in_its_place(slack: Slack) -> None:
    slack.faults.plan("chat.postMessage", server_error())
    asked = slack.mention(QUESTION)
    (notice,) = told(slack)
    assert wording.UNCONFIRMED in notice.visible_text and notice.thread_ts == asked.ts
    assert not answers(slack, asked)
    again = slack.click(notice, "retry")
    slack.redeliver(again), slack.click(notice, "retry")
    answered(slack, asked)
    assert not slack.ephemerals()


def test_a_command_is_tried_again_in_place_of_its_notice(slack: Slack) -> None:
    slack.faults.plan("response_url", dropped(after_effect=False))
    slack.slash("/ask", QUESTION)
    (notice,) = told(slack)
    assert wording.UNCONFIRMED in notice.visible_text
    slack.click(notice, "retry")
    slack.wait_for(lambda: PAGE in slack.ephemerals()[0].visible_text)
    (answer,) = told(slack)
    assert answer.ts == notice.ts and has_button(answer, "share")


def test_a_direct_message_is_tried_again_in_place_of_its_notice(stage: Stage) -> None:
    slack = stage.slack
    with sqlite3.connect(stage.home.path / "state.db") as state:
        state.execute(FULL)
    try:
        asked = slack.dm(QUESTION)
        (notice,) = slack.wait_for(lambda: answers(slack, asked), 60)
    finally:
        with sqlite3.connect(stage.home.path / "state.db") as state:
            state.execute("DROP TRIGGER full")
    assert wording.UNCONFIRMED in notice.visible_text
    slack.click(notice, "retry")
    slack.wait_for(lambda: PAGE in answers(slack, asked)[0].visible_text)
    assert answered(slack, asked).ts == notice.ts


# Too late.


def test_what_waited_too_long_is_said_so_and_may_be_asked_again(
    copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.plan("chat.postMessage", rate_limited(100))
        asked = slack.mention(QUESTION)
        slack.wait_for(lambda: slack.calls("chat.postMessage"))
        assert bot.stop(timeout=60) == 0
        with sqlite3.connect(copied.path / "state.db") as state:
            (sending,) = state.execute("SELECT sending FROM questions").fetchone()
            assert sending == 0
            state.execute("UPDATE questions SET asked = asked - 700")
        bot.start().ready()
        (late,) = told(slack)
        assert wording.TOO_LATE in late.visible_text and late.thread_ts == asked.ts
        slack.click(late, "retry")
        answered(slack, asked)
        assert not slack.ephemerals()


def test_who_edits_while_it_is_said_to_be_too_late_is_answered(
    copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.plan("chat.postMessage", rate_limited(100), slow(1.5))
        asked = slack.dm("What was agreed?")
        slack.wait_for(lambda: slack.calls("chat.postMessage"))
        assert bot.stop(timeout=60) == 0
        with sqlite3.connect(copied.path / "state.db") as state:
            state.execute("UPDATE questions SET asked = asked - 700")
        bot.start()
        (late,) = slack.wait_for(lambda: answers(slack, asked))
        slack.edit(asked, QUESTION)
        assert wording.TOO_LATE in late.visible_text
        slack.wait_for(lambda: len(answers(slack, asked)) > 1)
        slack.settle(quiet=0.5)
        assert [PAGE in each.visible_text for each in answers(slack, asked)] == [False, True]


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_who_waits_when_the_bot_is_stopped_is_answered_by_the_next_one(
    mode: str, copied: Home, tmp_path: Path
) -> None:
    with workspace(mode) as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.plan("chat.postMessage", rate_limited(100))
        asked = [slack.mention(QUESTION) for _ in range(3)]
        slack.wait_for(lambda: slack.calls("chat.postMessage"))
        assert bot.stop(timeout=60) == 0  # it waits for none of them
        bot.start().ready()
        for each in asked:
            answered(slack, each)
        nothing_elsewhere(slack, "C0GENERAL")


# Threads that are gone.


@pytest.mark.parametrize("surfacing", [False, True], ids=["refused", "in the channel"])
def test_in_a_thread_that_is_gone_nothing_is_said(stage: Stage, surfacing: bool) -> None:
    slack, before = stage.slack, stage.slack.messages("C0GENERAL")
    slack.world.surfacing = surfacing
    slack.faults.plan("chat.delete", *[server_error(), rate_limited(1)] * surfacing)
    try:
        with stage.bot.standing_still():
            slack.delete(slack.mention(QUESTION))
        slack.wait_for(lambda: slack.calls("chat.postMessage"))
        slack.wait_for(lambda: slack.messages("C0GENERAL") == before and not slack.faults.left)
        slack.settle(quiet=0.5)
    finally:
        slack.world.surfacing = False
    assert slack.messages("C0GENERAL") == before and not slack.ephemerals()
    assert len(slack.calls("chat.postMessage")) == 1


# Tokens that are good for nothing.


def test_a_question_outlives_a_token(copied: Home, tmp_path: Path) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.always("chat.postMessage", refused("invalid_auth"))
        slack.faults.always("chat.postEphemeral", refused("invalid_auth"))
        asked = slack.mention(QUESTION)
        slack.wait_for(lambda: slack.calls("chat.postMessage"))
        if bot.process.poll() is None:
            bot.stop(timeout=60)
        slack.faults.clear()
        bot.start().ready()
        answered(slack, asked)
        nothing_elsewhere(slack, "C0GENERAL")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["response_url", "chat.postMessage"])
def test_what_may_have_arrived_before_a_token_was_refused_is_not_sent_again(
    method: str, copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.plan(method, dropped(after_effect=True))
        slack.faults.plan("chat.postEphemeral", *[refused("token_revoked")] * 2)
        slack.slash("/ask", QUESTION) if method == "response_url" else slack.mention(QUESTION)
        for _ in range(2):  # nor does the next process bring it without a word
            bot.process.wait(60)
            bot.start()
        said = slack.wait_for(lambda: [m for m in slack.ephemerals() if PAGE not in m.visible_text])
        slack.settle()
        assert [wording.UNCONFIRMED in each.visible_text for each in said] == [True]
        assert len(slack.calls(method)) == 1


def test_an_answer_that_arrived_before_a_token_was_refused_is_found(
    copied: Home, tmp_path: Path
) -> None:
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.plan("chat.postMessage", dropped(after_effect=True))
        slack.faults.plan("conversations.replies", refused("token_revoked"))
        slack.faults.plan("chat.postMessage", refused("token_revoked"))
        asked = slack.dm(QUESTION)
        bot.process.wait(60)
        bot.start().ready()
        slack.wait_for(lambda: len(slack.calls("conversations.replies")) == 2)
        answered(slack, asked)
        nothing_elsewhere(slack, asked.channel)


# Windows and shares.


def test_a_window_waits_for_slack_and_keeps_nobody_waiting(slack: Slack) -> None:
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    slack.faults.plan("views.update", rate_limited(2), server_error())
    slack.click(answer, "show_more").wait()
    started = time.monotonic()
    direct = slack.dm(QUESTION, "U0BOB")
    slack.wait_for(lambda: answers(slack, direct))
    assert time.monotonic() - started < 2
    slack.wait_for(lambda: [v for v in slack.views() if PAGE in v.visible_text])
    assert slack.ephemerals() == [answer]


def test_a_share_that_may_have_come_is_said_so_each_time(slack: Slack) -> None:
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    slack.faults.plan("response_url", server_error())
    for count in (2, 3):
        slack.click(answer, "share").wait()
        said = told(slack, count=count)
        assert wording.SHARE_UNCONFIRMED in said[-1].visible_text
    assert not [m for m in slack.bot_messages("C0GENERAL") if m.via == "response_url"]


def test_a_share_that_slack_does_not_take_any_more_says_why(slack: Slack) -> None:
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    slack.faults.plan("response_url", gone())
    slack.click(answer, "share").wait()
    *_, said = told(slack, count=2)
    assert wording.SHARE_EXPIRED in said.visible_text
