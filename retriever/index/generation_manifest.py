"""What a generation says of itself: `manifest.json`, readable by a person."""

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from corpus.folder.limits import Limits
from embeddings import IndexFacts
from retriever.errors import FormatUnknown, GenerationDamaged
from retriever.index.integrity import checked_json, read_checked_json

INDEX_FORMAT = 5
VECTORS = "vectors.faiss"
MULTILINGUAL_VECTORS = "multilingual_vectors.faiss"


@dataclass(frozen=True, slots=True)
class CorpusFolder:
    """An indexed folder: the identity of each file that was read, and why others were skipped.

    An identity is the file's sha256, and a digest of what a sidecar states of it.

    A file that was read but is no document, or not wholly, is in both. `remarks` are on what is no
    document and hides none: rows of manifests that are not used, a link to a folder that is read in
    its own place, the folder itself while its disk is away.
    """

    path: str
    files: dict[str, str]
    skipped: dict[str, str]
    remarks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Multilingual:
    """What answers questions in these `languages`: vectors of all passages by another `model`, a
    fingerprint; languages are named in English."""

    languages: tuple[str, ...]
    model: str
    vectors: IndexFacts


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of a generation; `created` is in UTC, `files` maps its files to their sha256.

    `checksums` has the CRC-32 of those that are read through whenever the generation is opened.
    `program` is the digest of the code that decided what the generation holds.
    `model` and `reranker` are fingerprints; most generations have no reranker. `follow_links` says
    whether links to folders were followed."""

    format: int
    created: str
    program: str
    model: str
    model_name: str
    documents: int
    passages: int
    newest: str | None
    oldest: str | None
    limits: Limits
    folders: tuple[CorpusFolder, ...]
    vectors: IndexFacts
    files: dict[str, str]
    checksums: dict[str, int]
    reranker: str | None = None
    multilingual: Multilingual | None = None
    follow_links: bool = False

    @property
    def skipped(self) -> dict[str, list[str]]:
        """The skipped files by reason, in the order of the folders."""
        return _by_reason(folder.skipped for folder in self.folders)

    @property
    def remarks(self) -> dict[str, list[str]]:
        """What is remarked on, by remark, in the order of the folders."""
        return _by_reason(folder.remarks for folder in self.folders)

    def write(self, folder: Path) -> None:
        """Writes `manifest.json` into the generation's folder."""
        (folder / "manifest.json").write_bytes(checked_json(asdict(self)))


def _by_reason(folders: Iterable[dict[str, str]]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for folder in folders:
        for name, reason in folder.items():
            reasons.setdefault(reason, []).append(name)
    return reasons


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation; raises `FormatUnknown` or `GenerationDamaged`."""
    try:
        facts, vouched = read_checked_json((folder / "manifest.json").read_bytes())
        version = facts.pop("format")
        if version != INDEX_FORMAT:
            raise FormatUnknown(
                f"The generation {folder.name} has format {version}, and this version of Pincite "
                f"reads {INDEX_FORMAT}; run `pincite index` to build it anew."
            )
        if not vouched:
            raise ValueError("it has no checksum")
        folders = tuple(CorpusFolder(**each) for each in facts.pop("folders"))
        vectors = IndexFacts(**facts.pop("vectors"))
        limits = Limits(**facts.pop("limits"))
        multilingual = _multilingual(facts.pop("multilingual", None))
        manifest = Manifest(
            format=version,
            limits=limits,
            folders=folders,
            vectors=vectors,
            multilingual=multilingual,
            **facts,
        )
        _require_types(manifest)
        return manifest
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged(folder, "manifest.json", error) from None


def _multilingual(facts: dict[str, Any] | None) -> Multilingual | None:
    if facts is None:
        return None
    languages, vectors = tuple(facts["languages"]), IndexFacts(**facts["vectors"])
    if not all(isinstance(each, str) for each in (*languages, facts["model"], vectors.kind)):
        raise TypeError("a value is of another kind")
    return Multilingual(languages, facts["model"], vectors)


def _require_types(manifest: Manifest) -> None:
    """Raises `TypeError` for a value of another kind than its field's."""
    texts = (manifest.created, manifest.program, manifest.model, manifest.model_name)
    days = (manifest.newest or "", manifest.oldest or "", manifest.reranker or "")
    paths = [folder.path for folder in manifest.folders]
    counts = (
        manifest.documents, manifest.passages, manifest.vectors.count, *astuple(manifest.limits),
    )  # fmt: skip
    maps: list[object] = [manifest.files, manifest.checksums]
    for folder in manifest.folders:
        maps += [folder.files, folder.skipped, folder.remarks]
    if (
        not all(isinstance(each, str) for each in (*texts, *days, *paths, manifest.vectors.kind))
        or not all(type(each) is int for each in counts)
        or not all(isinstance(each, dict) for each in maps)
        or not isinstance(manifest.vectors.recall, float | None)
        or not isinstance(manifest.follow_links, bool)
    ):
        raise TypeError("a value is of another kind")


def damaged(folder: Path, file: str, error: object = "") -> GenerationDamaged:
    """The error for a file of this generation that cannot be used."""
    detail = f" ({type(error).__name__})" if isinstance(error, Exception) else ""
    return GenerationDamaged(
        f"The file {file} of generation {folder.name} is damaged{detail}; "
        "run `pincite index` to build it anew, or ask an older one with --generation."
    )
