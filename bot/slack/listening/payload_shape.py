"""The shape of what Slack sends, as far as anything here or in Bolt reads it.

What has another shape was not made by Slack, or is of a kind that nobody knows yet: it is turned
away at the door, so that what fails behind it is a defect.
"""

from collections.abc import Mapping
from typing import Any

Shape = type | dict[str, Any] | list[Any] | tuple[Any, ...]
"""A type; an object with shapes for some of its keys, where what ends in `!` must be there and not
be empty, and `*` is each that is there, none of them empty; a list of one shape; or one of
several."""

_REFERENCE = (str, {"id": str, "team_id": str, "name": str, "username": str, "domain": str})
_OBJECT: Shape = {"id!": str, "team_id": str, "name": str, "username": str}
_TEXT_OBJECT = (str, {"text": str})
_BLOCKS = [{"type": str, "text": _TEXT_OBJECT, "elements": [{}], "fields": [{}]}]
_ATTACHMENT = {
    "text": str,
    "fallback": str,
    "channel_id": str,
    "ts": (str, int, float),
    "from_url": str,
    "blocks": _BLOCKS,
    "message_blocks": [{"message": {"blocks": _BLOCKS}}],
}
_MESSAGE: dict[str, Any] = {
    "type": str,
    "subtype": str,
    "user": str,
    "text": str,
    "ts": str,
    "thread_ts": str,
    "team": str,
    "user_team": str,
    "bot_id": str,
    "bot_profile": {},
    "parent_user_id": str,
    "edited": {"ts": str, "user": str},
    "files": [{"name": str, "title": str}],
    "blocks": _BLOCKS,
    "attachments": [_ATTACHMENT],
    "metadata": {"event_payload": {}},
}
_TYPED = {"*": {"*": {"value": str}}}
_VIEW = {
    "id": str,
    "callback_id": str,
    "private_metadata": str,
    "state": {"values": {}},
}
_COMMON = {
    "type": str,
    "team_id": str,
    "user": _REFERENCE,
    "channel": _REFERENCE,
    "team": _REFERENCE,
    "enterprise": _REFERENCE,
    "is_ext_shared_channel": bool,
    "authorizations": [{"enterprise_id": str, "team_id": str, "user_id": str}],
    "trigger_id": str,
    "response_url": str,
    "callback_id": str,
    "container": {"channel_id": str, "message_ts": str, "thread_ts": str, "view_id": str},
    "message": _MESSAGE,
    "view": _VIEW,
}
_COMMAND = {
    "command!": str,
    "user_id!": str,
    "text": str,
    "channel_id": str,
    "channel_name": str,
    "team_id": str,
    "response_url!": str,
    "trigger_id": str,
}
_INPUTS: dict[object, dict[str, Any]] = {
    "asked": {"question!": {"question!": {}}},
    "comment": {"comment!": {"comment!": {}}},
}
"""What each of our modals asks for."""
_INTERACTIONS: dict[str, dict[str, Any]] = {
    "block_actions": {
        "user!": _OBJECT,
        "actions!": [{"action_id!": str, "block_id": str, "value": str}],
    },
    "view_submission": {
        "user!": _OBJECT,
        "view!": {**_VIEW, "id!": str, "type!": str, "state!": {"values!": _TYPED}},
    },
    "shortcut": {"user!": _OBJECT, "callback_id!": str, "trigger_id!": str},
    "message_action": {
        "user!": _OBJECT,
        "callback_id!": str,
        "message!": _MESSAGE,
        "response_url!": str,
    },
}
_KEPT = {**_MESSAGE, "ts!": str}
_OF_ANY_EVENT = {
    "type!": str,
    "user": _REFERENCE,
    "channel": _REFERENCE,
    "team": _REFERENCE,
    "item": {"channel": str},
    "assistant_thread": {"channel_id": str, "thread_ts": str, "context": {}},
    "message": _KEPT,
    "previous_message": _KEPT,
}
_WRITTEN = {
    **_MESSAGE,
    "channel!": str,
    "channel_type": str,
    "ts!": str,
    "event_ts": str,
    "deleted_ts": str,
}
_EVENTS: dict[str, Shape] = {
    "message": _WRITTEN,
    "app_mention": _WRITTEN,
    "app_home_opened": {"user!": str, "channel": str, "tab": str, "view": _VIEW},
    "tokens_revoked": {"tokens": {"bot": [str], "oauth": [str]}},
}


def is_well_formed(body: object) -> bool:
    """Whether the payload of a request has the shape of what Slack sends."""
    if not isinstance(body, Mapping):
        return False
    if "command" in body:
        return _fits(body, _COMMAND)
    if "ssl_check" in body:
        return True
    kind = body.get("type")
    if not isinstance(kind, str) or not _fits(body, _COMMON | _INTERACTIONS.get(kind, {})):
        return False
    if kind == "view_submission":
        view = body["view"]
        return _fits(view["state"]["values"], _INPUTS.get(view.get("callback_id"), {}))
    return kind != "event_callback" or _is_event(body.get("event"))


def _is_event(event: object) -> bool:
    if not isinstance(event, Mapping) or not _fits(event, _OF_ANY_EVENT):
        return False
    return _fits(event, _EVENTS.get(event["type"], {}))


def _fits(value: object, shape: Shape) -> bool:
    """Whether a value has a shape; what Slack leaves out, or says to be null, has any."""
    if value is None:
        return True
    if isinstance(shape, type):
        return isinstance(value, shape)
    if isinstance(shape, tuple):
        return any(_fits(value, each) for each in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(
            each is not None and _fits(each, shape[0]) for each in value
        )
    return isinstance(value, Mapping) and all(_has(value, key, each) for key, each in shape.items())


def _has(found: Mapping[str, object], key: str, shape: Shape) -> bool:
    if key == "*":
        return all(each and _fits(each, shape) for each in found.values())
    if key.endswith("!"):
        return bool(found.get(key[:-1])) and _fits(found[key[:-1]], shape)
    return _fits(found.get(key), shape)
