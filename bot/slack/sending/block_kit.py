"""Block Kit: the parts of messages and views, each within its own limit.

Whatever holds foreign text is `rich_text` or `plain_text`, which are shown literally: no mention,
link or formatting can come out of a document or a question. Only the fallback `text` cannot be; it
is escaped, and its addresses lose what makes links of them.
"""

from collections.abc import Iterable
from typing import Any

from bot.slack.sending import wording
from bot.slack.sending.block_limits import (
    BUTTON,
    FALLBACK,
    NOTES,
    escaped,
    fitted,
    shortened,
    slack_length,
)

SlackBlock = dict[str, Any]
"""A block, or an element or object within one."""
Message = dict[str, Any]
"""A message as Slack's methods take it: its `blocks`, and `text` for notifications."""
View = dict[str, Any]
"""A modal or a Home tab."""


def literal(text: str, *, bold: bool = False) -> SlackBlock:
    """A text element of `rich_text`, shown as it is."""
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def rich_text_part(kind: str, elements: list[SlackBlock]) -> SlackBlock:
    """A part of a `rich_text` block; `kind` is `section` or `quote`."""
    return {"type": f"rich_text_{kind}", "elements": elements}


def sentence_block(sentence: str, *, first: str = "") -> SlackBlock:
    """A sentence that may hold foreign text, after a bold one of ours."""
    opening = [literal(first, bold=True), literal(" ")] if first else []
    section = rich_text_part("section", [*opening, literal(sentence)])
    return {"type": "rich_text", "elements": [section]}


def section_block(mrkdwn: str) -> SlackBlock:
    """Words of our own, formatted."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def context_block(name: str, text: str) -> SlackBlock:
    """Text in small print, cut to its limit."""
    plain = {"type": "plain_text", "text": fitted(text, NOTES), "emoji": False}
    return {"type": "context", "block_id": name, "elements": [plain]}


def button(action: str, label: str, value: str, *, within: str = "") -> SlackBlock:
    """A button with the `action_id` that its listener has, and a value for that.

    Of several in one block that do the same, each has its own name `within` it.
    """
    return {
        "type": "button",
        "action_id": f"{action}.{within}" if within else action,
        "text": {"type": "plain_text", "text": shortened(label, BUTTON)},
        "accessibility_label": shortened(wording.for_this(label), BUTTON),
        "value": value,
    }


def actions_block(name: str, buttons: list[SlackBlock]) -> SlackBlock:
    """Buttons side by side."""
    return {"type": "actions", "block_id": name, "elements": buttons}


def modal(title: str, blocks: list[SlackBlock]) -> View:
    """A modal that can only be closed."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": wording.CLOSE},
        "blocks": blocks,
    }


def fallback_text(text: str) -> str:
    """Foreign text for `text`: short, escaped, and no address in it is a link."""
    return escaped(shortened(text.replace("://", ": //"), FALLBACK))


def text_length(blocks: Iterable[SlackBlock]) -> int:
    """The characters of all texts in these blocks, as Slack may count them together at most."""

    def within(value: Any) -> int:
        if isinstance(value, dict):
            return sum(within(each) for each in value.values()) + (
                slack_length(value["text"]) if isinstance(value.get("text"), str) else 0
            )
        return sum(map(within, value)) if isinstance(value, list) else 0

    return within(list(blocks))
