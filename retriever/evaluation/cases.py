"""Cases: questions with known answers, one JSON object a line."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retriever.errors import QuestionsRefused

MODES = ("any", "all")


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers: by how its paragraph begins, or where that is empty by its label.

    `file` is the end of its document's path; empty, it means any document. `sentences` are the
    numbers, from 1, of those of its sentences that answer; empty where nobody has said which.
    """

    file: str
    paragraph: str = ""
    label: str = ""
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages that answer it; none when the corpus holds no answer.

    `history` are the earlier questions of its thread, oldest first, and `full` is the question
    written out in full, so that it needs none of them. `mode` says whether a full answer takes
    `all` the passages or `any` one of them. `asked_on` is the day that "last month" counts from.
    `near` are passages that look like an answer and are none.
    """

    id: str
    question: str
    corpus: str
    answers: tuple[Gold, ...]
    type: str = "question"
    history: tuple[str, ...] = ()
    mode: str = "any"
    asked_on: datetime.date | None = None
    full: str = ""
    near: tuple[Gold, ...] = ()


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSONL file; raises `QuestionsRefused` naming the line that cannot be used."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsRefused(f"The file {path} cannot be read ({error}); name another.") from None
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(number, json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            detail = str(error) if isinstance(error, _Unusable) else ""
            raise QuestionsRefused(
                f"Line {number} of {path} is no question"
                f"{f' ({detail})' if detail else ''}; it needs question, corpus and answers."
            ) from None
    if not cases:
        raise QuestionsRefused(f"The file {path} holds no questions; write one on each line.")
    return cases


class _Unusable(ValueError):
    """What is wrong with a line, in a few words."""


def _case(number: int, fields: Mapping[str, Any]) -> Case:
    mode = fields.get("mode", "any")
    if mode not in MODES:
        raise _Unusable(f"mode is {mode!r}, and can be any or all")
    return Case(
        id=str(fields.get("id", number)),
        question=question_in(fields["question"]),
        corpus=str(fields["corpus"]),
        answers=tuple(map(_gold, _list(fields["answers"], "answers"))),
        type=str(fields.get("type") or "question"),
        history=tuple(map(question_in, _list(fields.get("history") or [], "history"))),
        mode=mode,
        asked_on=day_in(fields.get("asked_on")),
        full=str(fields.get("full") or ""),
        near=tuple(map(_gold, _list(fields.get("near") or [], "near"))),
    )


def question_in(value: object) -> str:
    """The text of a question; raises `ValueError` when there is none."""
    if not isinstance(value, str) or not value.strip():
        raise _Unusable("a question is empty or no text")
    return value


def day_in(value: object) -> datetime.date | None:
    """The day that an optional field gives; raises `ValueError` saying how to write it."""
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise _Unusable(f"{value!r} is no date such as 2023-10-17") from None


def _gold(fields: Mapping[str, Any]) -> Gold:
    paragraph, label = str(fields.get("paragraph") or ""), str(fields.get("label") or "")
    if not paragraph and not label:
        raise _Unusable("an answer has a file, and a paragraph or a label")
    sentences = tuple(_list(fields.get("sentences") or [], "sentences"))
    if not all(isinstance(each, int) and each > 0 for each in sentences):
        raise _Unusable("sentences are numbers, from 1")
    return Gold(str(fields["file"]), paragraph, "" if paragraph else label, sentences)


def _list(value: object, name: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise _Unusable(f"{name} is no list")
    return value
