"""`pincite show`: a cited paragraph in its place, or a whole document."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, on_terminal, say, terminal_columns
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
    """Show the paragraph that CITATION names, word for word, as its file has it now.

    When its words moved they are shown where they are, with the new citation; when other words
    stand there these are shown, and the difference. ¶ may be typed as p.

    With --raw, CITATION may be the name of a document alone; its file is read again, and each line
    that is no paragraph is shown with the rule that dropped it.

    Exit code 0: it holds (with --raw: its file is unchanged); 1: it does not; 2: error.

    \b
    Examples:
      pincite show "mofa_319953.txt#2 o 1@0123456789ab" --context 2
      pincite show mofa_319953.txt --raw
    """
    exit_on_interrupt()
    from bot.index_facts import earlier_passages, open_passages
    from retriever.citing.originals import FileState
    from retriever.citing.pasted import pasted_citation
    from retriever.citing.receipts import CitationState
    from retriever.citing.verifier import Verifier

    settings, home = settings_and_home(home_flag)
    store, name = open_passages(home.generation()), " ".join(citation)
    if raw:
        from bot.rendering.raw_document import raw_json, raw_text
        from retriever.citing.document_view import read_raw

        read = read_raw(store, name, settings.limits)
        say(raw_json(read) if as_json else raw_text(read, terminal_columns()))
        return FOUND if read.state is FileState.VALID else NOT_FOUND
    from bot.rendering.cited_passages import cited_json, cited_text

    verifier = Verifier(store, settings.limits, earlier_passages(home))
    found = verifier.look_up(pasted_citation(store, name), neighbours)
    say(
        cited_json(found)
        if as_json
        else cited_text(found, linked=on_terminal(), columns=terminal_columns())
    )
    return FOUND if found.receipt.state is CitationState.HOLDS else NOT_FOUND
