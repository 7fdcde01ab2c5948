"""What `pincite eval` prints: the measures by type, the verdicts, the questions that failed."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.render import plain
from retriever.evaluation import BASELINES, MEASURES, OURS, Report, Result

_SYSTEMS = (OURS, *BASELINES)


def evaluation_json(report: Report) -> dict[str, Any]:
    """The measures by type and over all, the verdicts, and the failures."""
    kinds = [None, *sorted({each.case.type for each in report.results if each.measures})]
    return {
        "schema": 1,
        "questions": len(report.results),
        "lost": report.lost,
        "measures": {
            kind or "all": {
                system: {name: _number(report.mean(system, name, kind)) for name in MEASURES}
                for system in _SYSTEMS
            }
            for kind in kinds
        },
        "verdict": {
            "answerable": report.answerable,
            "answerable_refused": report.refused_answerable,
            "unanswerable": len(report.results) - report.answerable,
            "unanswerable_found": report.found_unanswerable,
            "auroc": _number(report.discrimination),
            "threshold": round(report.threshold, 4),
        },
        "results": [
            {
                "id": each.case.id,
                "question": each.case.question,
                "type": each.case.type,
                "answerable": bool(each.case.answers),
                "verdict": str(each.verdict),
                "strength": round(each.strength, 4),
                "first": each.first,
                **({"measures": each.measures[OURS]} if each.measures else {}),
            }
            for each in report.results
        ],
    }


def evaluation_text(report: Report) -> str:
    """The measures as a table, then the verdicts, then the questions that failed."""
    lines = [" " * 32 + "".join(f"{name:>11}" for name in MEASURES), *_table(report), ""]
    lines += [
        f"Answerable, not found: {report.refused_answerable} of {report.answerable}; "
        f"unanswerable, found: {report.found_unanswerable} of "
        f"{len(report.results) - report.answerable}.",
        f"AUROC of the strength {report.discrimination:.3f}; "
        f"5 % of the answerable have at most {report.threshold:.3f}.",
    ]
    if report.lost:
        lines.append(f"Answers whose paragraph is not in the index: {report.lost}.")
    lines += [
        f"Not in the first five: {plain(each.case.question)} (first: {plain(each.first)})"
        for each in _failures(report)
    ]
    return "\n".join(lines)


def _number(value: float) -> float | None:
    """A rounded number, or None where there was nothing to measure."""
    return None if math.isnan(value) else round(value, 4)


def _table(report: Report) -> Iterator[str]:
    counts = Counter(each.case.type for each in report.results if each.measures)
    for kind, count in [(None, sum(counts.values())), *counts.most_common()]:
        for system in _SYSTEMS:
            values = [report.mean(system, name, kind) for name in MEASURES]
            first = f"{kind or 'all':<18}{count:>4}" if system == OURS else " " * 22
            yield f"{first}  {system:<8}" + "".join(f"{value:>11.3f}" for value in values)


def _failures(report: Report) -> list[Result]:
    return [
        each for each in report.results if each.measures and not each.measures[OURS]["success@5"]
    ]
