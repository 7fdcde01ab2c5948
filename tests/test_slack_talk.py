"""Not everything that is typed is a question: talk in threads, thanks, calls for help."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, installed, replies, told
from slack_standin import Slack

from bot.slack.sending import wording
from retriever.index.home import Home

REMARKS = (
    ":+1:",
    "👍",
    "thanks, that helps",
    "but who takes notes?",
    "so when do we leave?",
    "and the budget, did you ask finance?",
    "help!",
    "how was your weekend?",
)


@pytest.fixture
def slack(copied: Home, tmp_path: Path) -> Iterator[Slack]:
    stated = "[slack]\nfollow_ups = true\n"
    with installed(copied, tmp_path / "log", stated, follow_ups=True) as (made, _):
        yield made


def test_of_a_conversation_below_an_answer_only_what_goes_on_is_answered(slack: Slack) -> None:
    asked = slack.mention(QUESTION)
    replies(slack, "C0GENERAL", asked.ts)
    before = slack.bot_messages()
    for said in REMARKS:
        slack.say(said, thread_ts=asked.ts)
        slack.say(said, "U0BOB", thread_ts=asked.ts)
    slack.say("<@U0BOT> thanks!", thread_ts=asked.ts)
    slack.say("<@U0BOT> :tada:", thread_ts=asked.ts)
    slack.settle(quiet=0.5)
    assert slack.bot_messages() == before and not slack.ephemerals()
    slack.say("and when was that?", thread_ts=asked.ts)
    _, second = replies(slack, "C0GENERAL", asked.ts, 2)
    assert PAGE in second.visible_text


def test_talk_to_the_bot_alone_gets_a_friendly_line_and_is_no_context(slack: Slack) -> None:
    first = slack.dm("good morning, how are you today?")
    (line,) = replies(slack, first.channel, first.ts)
    assert line.visible_text.strip() == wording.SMALL_TALK
    slack.dm(":wave:", thread_ts=first.ts)
    replies(slack, first.channel, first.ts, 2)
    slack.dm(QUESTION, thread_ts=first.ts)
    *_, answer = replies(slack, first.channel, first.ts, 3)
    assert PAGE in answer.visible_text and "morning" not in answer.visible_text


@pytest.mark.parametrize("typed", ["help me", "Help!", "--help", "?", "*help*"])
def test_who_asks_for_help_is_told_how_to_ask(slack: Slack, typed: str) -> None:
    slack.slash("/ask", typed)
    (usage,) = told(slack)
    assert wording.ASK in usage.visible_text


def test_who_asks_for_help_to_find_something_is_answered(slack: Slack) -> None:
    asked = slack.mention("help me find what was agreed with _Sung Kim_")
    (answer,) = replies(slack, "C0GENERAL", asked.ts)
    assert PAGE in answer.visible_text
