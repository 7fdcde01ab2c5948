"""`pincite ask`: one question, one answer."""

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
    on_terminal,
    say,
    terminal_columns,
)
from bot.startup import exit_on_interrupt, open_generation, settings_and_home

if TYPE_CHECKING:
    from retriever.answering.answer import Answer


@click.command(short_help="Answer a question with cited paragraphs.")
@click.argument("question", nargs=-1, required=True)
@TOP
@MIN_SCORE
@click.option(
    "--after", type=DayType(), metavar="DATE", help="Posted or happened on or after DATE."
)
@click.option("--before", type=DayType(last=True), metavar="DATE", help="... on or before DATE.")
@click.option("--history", multiple=True, metavar="Q", help="An earlier question; repeatable.")
@click.option(
    "--asked-on",
    type=DayType(),
    metavar="DATE",
    help="The day that “last month” counts from.  [default: today]",
)
@click.option(
    "--literal",
    is_flag=True,
    help="Search for the question as it is typed: no names, spellings, times or history.",
)
@FAST
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option("--generation", metavar="NAME", help="Ask an older generation of the index.")
@FORM
@AS_JSON
@click.pass_obj
def ask(
    home_flag: Path | None,
    question: tuple[str, ...],
    top: int | None,
    min_score: float | None,
    after: datetime.date | None,
    before: datetime.date | None,
    history: tuple[str, ...],
    asked_on: datetime.date | None,
    literal: bool,
    fast: bool,
    explain: bool,
    generation: str | None,
    form: str | None,
    as_json: bool,
) -> int:
    """Answer QUESTION with the paragraphs that answer it, word for word, each with a citation.

    Exit code 0: found; 1: not in these documents, or only passages near it; 2: error.

    \b
    Examples:
      pincite ask "What was agreed with Sung Kim?"
      pincite ask "and about defectors?" --history "What was agreed with Sung Kim?"
      pincite ask "statements on the DPRK" --after 2022-03 --before 2022-03 --json
    """
    exit_on_interrupt()
    form = chosen_form(form, as_json=as_json)
    from bot.rendering.answers import answer_json, answer_text
    from bot.rendering.reading_page import on_reading_page
    from retriever.answering.answer import Verdict
    from retriever.answering.ask import ask as find_answer
    from retriever.question.reading import checked

    if after and before and after > before:
        raise click.UsageError(f"No day lies after {after} and before {before}; swap them.")
    settings, home = settings_and_home(home_flag)
    text = " ".join(question)
    checked(text)  # a question that is refused costs no opening of the index
    opened = open_generation(home, settings, generation, fast=fast)
    answer = find_answer(
        opened,
        text,
        history=history,
        asked_on=asked_on,
        top=top or settings.top,
        min_score=settings.min_score if min_score is None else min_score,
        after=after,
        before=before,
        literal=literal,
    )
    answer = on_reading_page(answer, settings.web, opened)
    if form == "json":
        say(answer_json(answer, explain=explain))
    elif form == "text":
        shown = answer_text(
            answer,
            explain=explain,
            linked=on_terminal(),
            columns=terminal_columns(),
            how_to_see_all="--top N shows more",
        )
        say(shown)
    else:
        say(_in_form(answer, form))
    return FOUND if answer.verdict is Verdict.FOUND else NOT_FOUND


def _in_form(answer: Answer, form: str) -> str:
    from bot.exporting.footnotes import markdown
    from bot.exporting.quotations import section_of
    from bot.exporting.report_rows import ROW_FORMS, answer_rows

    if form == "markdown":
        return markdown([section_of(answer)])
    return ROW_FORMS[form](answer_rows(answer))
