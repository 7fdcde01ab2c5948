"""Every question gets one answer, or is told that it may have got none, whatever goes wrong.

What counts. A question is answered when its answer stands in its place: in its thread, or before
the eyes of who typed the command. It must never stand there twice. Where it does not stand, its
asker must have been told something, with a button to try again. Where Slack's reply is lost and the
bot may not read the channel, nobody can know whether the answer stands: then the one answer and the
notice that Slack did not confirm it may both be there, but no second answer. Slack itself tells who
types a command that it did not reach the bot; it tells nobody of an event that it gave up.
"""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bot import Bot, running, workspace
from slack_delivery import Gesture
from slack_events import actions
from slack_faults import dropped, rate_limited, server_error, slow
from slack_standin import Slack
from slack_world import Message

from retriever.home import Home

QUESTIONS = int(os.environ.get("PINCITE_FAULTS", "100")) // 2
"""In each of the two modes."""
RATES = [
    (rate_limited(1), 0.04),
    (server_error(), 0.04),
    (dropped(), 0.04),
    (dropped(after_effect=True), 0.04),
    (slow(0.3), 0.05),
]
METHODS = (
    "chat.postMessage", "chat.postEphemeral", "chat.update", "response_url", "users.info",
    "conversations.replies", "assistant.threads.setStatus", "apps.connections.open", "auth.test",
)  # fmt: skip
PEOPLE = ("U0ALICE", "U0BOB")


def question(number: int) -> str:
    return f"What was agreed with Sung Kim, item {number:04d}?"


def ask(slack: Slack, chance: random.Random, number: int) -> Gesture:
    """Somebody asks, somewhere."""
    text, who = question(number), chance.choice(PEOPLE)
    match chance.randrange(4):
        case 0:
            return slack.mention(text, who, chance.choice(("C0GENERAL", "G0PRIVATE")))
        case 1:
            return slack.dm(text, who)
        case 2:
            return slack.slash("/ask", text, who, chance.choice(("C0GENERAL", "C0RANDOM")))
    return slack.mention(text, who, order="message first")


def disturb(slack: Slack, bot: Bot, chance: random.Random, asked: list[Gesture]) -> None:
    """Something happens to the bot or to the connections, or Slack sends something again."""
    match chance.randrange(30):
        case 0:
            bot.kill()
            bot.start()
        case 1:
            assert bot.ready().stop(10) == 0
            bot.start()
        case 2 | 3 if slack.mode == "socket":
            slack.drop_connections()
        case 4 if slack.mode == "socket":
            slack.disconnect("refresh_requested")
        case place if place in range(5, 15):
            slack.redeliver(chance.choice(asked), 2)
        case 15:
            with bot.standing_still():
                time.sleep(0.3)


def open_questions(home: Home) -> int:
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        return int(state.execute("SELECT count(*) FROM questions WHERE done = 0").fetchone()[0])


def numbers(home: Home) -> dict[str, str]:
    """The text of each question that the bot knows, by its reference."""
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        rows = state.execute("SELECT reference, json_extract(question, '$.text') FROM questions")
        return dict(rows)


def reference(message: Message) -> str:
    """The question that a message has a button for."""
    values = (str(e.get("value", "")) for _, e in actions(list(message.blocks)))
    return next(values, "").partition(":")[0]


def said(slack: Slack) -> Iterator[Message]:
    """All that the bot has said to everybody or to one."""
    yield from slack.bot_messages()
    for person in PEOPLE:
        yield from slack.ephemerals(person)


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_every_question_is_answered_once(mode: str, copied: Home, tmp_path: Path) -> None:
    chance = random.Random(7)
    asked: list[Gesture] = []
    with workspace(mode) as slack, running(slack, copied, tmp_path / "log") as bot:
        slack.faults.by_chance(7, RATES, METHODS)
        for number in range(QUESTIONS):
            asked.append(ask(slack, chance, number))
            time.sleep(chance.random() * 0.2)
            disturb(slack, bot, chance, asked)
        for each in asked:
            each.wait(60)
        slack.wait_for(lambda: open_questions(copied) == 0, 90, "all answered")
        slack.settle(30, quiet=0.5)
        known = numbers(copied)
        answers, notices = Counter[str](), Counter[str]()
        for message in said(slack):
            text = known.get(reference(message), "")
            is_answer = bool(text) and text in message.visible_text
            (answers if is_answer else notices)[text] += 1
        lost = 0
        for number, each in enumerate(asked):
            text = question(number)
            assert answers[text] <= 1, f"answered twice: {text}"
            unheard = not all(d.ack_seconds is not None for d in each.deliveries)
            lost += unheard
            assert unheard or answers[text] or notices[text], f"silence: {text}\n{bot.log[-3000:]}"
        assert lost <= QUESTIONS / 4
        assert sum(answers.values()) >= 0.6 * QUESTIONS
        assert bot.stop() == 0
        assert "Sung Kim" not in bot.log and "Traceback" not in bot.log
    print(f"{mode}: {sum(answers.values())} answers, {sum(notices.values())} notices, "  # noqa: T201
          f"{lost} that Slack gave up")  # fmt: skip
