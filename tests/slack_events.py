"""What Slack sends to a bot: the payloads of events, commands, clicks, views and shortcuts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from slack_world import (
    APP,
    BOT_USER,
    TEAM,
    Channel,
    Message,
    User,
    View,
    World,
)

Payload = dict[str, Any]
Order = Literal["app_mention first", "message first", "only app_mention"]

SUBSCRIPTIONS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "message.im",
        "app_context_changed",
        "app_uninstalled",
        "tokens_revoked",
    }
)
_MESSAGES = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
}
_MARKUP = re.compile(r"(<(?:[@#!]|https?://)[^<>\s|]*(?:\|[^<>]*)?>)")


def as_sent(text: str) -> str:
    """What Slack makes of typed text: & < > are escaped, but for mentions and links."""
    parts = _MARKUP.split(text)
    return "".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))


def as_rich_text(text: str) -> Payload:
    """The block that Slack adds to what a person writes."""
    elements = [_element(part) for part in _MARKUP.split(text) if part]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _element(part: str) -> Payload:
    if part.startswith("<@"):
        return {"type": "user", "user_id": part[2:-1].partition("|")[0]}
    return {"type": "text", "text": part}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def passing_on(world: World, message: Message) -> Payload:
    """The attachment that shows a message which somebody forwards, shares or links to."""
    address = f"https://team.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    inner = {"team": TEAM, "channel": message.channel, "ts": message.ts}
    shown: Payload = {"is_msg_unfurl": True, "is_share": True, "id": 1, "footer": "Posted"}
    shown |= {"channel_id": message.channel, "channel_team": TEAM, "ts": message.ts}
    shown |= {"author_id": message.user, "author_name": world.users[message.user].name}
    shown |= {"from_url": address, "fallback": message.text, "text": message.text}
    blocks = [{**inner, "message": {"blocks": list(message.blocks)}}]
    return {**shown, "message_blocks": blocks, "mrkdwn_in": ["text"]}


# Events.


def of_message(
    world: World, what: str, message: Message, old: Message | None, order: Order
) -> Iterator[Payload]:
    """The events of a message that was posted, changed or deleted, if the bot is there to see."""
    channel = world.channels[message.channel]
    if BOT_USER not in channel.members:
        return
    if what != "posted":
        yield _of_change(world, what, message, old, channel)
        return
    plain = _event(world, message, channel)
    calls = f"<@{BOT_USER}>" in message.text and message.user != BOT_USER and channel.kind != "im"
    mention = {key: plain[key] for key in plain.keys() - {"channel_type"}} | {"type": "app_mention"}
    if calls and order != "message first":
        yield mention
    if not (calls and order == "only app_mention"):
        yield plain
    if calls and order == "message first":
        yield mention


def is_wanted(event: Payload, subscriptions: set[str], scopes: set[str]) -> bool:
    """Whether the app is subscribed to an event and may have it."""
    if event["type"] == "message":
        name, scope = _MESSAGES[event["channel_type"]]
        return name in subscriptions and scope in scopes
    if event["type"] == "app_mention":
        return "app_mention" in subscriptions and "app_mentions:read" in scopes
    return event["type"] in subscriptions


def _event(world: World, message: Message, channel: Channel) -> Payload:
    event = {**message.json, "channel": channel.id, "channel_type": channel.kind}
    event["event_ts"] = message.ts
    if message.thread_ts and (root := world.messages.get((channel.id, message.thread_ts))):
        event["parent_user_id"] = root.user
    team = world.users[message.user].team
    if team != TEAM:
        event |= {"team": team, "user_team": team, "source_team": team}
    return event


def _of_change(
    world: World, what: str, message: Message, old: Message | None, channel: Channel
) -> Payload:
    ts = world.ts()
    event: Payload = {"type": "message", "subtype": f"message_{what}", "hidden": True}
    event |= {"channel": channel.id, "channel_type": channel.kind, "ts": ts, "event_ts": ts}
    event["previous_message"] = (old or message).json
    if what == "changed":
        return {**event, "message": message.json}
    return {**event, "deleted_ts": message.ts}


def callback(world: World, event: Payload) -> Payload:
    """The envelope of the Events API around an event."""
    channel = world.channels.get(str(event.get("channel")))
    mine = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.now()),
        "authorizations": [{**mine, "is_enterprise_install": False}],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": world.new_id("4-"),
    }


# Commands and interactions.


def command(
    world: World, name: str, text: str, user: User, channel: Channel, response_url: str
) -> Payload:
    """A slash command; all its values are strings, as in a form."""
    names = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}
    return {
        "token": "deprecated",
        "team_id": user.team,
        "team_domain": "team",
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": as_sent(text),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.trigger(user.id),
    }


def _interaction(world: World, kind: str, user: User) -> Payload:
    return {
        "type": kind,
        "token": "deprecated",
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "team"},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": world.trigger(user.id),
    }


def click(
    world: World, place: Message | View, action: Payload, user: User, response_url: str
) -> Payload:
    """A click on a button; that on an ephemeral message says nothing of the message."""
    payload = _interaction(world, "block_actions", user)
    payload |= {"actions": [{**action, "action_ts": world.ts()}], "state": {"values": {}}}
    if isinstance(place, View):
        inside = {"type": "view", "view_id": place.id}
        return {**payload, "container": inside, "view": place.json}
    channel = world.channels[place.channel]
    container: Payload = {"type": "message", "message_ts": place.ts, "channel_id": channel.id}
    container |= {"is_ephemeral": place.to is not None}
    container |= {"thread_ts": place.thread_ts} if place.thread_ts else {}
    payload |= {"container": container, "response_url": response_url}
    payload["channel"] = {"id": channel.id, "name": channel.name}
    return payload if place.to is not None else {**payload, "message": place.json}


def submission(world: World, view: View, user: User, values: Mapping[str, Any]) -> Payload:
    """A modal that is sent off; `values` by block and action."""
    shown = {**view.json, "state": {"values": _state(view, values)}}
    return {**_interaction(world, "view_submission", user), "view": shown, "response_urls": []}


def _state(view: View, values: Mapping[str, Any]) -> Payload:
    state: Payload = {}
    for block in view.payload["blocks"]:
        if block["type"] == "input":
            name, element = block["block_id"], block["element"]
            action = element.get("action_id", "value")
            given = values.get(name, {}).get(action, element.get("initial_value"))
            state[name] = {action: {"type": element["type"], "value": given}}
    return state


def shortcut_on_message(
    world: World, callback_id: str, message: Message, user: User, response_url: str
) -> Payload:
    """A shortcut from the menu of a message."""
    channel = world.channels[message.channel]
    payload = _interaction(world, "message_action", user) | {"callback_id": callback_id}
    payload |= {"message": message.json, "message_ts": message.ts, "response_url": response_url}
    return {**payload, "channel": {"id": channel.id, "name": channel.name}}


def global_shortcut(world: World, callback_id: str, user: User) -> Payload:
    """A shortcut from anywhere; it has no place to answer at."""
    payload = _interaction(world, "shortcut", user)
    return {**payload, "callback_id": callback_id, "action_ts": world.ts()}


def actions(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, Payload]]:
    """Every element that can be clicked, with the id of its block."""
    for block in blocks:
        found = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block.get("block_id", ""), element
