"""`pincite calibrate`: fits probabilities and verdicts to questions with known answers."""

from __future__ import annotations

from pathlib import Path

import click

from bot.options.asking_options import CORPORA, FAST
from bot.output import FOUND, say
from bot.startup import settings_and_home


@click.command("calibrate", short_help="Fit the scores to questions with known answers.")
@click.argument("questions", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@CORPORA
@FAST
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write the fit there, and leave the home as it is.",
)
@click.pass_obj
def calibrate(
    home_flag: Path | None,
    questions: tuple[Path, ...],
    corpora: Path | None,
    fast: bool,
    output: Path | None,
) -> int:
    """Fit the weights of all evidence, the probabilities and the verdict to QUESTIONS.

    QUESTIONS are files or folders as for `pincite eval`; some must have no answer in their corpus.
    The fits, with the reranker and without, and for questions in other languages, belong to the
    configured models and are kept in the home, in place of those that ship.

    \b
    Example:
      pincite calibrate our-questions.jsonl
    """
    from bot.indexing import model_names
    from bot.progress_bar import shown_progress
    from retriever.evaluation.evaluate import calibrate as fit_to
    from retriever.evaluation.evaluate import read_corpora

    settings, home = settings_and_home(home_flag)
    asked = [corpus for path in questions for corpus in read_corpora(path, corpora)]
    only_evidence = fast or settings.fast
    with shown_progress(plain=False) as progress:
        places: dict[Path, object] = {}
        for each in [only_evidence] if output or only_evidence else [True, False]:
            places |= fit_to(asked, home, model_names(settings), progress, fast=each, output=output)
    say(
        f"Fitted to {sum(len(corpus.cases) for corpus in asked):,} questions. "
        f"Kept in {' and '.join(map(str, places))}; delete that to go back to what ships."
    )
    return FOUND
