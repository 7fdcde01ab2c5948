"""60 questions, two a second, some delivered twice, in twelve channels of which one is full.

`PINCITE_LOAD=300` asks so many in the same 30 seconds, ten a second, on a quiet
machine.

Every answer must stand in its place, once, and who asks elsewhere must not feel that one channel is
full. Prints the figures.
"""

import os
import random
import time
from pathlib import Path

import numpy as np
import pytest
from slack_bot import PAGE, QUESTION, running, workspace
from slack_delivery import Gesture
from slack_faults import rate_limited
from slack_standin import Slack
from slack_world import BOT_USER, Channel, Message

from bot.slack.sending import wording
from retriever.index.home import Home

TOTAL = int(os.environ.get("PINCITE_LOAD", "60"))
A_SECOND = 10 * TOTAL / 300
TWICE = 0.05
"""The part of the questions that Slack delivers twice."""
FULL = "C0FULL"
OTHERS = [f"C0TEAM{number:02d}" for number in range(11)]
LIMITED = 0.05
"""The part of the posts elsewhere that Slack does not take at once either."""


def asked_and_answered(slack: Slack, chance: random.Random) -> list[tuple[Gesture, float]]:
    """All questions, and when each was asked."""
    asked: list[tuple[Gesture, float]] = []
    started = time.monotonic()
    for number in range(TOTAL):
        time.sleep(max(0.0, started + number / A_SECOND - time.monotonic()))
        # The full one gets more than it takes: two in a second.
        channel = FULL if number % 5 == 0 else chance.choice(OTHERS)
        gesture = slack.mention(QUESTION, channel=channel)
        asked.append((gesture, time.time()))
        if chance.random() < TWICE:
            slack.redeliver(gesture)
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_full_channel_is_felt_by_nobody_else(mode: str, copied: Home, tmp_path: Path) -> None:
    members = {"U0ALICE", "U0BOB", BOT_USER}
    with workspace(mode) as slack, running(slack, copied, tmp_path / "log") as bot:
        for name in (FULL, *OTHERS):
            slack.world.channels[name] = Channel(name, name.lower(), "channel", set(members))
        slack.mention(QUESTION, channel=OTHERS[0])
        slack.settle(30)  # what is done once is done
        slack.faults.pace(FULL)
        slack.faults.by_chance(17, [(rate_limited(1), LIMITED)], ["chat.postMessage"])
        spent = bot.cpu_seconds, time.process_time()
        asked = asked_and_answered(slack, random.Random(17))
        waits: dict[str, list[float]] = {FULL: [], "elsewhere": []}
        limited = {
            call.arguments["thread_ts"] for call in slack.calls("chat.postMessage")
            if call.status == 429
        }  # fmt: skip
        slack.wait_for(lambda: len(slack.bot_messages()) > TOTAL or slack.ephemerals(), 180)
        assert not slack.ephemerals()
        for gesture, at in asked:
            (answer,) = answered(slack, gesture)
            assert PAGE in answer.visible_text
            if gesture.channel == FULL:
                waits[FULL].append(float(answer.ts) - at)
            elif gesture.ts not in limited:
                waits["elsewhere"].append(float(answer.ts) - at)
        slack.settle(60)
        of_bot, of_slack = bot.cpu_seconds - spent[0], time.process_time() - spent[1]
        assert all(len(answered(slack, gesture)) == 1 for gesture, _ in asked)
        assert not slack.ephemerals() and not slack.bot_messages("D0ALICE")
        assert wording.BUSY not in bot.log and bot.stop() == 0
        p50, p95 = np.percentile(waits["elsewhere"], [50, 95])
        longest = max(waits[FULL])
        refused = len([c for c in slack.calls("chat.postMessage") if c.status == 429])
        print(f"{mode}: {len(asked)} questions, {len(waits[FULL])} of them in the full channel, "  # noqa: T201
              f"answered within {longest:.0f} s; elsewhere p50 {p50:.2f} s, p95 {p95:.2f} s; "
              f"{refused} times 429; processor time a question: {of_bot / TOTAL * 1000:.0f} ms "
              f"of the bot, {of_slack / TOTAL * 1000:.0f} ms of the stand-in")  # fmt: skip


def answered(slack: Slack, asked: Gesture) -> list[Message]:
    thread = slack.messages(asked.channel, asked.ts)
    return [message for message in thread if message.user == BOT_USER]
