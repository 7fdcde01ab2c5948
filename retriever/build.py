"""Folders of documents become a generation of the index."""

import contextlib
import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.content import UNSTATED
from corpus.document import Document
from corpus.errors import Unreadable
from corpus.files import file_hash, read_bytes
from corpus.folder import list_files
from corpus.limits import Limits
from corpus.reading import read_all
from embeddings import (
    Encoder,
    VectorCache,
    VectorIndex,
    encode_in_batches,
    open_encoder,
    prepare,
)
from embeddings.model import Kind
from retriever.contextual import document_contexts, head_text, in_context, lead_text
from retriever.errors import FormatUnknown, GenerationDamaged, NothingToIndex
from retriever.home import Home
from retriever.lexical import write_lexical
from retriever.lexicon import write_lexicon
from retriever.manifest import FORMAT, VECTORS, CorpusFolder, Manifest, read_manifest
from retriever.passages import IndexedFile, write_passages
from retriever.windows import windows_of

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is; 0 of 0 when the
amount is not known."""


_DECIDING = (
    "build", "collection", "contextual", "lexical", "lexicon", "passages", "terms", "windows"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Build:
    """What an indexing run did; `published` is False when nothing had changed."""

    generation: str
    manifest: Manifest
    encoded: int
    published: bool


def index(
    home: Home,
    folders: Sequence[Path],
    model: str,
    *,
    reranker: str | None = None,
    download: bool = False,
    limits: Limits | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Build:
    """Indexes `folders` into a new generation, or finds that the current one is still true.

    Texts that were embedded before are not embedded again, even when an earlier run was
    interrupted. A file beyond the `limits` is skipped. Raises `NothingToIndex`, `Busy`, and the
    errors of `corpus` and `embeddings`; the current generation is untouched then.
    """
    with home.locked():
        models = prepare_models(home, model, reranker, progress, download=download)
        limits = limits or Limits()
        found, listed = _survey(folders, limits, progress)
        same = unchanged(home, models, listed)
        if same:
            return same
        files, listed = _read(found, listed, limits, progress)
        if not files:
            raise NothingToIndex(_nothing(listed))
        return build_generation(home, files, listed, models, progress)


@dataclass(frozen=True, slots=True)
class Models:
    """The fingerprints of the prepared models of a generation."""

    encoder: str
    reranker: str | None = None


def prepare_models(
    home: Home, model: str, reranker: str | None, progress: Progress, *, download: bool = False
) -> Models:
    """Prepares the model, and the reranker if there is one; raises the errors of `embeddings`."""

    def prepared(name: str, kind: Kind) -> str:
        card = prepare(
            name, home.models, kind=kind, download=download,
            progress=lambda what: progress(what, 0, 0),
        )  # fmt: skip
        return card.fingerprint

    return Models(prepared(model, "encoder"), prepared(reranker, "reranker") if reranker else None)


def _survey(
    folders: Sequence[Path], limits: Limits, progress: Progress
) -> tuple[dict[str, Path], tuple[CorpusFolder, ...]]:
    """Where each document's file is, and what the folders hold: hashes, and reasons to skip.

    A path that two folders share is prefixed with the later folder's name, so that ids are unique.
    """
    found: dict[str, Path] = {}
    listed: list[CorpusFolder] = []
    for folder in dict.fromkeys(path.resolve() for path in folders):
        files, skipped = list_files(folder, limits.megabytes)
        surveyed = CorpusFolder(str(folder), {}, {each.id: each.reason for each in skipped})
        for done, file in enumerate(files, start=1):
            progress(f"Looking at {folder.name}", done, len(files))
            identifier = _unique(file.id, folder.name, found)
            try:
                surveyed.files[identifier] = file_hash(read_bytes(file.path, limits.megabytes))
            except Unreadable as error:
                surveyed.skipped[identifier] = str(error)
            found[identifier] = file.path
        listed.append(surveyed)
    return found, tuple(listed)


def unchanged(home: Home, models: Models, listed: Sequence[CorpusFolder]) -> Build | None:
    """The current generation, if a build of these files with these models would make it again."""
    current = _current(home)
    if current and _is_true(current[1], models, listed):
        return Build(*current, encoded=0, published=False)
    return None


def _is_true(manifest: Manifest, models: Models, listed: Sequence[CorpusFolder]) -> bool:
    """Whether this generation is what a build would make now: same files, models and program."""

    def facts(folder: CorpusFolder) -> tuple[object, ...]:
        # A file that was read but is no document is known only after parsing.
        return folder.path, folder.files, folder.skipped.keys() - folder.files.keys()

    same = [facts(each) for each in manifest.folders] == [facts(each) for each in listed]
    used = Models(manifest.model, manifest.reranker)
    return same and (used, manifest.program) == (models, _program())


def _program() -> str:
    """A digest of the code that decides what a generation holds.

    A new version that reads documents otherwise indexes them again, without anybody remembering.
    """
    here = Path(__file__).parent
    modules = [*here.parent.glob("corpus/*.py"), *(here / f"{name}.py" for name in _DECIDING)]
    return file_hash(b"".join(module.read_bytes() for module in sorted(modules)))[:16]


def _read(
    found: dict[str, Path], listed: Sequence[CorpusFolder], limits: Limits, progress: Progress
) -> tuple[list[IndexedFile], tuple[CorpusFolder, ...]]:
    """Every document that can be read, and the survey as it was then."""
    read: list[IndexedFile] = []
    surveyed = []
    for folder in listed:
        hashes: dict[str, str] = {}
        reasons = dict(folder.skipped)
        files = [(identifier, found[identifier], UNSTATED) for identifier in folder.files]
        for done, file in enumerate(read_all(files, limits), start=1):
            progress(f"Reading {Path(folder.path).name}", done, len(files))
            if file.sha256:
                hashes[file.id] = file.sha256
            if file.reason:
                reasons[file.id] = file.reason
            read += (IndexedFile(file.path, file.sha256, each) for each in file.documents)
        surveyed.append(CorpusFolder(folder.path, hashes, reasons))
    return read, tuple(surveyed)


def _unique(identifier: str, folder: str, taken: Container[str]) -> str:
    unique, number = identifier, 1
    while unique in taken:
        unique = f"{folder}/{identifier}" if number == 1 else f"{folder}~{number}/{identifier}"
        number += 1
    return unique


def _current(home: Home) -> tuple[str, Manifest] | None:
    """The current generation, if its files are whole."""
    name = home.current()
    if name is None or name not in home.kept():
        return None
    folder = home.generation(name)
    try:
        manifest = read_manifest(folder)
    except (FormatUnknown, GenerationDamaged):
        return None
    return (name, manifest) if not altered_files(folder, manifest) else None


def altered_files(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a generation that are missing or differ from what its manifest says."""
    return [
        file
        for file, digest in manifest.files.items()
        if not (folder / file).is_file() or file_hash((folder / file).read_bytes()) != digest
    ]


