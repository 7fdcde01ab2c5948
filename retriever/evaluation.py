"""Evaluation: questions with known answers, asked of ours and of what it must beat."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.characters import folded
from corpus.lines import BULLET, PARAGRAPH_NUMBER
from retriever.answer import Verdict
from retriever.baselines import Baselines
from retriever.build import Progress, index
from retriever.cases import Case, Gold, read_cases
from retriever.collection import index_collection, read_queries
from retriever.errors import QuestionsRefused, RunRefused
from retriever.generation import Generation
from retriever.home import Home
from retriever.manifest import read_manifest
from retriever.passages import StoredPassage
from retriever.question import read_question
from retriever.ranking import rank
from retriever.report import IN_FULL, MEASURES, OURS, Report, Result
from retriever.verdict import judge

_SNIPPET = 60  # letters and digits that tell a paragraph from every other


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered: rows and their scores, best first, the verdict, and the time it took."""

    rows: list[int]
    scores: list[float]
    verdict: Verdict
    reason: str
    milliseconds: float


def _answer(generation: Generation, case: Case) -> Answered:
    """Answers as `ask` does, but for the receipts: the rows of a collection are no files."""
    started = time.perf_counter()
    reading = read_question(case.question, case.history)
    ranked = rank(generation, reading)
    verdict, reason = judge(generation.lexical, reading, ranked)
    milliseconds = (time.perf_counter() - started) * 1000
    return Answered(ranked.rows.tolist(), ranked.scores.tolist(), verdict, reason, milliseconds)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a part of the questions is asked of: its name, its folders, and how to index them."""

    name: str
    folders: tuple[Path, ...]
    cases: tuple[Case, ...]
    index: Callable[[Home, str, Progress], object]


def read_corpora(path: Path, parent: Path | None = None) -> list[Corpus]:
    """The questions of a JSONL file or a folder in the form of BEIR, by what they are asked of.

    The folders that a file's questions name are looked for in `parent`, else in and beside the
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


def _indexing(folders: Sequence[Path]) -> Callable[[Home, str, Progress], object]:
    return lambda home, model, progress: index(home, folders, model, progress=progress)


def _indexing_collection(folder: Path) -> Callable[[Home, str, Progress], object]:
    return lambda home, model, progress: index_collection(home, folder, model, progress)


def _folder(name: str, path: Path, parent: Path | None) -> Path:
    above = [parent] if parent else list(path.resolve().parents)
    for each in above:
        for place in (each / name, each / "corpora" / name):
            if place.is_dir():
                return place.resolve()
    raise QuestionsRefused(
        f"No folder {name!r} is found for the questions of {path}; name its parent with --corpora."
    )


def evaluate(corpora: Sequence[Corpus], home: Home, model: str, progress: Progress) -> Report:
    """Asks each question over the folders that it is about, and no others, beside the baselines.

    Each corpus gets an index of its own below `home`, which is kept while its documents, the model
    and the program stay the same; vectors are shared with the main one.
    """
    results: list[Result] = []
    generations = {}
    for corpus in corpora:
        place = _place(home, corpus)
        corpus.index(place, model, progress)
        generation = Generation.open(place)
        generations[corpus.name] = generation.name
        results += _asked(corpus, generation, Baselines(generation, home, progress), progress)
    return Report(tuple(results), generations)


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
    return Home(home.path / "eval" / corpus.name, home.models)


def _asked(
    corpus: Corpus, generation: Generation, baselines: Baselines | None, progress: Progress
) -> Iterable[Result]:
    """The results of a corpus's questions."""
    golden = _Golden(generation)
    _answer(generation, corpus.cases[0])  # the first question pays for what is loaded lazily
    for done, case in enumerate(corpus.cases, start=1):
        yield _result(generation, golden, baselines, case)
        progress(f"Asking over {corpus.name}", done, len(corpus.cases))


def _result(
    generation: Generation, golden: "_Golden", baselines: Baselines | None, case: Case
) -> Result:
    found = [golden.rows(answer) for answer in case.answers]
    gold = {row for rows in found for row in rows}
    parts = list(map(frozenset, found)) if case.mode == "all" else [frozenset(gold)]
    answered = _answer(generation, case)
    rankings = {OURS: answered.rows}
    if baselines:
        rankings |= baselines.rankings(read_question(case.question, case.history))
    if case.full and case.history:
        rankings[IN_FULL] = _answer(generation, replace(case, question=case.full, history=())).rows
    measures = {
        system: {name: measure(ranking, gold, parts) for name, measure in MEASURES.items()}
        for system, ranking in rankings.items()
    }
    return Result(
        case=case,
        measures=measures if case.answers else {},
        verdict=answered.verdict,
        reason=answered.reason,
        score=answered.scores[0] if answered.rows else 0.0,
        first=golden.place(answered.rows[0]) if answered.rows else "nothing",
        answers=bool(answered.rows) and answered.rows[0] in gold,
        lost=sum(not rows for rows in found),
        milliseconds=answered.milliseconds,
    )


class _Golden:
    """Finds in a generation the passages that a case names."""

    def __init__(self, generation: Generation) -> None:
        self._store = generation.store
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

    def place(self, row: int) -> str:
        """Where a passage stands: its document and label."""
        passage = self._store.passage(row)
        return f"{self._store.document(passage.document).id}#{passage.label}"


def _names(path: Path) -> Iterable[str]:
    """The names by which a question may call a file: each end of its path."""
    parts = path.parts[1:]
    return ("/".join(parts[start:]) for start in range(len(parts)))
