"""What Slack refuses in a message or a view: pure checks, one rule for each kind of part.

The rules know the blocks and elements that a question-and-answer bot may want; every other kind is
reported as unsupported. `problems` is for tests, `refusal` is how a server answers.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Surface = Literal["message", "update", "modal", "home"]
Rule = Callable[[Any, str], Iterator[str]]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCK_TEXT = 12_000  # undocumented: refusals were measured between 11,341 and 13,297 characters
POSTED_TEXT = 40_000
UPDATED_TEXT = 4_000
TABLE_TEXT = 10_000


class Problem(NamedTuple):
    """One objection and the error that Slack answers for it."""

    error: str
    text: str


def problems(payload: Mapping[str, Any], surface: Surface = "message") -> list[str]:
    """All that Slack would object to, each with the JSON pointer of its place; best is none."""
    return [problem.text for problem in _found(payload, surface)]


def refusal(payload: Mapping[str, Any], surface: Surface) -> dict[str, Any] | None:
    """The body with which Slack refuses a payload; None if it is accepted.

    A text beyond 40,000 characters is accepted in a new message: Slack cuts it there.
    """
    cut = "msg_too_long" if surface == "message" else ""
    found = [problem for problem in _found(payload, surface) if problem.error != cut]
    if not found:
        return None
    error = found[0].error
    texts = [f"[ERROR] {problem.text}" for problem in found if problem.error == error]
    return {"ok": False, "error": error, "response_metadata": {"messages": texts}}


def block_text(part: Any) -> int:
    """Characters of all texts within blocks, as they were sent."""
    if isinstance(part, Mapping):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else block_text(value)
            for key, value in part.items()
        )
    return sum(map(block_text, part)) if isinstance(part, list) else 0


def _found(payload: Mapping[str, Any], surface: Surface) -> list[Problem]:
    if surface in ("modal", "home"):
        return [Problem("invalid_arguments", text) for text in _view(payload, surface)]
    return list(_message(payload, surface))


def _message(payload: Mapping[str, Any], surface: Surface) -> Iterator[Problem]:
    text, blocks = payload.get("text"), payload.get("blocks")
    if not blocks and not payload.get("attachments") and not str(text or "").strip():
        yield Problem("no_text", "neither a text nor blocks [json-pointer:/text]")
    if text is not None and not isinstance(text, str):
        yield Problem("invalid_arguments", "must be a string [json-pointer:/text]")
    if blocks:
        for objection in _blocks(blocks, MESSAGE_BLOCKS, _MESSAGE_BLOCK):
            yield Problem("invalid_blocks", objection)
        tables = [each for each in blocks if isinstance(each, dict) and each.get("type") == "table"]
        if len(tables) > 1:
            yield Problem("invalid_attachments", "only_one_table_allowed")
        if block_text(tables) > TABLE_TEXT:
            yield Problem("invalid_blocks", f"more than {TABLE_TEXT} characters in a table")
        if block_text(blocks) > BLOCK_TEXT:
            yield Problem("msg_blocks_too_long", f"more than {BLOCK_TEXT} characters in all blocks")
    longest = UPDATED_TEXT if surface == "update" else POSTED_TEXT
    if isinstance(text, str) and len(text) > longest:
        yield Problem("msg_too_long", f"must be less than {longest + 1} characters {_at('/text')}")


def _view(view: Mapping[str, Any], surface: Surface) -> Iterator[str]:
    yield from (_MODAL if surface == "modal" else _HOME)(view, "/view")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return
    yield from _blocks(blocks, VIEW_BLOCKS, _VIEW_BLOCK)
    takes_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if surface == "modal" and takes_input and "submit" not in view:
        yield f"missing required field: submit {_at('/view')}"


def _blocks(blocks: Any, most: int, rule: Rule) -> Iterator[str]:
    yield from array(rule, most)(blocks, "/blocks")
    if not isinstance(blocks, list):
        return
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        name = str(block.get("block_id", f"{place} has none"))
        if name in seen:
            yield f"block_id already exists: {name} {_at(f'/blocks/{place}/block_id')}"
        seen.add(name)
        yield from _repeated_actions(block, f"/blocks/{place}")
        yield from _objections_of_the_sdk(block, f"/blocks/{place}")


def _repeated_actions(block: dict[str, Any], at: str) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        return
    names = [element.get("action_id") for element in elements if isinstance(element, dict)]
    for name in {str(name) for name in names if name is not None and names.count(name) > 1}:
        yield f"action_id already exists: {name} {_at(at)}"


def _objections_of_the_sdk(block: dict[str, Any], at: str) -> Iterator[str]:
    """A second opinion: the models of slack_sdk check what they know."""
    try:
        parsed = Block.parse(copy.deepcopy(block))
        if parsed is not None:
            parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, LookupError) as error:
        yield f"slack_sdk: {error} {_at(at)}"


# Rules: each takes a value and its JSON pointer, and yields what is wrong.


def _at(pointer: str) -> str:
    return f"[json-pointer:{pointer}]"


def string(longest: int | None = None, shortest: int = 1) -> Rule:
    """A string of so many characters."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must be a string {_at(at)}"
        elif len(value) < shortest:
            yield f"must be more than {shortest - 1} characters {_at(at)}"
        elif longest is not None and len(value) > longest:
            yield f"must be less than {longest + 1} characters {_at(at)}"

    return rule


