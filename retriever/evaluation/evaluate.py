"""Evaluation: questions with known answers, asked of ours and of what it must beat."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.language.sentences import sentence_spans
from retriever.answering.ask import highlighted
from retriever.answering.reranking import RERANKER
from retriever.answering.search import SearchResult, find
from retriever.build.build import build_index
from retriever.build.models import ModelNames
from retriever.errors import QuestionsRefused, RunRefused
from retriever.evaluation.baselines import Baselines
from retriever.evaluation.beir import index_collection, read_queries
from retriever.evaluation.cases import Case, read_cases
from retriever.evaluation.fit import Sample, fit
from retriever.evaluation.gold_passages import GoldPassages
from retriever.evaluation.report import IN_FULL, MEASURES, OURS, Report, Result
from retriever.index.calibration import RERANKED, Calibration, fitted_path
from retriever.index.generation import Generation
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home
from retriever.progress import Progress


def _find(generation: Generation, case: Case) -> tuple[SearchResult, float]:
    """What `ask` finds, before the receipts: the rows of a collection are no files; and the time
    that it took, in milliseconds."""
    started = time.perf_counter()
    found = find(generation, case.question, history=case.history, asked_on=case.asked_on)
    return found, (time.perf_counter() - started) * 1000


Indexing = Callable[[Home, ModelNames, Progress], object]
"""Indexes documents into a home with these models."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a part of the questions is asked of: its name, its folders, and how to index them."""

    name: str
    folders: tuple[Path, ...]
    cases: tuple[Case, ...]
    index: Indexing


def read_corpora(path: Path, parent: Path | None = None) -> list[Corpus]:
    """The questions of a JSONL file or a folder in the form of BEIR, by what they are asked of.

    The folders that a file's questions name are looked for in `parent`, else in and next to the
    folders above the file. Raises `QuestionsRefused`.
    """
    if path.is_dir():
        folder = path.resolve()
        cases = tuple(read_queries(folder))
        return [Corpus(folder.name, (folder,), cases, _indexing_collection(folder))]
    all_cases = read_cases(path)
    everything = "+".join(sorted({n for c in all_cases for n in c.corpus.split("+") if n != "all"}))
    by_corpus: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases:
        by_corpus[everything if case.corpus == "all" else case.corpus].append(case)
    for name in {name for corpus in by_corpus for name in corpus.split("+")}:
        if not re.fullmatch(r"\w[\w .-]*", name):
            raise QuestionsRefused(f"{name!r} in {path} is no folder's name; correct its corpus.")
    corpora = []
    for name, asked in by_corpus.items():
        folders = tuple(_folder(part, path, parent) for part in sorted(name.split("+")))
        corpora.append(Corpus(name, folders, tuple(asked), _indexing(folders)))
    return corpora


def _indexing(folders: Sequence[Path]) -> Indexing:
    return lambda home, names, progress: build_index(home, folders, names, progress=progress)


def _indexing_collection(folder: Path) -> Indexing:
    return lambda home, names, progress: index_collection(home, folder, names, progress)


def _folder(name: str, path: Path, parent: Path | None) -> Path:
    above = [parent] if parent else list(path.resolve().parents)
    for each in above:
        for place in (each / name, each / "corpora" / name):
            if place.is_dir():
                return place.resolve()
    raise QuestionsRefused(
        f"No folder {name!r} is found for the questions of {path}; name its parent with --corpora."
    )


def evaluate(
    corpora: Sequence[Corpus],
    home: Home,
    names: ModelNames,
    progress: Progress,
    *,
    fast: bool = False,
) -> Report:
    """Asks each question over the folders that it is about, and asks the baselines the same.
    `fast` answers come without the reranker.

    Each corpus gets an index of its own below `home`, which is kept while its documents, the model
    and the program stay the same; vectors are shared with the main one.
    """
    results: list[Result] = []
    generations = {}
    for corpus in corpora:
        place = place_of(home, corpus)
        corpus.index(place, names, progress)
        generation = Generation.open(place, fast=fast)
        generations[corpus.name] = generation.name
        results += _asked(corpus, generation, Baselines(generation, home, progress), progress)
    return Report(tuple(results), generations)


def calibrate(
    corpora: Sequence[Corpus],
    home: Home,
    names: ModelNames,
    progress: Progress,
    *,
    fast: bool = False,
    output: Path | None = None,
) -> dict[Path, Calibration]:
    """Fits the calibration of the model, and of the reranker unless answers are to be `fast`, to
    these questions, and that of the multilingual model to those in other languages; by where each
    is kept: in the home, or in the file `output`.

    Raises `QuestionsRefused` when none of them, or each, has an answer, or none a first passage
    that answers.
    """
    samples: dict[Path, list[Sample]] = defaultdict(list)
    models: dict[Path, str] = {}
    for corpus in corpora:
        place = place_of(home, corpus)
        corpus.index(place, names, progress)
        generation = Generation.open(place, fast=fast, unfitted=True)
        if generation.trouble:
            raise QuestionsRefused(f"{generation.trouble} Nothing was fitted.")
        for encoder, sample in _samples(corpus, generation, progress):
            reranker = generation.reranker if sample.ranked.has(RERANKER) else None
            kept = fitted_path(home, encoder, reranker.card.fingerprint if reranker else None)
            samples[kept].append(sample)
            models[kept] = encoder
    weights = Calibration.read(RERANKED).weights
    fits = {
        kept: fit(models[kept], asked, weights)
        for kept, asked in samples.items()
        if _can_be_fitted(asked)
    }
    if not fits:
        raise QuestionsRefused(
            "These questions are all answered, or none is: nothing can be fitted; add others."
        )
    if output and len(fits) > 1:
        raise QuestionsRefused(
            "These questions are in the language of the documents and in others, and a file is for "
            "one kind; name questions of one."
        )
    fits = {output or kept: fitted for kept, fitted in fits.items()}
    for kept, fitted in fits.items():
        fitted.write(kept)
    return fits


