"""Folders of documents become a generation of the index."""

import datetime
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from corpus.document import Document
from corpus.errors import FolderMissing
from corpus.folder.limits import Limits
from embeddings import Encoder, VectorIndex
from embeddings.checksum import checksum_of
from embeddings.vectors import Vectors
from retriever.build.encoding import vectors_of
from retriever.build.folder_survey import SETTLING, STILL_WRITTEN, is_away, read, survey
from retriever.build.models import (
    DEFAULT_MODELS,
    ModelNames,
    Models,
    encoders_of,
    prepare_models,
)
from retriever.build.previous_generation import Previous
from retriever.build.program_version import program_digest
from retriever.errors import FormatUnknown, GenerationDamaged, NothingToIndex
from retriever.index.damage import altered_files, file_hashes
from retriever.index.generation_manifest import (
    INDEX_FORMAT,
    MULTILINGUAL_VECTORS,
    VECTORS,
    CorpusFolder,
    Manifest,
    Multilingual,
    read_manifest,
)
from retriever.index.home import A_MOMENT, Home
from retriever.index.lexical.lexical_writing import write_lexical
from retriever.index.passage_tables import PASSAGES, write_passages
from retriever.index.passages import PassageStore
from retriever.index.records import Entry, IndexedFile
from retriever.index.spelling_counts import write_spellings
from retriever.progress import Progress, counted, untold


@dataclass(frozen=True, slots=True)
class Build:
    """What an indexing run did: how many passages it encoded; `published` is False when nothing had
    changed."""

    generation: str
    manifest: Manifest
    encoded: int
    published: bool


def build_index(
    home: Home,
    folders: Sequence[Path],
    names: ModelNames = DEFAULT_MODELS,
    *,
    download: bool = False,
    limits: Limits | None = None,
    patience: float = A_MOMENT,
    retry: bool = False,
    follow_links: bool = False,
    progress: Progress = untold,
) -> Build:
    """Indexes `folders` into a new generation, or finds that the current one is still true.

    What did not change is taken over from the current one. Texts that were embedded before are not
    embedded again, even when a previous run was interrupted. A file beyond the `limits` is skipped,
    and read once more by the next run; with `retry`, all that was skipped is read again. Links to
    folders are followed with `follow_links`. Raises `NothingToIndex`, `Busy` when another
    process still writes after so many seconds of `patience`, and the errors of `corpus` and
    `embeddings`; the current generation is untouched then.
    """
    with home.locked(patience):
        models = prepare_models(home, names, progress, download=download)
        limits = limits or Limits()
        current = undamaged_generation(home)
        found, listed = survey(
            folders, limits, progress, current[1].folders if current else (), home.path.resolve(),
            follow_links=follow_links, settling=SETTLING,
        )  # fmt: skip
        if not retry and (same := _same(current, models, listed, limits)):
            return same
        previous = _to_take_over(home, current, models, limits, retry=retry)
        if not previous:
            _require_all(listed)
        entries, read_ones = read(found, listed, previous, limits, progress)
        if previous and not previous.serves(entries):
            previous = None
            _require_all(listed)
            entries, read_ones = read(found, listed, None, limits, progress)
        if not entries:
            raise NothingToIndex(_nothing(read_ones))
        return build_generation(
            home, entries, read_ones, models, progress, previous, limits, follow_links=follow_links
        )


def _require_all(listed: Sequence[CorpusFolder]) -> None:
    """Every document is read anew, so all folders have to be there."""
    for folder in filter(is_away, listed):
        raise FolderMissing(
            f"The folder {folder.path} is not there, and its documents have to be read anew; bring "
            "it back, or name the other folders to index these without it."
        )


def unchanged(home: Home, models: Models, listed: Sequence[CorpusFolder]) -> Build | None:
    """The current generation, if a build of these files with these models would make it again."""
    return _same(undamaged_generation(home), models, listed, Limits())


def _same(
    current: tuple[str, Manifest] | None,
    models: Models,
    listed: Sequence[CorpusFolder],
    limits: Limits,
) -> Build | None:
    if current and _is_true(current[1], models, listed, limits):
        return Build(*current, encoded=0, published=False)
    return None


def _to_take_over(
    home: Home,
    current: tuple[str, Manifest] | None,
    models: Models,
    limits: Limits,
    *,
    retry: bool,
) -> Previous | None:
    """The current generation, if what it holds is what this program and model would make.

    Under other limits what could not be read may be readable.
    """
    if not current:
        return None
    name, manifest = current
    used = _models_of(manifest)
    if (used.encoder, used.multilingual) != (models.encoder, models.multilingual):
        return None
    if manifest.program != program_digest():
        return None
    return Previous.open(home.generation(name), manifest, retry=retry or manifest.limits != limits)


