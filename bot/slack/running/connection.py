"""The way to Slack: the tokens, who the bot is there, and waiting for a Slack that is down."""

import http.client
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.sending.retries import TIMEOUT, code_of, handlers

T = TypeVar("T")

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

log = logging.getLogger(__name__)


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
    """Asks Slack who the bot is; raises what `once_reached` raises."""
    client = WebClient(
        token=connection.bot_token, base_url=connection.api_url, timeout=TIMEOUT,
        retry_handlers=handlers(again=True),
    )  # fmt: skip
    advice = "copy the bot token of the app's page “OAuth & Permissions”"
    found = once_reached(client.auth_test, "SLACK_BOT_TOKEN", advice, stopped)
    scopes = (found.headers or {}).get("x-oauth-scopes") or ""
    names = scopes if isinstance(scopes, str) else ",".join(scopes)
    return Identity(
        str(found["user_id"]), str(found["team_id"]), frozenset(re.findall(r"[\w:.]+", names))
    )


def once_reached(call: Callable[[], T], token: str, advice: str, stopped: threading.Event) -> T:
    """What a call of Slack gives; it is tried again and again while Slack is down.

    Raises `SlackRefused` when the token is no good, `Unreachable` when the bot is stopped.
    """
    for wait in chain(_WAITS, repeat(_WAITS[-1])):
        try:
            return call()
        except SlackApiError as error:
            reason = code_of(error)
            if reason in _REFUSALS:
                raise SlackRefused(
                    f"Slack refuses {token}: {_REFUSALS[reason]}; {advice}."
                ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:  # or it is no Slack
            reason = type(error).__name__
        if stopped.is_set():
            break
        log.warning("Slack cannot be reached; trying again", extra={"error": reason, "wait": wait})
        if stopped.wait(wait):
            break
    raise Unreachable(f"Slack cannot be reached ({reason}); see to the network or the proxy.")