def _can_be_fitted(samples: Sequence[Sample]) -> bool:
    """Whether some have an answer and others none, and for some the first passage is one."""
    told = {bool(each.gold) for each in samples}, {each.answered for each in samples}
    return min(map(len, told)) == 2


def _samples(
    corpus: Corpus, generation: Generation, progress: Progress
) -> Iterator[tuple[str, Sample]]:
    """The questions of a corpus as a calibration is fitted to them, with the encoder of each."""
    named = GoldPassages(generation.store)
    for done, case in enumerate(corpus.cases, start=1):
        gold = {row for answer in case.answers for row in named.rows(answer)}
        gold |= {twin for row in gold for twin in generation.store.twins(row)}
        found, _ = _find(generation, case)
        sample = Sample(found.ranked, found.judgement.facts, frozenset(gold))
        yield generation.asked_in(found.reading.language).encoder.card.fingerprint, sample
        progress(f"Asking over {corpus.name}", done, len(corpus.cases))


def evaluate_generation(
    corpora: Sequence[Corpus], home: Home, name: str, progress: Progress, *, fast: bool = False
) -> Report:
    """Asks a kept generation, of the main index or of a corpus, the questions whose folders it has.

    The baselines are not asked. Raises `RunRefused` when it has none of the folders.
    """
    results: list[Result] = []
    generations = {}
    for corpus in corpora:
        wanted = set(map(str, corpus.folders))
        for place in (place_of(home, corpus), home):
            if name not in place.kept():
                continue
            held = {folder.path for folder in read_manifest(place.generation(name)).folders}
            if wanted <= held:
                generations[corpus.name] = name
                results += _asked(corpus, Generation.open(place, name, fast=fast), None, progress)
                break
    if not results:
        raise RunRefused(
            f"No kept generation {name!r} holds the documents of these questions; name another, "
            "or a file that `pincite eval --json` wrote."
        )
    return Report(tuple(results), generations)


def place_of(home: Home, corpus: Corpus) -> Home:
    """Where the index of a corpus is kept, below the home."""
    return Home(home.path / "eval" / corpus.name, home.models, home.own_models)


def _asked(
    corpus: Corpus, generation: Generation, baselines: Baselines | None, progress: Progress
) -> Iterable[Result]:
    """The results of a corpus's questions."""
    golden = GoldPassages(generation.store)
    _find(generation, corpus.cases[0])  # the first question pays for what is loaded lazily
    for done, case in enumerate(corpus.cases, start=1):
        yield _result(generation, golden, baselines, case)
        progress(f"Asking over {corpus.name}", done, len(corpus.cases))


def _result(
    generation: Generation, golden: GoldPassages, baselines: Baselines | None, case: Case
) -> Result:
    passages = [golden.rows(answer) for answer in case.answers]
    gold = {row for places in passages for row in places}
    parts = list(map(frozenset, passages)) if case.mode == "all" else [frozenset(gold)]
    found, milliseconds = _find(generation, case)
    judgement = found.judgement
    rankings = {OURS: found.ranked.rows.tolist()}
    if baselines:
        rankings |= baselines.rankings(found.reading)
    if case.full and case.history:
        in_full = replace(case, question=case.full, history=())
        rankings[IN_FULL] = _find(generation, in_full)[0].ranked.rows.tolist()
    rankings = {system: golden.once(rows, gold) for system, rows in rankings.items()}
    rows = rankings[OURS]
    measures = {
        system: {name: measure(ranking, gold, parts) for name, measure in MEASURES.items()}
        for system, ranking in rankings.items()
    }
    return Result(
        case=case,
        measures=measures if case.answers else {},
        verdict=judgement.verdict,
        reason=judgement.reason,
        score=float(judgement.probabilities[0]) if rows else 0.0,
        first=golden.place(rows[0]) if rows else "nothing",
        answers=bool(rows) and rows[0] in gold,
        lost=sum(not places for places in passages),
        milliseconds=milliseconds,
        marked=_marked(generation, case, passages, found),
    )


def _marked(
    generation: Generation, case: Case, passages: Sequence[Sequence[int]], found: SearchResult
) -> list[bool]:
    """For each passage whose answering sentences are known whether one of them is highlighted."""
    marked = []
    for answer, rows in zip(case.answers, passages, strict=True):
        for row in rows if answer.sentences else ():
            passage = generation.store.passage(row)
            document = generation.store.document(passage.document)
            spans = sentence_spans(passage.text)
            right = {
                (spans[n - 1].start, spans[n - 1].end) for n in answer.sentences if n <= len(spans)
            }
            shown = highlighted(generation, found.reading, passage, document)
            marked.append(not right.isdisjoint(shown))
    return marked
