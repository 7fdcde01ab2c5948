"""Passages as blocks: word for word, the best sentence bold, cut on sentence borders where needed.

`rich_text` is shown literally, so nothing in a document can mention, link or format.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from bot.rendering.answers import days_in_words, place_in_words, plain
from bot.slack.sending.block_limits import (
    ADDRESS,
    CUT,
    LABEL,
    QUOTED,
    TITLE,
    around,
    counted,
    shortened,
    whole,
)
from corpus.language.sentences import sentence_spans
from retriever.answering.answer import Hit
from retriever.index.records import StoredPassage

Block = dict[str, Any]

SMALLER = (1_200, 600, 300, 100)
"""Characters of a passage when several long ones would not fit together."""
_LINK = re.compile(r"https?://[^\s<>|\"/?#]+[^\s<>|\"]*")


def quotations(hits: Sequence[Hit], room: int, longest: int = QUOTED) -> list[Block]:
    """The passages with their headings; each is cut when together they would not fit."""
    for each in (longest, *SMALLER):
        blocks = [passage_block(hit, each) for hit in hits]
        if characters(blocks) <= room:
            break
    return blocks


def passage_block(hit: Hit, room: int) -> Block:
    """A passage under its heading, in at most `room` characters."""
    quoted = _quoted(hit.text, hit.highlights, room)
    return {
        "type": "rich_text",
        "block_id": f"passage_{hit.rank}",
        "elements": [rich("section", _heading(hit)), rich("quote", quoted)],
    }


def in_context(hit: Hit, near: Sequence[StoredPassage], room: int) -> list[Block]:
    """A passage between its neighbours; the passage itself is quoted."""
    blocks: list[Block] = [{"type": "rich_text", "elements": [rich("section", _heading(hit))]}]
    for passage in near:
        itself = passage.text == hit.text
        label = literal(f"{shortened(plain(passage.label), LABEL)}  ")
        words = _quoted(passage.text, hit.highlights if itself else (), room)
        part = rich("quote" if itself else "section", [label, *words])
        blocks.append({"type": "rich_text", "elements": [part]})
    return blocks


def _heading(hit: Hit) -> list[Block]:
    named = {"text": shortened(title(hit), TITLE), "style": {"bold": True}}
    address = _address(hit.link) or _address(hit.document.source)
    kind = {"type": "link", "url": address} if address else {"type": "text"}
    also = f" · also in {len(hit.also_in)} other" if hit.also_in else ""
    return [
        literal(f"{hit.rank}. "),
        {**kind, **named},
        literal(f" · {when(hit)} · {place(hit)}{also}"),
    ]


def _quoted(text: str, highlights: Sequence[tuple[int, int]], room: int) -> list[Block]:
    """The words of a passage with the best sentence bold, cut around it when they do not fit."""
    best = highlights[0] if highlights else (0, 0)
    start, end = 0, len(text)
    if len(text) > room:
        spans = [(span.start, span.end) for span in sentence_spans(text)]
        at = next((n for n, (_, to) in enumerate(spans) if to > best[0]), 0)
        start, end = around(spans, at, room - 2 * len(CUT))
        if end - start > room:  # a sentence that is too long in itself
            start, end = _part(text, start, end, best[0], room - 2 * len(CUT))
    first, last = (min(max(start, edge), end) for edge in best)
    pieces = [
        (CUT.lstrip() if text[:start].strip() else "", False),
        (text[start:first], False),
        (text[first:last], True),
        (text[last:end], False),
        (CUT.rstrip() if text[end:].strip() else "", False),
    ]
    return [literal(piece, bold=bold) for piece, bold in pieces if piece]


def _part(text: str, start: int, end: int, best: int, room: int) -> tuple[int, int]:
    """A part of a sentence that is too long, from its best words on, cut at words where it can."""
    start = whole(text, max(start, min(best, end - room)))
    to = whole(text, start + room)
    at_word = text.rfind(" ", start + room // 2, to)
    return start, at_word if at_word > 0 and to < end else to


def literal(text: str, *, bold: bool = False) -> Block:
    """Text that is shown as it is."""
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def rich(kind: str, elements: list[Block]) -> Block:
    """A part of a `rich_text` block: a section or a quote."""
    return {"type": f"rich_text_{kind}", "elements": elements}


def said(sentence: str, *, first: str = "") -> Block:
    """A sentence that may name what somebody else wrote, behind a bold one of ours."""
    opening = [literal(first, bold=True), literal(" ")] if first else []
    return {"type": "rich_text", "elements": [rich("section", [*opening, literal(sentence)])]}


def characters(blocks: Iterable[Block]) -> int:
    """The characters of all texts in these blocks, as Slack may count them together at most."""

    def within(value: Any) -> int:
        if isinstance(value, dict):
            return sum(within(each) for each in value.values()) + (
                counted(value["text"]) if isinstance(value.get("text"), str) else 0
            )
        return sum(map(within, value)) if isinstance(value, list) else 0

    return within(list(blocks))


def title(hit: Hit) -> str:
    """The title of a passage's document, else the name of its file."""
    return plain(hit.document.title) or plain(hit.document.id) or "Untitled"


def when(hit: Hit) -> str:
    """The days of a passage's document, in words."""
    return days_in_words(hit.document.posted, hit.document.event)


def place(hit: Hit) -> str:
    """Where in its document a passage stands, in words."""
    return shortened(plain(place_in_words(hit.label, hit.page)), LABEL)


def _address(source: str | None) -> str:
    """The address of a document as Slack takes it, or nothing when it is no web page."""
    try:
        if not source or not _LINK.fullmatch(source) or not urlsplit(source).hostname:
            return ""
    except ValueError:  # brackets that hold no address
        return ""
    address = quote(source, safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")
    return address if len(address) <= ADDRESS else ""
