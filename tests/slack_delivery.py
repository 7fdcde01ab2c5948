"""How requests reach the bot: over Socket Mode or as signed HTTP, as patiently as Slack retries."""

import asyncio
import contextlib
import hashlib
import hmac
import http.client
import io
import itertools
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

from slack_world import APP, Message
from starlette.websockets import WebSocket, WebSocketDisconnect

Kind = Literal["events_api", "slash_commands", "interactive"]

RETRY_AFTER = (0.0, 60.0, 300.0)  # seconds from a failure to the next attempt
CONNECTIONS = 10


class Undelivered(Exception):
    """An attempt failed; the reason is one of X-Slack-Retry-Reason."""

    def __init__(self, reason: str, status: int = 0, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.status, self.final = reason, status, final


@dataclass(slots=True)
class Attempt:
    """One attempt to deliver: when, how long until the bot acknowledged, or why it failed."""

    number: int
    at: float
    seconds: float | None = None
    failure: str | None = None
    status: int = 0


@dataclass(slots=True)
class Delivery:
    """A request to the bot, and what became of it."""

    kind: Kind
    payload: dict[str, Any]
    then: Callable[[Any], str | None] = lambda ack: None
    attempts: list[Attempt] = field(default_factory=list)
    ack: Any = None  # what the bot sent with its acknowledgement
    user_error: str | None = None  # what the user saw: operation_timeout, dispatch_failed…
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def ack_seconds(self) -> float | None:
        """Seconds from the attempt that succeeded to its acknowledgement; None if none did."""
        return next((one.seconds for one in self.attempts if one.seconds is not None), None)

    @property
    def event(self) -> dict[str, Any]:
        """The event within, or nothing."""
        found: dict[str, Any] = self.payload.get("event", {})
        return found


@dataclass(slots=True)
class Gesture:
    """Something that a person did: the message it left, and the requests it caused.

    Whatever tells of an outcome waits for it, at most 30 seconds.
    """

    deliveries: list[Delivery]
    message: Message | None = None
    response_url: str = ""

    def wait(self, timeout: float = 120.0) -> "Gesture":
        """Waits until every request was acknowledged or given up; raises TimeoutError."""
        end = time.monotonic() + timeout
        for delivery in self.deliveries:
            if not delivery.done.wait(max(0.0, end - time.monotonic())):
                raise TimeoutError(f"not decided in {timeout} s: {delivery.kind}")
        return self

    @property
    def ts(self) -> str:
        """The time stamp of the message."""
        return self._message.ts

    @property
    def channel(self) -> str:
        """The channel of the message."""
        return self._message.channel

    @property
    def thread_ts(self) -> str:
        """The thread in which an answer belongs."""
        return self._message.thread_ts or self._message.ts

    @property
    def _message(self) -> Message:
        if self.message is None:
            raise ValueError("this gesture left no message")
        return self.message

    @property
    def acked(self) -> bool:
        """Whether the bot acknowledged every request in the end."""
        return all(delivery.ack_seconds is not None for delivery in self.wait().deliveries)

    @property
    def ack_seconds(self) -> float:
        """The longest time to an acknowledgement; infinite if one never came."""
        waits = [delivery.ack_seconds for delivery in self.wait().deliveries]
        return max((float("inf") if wait is None else wait for wait in waits), default=0.0)

    @property
    def ack(self) -> Any:
        """What the bot sent with its first acknowledgement."""
        return self.wait().deliveries[0].ack

    @property
    def user_error(self) -> str | None:
        """The error that the user saw."""
        errors = (delivery.user_error for delivery in self.wait().deliveries)
        return next((error for error in errors if error), None)

    @property
    def attempts(self) -> list[Attempt]:
        """Every attempt of every request."""
        return [attempt for delivery in self.wait().deliveries for attempt in delivery.attempts]


class Courier(Protocol):
    """A way to the bot."""

    async def carry(self, delivery: Delivery, number: int, reason: str, patience: float) -> Any:
        """Delivers once; returns what came with the acknowledgement or raises `Undelivered`."""


async def deliver(
    courier: Courier, delivery: Delivery, patience: float, speed: float, retry: int = 0
) -> None:
    """Attempts until the bot acknowledges; only events are tried again, three times.

    With `retry` it makes but that one attempt, as if the earlier ones had timed out.
    """
    again = len(RETRY_AFTER) if delivery.kind == "events_api" else 0
    numbers = [retry] if retry else range(again + 1)
    failure: Undelivered | None = Undelivered("http_timeout") if retry else None
    try:
        for number in numbers:
            if number and not retry:
                await asyncio.sleep(RETRY_AFTER[number - 1] / speed)
            failure = await _attempt(courier, delivery, number, failure, patience)
            if failure is None or failure.final:
                break
        if failure:
            delivery.user_error = _seen_by_the_user(delivery, failure.reason)
    finally:
        delivery.done.set()


async def _attempt(
    courier: Courier,
    delivery: Delivery,
    number: int,
    earlier: Undelivered | None,
    patience: float,
) -> Undelivered | None:
    attempt = Attempt(number, time.time())
    delivery.attempts.append(attempt)
    started = time.monotonic()
    try:
        reason = earlier.reason if earlier else ""
        delivery.ack = await courier.carry(delivery, number, reason, patience)
    except Undelivered as failure:
        attempt.failure, attempt.status = failure.reason, failure.status
        return failure
    attempt.seconds = time.monotonic() - started
    delivery.user_error = delivery.then(delivery.ack)
    return None


def _seen_by_the_user(delivery: Delivery, reason: str) -> str | None:
    if delivery.kind == "events_api":
        return None
    return "operation_timeout" if "timeout" in reason else "dispatch_failed"


# Signed HTTP.


class Reply(NamedTuple):
    """What the bot answered over HTTP."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def signed(secret: str, body: bytes, timestamp: str) -> dict[str, str]:
    """The headers with which Slack signs a request."""
    base = b"v0:%s:%s" % (timestamp.encode(), body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


async def post(url: str, body: bytes, headers: dict[str, str], patience: float) -> Reply:
    """Posts and reads the whole answer; raises `Undelivered`."""
    try:
        async with asyncio.timeout(patience):
            return await _exchange(url, body, headers)
    except TimeoutError:
        raise Undelivered("http_timeout") from None
    except (OSError, http.client.HTTPException, ValueError, IndexError):
        raise Undelivered("connection_failed") from None


async def _exchange(url: str, body: bytes, headers: dict[str, str]) -> Reply:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port or 80)
    # Of HTTP/1.0 the answer is neither in chunks nor on a connection that is kept.
    lines = [f"POST {place.path or '/'} HTTP/1.0", f"Host: {place.netloc}"]
    lines += [f"Content-Length: {len(body)}", *(f"{key}: {headers[key]}" for key in headers)]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await reader.read()
    finally:
        writer.close()
    head, _, rest = answer.partition(b"\r\n\r\n")
    first, _, fields = head.partition(b"\r\n")
    parsed = http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n"))
    return Reply(int(first.split()[1]), parsed, rest)


class Post:
    """Requests to the bot's own address, signed."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    async def carry(self, delivery: Delivery, number: int, reason: str, patience: float) -> Any:
        """Delivers once."""
        body, kind = _form(delivery)
        headers = {"Content-Type": kind, **signed(self.secret, body, str(int(time.time())))}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        reply = await post(self.url, body, headers, patience)
        if not 200 <= reply.status < 300:
            final = reply.headers.get("X-Slack-No-Retry") == "1"
            raise Undelivered("http_error", reply.status, final=final)
        return _content(reply)


def _form(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    fields = delivery.payload
    if delivery.kind == "interactive":
        fields = {"payload": json.dumps(fields)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _content(reply: Reply) -> Any:
    text = reply.body.decode()
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}


# Socket Mode.


@dataclass(eq=False, slots=True)
class Socket:
    """One connection of the bot."""

    websocket: WebSocket
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


class Sockets:
    """All connections of the bot; each request goes to one of them, in turn.

    `cut` breaks the connection of a peer, without a word.
    """

    def __init__(self, cut: Callable[[Any], None]) -> None:
        self._cut = cut
        self._tickets: set[str] = set()
        self._open: list[Socket] = []
        self._turns = itertools.count()
        self.enabled = True

    def ticket(self) -> str:
        """The right to connect once."""
        made = secrets.token_hex(8)
        self._tickets.add(made)
        return made

    @property
    def count(self) -> int:
        """How many connections may get requests."""
        return len(self._ready)

    @property
    def _ready(self) -> list[Socket]:
        return [socket for socket in self._open if not socket.leaving]

    async def serve(self, websocket: WebSocket) -> None:
        """Keeps one connection until it ends."""
        ticket = websocket.path_params["ticket"]
        if ticket not in self._tickets or not self.enabled:
            await websocket.close()
            return
        self._tickets.remove(ticket)
        await websocket.accept()
        if self.count >= CONNECTIONS:
            await _say(websocket, {"type": "disconnect", "reason": "too_many_websockets"})
            await websocket.close()
            return
        socket = Socket(websocket)
        self._open.append(socket)
        try:
            await _say(websocket, self._hello())
            while True:
                self._hear(socket, await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._forget(socket)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": self.count,
            "connection_info": {"app_id": APP},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        }

    def _hear(self, socket: Socket, text: str) -> None:
        if not text.startswith("{"):
            return
        said = json.loads(text)
        waiting = socket.waiting.pop(said.get("envelope_id"), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload"))

    def _forget(self, socket: Socket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for waiting in socket.waiting.values():
            if not waiting.done():
                waiting.set_exception(Undelivered("connection_failed"))

    async def carry(self, delivery: Delivery, number: int, reason: str, patience: float) -> Any:
        """Delivers once, over the connection whose turn it is."""
        ready = self._ready
        if not ready:
            raise Undelivered("connection_failed")
        socket = ready[next(self._turns) % len(ready)]
        envelope: dict[str, Any] = {"envelope_id": secrets.token_hex(8), "type": delivery.kind}
        envelope |= {"payload": delivery.payload}
        envelope |= {"accepts_response_payload": delivery.kind != "events_api"}
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": _in_a_socket(reason)}
        waiting = asyncio.get_running_loop().create_future()
        socket.waiting[envelope["envelope_id"]] = waiting
        try:
            async with asyncio.timeout(patience):
                await _say(socket.websocket, envelope)
                return await waiting
        except TimeoutError:
            raise Undelivered("timeout") from None
        except (RuntimeError, WebSocketDisconnect):
            raise Undelivered("connection_failed") from None
        finally:
            socket.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str, grace: float) -> None:
        """Tells every connection that it will end; all but a warning end it after `grace` s."""
        told = self._ready
        for socket in told:
            await _say(socket.websocket, {"type": "disconnect", "reason": reason})
            socket.leaving = reason != "warning"
        if reason != "warning":
            await asyncio.sleep(grace)
            for socket in told:
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await socket.websocket.close()

    @property
    def peers(self) -> list[Any]:
        """The addresses of all connections."""
        return [socket.websocket.client for socket in self._open]

    def drop(self) -> None:
        """Breaks every connection."""
        for socket in list(self._open):
            self._cut(socket.websocket.client)
            self._forget(socket)


def _in_a_socket(reason: str) -> str:
    return "timeout" if reason else ""


async def _say(websocket: WebSocket, frame: dict[str, Any]) -> None:
    await websocket.send_text(json.dumps(frame))