def url(longest: int = 3_000) -> Rule:
    """An http or https address."""

    def rule(value: Any, at: str) -> Iterator[str]:
        yield from string(longest)(value, at)
        if isinstance(value, str) and not re.fullmatch(r"https?://[^\s<>|/?#]+[^\s<>|]*", value):
            yield f"must be a valid http or https URL {_at(at)}"

    return rule


def of(kind: type, named: str) -> Rule:
    """A value of a Python type; a boolean is no integer."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield f"must be {named} {_at(at)}"

    return rule


def choice(*values: Any) -> Rule:
    """One of some values."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield f"must be one of {', '.join(map(str, values))} {_at(at)}"

    return rule


def array(item: Rule, most: int | None = None, least: int = 1) -> Rule:
    """A list of so many items."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must be an array {_at(at)}"
            return
        if len(value) < least:
            yield f"no fewer than {least} items required {_at(at)}"
        if most is not None and len(value) > most:
            yield f"no more than {most} items allowed {_at(at)}"
        for place, one in enumerate(value):
            yield from item(one, f"{at}/{place}")

    return rule


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others, apart from its type."""
    known = {**required, **(optional or {})}

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"must be an object {_at(at)}"
            return
        for key in required.keys() - value.keys():
            yield f"missing required field: {key} {_at(at)}"
        for key, one in value.items():
            if key in known:
                yield from known[key](one, f"{at}/{key}")
            elif key != "type":
                yield f"invalid additional property: {key} {_at(at)}"

    return rule


