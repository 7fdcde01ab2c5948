"""Pieces of messages and views, from which tests put payloads together."""

from typing import Any

TEXT = {"type": "text", "text": "x"}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "share", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Share"), **more}


def buttons(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"type": "modal", "callback_id": "ask", "title": plain("Ask")}
    return {**named, "blocks": list(blocks), **more}


def asking(label: str = "Question") -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "typed"}
    return {"type": "input", "block_id": "q", "label": plain(label), "element": element}


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Helpful"), "value": "1:up"},
            "negative_button": {"text": plain("Not helpful"), "value": "1:down"},
        }
    ],
}
ANSWER = {
    "text": "One passage.",
    "blocks": [rich({"type": "text", "text": "Agreed."}), buttons(button(value="1")), FEEDBACK],
}
