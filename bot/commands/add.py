"""`pincite add`: files and pages become part of the corpus and are indexed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.output import AS_JSON, ERROR, FOUND, complain, say
from bot.startup import corpus_folders, settings_and_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.adding.add_to_corpus import Added
    from bot.settings import Settings
    from retriever.build.build import Build
    from retriever.index.home import Home

_PASSWORD = re.compile(r"(?<=:)//[^/?#]*@")
_LOCK_TIMEOUT = 60.0  # seconds to wait for a watcher that is indexing just now


@click.command("add", short_help="Add files or pages to the corpus.")
@click.argument("documents", nargs=-1, required=True, metavar="FILE|URL...")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to put them.  [default: the first folder of the corpus]",
)
@AS_JSON
@click.pass_obj
def add(home_flag: Path | None, documents: tuple[str, ...], to: Path | None, as_json: bool) -> int:
    """Copy each FILE, or fetch each URL, into a folder of the corpus, and index it.

    The address of what is fetched is noted in the folder's manifest.jsonl: citations link to it.
    Only http and https addresses of public hosts are fetched, up to `limits.megabytes`. Nothing is
    overwritten: another document of the same name gets a number.

    Exit code 0: all are in the corpus; 2: some are not, and why.

    \b
    Examples:
      pincite add statement.pdf https://example.org/news/joint-statement
      pincite add minutes.docx --to releases/2024
    """
    from bot.adding.add_to_corpus import NotAdded, add_document
    from bot.indexing import index_folders
    from bot.rendering.phrases import one_line

    settings, home = settings_and_home(home_flag)
    folder, folders = _target_folder(to, settings, home)
    added: list[Added] = []
    refused: dict[str, str] = {}
    for each in documents:
        try:
            added.append(add_document(each, folder, megabytes=settings.limits.megabytes))
        except NotAdded as error:
            shown = _PASSWORD.sub("//…@", each)
            refused[shown] = str(error)
            complain(f"{one_line(shown)} was not added: {error}.")
    if not added:
        return ERROR
    build = index_folders(home, folders, settings, patience=_LOCK_TIMEOUT, plain=as_json)
    say(_added_json(added, refused, build) if as_json else _added_text(added, build))
    skipped = _skipped(added, build)
    for path, reason in skipped.items():
        complain(f"{path} was added, but is not read: {reason}; remove it.")
    return ERROR if refused or skipped else FOUND


def _added_json(added: Sequence[Added], refused: dict[str, str], build: Build) -> dict[str, Any]:
    """What was added, what was there, what was refused and why, and what the indexing did."""
    from bot.rendering.index_report import build_json

    return {
        "schema": 1,
        "added": [_document(each) for each in added if each.new],
        "there": [_document(each) for each in added if not each.new],
        "refused": [{"document": each, "reason": reason} for each, reason in refused.items()],
        "index": build_json(build),
    }


def _added_text(added: Sequence[Added], build: Build) -> str:
    """A line for each document, and what the indexing did."""
    from bot.rendering.index_report import build_text
    from bot.rendering.phrases import one_line

    lines = [
        f"{'Added' if each.new else 'Already there:'} {one_line(str(each.path))}" for each in added
    ]
    return "\n".join([*lines, build_text(build)])


def _document(added: Added) -> dict[str, Any]:
    return {"path": str(added.path), "source": added.source or None}


def _target_folder(
    to: Path | None, settings: Settings, home: Home
) -> tuple[Path, tuple[Path, ...]]:
    """The folder to add to and the folders to index; a first folder can be named."""
    from corpus.errors import FolderMissing

    if to and not settings.folders and home.current() is None:
        folders: tuple[Path, ...] = (to,)
    else:
        folders = corpus_folders(settings, home)
    folder = (to or folders[0]).resolve()
    if not folder.is_dir():
        raise FolderMissing(f"There is no folder {folder}; name a folder of documents.")
    if not any(_is_in_corpus(folder, each.resolve()) for each in folders):
        known = ", ".join(map(str, folders))
        raise click.UsageError(f"{folder} is not in the corpus; name a folder in {known}.")
    return folder, folders


def _is_in_corpus(folder: Path, root: Path) -> bool:
    """Whether the documents in a folder are those of a corpus folder: hidden ones are not read."""
    if not folder.is_relative_to(root):
        return False
    return not any(part.startswith(".") for part in folder.relative_to(root).parts)


def _skipped(added: Sequence[Added], build: Build) -> dict[Path, str]:
    """Those of the documents that the index does not hold, with the reasons."""
    from retriever.build.folder_survey import path_of

    reasons = {
        path_of(Path(folder.path), name): reason
        for folder in build.manifest.folders
        for name, reason in folder.skipped.items()
    }
    paths = (each.path.resolve() for each in added)
    return {path: reasons[path] for path in paths if path in reasons}
