"""What Slack's payloads say: who asks, where, and in which words. Pure functions."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from bot.slack.answering.access import kind_of
from bot.slack.question import Question

RequestBody = Mapping[str, Any]
"""A payload of Slack, or a part of it such as its event."""

_OF_USERS = {None, "file_share", "thread_broadcast"}
"""The subtypes of messages that a user wrote."""


def is_from_user(event: RequestBody, bot_user: str) -> bool:
    """Whether a message is a user's own words: not a bot's, and not about the channel."""
    is_written = event.get("subtype") in _OF_USERS and event.get("user") not in (None, "", bot_user)
    by_machine = event.get("bot_id") or event.get("bot_profile") or event.get("user") == "USLACKBOT"
    return is_written and not by_machine


def edit_of(event: RequestBody) -> tuple[str, RequestBody | None]:
    """The timestamp of the message that a `message_changed` or `message_deleted` is about, and the
    message by now; None when it was deleted.

    A deleted message with replies leaves a tombstone, with words of Slack's own.
    """
    new, old = event.get("message") or {}, event.get("previous_message") or {}
    ts = str(event.get("deleted_ts") or old.get("ts") or new.get("ts"))
    is_gone = event["subtype"] == "message_deleted" or new.get("subtype") == "tombstone"
    return ts, None if is_gone else {**new, "channel": event["channel"]}


def delivery_key(body: RequestBody, what: str) -> str:
    """A key for a command or a click, which Slack repeats when it delivers the same thing again."""
    return f"{what}:{body.get('trigger_id') or body.get('response_url') or secrets.token_hex(8)}"


def user_team_of(body: RequestBody) -> str:
    """The id of the workspace that a user belongs to, as far as the payload says."""
    event, user = body.get("event") or {}, _as_object(body.get("user"))
    named = (event.get("user_team"), event.get("team"), user.get("team_id"), body.get("user_team"))
    return str(next(filter(None, (*named, body.get("team_id"))), ""))


def _channel_of(body: RequestBody) -> str:
    """The id of the channel of a command or a click; empty where there is none."""
    channel, container = _as_object(body.get("channel")), body.get("container") or {}
    return str(body.get("channel_id") or channel.get("id") or container.get("channel_id") or "")


def question_of_interaction(
    body: RequestBody, team: str, surface: str, text: str, **fields: Any
) -> Question:
    """The question of a command, a click or a shortcut, to be answered to its user alone.

    `team` is the bot's workspace; `fields` of the question replace those of the payload.
    """
    channel, user = _channel_of(body), _as_object(body.get("user"))
    name = str(body.get("channel_name") or _as_object(body.get("channel")).get("name") or "")
    within = body.get("message") or body.get("container") or {}
    given = {
        "channel": channel,
        "kind": kind_of(channel, channel_name=name),
        "user": str(body.get("user_id") or user.get("id") or ""),
        "thread": str(within.get("thread_ts") or ""),
        "response_url": str(body.get("response_url") or ""),
        "key": "",
    }
    return Question(
        surface=surface, team=team, user_team=user_team_of(body), text=text, typed=text,
        asked_on=_today(), **{**given, **fields},
    )  # fmt: skip


def question_of_message(
    body: RequestBody, team: str, surface: str, text: str, note: str = ""
) -> Question:
    """The question of a message, to be answered in its thread."""
    event = body["event"]
    return Question(
        surface=surface, team=team, user_team=user_team_of(body), text=text, typed=text, note=note,
        asked_on=_today(), channel=event["channel"], user=event["user"], ts=event["ts"],
        kind=kind_of(event["channel"], str(event.get("channel_type") or "")),
        thread=event.get("thread_ts") or event["ts"],
        key=f"message:{event['channel']}:{event['ts']}",
    )  # fmt: skip


def _as_object(value: Any) -> RequestBody:
    """An object of a payload, which events have as a bare id."""
    return value if isinstance(value, Mapping) else {}


def _today() -> str:
    return datetime.date.today().isoformat()
