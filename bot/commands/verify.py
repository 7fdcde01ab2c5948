"""`pincite verify`: whether citations still hold."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, ERROR, FOUND, NOT_FOUND, complain, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Check citations against the files of today.")
@click.argument("citations", nargs=-1, metavar="[CITATION]...")
@click.option("--all", "everything", is_flag=True, help="Check every document of the index.")
@AS_JSON
@click.pass_obj
def verify(
    home_flag: Path | None, citations: tuple[str, ...], everything: bool, as_json: bool
) -> int:
    """Check that each CITATION still names the words of its file, as the file is now.

    It holds, or its words moved, and the new citation is given; or they changed, and what stands
    there now is shown, with the difference marked as [-removed-] and {+added+} where the index or
    one before still has the cited words; or it is gone. ¶ may be typed as p.

    With --all, the citations of every document are checked, and those that do not hold are counted.

    Exit code 0: all hold; 1: one moved, changed, is gone or cannot be read; 2: error.

    \b
    Examples:
      pincite verify "mofa_319953.txt#2 o 1@0123456789ab"
      pincite verify --all
    """
    exit_on_interrupt()
    from bot.index_facts import built_by_this_program, earlier_passages, open_passages
    from bot.progress_bar import shown_progress
    from bot.rendering.cited_passages import (
        documents_json,
        documents_text,
        receipts_json,
        receipts_text,
    )
    from retriever.citing.pasted import pasted_citations
    from retriever.citing.receipts import CitationState, Receipt
    from retriever.citing.verifier import Verifier
    from retriever.errors import CitationRefused

    if bool(citations) == everything:
        raise click.UsageError("Name citations, or give --all.")
    settings, home = settings_and_home(home_flag)
    store = open_passages(home.generation())
    verifier = Verifier(store, settings.limits, earlier_passages(home))
    if everything:
        with shown_progress(plain=as_json) as progress:
            same_program = built_by_this_program(home.generation())
            documents = verifier.verify_documents(progress, same_program=same_program)
        say(documents_json(documents) if as_json else documents_text(documents))
        held = all(each.state is CitationState.HOLDS for each in documents)
        return FOUND if held else NOT_FOUND
    pasted = list(pasted_citations(store, citations))
    named = [each for each in pasted if not isinstance(each, CitationRefused)]
    with shown_progress(plain=as_json) as progress:
        receipts = iter(verifier.verify_each(named, progress))
    checked = [each if isinstance(each, CitationRefused) else next(receipts) for each in pasted]
    found = [each for each in checked if isinstance(each, Receipt)]
    if found or as_json:
        say(receipts_json(checked) if as_json else receipts_text(found))
    for refused in checked:
        if isinstance(refused, CitationRefused):
            complain(str(refused))
    if len(found) < len(checked):
        return ERROR
    return FOUND if all(each.state is CitationState.HOLDS for each in found) else NOT_FOUND
