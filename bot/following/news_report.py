"""What is followed, and what is new of it, as text for people and as JSON and rows for programs."""

from collections.abc import Sequence
from typing import Any

import click

from bot.exporting.footnotes import markdown
from bot.exporting.quotations import section_of
from bot.exporting.report_rows import ROW_FORMS, answer_rows
from bot.following.followed_questions import Followed
from bot.rendering.answers import answer_json, answer_text
from bot.rendering.phrases import one_line
from retriever.answering.answer import Answer

News = Sequence[tuple[Followed, Answer]]
"""Questions, each with the answer that new passages give."""


def followed_text(questions: Sequence[Followed]) -> str:
    """The questions that are followed, a line each."""
    lines = [
        f"{each.number:>2} “{_on_a_line(each.question)}”"
        + (f" · only {', '.join(map(one_line, each.folders))}" if each.folders else "")
        for each in questions
    ]
    return "\n".join(lines) or "No question is followed."


def followed_json(questions: Sequence[Followed]) -> dict[str, Any]:
    """The questions that are followed."""
    return {"schema": 1, "followed": [_followed(each) for each in questions]}


def news_report(
    news: News, form: str, *, columns: int | None, linked: bool
) -> str | dict[str, Any]:
    """The news in a form of `--format`; as text for a terminal of so many columns."""
    if form == "json":
        told = [{**_followed(each), "answer": answer_json(answer)} for each, answer in news]
        return {"schema": 1, "news": told}
    if form == "markdown":
        return markdown([section_of(answer) for _, answer in news])
    if form in ROW_FORMS:
        return ROW_FORMS[form]([row for _, answer in news for row in answer_rows(answer)])
    shown = [
        click.style(f"{each.number} “{_on_a_line(each.question)}”", bold=True)
        + "\n"
        + answer_text(answer, columns=columns, linked=linked)
        for each, answer in news
    ]
    return "\n\n".join(shown) or "Nothing new."


def _followed(followed: Followed) -> dict[str, Any]:
    folders = None if followed.folders is None else list(followed.folders)
    return {"number": followed.number, "question": followed.question, "folders": folders}


def _on_a_line(text: str) -> str:
    return one_line(text, len(text))
