"""Every file of the corpus read again, and compared with what the index holds of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retriever.build.folder_survey import read, survey
from retriever.errors import GenerationDamaged
from retriever.index.generation_manifest import Manifest
from retriever.index.home import Home
from retriever.index.passages import PassageStore
from retriever.index.records import IndexedFile, StoredDocument
from retriever.progress import Progress, untold


@dataclass(frozen=True, slots=True)
class Rereading:
    """How many documents were compared; what differs, in words, by the document's id; and the files
    that changed, went or came since they were indexed, which are not compared."""

    documents: int
    differing: dict[str, str]
    changed: tuple[str, ...]


def read_everything_again(
    home: Home, store: PassageStore, manifest: Manifest, progress: Progress = untold
) -> Rereading:
    """Reads every file as a build would, and compares words, labels, titles, days and sources.

    Raises `FolderMissing` when none of the folders is there, and `GenerationDamaged`.
    """
    folders = [Path(each.path) for each in manifest.folders]
    found, listed = survey(
        folders, manifest.limits, progress, manifest.folders, home.path.resolve(),
        follow_links=manifest.follow_links,
    )  # fmt: skip
    entries, surveyed = read(found, listed, None, manifest.limits, progress)
    before = {name: known for each in manifest.folders for name, known in each.files.items()}
    now = {name: known for each in surveyed for name, known in each.files.items()}
    changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    file_of = {each.number: file for file, kept in store.kept().items() for each in kept}
    held: dict[str, StoredDocument] = {}
    differing: dict[str, str] = {}
    for number, sound in enumerate(store.sound_documents()):
        if sound is None:  # its name is not to be trusted
            differing[f"document {number}"] = "damaged in the index"
        elif file_of.get(number) not in changed:
            held[sound.id] = sound
    anew = {
        entry.document.id: entry
        for entry in entries
        if isinstance(entry, IndexedFile) and entry.file not in changed
    }
    for name in sorted(held.keys() | anew.keys()):
        if name not in held:
            differing[name] = "not in the index"
        elif name not in anew:
            differing[name] = "not read any more"
        elif what := list(_differences(anew[name], held[name], store)):
            differing[name] = ", ".join(what)
    return Rereading(len(anew), differing, tuple(sorted(changed)))


def _differences(anew: IndexedFile, held: StoredDocument, store: PassageStore) -> Iterator[str]:
    """What a document is now read as that the index has otherwise."""
    document = anew.document
    if document.title != held.title:
        yield "title"
    days = [str(document.posted) if document.posted else None, *map(str, document.events)]
    if days != [held.posted, *held.events]:
        yield "days"
    if (document.source or None) != held.source:
        yield "source"
    try:
        passages = store.passages_of(held.number)
    except GenerationDamaged:
        yield "passages damaged in the index"
        return
    if len(passages) != len(document.passages):
        yield f"{len(passages)} passages and not {len(document.passages)}"
        return
    for read_as, kept in zip(document.passages, passages, strict=True):
        if read_as.label != kept.label:
            yield f"label of {kept.label}"
        if read_as.text != kept.text:
            yield f"words of {kept.label}"
        place = (
            read_as.heading,
            read_as.columns,
            read_as.speaker,
            read_as.page,
            read_as.span.start,
        )
        if place != (kept.heading, kept.columns, kept.speaker, kept.page, kept.start):
            yield f"place of {kept.label}"
