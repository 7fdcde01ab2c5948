"""Running the bot: Socket Mode or HTTP, until SIGTERM; what is in flight is finished first."""

import asyncio
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.slack.access import Access
from bot.slack.app import LISTENERS, build_app
from bot.slack.desk import Desk
from bot.slack.errors import SlackRefused
from bot.slack.manifest import FOLLOW_UP_SCOPES, SCOPES
from bot.slack.post import TIMEOUT, Post, handlers
from bot.slack.state import State
from retriever.home import Home

CONNECTIONS = 2
"""Socket Mode connections: while one is renewed, the other takes what comes."""
_LOOK = 0.2  # seconds between two looks at the connections
_SWITCH = 0.001  # seconds; a search must not keep an acknowledgement waiting
_PING = 1.0  # seconds; a dead connection is noticed after a few of them
_IN_FLIGHT = 8.0  # seconds that questions in flight may take when the bot is stopped
_LARGEST = 1 << 20  # bytes of a request
_WAITS = (1, 2, 5, 10, 20, 30)  # seconds between attempts to reach Slack
_REFUSALS = {
    "invalid_auth": "it is not valid",
    "not_authed": "it is missing",
    "account_inactive": "the app was removed from the workspace",
    "token_revoked": "it was revoked",
    "token_expired": "it has expired",
    "missing_scope": "it lacks a scope",
    "not_allowed_token_type": "it is a token of another kind",
}
_FRESH = 10.0  # seconds between two looks at the folders
_SECRET = re.compile(r"x(?:ox[a-z](?:\.xox[a-z])?|app)-[\w-]+|(?:https?|wss?)://[^\s\"\\]+")

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Slack: the tokens, from the environment, and the mode."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    mode: str = "socket"
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = 3000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace, and what it may do there."""

    user: str
    team: str
    scopes: frozenset[str]


def identify(connection: Connection, stopped: threading.Event) -> Identity:
    """Asks Slack who the bot is, again and again while Slack is down.

    Raises `SlackRefused` when the token is no good.
    """
    client = WebClient(
        token=connection.bot_token, base_url=connection.api_url, timeout=TIMEOUT,
        retry_handlers=handlers(again=True),
    )  # fmt: skip
    for attempt in range(1_000_000):
        try:
            found = client.auth_test()
            scopes = (found.headers or {}).get("x-oauth-scopes") or ""
            names = scopes if isinstance(scopes, str) else ",".join(scopes)
            return Identity(
                str(found["user_id"]),
                str(found["team_id"]),
                frozenset(re.findall(r"[\w:.]+", names)),
            )
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in _REFUSALS:
                raise SlackRefused(
                    f"Slack refuses SLACK_BOT_TOKEN: {_REFUSALS[code]}; copy the bot token of the "
                    "app's page “OAuth & Permissions”."
                ) from None
            reason = code
        except (OSError, ValueError) as error:  # unreachable, or no Slack
            reason = type(error).__name__
        wait = _WAITS[min(attempt, len(_WAITS) - 1)]
        log.warning("Slack cannot be reached; trying again", extra={"error": reason, "wait": wait})
        if stopped.wait(wait):
            raise SlackRefused("Stopped before Slack could be reached; start it again.")
    raise AssertionError


def run(home: Home, access: Access, connection: Connection, *, watch: bool = False) -> None:
    """Runs the bot until SIGTERM or Ctrl-C; raises `SlackRefused`."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sys.setswitchinterval(_SWITCH)
    identity = identify(connection, stopped)
    state = State(home.path / "state.db")
    state.prune()
    scopes = identity.scopes or {*SCOPES, *(FOLLOW_UP_SCOPES if access.follow_ups else ())}
    post = Post(connection.bot_token, connection.api_url, frozenset(scopes))
    desk = Desk.open(home, state, access, post, identity.team)
    app = build_app(desk, connection.signing_secret or "none", identity.user)
    helpers = [threading.Thread(target=desk.sweep, args=(stopped,), daemon=True)]
    if watch:
        helpers.append(threading.Thread(target=_keep_fresh, args=(home, stopped), daemon=True))
    for helper in helpers:
        helper.start()
    desk.warm()
    try:
        (_over_http if connection.mode == "http" else _over_sockets)(app, desk, connection, stopped)
    finally:
        stopped.set()
        desk.close(_IN_FLIGHT)


def _over_sockets(app: App, desk: Desk, connection: Connection, stopped: threading.Event) -> None:
    handlers = [
        SocketModeHandler(
            app, connection.app_token, ping_interval=_PING, trace_enabled=False,
            web_client=WebClient(base_url=connection.api_url, timeout=TIMEOUT),
        )
        for _ in range(CONNECTIONS)
    ]  # fmt: skip
    switched_off = threading.Event()

    def listen(raw: str) -> None:
        # The SDK keeps what it does itself from its other listeners.
        if '"disconnect"' in raw and json.loads(raw).get("reason") == "link_disabled":
            switched_off.set()
            stopped.set()

    for each in handlers:
        each.client.on_message_listeners.append(listen)
        _connect(each, stopped)
    log.info("ready", extra={"mode": "socket", "connections": CONNECTIONS})
    while not stopped.wait(_LOOK):
        desk.metrics.connected.set(float(any(each.client.is_connected() for each in handlers)))
        for each in handlers:
            if _has_ended(each.client):
                _reconnect(each.client)
    with ThreadPoolExecutor(CONNECTIONS) as closing:
        for each in handlers:
            closing.submit(_close, each)
    if switched_off.is_set():
        raise SlackRefused("Socket Mode is switched off; switch it on in the app's settings.")


