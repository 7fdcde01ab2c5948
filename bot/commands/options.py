"""Options that several commands have."""

from pathlib import Path

import click

TOP = click.option(
    "--top", type=click.IntRange(1, 100), help="Show at most N passages.  [default: 5]"
)
CORPORA = click.option(
    "--corpora",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the corpora that questions name.  [default: found near QUESTIONS]",
)
