"""What `pincite show` and `pincite verify` print: cited passages, and whether citations hold."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from bot.rendering.passage_links import terminal_link
from bot.rendering.phrases import address_in_words, days_in_words, one_line, place_in_words
from bot.rendering.reading_page import reading_page_link
from bot.rendering.terminal import (
    INDENT,
    WIDTH,
    linked_title,
    passage_lines,
    quotation_lines,
    width_in,
    wrapped_lines,
)
from corpus.document import Document
from retriever.citing.percent_encoding import encoded
from retriever.citing.receipts import CitationState, CitedPassage, DocumentReceipt, Receipt
from retriever.citing.word_difference import Piece
from retriever.errors import CitationRefused

_SHOWN = 10  # receipts, before only those that do not hold are shown
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}  # as `wdiff` has them
_COLOURS = {"removed": "red", "added": "green"}
_OLDER = "is of an older version of Pincite, which named the file and not its words"


def cited_json(found: CitedPassage) -> dict[str, Any]:
    """What a citation leads to, with what stands around it."""
    passages = [
        {
            "label": each.label,
            "page": each.page,
            "heading": each.heading or None,
            "columns": each.columns.split("\t") if each.columns else None,
            "text": each.text,
            "cited": each == found.passage,
        }
        for each in found.around
    ]
    document = found.document and _document_json(found.document, found)
    return {"schema": 2, **_receipt_json(found.receipt), "document": document, "passages": passages}


def _document_json(document: Document, found: CitedPassage) -> dict[str, Any]:
    return {
        "id": document.id,
        "path": found.receipt.path,
        "title": document.title,
        "posted": str(document.posted) if document.posted else None,
        "event": str(document.events[0]) if document.events else None,
        "source": document.source or None,
        "link": found.link,
    }


def cited_text(
    found: CitedPassage, *, linked: bool = False, columns: int | None = None, reading_page: str = ""
) -> str:
    """What a citation leads to, in its place; its margin is heavy, those of its neighbours light.

    Where it is `linked`, the title is a hyperlink that opens at the passage, as in an answer;
    `reading_page` is that page's own address.
    """
    document, width = found.document, width_in(columns)
    if document is None or found.passage is None:
        return "\n".join(_receipt_lines(found.receipt, width=width))
    posted = str(document.posted) if document.posted else None
    event = str(document.events[0]) if document.events else None
    receipt, page = found.receipt, found.passage.page
    here = receipt.now or receipt.citation
    on_page = reading_page_link(reading_page, here) if reading_page else ""
    link = terminal_link(found.link, on_page, receipt.path, page) if linked else ""
    title = linked_title(document.title, link, width)
    lines = [title, days_in_words(posted, event)]
    if document.source:
        lines.append(address_in_words(document.source))
    for each in found.around:
        marked = [(0, len(each.text))] if each == found.passage else []
        lines += [
            "",
            f"   {place_in_words(each.label, each.page)}",
            *passage_lines(each.text, each.columns, marked, width),
        ]
    return "\n".join([*lines, "", *_receipt_lines(found.receipt, width=width, shown=True)])


def receipt_text(receipt: Receipt) -> str:
    """What has become of the words of one citation."""
    return "\n".join(_receipt_lines(receipt))


def receipts_json(receipts: Sequence[Receipt | CitationRefused]) -> dict[str, Any]:
    """Receipts with their states, and how many hold; what is no citation is `malformed`."""
    return {
        "schema": 2,
        "checked": len(receipts),
        "holds": sum(map(_holds, receipts)),
        "receipts": [
            {"citation": None, "state": "malformed", "reason": str(each)}
            if isinstance(each, CitationRefused)
            else _receipt_json(each)
            for each in receipts
        ],
    }


def receipts_text(receipts: Sequence[Receipt]) -> str:
    """Each receipt that does not hold, or each of a few, and the count."""
    few = len(receipts) <= _SHOWN
    shown = [each for each in receipts if few or not _holds(each)]
    lines = [line for each in shown for line in _receipt_lines(each)]
    return "\n".join([*lines, f"{sum(map(_holds, receipts)):,} of {len(receipts):,} hold."])


def documents_json(receipts: Sequence[DocumentReceipt]) -> dict[str, Any]:
    """Every document with the states of its passages."""
    return {
        "schema": 2,
        "checked": len(receipts),
        "holds": sum(each.state is CitationState.HOLDS for each in receipts),
        "documents": [
            {
                "document": each.document,
                "state": str(each.state),
                "path": each.path,
                "file_changed": each.file_changed,
                "passages": {str(state): count for state, count in each.passages.items()},
                "now": each.now or None,
                "reason": each.reason or None,
            }
            for each in receipts
        ],
    }


def documents_text(receipts: Sequence[DocumentReceipt]) -> str:
    """A line for each document that does not hold, or for each of a few, and the count."""
    wrong = [each for each in receipts if each.state is not CitationState.HOLDS]
    lines = [_document_line(each) for each in (receipts if len(receipts) <= _SHOWN else wrong)]
    held = len(receipts) - len(wrong)
    return "\n".join([*lines, f"All passages of {held:,} of {len(receipts):,} documents hold."])


def _document_line(receipt: DocumentReceipt) -> str:
    total = sum(receipt.passages.values())
    counts = ", ".join(
        f"{count:,} {_coloured(state)}"
        for state, count in receipt.passages.items()
        if state is not CitationState.HOLDS
    )
    what = {
        CitationState.HOLDS: _coloured(CitationState.HOLDS),
        CitationState.UNREADABLE: f"{_coloured(receipt.state)} now: {one_line(receipt.reason)}",
        CitationState.DAMAGED: f"{_coloured(receipt.state)} in the index; run `pincite index`",
    }.get(receipt.state, f"of {total:,} passages {counts}")
    if receipt.now:
        what = f"{_coloured(receipt.state)}: its file is now {encoded(receipt.now)}"
    elif receipt.state is CitationState.GONE and not receipt.passages.get(CitationState.HOLDS):
        what = f"{_coloured(receipt.state)}: its file is not there"
    elif counts and not receipt.file_changed:
        what += ", though the file did not: the index is of another version; run `pincite index`"
    path = f" ({one_line(receipt.path)})" if receipt.path else ""
    return f"{encoded(receipt.document)}: {what}{path}"


def _holds(receipt: Receipt | CitationRefused) -> bool:
    return isinstance(receipt, Receipt) and receipt.state is CitationState.HOLDS


def _receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "citation": str(receipt.citation),
        "state": str(receipt.state),
        "path": receipt.path or None,
        "now": str(receipt.now) if receipt.now else None,
        "text": receipt.text if receipt.now else None,
        "difference": [{each.kind: each.words} for each in receipt.difference],
        "also": list(map(str, receipt.also)),
        "reason": receipt.reason or None,
    }


def _receipt_lines(receipt: Receipt, *, width: int = WIDTH, shown: bool = False) -> Iterator[str]:
    """The receipt in a line, and what stands there now, unless it is `shown` already."""
    path = f" ({one_line(receipt.path)})" if receipt.path else ""
    yield f"{receipt.citation}: {_state_in_words(receipt)}{path}"
    if receipt.difference:
        yield from _difference_lines(receipt.difference, width)
    elif receipt.text and receipt.state in _NOW_SHOWN and not shown:
        yield from quotation_lines(receipt.text, [], width)
    for each in receipt.also:
        yield f"{INDENT}the cited words also stand in {each}"


_NOW_SHOWN = (CitationState.CHANGED, CitationState.OUTDATED)


def _state_in_words(receipt: Receipt) -> str:
    state, now = _coloured(receipt.state), receipt.now
    match receipt.state:
        case CitationState.MOVED:
            return f"{state}; the same words are now {now}"
        case CitationState.CHANGED:
            there = now and now.label == receipt.citation.label
            return f"{state}; {'what stands there now is' if there else 'it is now'} {now}"
        case CitationState.GONE:
            return f"{state}; {receipt.reason}"
        case CitationState.DAMAGED:
            return f"its document is {state} in the index; run `pincite index`"
        case CitationState.UNREADABLE:
            return f"{state} now: {one_line(receipt.reason)}"
        case CitationState.OUTDATED:
            advice = f"what stands there now is {now}" if now else "ask again for one of today"
            return f"{click.style(_OLDER, fg='yellow')}; {advice}"
    return state


def _coloured(state: CitationState) -> str:
    colour = {CitationState.HOLDS: "green", CitationState.MOVED: "yellow"}.get(state, "red")
    name = "cannot be read" if state is CitationState.UNREADABLE else str(state)
    return click.style(name, fg=colour)


def _difference_lines(difference: Sequence[Piece], width: int) -> Iterator[str]:
    """The difference behind a margin: `[-removed-]` and `{+added+}` words."""
    text = " ".join(
        f"{_MARKS[each.kind][0]}{one_line(each.words)}{_MARKS[each.kind][1]}" for each in difference
    )
    for line in wrapped_lines(text, width):
        yield f"{INDENT}│ {line}"
