"""The methods of Slack's Web API that the stand-in answers, and what each one asks of a token."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl

from slack_world import (
    APP,
    BOT,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    Channel,
    Message,
    Refused,
    View,
    World,
    bot_message,
)

Token = Literal["bot", "app", "unknown", "none"]
Arguments = dict[str, Any]
Answer = dict[str, Any]

_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_FLAGS = ("unfurl_links", "unfurl_media", "link_names", "reply_broadcast", "mrkdwn")
_JSON = ("blocks", "attachments", "metadata", "view", "prompts", "loading_messages")
_FAMILIES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def decoded(body: bytes, kind: str, query: Mapping[str, str]) -> Arguments:
    """The arguments of a request, whether they came as JSON, as a form or in the address.

    Raises `Refused` for JSON that is no object.
    """
    found: Arguments = dict(query)
    if kind.startswith("application/json"):
        found |= _object(body)
    else:
        found |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    for name in _JSON:
        if isinstance(found.get(name), str):
            found[name] = _parsed(found[name])
    for name in _FLAGS:
        if isinstance(found.get(name), str):
            found[name] = _TRUTH.get(found[name].lower(), found[name])
    return found


def _object(body: bytes) -> Arguments:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.split(",")  # lists of words may come so


class WebApi:
    """Web API calls on a world, by a bot token with these scopes or an app-level token."""

    def __init__(self, world: World, scopes: set[str], open_socket: Callable[[], str]) -> None:
        self.world = world
        self.scopes = scopes
        self.revoked = ""  # the error that a token gets once the app was taken away
        self._open_socket = open_socket

    def call(self, method: str, arguments: Arguments, token: Token) -> Answer:
        """What Slack answers; raises `Refused` for an error."""
        if method == "apps.connections.open":
            return self._connections_open(token)
        if method not in _METHODS:
            raise Refused("unknown_method", req_method=method)
        self._admit(token)
        self._permit(_SCOPES.get(method, ()))
        return {"ok": True, **_METHODS[method](self, arguments)}

    def _admit(self, token: Token) -> None:
        if token == "none":
            raise Refused("not_authed")
        if token == "app":
            raise Refused("not_allowed_token_type")
        if token == "unknown" or self.revoked:
            raise Refused(self.revoked or "invalid_auth")

    def _permit(self, any_of: tuple[str, ...]) -> None:
        if any_of and not self.scopes & set(any_of):
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=any_of[0], provided=provided)

    def _connections_open(self, token: Token) -> Answer:
        if token != "app":
            refusals = {"none": "not_authed", "bot": "not_allowed_token_type"}
            raise Refused(refusals.get(token, "invalid_auth"))
        return {"ok": True, "url": self._open_socket()}

    # auth, chat

    def _auth_test(self, arguments: Arguments) -> Answer:
        ids = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}
        return {"url": "https://team.slack.com/", "team": "Team", "user": "pincite", **ids}

    def _post_message(self, arguments: Arguments) -> Answer:
        channel = self.world.channel(_need(arguments, "channel"))
        if BOT_USER not in channel.members and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        self.world.check(arguments, "message")
        made = bot_message(channel.id, self.world.ts(), arguments, "chat.postMessage")
        return _posted(self.world.post(made))

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(_need(arguments, "channel"))
        user = _need(arguments, "user")
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        self.world.check(arguments, "message")
        made = bot_message(channel.id, self.world.ts(), arguments, "chat.postEphemeral", user)
        return {"message_ts": self.world.post(made).ts}

    def _update(self, arguments: Arguments) -> Answer:
        old = self._own(arguments, "cant_update_message")
        self.world.check(arguments, "update")
        shown = {name: arguments[name] for name in ("text", "blocks") if name in arguments}
        return _posted(self.world.change(old, **shown))

    def _delete(self, arguments: Arguments) -> Answer:
        old = self._own(arguments, "cant_delete_message")
        self.world.remove(old)
        return {"channel": old.channel, "ts": old.ts}

    def _own(self, arguments: Arguments, otherwise: str) -> Message:
        channel = self.world.channel(_need(arguments, "channel"))
        found = self.world.find(channel.id, _need(arguments, "ts"))
        if found.user != BOT_USER:
            raise Refused(otherwise)
        return found

    # conversations, users, reactions

    def _readable(self, arguments: Arguments, right: str) -> Channel:
        channel = self.world.channel(_need(arguments, "channel"))
        self._permit((f"{_FAMILIES[channel.kind]}:{right}",))
        return channel

    def _info(self, arguments: Arguments) -> Answer:
        return {"channel": _channel_json(self._readable(arguments, "read"))}

    def _history(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(self._readable(arguments, "history").id)
        newest_first = self.world.read(channel.id)[::-1]
        return _page(newest_first, arguments)

    def _replies(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(self._readable(arguments, "history").id)
        ts = _need(arguments, "ts")
        self.world.root(channel.id, ts)
        oldest = str(arguments.get("oldest") or "")
        found = self.world.read(channel.id, ts)
        return _page([m for m in found if m.ts == ts or m.ts > oldest], arguments)

    def _open(self, arguments: Arguments) -> Answer:
        user = str(_need(arguments, "users"))
        if user not in self.world.users:
            raise Refused("user_not_found")
        return {"channel": {"id": self.world.direct(user).id}}

    def _user_info(self, arguments: Arguments) -> Answer:
        user = self.world.users.get(_need(arguments, "user"))
        if user is None:
            raise Refused("user_not_found")
        shown: Answer = {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "real_name": user.real_name or user.name,
        }
        shown |= {
            "is_restricted": user.guest,
            "is_ultra_restricted": user.single_channel,
            "deleted": False,
        }
        shown |= {"is_bot": user.bot_id is not None, "is_stranger": user.team != TEAM}
        return {"user": {**shown, "tz": "Asia/Seoul", "profile": {"display_name": user.name}}}

    def _react(self, arguments: Arguments) -> Answer:
        reaction = self._reaction(arguments)
        if reaction in self.world.reactions:
            raise Refused("already_reacted")
        self.world.reactions.add(reaction)
        return {}

    def _unreact(self, arguments: Arguments) -> Answer:
        reaction = self._reaction(arguments)
        if reaction not in self.world.reactions:
            raise Refused("no_reaction")
        self.world.reactions.remove(reaction)
        return {}

    def _reaction(self, arguments: Arguments) -> tuple[str, str, str]:
        channel = self.world.joined(_need(arguments, "channel"))
        found = self.world.find(channel.id, _need(arguments, "timestamp"))
        return found.channel, found.ts, _need(arguments, "name")

    # views

    def _view_open(self, arguments: Arguments) -> Answer:
        payload = _view_in(arguments, "modal")
        self.world.check(payload, "modal")  # a view that is refused leaves the trigger good
        user = self.world.pull(_need(arguments, "trigger_id"))
        return {"view": self.world.show(user, payload).json}

    def _view_update(self, arguments: Arguments) -> Answer:
        old = self._view(arguments)
        if arguments.get("hash", old.hash) != old.hash:
            raise Refused("hash_conflict")
        return {"view": self.world.show(old.user, _view_in(arguments, "modal"), old).json}

    def _view(self, arguments: Arguments) -> View:
        if "view_id" in arguments:
            found = self.world.views.get(arguments["view_id"])
        else:
            name = _need(arguments, "external_id")
            of_that_name = (
                view
                for view in self.world.views.values()
                if view.payload.get("external_id") == name
            )
            found = next(of_that_name, None)
        if found is None:
            raise Refused("not_found")
        return found

    def _view_publish(self, arguments: Arguments) -> Answer:
        user, payload = _need(arguments, "user_id"), _view_in(arguments, "home")
        if user not in self.world.users:
            raise Refused("user_not_found")
        old = self.world.homes.get(user)
        if old and arguments.get("hash", old.hash) != old.hash:
            raise Refused("hash_conflict")
        return {"view": self.world.show(user, payload, old).json}

    # assistant

    def _set_status(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(_need(arguments, "channel_id"))
        thread = self.world.root(channel.id, _need(arguments, "thread_ts"))
        text, loading = _need(arguments, "status"), arguments.get("loading_messages") or []
        if len(loading) > 10:
            raise Refused("invalid_arguments")
        self.world.set_status(channel.id, thread.ts, text, loading)
        return {}

    def _set_prompts(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(_need(arguments, "channel_id"))
        prompts = _need(arguments, "prompts")
        whole = all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts)
        if channel.kind != "im" or not whole or not 1 <= len(prompts) <= 4:
            raise Refused("invalid_arguments")
        if not arguments.get("thread_ts"):  # in a thread the call silently does nothing
            self.world.prompts[channel.id] = prompts
        return {}

    def _set_title(self, arguments: Arguments) -> Answer:
        channel = self.world.joined(_need(arguments, "channel_id"))
        thread = self.world.root(channel.id, _need(arguments, "thread_ts"))
        self.world.titles[channel.id, thread.ts] = _need(arguments, "title")
        return {}


def _need(arguments: Arguments, name: str) -> Any:
    """An argument that must be there; an empty status is one."""
    value = arguments.get(name)
    if value is None or (value == "" and name != "status"):
        messages = [f"[ERROR] missing required field: {name}"]
        raise Refused("invalid_arguments", response_metadata={"messages": messages})
    return value


def _view_in(arguments: Arguments, kind: str) -> dict[str, Any]:
    """The view of a call, which must be of a kind."""
    view = _need(arguments, "view")
    if not isinstance(view, dict) or view.get("type") != kind:
        raise Refused("invalid_arguments")
    return view


def _posted(message: Message) -> Answer:
    return {"channel": message.channel, "ts": message.ts, "message": message.json}


def _page(messages: list[Message], arguments: Arguments) -> Answer:
    most = int(arguments.get("limit") or 100)
    return {"messages": [m.json for m in messages[:most]], "has_more": len(messages) > most}


def _channel_json(channel: Channel) -> Answer:
    shown: Answer = {"id": channel.id, "name": channel.name, "is_archived": False}
    shown |= {"is_channel": channel.kind == "channel", "is_im": channel.kind == "im"}
    shown |= {"is_group": channel.kind == "group", "is_mpim": channel.kind == "mpim"}
    shown |= {"is_private": channel.kind != "channel", "is_ext_shared": channel.shared}
    shown |= {"is_member": BOT_USER in channel.members}
    shown |= {"is_pending_ext_shared": channel.pending}
    shown |= {"connected_team_ids": [OTHER_TEAM]} if channel.shared else {}
    return {**shown, "context_team_id": TEAM, "creator": APP}


_METHODS: dict[str, Callable[[WebApi, Arguments], Answer]] = {
    "auth.test": WebApi._auth_test,
    "chat.postMessage": WebApi._post_message,
    "chat.postEphemeral": WebApi._post_ephemeral,
    "chat.update": WebApi._update,
    "chat.delete": WebApi._delete,
    "conversations.info": WebApi._info,
    "conversations.history": WebApi._history,
    "conversations.replies": WebApi._replies,
    "conversations.open": WebApi._open,
    "users.info": WebApi._user_info,
    "reactions.add": WebApi._react,
    "reactions.remove": WebApi._unreact,
    "views.open": WebApi._view_open,
    "views.update": WebApi._view_update,
    "views.publish": WebApi._view_publish,
    "assistant.threads.setStatus": WebApi._set_status,
    "assistant.threads.setSuggestedPrompts": WebApi._set_prompts,
    "assistant.threads.setTitle": WebApi._set_title,
}

# Any one of these is enough. What a channel's kind decides is asked for in the method.
_SCOPES: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.open": ("im:write", "mpim:write"),
    "users.info": ("users:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "assistant.threads.setStatus": ("chat:write", "assistant:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
}
