"""`pincite open`: a cited document is opened at the passage."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import FOUND, NOT_FOUND, hint, say
from bot.startup import settings_and_home


@click.command("open", short_help="Open the document of a citation at the passage.")
@click.argument("citation", nargs=-1, required=True)
@click.option("--file", "as_file", is_flag=True, help="Open the file, not its page on the web.")
@click.option("--print", "only_print", is_flag=True, help="Say what would be opened, no more.")
@click.pass_obj
def open_(
    home_flag: Path | None, citation: tuple[str, ...], as_file: bool, only_print: bool
) -> int:
    """Open the document that CITATION names at the passage.

    A page on the web opens with the passage marked, a PDF at its page, a text in your editor
    ($VISUAL, $EDITOR) at the line, and everything else in the program that the system has for it.
    The citation is checked first: where its words moved or changed, what is there now is opened,
    and that is said.

    Exit code 0: it holds; 1: it does not, or its words are gone; 2: error.

    \b
    Examples:
      pincite open "mofa_319953.txt#2 o 1@0123456789ab"
      pincite open --print "mofa_319953.txt#2 o 1@0123456789ab"
    """
    from bot.index_facts import earlier_passages, open_passages
    from bot.opening.programs import open_target
    from bot.opening.target import target_of
    from bot.rendering.cited_passages import receipt_text
    from bot.settings import editor
    from retriever.citing.pasted import pasted_citation
    from retriever.citing.receipts import CitationState
    from retriever.citing.verifier import Verifier

    settings, home = settings_and_home(home_flag)
    store = open_passages(home.generation())
    verifier = Verifier(store, settings.limits, earlier_passages(home))
    found = verifier.look_up(pasted_citation(store, " ".join(citation)))
    holds = found.receipt.state is CitationState.HOLDS
    if not holds:
        hint(receipt_text(found.receipt))
    if target := target_of(found, as_file=as_file):
        if only_print:
            say(str(target))
        else:
            hint(f"Opening {target}")
            open_target(target, editor())
    return FOUND if holds else NOT_FOUND
