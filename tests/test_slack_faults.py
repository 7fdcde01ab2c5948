"""Every question gets one answer, or is told that it may have got none, whatever goes wrong.

What counts. A question is answered when its answer stands in its place: in its thread, or before
the eyes of who typed the command. It must never stand there twice. Where it does not stand, its
asker must have been told something, once. Where Slack's reply is lost and the bot may not read the
channel, nobody can know whether the answer stands: then the one answer and the notice that Slack
did not confirm it may both be there, but no second answer; nor a second notice, unless Slack's
reply to the first was lost as well, since silence would be worse, or the bot was ended before it
had noted that, or its reader tried again. An edited question has the answer to what it says by now.
An answer is shared at most once. Nothing is said to everybody but in the thread of a question.

Slack tries for longer than the bot takes to start again, so that no message may be lost; whoever
types a command that does not reach the bot, or clicks in vain, is told by Slack itself.
"""

import json
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest
from slack_bot import Bot, running, workspace
from slack_delivery import Gesture
from slack_events import actions
from slack_faults import dropped, rate_limited, refused, server_error, slow
from slack_standin import Slack
from slack_world import Message

from retriever.index.home import Home

TOTAL = int(os.environ.get("PINCITE_FAULTS", "100"))
SEEDS = (7, 11) if TOTAL >= 1_000 else (7,)
QUESTIONS = TOTAL // 2 // len(SEEDS)
"""In each of the two modes, with each seed."""
SPEED = 12.0
"""The third retry comes 30 seconds after the first attempt; a restart takes 2 to 8, on a busy
machine 20."""
RATES = [
    (rate_limited(1), 0.04),
    (server_error(), 0.04),
    (dropped(), 0.04),
    (dropped(after_effect=True), 0.04),
    (refused("invalid_blocks"), 0.01),
    (slow(0.3), 0.05),
]
METHODS = (
    "chat.postMessage", "chat.postEphemeral", "chat.update", "response_url", "users.info",
    "conversations.replies", "assistant.threads.setStatus", "apps.connections.open", "auth.test",
    "views.open", "views.update",
)  # fmt: skip
PEOPLE = ("U0ALICE", "U0BOB")
NOTING = 15.0
"""Seconds at most from a call to the note that it was made, on a busy machine."""


class Asked(NamedTuple):
    """What somebody asked: the words that only this question has, and how they did it."""

    text: str
    person: str
    gesture: Gesture

    @property
    def key(self) -> str:
        """The key under which the bot must know it."""
        if self.gesture.message:
            return f"message:{self.gesture.channel}:{self.gesture.ts}"
        return f"command:{self.gesture.deliveries[0].payload['trigger_id']}"


