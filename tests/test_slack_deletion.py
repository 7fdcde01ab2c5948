"""Deleted means deleted: on the screen, in later answers, and on the disk, at once."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, forget, replies, searched, staged, told
from slack_delivery import Gesture
from slack_faults import refused, slow
from slack_standin import Slack
from slack_world import Message

from bot.slack.sending import wording
from retriever.index.home import Home

SECRET = "What was agreed with Sung Kim on the xylophones of Vaduz?"
WORD = "xylophones"
NEXT = "and when was that?"


@pytest.fixture(scope="module", params=["socket", "http"])
def place(
    request: pytest.FixtureRequest, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Slack, Path]]:
    """One bot for all tests, and the folder of its state."""
    at = tmp_path_factory.mktemp("deletion")
    stated = "[slack]\nfollow_ups = true\n"
    with staged(home, at, request.param, stated, follow_ups=True) as made:
        yield made.slack, made.home.path


@pytest.fixture
def slack(place: tuple[Slack, Path]) -> Slack:
    place[0].settle()
    forget(place[0])
    return place[0]


@pytest.fixture
def is_kept(place: tuple[Slack, Path]) -> Callable[[str], bool]:
    """Whether a word is anywhere in the files of the state, deleted or not."""

    def look(word: str = WORD) -> bool:
        return any(word.encode() in file.read_bytes() for file in place[1].glob("state.db*"))

    return look


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(f"file:{folder}/state.db?mode=ro", uri=True) as state:
        return state.execute(query).fetchall()


def answers(slack: Slack, asked: Gesture) -> list[Message]:
    return [m for m in slack.messages(asked.channel, asked.thread_ts) if m.user == "U0BOT"]


def test_words_leave_later_answers_and_the_disk(slack: Slack, is_kept: Callable[..., bool]) -> None:
    for ask in (slack.dm, slack.mention):
        asked = ask(SECRET)
        replies(slack, asked.channel, asked.ts)
        mention = "" if asked.channel.startswith("D") else "<@U0BOT> "
        slack.say(mention + NEXT, channel=asked.channel, thread_ts=asked.ts)
        _, second = replies(slack, asked.channel, asked.ts, 2)
        assert WORD in searched(second) and is_kept()
        slack.delete(asked)
        slack.wait_for(lambda at=asked: len(answers(slack, at)) == 1)  # type: ignore[misc]
        slack.wait_for(lambda at=asked: WORD not in answers(slack, at)[0].visible_text)  # type: ignore[misc]
        assert answers(slack, asked)[0].ts == second.ts
        assert not is_kept()


def test_a_question_deleted_while_it_is_answered_does_not_come_back(
    slack: Slack, is_kept: Callable[..., bool]
) -> None:
    slack.faults.plan("chat.postMessage", slow(0.7))
    asked = slack.dm(SECRET)
    slack.wait_for(lambda: slack.server.under_way)
    slack.delete(asked)
    slack.settle(quiet=0.4)
    slack.wait_for(lambda: not slack.messages(asked.channel, asked.ts))
    assert not is_kept()


def test_a_deletion_may_come_before_its_message(slack: Slack, is_kept: Callable[..., bool]) -> None:
    asked = slack.dm(SECRET, subtype="hushed")  # which the bot takes for no message
    assert asked.message
    late = {**asked.message.json, "channel": asked.channel, "channel_type": "im"}
    plain = {key: value for key, value in late.items() if key != "subtype"}
    gone = {"type": "message", "subtype": "message_deleted", "channel": asked.channel}
    gone |= {"channel_type": "im", "ts": slack.world.ts(), "deleted_ts": asked.ts}
    slack.happen({**gone, "previous_message": plain}).wait()
    slack.happen(plain).wait()
    slack.settle(quiet=0.4)
    assert not answers(slack, asked) and not is_kept()


def test_a_follow_up_under_way_does_not_bring_it_back(
    slack: Slack, is_kept: Callable[..., bool]
) -> None:
    asked = slack.dm(SECRET)
    replies(slack, asked.channel, asked.ts)
    slack.faults.plan("chat.postMessage", slow(0.7))
    slack.dm(NEXT, thread_ts=asked.ts)
    slack.wait_for(lambda: slack.server.under_way)
    slack.delete(asked)
    slack.wait_for(lambda: [m for m in answers(slack, asked) if WORD not in m.visible_text])
    slack.settle(quiet=0.4)
    assert len(answers(slack, asked)) == 1 and not is_kept()


def test_state_is_cleared_where_slack_deletes_nothing(
    slack: Slack, is_kept: Callable[..., bool]
) -> None:
    asked = slack.mention(SECRET)
    replies(slack, asked.channel, asked.ts)
    slack.faults.plan("chat.delete", refused("channel_not_found"))
    slack.delete(asked).wait()
    assert not is_kept()


def test_votes_and_comments_go_with_their_question(
    place: tuple[Slack, Path], slack: Slack, is_kept: Callable[..., bool]
) -> None:
    asked = slack.mention(QUESTION)
    (answer,) = replies(slack, asked.channel, asked.ts)
    slack.feedback(answer, "down").wait()
    (view,) = slack.wait_for(slack.views)
    slack.submit_view(view, {"comment": {"comment": SECRET}}).wait()
    slack.wait_for(is_kept)
    slack.delete(asked).wait()
    slack.settle()
    assert not is_kept() and not rows(place[1], "SELECT vote FROM votes")


def test_what_was_borrowed_goes_with_its_message(
    slack: Slack, is_kept: Callable[..., bool]
) -> None:
    said = slack.say(SECRET, "U0BOB")
    assert said.message
    slack.shortcut("find_sources", said.message).wait()
    (found,) = told(slack)
    slack.mention("can you answer this?", thread_ts=said.ts)
    (answer,) = replies(slack, said.channel, said.ts)
    assert WORD in found.visible_text and WORD in answer.visible_text
    slack.delete(said)
    slack.wait_for(lambda: wording.POINTED_DELETED in answers(slack, said)[0].visible_text)
    assert not is_kept()
    if wording.SHOW_MORE in found.visible_text:
        slack.click(found, "show_more").wait()
        assert wording.TOO_OLD in told(slack, count=2)[-1].visible_text


def test_what_was_tried_again_goes_as_well(slack: Slack, is_kept: Callable[..., bool]) -> None:
    slack.faults.always("chat.postMessage", refused("internal_error"))
    slack.faults.always("conversations.replies", refused("internal_error"))
    asked = slack.mention(SECRET)
    (notice,) = told(slack)
    slack.faults.clear()
    slack.click(notice, "retry").wait()
    slack.wait_for(lambda: len(slack.ephemerals()) > 1 or answers(slack, asked))
    slack.settle()
    slack.delete(asked).wait()
    slack.settle()
    assert not is_kept()


# Threads of thought.


def test_two_who_ask_in_turn_keep_their_own_thread_of_thought(
    place: tuple[Slack, Path], slack: Slack
) -> None:
    root = slack.say("Two questions for the archive today.", "U0BOB")
    for number, (typed, user) in enumerate(
        [(QUESTION, "U0ALICE"), ("Who met in Jakarta?", "U0BOB"), (NEXT, "U0ALICE"),
         (NEXT, "U0BOB"), ("and who was there?", "U0KIM"), ("and why?", "U0KIM")],
    ):  # fmt: skip
        slack.mention(typed, user, thread_ts=root.ts)
        replies(slack, "C0GENERAL", root.ts, number + 1)
    kept = [json.loads(text) for (text,) in rows(place[1], "SELECT question FROM questions")]
    history = {(each["user"], each["text"]): each["history"] for each in kept}
    assert history["U0ALICE", NEXT] == [QUESTION]
    assert history["U0BOB", NEXT] == [QUESTION, "Who met in Jakarta?"]
    everything = [QUESTION, "Who met in Jakarta?", NEXT, NEXT]
    assert history["U0KIM", "and who was there?"] == everything
    assert history["U0KIM", "and why?"] == [*everything, "and who was there?"]
    third, fourth = answers(slack, root)[2:4]
    assert "Sung Kim" in searched(third) and "Jakarta" not in searched(third)
    assert "Jakarta" in searched(fourth)


def test_what_is_no_question_is_not_gone_on_with(place: tuple[Slack, Path], slack: Slack) -> None:
    root = slack.say("Good morning.", "U0BOB")
    slack.mention(QUESTION, thread_ts=root.ts)
    replies(slack, "C0GENERAL", root.ts)
    slack.mention("Who met in Jakarta?", "U0GUEST", thread_ts=root.ts)
    told(slack, "U0GUEST")
    slack.mention(NEXT, "U0BOB", thread_ts=root.ts)
    *_, last = replies(slack, "C0GENERAL", root.ts, 2)
    assert PAGE in last.visible_text and "Jakarta" not in searched(last)
