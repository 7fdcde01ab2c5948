"""Socket Mode: connections to Slack that are kept until stopped."""

import json
import logging
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import send_response
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.errors import SlackRefused, Unreachable, log_failure
from bot.slack.listening.app import respond
from bot.slack.running.connection import WAITS, Connection, retried_until_reached
from bot.slack.sending.slack_client import APP_TOKEN, Standing

_CONNECTIONS = 2
"""While one is renewed, the other takes what comes."""
_POLL = 0.2  # seconds between two looks at the connections
_PING = 1.0  # seconds; a dead connection is noticed after a few of them

log = logging.getLogger(__name__)


class TooSoon(ConnectionError):
    """A connection is not asked for yet, because the last ones failed."""


class Line(SocketModeClient):
    """One connection to Slack, over which the app hears and acknowledges.

    When it ends it is renewed by the SDK's own threads and by `keep`, with longer and longer waits
    between the attempts of both until Slack says hello.
    """

    def __init__(self, app: App, connection: Connection, standing: Standing) -> None:
        super().__init__(
            app_token=connection.app_token,
            web_client=connection.client(standing),
            ping_interval=_PING,
        )
        self._app, self._standing = app, standing
        self._attempts, self._not_before = 0, 0.0
        self.is_switched_off = False
        self.on_message_listeners.append(self._note)

    def issue_new_wss_url(self) -> str:
        """Asks Slack for an address to connect to; raises `TooSoon` and what asking raises."""
        if self._standing.lost.is_set() or time.monotonic() < self._not_before:
            raise TooSoon
        self._delay(WAITS[min(self._attempts, len(WAITS) - 1)])
        self._attempts += 1
        try:
            return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except SlackApiError as error:
            if error.response.status_code == 429:
                self._delay(float(error.response.headers.get("Retry-After") or WAITS[-1]))
            raise

    def _delay(self, seconds: float) -> None:
        self._not_before = time.monotonic() + seconds

    def keep(self) -> None:
        """Renews the connection if it has ended."""
        if self._has_ended():
            self._renew()

    def _has_ended(self) -> bool:
        """Whether the other side ended the connection, which the SDK notices only by its pings."""
        sock = self.current_session.sock if self.current_session else None
        try:
            # Of the socket's own class, since a TLS socket cannot peek.
            peeked = sock and socket.socket.recv(sock, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return peeked == b""

    def _renew(self) -> None:
        # The SDK's own threads may close the same socket meanwhile, on which it raises what comes;
        # and its monitor tries again every second, so nothing here may end the bot.
        try:
            self.disconnect()
            self.connect_to_new_endpoint()
        except Exception as error:
            log.info("no new connection", extra={"error": type(error).__name__})

    def _note(self, raw: str) -> None:
        # The SDK keeps what it does itself from its other listeners.
        if '"hello"' in raw and _json(raw).get("type") == "hello":
            self._attempts = 0
        if '"disconnect"' in raw and _json(raw).get("reason") == "link_disabled":
            self.is_switched_off = True

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Has the app answer a message, and acknowledges; what is malformed too, for Slack would
        only send it again."""
        envelope = message.get("envelope_id")
        if not isinstance(envelope, str):
            return
        try:
            response = respond(self._app, body=message.get("payload"), mode="socket_mode")
            if response.status == 400:
                response = BoltResponse(status=200)
            send_response(self, SocketModeRequest("", envelope, {}), response, 0.0)
        except (SlackClientNotConnectedError, OSError) as error:
            log.info("not acknowledged", extra={"error": type(error).__name__})
        except Exception as error:
            log_failure(log, "defect", error)

    def hang_up(self) -> None:
        """Ends the connection for good."""
        self.default_auto_reconnect_enabled = self.auto_reconnect_enabled = False
        session = self.current_session
        if session and session.sock:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)  # else the SDK waits for it to read
        self.close()


def _json(raw: str) -> Mapping[str, Any]:
    with suppress(ValueError, RecursionError):
        return dict(json.loads(raw))
    return {}


class Lines:
    """The connections to Slack, each of which may carry any request."""

    def __init__(self, app: App, connection: Connection, standing: Standing) -> None:
        self._lines = [Line(app, connection, standing) for _ in range(_CONNECTIONS)]

    def open(self) -> int:
        """How many are open."""
        return sum(each.is_connected() for each in self._lines)

    def problem(self) -> str:
        """What is wrong with them; empty when requests can come."""
        return "" if self.open() else "there is no connection to Slack"

    def serve(self, stopped: threading.Event) -> None:
        """Listens until stopped; raises `SlackRefused` when Slack does not want that."""
        try:
            for each in self._lines:
                with suppress(Unreachable):  # when it was stopped
                    retried_until_reached(each.connect, APP_TOKEN, stopped)
            log.info("ready", extra={"mode": "socket", "connections": _CONNECTIONS})
            self._keep_open(stopped)
        finally:
            with ThreadPoolExecutor(_CONNECTIONS) as closing:
                for each in self._lines:
                    closing.submit(each.hang_up)

    def _keep_open(self, stopped: threading.Event) -> None:
        """Renews what ends, and notes when Slack cannot reach the bot and when it can again."""
        reached = True
        while not stopped.wait(_POLL):
            for each in self._lines:
                if each.is_switched_off:
                    raise SlackRefused(
                        "Socket Mode is switched off; switch it on in the app's settings."
                    )
                each.keep()
            if reached != bool(self.open()):
                reached = not reached
                if reached:
                    log.info("connected again")
                else:
                    log.warning("not connected")
