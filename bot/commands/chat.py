"""`pincite chat`: one question after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.options.asking_options import FAST, MIN_SCORE, TOP
from bot.startup import open_generation, settings_and_home

if TYPE_CHECKING:
    from retriever.index.generation import Generation


@click.command(short_help="Ask questions one after the other.")
@TOP
@MIN_SCORE
@FAST
@click.pass_obj
def chat(home_flag: Path | None, top: int | None, min_score: float | None, fast: bool) -> int:
    """Ask questions one after the other, each understood from those before it.

    `/help` lists the commands: `/show 2`, `/open 2`, `/more`, `/export FILE` and others. From a
    pipe, each line is a question, and the exit code is that of the last answer.

    \b
    Examples:
      pincite chat
      printf 'What was agreed with Sung Kim?\\nand about defectors?\\n' | pincite chat
    """
    from bot.chat.conversation import Chat, converse
    from bot.settings import editor

    settings, home = settings_and_home(home_flag)
    least = settings.min_score if min_score is None else min_score

    def opened() -> Generation:
        return open_generation(home, settings, fast=fast)

    chat = Chat(
        home,
        opened,
        top or settings.top,
        least,
        editor=editor(),
        web=settings.web,
    )
    return converse(chat, home)
