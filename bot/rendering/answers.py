"""Answers as text for people and as JSON for programs: pure functions of what they render."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click

from bot.rendering.document_lists import excerpt, is_excerpt, mentions_in_words, reason_in_words
from bot.rendering.passage_links import terminal_link
from bot.rendering.phrases import (
    HEADING,
    address_in_words,
    chance_in_words,
    days_in_words,
    first_names,
    one_line,
    place_in_words,
    score_in_words,
)
from bot.rendering.terminal import (
    INDENT,
    linked_title,
    passage_lines,
    quotation_lines,
    width_in,
    wrapped_lines,
)
from retriever.answering.answer import Answer, Hit, Verdict

_WITHHELD = 5  # documents that are named
_VERDICTS = {
    Verdict.FOUND: ("Likely found", "green"),
    Verdict.RELATED: ("Possibly found", "yellow"),
    Verdict.NONE: ("Not found in these documents", "red"),
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
        "likelihood": round(answer.likelihood, 6),
        "reason": answer.reason,
        "generation": answer.generation,
        "documents": answer.documents,
        "newest": answer.newest,
        "milliseconds": round(answer.milliseconds, 1),
        "withheld": list(answer.withheld),
        "unreachable": list(answer.unreachable),
        "damaged": list(answer.damaged),
        "skipped": answer.skipped,
        "listed": str(answer.listed) if answer.listed else None,
        "mentioned": asdict(answer.mentioned) if answer.mentioned else None,
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
        "columns": hit.columns.split("\t") if hit.columns else None,
        "score": round(hit.score, 6),
        "highlights": [list(range_) for range_ in hit.highlights],
        "also_in": list(hit.also_in),
        "reading_page": hit.reading_page or None,
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


def answer_text(
    answer: Answer,
    *,
    explain: bool = False,
    linked: bool = False,
    columns: int | None = None,
    how_to_see_all: str = "",
) -> str:
    """The answer for a terminal; without colour the sentence that answers has a heavy margin.

    Where it is `linked`, titles are hyperlinks that open at the passage: on its page, else on the
    reading page, else in its file. What documents say stays inside its margin on a terminal of so
    many `columns`. A list that is not whole says `how_to_see_all`.
    """
    width = width_in(columns)
    _, colour = _VERDICTS[answer.verdict]
    verdict = click.style(verdict_in_words(answer), fg=colour, bold=True)
    reason = reason_in_words(answer, how_to_see_all)
    first, *others = _wrapped(f"{verdict_in_words(answer)}: {reason}", columns)
    lines = [first.replace(verdict_in_words(answer), verdict, 1), *others, ""]
    for hit in answer.passages:
        link = _link(hit) if linked else ""
        lines += [
            *_hit_lines(answer, hit, link, width),
            *(_explanation(hit) if explain else ()),
            "",
        ]
    lines += [line for each in left_out(answer) for line in _wrapped(each, columns)]
    lines += [click.style(line, dim=True) for line in _wrapped(_searched(answer), columns)]
    return "\n".join(lines)


def _wrapped(sentence: str, columns: int | None) -> list[str]:
    """A sentence as it stands, or in lines of a terminal of so many columns."""
    if columns is None:
        return [one_line(sentence, len(sentence))]
    return list(wrapped_lines(sentence, width_in(columns, 0)))


def verdict_in_words(answer: Answer) -> str:
    """The verdict as it heads an answer, with how likely it is where passages are shown."""
    name, _ = _VERDICTS[answer.verdict]
    if answer.is_open:
        return "Not answered"
    if answer.listed and answer.passages:
        return "Found"
    return f"{name} ({chance_in_words(answer.likelihood)})" if answer.passages else name


def left_out(answer: Answer) -> list[str]:
    """What the answer leaves out or had to do without, a sentence each."""
    sentences = mentions_in_words(answer)
    if answer.withheld:
        sentences.append(
            f"Withheld: {first_names(answer.withheld, _WITHHELD)} changed or went since the index "
            "was built; run `pincite index`."
        )
    if answer.unreachable:
        sentences.append(
            f"Withheld: {first_names(answer.unreachable, _WITHHELD)}, whose disk does not answer; "
            "see whether it is connected."
        )
    if answer.damaged:
        sentences.append(
            f"Withheld: {first_names(answer.damaged, _WITHHELD)}; the index is damaged and no "
            "longer has what was read; run `pincite index` to build it anew."
        )
    if answer.skipped and answer.verdict is not Verdict.FOUND:
        files = f"{answer.skipped:,} file{'s' if answer.skipped > 1 else ''}"
        sentences.append(
            f"{files} could not be read, or only in part, and may hold the answer; see `pincite "
            "status`."
        )
    return sentences


def _link(hit: Hit) -> str:
    return terminal_link(hit.link, hit.reading_page, hit.document.path, hit.page)


def _hit_lines(answer: Answer, hit: Hit, link: str, width: int) -> Iterable[str]:
    document = hit.document
    yield f"{hit.rank:>2} {linked_title(document.title, link, width)}"
    days = days_in_words(document.posted, document.event)
    place = [days, place_in_words(hit.label, hit.page)]
    if hit.heading:
        place.append(f"under “{one_line(hit.heading, HEADING)}”")
    if not answer.listed:
        place.append(score_in_words(hit.score))
    yield from _indented(" · ".join(part for part in place if part), width)
    if is_excerpt(answer, hit):
        yield from quotation_lines(excerpt(hit), (), width)
    else:
        yield from passage_lines(hit.text, hit.columns, hit.highlights, width)
    yield INDENT + click.style(one_line(str(hit.citation)), fg="cyan")
    if document.source:
        yield from _indented(address_in_words(document.source), width)
    for copy in hit.also_in:
        yield f"{INDENT}also {one_line(copy)}"


def hits_by_document(hits: Sequence[Hit], columns: int | None = None) -> str:
    """The documents of passages, each with the number of the first, its day, and how many."""
    width = width_in(columns)
    firsts = {hit.document.id: hit for hit in reversed(hits)}
    counts = Counter(hit.document.id for hit in hits)
    lines = []
    for hit in sorted(firsts.values(), key=lambda each: each.rank):
        document, count = hit.document, counts[hit.document.id]
        lines.append(f"{hit.rank:>2} {linked_title(document.title, width=width)}")
        passages = f"{count} passage{'s' if count > 1 else ''}"
        lines += _indented(f"{days_in_words(document.posted, document.event)} · {passages}", width)
    documents = f"{len(firsts)} document{'s' if len(firsts) != 1 else ''}"
    lines += _wrapped(f"{documents}; /show N shows the first passage of one.", columns)
    return "\n".join(lines)


def _indented(text: str, width: int) -> Iterable[str]:
    return (INDENT + line for line in wrapped_lines(text, width))


def _explanation(hit: Hit) -> Iterable[str]:
    for share in hit.shares:
        yield (
            f"{INDENT}{share.points:+8.4f}  {share.evidence} "
            f"({share.value:.4f} x {share.weight:.3g} in log-odds)"
        )
    yield f"{INDENT}{hit.score:8.4f}  probability that it answers"


def _searched(answer: Answer) -> str:
    parts = [f"Searched: “{one_line(answer.searched.text)}”", *reading_notes(answer)]
    return " · ".join(parts) + f" · {answer.milliseconds:.0f} ms"


def reading_notes(answer: Answer) -> list[str]:
    """How the question was read, apart from its text, and what was searched; a few words each."""
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
