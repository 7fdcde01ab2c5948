"""`pincite news`: what is new on the questions that are followed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.options.asking_options import FAST, MIN_SCORE, TOP
from bot.options.day_type import DayType
from bot.output import (
    AS_JSON,
    FORM,
    FOUND,
    NOT_FOUND,
    chosen_form,
    hint,
    on_terminal,
    say,
    terminal_columns,
)
from bot.startup import open_generation, settings_and_home

if TYPE_CHECKING:
    from bot.following.followed_questions import Followed
    from retriever.answering.answer import Answer


@click.command(short_help="Show what is new on the questions that are followed.")
@click.option(
    "--since", type=DayType(), metavar="DATE",
    help="Show once more what came since DATE, at most from when it was followed on.",
)  # fmt: skip
@TOP
@MIN_SCORE
@FAST
@FORM
@AS_JSON
@click.pass_obj
def news(
    home_flag: Path | None,
    since: datetime.date | None,
    top: int | None,
    min_score: float | None,
    fast: bool,
    form: str | None,
    as_json: bool,
) -> int:
    """Show, of each question that is followed, the passages that answer it and are new; once.

    New is what has words that no document had before: not a copy, a file that moved, or what was
    deleted and came back.

    Exit code 0: there is news; 1: there is none; 2: error.

    \b
    Examples:
      pincite news
      pincite news --since 2026-11-01 --format markdown
    """
    form = chosen_form(form, as_json=as_json)
    from bot.following.followed_questions import FollowedQuestions
    from bot.following.news_report import news_report
    from bot.rendering.answers import left_out
    from bot.rendering.reading_page import on_reading_page
    from retriever.answering.answer import Verdict
    from retriever.answering.ask import ask

    settings, home = settings_and_home(home_flag)
    home.generation()
    kept = FollowedQuestions(home)
    questions = kept.all()
    if not questions:
        raise click.UsageError('No question is followed; run `pincite follow "..."` first.')
    generation = open_generation(home, settings, fast=fast)
    step = kept.sight(generation)
    answers: list[tuple[Followed, Answer]] = []
    for followed in questions:
        rows = kept.new_rows(generation, followed, since.isoformat() if since else "")
        if len(rows):
            answer = ask(
                generation, followed.question, among=rows, folders=followed.folders,
                top=top or settings.top,
                min_score=settings.min_score if min_score is None else min_score,
            )  # fmt: skip
            answers.append((followed, on_reading_page(answer, settings.web, generation)))
    found = [(each, a) for each, a in answers if a.verdict is Verdict.FOUND and a.is_complete]
    waiting = {each.number: answer for each, answer in answers if not answer.is_complete}
    say(news_report(found, form, columns=terminal_columns(), linked=on_terminal()))
    for number, answer in waiting.items():  # it is looked at again next time
        for sentence in left_out(answer):
            hint(f"{number}: {sentence}")
    for followed in () if since else questions:
        if followed.number not in waiting:
            kept.note_told(followed, step)
    return FOUND if found else NOT_FOUND
