"""Passages as blocks: word for word, the best sentence bold, cut between sentences if too long.

`rich_text` is shown literally, so nothing in a document can mention, link or format.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from bot.rendering.phrases import days_in_words, one_line, place_in_words
from bot.slack.sending.block_kit import SlackBlock, literal, rich_text_part, text_length
from bot.slack.sending.block_limits import (
    ADDRESS,
    CUT,
    LABEL,
    QUOTED,
    TITLE,
    character_end,
    sentences_around,
    shortened,
)
from corpus.language.sentences import sentence_spans
from corpus.passage_context import cells_of
from retriever.answering.answer import Hit
from retriever.index.records import StoredPassage

SMALLER = (1_200, 600, 300, 100)
"""Characters of a passage when several long ones would not fit together."""
_LINK = re.compile(r"https?://[^\s<>|\"/?#@\\]+(?:[/?#][^\s<>|\"]*)?")


def fitted_passage_blocks(
    hits: Sequence[Hit], room: int, longest: int = QUOTED
) -> list[SlackBlock]:
    """The passages with their headings, each cut when together they have more than `room`
    characters; none is longer than `longest`."""
    for each in (longest, *SMALLER):
        blocks = [passage_block(hit, each) for hit in hits]
        if text_length(blocks) <= room:
            break
    return blocks


def passage_block(hit: Hit, room: int) -> SlackBlock:
    """A passage under its heading, in at most `room` characters."""
    quoted = _words(hit.text, hit.columns, hit.highlights, room)
    return {
        "type": "rich_text",
        "block_id": f"passage_{hit.rank}",
        "elements": [rich_text_part("section", _heading(hit)), rich_text_part("quote", quoted)],
    }


def neighbour_blocks(hit: Hit, near: Sequence[StoredPassage], room: int) -> list[SlackBlock]:
    """A passage between its neighbours; the passage itself is quoted."""
    blocks: list[SlackBlock] = [
        {"type": "rich_text", "elements": [rich_text_part("section", _heading(hit))]}
    ]
    for passage in near:
        itself = passage.text == hit.text
        label = literal(f"{shortened(one_line(passage.label), LABEL)}  ")
        best = hit.highlights if itself else ()
        words = _words(passage.text, passage.columns, best, room)
        part = rich_text_part("quote" if itself else "section", [label, *words])
        blocks.append({"type": "rich_text", "elements": [part]})
    return blocks


def _heading(hit: Hit) -> list[SlackBlock]:
    named = {"text": shortened(title_of(hit), TITLE), "style": {"bold": True}}
    address = _address(hit.link) or _address(hit.document.source)
    kind = {"type": "link", "url": address} if address else {"type": "text"}
    also = f" · also in {len(hit.also_in)} other" if hit.also_in else ""
    return [
        literal(f"{hit.rank}. "),
        {**kind, **named},
        literal(f" · {days_of(hit)} · {place_of(hit)}{also}"),
    ]


def _words(
    text: str, columns: str, highlights: Sequence[tuple[int, int]], room: int
) -> list[SlackBlock]:
    """The words of a passage; of a row of a table that fits, each cell behind its column's head."""
    parts: list[SlackBlock] = []
    for name, cell in cells_of(text, columns) if columns else ():
        before = " · " if parts else ""
        parts.append(literal(before + (f"{name}: " if name else "")))
        parts.append(literal(cell, bold=bool(highlights)))
    row = [part for part in parts if part["text"]]
    fits = 0 < sum(len(part["text"]) for part in row) <= room
    return row if fits else _quoted(text, highlights, room)


def _quoted(text: str, highlights: Sequence[tuple[int, int]], room: int) -> list[SlackBlock]:
    """The words of a passage with the best sentence bold, cut around it when they do not fit."""
    best = highlights[0] if highlights else (0, 0)
    start, end = 0, len(text)
    if len(text) > room:
        spans = [(span.start, span.end) for span in sentence_spans(text)]
        at = next((n for n, (_, to) in enumerate(spans) if to > best[0]), 0)
        start, end = sentences_around(spans, at, room - 2 * len(CUT))
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
    start = character_end(text, max(start, min(best, end - room)))
    to = character_end(text, start + room)
    at_word = text.rfind(" ", start + room // 2, to)
    return start, at_word if at_word > 0 and to < end else to


def title_of(hit: Hit) -> str:
    """The title of a passage's document, else the name of its file."""
    return one_line(hit.document.title) or one_line(hit.document.id) or "Untitled"


def days_of(hit: Hit) -> str:
    """The days of a passage's document, in words."""
    return days_in_words(hit.document.posted, hit.document.event)


def place_of(hit: Hit) -> str:
    """The paragraph and page of a passage, in words."""
    return shortened(one_line(place_in_words(hit.label, hit.page)), LABEL)


def _address(source: str | None) -> str:
    """The address of a document as Slack takes it, or nothing when it is no web page."""
    try:
        if not source or not _LINK.fullmatch(source) or not urlsplit(source).hostname:
            return ""
    except ValueError:  # brackets that hold no address
        return ""
    address = quote(source, safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")
    return address if len(address) <= ADDRESS else ""
