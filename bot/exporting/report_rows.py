"""What is reported, as rows: CSV, lines of JSON, a table of Markdown."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.exporting.footnotes import escaped
from bot.rendering.document_lists import excerpt
from bot.rendering.phrases import one_line
from retriever.answering.answer import Answer

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@")
"""With what a cell begins that a spreadsheet would compute, whoever wrote it."""


def as_csv(rows: Sequence[Row]) -> str:
    """The rows with a head, as RFC 4180 has it but for the ends of lines; texts are on one line.

    One that a spreadsheet would take for a formula has an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.DictWriter(written, _columns(rows), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _in_csv(value) for name, value in row.items()} for row in rows)
    return written.getvalue().rstrip("\n")


def as_json_lines(rows: Iterable[Row]) -> str:
    """An object a line; characters beyond ASCII are escaped, so that none is lost or obeyed."""
    return "\n".join(json.dumps(row, allow_nan=False) for row in rows)


def as_markdown(rows: Sequence[Row]) -> str:
    """The rows as a table; cells are on one line, and no sign in them is Markdown's."""
    names = _columns(rows)
    lines = [[escaped(name) for name in names], ["---"] * len(names)]
    lines += [[_cell(row.get(name)) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


ROW_FORMS: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "csv": as_csv, "jsonl": as_json_lines, "markdown": as_markdown,
}  # fmt: skip
"""How rows are written, by the name of the form."""


def answer_rows(answer: Answer) -> list[Row]:
    """A row for each passage; without any, one for the verdict."""
    head = {
        "question": answer.question, "verdict": str(answer.verdict), "reason": answer.reason,
    }  # fmt: skip
    rows: list[Row] = [
        head
        | {
            "rank": hit.rank,
            "citation": str(hit.citation),
            "text": hit.text,
            "score": round(hit.score, 6),
            "title": hit.document.title,
            "posted": hit.document.posted,
            "event": hit.document.event,
            "label": hit.label,
            "page": hit.page,
            "document": hit.document.id,
            "link": hit.link,
        }
        for hit in answer.passages
    ]
    return rows or [head]


def document_rows(answer: Answer) -> list[Row]:
    """A row for each document of a list, with the passage that mentions what is asked for."""
    return [
        {
            "title": hit.document.title,
            "posted": hit.document.posted,
            "event": hit.document.event,
            "document": hit.document.id,
            "citation": str(hit.citation),
            "sentence": excerpt(hit),
            "copies": "; ".join(hit.also_in),
            "link": hit.link,
        }
        for hit in answer.passages
    ]


def question_rows(evaluation: Mapping[str, Any]) -> list[Row]:
    """A row for each question of an evaluation, with its measures."""
    return [
        {name: value for name, value in result.items() if name not in ("history", "measures")}
        | {"history": " / ".join(result["history"])}
        | result.get("measures", {})
        for result in evaluation["results"]
    ]


def measure_rows(evaluation: Mapping[str, Any]) -> list[Row]:
    """A row for the measures of each system on each type of question."""
    return [
        {"type": kind, "system": system, **measures}
        for kind, systems in evaluation["measures"].items()
        for system, measures in systems.items()
    ]


def fact_rows(facts: Mapping[str, Any]) -> list[Row]:
    """A row for each fact of the index; of a list of files, their number."""
    return [{"fact": name, "value": _fact(name, value)} for name, value in facts.items()]


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(map(str, value)) if name in ("folders", "kept") else len(value)
    if not isinstance(value, dict):
        return value
    if all(isinstance(each, list) for each in value.values()):
        return sum(map(len, value.values()))
    if all(type(each) is int for each in value.values()):
        return sum(value.values())
    return "; ".join(f"{name} {each}" for name, each in value.items())


def skipped_rows(facts: Mapping[str, Any]) -> list[Row]:
    """A row for each file that is not read, or is remarked on, with the reason."""
    return [
        {"file": name, "reason": reason}
        for told in (facts["skipped"], facts["remarks"])
        for reason, names in told.items()
        for name in names
    ]


def copy_rows(alike: Mapping[str, Any]) -> list[Row]:
    """A row for each document that has copies; those of a release have the same group."""
    return [
        {"group": number, **document}
        for number, group in enumerate(alike["copies"], start=1)
        for document in group
    ]


def _columns(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _in_csv(value: Any) -> Any:
    text = _flat(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _cell(value: Any) -> str:
    return escaped(_flat(value))


def _flat(value: Any) -> str:
    """A value on one line, safe on a terminal."""
    text = "" if value is None else str(value)
    return one_line(text, len(text) * 10)
