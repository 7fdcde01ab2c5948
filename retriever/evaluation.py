"""Evaluation: questions with known answers, asked of ours and of what it must beat.

The baselines are the field's plain ones on the same passages and the same reading of a question:
BM25 of title and text, the model's vectors of the passages without context, and the reciprocal
rank fusion of the two (Cormack, Clarke and Büttcher 2009, k = 60).
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.characters import folded
from corpus.lines import BULLET, PARAGRAPH_NUMBER
from embeddings import VectorIndex
from retriever.answer import Verdict
from retriever.build import Progress, encode_cached, index
from retriever.errors import QuestionsRefused
from retriever.generation import Generation
from retriever.home import Home
from retriever.metrics import auroc, ndcg, reciprocal_rank, success
from retriever.passages import StoredPassage
from retriever.question import Reading, read_question
from retriever.ranking import rank
from retriever.verdict import judge, strength
from retriever.windows import windows_of

OURS = "pincite"
BASELINES = ("BM25", "vectors", "RRF")
MEASURES: Mapping[str, Callable[[Sequence[int], set[int]], float]] = {
    "success@1": lambda ranking, gold: success(ranking, gold, 1),
    "success@3": lambda ranking, gold: success(ranking, gold, 3),
    "success@5": lambda ranking, gold: success(ranking, gold, 5),
    "MRR@10": reciprocal_rank,
    "nDCG@10": ndcg,
}
_DEPTH = 200  # of each side of the fusion
_SNIPPET = 60  # letters and digits that tell a paragraph from every other


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the paragraphs that answer it: (file, how the paragraph begins)."""

    id: str
    question: str
    history: tuple[str, ...]
    type: str
    corpus: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How one case went: each system's measures, our verdict, and what our first was."""

    case: Case
    measures: Mapping[str, Mapping[str, float]]
    verdict: Verdict
    strength: float
    first: str


