"""Two runs over the same questions: what changed, how surely, and for which questions."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retriever.answering.answer import Verdict
from retriever.errors import RunRefused
from retriever.evaluation.bootstrap import Estimate, estimates
from retriever.evaluation.report import MEASURES, OURS, Report, Result, curve_of

SCHEMA = 2
"""Of the JSON that `pincite eval` writes and that this module reads."""

CaseKey = tuple[str, ...]
"""The earlier questions, the question, and how many copies of it came before in its file."""

RiskCurve = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class PreviousResult:
    """How one question went in an earlier run; `measures` is empty without an answer."""

    measures: Mapping[str, float]
    verdict: Verdict
    first: str


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """An earlier run: what it is called, how its questions went, and its risk-coverage curve."""

    name: str
    results: Mapping[CaseKey, PreviousResult]
    curve: RiskCurve


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure's means then and now, and the estimate of the difference between them."""

    then: float
    now: float
    change: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since an earlier run, over the questions that both were asked."""

    run: PreviousRun
    questions: int
    differences: Mapping[str, Difference]
    better: tuple[tuple[Result, PreviousResult], ...]
    worse: tuple[tuple[Result, PreviousResult], ...]


def read_run(path: Path) -> PreviousRun:
    """The run in a file that `pincite eval --json` wrote; raises `RunRefused`."""
    try:
        facts = json.loads(path.read_text("utf-8"))
        if facts["schema"] != SCHEMA:
            raise ValueError
        asked = [(*map(str, each["history"]), str(each["question"])) for each in facts["results"]]
        results = dict(zip(_keys(asked), map(_previous, facts["results"]), strict=True))
        curve = [(float(coverage), float(risk)) for coverage, risk in facts["risk_coverage"]]
        return PreviousRun(path.name, results, curve)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RunRefused(
            f"The file {path} holds no run; write one with this version's `pincite eval --json`."
        ) from None


def _previous(fields: Mapping[str, Any]) -> PreviousResult:
    measures = fields.get("measures") or {}
    if measures:
        measures = {name: float(measures[name]) for name in MEASURES}
    return PreviousResult(measures, Verdict(fields["verdict"]), str(fields["first"]))


def run_of(name: str, report: Report) -> PreviousRun:
    """A report as a run to compare with."""
    earlier = map(_as_previous, report.results)
    results = dict(zip(_keys(_asked(report)), earlier, strict=True))
    return PreviousRun(name, results, curve_of(report.results).tolist())


def compare(report: Report, run: PreviousRun) -> Comparison:
    """What changed from the earlier run to this report; raises `RunRefused` when nothing is shared.

    A question that was reworded, or whose answers came or went, is another one.
    """
    pairs = [
        (now, then)
        for key, now in zip(_keys(_asked(report)), report.results, strict=True)
        for then in [run.results.get(key)]
        if then and bool(now.measures) == bool(then.measures)
    ]
    if not pairs:
        raise RunRefused(f"{run.name} has none of these questions; compare with another run.")
    ranked = [pair for pair in pairs if pair[0].measures]
    silent = [pair for pair in pairs if not pair[0].measures]
    moved = [(pair, _worth(_as_previous(pair[0])), _worth(pair[1])) for pair in pairs]
    return Comparison(
        run=run,
        questions=len(pairs),
        differences={
            **_differences([*MEASURES, "refused"], ranked),
            **_differences(["found"], silent),
        },
        better=tuple(pair for pair, now, then in moved if now > then),
        worse=tuple(pair for pair, now, then in moved if now < then),
    )


def _asked(report: Report) -> list[tuple[str, ...]]:
    return [(*each.case.history, each.case.question) for each in report.results]


def _keys(asked: Iterable[tuple[str, ...]]) -> list[CaseKey]:
    copies: Counter[tuple[str, ...]] = Counter()
    keys = []
    for each in asked:
        keys.append((*each, str(copies[each])))
        copies[each] += 1
    return keys


def _as_previous(result: Result) -> PreviousResult:
    return PreviousResult(result.measures.get(OURS, {}), result.verdict, result.first)


def _worth(result: PreviousResult) -> tuple[float, bool]:
    """Orders the outcomes of one question: by the rank of its answer, then by the right verdict."""
    found = result.verdict is Verdict.FOUND
    return (result.measures["MRR@10"], found) if result.measures else (0.0, not found)


def _differences(
    names: Sequence[str], pairs: Sequence[tuple[Result, PreviousResult]]
) -> dict[str, Difference]:
    """The difference of each measure, `refused` and `found` being those of the verdict."""
    if not pairs:
        return {}
    sides = [[_as_previous(now) for now, _ in pairs], [then for _, then in pairs]]
    now, then = (np.array([_values(each, names) for each in side]) for side in sides)
    changes = estimates(now - then)
    means = zip(names, then.mean(axis=0).tolist(), now.mean(axis=0).tolist(), changes, strict=True)
    return {name: Difference(before, after, change) for name, before, after, change in means}


def _values(result: PreviousResult, names: Sequence[str]) -> list[float]:
    found = result.verdict is Verdict.FOUND
    known = {**result.measures, "refused": float(not found), "found": float(found)}
    return [known[name] for name in names]
