"""What `pincite eval` prints: measures by type, refusing, latency, changes, and what failed."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.options.evaluation_floors import Missed
from bot.rendering.phrases import one_line
from retriever.answering.answer import Verdict
from retriever.evaluation.baselines import BASELINES
from retriever.evaluation.bootstrap import Estimate
from retriever.evaluation.comparison import SCHEMA, Comparison, PreviousResult
from retriever.evaluation.report import (
    FIGURES,
    OURS,
    SYSTEMS,
    Report,
    Result,
    answerable,
    curve_of,
    nothing_shown,
    refused,
    unanswerable,
)

_SHOWN = ("success@1", "success@5", "MRR@10", "nDCG@5")
"""The measures in the table for people; JSON has all."""


def evaluation_json(
    report: Report, comparison: Comparison | None = None, missed: Missed = ()
) -> dict[str, Any]:
    """Everything that was measured, by type and over all, with what each question gave."""
    kinds = {"all": None, **{kind: kind for kind in report.types()}}
    ranked = {name: kind for name, kind in kinds.items() if answerable(report.of_type(kind))}
    estimates = {
        name: {system: report.estimates(system, kind) for system in _systems(report, kind)}
        for name, kind in ranked.items()
    }
    facts = {
        "schema": SCHEMA,
        "generations": dict(report.generations),
        "questions": len(report.results),
        "measures": _mapped(estimates, lambda each: _number(each.mean)),
        "intervals": _mapped(estimates, _interval),
        "gains": {
            name: {
                over: {measure: _estimate(each) for measure, each in gains.items()}
                for over in _systems(report, kind)[1:]
                for gains in [report.estimates(OURS, kind, over=over)]
            }
            for name, kind in ranked.items()
        },
        "figures": {
            name: {figure: _number(report.figure(figure, kind)) for figure in FIGURES}
            for name, kind in kinds.items()
        },
        "risk_coverage": [list(map(_number, point)) for point in curve_of(report.results).tolist()],
        "missed": [str(floor) for floor, _ in missed],
        "results": [_result(each) for each in report.results],
    }
    return facts | ({"comparison": _comparison(comparison)} if comparison else {})


def evaluation_text(report: Report, comparison: Comparison | None = None) -> str:
    """The measures as a table, then refusing and latency, the changes, and the failures."""
    lines = [" " * 38 + "".join(f"{name:<20}" for name in _SHOWN), *_table(report), ""]
    lines += _figures(report)
    if comparison:
        lines += ["", *_changes(comparison)]
    failures = list(_failures(report))
    return "\n".join(line.rstrip() for line in [*lines, *([""] if failures else []), *failures])


def _result(result: Result) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "question": result.case.question,
        "history": list(result.case.history),
        "type": result.case.type,
        "answerable": bool(result.case.answers),
        "verdict": str(result.verdict),
        "reason": result.reason,
        "score": round(result.score, 4),
        "first": result.first,
        "first_answers": result.answers,
        "lost": result.lost,
        "milliseconds": round(result.milliseconds, 2),
        **({"measures": result.measures[OURS]} if result.measures else {}),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    def moved(pairs: Sequence[tuple[Result, PreviousResult]]) -> list[dict[str, Any]]:
        return [
            {"id": now.case.id, "question": now.case.question,
             "then": {"verdict": str(then.verdict), "first": then.first,
                      "MRR@10": then.measures.get("MRR@10")},
             "now": {"verdict": str(now.verdict), "first": now.first,
                     "MRR@10": now.measures[OURS]["MRR@10"] if now.measures else None}}
            for now, then in pairs
        ]  # fmt: skip

    return {
        "with": comparison.run.name,
        "questions": comparison.questions,
        "differences": {
            name: {"then": _number(each.then), "now": _number(each.now), **_estimate(each.change)}
            for name, each in comparison.differences.items()
        },
        "better": moved(comparison.better),
        "worse": moved(comparison.worse),
    }


def _mapped(
    estimates: dict[str, dict[str, dict[str, Estimate]]], value: Callable[[Estimate], Any]
) -> dict[str, Any]:
    return {
        kind: {
            system: {name: value(each) for name, each in measures.items()}
            for system, measures in systems.items()
        }
        for kind, systems in estimates.items()
    }


def _number(value: float) -> float | None:
    """A rounded number, or None where there was nothing to measure."""
    return None if math.isnan(value) else round(value, 4)


def _interval(estimate: Estimate) -> list[float] | None:
    return None if math.isnan(estimate.low) else [round(estimate.low, 4), round(estimate.high, 4)]


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {"difference": _number(estimate.mean), "interval": _interval(estimate)}


def _systems(report: Report, kind: str | None) -> list[str]:
    """The systems that were asked questions of this type, ours first."""
    results = report.of_type(kind)
    return [name for name in SYSTEMS if any(name in each.measures for each in results)]


def _table(report: Report) -> Iterator[str]:
    """For each type a row for each system, and one for what ours gains over the last baseline."""
    counts = Counter(each.case.type for each in answerable(report.results))
    by_type = counts.most_common() if len(counts) > 1 else []
    for kind, count in [(None, sum(counts.values())), *by_type]:
        head = f"{one_line(kind or 'all'):<17.17}{count:>5}"
        for system in _systems(report, kind):
            yield _row(head, system, report.estimates(system, kind))
            head = ""
        for over in _systems(report, kind)[len(BASELINES) :]:  # the fusion, and written in full
            yield _row("", f"over {over}", report.estimates(OURS, kind, over=over), sign="+")


def _row(head: str, name: str, estimates: dict[str, Estimate], sign: str = "") -> str:
    cells = "".join(f"{_cell(estimates[measure], sign):<20}" for measure in _SHOWN)
    return f"{head:<22}  {name:<14}{cells}"


def _cell(estimate: Estimate, sign: str = "") -> str:
    """A mean and its interval, as `0.66 [0.57, 0.75]`."""
    low, high = (f"{value:{sign}.2f}".replace("0.", ".") for value in estimate[1:])
    interval = "" if math.isnan(estimate.low) else f" [{low}, {high}]"
    return f"{estimate.mean:{sign}.3f}{interval}"


def _figures(report: Report) -> Iterator[str]:
    results = report.results
    asked, silent = answerable(results), unanswerable(results)
    figure = {name: _shown(report.figure(name)) for name in FIGURES}
    yield f"Answerable, but refused: {_counted(asked, refused(asked))}"
    yield f"Answerable, but nothing shown: {_counted(asked, nothing_shown(asked))}"
    yield f"Unanswerable, but found: {_counted(silent, [not each for each in refused(silent)])}"
    yield (
        f"Refusing: precision {figure['precision']}, recall {figure['recall']}, "
        f"AUROC {figure['AUROC']}; area under the risk-coverage curve {figure['AURC']}; "
        f"expected calibration error of the first score {figure['ECE']}."
    )
    sentences = [right for each in results for right in each.marked]
    if sentences:
        yield f"Highlighted rightly: {sum(sentences)} of {len(sentences)} passages."
    p50, p95, p99 = (f"{report.figure(name):.1f}" for name in ("p50", "p95", "p99"))
    yield f"Reading, ranking and verdict took {p50} ms (p50), {p95} ms (p95), {p99} ms (p99)."


def _counted(results: Sequence[Result], flags: Sequence[bool]) -> str:
    """How many are flagged, of all and of each type that has any."""
    kinds = Counter(each.case.type for each in results)
    flagged = Counter(each.case.type for each, flag in zip(results, flags, strict=True) if flag)
    parts = [f"{one_line(kind)} {count} of {kinds[kind]}" for kind, count in flagged.most_common()]
    by_type = f" ({', '.join(parts)})" if parts else ""
    return f"{sum(flagged.values())} of {len(results)}{by_type}."


def _shown(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _changes(comparison: Comparison) -> Iterator[str]:
    yield f"Compared with {one_line(comparison.run.name)}, {comparison.questions} questions:"
    for name, each in comparison.differences.items():
        yield f"  {name:<12}{each.then:.3f} -> {each.now:.3f}   {_cell(each.change, sign='+')}"
    for word, pairs in (("Better", comparison.better), ("Worse", comparison.worse)):
        for now, then in pairs:
            yield f"{word}: {_asked(now)} ({_moved(now, then)})"


def _moved(now: Result, then: PreviousResult) -> str:
    """What is different of a question's rank, verdict and first passage."""
    rank = [then.measures.get("MRR@10"), now.measures[OURS]["MRR@10"] if now.measures else None]
    parts = [
        f"1/rank {rank[0]:.2f} -> {rank[1]:.2f}"
        if rank[0] is not None and rank[1] is not None and rank[0] != rank[1]
        else "",
        f"{then.verdict} -> {now.verdict}" if then.verdict is not now.verdict else "",
        f"first: {one_line(then.first)} -> {one_line(now.first)}"
        if then.first != now.first
        else "",
    ]
    return "; ".join(part for part in parts if part)


def _asked(result: Result) -> str:
    """The question, behind the one before it in its thread."""
    return one_line(" / ".join((*result.case.history[-1:], result.case.question)))


def _failures(report: Report) -> Iterator[str]:
    for each in report.results:
        refusal = each.verdict is not Verdict.FOUND
        if each.lost:
            what = "An answer is not in the index"
        elif each.measures and not each.measures[OURS]["success@5"]:
            what = "Not in the first five"
        elif each.measures and refusal:
            what = "Refused"
        elif not each.measures and not refusal:
            what = "Found, but unanswerable"
        else:
            continue
        why = f"; {each.verdict}: {one_line(each.reason)}" if refusal else ""
        yield f"{what}: {_asked(each)} (first: {one_line(each.first)}{why})"
