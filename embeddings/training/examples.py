"""What a question teaches: pairs of it and passages, each with its label and its weight."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

_TOP = 10  # of the ranking: what a reranker has to tell from an answer
_FROM_TOP, _FROM_REST = 4, 1
_MOST_ANSWERS, _MOST_NEAR = 3, 2
_MOST_MISLEADING, _MOST_WRONG = 3, 8  # of a question without an answer
_ANSWER, _NEAR, _OTHER = 2.0, 1.0, 0.5  # weights: readers said of the near ones that they mislead
_SAME = 0.8  # of the words of the shorter: a passage that says what an answer says is no example


class Pair(NamedTuple):
    """A passage beside its question: whether it answers, and how much it counts."""

    passage: str
    answers: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read, with its candidates in the order of the ranking.

    `answers` and `near` are those of the passages that readers named; `others` are the rest.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    near: tuple[str, ...]
    others: tuple[str, ...]

    def pairs(self, chance: random.Random) -> list[Pair]:
        """The pairs of one epoch."""
        alike = [_words(answer) for answer in self.answers]
        others = [text for text in self.others if not any(_same(_words(text), a) for a in alike)]
        top, rest = others[:_TOP], others[_TOP:]
        near = [Pair(text, False, _NEAR) for text in self.near]
        if not self.answers:
            wrong = [*near[:_MOST_MISLEADING], *(Pair(text, False, _OTHER) for text in top)]
            return wrong[:_MOST_WRONG]
        drawn = chance.sample(top, min(_FROM_TOP, len(top)))
        drawn += chance.sample(rest, min(_FROM_REST, len(rest)))
        return [
            *(Pair(text, True, _ANSWER) for text in self.answers[:_MOST_ANSWERS]),
            *near[:_MOST_NEAR],
            *(Pair(text, False, _OTHER) for text in drawn),
        ]


def read_questions(paths: Sequence[Path]) -> Iterator[Question]:
    """The questions of candidate files, one JSON object a line."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from map(_question, map(json.loads, lines))


def _question(line: dict[str, Any]) -> Question:
    passages = line["passages"]
    told = {kind: tuple(p["text"] for p in passages if p["kind"] == kind)
            for kind in ("answer", "near", "other")}  # fmt: skip
    return Question(line["id"], line["question"], told["answer"], told["near"], told["other"])


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _same(one: set[str], other: set[str]) -> bool:
    return len(one & other) > _SAME * min(len(one), len(other))
