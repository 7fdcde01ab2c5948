"""What the bot makes of messages that nothing was fitted to: talk, questions, continuations.

    python tests/bench_slack_talk.py HOME

HOME is that of an index of releases; `tests/messages` holds the messages, which nobody may read to
make a rule or a fit.
"""

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.slack.answering.small_talk import is_talk
from bot.slack.listening.talk import is_wordless, wants_usage
from bot.slack.messages.markup import plain_text
from bot.slack.question import Question
from bot.startup import settings_and_home
from retriever.answering.ask import ask
from retriever.index.generation import Generation

MESSAGES = Path(__file__).with_name("messages")
SHOWN = ("found", "related")


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (MESSAGES / name).read_text("utf-8").splitlines()]


def becomes(generation: Generation, text: str, surface: str, *history: str) -> str:
    """The verdict on a message, else why it has none."""
    words = plain_text(text, "U0BOT9")
    if is_wordless(words) or wants_usage(words):
        return "no question"
    question = Question(
        surface, "T1", "C1", "U1", words, "key", ts="2", thread="1", history=history
    )
    asked_on = datetime.date(2022, 9, 1)
    answer = ask(generation, words, history=history, asked_on=asked_on)
    return "talk" if is_talk(generation, question, answer) else str(answer.verdict)


def report(name: str, verdicts: Iterable[str], *counted: str) -> None:
    counts = Counter(verdicts)
    part = sum(counts[each] for each in counted) / counts.total()
    print(f"{name}: {part:.1%} of {counts.total()} {' or '.join(counted)}; {dict(counts)}")


def main(home: str) -> None:
    generation = Generation.open(settings_and_home(Path(home))[1])
    everyday, asks, threads = map(lines, ("everyday.jsonl", "asks.jsonl", "threads.jsonl"))
    for hard in (False, True):
        said = [each["text"] for each in everyday if each["hard"] is hard]
        name = "everyday messages that name what releases tell of" if hard else "everyday messages"
        report(name, (becomes(generation, each, "direct") for each in said), *SHOWN)
    asked = (becomes(generation, each["text"], "direct") for each in asks)
    report("questions, requests and searches", asked, "talk", "no question")
    answered = Counter(
        (each["for_bot"], becomes(generation, each["next"], "follow-up", each["first"]) in SHOWN)
        for each in threads
    )
    right, wrong, missed = answered[True, True], answered[False, True], answered[True, False]
    print(f"{len(threads)} messages below an answer, without a mention: precision "
          f"{right / (right + wrong):.3f}, recall {right / (right + missed):.3f}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
