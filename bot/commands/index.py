"""`pincite index`: folders become the index, once or for as long as they are followed."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND
from bot.startup import NonEmptyPath, corpus_folders, settings_and_home


@click.command(short_help="Index folders of documents.")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=NonEmptyPath(path_type=Path))
@click.option("--download", is_flag=True, help="Fetch the configured model from its hub if needed.")
@click.option("--watch", is_flag=True, help="Go on, and index what changes, until Ctrl-C.")
@click.option("--retry", is_flag=True, help="Read what was skipped once more.")
@click.option("--poll", is_flag=True, help="With --watch: look through the folders all the time.")
@AS_JSON
@click.pass_obj
def index(
    home_flag: Path | None,
    folders: tuple[Path, ...],
    download: bool,
    watch: bool,
    retry: bool,
    poll: bool,
    as_json: bool,
) -> int:
    """Index the documents in each FOLDER; without one, the folders of the last time.

    Only what changed is read and encoded. The index is replaced when the new one is complete, so
    questions are answered all the while, and Ctrl-C loses nothing that was finished. What was
    skipped is read again when it changes, or with --retry.

    With --watch, the folders are followed: what is added, edited, renamed or deleted is answered
    from a moment later. Network disks are looked through instead, as with --poll.

    \b
    Examples:
      pincite index releases/ statements/
      pincite index
      pincite index releases/ --watch
    """
    from bot.indexing import index_folders, report_build, watch_folders

    if poll and not watch:
        raise click.UsageError("--poll is a way to watch; give it with --watch.")
    if retry and watch:
        raise click.UsageError("--retry reads once; give it without --watch.")
    # Folders that are named become a whole corpus: not that of a folder above.
    settings, home = settings_and_home(home_flag, upwards=not folders)
    chosen = folders or corpus_folders(settings, home)
    if watch:
        return watch_folders(
            home, chosen, settings, download=download, polling=poll, as_json=as_json
        )
    build = index_folders(home, chosen, settings, download=download, retry=retry, plain=as_json)
    report_build(build, as_json=as_json)
    return FOUND