@dataclass(frozen=True, slots=True)
class Report:
    """All results; `lost` counts answers whose paragraph is not in the index.

    `threshold` is the score below which 5 % of the answerable questions stay; `discrimination` the
    area under the ROC curve of the best score, answerable against unanswerable.
    """

    results: tuple[Result, ...]
    lost: int
    threshold: float
    discrimination: float
    answerable: int
    found_unanswerable: int
    refused_answerable: int

    def mean(self, system: str, measure: str, kind: str | None = None) -> float:
        """The mean over the answerable questions, of one type or of all."""
        values = [
            result.measures[system][measure]
            for result in self.results
            if result.measures and kind in (None, result.case.type)
        ]
        return float(np.mean(values)) if values else float("nan")


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSONL file; raises `QuestionsRefused` naming the line that cannot be used."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsRefused(f"The file {path} cannot be read ({error}); name another.") from None
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(number, json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise QuestionsRefused(
                f"Line {number} of {path} is no question; it needs question, corpus and answers."
            ) from None
    if not cases:
        raise QuestionsRefused(f"The file {path} holds no questions; write one on each line.")
    return cases


def _case(number: int, fields: Mapping[str, Any]) -> Case:
    return Case(
        id=str(fields.get("id", number)),
        question=str(fields["question"]),
        history=tuple(map(str, fields.get("history", ()))),
        type=str(fields.get("type", "question")),
        corpus=str(fields["corpus"]),
        answers=tuple((str(each["file"]), str(each["paragraph"])) for each in fields["answers"]),
    )


def evaluate(
    path: Path, home: Home, model: str, *, corpora: Path | None, progress: Progress
) -> Report:
    """Asks every question of the file over the folders that its corpus names, and no others.

    The folders are looked for in `corpora`, else in and beside the folders above the file. Each
    corpus gets an index of its own below `home`; vectors are shared with the main one.
    """
    cases = read_cases(path)
    results: list[Result] = []
    lost = 0
    everything = "+".join(sorted({n for c in cases for n in c.corpus.split("+") if n != "all"}))
    by_corpus: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_corpus[everything if case.corpus == "all" else case.corpus].append(case)
    for name in {name for corpus in by_corpus for name in corpus.split("+")}:
        if not re.fullmatch(r"\w[\w .-]*", name):
            raise QuestionsRefused(f"{name!r} in {path} is no folder's name; correct its corpus.")
    for corpus, asked in by_corpus.items():
        folders = [_folder(name, path, corpora) for name in sorted(corpus.split("+"))]
        place = Home(home.path / "eval" / corpus, home.models)
        index(place, folders, model, progress=progress)
        bench = _Bench(Generation.open(place), home, progress)
        for done, case in enumerate(asked, start=1):
            progress(f"Asking over {corpus}", done, len(asked))
            result, missing = bench.run(case)
            results.append(result)
            lost += missing
    return _report(results, lost)


def _folder(name: str, path: Path, corpora: Path | None) -> Path:
    above = [corpora] if corpora else list(path.resolve().parents)
    for parent in above:
        for place in (parent / name, parent / "corpora" / name):
            if place.is_dir():
                return place
    raise QuestionsRefused(
        f"No folder {name!r} is found for the questions of {path}; name its parent with --corpora."
    )


class _Bench:
    """One corpus with what the baselines need of it."""

    def __init__(self, generation: Generation, home: Home, progress: Progress) -> None:
        self.generation = generation
        store, encoder = generation.store, generation.encoder
        self.passages = [
            passage for each in store.all_documents() for passage in store.passages_of(each.number)
        ]
        windows = windows_of(
            [each.text for each in self.passages], encoder.card.max_tokens, encoder.count_tokens
        )
        cache = home.models / encoder.card.fingerprint / "vectors.db"
        vectors, _ = encode_cached(encoder, cache, [each[0] for each in windows], progress)
        self.plain = VectorIndex.build(vectors, exact_below=len(vectors) + 1)
        self.by_file: dict[str, list[StoredPassage]] = defaultdict(list)
        names = {each.number: each for each in store.all_documents()}
        for passage in self.passages:
            for name in _names(names[passage.document].path):
                self.by_file[name].append(passage)

    def run(self, case: Case) -> tuple[Result, int]:
        """The result of a case, and how many of its answers are not in the index."""
        found = [self._gold(file, paragraph) for file, paragraph in case.answers]
        gold = {row for rows in found for row in rows}
        reading = read_question(case.question, case.history)
        ranked = rank(self.generation, reading)
        verdict, _ = judge(self.generation.lexical, reading, ranked)
        rankings = {OURS: ranked.rows.tolist(), **self._baselines(reading)}
        measures = {
            system: {name: measure(ranking, gold) for name, measure in MEASURES.items()}
            for system, ranking in rankings.items()
        }
        first = self._place(rankings[OURS][0]) if rankings[OURS] else "nothing"
        match = strength(self.generation.lexical, reading, ranked)
        result = Result(case, measures if case.answers else {}, verdict, match, first)
        return result, sum(not rows for rows in found)

    def _baselines(self, reading: Reading) -> dict[str, list[int]]:
        words = self.generation.lexical.search(reading.terms, {"text": 1, "title": 1}, _DEPTH)
        query = self.generation.encoder.encode([reading.text], question=True)
        _, near = self.plain.search(query, _DEPTH)
        lexical, dense = words.rows.tolist(), near[0].tolist()
        return dict(zip(BASELINES, (lexical, dense, fused(lexical, dense)), strict=True))

    def _gold(self, file: str, paragraph: str) -> list[int]:
        """The rows of the paragraph that begins so, else of those that hold these words."""
        label = PARAGRAPH_NUMBER.match(paragraph) or BULLET.match(paragraph)
        snippet = folded(paragraph[label.end() :] if label else paragraph)[:_SNIPPET]
        texts = [(each.row, folded(each.text)) for each in self.by_file.get(file, ())]
        begins = [row for row, text in texts if snippet and text.startswith(snippet)]
        return begins or [row for row, text in texts if snippet and snippet in text]

    def _place(self, row: int) -> str:
        passage = self.generation.store.passage(row)
        return f"{self.generation.store.document(passage.document).id}#{passage.label}"


def _names(path: Path) -> Iterable[str]:
    """The names by which a question may call a file: each end of its path."""
    parts = path.parts[1:]
    return ("/".join(parts[start:]) for start in range(len(parts)))


def fused(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion: each ranking gives a row 1 / (60 + its rank); ties by row."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for position, row in enumerate(ranking, start=1):
            scores[row] += 1 / (60 + position)
    return sorted(scores, key=lambda row: (-scores[row], row))


def _report(results: list[Result], lost: int) -> Report:
    answerable = [each for each in results if each.case.answers]
    unanswerable = [each for each in results if not each.case.answers]
    positives = [each.strength for each in answerable]
    negatives = [each.strength for each in unanswerable]
    return Report(
        results=tuple(results),
        lost=lost,
        threshold=float(np.quantile(positives, 0.05, method="lower")) if positives else 0.0,
        discrimination=auroc(positives, negatives),
        answerable=len(answerable),
        found_unanswerable=sum(each.verdict is Verdict.FOUND for each in unanswerable),
        refused_answerable=sum(each.verdict is not Verdict.FOUND for each in answerable),
    )
