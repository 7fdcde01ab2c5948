"""What `pincite slack stats` prints, and votes as questions with answers for `pincite eval`."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import numpy as np

from bot.slack.answering.access import Access
from bot.slack.store.store import Store
from retriever.citing.citation import Citation
from retriever.errors import RetrieverError
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home


def stats_json(store: Store) -> dict[str, Any]:
    """The number of questions, verdicts and votes, and percentiles of the time, in milliseconds."""
    asked = store.questions.timings()
    times = [taken for _, _, taken in asked if taken is not None]
    p50, p95 = (round(float(each), 1) for each in np.percentile(times or [0.0], [50, 95]))
    return {
        "schema": 1,
        "questions": len(asked),
        "verdicts": dict(Counter(verdict or "open" for _, verdict, _ in asked)),
        "votes": dict(Counter(each.vote for each in store.votes.all())),
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


def vote_cases(store: Store, access: Access, home: Home) -> Iterator[dict[str, Any]]:
    """Each vote as a question of `pincite eval`, over the folders that its asker sees, of those of
    the index.

    Of an answer that was right its first citation answers, of a wrong one the passage that was
    chosen; where none was, a person has still to say which passage does.
    """
    everything = _folders_of(home)
    for vote in store.votes.all():
        question = vote.question
        shown = access.folders_in(question.channel, question.kind)
        folders = everything if shown is None else sorted(shown)
        citations = [Citation.parse(vote.answer)] if vote.answer else []
        yield {
            "id": question.reference,
            "question": question.text,
            "history": list(question.history),
            "asked_on": question.asked_on,
            "type": f"slack-{vote.vote}",
            "corpus": "+".join(folders) or "all",
            "answers": [{"file": each.document, "label": each.label} for each in citations],
            **({"comment": vote.comment} if vote.comment else {}),
        }


def _folders_of(home: Home) -> list[str]:
    """The names of the corpus folders of the index; none where there is no index."""
    try:
        folders = read_manifest(home.generation()).folders
    except RetrieverError:
        return []
    return sorted({PurePath(each.path).name for each in folders})