def typed(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose type is one of these."""

    def rule(value: Any, at: str) -> Iterator[str]:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in kinds:
            yield f"unsupported type: {kind} {_at(f'{at}/type')}"
        else:
            yield from kinds[kind](value, at)

    return rule


def needs_one(of_keys: tuple[str, ...], then: Rule) -> Rule:
    """A record that has at least one of these keys."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(key in value for key in of_keys):
            yield f"must define either {' or '.join(of_keys)} {_at(at)}"
        yield from then(value, at)

    return rule


_BOOLEAN = of(bool, "a boolean")
_INTEGER = of(int, "an integer")
_ID = string(255)


def _plain_record(longest: int) -> Rule:
    return record({"text": string(longest)}, {"emoji": _BOOLEAN})


def plain(longest: int) -> Rule:
    """A plain_text object of at most so many characters."""
    return typed({"plain_text": _plain_record(longest)})


def formatted(longest: int) -> Rule:
    """A plain_text or mrkdwn object of at most so many characters."""
    mrkdwn = record({"text": string(longest)}, {"verbatim": _BOOLEAN})
    return typed({"plain_text": _plain_record(longest), "mrkdwn": mrkdwn})


_CONFIRM = record(
    {"title": plain(100), "text": formatted(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
_BUTTON = record(
    {"text": plain(75)},
    {
        "action_id": _ID,
        "value": string(2_000),
        "url": url(),
        "style": choice("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
_FEEDBACK_BUTTON = record(
    {"text": plain(75), "value": string(2_000)}, {"accessibility_label": string(75)}
)
_FEEDBACK = record(
    {"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, {"action_id": _ID}
)
_ICON_BUTTON = record(
    {"icon": choice("trash"), "text": plain(75)},
    {
        "action_id": _ID,
        "value": string(2_000),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": array(string()),
    },
)
_IMAGE = record({"image_url": url(), "alt_text": string(2_000)})
_OPTION = record({"text": formatted(75), "value": string(150)}, {"description": plain(75)})
_FIELD = {"action_id": _ID, "focus_on_load": _BOOLEAN, "confirm": _CONFIRM}
_PLACED = {**_FIELD, "placeholder": plain(150)}
_CHOICES = {
    "static_select": record(
        {"options": array(_OPTION, 100)}, {**_PLACED, "initial_option": _OPTION}
    ),
    "multi_static_select": record(
        {"options": array(_OPTION, 100)},
        {**_PLACED, "initial_options": array(_OPTION, 100), "max_selected_items": _INTEGER},
    ),
    "users_select": record({}, {**_PLACED, "initial_user": string()}),
    "datepicker": record({}, {**_PLACED, "initial_date": string(10, 10)}),
    "checkboxes": record(
        {"options": array(_OPTION, 10)}, {**_FIELD, "initial_options": array(_OPTION, 10)}
    ),
    "radio_buttons": record({"options": array(_OPTION, 10)}, {**_FIELD, "initial_option": _OPTION}),
}
_OVERFLOW = record({"options": array(_OPTION, 5)}, {"action_id": _ID, "confirm": _CONFIRM})
_PLAIN_INPUT = record(
    {},
    {
        **_PLACED,
        "initial_value": string(3_000, 0),
        "multiline": _BOOLEAN,
        "min_length": _INTEGER,
        "max_length": _INTEGER,
        "dispatch_action_config": of(dict, "an object"),
    },
)
_ACTIONS = {"button": _BUTTON, "overflow": _OVERFLOW, **_CHOICES}

_STYLE = record(
    {}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "unlink"), _BOOLEAN)
)


def _inline(**required: Rule) -> Rule:
    return record(required, {"style": _STYLE})


_TEXT = _inline(text=string())
_LINK = record({"url": url()}, {"text": string(), "style": _STYLE, "unsafe": _BOOLEAN})
_INLINE = typed(
    {
        "text": _TEXT,
        "link": _LINK,
        "user": _inline(user_id=string()),
        "usergroup": _inline(usergroup_id=string()),
        "channel": _inline(channel_id=string()),
        "team": _inline(team_id=string()),
        "broadcast": _inline(range=choice("here", "channel", "everyone")),
        "color": _inline(value=string()),
        "emoji": record(
            {"name": string()}, {"unicode": string(), "skin_tone": _INTEGER, "style": _STYLE}
        ),
        "date": record(
            {"timestamp": _INTEGER, "format": string()},
            {"url": url(), "fallback": string(), "style": _STYLE},
        ),
    }
)
_SECTION = record({"elements": array(_INLINE, least=0)})
_BORDER = choice(0, 1)
_RICH = typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": record({"elements": array(_INLINE, least=0)}, {"border": _BORDER}),
        "rich_text_preformatted": record(
            {"elements": array(typed({"text": _TEXT, "link": _LINK}), least=0)},
            {"border": _BORDER, "language": string()},
        ),
        "rich_text_list": record(
            {
                "style": choice("bullet", "ordered"),
                "elements": array(typed({"rich_text_section": _SECTION}), least=0),
            },
            {"indent": choice(*range(9)), "offset": _INTEGER, "border": _BORDER},
        ),
    }
)


def _block(required: Mapping[str, Rule], **optional: Rule) -> Rule:
    return record(required, {"block_id": _ID, **optional})


_CONTEXT_PART = typed(
    {
        "plain_text": _plain_record(3_000),
        "mrkdwn": formatted(3_000),
        "image": _IMAGE,
    }
)
_ANYWHERE = {
    "section": needs_one(
        ("text", "fields"),
        _block(
            {},
            text=formatted(3_000),
            fields=array(formatted(2_000), 10),
            accessory=typed({**_ACTIONS, "image": _IMAGE}),
            expand=_BOOLEAN,
        ),
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": array(_CONTEXT_PART, 10)}),
    "actions": _block({"elements": array(typed(_ACTIONS), 25)}),
    "image": _block({"image_url": url(), "alt_text": string(2_000)}, title=plain(2_000)),
    "rich_text": _block({"elements": array(_RICH)}),
    "input": _block(
        {
            "label": plain(2_000),
            "element": typed({"plain_text_input": _PLAIN_INPUT, **_CHOICES}),
        },
        hint=plain(2_000),
        optional=_BOOLEAN,
        dispatch_action=_BOOLEAN,
    ),
}
_VIEW_BLOCK = typed(_ANYWHERE)
_CELL = typed({"raw_text": record({"text": string()}), "rich_text": _ANYWHERE["rich_text"]})
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": _BOOLEAN})
_MESSAGE_BLOCK = typed(
    {
        **_ANYWHERE,
        "table": _block(
            {"rows": array(array(_CELL, 20), 100)}, column_settings=array(_COLUMN, 20, least=0)
        ),
        "markdown": _block({"text": string(12_000)}),
        "context_actions": _block(
            {
                "elements": array(
                    typed({"feedback_buttons": _FEEDBACK, "icon_button": _ICON_BUTTON}), 5
                )
            }
        ),
    }
)


def _unread(value: Any, at: str) -> Iterator[str]:
    """A list that is read apart."""
    if not isinstance(value, list):
        yield f"must be an array {_at(at)}"


_VIEW = {"callback_id": _ID, "external_id": _ID, "private_metadata": string(3_000, 0)}
_MODAL = record(
    {"type": choice("modal"), "title": plain(24), "blocks": _unread},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": _BOOLEAN,
        "notify_on_close": _BOOLEAN,
        "submit_disabled": _BOOLEAN,
    },
)
_HOME = record({"type": choice("home"), "blocks": _unread}, _VIEW)
