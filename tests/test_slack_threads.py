"""Threads: what a question is understood from, and what becomes of edited and deleted ones."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, forget, installed, replies, searched, told
from slack_delivery import Gesture
from slack_faults import dropped, rate_limited, slow
from slack_standin import Slack
from slack_world import Message

from bot.slack.sending import wording
from bot.slack.store.store import Store
from retriever.index.home import Home

NEXT = "and when was that?"


@pytest.fixture
def slack(copied: Home, tmp_path: Path) -> Iterator[Slack]:
    with installed(copied, tmp_path / "log", "[slack]\nfollow_ups = true\n", follow_ups=True) as (
        made, _,
    ):  # fmt: skip
        yield made


def kept(home: Home) -> dict[str, list[str]]:
    """The history of each question that the bot keeps, by its text."""
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        rows = [json.loads(text) for (text,) in state.execute("SELECT question FROM questions")]
    return {row["text"]: row["history"] for row in rows}


def changed(slack: Slack, asked: Gesture, old: Message, timeout: float = 20) -> Message:
    """An answer once another stands in its place."""

    def new() -> Message | None:
        now = slack.world.messages.get((asked.channel, old.ts))
        return now if now and now.blocks != old.blocks else None

    return slack.wait_for(new, timeout)  # type: ignore[return-value]


def test_a_question_is_understood_from_one_that_still_waits(slack: Slack) -> None:
    slack.faults.plan("chat.postMessage", slow(1.5))
    asked = slack.dm(QUESTION)
    slack.wait_for(lambda: slack.server.under_way)
    slack.dm(NEXT, thread_ts=asked.ts)
    found = replies(slack, asked.channel, asked.ts, 2)
    assert all("Sung Kim" in searched(each) for each in found)


def test_try_again_is_understood_from_the_thread(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        asked = slack.mention(QUESTION)
        replies(slack, "C0GENERAL", asked.ts)
        slack.faults.plan("chat.postMessage", dropped(after_effect=True))
        slack.mention(NEXT, thread_ts=asked.ts)
        (notice,) = told(slack)
        assert wording.UNCONFIRMED in notice.visible_text
        slack.click(notice, "retry").wait()
        *_, again = replies(slack, "C0GENERAL", asked.ts, 3)  # the lost one arrived, unseen
        assert "Sung Kim" in searched(again) and not slack.ephemerals()


def test_an_edited_question_is_understood_from_those_before_it(slack: Slack, copied: Home) -> None:
    first = slack.dm("Who met in Jakarta?")
    (one,) = replies(slack, first.channel, first.ts)
    second = slack.dm(NEXT, thread_ts=first.ts)
    replies(slack, first.channel, first.ts, 2)
    slack.edit(first, QUESTION)
    new = changed(slack, first, one)
    assert PAGE in new.visible_text
    slack.settle()
    assert kept(copied) == {QUESTION: [], NEXT: [QUESTION]}
    slack.edit(second, "and who was there?")
    slack.settle(quiet=0.5)
    assert kept(copied) == {QUESTION: [], "and who was there?": [QUESTION]}


def test_an_edit_may_come_before_its_message(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        slack.subscriptions.discard("message.im")
        asked = slack.dm("What was agreed?")
        assert asked.message and not asked.deliveries
        slack.subscriptions.add("message.im")
        slack.edit(asked, QUESTION)
        (answer,) = replies(slack, asked.channel, asked.ts)
        assert QUESTION in answer.visible_text
        late = {**asked.message.json, "channel": asked.channel, "channel_type": "im"}
        slack.happen(late).wait()
        assert replies(slack, asked.channel, asked.ts) == [answer]


@pytest.mark.slow
def test_an_edit_outlives_a_crash(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, bot):
        asked = slack.dm("Who met in Jakarta?")
        (old,) = replies(slack, asked.channel, asked.ts)
        slack.faults.plan("chat.update", rate_limited(5))
        slack.edit(asked, QUESTION).wait()
        slack.wait_for(lambda: slack.calls("chat.update"))
        bot.kill()
        bot.start().ready()
        new = changed(slack, asked, old)
        assert QUESTION in new.visible_text
        assert len(replies(slack, asked.channel, asked.ts)) == 1


def test_of_a_deleted_question_nothing_is_kept(slack: Slack, copied: Home) -> None:
    asked = slack.mention(QUESTION)
    replies(slack, "C0GENERAL", asked.ts)
    slack.say(NEXT, thread_ts=asked.ts)
    replies(slack, "C0GENERAL", asked.ts, 2)
    slack.delete(asked)
    slack.wait_for(lambda: len(slack.messages("C0GENERAL", asked.ts)) == 3)  # with a tombstone
    slack.settle()
    assert kept(copied) == {"": [], NEXT: []}
    assert "was deleted" not in "".join(m.visible_text for m in slack.bot_messages())


def test_what_nobody_asked_is_not_answered_where_the_bot_hears_it(slack: Slack) -> None:
    asked = slack.mention(QUESTION)
    replies(slack, "C0GENERAL", asked.ts)
    before = slack.bot_messages()
    slack.bot_says(f"<@U0BOT> {QUESTION}")
    slack.bot_says(f"<@U0BOT> {QUESTION}", classic=True)
    slack.say(f"<@U0BOT> {QUESTION}", "USLACKBOT")
    slack.say("Anna, can you take the notes today?", thread_ts=asked.ts)
    slack.join("U0KIM"), slack.join("U0BOT")
    aside = slack.say("to everybody")
    slack.edit(aside, f"to everybody, not to <@U0BOT>: {QUESTION}")
    heard = slack.delete(aside)
    assert heard.deliveries and heard.acked
    slack.settle(quiet=0.5)
    assert slack.bot_messages() == before and not slack.ephemerals()


def test_an_answer_is_found_again_at_the_end_of_a_long_thread(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        root = slack.dm("Who met in Jakarta?")
        replies(slack, root.channel, root.ts)

        def talk() -> None:
            for _ in range(220):
                said = Message(root.channel, slack.world.ts(), "U0ALICE", "well", (), root.ts)
                slack.world.messages[root.channel, said.ts] = said

        slack.server.do(talk)
        forget(slack)
        slack.faults.plan("chat.postMessage", dropped(after_effect=True))
        slack.dm(QUESTION, thread_ts=root.ts)
        assert len(replies(slack, root.channel, root.ts, 2)) == 2
        assert len(slack.calls("chat.postMessage")) == 1


def test_a_direct_message_is_known_by_its_channel(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        slack.subscriptions.discard("message.im")
        asked = slack.dm(QUESTION)
        assert asked.message and not asked.deliveries
        event = {**asked.message.json, "channel": asked.channel, "event_ts": asked.ts}
        slack.server.do(lambda: slack._announce(event))
        assert len(replies(slack, asked.channel, asked.ts)) == 1


def test_what_is_typed_is_read_as_words(slack: Slack) -> None:
    slack.slash("/ask", "What did AT&T say of <Sung Kim>?")
    (answer,) = told(slack)
    assert "What did AT&T say of <Sung Kim>?" in answer.visible_text
    asked = slack.mention("What was agreed with <@U0KIM>?")
    (answer,) = replies(slack, "C0GENERAL", asked.ts)
    assert QUESTION in answer.visible_text and PAGE in searched(answer)
    assert not slack.pings(answer)


def test_a_command_without_a_trigger_is_answered(slack: Slack) -> None:
    def type_it() -> None:
        at = slack.world.response_url("U0ALICE", "C0GENERAL")
        url = slack.server.response_address(at.token)
        fields = {
            "command": "/ask",
            "team_id": "T1",
            "channel_id": "C0GENERAL",
            "user_id": "U0ALICE",
        }
        slack._send("slash_commands", {**fields, "text": QUESTION, "response_url": url})

    slack.server.do(type_it)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text


def test_sources_of_a_reply_are_shown_in_its_thread(slack: Slack) -> None:
    root = slack.say("Something else")
    reply = slack.say(QUESTION, "U0BOB", thread_ts=root.ts)
    assert reply.message
    slack.shortcut("find_sources", reply.message).wait()
    (answer,) = told(slack)
    assert answer.thread_ts == root.ts and PAGE in answer.visible_text


def test_facts_are_kept_for_good(tmp_path: Path) -> None:
    now = [0.0]
    store = Store(tmp_path / "state.db", lambda: now[0])
    assert store.facts.note("shared:C1", "yes") and not store.facts.note("shared:C1", "yes")
    assert store.facts.first_time("click")
    now[0] = 40 * 86_400.0
    store.prune()
    assert store.facts.fact("shared:C1") == "yes" and store.facts.first_time("click")
    assert store.facts.note("shared:C1", "no") and store.facts.fact("shared:C1") == "no"
