"""The workspace that the stand-in for Slack plays: people, channels, messages, views and statuses.

All here is state and its rules; nothing knows of HTTP, of sockets or of the bot's events. What is
not allowed is `Refused` with the error that Slack's Web API answers.
"""

import itertools
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import slack_limits
import slack_reading
from slack_limits import Surface

TEAM, OTHER_TEAM, APP = "T1", "T2OTHER", "A0APP"
BOT_USER, BOT = "U0BOT", "B0BOT"
OTHER_BOT_USER, OTHER_BOT = "U0OTHERBOT", "B0OTHERBOT"

TOMBSTONE = "This message was deleted."
TRIGGER_LIFE = 3.0
RESPONSE_URL_LIFE = 30 * 60.0
RESPONSE_URL_USES = 5
STATUS_LIFE = 120.0


class Refused(Exception):
    """Slack refuses: the error's name, and what else its answer says."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: dict[str, Any] = {"ok": False, "error": error, **more}


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: str
    name: str
    team: str = TEAM
    guest: bool = False
    single_channel: bool = False  # a guest in but one channel, of whom Slack may say only this
    bot_id: str | None = None
    real_name: str = ""


@dataclass(slots=True)
class Channel:
    """A conversation; `kind` is that of its message events: channel, group, im or mpim."""

    id: str
    name: str
    kind: str
    members: set[str]
    shared: bool = False
    pending: bool = False  # another organisation was invited


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands at some moment; `to` is the only reader of an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: tuple[dict[str, Any], ...] = ()
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    to: str | None = None
    broadcast: bool = False
    edited: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)  # unfurl_links, link_names, parse
    via: str = ""  # the method that posted it: chat.postMessage, response_url, ack, person
    extra: Mapping[str, Any] = field(default_factory=dict)  # further keys of its JSON

    @property
    def payload(self) -> dict[str, Any]:
        """What was sent to have it posted."""
        return {"text": self.text, "blocks": list(self.blocks), **self.options}

    @property
    def json(self) -> dict[str, Any]:
        """The message as Slack's API shows it."""
        shown: dict[str, Any] = {"type": "message", "user": self.user, "ts": self.ts}
        shown |= {"text": self.text, "team": TEAM, "blocks": list(self.blocks)}
        if self.bot_id:
            shown |= {"bot_id": self.bot_id, "bot_profile": {"id": self.bot_id, "team_id": TEAM}}
            shown |= {"app_id": APP} if self.bot_id == BOT else {}
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.subtype:
            shown["subtype"] = self.subtype
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.ts}
        return {**shown, **self.extra}

    @property
    def visible_text(self) -> str:
        """The characters that a reader sees."""
        return slack_reading.visible_text(self)


@dataclass(frozen=True, slots=True)
class View:
    """A modal that is open or a Home tab, as its user sees it."""

    id: str
    user: str
    payload: dict[str, Any]
    hash: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def json(self) -> dict[str, Any]:
        """The view as Slack's API shows it."""
        ids = {"id": self.id, "team_id": TEAM, "app_id": APP, "bot_id": BOT, "hash": self.hash}
        return {
            "private_metadata": "",
            "callback_id": "",
            "state": {"values": {}},
            **self.payload,
            **ids,
            "root_view_id": self.id,
            "previous_view_id": None,
        }

    @property
    def visible_text(self) -> str:
        """Title and blocks as its user reads them."""
        title = self.payload.get("title", {}).get("text", "")
        body = slack_reading.visible_text({"blocks": self.payload["blocks"]})
        return f"{title}\n{body}".strip("\n")


@dataclass(slots=True)
class ResponseUrl:
    """An address to answer at: whom, where, to which message; a command has no message."""

    token: str
    user: str
    channel: str
    born: float
    origin: Message | None = None
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """The right to open one view for a user, for a moment."""

    user: str
    born: float
    used: bool = False


