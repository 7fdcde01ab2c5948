"""Facts of the index for people and programs: what it holds, what changed, which are copies."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retriever.errors import RetrieverError
from retriever.index.damage import altered_files
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home
from retriever.index.passages import PassageStore


def open_passages(folder: Path) -> PassageStore:
    """The passages of a generation; raises `RetrieverError`, also where only its manifest fails."""
    read_manifest(folder)
    return PassageStore.open(folder)


def earlier_passages(home: Home) -> Iterator[PassageStore]:
    """The passages of the generations that are kept, the newest first, of those that can be read;
    the current one is left out."""
    current = home.current()
    for name in reversed(home.kept()):
        with contextlib.suppress(RetrieverError):
            if name != current:
                yield open_passages(home.generation(name))


def unread_reason(folder: Path, file: str) -> str:
    """Why a generation holds no document of this file, or not all; else empty."""
    folders = read_manifest(folder).folders
    return next((each.skipped[file] for each in folders if file in each.skipped), "")


def built_by_this_program(folder: Path) -> bool:
    """Whether a generation is of this version of the program, and of the libraries that read."""
    from retriever.build.program_version import program_digest

    return read_manifest(folder).program == program_digest()


def status_facts(home: Home, megabytes: int) -> dict[str, Any]:
    """What the index holds, which of its own files are damaged, and which files of the corpus
    changed, went or came since; raises `RetrieverError`.

    New files of more than `megabytes` do not count: an indexing run would not take them in.
    """
    from retriever.build.changes import changes_since

    folder = home.generation()
    manifest = read_manifest(folder)
    waiting = changes_since(manifest, home, megabytes)
    return {
        "schema": 1,
        "home": str(home.path),
        "generation": folder.name,
        "created": manifest.created,
        "kept": home.kept(),
        "folders": [each.path for each in manifest.folders],
        "documents": manifest.documents,
        "passages": manifest.passages,
        "newest": manifest.newest,
        "oldest": manifest.oldest,
        "model": manifest.model_name,
        "fingerprint": manifest.model,
        "languages": list(manifest.multilingual.languages) if manifest.multilingual else [],
        "vectors": asdict(manifest.vectors),
        "other_version": not built_by_this_program(folder),
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        "left": [each.relative_to(home.path).as_posix() for each in home.left_over()],
        "indexing": home.is_locked(),
        "damaged": altered_files(folder, manifest),
        "dropped": _dropped(folder),
        "changed": waiting.changed,
        "missing": waiting.missing,
        "new": waiting.new,
        "skipped": manifest.skipped,
        "remarks": manifest.remarks,
    }


def _dropped(folder: Path) -> dict[str, int]:
    """How many lines are no passages, by rule; none where what says so is damaged."""
    with contextlib.suppress(RetrieverError):
        return open_passages(folder).dropped()
    return {}


def copies_facts(home: Home) -> dict[str, Any]:
    """The groups of documents that are the same release, the newest of each first; raises
    `RetrieverError`."""
    from corpus.release.near_duplicates import groups_of_copies  # brings what only this needs

    folder = home.generation()
    store = open_passages(folder)
    documents = store.all_documents()
    groups = [
        sorted((documents[at] for at in group), key=lambda each: each.posted or "", reverse=True)
        for group in groups_of_copies([store.read_again(each.number) for each in documents])
    ]
    return {
        "schema": 1,
        "generation": folder.name,
        "documents": len(documents),
        "copies": [
            [
                {
                    "id": each.id,
                    "title": each.title,
                    "posted": each.posted,
                    "source": each.source,
                }
                for each in group
            ]
            for group in groups
        ],
    }