def build_generation(
    home: Home,
    files: list[IndexedFile],
    listed: tuple[CorpusFolder, ...],
    models: Models,
    progress: Progress,
) -> Build:
    """Writes a generation of these documents and makes it current; needs the home's lock."""
    encoder = open_encoder(home.models, models.encoder)
    documents = [file.document for file in files]
    vectors, windows, encoded = _vectors(home, documents, encoder, progress)
    with home.unfinished() as folder:
        progress("Writing the index", 0, 0)
        write_passages(folder, files, windows, [each.path for each in listed])
        write_lexical(folder, documents)
        write_lexicon(folder, documents)
        index = VectorIndex.build(vectors)
        index.save(folder / VECTORS)
        days = sorted(str(document.posted) for document in documents if document.posted)
        manifest = Manifest(
            format=FORMAT,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            program=_program(),
            model=encoder.card.fingerprint,
            model_name=encoder.card.name,
            documents=len(documents),
            passages=sum(len(document.passages) for document in documents),
            newest=days[-1] if days else None,
            oldest=days[0] if days else None,
            folders=listed,
            vectors=index.facts,
            files=_hashes(folder),
            reranker=models.reranker,
        )
        manifest.write(folder)
        digest = hashlib.sha256("".join(sorted(manifest.files.values())).encode()).hexdigest()
        return Build(home.publish(folder, digest), manifest, encoded, published=True)


def _vectors(
    home: Home, documents: Sequence[Document], encoder: Encoder, progress: Progress
) -> tuple[NDArray[np.float32], list[int], int]:
    """Vectors in context, which passage each vector behind the first stands for, texts encoded.

    The first window of each passage has the passage's row; further windows follow.
    """
    passages = [passage for document in documents for passage in document.passages]
    windows = windows_of(
        [passage.text for passage in passages],
        encoder.card.max_tokens,
        encoder.count_tokens,
    )
    further = [(row, text) for row, texts in enumerate(windows) for text in texts[1:]]
    texts = [each[0] for each in windows] + [text for _, text in further]
    heads = [head_text(document) for document in documents]
    leads = [lead_text(document) for document in documents]
    cache = home.models / encoder.card.fingerprint / "vectors.db"
    found, encoded = encode_cached(encoder, cache, [*texts, *heads, *leads], progress)
    own, head, lead = np.split(found, [len(texts), len(texts) + len(heads)])
    head[[not text for text in heads]] = 0

    counts = [len(document.passages) for document in documents]
    document_of = np.repeat(np.arange(len(documents)), counts)
    has_lead = np.ones(len(texts), np.int64)  # further windows of a lead do not begin it
    has_lead[np.cumsum([0, *counts[:-1]])] = 0
    contexts = document_contexts(head, lead, counts)
    parents: list[int | None] = []
    for document in documents:
        first = len(parents)
        parents += [
            None if passage.parent is None else first + passage.parent
            for passage in document.passages
        ]
    passage_of = [*range(len(passages)), *(row for row, _ in further)]
    vectors = in_context(
        own,
        contexts[has_lead, document_of[passage_of]],
        [parents[row] for row in passage_of],
    )
    return vectors, [row for row, _ in further], encoded


def encode_cached(
    encoder: Encoder, cache: Path, texts: Sequence[str], progress: Progress
) -> tuple[NDArray[np.float32], int]:
    """The vectors of these texts, in order, and how many texts had to be encoded.

    Each batch is kept in the cache as soon as it is done, so an interruption loses only the last.
    """
    with contextlib.closing(VectorCache(cache, encoder.card.dimension)) as kept:
        unique = list(dict.fromkeys(texts))
        vectors, found = kept.get(unique)
        missing = np.flatnonzero(~found)
        wanted = [unique[row] for row in missing]
        done = 0
        progress("Encoding passages", done, len(wanted))
        for rows, batch in encode_in_batches(encoder, wanted):
            kept.put([wanted[row] for row in rows], batch)
            vectors[missing[rows]] = batch
            done += len(rows)
            progress("Encoding passages", done, len(wanted))
    position = {text: row for row, text in enumerate(unique)}
    return vectors[[position[text] for text in texts]], len(wanted)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file_hash(file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(".lock")
    }


def _nothing(listed: tuple[CorpusFolder, ...]) -> str:
    folders = ", ".join(folder.path for folder in listed)
    reasons = Counter(reason for folder in listed for reason in folder.skipped.values())
    why = "; ".join(f"{count:,} skipped: {reason}" for reason, count in reasons.most_common(3))
    return f"No document can be read in {folders} ({why or 'no files'}); name another folder."
