"""What Slack refuses, one test for each limit."""

from typing import Any

import pytest
from slack_limits import block_text, problems, refusal
from slack_payloads import FEEDBACK, TEXT, asking, button, buttons, modal, plain, rich, section


def confirm(**more: Any) -> dict[str, Any]:
    parts = {"title": "Sure?", "text": "All see it.", "confirm": "Yes", "deny": "No", **more}
    return button(confirm={key: plain(value) for key, value in parts.items()})


def view_of(count: int) -> dict[str, Any]:
    return modal(*[{"type": "divider"}] * count)


REFUSED_BLOCKS = {
    "section of 3,001 characters": (section("x" * 3001), "less than 3001"),
    "section without text": (section(""), "more than 0"),
    "section with nothing": ({"type": "section"}, "text or fields"),
    "eleven fields": (
        {"type": "section", "fields": [plain("x")] * 11},
        "no more than 10 items",
    ),
    "field of 2,001": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    "header of 151": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "header in mrkdwn": (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type: mrkdwn",
    ),
    "button text of 76": (buttons(button() | {"text": plain("x" * 76)}), "less than 76"),
    "button value of 2,001": (buttons(button(value="x" * 2001)), "less than 2001"),
    "button label of 76": (buttons(button(accessibility_label="x" * 76)), "less than 76"),
    "button url of 3,001": (buttons(button(url="https://x.y/" + "x" * 2989)), "less than 3001"),
    "button url of a script": (buttons(button(url="javascript:x")), "valid http"),
    "button style": (buttons(button(style="blue")), "primary, danger"),
    "button without text": (buttons({"type": "button"}), "missing required field: text"),
    "unknown key": (buttons(button(colour="red")), "additional property: colour"),
    "action_id of 256": (buttons(button("x" * 256)), "less than 256"),
    "action_id twice": (buttons(button(), button()), "action_id already exists"),
    "block_id of 256": (buttons(button(), block_id="x" * 256), "less than 256"),
    "26 buttons": (buttons(*[button(str(n)) for n in range(26)]), "no more than 25"),
    "no buttons": (buttons(), "no fewer than 1"),
    "11 context parts": (
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items",
    ),
    "six feedbacks": (
        {**FEEDBACK, "elements": FEEDBACK["elements"] * 6},
        "no more than 5 items",
    ),
    "button in context_actions": (
        {"type": "context_actions", "elements": [button()]},
        "unsupported type: button",
    ),
    "confirm title of 101": (buttons(confirm(title="x" * 101)), "less than 101"),
    "confirm text of 301": (buttons(confirm(text="x" * 301)), "less than 301"),
    "confirm button of 31": (buttons(confirm(deny="x" * 31)), "less than 31"),
    "image without alt_text": (
        {"type": "image", "image_url": "https://x.y/z.png"},
        "missing required field: alt_text",
    ),
    "rich text with nothing": ({"type": "rich_text", "elements": []}, "no fewer than 1"),
    "rich text of empty text": (rich(TEXT | {"text": ""}), "more than 0"),
    "rich text of unknown style": (rich(TEXT | {"style": {"big": True}}), "property: big"),
    "rich text of unknown key": (rich(TEXT | {"verbatim": True}), "property: verbatim"),
    "rich text of unknown element": (rich({"type": "mrkdwn", "text": "x"}), "type: mrkdwn"),
    "rich text without section": ({"type": "rich_text", "elements": [TEXT]}, "type: text"),
    "rich link to a file": (rich({"type": "link", "url": "file:///x"}), "valid http"),
    "rich link with a bar": (rich({"type": "link", "url": "https://x.y/|"}), "valid http"),
    "user in preformatted": (
        rich({"type": "user", "user_id": "U0BOB"}, kind="rich_text_preformatted"),
        "unsupported type: user",
    ),
    "list of no sections": (
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [TEXT]}],
        },
        "unsupported type: text",
    ),
    "broadcast to all": (rich({"type": "broadcast", "range": "all"}), "here, channel, everyone"),
    "markdown of 12,001": ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
    "unknown block": ({"type": "paragraph"}, "unsupported type: paragraph"),
    "no object": ("text", "unsupported type"),
}


