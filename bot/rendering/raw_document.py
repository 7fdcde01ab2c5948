"""What `pincite show --raw` prints: a document with its labels, and with what is dropped."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import click

from bot.rendering.phrases import TITLE, day_in_words, days_in_words, one_line
from bot.rendering.terminal import linked_title, width_in, wrapped_lines
from retriever.citing.document_view import Part, Raw
from retriever.citing.originals import FileState
from retriever.citing.percent_encoding import encoded
from retriever.index.records import StoredDocument

_MARGIN = 26
_PRINTED = 12  # characters of a paragraph's number or sign
_STATES = {
    FileState.VALID: "It is as it was indexed.",
    FileState.CHANGED: "It changed since it was indexed; run `pincite index` to take it in.",
    FileState.MISSING: "Its file is gone; run `pincite index` to take it out.",
}


def raw_json(raw: Raw) -> dict[str, Any]:
    """The document as an object; a part has a `label`, a `rule` or neither."""
    document = raw.document
    return {
        "schema": 1,
        "state": str(raw.state),
        "reason": raw.reason or None,
        "document": {
            "id": raw.stored.id,
            "path": str(raw.stored.path),
            "title": document.title if document else raw.stored.title,
            "posted": str(document.posted) if document and document.posted else None,
            "posted_from": document.posted_from or None if document else None,
            "events": [str(day) for day in document.events] if document else [],
            "events_from": document.events_from or None if document else None,
            "source": document.source or None if document else None,
        },
        "parts": [
            {
                "start": part.start,
                "end": part.end,
                "label": part.label or None,
                "rule": part.rule or None,
                "text": part.text,
            }
            for part in raw.parts
        ],
    }


def file_json(name: str, held: Sequence[StoredDocument], reason: str) -> dict[str, Any]:
    """The documents that a file holds; `left_out` says what of it is in none of them."""
    return {
        "schema": 1,
        "file": name,
        "left_out": reason or None,
        "documents": [
            {"id": each.id, "title": each.title, "posted": each.posted, "passages": each.count}
            for each in held
        ],
    }


def file_text(name: str, held: Sequence[StoredDocument], reason: str) -> str:
    """The documents that a file holds, with how to show each, and what is in none of them."""
    lines = [f"{one_line(name)} holds {len(held):,} documents.", *held_lines(held)]
    if reason:
        lines += ["", *map(one_line, reason.split("\n"))]
    return "\n".join(lines)


def held_lines(held: Sequence[StoredDocument]) -> Iterator[str]:
    """How to show each of the documents that a file holds, and its title."""
    for each in held:
        passages = f"{each.count:,} passage{'s' if each.count > 1 else ''}"
        yield ""
        yield f"{one_line(each.title, TITLE)} ({passages})"
        yield f'  pincite show "{encoded(each.id)}" --raw'


def raw_text(raw: Raw, columns: int | None = None) -> str:
    """The document for a terminal: passages behind `│`, dropped lines behind `×`, other text of the
    format behind `·`; a printed number or sign is before its passage.
    """
    width = width_in(columns, _MARGIN + len(" │ "))
    lines = [linked_title(raw.stored.title, width=width), *_days(raw), ""]
    printed = ""
    for number, part in enumerate(raw.parts):
        before_passage = any(each.label for each in raw.parts[number + 1 : number + 2])
        if before_passage and not part.label + part.rule and len(part.text) <= _PRINTED:
            printed = f"{part.text} "
        else:
            cited = bool(part.label) and part.label == raw.cited
            lines += _lines(part, printed, width, cited=cited)
            printed = ""
    if raw.document and (rules := Counter(each.rule for each in raw.document.dropped)):
        lines += ["", "Dropped: " + ", ".join(f"{r} {count:,}" for r, count in rules.most_common())]
    state = f"It cannot be read: {one_line(raw.reason)}." if raw.reason else _STATES[raw.state]
    return "\n".join(
        [*lines, "", f"{one_line(raw.stored.id)} ({one_line(str(raw.stored.path))}): {state}"]
    )


def _days(raw: Raw) -> Iterator[str]:
    document = raw.document
    if document is None:
        return
    if document.posted:
        yield f"posted {day_in_words(str(document.posted))} ({one_line(document.posted_from)})"
    for day in document.events:
        yield f"event {day_in_words(str(day))} ({one_line(document.events_from)})"
    if not document.posted and not document.events:
        yield days_in_words(None, None)


def _lines(part: Part, printed: str, width: int, *, cited: bool) -> Iterator[str]:
    name = part.label or (f"[{part.rule}]" if part.rule else "")
    sign = ("┃" if cited else "│") if part.label else "×" if part.rule else "·"
    names = textwrap.wrap(one_line(name), _MARGIN)
    for named, line in zip_longest(names, wrapped_lines(printed + part.text, width), fillvalue=""):
        margin = f"{named:>{_MARGIN}} {sign} "
        yield margin + line if part.label else click.style(margin + line, dim=True)
