"""`pincite follow`: questions of which one wants to hear more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, hint, say
from bot.startup import open_generation, settings_and_home

if TYPE_CHECKING:
    from bot.following.followed_questions import FollowedQuestions
    from retriever.index.generation import Generation


@click.command(short_help="Follow a question: `pincite news` shows what is new.")
@click.argument("question", nargs=-1)
@click.option(
    "--folder", "folders", multiple=True, metavar="NAME",
    help="Only documents of the corpus folder NAME; repeatable.",
)  # fmt: skip
@click.option("--stop", type=int, metavar="N", help="Follow question N no longer.")
@AS_JSON
@click.pass_obj
def follow(
    home_flag: Path | None,
    question: tuple[str, ...],
    folders: tuple[str, ...],
    stop: int | None,
    as_json: bool,
) -> int:
    """Follow QUESTION: `pincite news` shows passages that answer it and were not there before.

    Without a question, list those that are followed.

    Exit code 0: it is followed, or stopped, or some are; 1: none is; 2: error.

    \b
    Examples:
      pincite follow "statements on sanctions against Syria"
      pincite follow
      pincite follow --stop 1
    """
    from bot.following.followed_questions import FollowedQuestions
    from bot.following.news_report import followed_json, followed_text

    if (question or folders) and stop is not None:
        raise click.UsageError("Give a question or --stop N, not both.")
    if folders and not question:
        raise click.UsageError("--folder belongs to a question; give one.")
    settings, home = settings_and_home(home_flag)
    home.generation()  # without an index nothing can be followed
    followed = FollowedQuestions(home)
    if stop is not None:
        return _stop(followed, stop)
    if question:
        generation = open_generation(home, settings, fast=True)
        return _follow(followed, generation, " ".join(question), folders)
    questions = followed.all()
    say(followed_json(questions) if as_json else followed_text(questions))
    return FOUND if questions else NOT_FOUND


def _follow(
    followed: FollowedQuestions, generation: Generation, question: str, folders: tuple[str, ...]
) -> int:
    from bot.open_generations import known_folders
    from bot.rendering.phrases import one_line
    from retriever.question.reading import checked

    known = known_folders(generation)
    for name in folders:
        if name not in known:
            raise click.UsageError(
                f"The index has no corpus folder {name!r}; choose from {', '.join(known)}."
            )
    text = checked(question)
    number = followed.follow(generation, text, folders or None)
    say(f"Followed as {number}: “{one_line(text, len(text))}”")
    hint("`pincite news` shows what answers it and is new from now on.")
    return FOUND


def _stop(followed: FollowedQuestions, number: int) -> int:
    from bot.rendering.phrases import one_line

    text = followed.stop(number)
    if not text:
        raise click.UsageError(f"No question {number} is followed; `pincite follow` lists them.")
    say(f"No longer followed: “{one_line(text, len(text))}”")
    return FOUND