@dataclass
class Crowd:
    """People who ask, and do what they like with the answers."""

    slack: Slack
    bot: Bot
    chance: random.Random
    asked: list[Asked] = field(default_factory=list)
    edits: dict[str, tuple[str, Gesture]] = field(default_factory=dict)
    clicks: list[Gesture] = field(default_factory=list)
    retried: Counter[str] = field(default_factory=Counter)
    """The references of the questions that somebody tried again."""
    ends: list[float] = field(default_factory=list)
    """When the bot was ended."""

    def ask(self, number: int) -> None:
        """Somebody asks, somewhere, or goes on in a thread."""
        slack, chance, who = self.slack, self.chance, self.chance.choice(PEOPLE)
        text = f"What was agreed with Sung Kim, item {number:04d}?"
        threads = [a.gesture for a in self.asked if a.gesture.message and a.person == who]
        match chance.randrange(6):
            case 0:
                made = slack.mention(text, who, chance.choice(("C0GENERAL", "G0PRIVATE")))
            case 1:
                made = slack.dm(text, who)
            case 2 | 3:
                made = slack.slash("/ask", text, who, chance.choice(("C0GENERAL", "C0RANDOM")))
            case 4 if threads:
                text = f"and on item {number:04d}?"
                root = chance.choice(threads)
                is_direct = root.channel.startswith("D")
                go_on = slack.dm if is_direct else slack.mention
                where = {} if is_direct else {"channel": root.channel}
                made = go_on(text, who, thread_ts=root.thread_ts, **where)  # type: ignore[arg-type]
            case _:
                made = slack.mention(text, who, order="message first")
        self.asked.append(Asked(text, who, made))

    def act(self) -> None:
        """Somebody thinks again, or clicks."""
        chance, slack = self.chance, self.slack
        match chance.randrange(12):
            case 0:
                direct = [a for a in self.asked if a.gesture.message and a.key not in self.edits
                          and a.gesture.channel.startswith("D")]  # fmt: skip
                if direct:
                    one = chance.choice(direct)
                    text = f"{one.text} Please."
                    self.edits[one.key] = text, slack.edit(one.gesture, text)
            case 1:
                self.click("show_more")
            case 2:
                self.click("share")
            case 3:
                self.click("retry")

    def click(self, action: str) -> None:
        """Somebody clicks on a button that they see; nobody tries again who sees the answer."""
        seen = [(person, m) for person in PEOPLE for m in self.slack.ephemerals(person)]
        seen = [(p, m) for p, m in seen if any(e["action_id"] == action for e in elements(m))]
        if action == "retry":
            there = {about(m) for _, m in said(self.slack) if not is_notice(m)}
            seen = [(p, m) for p, m in seen if about(m) not in there]
        if seen:
            person, message = self.chance.choice(seen)
            self.retried[about(message)] += action == "retry"
            self.clicks.append(self.slack.click(message, action, person))

    def disturb(self) -> None:
        """Something happens to the bot or to the connections, or Slack sends something again."""
        slack, bot = self.slack, self.bot
        match self.chance.randrange(32):
            case 0 | 1 | 2 | 3 | 4 as what if self.is_calm():
                self.cut(what)
            case place if place in range(5, 15):
                slack.redeliver(self.chance.choice(self.asked).gesture, 2)
            case 15:
                with bot.standing_still():
                    time.sleep(0.3)
            case 16:
                slack.faults.plan("chat.postMessage", *[server_error()] * 5)
            case 17 if self.is_calm():
                self.revoke()

    def cut(self, what: int) -> None:
        """Ends the bot, or its connections."""
        slack, bot = self.slack, self.bot
        if what == 0:
            bot.ready().kill()
            self.begin_again()
        elif what == 1:
            assert bot.ready().stop() == 0
            self.begin_again()
        elif slack.mode == "socket" and what == 2:
            slack.disconnect("refresh_requested")
        elif slack.mode == "socket":
            slack.drop_connections()

    def revoke(self) -> None:
        """The token is revoked, which ends the bot; with one that is good it is begun again."""
        slack, bot = self.slack, self.bot.ready()
        slack.server.api.revoked = "token_revoked"
        slack.happen({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
        bot.process.wait(120)
        slack.server.api.revoked = ""
        self.begin_again()
        bot.ready()

    def begin_again(self) -> None:
        self.ends.append(time.time())
        self.bot.start()

    def is_calm(self) -> bool:
        """Whether Slack has no retry before it: else a second cut might take the last one too."""
        return all(d.done.is_set() or len(d.attempts) < 2 for d in list(self.slack.deliveries))


class Known(NamedTuple):
    """What the bot knows of a question."""

    reference: str
    text: str
    person: str
    verdict: str


def rows(home: Home) -> dict[str, Known]:
    """The questions that the bot knows, by their keys."""
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        found = state.execute(
            "SELECT key, reference, json_extract(question, '$.text'), "
            "json_extract(question, '$.user'), verdict FROM questions"
        )
        return {key: Known(*rest) for key, *rest in found}


def open_questions(home: Home) -> int:
    with sqlite3.connect(f"file:{home.path}/state.db?mode=ro", uri=True) as state:
        return int(state.execute("SELECT count(*) FROM questions WHERE done = 0").fetchone()[0])


def elements(message: Message) -> list[dict[str, object]]:
    return [element for _, element in actions(list(message.blocks))]


def about(message: Message) -> str:
    """The reference of the question that a message names in its buttons or its metadata."""
    values = [str(element.get("value", "")) for element in elements(message)]
    return next(iter(values), "").partition(":")[0] or marked(message)


def is_notice(message: Message) -> bool:
    return any(element["action_id"] == "retry" for element in elements(message))


def said(slack: Slack) -> Iterator[tuple[str, Message]]:
    """All that the bot has said to everybody, or to one person, who is named."""
    for message in slack.bot_messages():
        yield "", message
    for person in PEOPLE:
        for message in slack.ephemerals(person):
            yield person, message


class Tally:
    """What was said to each question; in plain text, to each person and wording."""

    def __init__(self, crowd: Crowd, known: dict[str, Known]) -> None:
        self.answers, self.notices, self.shared = Counter[str](), Counter[str](), Counter[str]()
        self.plain = Counter[str]()  # answers without buttons, by the words of the question
        self.told = Counter[str]()  # notices without buttons, by who was told
        self.shown: dict[str, str] = {}
        texts = sorted({each.text for each in known.values() if each.text}, key=len, reverse=True)
        for person, message in said(crowd.slack):
            reference = about(message)
            asked = next((text for text in texts if text in message.visible_text), "")
            if " shared: " in message.visible_text:
                self.shared[asked] += 1
            elif asked and reference:
                self.answers[reference] += 1
                self.shown[reference] = message.visible_text
            elif reference:
                self.notices[reference] += 1
            elif asked:
                self.plain[asked] += 1
            else:
                self.told[person or direct_of(message)] += 1
        self.lost = Counter(  # notices of which the bot could not note that they came
            str(element.get("value", ""))
            for call in crowd.slack.calls()
            if call.answer is None or any(0 < end - call.at < NOTING for end in crowd.ends)
            for _, element in actions(call.arguments.get("blocks") or [])
        )  # fmt: skip


def marked(message: Message) -> str:
    """The question that an answer in plain text names in its metadata."""
    metadata = message.options.get("metadata") or {}
    return str(metadata.get("event_payload", {}).get("reference", ""))


def direct_of(message: Message) -> str:
    return message.channel.replace("D0", "U0")


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_every_question_is_answered_once(
    mode: str, seed: int, copied: Home, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    with (
        workspace(mode, speed=SPEED, patience=3) as slack,
        running(slack, copied, tmp_path / "log") as bot,
    ):
        crowd = Crowd(slack, bot, chance)
        slack.faults.by_chance(seed, RATES, METHODS)
        for number in range(QUESTIONS):
            crowd.ask(number)
            time.sleep(chance.random() * 0.2)
            crowd.act()
            crowd.disturb()
        for each in slack.deliveries:
            assert each.done.wait(300)
        slack.wait_for(lambda: open_questions(copied) == 0, 1800, "all answered")
        slack.settle(quiet=0.5)
        known = rows(copied)
        tally, vain = Tally(crowd, known), 0
        for asked in crowd.asked:
            row = known.get(asked.key)
            if row is None:  # Slack could not bring it, and says so to who typed it
                assert not asked.gesture.message, f"lost: {asked.text} {asked.gesture.attempts}"
                assert asked.gesture.user_error, f"lost without a word: {asked.text}"
                vain += 1
                continue
            check(row, tally, crowd)
            edited, gesture = crowd.edits.get(asked.key, ("", None))
            if gesture:
                assert gesture.acked and row.text == edited
                shown = tally.shown.get(row.reference, edited)
                assert edited in shown, f"not the answer to {edited}: {shown}"
        check_places(slack, {key: row.reference for key, row in known.items()})
        texts = Counter(each.text for each in known.values())
        for text, count in (tally.plain + Counter()).items():
            full = sum(tally.answers[e.reference] for e in known.values() if e.text == text)
            assert count + full <= texts[text], f"answered twice: {text}"
        assert all(count <= texts[text] for text, count in tally.shared.items()), tally.shared
        # Whoever shares an answer has had it.
        answers = sum(map(Counter.total, (tally.answers, tally.plain, tally.shared)))
        busy = sum(each.verdict == "busy" for each in known.values())  # on a slow machine
        assert answers >= 0.7 * (len(known) - busy - 1)
        assert bot.stop() == 0
        assert "Sung Kim" not in bot.log and "Traceback" not in bot.log
    notices = sum(tally.notices.values()) + sum(tally.told.values())
    print(f"{mode}, seed {seed}: {len(crowd.asked)} questions, {len(crowd.edits)} edits, "  # noqa: T201
          f"{len(crowd.clicks)} clicks; {answers} answers ({sum(tally.plain.values())} in plain "
          f"text, {sum(tally.shared.values())} shared), {notices} notices ({busy} that too many "
          f"wait); {vain} commands that Slack refused, 0 messages lost")  # fmt: skip


def check_places(slack: Slack, known: dict[str, str]) -> None:
    """What is said to everybody is said in the thread of its question, or in the asker's own
    direct messages."""
    places = {reference: key.split(":") for key, reference in known.items()}
    for message in slack.bot_messages():
        kind, *where = places.get(about(message), ("",))
        if kind == "message" and not message.channel.startswith("D"):
            assert message.channel == where[0] and message.thread_ts, message.visible_text


def story(row: Known, crowd: Crowd) -> str:
    """What was called for a question and what became of that, and what the bot says of it."""
    calls = [
        f"{call.at:.3f} {call.method}: {call.fault or call.error or call.status}"
        for call in crowd.slack.calls() if row.reference in json.dumps(call.arguments)
    ]  # fmt: skip
    log = [line for line in crowd.bot.log.splitlines() if row.reference in line]
    return "\n".join([str(row), *calls, *log])


def check(row: Known, tally: Tally, crowd: Crowd) -> None:
    """One answer at most, one notice at most for each time of asking, and one of the two."""
    answers, notices = tally.answers[row.reference], tally.notices[row.reference]
    may_be_told = 1 + tally.lost[row.reference] + crowd.retried[row.reference]
    assert answers <= 1, f"answered twice: {story(row, crowd)}"
    assert notices <= may_be_told, f"told {notices} times: {story(row, crowd)}"
    # Sharing an answer takes it away from the one who saw it alone.
    silent = not (answers or notices or tally.plain[row.text] or tally.shared[row.text])
    if silent and tally.told[row.person]:
        tally.told[row.person] -= 1
    elif silent:
        raise AssertionError(f"silence: {story(row, crowd)}")
