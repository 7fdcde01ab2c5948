"""`pincite verify`: whether citations still hold."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Check citations against the files of today.")
@click.argument("citations", nargs=-1, metavar="[CITATION]...")
@click.option("--all", "everything", is_flag=True, help="Check every document of the index.")
@AS_JSON
@click.pass_obj
def verify(
    home_flag: Path | None, citations: tuple[str, ...], everything: bool, as_json: bool
) -> int:
    """Check that each CITATION still names the words of its file; `--all` checks every file.

    Exit code 0: all hold; 1: a file changed or is gone; 2: error.

    \b
    Examples:
      pincite verify "mofa_319953.txt#2 o 1@0123abcd"
      pincite verify --all
    """
    exit_on_interrupt()
    from bot.index_facts import open_passages
    from bot.rendering.cited_passages import receipts_json, receipts_text
    from retriever.citing.citation import Citation
    from retriever.citing.verification import ReceiptState, verify_all
    from retriever.citing.verification import verify as verify_one

    if bool(citations) == everything:
        raise click.UsageError("Name citations, or give --all.")
    _, home = settings_and_home(home_flag)
    store = open_passages(home.generation())
    parsed = [Citation.parse(citation) for citation in citations]
    receipts = verify_all(store) if everything else [verify_one(store, each) for each in parsed]
    say(receipts_json(receipts) if as_json else receipts_text(receipts))
    return FOUND if all(each.state is ReceiptState.VALID for each in receipts) else NOT_FOUND
