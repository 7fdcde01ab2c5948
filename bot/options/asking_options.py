"""Options that several commands have."""

from pathlib import Path

import click

TOP = click.option(
    "--top", type=click.IntRange(1, 100), help="Show at most N passages.  [default: 5]"
)
MIN_SCORE = click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Show passages with a score of P or more, 0 for all.  [default: those near the first's]",
)
FAST = click.option(
    "--fast", is_flag=True, help="Answer without the reranker: several times faster, less right."
)
CORPORA = click.option(
    "--corpora",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the corpora that questions name.  [default: found near QUESTIONS]",
)
