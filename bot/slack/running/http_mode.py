"""HTTP mode: Slack's requests, health checks and metrics, served by uvicorn until stopped."""

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltRequest

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.errors import SlackRefused
from bot.slack.listening.app import LISTENERS
from bot.slack.running.connection import Connection

_MAX_BODY = 1 << 20  # bytes of a request
_SHUTDOWN = 1  # seconds that acknowledgements may take when the bot is stopped
_HEADER_FORMS = {"x-slack-request-timestamp": r"\d{1,12}", "x-slack-signature": r"v0=[0-9a-f]{64}"}
"""What Slack's headers look like; Bolt fails on others. It knows itself what to say to none."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


def serve_http(
    app: App, queue: AnswerQueue, connection: Connection, stopped: threading.Event
) -> None:
    """Listens until stopped; raises `SlackRefused` when the port cannot be used."""
    import uvicorn

    config = uvicorn.Config(
        SlackEndpoint(app, queue), host=connection.host, port=connection.port, log_config=None,
        access_log=False, timeout_graceful_shutdown=_SHUTDOWN,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run)
    serving.start()
    log.info("ready", extra={"mode": "http", "port": connection.port})
    while serving.is_alive() and not stopped.wait(0.2):
        pass
    server.should_exit = True
    serving.join()
    if not stopped.is_set():
        raise SlackRefused(f"Port {connection.port} cannot be used; set PORT to a free one.")


class SlackEndpoint:
    """The ASGI application: Slack's requests, health checks and metrics."""

    def __init__(self, app: App, queue: AnswerQueue) -> None:
        self._app, self._queue = app, queue
        self._dispatching = ThreadPoolExecutor(LISTENERS, "dispatch")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as the ASGI specification has it."""
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":
            return None
        status, headers, body = await self._respond(scope, receive)
        start = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": body})
        return None

    async def _respond(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        plain = {"content-type": "text/plain; charset=utf-8"}
        path, method = scope["path"], scope["method"]
        if path == "/healthz" and method == "GET":
            return 200, plain, b"ok"
        if path == "/readyz" and method == "GET":
            ready = self._queue.home.current() is not None
            return (200, plain, b"ready") if ready else (503, plain, b"no index yet")
        if path == "/metrics" and method == "GET":
            return 200, plain, self._queue.metrics.text()
        if path != "/slack/events":
            return 404, plain, b"not found"
        if method != "POST":
            return 405, plain, b"only POST"
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        for name, form in _HEADER_FORMS.items():
            if name in headers and not re.fullmatch(form, headers[name], re.ASCII):
                return 401, plain, b"not signed by Slack"
        body = await _read(receive)
        if body is None:
            return 413, plain, b"too large"
        try:
            request = BoltRequest(body=body.decode("utf-8"), headers=dict(headers))
        except (ValueError, TypeError, AttributeError):  # no text, or no object
            return 400, plain, b"not understood"
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._dispatching, self._app.dispatch, request)
        shown = {name: values[0] for name, values in answer.headers.items()}
        return answer.status, shown, answer.body.encode()


async def _read(receive: Receive) -> bytes | None:
    """The body of a request; None when it is too large, once it was read and thrown away."""
    body, length = bytearray(), 0
    while True:
        part = await receive()
        length += len(part.get("body", b""))
        if length <= _MAX_BODY:
            body += part.get("body", b"")
        if not part.get("more_body") or length > 16 * _MAX_BODY:
            return bytes(body) if length <= _MAX_BODY else None


async def _lifespan(receive: Receive, send: Send) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})
