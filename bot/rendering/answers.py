"""Answers as text for people and as JSON for programs: pure functions of what they render."""

import datetime
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import click

from corpus.text.characters import printable
from retriever.answering.answer import Answer, Hit, Verdict

WIDTH = 88
_INDENT = "   "
_WITHHELD = 5  # documents that are named
_VERDICTS = {
    Verdict.FOUND: ("Found", "green"),
    Verdict.RELATED: ("Related, but no answer", "yellow"),
    Verdict.NONE: ("Not in these documents", "red"),
}


def answer_json(answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """The answer as the object that `ask --json` prints; its form is `schema` 1."""
    return {
        "schema": 1,
        "question": answer.question,
        "searched": {
            "text": answer.searched.text,
            "after": answer.searched.after,
            "before": answer.searched.before,
            "within": list(answer.searched.within),
            "names": list(answer.searched.names),
            "spelt": dict(answer.searched.spelt),
            "periods": list(answer.searched.periods),
            "order": answer.searched.order,
            "literal": answer.searched.literal,
        },
        "verdict": str(answer.verdict),
        "reason": answer.reason,
        "generation": answer.generation,
        "documents": answer.documents,
        "newest": answer.newest,
        "milliseconds": round(answer.milliseconds, 1),
        "withheld": list(answer.withheld),
        "skipped": answer.skipped,
        "passages": [_hit_json(hit, explain=explain) for hit in answer.passages],
    }


def _hit_json(hit: Hit, *, explain: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "rank": hit.rank,
        "citation": str(hit.citation),
        "text": hit.text,
        "label": hit.label,
        "page": hit.page,
        "heading": hit.heading or None,
        "score": round(hit.score, 6),
        "highlights": [list(range_) for range_ in hit.highlights],
        "also_in": list(hit.also_in),
        "document": {
            "id": hit.document.id,
            "path": hit.document.path,
            "title": hit.document.title,
            "posted": hit.document.posted,
            "event": hit.document.event,
            "source": hit.document.source,
            "link": hit.link,
        },
    }
    if explain:
        fields["explanation"] = [
            {"evidence": share.evidence, "value": share.value, "weight": share.weight,
             "points": share.points}
            for share in hit.shares
        ]  # fmt: skip
    return fields


def answer_text(answer: Answer, *, explain: bool = False, linked: bool = False) -> str:
    """The answer for a terminal; without colour the sentence that answers has a heavy margin.

    Where it is `linked`, titles are hyperlinks that open at the passage.
    """
    name, colour = _VERDICTS[answer.verdict]
    lines = [click.style(name, fg=colour, bold=True) + f": {one_line(answer.reason)}", ""]
    for hit in answer.passages:
        lines += [*_hit_lines(hit, linked), *(_explanation(hit) if explain else ()), ""]
    if answer.withheld:
        lines.append(
            f"Withheld: {first_names(answer.withheld, _WITHHELD)} changed or went since the index "
            "was built; run `pincite index`."
        )
    if answer.skipped and answer.verdict is not Verdict.FOUND:
        files = f"{answer.skipped:,} file{'s' if answer.skipped > 1 else ''}"
        lines.append(f"{files} could not be read and may hold the answer; see `pincite status`.")
    lines.append(click.style(_searched(answer), dim=True))
    return "\n".join(lines)


def _hit_lines(hit: Hit, linked: bool) -> Iterable[str]:
    document = hit.document
    yield f"{hit.rank:>2} {linked_title(document.title, hit.link if linked else None)}"
    days = days_in_words(document.posted, document.event)
    place = [days, place_in_words(hit.label, hit.page)]
    if hit.heading:
        place.append(f"under “{one_line(hit.heading)}”")
    yield _INDENT + " · ".join(part for part in place if part)
    yield from quotation_lines(hit.text, hit.highlights)
    yield _INDENT + click.style(one_line(str(hit.citation)), fg="cyan")
    if document.source:
        yield _INDENT + one_line(document.source)
    for copy in hit.also_in:
        yield f"{_INDENT}also {one_line(copy)}"


def linked_title(title: str, link: str | None) -> str:
    """The title of a document in bold, as a hyperlink (OSC 8) when there is a link."""
    shown = click.style(one_line(title), bold=True)
    if not link:
        return shown
    address = quote(link, safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")
    return f"\x1b]8;;{address}\x1b\\{shown}\x1b]8;;\x1b\\"


def quotation_lines(text: str, highlights: Iterable[tuple[int, int]]) -> Iterable[str]:
    """The lines of a quotation behind a margin, wrapped but word for word.

    Words inside a highlight are bold, and their lines have a heavy margin.
    """
    marked = list(highlights)
    line, length, heavy = "", 0, False
    for word in re.finditer(r"\S+", text):
        bold = any(start <= word.start() < end for start, end in marked)
        shown = one_line(word.group())
        if line and length + 1 + len(shown) > WIDTH:
            yield _margin(heavy) + line
            line, length, heavy = "", 0, False
        line += (" " if line else "") + (click.style(shown, bold=True) if bold else shown)
        length += len(shown) + bool(length)
        heavy = heavy or bold
    yield _margin(heavy) + line


def wrapped_lines(text: str) -> Iterable[str]:
    """The lines of a text, long ones wrapped, safe on a terminal."""
    for line in text.splitlines():
        yield from textwrap.wrap(one_line(line), WIDTH, break_on_hyphens=False)


def _margin(heavy: bool) -> str:
    return f"{_INDENT}{'┃' if heavy else '│'} "


def _explanation(hit: Hit) -> Iterable[str]:
    for share in hit.shares:
        yield (
            f"{_INDENT}{share.points:+8.4f}  {share.evidence} "
            f"({share.value:.4f} x {share.weight:.3g} in log-odds)"
        )
    yield f"{_INDENT}{hit.score:8.4f}  probability that it answers"


def _searched(answer: Answer) -> str:
    parts = [f"Searched: “{one_line(answer.searched.text)}”", *reading_notes(answer)]
    return " · ".join(parts) + f" · {answer.milliseconds:.0f} ms"


def reading_notes(answer: Answer) -> list[str]:
    """How the question was read besides its text, and what was searched, each in a few words."""
    searched = answer.searched
    parts = []
    if searched.literal:
        parts.append("as typed")
    if searched.names:
        parts.append("names " + ", ".join(map(one_line, searched.names)))
    if searched.spelt:
        parts.append(
            "spelt "
            + ", ".join(
                f"{one_line(meant)} for {one_line(typed)}" for typed, meant in searched.spelt
            )
        )
    if searched.periods:
        parts.append("dated " + " or ".join(searched.periods))
    if searched.order:
        parts.append(f"{searched.order} first")
    if searched.after or searched.before:
        parts.append(f"from {searched.after or 'the first'} to {searched.before or 'the last'}")
    if searched.within:
        parts.append("only " + ", ".join(map(one_line, searched.within)))
    newest = f" to {answer.newest}" if answer.newest else ""
    parts.append(f"{answer.documents:,} documents{newest}")
    return parts


def place_in_words(label: str, page: int | None = None) -> str:
    """Where a passage stands; a number that is not printed in the document keeps its `¶`."""
    paragraph = label if label.startswith("¶") else f"paragraph {label}"
    return paragraph if page is None else f"{paragraph}, page {page}"


def days_in_words(posted: str | None, event: str | None) -> str:
    """The posted day, and the event's day when it is another one."""
    if not posted:
        return f"event {day_in_words(event)}" if event else "undated"
    other = f" (event {day_in_words(event)})" if event and event != posted else ""
    return f"{day_in_words(posted)}{other}"


def day_in_words(day: str) -> str:
    """A day in ISO 8601, `--MM-DD` without a year, as one writes it."""
    if day.startswith("--"):
        return f"{datetime.date.fromisoformat('2000' + day[1:]):%-d %B}, year not stated"
    return f"{datetime.date.fromisoformat(day):%-d %B %Y}"


def first_names(names: Sequence[str], count: int) -> str:
    """The first `count` names, and how many more there are."""
    more = f" and {len(names) - count:,} more" if len(names) > count else ""
    return ", ".join(map(one_line, names[:count])) + more


def one_line(text: str) -> str:
    """Text of a document, safe on a terminal: nothing of it is a control sequence."""
    return printable(" ".join(text.split()))
