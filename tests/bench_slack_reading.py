"""How far down an answer begins, in the message and in its notification.

    python tests/bench_slack_reading.py HOME QUESTIONS.jsonl...

Asks all questions of these files of the index in this home. Prints, for those that are answered
with passages, how many lines of 40 characters stand above the words that answer, and how many
characters before them in the notification: the median, the 95th percentile and the largest.
"""

import sys
from pathlib import Path

import numpy as np
import slack_reading
from bench import home_of

from bot.slack.showing.answer_messages import answer_message
from retriever.answering.answer import Hit
from retriever.answering.ask import ask
from retriever.evaluation.cases import Case, read_cases
from retriever.index.generation import Generation

LINES, CHARACTERS = 4, 40
"""The most that shall stand before an answer."""


def answering_words(hit: Hit) -> str:
    """The words that answer, as any form of a message has them: of a row its first cell."""
    if hit.columns:
        return hit.text.split("\t")[0]
    try:
        from bot.slack.showing.best_sentence import best_sentence
    except ImportError:  # a version that showed what is marked
        start, end = hit.highlights[0] if hit.highlights else (0, len(hit.text))
    else:
        start, end = best_sentence(hit)
    return hit.text[start:end]


def measured(generation: Generation, case: Case) -> tuple[int, int] | None:
    """The lines and the characters before an answer; None for a question without passages."""
    answer = ask(generation, case.question, history=case.history, asked_on=case.asked_on)
    if not answer.passages:
        return None
    message, words = answer_message(answer, "a-reference0"), answering_words(answer.passages[0])
    try:
        return (
            slack_reading.lines_before(message, words),
            slack_reading.characters_before(message, words),
        )
    except ValueError:
        print("not shown:", case.id, words[:60].replace("\n", " "))
        return 99, 999


def main() -> None:
    generation = Generation.open(home_of(Path(sys.argv[1]).resolve()))
    cases = [case for path in sys.argv[2:] for case in read_cases(Path(path))]
    found = [each for case in cases if (each := measured(generation, case))]
    print(f"{len(found)} of {len(cases)} questions are answered with passages")
    for name, most, numbers in zip(
        ("lines before", "characters before"), (LINES, CHARACTERS), np.array(found).T, strict=True
    ):
        p50, p95 = np.percentile(numbers, [50, 95])
        print(f"{name}: p50 {p50:.0f}, p95 {p95:.0f}, most {numbers.max()}; "
              f"within {most}: {np.mean(numbers <= most):.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
