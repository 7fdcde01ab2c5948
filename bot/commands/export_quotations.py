"""`pincite export`: quotations taken along, as Markdown, Word or references."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.options.asking_options import FAST, MIN_SCORE, TOP
from bot.output import FOUND, NOT_FOUND, hint, say
from bot.startup import open_generation, settings_and_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.exporting.quotations import Section
    from bot.settings import Settings
    from retriever.index.generation import Generation
    from retriever.index.home import Home

_FORMS = ["markdown", "docx", "citation", "csl-json", "bibtex"]


@click.command(short_help="Take quotations along: Markdown, Word, references.")
@click.argument("what", nargs=-1, required=True, metavar="QUESTION|CITATION...")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="How to write them.  [default: as FILE ends, else markdown]",
)
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A new file: .md, .docx, .txt, .json or .bib.",
)
@TOP
@MIN_SCORE
@FAST
@click.pass_obj
def export(
    home_flag: Path | None,
    what: tuple[str, ...],
    form: str | None,
    file: Path | None,
    top: int | None,
    min_score: float | None,
    fast: bool,
) -> int:
    """Take along the answers to QUESTIONs, each a follow-up of those before it, and CITATIONs.

    markdown and docx have the quotations, each with a footnote: title, day, paragraph, address or
    file, and citation. citation is a line of that for each, to paste. csl-json and bibtex have the
    documents, for a reference manager. A citation whose words changed or are gone is left out.

    Exit code 0: all is there; 1: a question has no answer, or a citation does not hold; 2: error.

    \b
    Examples:
      pincite export "What was agreed with Sung Kim?" "and about defectors?" -o talks.docx
      pincite export --format citation "mofa_319953.txt#2 o 1@0123456789ab"
      pincite export --format bibtex "mofa_319953.txt#2 o 1@0123456789ab" >> references.bib
    """
    from bot.exporting.files import FORMS, write

    if form == "docx" and not file:
        raise click.UsageError("A document of Word is no text; name its file with --output.")
    settings, home = settings_and_home(home_flag)
    sections, complete = [], True
    least = settings.min_score if min_score is None else min_score
    for section, whole in _sections(home, settings, what, top or settings.top, least, fast=fast):
        sections += [section] if section else []
        complete = complete and whole
    if file:
        write(sections, file, form)
        hint(f"Written to {file}")
    elif sections:
        say(str(FORMS[form or "markdown"].make(sections)))
    return FOUND if complete else NOT_FOUND


def _sections(
    home: Home,
    settings: Settings,
    what: tuple[str, ...],
    top: int,
    min_score: float | None,
    *,
    fast: bool,
) -> Iterator[tuple[Section | None, bool]]:
    """What each argument gives, and whether all of it is there; a question follows those before."""
    from bot.exporting.quotations import Section, quotation_of, section_of
    from bot.index_facts import earlier_passages, open_passages
    from bot.rendering.cited_passages import receipt_text
    from retriever.answering.answer import Verdict
    from retriever.answering.ask import ask
    from retriever.citing.citation import Citation
    from retriever.citing.pasted import pasted_citation
    from retriever.citing.receipts import CitationState
    from retriever.citing.verifier import Verifier

    store = open_passages(home.generation())
    verifier = Verifier(store, settings.limits, earlier_passages(home))
    generation: Generation | None = None  # citations do without
    asked: list[str] = []
    for each in what:
        if not Citation.readings(each):
            generation = generation or open_generation(home, settings, fast=fast)
            answer = ask(generation, each, history=asked, top=top, min_score=min_score)
            asked.append(each)
            yield section_of(answer), answer.verdict is Verdict.FOUND
            continue
        found = verifier.look_up(pasted_citation(store, each))
        state = found.receipt.state
        if state is not CitationState.HOLDS:
            hint(receipt_text(found.receipt))
        kept = state in (CitationState.HOLDS, CitationState.MOVED)
        quotation = quotation_of(found) if kept else None
        section = Section("", "", (quotation,)) if quotation else None
        yield section, state is CitationState.HOLDS