@dataclass(slots=True)
class Status:
    """What a thread shows that the bot is doing."""

    text: str
    since: float
    loading: tuple[str, ...] = ()


def people() -> list[User]:
    """Full members, guests, somebody of another company, the bot, another bot, Slackbot."""
    return [
        User("U0ALICE", "alice"),
        User("U0BOB", "bob"),
        User("U0GUEST", "guest", guest=True),
        User("U0ULTRA", "ultra", single_channel=True),
        User("U0KIM", "kim", real_name="Sung Kim"),
        User("U0EXT", "ext", team=OTHER_TEAM),
        User(BOT_USER, "pincite", bot_id=BOT),
        User(OTHER_BOT_USER, "otherbot", bot_id=OTHER_BOT),
        User("USLACKBOT", "slackbot"),
    ]


def channels() -> list[Channel]:
    """Channels with and without the bot, public, private and shared; direct messages with it."""
    members = {"U0ALICE", "U0BOB", OTHER_BOT_USER, "USLACKBOT"}
    visitors = {"U0KIM", "U0GUEST", "U0ULTRA"}
    return [
        Channel("C0GENERAL", "general", "channel", {*members, *visitors, BOT_USER}),
        Channel("C0RANDOM", "random", "channel", {*members}),
        Channel("G0PRIVATE", "private", "group", {*members, BOT_USER}),
        Channel("G0SECRET", "secret", "group", {*members}),
        Channel("C0SHARED", "shared", "channel", {*members, "U0EXT", BOT_USER}, shared=True),
        Channel("G0GROUPDM", "mpdm-alice--bob--pincite-1", "mpim", {*members, BOT_USER}),
        Channel("D0ALICE", "directmessage", "im", {"U0ALICE", BOT_USER}),
        Channel("D0BOB", "directmessage", "im", {"U0BOB", BOT_USER}),
        Channel("D0GUEST", "directmessage", "im", {"U0GUEST", BOT_USER}),
        Channel("D0ULTRA", "directmessage", "im", {"U0ULTRA", BOT_USER}),
        Channel("D0EXT", "directmessage", "im", {"U0EXT", BOT_USER}),
    ]


