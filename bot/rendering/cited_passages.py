"""What `pincite show` and `pincite verify` print: cited passages, and whether citations hold."""

from collections.abc import Sequence
from typing import Any

import click

from bot.rendering.phrases import days_in_words, one_line, place_in_words
from bot.rendering.terminal import linked_title, quotation_lines
from retriever.citing.verification import CitedPassage, Receipt, ReceiptState

_SHOWN = 10  # receipts, before only those that do not hold are shown
_STATES = {
    ReceiptState.VALID: ("holds", "green"),
    ReceiptState.CHANGED: ("changed since it was cited", "red"),
    ReceiptState.MISSING: ("its file is gone", "red"),
    ReceiptState.UNKNOWN: ("is not in the index", "red"),
    ReceiptState.DAMAGED: ("is damaged in the index; run `pincite index`", "red"),
}


def cited_json(found: CitedPassage) -> dict[str, Any]:
    """A cited passage with those around it."""
    return {
        "schema": 1,
        "citation": found.receipt.citation,
        "state": str(found.receipt.state),
        "document": {
            "id": found.document.id,
            "path": found.receipt.path,
            "title": found.document.title,
            "posted": found.document.posted,
            "event": found.document.events[0] if found.document.events else None,
            "source": found.document.source,
            "link": found.link,
        },
        "passages": [
            {
                "label": each.label,
                "page": each.page,
                "text": each.text,
                "cited": each == found.passage,
            }
            for each in found.around
        ],
    }


def cited_text(found: CitedPassage, *, linked: bool = False) -> str:
    """A cited passage in its place; its margin is heavy, those of its neighbours light.

    Where it is `linked`, the title is a hyperlink that opens at the passage.
    """
    if found.passage is None:
        return _receipt_line(found.receipt)
    document = found.document
    event = document.events[0] if document.events else None
    title = linked_title(document.title, found.link if linked else None)
    lines = [title, days_in_words(document.posted, event)]
    if document.source:
        lines.append(one_line(document.source))
    for each in found.around:
        marked = [(0, len(each.text))] if each == found.passage else []
        lines += [
            "",
            f"   {place_in_words(each.label, each.page)}",
            *quotation_lines(each.text, marked),
        ]
    return "\n".join([*lines, "", _receipt_line(found.receipt)])


def receipts_json(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Receipts with their states, and how many hold."""
    return {
        "schema": 1,
        "checked": len(receipts),
        "valid": sum(each.state is ReceiptState.VALID for each in receipts),
        "receipts": [
            {"citation": each.citation, "state": str(each.state), "path": each.path}
            for each in receipts
        ],
    }


def receipts_text(receipts: Sequence[Receipt]) -> str:
    """A line for each receipt that does not hold, or for each of a few, and the count."""
    wrong = [each for each in receipts if each.state is not ReceiptState.VALID]
    lines = [_receipt_line(each) for each in (receipts if len(receipts) <= _SHOWN else wrong)]
    return "\n".join([*lines, f"{len(receipts) - len(wrong):,} of {len(receipts):,} hold."])


def _receipt_line(receipt: Receipt) -> str:
    state, colour = _STATES[receipt.state]
    path = f" ({one_line(receipt.path)})" if receipt.path else ""
    return f"{one_line(receipt.citation)}: {click.style(state, fg=colour)}{path}"