def _is_true(
    manifest: Manifest, models: Models, listed: Sequence[CorpusFolder], limits: Limits
) -> bool:
    """Whether this generation is what a build would make now: same files, models and program."""

    def facts(folder: CorpusFolder) -> tuple[object, ...]:
        # A file that was read but is no document is known only after parsing.
        known = {
            name: reason
            for name, reason in folder.skipped.items()
            if name not in folder.files or reason == STILL_WRITTEN
        }
        return folder.path, folder.files, known, folder.remarks

    same = [facts(each) for each in manifest.folders] == [facts(each) for each in listed]
    used = _models_of(manifest)
    return same and (used, manifest.program, manifest.limits) == (models, program_digest(), limits)


def _models_of(manifest: Manifest) -> Models:
    other = manifest.multilingual
    return Models(
        manifest.model,
        manifest.reranker,
        other.model if other else None,
        other.languages if other else (),
    )


def undamaged_generation(home: Home) -> tuple[str, Manifest] | None:
    """The current generation and its manifest, if its files are as they were written."""
    name = home.current()
    if name is None or name not in home.kept():
        return None
    folder = home.generation(name)
    try:
        manifest = read_manifest(folder)
    except (FormatUnknown, GenerationDamaged):
        return None
    return (name, manifest) if not altered_files(folder, manifest) else None


def build_generation(
    home: Home,
    entries: Sequence[Entry],
    listed: tuple[CorpusFolder, ...],
    models: Models,
    progress: Progress,
    previous: Previous | None = None,
    limits: Limits | None = None,
    *,
    follow_links: bool = False,
) -> Build:
    """Writes a generation of these documents and makes it current; needs the home's lock.

    Kept documents are those of the `previous` generation.
    """
    encoder, other = encoders_of(home, models)
    vectors, windows, encoded = _vectors(home, entries, encoder, encoder, progress, previous)
    second = _vectors(home, entries, other, encoder, progress, previous)[0] if other else None
    before = previous.folder if previous else None
    with home.unfinished() as folder:
        anew = _read_anew(entries)
        told = counted(progress, "Writing passages", entries)
        write_passages(folder, told, windows, [each.path for each in listed], before)
        done = count()

        def document(entry: Entry) -> Document:
            progress("Writing words", next(done), len(entries))
            return _document(entry, previous)

        write_lexical(folder, entries, document, before)
        write_spellings(
            folder, counted(progress, "Writing names", anew),
            previous.gone(entries) if previous else (), before,
        )  # fmt: skip
        progress("Writing vectors", 0, 0)
        facts = VectorIndex.build(vectors).save(folder / VECTORS)
        multilingual = None
        if other and second is not None:
            index = VectorIndex.build(second).save(folder / MULTILINGUAL_VECTORS)
            multilingual = Multilingual(models.languages, other.card.fingerprint, index)
        oldest, newest = PassageStore.open(folder).posted()
        manifest = Manifest(
            format=INDEX_FORMAT,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            program=program_digest(),
            model=encoder.card.fingerprint,
            model_name=encoder.card.name,
            documents=len(entries),
            passages=len(vectors) - len(windows),
            newest=newest,
            oldest=oldest,
            limits=limits or Limits(),
            folders=listed,
            vectors=facts,
            files=file_hashes(folder),
            checksums=_checksums(folder),
            reranker=models.reranker,
            multilingual=multilingual,
            follow_links=follow_links,
        )
        manifest.write(folder)
        digest = hashlib.sha256("".join(sorted(manifest.files.values())).encode()).hexdigest()
        return Build(home.publish(folder, digest), manifest, encoded, published=True)


def _document(entry: Entry, previous: Previous | None) -> Document:
    if isinstance(entry, IndexedFile):
        return entry.document
    assert previous, "only a previous generation has kept documents"
    return previous.store.read_again(entry.number)


def _read_anew(entries: Sequence[Entry]) -> list[Document]:
    return [entry.document for entry in entries if isinstance(entry, IndexedFile)]


def _vectors(
    home: Home,
    entries: Sequence[Entry],
    encoder: Encoder,
    counting: Encoder,
    progress: Progress,
    previous: Previous | None,
) -> tuple[Vectors, list[int], int]:
    """As `vectors_of`; those of kept documents are taken over."""
    model = encoder.card.fingerprint
    documents = _read_anew(entries)
    vectors, windows, encoded = vectors_of(
        documents, encoder, counting, home.vectors_of(model), progress
    )
    if previous:
        vectors, windows = previous.joined(model, entries, vectors, windows)
    return vectors, windows, encoded


def _checksums(folder: Path) -> dict[str, int]:
    """Of the files that are read through when a generation is opened: all but the large ones,
    of which each record, or what decides how the vectors are read, has a checksum of its own."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        file.relative_to(folder).as_posix(): checksum_of(file)
        for file in files
        if file.name not in (PASSAGES, VECTORS, MULTILINGUAL_VECTORS)
    }


def _nothing(listed: tuple[CorpusFolder, ...]) -> str:
    folders = ", ".join(folder.path for folder in listed)
    reasons = Counter(reason for folder in listed for reason in folder.skipped.values())
    why = "; ".join(f"{count:,} skipped: {reason}" for reason, count in reasons.most_common(3))
    limit = "(limits." in why
    advice = "raise that limit in pincite.toml" if limit else "name another folder"
    return f"No document can be read in {folders} ({why or 'no files'}); {advice}."