class World:
    """Everything that Slack remembers. `watch` is told of what happens to messages."""

    def __init__(self, watch: Callable[[str, Message, Message | None], None]) -> None:
        self.users = {user.id: user for user in people()}
        self.channels = {channel.id: channel for channel in channels()}
        self.messages: dict[tuple[str, str], Message] = {}
        self.ephemeral: dict[str, Message] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.reactions: set[tuple[str, str, str]] = set()
        self.urls: dict[str, ResponseUrl] = {}
        self.skew = 0.0  # seconds that the world's clock is ahead of the machine's
        self._statuses: dict[tuple[str, str], Status] = {}
        self._triggers: dict[str, Trigger] = {}
        self._watch = watch
        self._last = 0
        self._numbers = itertools.count(1)

    # Time and names.

    def now(self) -> float:
        """Seconds since 1970 on the clock of this world."""
        return time.time() + self.skew

    def ts(self) -> str:
        """A new time stamp, later than every other."""
        self._last = max(int(self.now() * 1e6), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """A new identifier: Ev00000001."""
        return f"{letter}{next(self._numbers):08d}"

    # Conversations.

    def channel(self, name: str) -> Channel:
        """A conversation that the bot may know of, by id, or by the id of a user to write to."""
        if name in self.users and name != BOT_USER:
            return self.direct(name)
        found = self.channels.get(name)
        if found is None or (found.kind != "channel" and BOT_USER not in found.members):
            raise Refused("channel_not_found")
        return found

    def joined(self, name: str) -> Channel:
        """A conversation that the bot is in."""
        found = self.channel(name)
        if BOT_USER not in found.members:
            raise Refused("not_in_channel")
        return found

    def direct(self, user: str) -> Channel:
        """The direct messages of a user with the bot."""
        pair = {user, BOT_USER}
        return next(c for c in self.channels.values() if c.kind == "im" and c.members == pair)

    # Messages.

    def post(self, message: Message) -> Message:
        """Adds a message, public or ephemeral; one of the bot ends the status of its thread."""
        kept = replace(message, blocks=tuple(map(self._with_id, message.blocks)))
        if kept.thread_ts and kept.to is None:
            self.root(kept.channel, kept.thread_ts)
        if kept.user == BOT_USER and kept.to is None:
            self._statuses.pop((kept.channel, kept.thread_ts or ""), None)
        if kept.to is not None:
            self.ephemeral[kept.ts] = kept
        else:
            self.messages[kept.channel, kept.ts] = kept
            self._watch("posted", kept, None)
        return kept

    def change(self, old: Message, **changes: Any) -> Message:
        """Puts other words or blocks in the place of a message."""
        if "blocks" in changes:
            changes["blocks"] = tuple(map(self._with_id, changes["blocks"]))
        new = replace(old, **{"edited": True, **changes})
        if old.to is not None:
            self.ephemeral[old.ts] = new
        else:
            self.messages[old.channel, old.ts] = new
            self._watch("changed", new, old)
        return new

    def remove(self, old: Message) -> None:
        """Takes a message away; it may be gone already. Where there are replies to it, a tombstone
        keeps its place until they are gone too."""
        if old.to is not None:
            self.ephemeral.pop(old.ts, None)
        elif len(self.read(old.channel, old.ts)) > 1:
            grave = replace(
                old, user="USLACKBOT", text=TOMBSTONE, blocks=(), subtype="tombstone", bot_id=None
            )
            self.messages[old.channel, old.ts] = grave
            self._watch("changed", grave, old)
        elif self.messages.pop((old.channel, old.ts), None):
            self._watch("deleted", old, old)
            root = self.messages.get((old.channel, old.thread_ts or ""))
            if root and root.subtype == "tombstone":
                self.remove(root)

    def find(self, channel: str, ts: str) -> Message:
        """A message by its time stamp."""
        found = self.messages.get((channel, ts))
        if found is None:
            raise Refused("message_not_found")
        return found

    def root(self, channel: str, thread_ts: str) -> Message:
        """The message that a thread hangs from."""
        if not re.fullmatch(r"\d{10}\.\d{6}", thread_ts):
            raise Refused("invalid_thread_ts")
        found = self.messages.get((channel, thread_ts))
        if found is None:
            raise Refused("thread_not_found")
        if found.thread_ts not in (None, found.ts):
            raise Refused("cannot_reply_to_message")
        return found

    def read(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """A channel as its readers see it, or one of its threads with its root; oldest first."""
        within = [message for message in list(self.messages.values()) if message.channel == channel]
        if thread_ts:
            return [m for m in within if thread_ts in (m.ts, m.thread_ts)]
        return [m for m in within if m.thread_ts in (None, m.ts) or m.broadcast]

    def _with_id(self, block: dict[str, Any]) -> dict[str, Any]:
        return {"block_id": self.new_id("b"), **block}

    # Triggers, addresses and views.

    def trigger(self, user: str) -> str:
        """A trigger: good for one view within 3 seconds."""
        made = f"{next(self._numbers)}.{secrets.token_hex(8)}"
        self._triggers[made] = Trigger(user, self.now())
        return made

    def pull(self, trigger: str) -> str:
        """Uses a trigger up; returns the user for whom a view may be opened."""
        found = self._triggers.get(trigger)
        if found is None:
            raise Refused("invalid_trigger_id")
        if found.used:
            raise Refused("exchanged_trigger_id")
        if self.now() - found.born > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        found.used = True
        return found.user

    def response_url(self, user: str, channel: str, origin: Message | None = None) -> ResponseUrl:
        """A new address to answer at."""
        made = ResponseUrl(secrets.token_urlsafe(12), user, channel, self.now(), origin)
        self.urls[made.token] = made
        return made

    def use(self, token: str) -> ResponseUrl:
        """An address that is about to be used once more; counted even if the post is refused."""
        found = self.urls.get(token)
        if found is None:
            raise Refused("no_such_url")
        if self.now() - found.born > RESPONSE_URL_LIFE:
            raise Refused("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        found.uses += 1
        return found

    def respond(self, at: ResponseUrl, payload: Mapping[str, Any], via: str) -> None:
        """Posts, replaces or deletes as an answer at a response_url or an acknowledgement asks.

        A command has no original, so to replace it adds a message.
        """
        original = self._original(at)
        if payload.get("delete_original"):
            if original:
                self.remove(original)
            return
        self.check(payload, "message")
        if payload.get("replace_original") and original:
            self.change(original, **_shown(payload))
            return
        to = None if payload.get("response_type") == "in_channel" else at.user
        self.post(bot_message(at.channel, self.ts(), payload, via, to))

    def _original(self, at: ResponseUrl) -> Message | None:
        if at.origin is None:
            return None
        if at.origin.to is not None:
            return self.ephemeral.get(at.origin.ts)
        found = self.messages.get((at.origin.channel, at.origin.ts))
        return found if found and found.user == BOT_USER else None

    def show(self, user: str, payload: dict[str, Any], old: View | None = None) -> View:
        """Opens a modal, or puts another view in the place of an old one."""
        self.check(payload, payload.get("type", "modal"))
        view = View(old.id if old else self.new_id("V"), user, payload)
        shelf = self.homes if payload["type"] == "home" else self.views
        shelf[user if payload["type"] == "home" else view.id] = view
        return view

    def close_views(self, user: str) -> None:
        """Closes every modal of a user."""
        self.views = {name: view for name, view in self.views.items() if view.user != user}

    @staticmethod
    def check_errors(view: View, errors: Any) -> None:
        """Refuses errors that are not for input blocks of the view."""
        blocks = view.payload["blocks"]
        inputs = {block.get("block_id") for block in blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise Refused("invalid_errors")

    @staticmethod
    def check(payload: Mapping[str, Any], surface: Surface) -> None:
        """Refuses what Slack would refuse."""
        answer = slack_limits.refusal(payload, surface)
        if answer:
            del answer["ok"]
            raise Refused(answer.pop("error"), **answer)

    # Statuses.

    def set_status(self, channel: str, thread_ts: str, text: str, loading: Iterable[str]) -> None:
        """Shows or, with an empty text, clears what the bot is doing in a thread."""
        self._statuses.pop((channel, thread_ts), None)
        if text:
            self._statuses[channel, thread_ts] = Status(text, self.now(), tuple(loading))

    @property
    def statuses(self) -> dict[tuple[str, str], str]:
        """What is still shown, by channel and thread; Slack clears a status after 2 minutes."""
        return {
            place: status.text
            for place, status in list(self._statuses.items())
            if self.now() - status.since < STATUS_LIFE
        }


def bot_message(
    channel: str, ts: str, payload: Mapping[str, Any], via: str, to: str | None = None
) -> Message:
    """A message of the bot from the arguments of a method."""
    return Message(
        channel,
        ts,
        BOT_USER,
        **_shown(payload),
        thread_ts=payload.get("thread_ts"),
        bot_id=BOT,
        to=to,
        broadcast=bool(payload.get("reply_broadcast")),
        options=_options(payload),
        via=via,
    )


def _shown(payload: Mapping[str, Any]) -> dict[str, Any]:
    text = str(payload.get("text") or "")[: slack_limits.POSTED_TEXT]
    return {"text": text, "blocks": tuple(payload.get("blocks") or ())}


def _options(payload: Mapping[str, Any]) -> dict[str, Any]:
    names = ("unfurl_links", "unfurl_media", "link_names", "parse", "mrkdwn", "metadata")
    return {name: payload[name] for name in names if name in payload}
