"""`pincite list`: the documents that mention something, or all of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

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

_ALL = 1_000_000


@click.command("list", short_help="List the documents that mention something.")
@click.argument("words", nargs=-1)
@click.option("--mentions", multiple=True, metavar="TEXT", help="... this too, as it is typed.")
@click.option("--folder", multiple=True, metavar="NAME", help="Of this corpus folder; repeatable.")
@click.option(
    "--after", type=DayType(), metavar="DATE", help="Posted or happened on or after DATE."
)
@click.option("--before", type=DayType(last=True), metavar="DATE", help="... on or before DATE.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Show at most N.")
@FORM
@AS_JSON
@click.pass_obj
def list_(
    home_flag: Path | None,
    words: tuple[str, ...],
    mentions: tuple[str, ...],
    folder: tuple[str, ...],
    after: datetime.date | None,
    before: datetime.date | None,
    limit: int | None,
    form: str | None,
    as_json: bool,
) -> int:
    """List the documents that mention what WORDS name, the newest first; without any, all.

    A document mentions what its title or a passage says: a name in every order and spelling that
    the documents have, other words in every form, what is "quoted" as it is typed. WORDS may name a
    time too. Copies of a release count once.

    Exit code 0: found; 1: no document; 2: error.

    \b
    Examples:
      pincite list Sung Kim in 2023
      pincite list sanctions --mentions "North Korea" --format csv
      pincite list --folder minutes --after 2024 --limit 20
    """
    exit_on_interrupt()
    form = chosen_form(form, as_json=as_json)
    from bot.exporting.report_rows import ROW_FORMS, document_rows
    from bot.open_generations import known_folders
    from bot.rendering.answers import answer_json, answer_text
    from bot.rendering.reading_page import on_reading_page
    from retriever.answering.answer import Verdict
    from retriever.answering.ask import list_documents

    if after and before and after > before:
        raise click.UsageError(f"No day lies after {after} and before {before}; swap them.")
    settings, home = settings_and_home(home_flag)
    generation = open_generation(home, settings, fast=True)
    known = known_folders(generation)
    if wrong := [name for name in folder if name not in known]:
        names = ", ".join(known) or "none with a name of its own"
        raise click.UsageError(f"{wrong[0]!r} is no folder of the index; it has {names}.")
    answer = list_documents(
        generation, " ".join(words), phrases=mentions, after=after, before=before,
        folders=folder or None, top=limit or _ALL,
    )  # fmt: skip
    if form == "json":
        say(answer_json(answer))
    elif form == "text":
        shown = answer_text(
            on_reading_page(answer, settings.web, generation),
            linked=on_terminal(),
            columns=terminal_columns(),
            how_to_see_all="a larger --limit shows more",
        )
        say(shown)
    else:
        say(ROW_FORMS[form](document_rows(answer)))
    return FOUND if answer.verdict is Verdict.FOUND else NOT_FOUND
