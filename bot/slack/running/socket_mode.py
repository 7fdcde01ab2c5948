"""Socket Mode: connections to Slack that are kept until stopped."""

import json
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.running.connection import Connection, retried_until_reached

_CONNECTIONS = 2
"""While one is renewed, the other takes what comes."""
_POLL = 0.2  # seconds between two looks at the connections
_PING = 1.0  # seconds; a dead connection is noticed after a few of them

log = logging.getLogger(__name__)


def serve_sockets(app: App, connection: Connection, stopped: threading.Event) -> None:
    """Listens until stopped; raises `SlackRefused` when Slack does not want that."""
    listeners = [
        SocketModeHandler(
            app, connection.app_token, ping_interval=_PING, trace_enabled=False,
            web_client=connection.client(),
        )
        for _ in range(_CONNECTIONS)
    ]  # fmt: skip
    switched_off = threading.Event()

    def on_message(raw: str) -> None:
        # The SDK keeps what it does itself from its other listeners.
        if '"disconnect"' in raw and json.loads(raw).get("reason") == "link_disabled":
            switched_off.set()
            stopped.set()

    for each in listeners:
        each.client.on_message_listeners.append(on_message)
        with suppress(Unreachable):  # when it was stopped
            _connect(each, stopped)
    log.info("ready", extra={"mode": "socket", "connections": _CONNECTIONS})
    _keep_open([each.client for each in listeners], stopped)
    with ThreadPoolExecutor(_CONNECTIONS) as closing:
        for each in listeners:
            closing.submit(_close, each)
    if switched_off.is_set():
        raise SlackRefused("Socket Mode is switched off; switch it on in the app's settings.")


def _connect(listener: SocketModeHandler, stopped: threading.Event) -> None:
    advice = "make an app-level token with connections:write under “Basic Information”"
    retried_until_reached(listener.connect, "SLACK_APP_TOKEN", advice, stopped)


def _keep_open(clients: list[SocketModeClient], stopped: threading.Event) -> None:
    """Renews what ends, and notes when Slack cannot reach the bot and when it can again."""
    reached = True
    while not stopped.wait(_POLL):
        for each in clients:
            if _has_ended(each):
                _reconnect(each)
        if reached != any(each.is_connected() for each in clients):
            reached = not reached
            if reached:
                log.info("connected again")
            else:
                log.warning("not connected")


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
        log.info("no new connection", extra={"error": type(error).__name__})


def _close(listener: SocketModeHandler) -> None:
    listener.client.auto_reconnect_enabled = False
    session = listener.client.current_session
    if session and session.sock:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)  # else the SDK waits for it to read
    listener.close()  # type: ignore[no-untyped-call]
