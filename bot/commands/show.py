"""`pincite show`: a cited paragraph in its place, or a whole document."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, on_terminal, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Show a cited paragraph in its place.")
@click.argument("citation", nargs=-1, required=True)
@click.option(
    "--context",
    "neighbours",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Show N paragraphs before and after it.",
)
@click.option(
    "--raw",
    is_flag=True,
    help="Show the whole document, with labels and with what is dropped and why.",
)
@AS_JSON
@click.pass_obj
def show(
    home_flag: Path | None,
    citation: tuple[str, ...],
    neighbours: int,
    raw: bool,
    as_json: bool,
) -> int:
    """Show the paragraph that CITATION names, word for word, and say whether it still holds.

    With --raw, CITATION may be the name of a document alone; its file is read again, and each line
    that is no paragraph is shown with the rule that dropped it.

    Exit code 0: its file is unchanged; 1: it changed or is gone; 2: error.

    \b
    Examples:
      pincite show "mofa_319953.txt#2 o 1@0123abcd" --context 2
      pincite show mofa_319953.txt --raw
    """
    exit_on_interrupt()
    from bot.index_facts import open_passages
    from retriever.citing.citation import Citation
    from retriever.citing.verification import ReceiptState, look_up

    settings, home = settings_and_home(home_flag)
    store, name = open_passages(home.generation()), " ".join(citation)
    if raw:
        from bot.rendering.raw_document import raw_json, raw_text
        from retriever.citing.document_view import read_raw

        read = read_raw(store, name, settings.limits)
        say(raw_json(read) if as_json else raw_text(read))
        return FOUND if read.state is ReceiptState.VALID else NOT_FOUND
    from bot.rendering.cited_passages import cited_json, cited_text

    found = look_up(store, Citation.parse(name), neighbours)
    say(cited_json(found) if as_json else cited_text(found, linked=on_terminal()))
    return FOUND if found.receipt.state is ReceiptState.VALID else NOT_FOUND
