"""A stand-in for Slack: a real server on loopback, and the people who use the bot through it.

    with Slack() as slack:
        ...start a bot with slack.environment()...
        slack.wait_connected()
        asked = slack.mention("what was agreed?")
        slack.settle()
        root, answer = slack.messages("C0GENERAL", asked.thread_ts)

It plays Slack's side only and knows nothing of the bot. What people do has happened on return; what
the bot makes of it is told by the `Gesture`, which waits for it.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import slack_events
import slack_reading
from slack_delivery import Delivery, Gesture, Kind, Post, Reply, deliver, post, signed
from slack_events import SUBSCRIPTIONS, Order
from slack_server import APP_TOKEN, BOT_TOKEN, Call, Server
from slack_world import (
    BOT,
    BOT_USER,
    OTHER_BOT_USER,
    Channel,
    Message,
    Refused,
    ResponseUrl,
    User,
    View,
    World,
)

T = TypeVar("T")

SIGNING_SECRET = "a-secret-of-the-stand-in"
SCOPES = frozenset({"app_mentions:read", "assistant:write", "chat:write", "commands", "im:history"})

TWIN_GAP = 0.02  # seconds between the two events of one mention, so that their order is felt
GRACE = 0.3  # seconds from a disconnect frame to the end of the connection


class Slack:
    """The stand-in. `speed` divides the waits before retries; `patience` is that for acks, in s."""

    def __init__(
        self,
        mode: Literal["socket", "http"] = "socket",
        *,
        scopes: frozenset[str] = SCOPES,
        subscriptions: frozenset[str] = SUBSCRIPTIONS,
        speed: float = 600.0,
        patience: float = 3.0,
    ) -> None:
        self.mode = mode
        self.scopes, self.subscriptions = set(scopes), set(subscriptions)
        self.speed, self.patience = speed, patience
        self.deliveries: list[Delivery] = []
        self.world = World(self._watch)
        self.server = Server(self.world, self.scopes)
        self.faults, self.sockets = self.server.faults, self.server.sockets
        self.bot_port = _free_port()
        self._order: Order = "app_mention first"

    # Life.

    def start(self) -> Self:
        """Serves, in a thread of its own."""
        self.server.start()
        return self

    def stop(self) -> None:
        """Ends every connection and the thread; raises what went wrong in the stand-in itself."""
        self.server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The base_url of every WebClient."""
        return f"http://127.0.0.1:{self.server.port}/api/"

    @property
    def request_url(self) -> str:
        """Where the bot listens in HTTP mode."""
        return f"http://127.0.0.1:{self.bot_port}/slack/events"

    def environment(self) -> dict[str, str]:
        """The variables of an external bot; the proxies are empty, which means none."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
        return {
            **proxies,
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_MODE": self.mode,
            "PORT": str(self.bot_port),
        }

    # What people do.

    def slash(
        self, command: str, text: str = "", user: str = "U0ALICE", channel: str = "C0GENERAL"
    ) -> Gesture:
        """Types a command."""

        def act() -> Gesture:
            who, where = self._present(user, channel)
            at = self.world.response_url(user, channel)
            url = self.server.response_address(at.token)
            payload = slack_events.command(self.world, command, text, who, where, url)
            sent = self._send("slash_commands", payload, partial(self._command_acked, at))
            return Gesture([sent], response_url=url)

        return self.server.do(act)

    def say(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0GENERAL",
        thread_ts: str | None = None,
        *,
        order: Order = "app_mention first",
        **extra: Any,
    ) -> Gesture:
        """Writes a message as typed; `extra` are keys of its JSON, as subtype="file_share"."""

        def act() -> Gesture:
            self._present(user, channel)
            message = Message(
                channel,
                self.world.ts(),
                user,
                slack_events.as_sent(text),
                (slack_events.as_rich_text(text),),
                thread_ts,
                subtype=extra.pop("subtype", None),
                bot_id=self.world.users[user].bot_id,
                via="person",
                extra=extra,
            )
            return self._posted(message, order)

        return self.server.do(act)

    def mention(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0GENERAL",
        thread_ts: str | None = None,
        order: Order = "app_mention first",
    ) -> Gesture:
        """Writes to the bot by name, at the start of the message if the text does not name it."""
        named = f"<@{BOT_USER}>"
        typed = text if named in text else f"{named} {text}"
        return self.say(typed, user, channel, thread_ts, order=order)

    def dm(
        self, text: str, user: str = "U0ALICE", thread_ts: str | None = None, **extra: Any
    ) -> Gesture:
        """Writes to the bot in private."""
        return self.say(text, user, self.world.direct(user).id, thread_ts, **extra)

    def bot_says(
        self,
        text: str,
        channel: str = "C0GENERAL",
        thread_ts: str | None = None,
        *,
        classic: bool = False,
    ) -> Gesture:
        """Another bot writes; classic ones have the subtype bot_message."""
        subtype = "bot_message" if classic else None
        return self.say(text, OTHER_BOT_USER, channel, thread_ts, subtype=subtype, app_id="A0OTHER")

    def forward(self, passed_on: Gesture, text: str = "", **where: Any) -> Gesture:
        """Passes a message on, with words of one's own; `where` is as for `say`."""
        assert passed_on.message
        shown = [slack_events.passing_on(self.world, passed_on.message)]
        return self.say(text, **where, attachments=shown)

    def unfurl(self, gesture: Gesture, *attachments: dict[str, Any]) -> Gesture:
        """Shows what a message links to, as Slack does a moment after it was posted."""

        def act() -> Gesture:
            old = self.world.find(gesture.channel, gesture.ts)
            start = len(self.deliveries)
            extra = {**old.extra, "attachments": list(attachments)}
            new = self.world.change(old, edited=old.edited, extra=extra)
            return Gesture(self.deliveries[start:], new)

        return self.server.do(act)

    def edit(self, gesture: Gesture, text: str) -> Gesture:
        """Puts another text in the place of a person's message."""

        def act() -> Gesture:
            old = self.world.find(gesture.channel, gesture.ts)
            start = len(self.deliveries)
            blocks = (slack_events.as_rich_text(text),)
            new = self.world.change(old, text=slack_events.as_sent(text), blocks=blocks)
            return Gesture(self.deliveries[start:], new)

        return self.server.do(act)

    def delete(self, gesture: Gesture) -> Gesture:
        """Takes a person's message away."""

        def act() -> Gesture:
            start = len(self.deliveries)
            old = self.world.find(gesture.channel, gesture.ts)
            self.world.remove(old)
            return Gesture(self.deliveries[start:], old)

        return self.server.do(act)

    def join(self, user: str = "U0BOB", channel: str = "C0GENERAL") -> Gesture:
        """Enters a channel, which leaves a message there; the bot enters as it is invited."""

        def act() -> Gesture:
            self.world.channels[channel].members.add(user)
            text = f"<@{user}> has joined the channel"
            return self._posted(
                Message(channel, self.world.ts(), user, text, subtype="channel_join")
            )

        return self.server.do(act)

    def click(self, place: Message | View, action_id: str, user: str = "U0ALICE") -> Gesture:
        """Clicks on a button, as it stood in this message or view, even if it is gone by now."""
        block_id, element = self._element(place, action_id)
        action = {"type": element["type"], "action_id": action_id, "block_id": block_id}
        action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        return self._click(place, action, user)

    def feedback(
        self, message: Message, vote: Literal["up", "down"], user: str = "U0ALICE"
    ) -> Gesture:
        """Clicks on one of the feedback buttons."""
        for block_id, element in slack_events.actions(list(message.blocks)):
            if element["type"] == "feedback_buttons":
                side = element["positive_button" if vote == "up" else "negative_button"]
                action = {"type": "feedback_buttons", "action_id": element["action_id"]}
                action |= {"block_id": block_id, "text": side["text"], "value": side["value"]}
                return self._click(message, action, user)
        raise LookupError("the message has no feedback buttons")

    def submit_view(self, view: View, values: Mapping[str, Mapping[str, Any]]) -> Gesture:
        """Sends a modal off with what was typed: `{"block_id": {"action_id": "text"}}`."""

        def act() -> Gesture:
            who = self.world.users[view.user]
            payload = slack_events.submission(self.world, view, who, values)
            return Gesture([self._send("interactive", payload, partial(self._view_acked, view))])

        return self.server.do(act)

    def shortcut(self, callback_id: str, message: Message, user: str = "U0ALICE") -> Gesture:
        """Takes a shortcut from the menu of a message."""

        def act() -> Gesture:
            who, _ = self._present(user, message.channel)
            url = self.server.response_address(self.world.response_url(user, message.channel).token)
            payload = slack_events.shortcut_on_message(self.world, callback_id, message, who, url)
            return Gesture([self._send("interactive", payload)], response_url=url)

        return self.server.do(act)

    def global_shortcut(self, callback_id: str, user: str = "U0ALICE") -> Gesture:
        """Takes a shortcut from the search bar."""

        def act() -> Gesture:
            who = self.world.users[user]
            payload = slack_events.global_shortcut(self.world, callback_id, who)
            return Gesture([self._send("interactive", payload)])

        return self.server.do(act)

    def open_home(self, user: str = "U0ALICE", tab: str = "home") -> Gesture:
        """Opens the bot's own page."""
        place = self.world.direct(user).id
        event: dict[str, Any] = {"type": "app_home_opened", "user": user, "channel": place}
        event["tab"] = tab
        home = self.world.homes.get(user)
        return self.happen({**event, **({"view": home.json} if home and tab == "home" else {})})

    def happen(self, event: dict[str, Any]) -> Gesture:
        """Any other event, as app_context_changed, if the app is subscribed to it."""

        def act() -> Gesture:
            if not slack_events.is_wanted(event, self.subscriptions, self.scopes):
                return Gesture([])
            return Gesture([self._announce({"event_ts": self.world.ts(), **event})])

        return self.server.do(act)

    def uninstall(self) -> Gesture:
        """Takes the app away: two events, and its token is good for nothing."""
        self.server.api.revoked = "account_inactive"
        revoked = self.happen({"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}})
        removed = self.happen({"type": "app_uninstalled"})
        return Gesture(revoked.deliveries + removed.deliveries)

    def redeliver(self, gesture: Gesture, times: int = 1) -> Gesture:
        """Sends the same requests again, as Slack does when it missed the acknowledgements."""

        def act() -> Gesture:
            again = []
            for number in range(1, times + 1):
                for old in gesture.deliveries:
                    again.append(self._dispatch(Delivery(old.kind, old.payload), retry=number))
            return Gesture(again, gesture.message)

        return self.server.do(act)

    def verify_url(self) -> Gesture:
        """Asks the bot's address for the challenge that opens HTTP mode."""
        payload = {"type": "url_verification", "token": "deprecated", "challenge": "a-challenge"}
        return self.server.do(lambda: Gesture([self._send("events_api", payload)]))

    # What readers see.

    def messages(self, channel: str = "C0GENERAL", thread_ts: str | None = None) -> list[Message]:
        """A channel as its readers see it, or one of its threads with its root; oldest first."""
        return self.server.do(lambda: self.world.read(channel, thread_ts))

    def bot_messages(self, channel: str | None = None) -> list[Message]:
        """All that the bot has said to everybody in a channel and its threads, or anywhere."""
        return [
            message
            for message in self.server.do(lambda: list(self.world.messages.values()))
            if message.bot_id == BOT and channel in (None, message.channel)
        ]

    def ephemerals(self, user: str = "U0ALICE", channel: str | None = None) -> list[Message]:
        """What the bot has said to one person alone, and is still to be seen."""
        return [
            message
            for message in self.server.do(lambda: list(self.world.ephemeral.values()))
            if message.to == user and channel in (None, message.channel)
        ]

    def views(self, user: str = "U0ALICE") -> list[View]:
        """The modals that a person has open."""
        open_now = self.server.do(lambda: list(self.world.views.values()))
        return [view for view in open_now if view.user == user]

    def home(self, user: str = "U0ALICE") -> View | None:
        """The Home tab that was published for a person."""
        return self.world.homes.get(user)

    def prompts(self, user: str = "U0ALICE") -> list[dict[str, str]]:
        """The prompts that are suggested in a person's direct messages with the bot."""
        return self.world.prompts.get(self.world.direct(user).id, [])

    @property
    def statuses(self) -> dict[tuple[str, str], str]:
        """The statuses that are still shown, by channel and thread."""
        return self.server.do(lambda: self.world.statuses)

    def calls(self, *methods: str) -> list[Call]:
        """The calls of the bot, or those of some methods, as they were answered."""
        return [call for call in list(self.server.calls) if not methods or call.method in methods]

    visible_text = staticmethod(slack_reading.visible_text)
    pings = staticmethod(slack_reading.pings)
    links = staticmethod(slack_reading.links)

    # Time, connections, and raw requests.

    def settle(self, timeout: float = 120.0, quiet: float = 0.2) -> None:
        """Waits until all requests are decided and nothing has come or gone for `quiet` seconds."""
        self.wait_for(lambda: self._quiet_since(quiet), timeout, "settling")

    def wait_for(
        self, predicate: Callable[[], T], timeout: float = 120.0, what: str = "a condition"
    ) -> T:
        """Waits until the predicate is true and returns what it gave; raises TimeoutError."""
        end = time.monotonic() + timeout
        while not (value := predicate()):
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: not in {timeout} s; {self._state()}")
            time.sleep(0.01)
        return value

    def wait_connected(self, count: int = 1, timeout: float = 120.0) -> None:
        """Waits until the bot has so many connections."""
        self.wait_for(lambda: self.sockets.count >= count, timeout, f"{count} connections")

    def advance(self, seconds: float) -> None:
        """Moves Slack's clock: triggers, response_urls and statuses grow older."""
        self.world.skew += seconds

    @property
    def num_connections(self) -> int:
        """How many connections the bot has."""
        return self.sockets.count

    def disconnect(self, reason: Literal["warning", "refresh_requested", "link_disabled"]) -> None:
        """Announces the end of every connection; link_disabled switches Socket Mode off."""
        if reason == "link_disabled":
            self.sockets.enabled = False
        self.server.do(lambda: self.server.spawn(self.sockets.disconnect(reason, GRACE)))

    def drop_connections(self) -> None:
        """Breaks every connection without a word."""
        self.server.do(self.sockets.drop)

    def go_deaf(self) -> None:
        """Keeps every connection but hears nothing on it, not even a ping."""
        self.server.do(self.server.deafen)

    def sign(self, body: bytes, timestamp: str | None = None) -> dict[str, str]:
        """The headers of a signed request; the timestamp is in seconds, as text."""
        return signed(SIGNING_SECRET, body, timestamp or str(int(time.time())))

    def post_raw(self, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        """Posts anything to the bot's address; raises `slack_delivery.Undelivered`."""
        return asyncio.run(post(self.request_url, body, dict(headers or {}), self.patience))

    # Requests to the bot.

    def _present(self, user: str, channel: str) -> tuple[User, Channel]:
        where = self.world.channels[channel]
        if user not in where.members:
            raise ValueError(f"{user} is not in {channel}")
        return self.world.users[user], where

    def _posted(self, message: Message, order: Order = "app_mention first") -> Gesture:
        start, self._order = len(self.deliveries), order
        kept = self.world.post(message)
        return Gesture(self.deliveries[start:], kept)

    def _watch(self, what: str, message: Message, old: Message | None) -> None:
        events = slack_events.of_message(self.world, what, message, old, self._order)
        wanted = [e for e in events if slack_events.is_wanted(e, self.subscriptions, self.scopes)]
        for place, event in enumerate(wanted):
            self._announce(event, place * TWIN_GAP)

    def _announce(self, event: dict[str, Any], delay: float = 0.0) -> Delivery:
        payload = slack_events.callback(self.world, event)
        return self._dispatch(Delivery("events_api", payload), delay)

    def _send(
        self, kind: Kind, payload: dict[str, Any], then: Callable[[Any], str | None] | None = None
    ) -> Delivery:
        return self._dispatch(Delivery(kind, payload, then) if then else Delivery(kind, payload))

    def _dispatch(self, delivery: Delivery, delay: float = 0.0, retry: int = 0) -> Delivery:
        self.deliveries.append(delivery)
        courier = self.sockets if self.mode == "socket" else Post(self.request_url, SIGNING_SECRET)

        async def run() -> None:
            await asyncio.sleep(delay)
            await deliver(courier, delivery, self.patience, self.speed, retry)
            self.server.last_activity = time.monotonic()

        self.server.spawn(run())
        return delivery

    def _click(self, place: Message | View, action: dict[str, Any], user: str) -> Gesture:
        def act() -> Gesture:
            url = ""
            if isinstance(place, Message):
                self._present(user, place.channel)
                at = self.world.response_url(user, place.channel, place)
                url = self.server.response_address(at.token)
            payload = slack_events.click(self.world, place, action, self.world.users[user], url)
            return Gesture([self._send("interactive", payload)], response_url=url)

        return self.server.do(act)

    @staticmethod
    def _element(place: Message | View, action_id: str) -> tuple[str, dict[str, Any]]:
        blocks = place.payload["blocks"]
        for block_id, element in slack_events.actions(blocks):
            if element["action_id"] == action_id:
                return block_id, element
        raise LookupError(f"nothing to click is named {action_id}")

    def _command_acked(self, at: ResponseUrl, ack: Any) -> str | None:
        if not ack:
            return None
        if not isinstance(ack, dict):
            return "invalid_command_response"
        try:
            self.world.respond(at, ack, "ack")
        except Refused as refusal:
            return str(refusal)
        return None

    def _view_acked(self, view: View, ack: Any) -> str | None:
        """Does with a modal what the acknowledgement of its submission says."""
        answer = ack or {}
        try:
            match answer.get("response_action"):
                case None:
                    self.world.views.pop(view.id, None)
                case "clear":
                    self.world.close_views(view.user)
                case "update":
                    self.world.show(view.user, answer["view"], view)
                case "push":
                    self.world.show(view.user, answer["view"])
                case "errors":
                    self.world.check_errors(view, answer.get("errors"))
                case other:
                    raise Refused(f"unknown response_action: {other}")
        except Refused as refusal:
            return str(refusal)
        return None

    # Waiting.

    def _quiet_since(self, quiet: float) -> bool:
        decided = all(delivery.done.is_set() for delivery in list(self.deliveries))
        silent = time.monotonic() - self.server.last_activity > quiet
        return decided and silent and not self.server.under_way

    def _state(self) -> str:
        open_now = sum(not delivery.done.is_set() for delivery in list(self.deliveries))
        last = [f"{call.method} {call.error or call.status}" for call in self.server.calls[-3:]]
        return f"{open_now} requests undecided, {self.num_connections} connections, last {last}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
