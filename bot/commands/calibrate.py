"""`pincite calibrate`: fits probabilities and verdicts to questions with known answers."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.options import CORPORA
from bot.output import FOUND, say
from bot.startup import settings_and_home


@click.command("calibrate", short_help="Fit the scores to questions with known answers.")
@click.argument("questions", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@CORPORA
@click.pass_obj
def calibrate(home_flag: Path | None, questions: tuple[Path, ...], corpora: Path | None) -> int:
    """Fit the probabilities that answers show, and the verdict, to QUESTIONS.

    QUESTIONS are files or folders as for `pincite eval`; some must have no answer in their corpus.
    The fit belongs to the configured model and is kept in the home, in place of the one that ships.

    \b
    Example:
      pincite calibrate our-questions.jsonl
    """
    from bot.progress_bar import shown_progress
    from retriever.evaluation.evaluate import calibrate as fit_to
    from retriever.evaluation.evaluate import read_corpora

    settings, home = settings_and_home(home_flag)
    asked = [corpus for path in questions for corpus in read_corpora(path, corpora)]
    with shown_progress(plain=False) as progress:
        fitted, kept = fit_to(asked, home, settings.model, progress, reranker=settings.reranker)
    say(
        f"Fitted to {sum(len(corpus.cases) for corpus in asked):,} questions; found from "
        f"{fitted.found_from:.2f}. Kept in {kept}; delete it to go back to the one that ships."
    )
    return FOUND