@pytest.mark.parametrize(("block", "expected"), REFUSED_BLOCKS.values(), ids=REFUSED_BLOCKS)
def test_blocks_that_slack_refuses(block: Any, expected: str) -> None:
    payload = {"text": "x", "blocks": [block]}
    assert any(expected in problem for problem in problems(payload)), problems(payload)
    answer = refusal(payload, "message")
    assert answer is not None and answer["error"] == "invalid_blocks"


REFUSED_MESSAGES = {
    "nothing": ({"text": " "}, "no_text"),
    "no text": ({"blocks": []}, "no_text"),
    "text that is none": ({"text": 1}, "invalid_arguments"),
    "51 blocks": ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    "block_id twice": (
        {"text": "x", "blocks": [{"type": "divider", "block_id": "a"}] * 2},
        "invalid_blocks",
    ),
    "12,003 characters": (
        {"text": "x", "blocks": [section("x" * 2401) for _ in range(5)]},
        "msg_blocks_too_long",
    ),
}


@pytest.mark.parametrize(("payload", "expected"), REFUSED_MESSAGES.values(), ids=REFUSED_MESSAGES)
def test_messages_that_slack_refuses(payload: Any, expected: str) -> None:
    answer = refusal(payload, "message")
    assert answer is not None and answer["error"] == expected
    assert answer["response_metadata"]["messages"] and problems(payload)


def test_a_long_text_is_cut_in_a_post_and_refused_in_an_update() -> None:
    too_long = refusal({"text": "x" * 4001}, "update")
    assert too_long is not None and too_long["error"] == "msg_too_long"
    assert problems({"text": "x" * 40_000}) == [] != problems({"text": "x" * 40_001})
    assert refusal({"text": "x" * 40_001}, "message") is None


REFUSED_VIEWS = {
    "title of 25": (modal(section("x")) | {"title": plain("x" * 25)}, "less than 25"),
    "no title": ({"type": "modal", "blocks": [section("x")]}, "missing required field: title"),
    "101 blocks": (view_of(101), "no more than 100 items"),
    "private_metadata": (modal(section("x"), private_metadata="x" * 3001), "less than 3001"),
    "feedback": (modal(FEEDBACK), "unsupported type: context_actions"),
    "input without submit": (modal(asking()), "missing required field: submit"),
    "label of 2,001": (modal(asking("x" * 2001), submit=plain("Ask")), "less than 2001"),
}


@pytest.mark.parametrize(("view", "expected"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS)
def test_views_that_slack_refuses(view: Any, expected: str) -> None:
    assert any(expected in problem for problem in problems(view, "modal"))


def test_what_is_allowed_has_no_problems() -> None:
    listed = {"type": "rich_text_list", "style": "ordered", "elements": [rich(TEXT)["elements"][0]]}
    parts = [
        rich(
            TEXT, {"type": "link", "url": "https://x.y/z#p1", "text": "x", "style": {"bold": True}}
        ),
        rich(TEXT, {"type": "user", "user_id": "U0BOB"}, kind="rich_text_quote"),
        rich(TEXT, kind="rich_text_preformatted"),
        {"type": "rich_text", "elements": [listed]},
        section("x", verbatim=True) | {"accessory": button(url="https://x.y")},
        {"type": "header", "text": plain("x" * 150)},
        {"type": "context", "elements": [plain("x"), {"type": "mrkdwn", "text": "x"}]},
        buttons(confirm(), button("other", value="v" * 2000, style="primary")),
        FEEDBACK,
        {"type": "divider"},
        {"type": "markdown", "text": "x"},
    ]
    assert problems({"text": "x", "blocks": parts}) == []
    assert problems({"blocks": [{"type": "divider"}] * 50}) == []
    assert block_text([section("x" * 3000), buttons(button())]) == 3005
    view = modal(asking(), submit=plain("Ask"), private_metadata="x")
    assert problems(view, "modal") == []
    assert problems({"type": "home", "blocks": [section("x")] * 100}, "home") == []