def _has_ended(client: SocketModeClient) -> bool:
    """Whether the other side ended a connection, which the SDK notices only by its pings."""
    sock = client.current_session.sock if client.current_session else None
    try:
        # Of the socket's own class, since a TLS socket cannot peek.
        peeked = sock and socket.socket.recv(sock, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return peeked == b""


def _reconnect(client: SocketModeClient) -> None:
    # The SDK's own threads may close the same socket meanwhile, on which it raises what comes; and
    # its monitor tries again every few seconds, so nothing here may end the bot.
    try:
        client.disconnect()
        client.connect_to_new_endpoint()
    except Exception as error:
        log.info("not connected", extra={"error": type(error).__name__})


def _close(handler: SocketModeHandler) -> None:
    handler.client.auto_reconnect_enabled = False
    session = handler.client.current_session
    if session and session.sock:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)  # else the SDK waits for it to read
    handler.close()  # type: ignore[no-untyped-call]


def _connect(handler: SocketModeHandler, stopped: threading.Event) -> None:
    for attempt in range(1_000_000):
        try:
            handler.connect()  # type: ignore[no-untyped-call]
            return
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in _REFUSALS:
                raise SlackRefused(
                    f"Slack refuses SLACK_APP_TOKEN: {_REFUSALS[code]}; make an app-level token "
                    "with connections:write under “Basic Information”."
                ) from None
        except (OSError, ValueError):
            pass
        if stopped.wait(_WAITS[min(attempt, len(_WAITS) - 1)]):
            return


def _over_http(app: App, desk: Desk, connection: Connection, stopped: threading.Event) -> None:
    import uvicorn

    config = uvicorn.Config(
        Web(app, desk), host=connection.host, port=connection.port, log_config=None,
        access_log=False, timeout_graceful_shutdown=int(_IN_FLIGHT),
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run)
    serving.start()
    log.info("ready", extra={"mode": "http", "port": connection.port})
    desk.metrics.connected.set(1.0)
    while serving.is_alive() and not stopped.wait(0.2):
        pass
    server.should_exit = True
    serving.join()
    if not stopped.is_set():
        raise SlackRefused(f"Port {connection.port} cannot be used; set PORT to a free one.")


class Web:
    """The ASGI application: Slack's requests, health, and figures."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._app, self._desk = app, desk
        self._dispatching = ThreadPoolExecutor(LISTENERS, "dispatch")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as the ASGI specification has it."""
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":
            return None
        status, headers, body = await self._answer(scope, receive)
        start = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": body})
        return None

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        plain = {"content-type": "text/plain; charset=utf-8"}
        path, method = scope["path"], scope["method"]
        if path == "/healthz" and method == "GET":
            return 200, plain, b"ok"
        if path == "/readyz" and method == "GET":
            ready = self._desk.home.current() is not None
            return (200, plain, b"ready") if ready else (503, plain, b"no index yet")
        if path == "/metrics" and method == "GET":
            return 200, plain, self._desk.metrics.text()
        if path != "/slack/events":
            return 404, plain, b"not found"
        if method != "POST":
            return 405, plain, b"only POST"
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if not re.fullmatch(r"\d{1,12}", headers.get("x-slack-request-timestamp", "")):
            return 401, plain, b"no timestamp"
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
        if length <= _LARGEST:
            body += part.get("body", b"")
        if not part.get("more_body") or length > 16 * _LARGEST:
            return bytes(body) if length <= _LARGEST else None


async def _lifespan(receive: Receive, send: Send) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


def _keep_fresh(home: Home, stopped: threading.Event) -> None:
    """Indexes what changed, in a process of its own, so that building never slows answering."""
    command = [sys.argv[0], "--home", str(home.path), "index"]
    while not stopped.wait(_FRESH):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            log.warning("the index could not be refreshed", extra={"code": done.returncode})


class Lines(logging.Formatter):
    """Log records as JSON, one a line; tokens and addresses are never among them."""

    _PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """The record with its time, level, message and what it carries besides."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {key: value for key, value in vars(record).items() if key not in self._PLAIN}
        entry = {"at": f"{at}Z", "level": record.levelname.lower(), "from": record.name,
                 "message": record.getMessage(), **fields}  # fmt: skip
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return _SECRET.sub("***", json.dumps(entry, ensure_ascii=False, default=str))


def log_to(stream: Any, level: str = "INFO") -> None:
    """Sends our records to the stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    handler.addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a record is ours: those of Bolt and the SDK quote what was sent."""
    return record.name.startswith("bot.")
