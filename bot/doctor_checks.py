"""The examination behind `pincite doctor`: what is checked, and what to do about each problem."""

import importlib.metadata
import platform
import sys
from collections import Counter
from pathlib import Path

from bot.findings import Finding
from bot.rendering.phrases import first_names
from corpus.errors import CorpusError
from embeddings import EmbeddingError, ModelCard
from embeddings.model import find_model
from retriever.build.program_version import program_digest
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier
from retriever.errors import RetrieverError
from retriever.index.damage import altered_files
from retriever.index.generation import Generation
from retriever.index.generation_manifest import Manifest, read_manifest
from retriever.index.home import DAMAGED_STATE, Home
from retriever.index.passages import PassageStore
from retriever.progress import Progress, untold

_ANSWERING = ("faiss-cpu", "numpy", "onnxruntime", "tantivy")
_PREPARING = ("sentence-transformers", "torch")
_NAMED = 10  # documents that are not as they were read
_NAMES = ("bot", "corpus", "embeddings", "retriever")


def examine_installation(
    home: Home,
    model: str,
    *,
    fast: bool = False,
    deep: bool = False,
    progress: Progress = untold,
) -> list[Finding]:
    """Examines the installation, the configured model, and the current generation; a `deep`
    examination also reads every document again."""
    findings = [_installation(), _names(), _source_model(model), *damaged_memory(home)]
    try:
        folder = home.generation()
        manifest = read_manifest(folder)
    except RetrieverError as error:
        return [*findings, Finding("index", False, str(error))]
    altered = altered_files(folder, manifest)
    if altered:
        what = f"{folder.name}: {', '.join(altered)} differ from the manifest; run `pincite index`."
        findings.append(Finding("index", False, what))
        return [*findings, _read_again(home, folder, manifest, progress)] if deep else findings
    kind = manifest.vectors.kind
    recall = f"recall {manifest.vectors.recall:.3f}" if manifest.vectors.recall else "exact"
    whole = f"{folder.name}: {manifest.passages:,} passages, {kind} vectors ({recall})"
    return [
        *findings,
        Finding("index", True, whole),
        _prepared_model(home, manifest.model),
        *_answering(home, fast),
        *([_read_again(home, folder, manifest, progress)] if deep else []),
    ]


def damaged_memory(home: Home) -> list[Finding]:
    """What to do about what the Slack bot remembered in files that were damaged, if there are."""
    logs = ("-wal", "-shm")
    found = sorted(each.name for each in home.path.glob(f"{DAMAGED_STATE}*"))
    names = [each for each in found if not each.endswith(logs)]
    if not names:
        return []
    what = (
        f"{first_names(names, _NAMED)} was damaged, so the bot began anew; it holds what people "
        "asked: delete it when nobody is to look at it."
    )
    return [Finding("memory of the bot", False, what)]


def _installation() -> Finding:
    versions = {name: _version(name) for name in (*_ANSWERING, *_PREPARING)}
    if missing := [name for name in _ANSWERING if not versions[name]]:
        what = f"the package {' and '.join(missing)} is missing; install it."
        return Finding("installation", False, what)
    there = [f"{name} {number}" for name, number in versions.items() if number]
    what = f"Python {platform.python_version()}, {', '.join(there)}"
    if missing := [name for name in _PREPARING if not versions[name]]:
        what += f"; no {' and no '.join(missing)}, so only a prepared model can be used"
    return Finding("installation", True, what)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _names() -> Finding:
    """Whether another distribution ships a package with one of our general names."""
    owners = importlib.metadata.packages_distributions()
    taken = [name for name in _NAMES if set(owners.get(name, ())) - {"pincite"}]
    if taken:
        what = f"another package ships {', '.join(taken)}; install Pincite in its own environment."
        return Finding("import names", False, what)
    here = Path(sys.modules[__name__].__file__ or "").parent
    return Finding("import names", True, f"ours alone, in {here.parent}")


def _source_model(model: str) -> Finding:
    try:
        return Finding("model", True, f"{model} in {find_model(model)}")
    except EmbeddingError as error:
        return Finding("model", False, str(error))


def _prepared_model(home: Home, fingerprint: str) -> Finding:
    try:
        folder = home.models_with(fingerprint) / fingerprint
        card = ModelCard.read(folder)
        card.check(folder)
    except EmbeddingError as error:
        return Finding("prepared model", False, str(error))
    if card.runtime != "onnx":
        what = f"{card.name} runs on sentence-transformers, slowly, because {card.reason}"
        return Finding("prepared model", True, what)
    what = f"{card.name} on ONNX Runtime, at most {card.difference:.0e} from sentence-transformers"
    return Finding("prepared model", True, what)


def _answering(home: Home, fast: bool) -> list[Finding]:
    """What answers besides the model, and whether the documents are as they were indexed."""
    try:
        generation = Generation.open(home, fast=fast)
        others = [generation.reranker, generation.multilingual and generation.multilingual.encoder]
        names = " and ".join(each.card.name for each in others if each) or "none"
        what = generation.trouble or names
        return [Finding("other models", not generation.trouble, what), _sources(generation)]
    except (EmbeddingError, RetrieverError) as error:
        return [Finding("documents", False, str(error))]


def _sources(generation: Generation) -> Finding:
    same_program = generation.manifest.program == program_digest()
    receipts = Verifier(generation.store).verify_documents(same_program=same_program)
    stale = [
        each for each in receipts if each.state is not CitationState.HOLDS or each.file_changed
    ]
    if stale:
        held = "changed where nothing is cited"
        states = Counter(
            held if each.state is CitationState.HOLDS else str(each.state) for each in stale
        )
        counts = ", ".join(f"{count:,} {state}" for state, count in states.most_common())
        what = (
            f"of {len(receipts):,} {len(stale):,} are not as they were indexed ({counts}); "
            "run `pincite index`."
        )
        return Finding("documents", False, what)
    return Finding("documents", True, f"all {len(receipts):,} are as they were indexed")


def _read_again(home: Home, folder: Path, manifest: Manifest, progress: Progress) -> Finding:
    """Whether every file, read again, is what the index has of it."""
    from retriever.build.rereading import read_everything_again

    try:
        found = read_everything_again(home, PassageStore.open(folder), manifest, progress)
    except (CorpusError, RetrieverError) as error:
        return Finding("reading again", False, str(error))
    changed = (
        f"; {len(found.changed):,} files changed and were not compared" if found.changed else ""
    )
    if found.differing:
        named = [f"{name} ({what})" for name, what in found.differing.items()]
        what = (
            f"the index has otherwise {first_names(named, _NAMED)}{changed}; run `pincite index`."
        )
        if manifest.program != program_digest():
            what = f"another version of Pincite read the documents; {what}"
        return Finding("reading again", False, what)
    what = f"the index has all {found.documents:,} documents as they are read{changed}"
    return Finding("reading again", True, what)
