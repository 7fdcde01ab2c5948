"""Evaluation: questions with known answers, asked of ours and of what it must beat."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.language.sentences import sentence_spans
from corpus.text.characters import folded
from corpus.text.logical_lines import BULLET, PARAGRAPH_NUMBER
from retriever.answering.ask import SearchResult, find, highlighted
from retriever.build.build import Models, build_index
from retriever.errors import QuestionsRefused, RunRefused
from retriever.evaluation.baselines import Baselines
from retriever.evaluation.beir import index_collection, read_queries
from retriever.evaluation.cases import Case, Gold, read_cases
from retriever.evaluation.fit import Sample, fit
from retriever.evaluation.report import IN_FULL, MEASURES, OURS, Report, Result
from retriever.index.calibration import Calibration, fitted_path
from retriever.index.generation import Generation
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home
from retriever.index.records import StoredPassage
from retriever.progress import Progress

_SNIPPET = 60  # letters and digits: enough to name one paragraph


def _find(generation: Generation, case: Case) -> tuple[SearchResult, float]:
    """What `ask` finds, before the receipts: the rows of a collection are no files; and the time
    that it took, in milliseconds."""
    started = time.perf_counter()
    found = find(generation, case.question, history=case.history, asked_on=case.asked_on)
    return found, (time.perf_counter() - started) * 1000


Indexing = Callable[[Home, str, str | None, Progress], object]
"""Indexes documents into a home with a model and perhaps a reranker."""


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
    return lambda home, model, reranker, progress: build_index(
        home, folders, model, reranker=reranker, progress=progress
    )


def _indexing_collection(folder: Path) -> Indexing:
    return lambda home, model, reranker, progress: index_collection(
        home, folder, model, progress, reranker=reranker
    )


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
    model: str,
    progress: Progress,
    *,
    reranker: str | None = None,
) -> Report:
    """Asks each question over the folders that it is about, and asks the baselines the same.

    Each corpus gets an index of its own below `home`, which is kept while its documents, the model
    and the program stay the same; vectors are shared with the main one.
    """
    results: list[Result] = []
    generations = {}
    for corpus in corpora:
        place = _place(home, corpus)
        corpus.index(place, model, reranker, progress)
        generation = Generation.open(place)
        generations[corpus.name] = generation.name
        results += _asked(corpus, generation, Baselines(generation, home, progress), progress)
    return Report(tuple(results), generations)


def calibrate(
    corpora: Sequence[Corpus],
    home: Home,
    model: str,
    progress: Progress,
    *,
    reranker: str | None = None,
) -> tuple[Calibration, Path]:
    """Fits the calibration of the model, and reranker, to these questions; and where it is kept.

    Raises `QuestionsRefused` when none of them, or each, is answered by its first passage.
    """
    samples = []
    scored_by = Models("")
    for corpus in corpora:
        place = _place(home, corpus)
        corpus.index(place, model, reranker, progress)
        generation = Generation.open(place)
        scored_by = Models(generation.manifest.model, generation.manifest.reranker)
        samples += [
            Sample(each.unfitted, each.facts, each.answers, bool(each.case.answers))
            for each in _asked(corpus, generation, None, progress)
        ]
    if len({sample.answers for sample in samples}) < 2:
        raise QuestionsRefused(
            "These questions are all answered, or none is: nothing can be fitted; add others."
        )
    calibration = fit(scored_by.encoder, samples)
    kept = fitted_path(home, scored_by.encoder, scored_by.reranker)
    calibration.write(kept)
    return calibration, kept


def evaluate_generation(
    corpora: Sequence[Corpus], home: Home, name: str, progress: Progress
) -> Report:
    """Asks a kept generation, of the main index or of a corpus, the questions whose folders it has.

    The baselines are not asked. Raises `RunRefused` when it has none of the folders.
    """
    results: list[Result] = []
    generations = {}
    for corpus in corpora:
        wanted = set(map(str, corpus.folders))
        for place in (_place(home, corpus), home):
            if name not in place.kept():
                continue
            held = {folder.path for folder in read_manifest(place.generation(name)).folders}
            if wanted <= held:
                generations[corpus.name] = name
                results += _asked(corpus, Generation.open(place, name), None, progress)
                break
    if not results:
        raise RunRefused(
            f"No kept generation {name!r} holds the documents of these questions; name another, "
            "or a file that `pincite eval --json` wrote."
        )
    return Report(tuple(results), generations)


def _place(home: Home, corpus: Corpus) -> Home:
    return Home(home.path / "eval" / corpus.name, home.models, home.own_models)


def _asked(
    corpus: Corpus, generation: Generation, baselines: Baselines | None, progress: Progress
) -> Iterable[Result]:
    """The results of a corpus's questions."""
    golden = _Golden(generation)
    _find(generation, corpus.cases[0])  # the first question pays for what is loaded lazily
    for done, case in enumerate(corpus.cases, start=1):
        yield _result(generation, golden, baselines, case)
        progress(f"Asking over {corpus.name}", done, len(corpus.cases))


def _result(
    generation: Generation, golden: "_Golden", baselines: Baselines | None, case: Case
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
        unfitted=float(found.ranked.scores[0]) if rows else 0.0,
        facts=judgement.facts,
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


class _Golden:
    """Finds in a generation the passages that a case names."""

    def __init__(self, generation: Generation) -> None:
        self._store = generation.store
        self._twins = self._store.twin_keys().tolist()
        self._by_file: dict[str, list[StoredPassage]] = defaultdict(list)
        self._by_label: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for document in self._store.all_documents():
            path = document.path.as_posix()
            passages = self._store.passages_of(document.number)
            for name in _names(document.path):
                self._by_file[name] += passages
            for passage in passages:
                self._by_label[passage.label].append((path, passage.row))

    def rows(self, gold: Gold) -> list[int]:
        """The rows with this label; else of the paragraph that begins so, or that holds this."""
        if gold.label:
            end = f"/{gold.file}" if gold.file else ""
            return [row for path, row in self._by_label.get(gold.label, ()) if path.endswith(end)]
        label = PARAGRAPH_NUMBER.match(gold.paragraph) or BULLET.match(gold.paragraph)
        snippet = folded(gold.paragraph[label.end() :] if label else gold.paragraph)[:_SNIPPET]
        texts = [(each.row, folded(each.text)) for each in self._by_file.get(gold.file, ())]
        begins = [row for row, text in texts if snippet and text.startswith(snippet)]
        return begins or [row for row, text in texts if snippet and snippet in text]

    def once(self, rows: Iterable[int], gold: Iterable[int]) -> list[int]:
        """The rows without those that only repeat the words of one before, as an answer has them;
        a copy of a passage that a case names counts as the passage."""
        named = {self._twins[row]: row for row in gold}
        first: dict[int, int] = {}
        for row in rows:
            first.setdefault(self._twins[row], named.get(self._twins[row], row))
        return list(first.values())

    def place(self, row: int) -> str:
        """The place of a passage: its document and label."""
        passage = self._store.passage(row)
        return f"{self._store.document(passage.document).id}#{passage.label}"


def _names(path: Path) -> Iterable[str]:
    """The names by which a question may call a file: each end of its path."""
    parts = path.parts[1:]
    return ("/".join(parts[start:]) for start in range(len(parts)))
