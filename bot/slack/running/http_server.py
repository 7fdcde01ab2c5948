"""The server that the bot listens with: few connections, each for one request and a short time.

Who holds connections open, or sends a request drop by drop, keeps nobody else waiting for long.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.slack.listening.app import NO_RETRY
from bot.slack.running.health import PATHS, Health
from bot.slack.running.http_mode import SlackRequests

_HEAD = 5.0
"""Seconds that a request may take until its headers are there."""
_WHOLE = 15.0
"""Seconds that a connection may take, with its answer."""
_BODY = 5.0
"""Seconds that the body of a request may take."""
_MOST_BODY = 1 << 20
"""Bytes of a body."""
_READ_AND_LEFT = 16
"""Times as much as that is read, so that a sender hears that it was too large."""
_MOST_HEADERS = 16_384
"""Bytes of the headers of a request."""
_MOST_CONNECTIONS = 256
_SHUTDOWN = 1  # seconds that answers may take when the bot is stopped
_EVENTS = "/slack/events"
_PLAIN = {"content-type": "text/plain; charset=utf-8"}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, dict[str, str], bytes]
"""A status, headers and a body."""

log = logging.getLogger(__name__)


class HttpServer:
    """Serves health and figures and, in HTTP mode, Slack's requests, until it is closed; and under
    all other paths the `reading_page` where there is one.

    Raises `OSError` where the address cannot be used.
    """

    def __init__(
        self, host: str, port: int, health: Health, slack: SlackRequests | None = None,
        reading_page: ASGIApp | None = None,
    ) -> None:  # fmt: skip
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        config = uvicorn.Config(
            Endpoint(health, slack, reading_page), http=_Hasty, ws="none", log_config=None,
            access_log=False, server_header=False, h11_max_incomplete_event_size=_MOST_HEADERS,
            timeout_graceful_shutdown=_SHUTDOWN,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._serving = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, daemon=True
        )
        self._serving.start()

    def close(self) -> None:
        """Answers what is under way, for a second at most, and listens no more."""
        self._server.should_exit = True
        self._serving.join()


class _Hasty(H11Protocol):
    """uvicorn's protocol with deadlines, and an end to how many connections it holds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
            return
        self._deadlines = [
            self.loop.call_later(_HEAD, self._expect_headers),
            self.loop.call_later(_WHOLE, transport.abort),
        ]

    def connection_lost(self, exc: Exception | None) -> None:
        for each in getattr(self, "_deadlines", ()):
            each.cancel()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        if self.cycle is None:
            self.transport.abort()


class Endpoint:
    """The ASGI application: pages of `Health`, requests for `slack` where it is given, and under
    all other paths the `reading_page` where that is."""

    def __init__(
        self, health: Health, slack: SlackRequests | None = None,
        reading_page: ASGIApp | None = None,
    ) -> None:  # fmt: skip
        self._health, self._slack, self._reading_page = health, slack, reading_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as the ASGI specification has it."""
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if self._reading_page and scope["path"] not in (*PATHS, _EVENTS):
            return await self._reading_page(scope, receive, _closing(send))
        status, headers, body = await self._reply(scope, receive)
        headers["connection"] = "close"
        start = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": body})
        return None

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        path, method = scope["path"], scope["method"]
        if self._slack and path == _EVENTS:
            if method != "POST":
                return _plain(405, b"only POST")
            return await self._of_slack(self._slack, scope, receive)
        if method in ("GET", "HEAD"):
            page = await asyncio.to_thread(self._health.page, path)
            if page:
                return _plain(*page)
        return _plain(404, b"not found")

    async def _of_slack(self, slack: SlackRequests, scope: Scope, receive: Receive) -> Reply:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            async with asyncio.timeout(_BODY):
                body = await _read(receive)
        except TimeoutError:
            return _plain(408, b"too slow")
        if body is None:
            return 413, _PLAIN | NO_RETRY, b"too large"
        return await asyncio.wrap_future(slack.answer(body, headers))


def _closing(send: Send) -> Send:
    """Sends an answer after which the connection ends, before its time is over."""

    async def closing(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return closing


async def _read(receive: Receive) -> bytes | None:
    """The body of a request; None when it is too large, once it was read and thrown away."""
    body, length = bytearray(), 0
    while True:
        part = await receive()
        length += len(part.get("body", b""))
        if length <= _MOST_BODY:
            body += part.get("body", b"")
        if not part.get("more_body") or length > _READ_AND_LEFT * _MOST_BODY:
            return bytes(body) if length <= _MOST_BODY else None


async def _lifespan(receive: Receive, send: Send) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


def _plain(status: int, text: bytes) -> Reply:
    return status, dict(_PLAIN), text
