"""What `pincite slack stats` prints, and votes as questions with answers for `pincite eval`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from bot.slack.store.store import Store
from retriever.citing.citation import Citation


def stats_json(store: Store) -> dict[str, Any]:
    """The number of questions, verdicts and votes, and percentiles of the time, in milliseconds."""
    asked = store.questions.timings()
    times = [taken for _, _, taken in asked if taken is not None]
    p50, p95 = (round(float(each), 1) for each in np.percentile(times or [0.0], [50, 95]))
    return {
        "schema": 1,
        "questions": len(asked),
        "verdicts": dict(Counter(verdict or "open" for _, verdict, _ in asked)),
        "votes": dict(Counter(vote for _, vote, _, _ in store.votes.all())),
        "milliseconds": {"p50": p50, "p95": p95} if times else None,
    }


def stats_text(facts: dict[str, Any]) -> str:
    """The figures, for people."""

    def counted(what: str) -> str:
        return ", ".join(f"{name} {count}" for name, count in facts[what].items()) or "none"

    times = facts["milliseconds"]
    took = f"{times['p50']} ms (p50), {times['p95']} ms (p95)" if times else "nothing yet"
    return (
        f"Questions: {facts['questions']:,}\nVerdicts: {counted('verdicts')}\n"
        f"Votes: {counted('votes')}\nAnswers took: {took}"
    )


def vote_cases(store: Store) -> Iterator[dict[str, Any]]:
    """Each vote as a question of `pincite eval`: with 👍 its first citation is an answer; with 👎
    a person has still to say which passage is."""
    for question, vote, comment, citations in store.votes.all():
        answers = []
        for text in citations[:1] if vote == "up" else ():
            citation = Citation.parse(text)
            answers.append({"file": citation.document, "label": citation.label})
        yield {
            "id": question.reference,
            "question": question.text,
            "history": list(question.history),
            "asked_on": question.asked_on,
            "type": f"slack-{vote}",
            "corpus": "all",
            "answers": answers,
            **({"comment": comment} if comment else {}),
        }
