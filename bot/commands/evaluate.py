"""`pincite eval`: measures answers, compares them with an earlier run, and holds them to floors."""

from __future__ import annotations

from pathlib import Path

import click

from bot.options.asking_options import CORPORA, FAST
from bot.options.evaluation_floors import Floor, FloorType
from bot.output import AS_JSON, FORM, FOUND, NOT_FOUND, chosen_form, complain, say
from bot.startup import settings_and_home


@click.command("eval", short_help="Measure answers on questions with known answers.")
@click.argument("questions", type=click.Path(path_type=Path))
@CORPORA
@FAST
@click.option(
    "--compare", "against", metavar="GENERATION|FILE", help="Say what changed since this run."
)
@click.option(
    "--floor", "floors", multiple=True, type=FloorType(), metavar="FLOOR", help="What must hold."
)
@click.option(
    "--curve",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE.svg",
    help="Draw the risk-coverage curve.",
)
@FORM
@AS_JSON
@click.pass_obj
def evaluate(
    home_flag: Path | None,
    questions: Path,
    corpora: Path | None,
    fast: bool,
    against: str | None,
    floors: tuple[Floor, ...],
    curve: Path | None,
    form: str | None,
    as_json: bool,
) -> int:
    """Measure the answers to QUESTIONS beside plain BM25, vectors and their fusion (RRF).

    QUESTIONS is a JSONL file; its lines have question, answers (file, and paragraph: how it begins,
    or label; none when the corpus holds no answer), corpus (folders joined by +, or all), and as
    they please type, history, full, mode and asked_on. Or it is a folder in the form of BEIR. Each
    corpus gets an index of its own. Brackets hold 95 % bootstrap intervals.

    A FLOOR names a figure and what it must reach: MRR@10=0.78 (at least), refused=0.05 (at most),
    or with the sign spelt out, refused<=0.05. who:MRR@10=0.7 is for questions of type who. Figures
    are the measures, precision and recall of refusing, refused and none (of the answerable), found
    (of the unanswerable), AUROC, AURC, ECE, p50, p95 and p99 (milliseconds), marked and lost.

    With --format csv or jsonl each question is a row; markdown is the table of measures.

    Exit code 0: measured, and every floor holds; 1: one is missed; 2: error.

    \b
    Examples:
      pincite eval questions.jsonl --floor MRR@10=0.78 --floor "refused<=0.05"
      pincite eval questions.jsonl --json > before.json
      pincite eval questions.jsonl --compare before.json --curve risk.svg
    """
    form = chosen_form(form, as_json=as_json)
    from bot.exporting.report_rows import ROW_FORMS, measure_rows, question_rows
    from bot.indexing import model_names
    from bot.progress_bar import shown_progress
    from bot.rendering.evaluation_report import evaluation_json, evaluation_text
    from bot.rendering.risk_coverage_curve import curve_svg
    from retriever.evaluation.comparison import compare, read_run, run_of
    from retriever.evaluation.evaluate import evaluate as measure
    from retriever.evaluation.evaluate import evaluate_generation, read_corpora
    from retriever.evaluation.report import curve_of

    if curve and not curve.parent.is_dir():
        raise click.UsageError(f"There is no folder {curve.parent} for the curve; make it first.")
    settings, home = settings_and_home(home_flag)
    fast = fast or settings.fast
    asked = read_corpora(questions, corpora)
    earlier = None
    with shown_progress(plain=form != "text") as progress:
        if against and Path(against).is_file():
            earlier = read_run(Path(against))
        elif against:  # asked first: indexing may remove the oldest generation
            before = evaluate_generation(asked, home, against, progress, fast=fast)
            earlier = run_of(against, before)
        report = measure(asked, home, model_names(settings), progress, fast=fast)
    comparison = compare(report, earlier) if earlier else None
    if curve:
        curves = {"pincite": curve_of(report.results).tolist()}
        curves |= {earlier.name: earlier.curve} if earlier else {}
        curve.write_text(curve_svg(curves), "utf-8")
    missed = [
        (each, value)
        for each in floors
        for value in [report.figure(each.name, each.kind)]
        if not each.holds(value)
    ]
    if form == "text":
        say(evaluation_text(report, comparison))
    else:
        facts = evaluation_json(report, comparison, missed)
        rows_of = measure_rows if form == "markdown" else question_rows
        say(facts if form == "json" else ROW_FORMS[form](rows_of(facts)))
    for floor, value in missed:
        complain(floor.missed_by(value))
    return NOT_FOUND if missed else FOUND
