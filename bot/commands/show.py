"""`pincite show`: a cited paragraph in its place, or a whole document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, on_terminal, say, terminal_columns
from bot.startup import exit_on_interrupt, settings_and_home

if TYPE_CHECKING:
    from corpus.folder.limits import Limits
    from retriever.index.passages import PassageStore
    from retriever.index.records import StoredDocument


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
    help="Show the whole document, with labels and with what is dropped and why, or what documents "
    "a file holds.",
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
    that is no paragraph is shown with the rule that dropped it. Of a file that holds several, as a
    mailbox, workbook or archive does, they are listed.

    Exit code 0: it holds (with --raw: its file is unchanged); 1: it does not; 2: error.

    \b
    Examples:
      pincite show "mofa_319953.txt#2 o 1@0123456789ab" --context 2
      pincite show mofa_319953.txt --raw
      pincite show minutes.zip --raw
    """
    exit_on_interrupt()
    from bot.index_facts import earlier_passages, open_passages, unread_reason
    from bot.rendering.phrases import one_line
    from bot.rendering.reasons import remedied, shortened
    from retriever.citing.document_view import documents_in
    from retriever.citing.pasted import pasted_citation
    from retriever.citing.receipts import CitationState
    from retriever.citing.verifier import Verifier
    from retriever.errors import CitationRefused

    settings, home = settings_and_home(home_flag)
    folder, name = home.generation(), " ".join(citation)
    store = open_passages(folder)
    held, reason = documents_in(store, name), unread_reason(folder, name)
    if reason and not held:
        raise CitationRefused(f"{one_line(name)} is not read: {shortened(remedied(reason))}.")
    if raw:
        return _show_raw(store, name, held, reason, settings.limits, as_json=as_json)
    if held:
        raise CitationRefused(
            f"{one_line(name)} is a document and no citation; show the whole with --raw, or add "
            "what an answer has behind its name."
        )
    from bot.rendering.cited_passages import cited_json, cited_text

    verifier = Verifier(store, settings.limits, earlier_passages(home))
    found = verifier.look_up(pasted_citation(store, name), neighbours)
    say(
        cited_json(found)
        if as_json
        else cited_text(
            found,
            linked=on_terminal(),
            columns=terminal_columns(),
            reading_page=settings.web.get("address", ""),
        )
    )
    return FOUND if found.receipt.state is CitationState.HOLDS else NOT_FOUND


def _show_raw(
    store: PassageStore,
    name: str,
    held: list[StoredDocument],
    reason: str,
    limits: Limits,
    *,
    as_json: bool,
) -> int:
    """Shows a document, or those that a file has; `held` are those of the file of this name."""
    from bot.rendering.raw_document import file_json, file_text, held_lines, raw_json, raw_text
    from bot.rendering.reasons import remedied
    from retriever.citing.document_view import read_raw
    from retriever.citing.originals import FileState

    named = store.document_named(name)
    if len(held) > 1 and not named:
        say(file_json(name, held, reason) if as_json else file_text(name, held, reason))
        return FOUND
    read = read_raw(store, name if named or not held else held[0].id, limits)
    others = [each for each in held if each.id != read.stored.id]
    parts = [raw_text(read, terminal_columns()), *held_lines(others)]
    text = "" if as_json else "\n".join([*parts, remedied(reason)] if reason else parts)
    say(raw_json(read) if as_json else text)
    return FOUND if read.state is FileState.VALID else NOT_FOUND
