"""Passages as blocks: word for word, the best sentence first and bold, cut between sentences.

`rich_text` is shown literally, so nothing in a document can mention, link or format.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from bot.rendering.phrases import days_in_words, one_line, place_in_words
from bot.slack.sending import wording
from bot.slack.sending.block_kit import (
    SlackBlock,
    context_block,
    literal,
    rich_text_part,
    text_length,
)
from bot.slack.sending.block_limits import (
    ADDRESS,
    BEST,
    CITATION,
    CUT,
    LABEL,
    QUOTED,
    TITLE,
    character_end,
    sentences_around,
    shortened,
)
from bot.slack.showing.best_sentence import best_sentence
from bot.slack.showing.table_blocks import rows_of_one_table, table_block
from corpus.language.sentences import sentence_spans
from corpus.passage_context import cells_of, in_words
from retriever.answering.answer import Hit

SMALLER = (1_000, 600, 300, 100)
"""Characters of a passage when several long ones would not fit together."""
_LINK = re.compile(r"https?://[^\s<>|\"/?#@\\]+(?:[/?#][^\s<>|\"]*)?")


def best_block(hit: Hit) -> SlackBlock:
    """The sentence that answers best, or the row of a table in words; bold."""
    words = in_words(hit.text, hit.columns) if hit.columns else ""
    text, (start, end) = (words, (0, len(words))) if words else (hit.text, best_sentence(hit))
    shown = text[start:end]
    if len(shown) > BEST:
        shown = text[start : _part_end(text, start, end, BEST - len(CUT))] + CUT.rstrip()
    quoted = rich_text_part("quote", [literal(shown, bold=True)])
    return {"type": "rich_text", "block_id": "best", "elements": [quoted]}


def fitted_document_blocks(
    hits: Sequence[Hit], room: int, longest: int = QUOTED, *, in_message: bool = False
) -> list[SlackBlock]:
    """The passages below the heads of their documents, each cut when together they have more than
    `room` characters; none is longer than `longest`."""
    for each in (longest, *SMALLER):
        blocks = document_blocks(hits, each, in_message=in_message)
        if text_length(blocks) <= room:
            break
    return blocks


def document_blocks(
    hits: Sequence[Hit], room: int, *, in_message: bool = False
) -> list[SlackBlock]:
    """The passages below the heads of their documents, each in at most `room` characters.

    In a message the best sentence of the first one stands above them, and is not said twice where
    it is all of its passage; and rows of a table stand in one, of which Slack takes one a message.
    """
    said = hits[0] if in_message and hits and _is_one_sentence(hits[0]) else None
    blocks: list[SlackBlock] = []
    for of_document in by_document(hits):
        tables = in_message and all(block["type"] != "table" for block in blocks)
        blocks += _blocks_of(of_document, room, said, tables=tables)
    return blocks


def _blocks_of(
    hits: Sequence[Hit], room: int, said: Hit | None, *, tables: bool
) -> list[SlackBlock]:
    """The passages of one document below its head; of the one that is `said` only its place."""
    rows = rows_of_one_table(hits) if tables else []
    table = table_block(rows) if rows else None
    if table is None or text_length([table]) > room:
        rows, table = [], None
    blocks = [head_block(rows[0]), table, *map(place_block, rows)] if table else []
    for hit in (each for each in hits if each not in rows):
        blocks += passage_blocks(hit, room, has_head=not blocks, is_said=hit is said)
    return blocks


def by_document(hits: Sequence[Hit]) -> list[list[Hit]]:
    """The passages of each document, both in the order of their ranks."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.document.id, []).append(hit)
    return list(found.values())


def _is_one_sentence(hit: Hit) -> bool:
    """Whether the best sentence is all that a passage says, and short enough to be shown whole."""
    start, end = best_sentence(hit)
    return not hit.columns and hit.text[start:end] == hit.text and len(hit.text) <= BEST


def passage_blocks(
    hit: Hit, room: int, *, has_head: bool = True, is_said: bool = False
) -> list[SlackBlock]:
    """A passage of at most `room` characters, its place and its citation; without its words where
    they are said already."""
    quoted = _words(hit.text, hit.columns, (best_sentence(hit),) if hit.highlights else (), room)
    parts = [rich_text_part("section", _head(hit))] if has_head else []
    parts += [] if is_said else [rich_text_part("quote", quoted)]
    block = {"type": "rich_text", "block_id": f"passage_{hit.rank}", "elements": parts}
    return [*([block] if parts else []), place_block(hit)]


def place_block(hit: Hit) -> SlackBlock:
    """Where a passage stands, and its citation as `pincite show` takes it, with a link to it on the
    reading page where there is one."""
    also = [wording.also_in(len(hit.also_in))] if hit.also_in else []
    place = [place_of(hit), *also, shortened(one_line(str(hit.citation)), CITATION)]
    block = context_block(f"place_{hit.rank}", " · ".join(place))
    if address := _address(hit.reading_page):
        link = {"type": "mrkdwn", "text": f"<{address}|{wording.CHECK}>", "verbatim": True}
        block["elements"].append(link)
    return block


def head_block(hit: Hit) -> SlackBlock:
    """The head of a passage's document."""
    head = rich_text_part("section", _head(hit))
    return {"type": "rich_text", "block_id": f"head_{hit.rank}", "elements": [head]}


def _head(hit: Hit) -> list[SlackBlock]:
    """The title of a passage's document, which leads to its page where it has one, and its days."""
    named = {"text": shortened(title_of(hit), TITLE), "style": {"bold": True}}
    addresses = (hit.link, hit.document.source, hit.reading_page)
    address = next(filter(None, map(_address, addresses)), "")
    kind = {"type": "link", "url": address} if address else {"type": "text"}
    return [{**kind, **named}, literal(f" · {days_of(hit)}")]


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
    first, last = (min(max(start, edge), end) - start for edge in best)
    before, after = text[:start].strip(), text[end:].strip()
    return [
        *([literal(CUT.lstrip())] if before else []),
        *marked(text[start:end], first, last),
        *([literal(CUT.rstrip())] if after else []),
    ]


def marked(text: str, start: int, end: int) -> list[SlackBlock]:
    """A text in which a range is bold."""
    pieces = [(text[:start], False), (text[start:end], True), (text[end:], False)]
    return [literal(piece, bold=bold) for piece, bold in pieces if piece]


def _part(text: str, start: int, end: int, best: int, room: int) -> tuple[int, int]:
    """A part of a sentence that is too long, from its best words on, cut at words where it can."""
    start = character_end(text, max(start, min(best, end - room)))
    return start, _part_end(text, start, end, room)


def _part_end(text: str, start: int, end: int, room: int) -> int:
    """Where a part of a text that ends there has to end, to have at most `room` characters."""
    to = character_end(text, start + room)
    at_word = text.rfind(" ", start + room // 2, to)
    return at_word if at_word > 0 and to < end else to


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
