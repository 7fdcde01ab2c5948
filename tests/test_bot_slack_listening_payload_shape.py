"""Payloads that lack what the listeners rest on are told from those that Slack sends."""

from typing import Any

import pytest

from bot.slack.listening.payload_shape import is_well_formed

USER = {"id": "U1"}
TYPED = {"question": {"question": {"type": "plain_text_input", "value": None}}}
WHOLE: dict[str, dict[str, Any]] = {
    "command": {"command": "/ask", "user_id": "U1", "response_url": "https://hooks.slack.com/x"},
    "shortcut": {"type": "shortcut", "user": USER, "callback_id": "ask_modal", "trigger_id": "1"},
    "message_action": {
        "type": "message_action", "user": USER, "callback_id": "find_sources",
        "message": {"ts": "1"}, "response_url": "https://hooks.slack.com/x",
    },
    "view_submission": {
        "type": "view_submission", "user": USER,
        "view": {"id": "V1", "type": "modal", "callback_id": "asked", "state": {"values": TYPED}},
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
def test_what_slack_sends_is_well_formed(kind: str) -> None:
    assert is_well_formed(WHOLE[kind])


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("command", "response_url"),
        ("shortcut", "trigger_id"),
        ("message_action", "response_url"),
        ("message_action", "message"),
        ("view_submission", "view"),
    ],
)
def test_what_lacks_something_is_not(kind: str, lacking: str) -> None:
    assert not is_well_formed({k: v for k, v in WHOLE[kind].items() if k != lacking})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("type", None),
        ("state", {"values": {}}),
        ("state", {"values": {"question": {}}}),
        ("callback_id", "comment"),
    ],
)
def test_a_modal_without_what_it_asks_for_is_not(part: str, value: object) -> None:
    whole = WHOLE["view_submission"]
    assert not is_well_formed({**whole, "view": {**whole["view"], part: value}})
