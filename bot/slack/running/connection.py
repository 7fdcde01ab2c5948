"""The connection to Slack: tokens, the bot's identity, and waiting while Slack is down."""

import http.client
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.sending.retry_policy import TIMEOUT, error_code, retry_handlers
from bot.slack.sending.slack_client import (
    BOT_TOKEN,
    REFUSALS,
    SlackClient,
    Standing,
    refusal_of,
)

_T = TypeVar("_T")

WAITS = (1, 2, 5, 10, 20, 30)
"""Seconds between attempts to reach Slack; the last again and again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Slack: the tokens, from the environment, and the mode; and where the bot listens
    itself, if it does (`listens`)."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    mode: str = "socket"
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = 3000
    listens: bool = False

    def client(self, standing: Standing, **options: Any) -> SlackClient:
        """A client of Slack's Web API, without a token unless `options` hold one."""
        return SlackClient(standing, base_url=self.api_url, timeout=TIMEOUT, **options)


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids of the bot's user and workspace, the scopes of its token, and what people call it."""

    user: str
    team: str
    scopes: frozenset[str]
    name: str = "pincite"


def identify(
    connection: Connection, stopped: threading.Event, standing: Standing | None = None
) -> Identity:
    """Asks Slack who the bot is; raises `SlackRefused` and `Unreachable`."""
    client = connection.client(
        standing or Standing(),
        token=connection.bot_token,
        retry_handlers=retry_handlers(),
    )
    found = retried_until_reached(client.auth_test, BOT_TOKEN, stopped)
    headers = {name.lower(): value for name, value in (found.headers or {}).items()}
    scopes = headers.get("x-oauth-scopes") or ""
    names = scopes if isinstance(scopes, str) else ",".join(scopes)
    return Identity(
        str(found["user_id"]),
        str(found["team_id"]),
        frozenset(re.findall(r"[\w:.]+", names)),
        str(found.get("user") or "pincite"),
    )


def retried_until_reached(call: Callable[[], _T], token: str, stopped: threading.Event) -> _T:
    """What a call of Slack gives, which is tried again for as long as Slack is down.

    Raises `SlackRefused` when the token is no good, `Unreachable` when the bot is stopped.
    """
    for wait in chain(WAITS, repeat(WAITS[-1])):
        try:
            return call()
        except SlackApiError as error:
            reason = error_code(error)
            if reason in REFUSALS or reason == "missing_scope":
                raise SlackRefused(refusal_of(token, reason)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:  # or it is no Slack
            reason = type(error).__name__
        if stopped.is_set():
            break
        log.warning("Slack cannot be reached; trying again", extra={"error": reason, "wait": wait})
        if stopped.wait(wait):
            break
    raise Unreachable(f"Slack cannot be reached ({reason}); see to the network or the proxy.")
