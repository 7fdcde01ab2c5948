"""What has changed in the corpus folders since a generation was built, as a build would find it."""

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import CorpusError
from retriever.build.folder_survey import is_away, path_of, survey
from retriever.index.generation_manifest import CorpusFolder, Manifest
from retriever.index.home import Home
from retriever.progress import untold


@dataclass(frozen=True, slots=True)
class Changes:
    """Files by their ids: with other bytes, or of which something else is stated; gone; and new,
    with the name of their folder in front."""

    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def changes_since(manifest: Manifest, home: Home, megabytes: int) -> Changes:
    """What waits to be indexed; files of more than `megabytes` do not count.

    Of a folder that is not there, everything is missing.
    """
    limits = replace(manifest.limits, megabytes=megabytes)
    folders = [Path(each.path) for each in manifest.folders]
    listed: tuple[CorpusFolder, ...] = ()
    with contextlib.suppress(CorpusError):  # none of them is there, or one cannot be read
        _, listed = survey(
            folders, limits, untold, manifest.folders, home.path.resolve(),
            follow_links=manifest.follow_links,
        )  # fmt: skip
    now = {each.path: each.files for each in listed if not is_away(each)}
    changes = Changes()
    for before in manifest.folders:
        files = now.get(before.path, {})
        documents = before.files.keys() - before.skipped.keys()
        changes.missing.extend(sorted(documents - files.keys()))
        known = before.files.keys() & files.keys()
        changes.changed.extend(name for name in sorted(known) if files[name] != before.files[name])
        folder = Path(before.path)
        new = (path_of(folder, each) for each in files.keys() - before.files.keys())
        changes.new.extend(sorted(each.relative_to(folder.parent).as_posix() for each in new))
    return changes
