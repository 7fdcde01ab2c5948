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

    What cannot be read is not added. The address of what is fetched is noted in the folder's
    manifest.jsonl: citations link to it.
    Only http and https addresses of public hosts are fetched, up to `limits.megabytes`. Nothing is
    overwritten: another document of the same name gets a number.

    Read are text, Markdown, web pages, PDF, .docx, .odt, .rtf, .hwp, .hwpx, .pptx, .xlsx, .csv,
    .tsv, .epub, .eml, .mbox, .msg, and .zip of these. What has no telling ending is looked at.

    Exit code 0: all are in the corpus; 2: some are not, and why.

    \b
    Examples:
      pincite add statement.pdf https://example.org/news/joint-statement
      pincite add minutes.docx --to releases/2024
    """
    from bot.adding.add_to_corpus import NotAdded, add_document
    from bot.indexing import index_folders
    from bot.progress_bar import shown_progress
    from bot.rendering.phrases import one_line
    from bot.rendering.reasons import remedied, shortened
    from corpus.folder.worker_pool import file_reader
    from corpus.readers import PARTLY

    settings, home = settings_and_home(home_flag)
    folder, folders = _target_folder(to, settings, home)
    added: list[Added] = []
    refused: dict[str, str] = {}
    megabytes = settings.limits.megabytes
    with shown_progress(plain=as_json) as progress, file_reader(settings.limits) as read:
        for position, each in enumerate(documents):
            progress("Adding", position, len(documents))
            try:
                added.append(add_document(each, folder, megabytes=megabytes, read=read))
            except NotAdded as error:
                refused[_PASSWORD.sub("//…@", each)] = str(error)
    for shown, reason in refused.items():
        complain(f"{one_line(shown)} was not added: {shortened(remedied(reason))}.")
    if not added:
        if as_json:
            say(_added_json(added, refused, None))
        return ERROR
    build = index_folders(home, folders, settings, patience=_LOCK_TIMEOUT, plain=as_json)
    skipped = _skipped(added, build)
    said = _added_text(added, build, len(skipped))
    say(_added_json(added, refused, build) if as_json else said)
    for path, reason in skipped.items():
        if reason.startswith(PARTLY):
            complain(f"{path} is added, but {shortened(reason)}.")
        else:
            complain(f"{path} is in the folder, but is not read: {shortened(remedied(reason))}.")
    unread = [each for each in skipped.values() if not each.startswith(PARTLY)]
    return ERROR if refused or unread else FOUND


def _added_json(
    added: Sequence[Added], refused: dict[str, str], build: Build | None
) -> dict[str, Any]:
    """What was added, what was there, what was refused and why, and what the indexing did."""
    from bot.rendering.index_report import build_json

    return {
        "schema": 1,
        "added": [_document(each) for each in added if each.new],
        "there": [_document(each) for each in added if not each.new],
        "refused": [{"document": each, "reason": reason} for each, reason in refused.items()],
        "index": build_json(build) if build else None,
    }


def _added_text(added: Sequence[Added], build: Build, told: int) -> str:
    """A line for each document, what the indexing did, and how many files are not read besides
    those that are `told`."""
    from bot.rendering.index_report import build_line
    from bot.rendering.phrases import one_line

    lines = [
        f"{'Added' if each.new else 'Already there:'} {one_line(str(each.path))}" for each in added
    ]
    lines.append(build_line(build))
    if others := sum(map(len, build.manifest.skipped.values())) - told:
        what = "files are" if others > 1 else "file is"
        lines.append(
            f"{others:,} other {what} not read, or only in part; `pincite status` says why."
        )
    return "\n".join(lines)


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
