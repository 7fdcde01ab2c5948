"""HTTP mode: what Slack signed is answered, once its signature was checked on the bytes it sent."""

import hashlib
import hmac
import logging
import re
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import parse_qs

from slack_bolt import App

from bot.slack.errors import log_failure
from bot.slack.listening.app import LISTENERS, MALFORMED, NO_RETRY, respond

_PATIENCE = 2.0
"""Seconds that a request waits for a bot that has not begun yet; Slack waits for three."""
_NOTED_EACH = 60.0  # seconds
_OLDEST = 300  # seconds since a request was signed
_SIGNED_AT = re.compile(r"[0-9]{1,12}")
_SSL_CHECK = 1024  # bytes at most of the one request that Slack does not sign
_PLAIN = {"content-type": "text/plain; charset=utf-8"}

log = logging.getLogger(__name__)


class SlackRequests:
    """Slack's requests, answered in threads by the app that is given with `open`."""

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret.encode()
        self._threads = ThreadPoolExecutor(LISTENERS, "dispatch")
        self._begun = threading.Event()
        self._silent_until = 0.0
        self._app: App | None = None

    def open(self, app: App) -> None:
        """Has the app answer from now on, also what waits already."""
        self._app = app
        self._begun.set()

    def close(self) -> None:
        """Answers what is under way, and turns away what comes: Slack sends it to the next one."""
        self._app = None
        self._begun.set()
        self._threads.shutdown()

    def answer(
        self, body: bytes, headers: Mapping[str, str]
    ) -> Future[tuple[int, dict[str, str], bytes]]:
        """The status, headers and body that a request gets."""
        try:
            return self._threads.submit(self._answer, body, headers)
        except RuntimeError:  # closed
            done: Future[tuple[int, dict[str, str], bytes]] = Future()
            done.set_result((503, dict(_PLAIN), b"the bot is stopping"))
            return done

    def _answer(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        if not self._is_signed(body, headers):
            if _is_ssl_check(body):
                return 200, dict(_PLAIN), b""
            self._note_unsigned(headers)
            return 401, dict(_PLAIN), b"not signed by Slack"
        self._begun.wait(_PATIENCE)
        if self._app is None:
            return 503, dict(_PLAIN), b"the bot is not ready"
        try:
            text = body.decode("utf-8")
        except ValueError:
            return MALFORMED, _PLAIN | NO_RETRY, b"not understood"
        try:
            answer = respond(self._app, body=text, headers=dict(headers))
        except Exception as error:
            log_failure(log, "defect", error)
            return 500, dict(_PLAIN), b"a defect"
        shown = {name: values[0] for name, values in answer.headers.items()}
        return answer.status, shown, answer.body.encode()

    def _note_unsigned(self, headers: Mapping[str, str]) -> None:
        """Logs what keeps Slack's own requests from being answered too, now and then."""
        at = headers.get("x-slack-request-timestamp", "")
        if not _SIGNED_AT.fullmatch(at) or time.monotonic() < self._silent_until:
            return
        self._silent_until = time.monotonic() + _NOTED_EACH
        log.warning("a request is not signed with SLACK_SIGNING_SECRET, or the clock is wrong",
                    extra={"seconds_off": round(time.time() - int(at))})  # fmt: skip

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        at = headers.get("x-slack-request-timestamp", "")
        if not _SIGNED_AT.fullmatch(at) or abs(time.time() - int(at)) > _OLDEST:
            return False
        digest = hmac.new(self._secret, b"v0:%s:%s" % (at.encode(), body), hashlib.sha256)
        given = headers.get("x-slack-signature", "")
        return hmac.compare_digest(f"v0={digest.hexdigest()}".encode(), given.encode("latin-1"))


def _is_ssl_check(body: bytes) -> bool:
    """Whether Slack only looks whether there is a server, which it does not sign."""
    if len(body) > _SSL_CHECK:
        return False
    return parse_qs(body.decode("latin-1")).get("ssl_check") == ["1"]
