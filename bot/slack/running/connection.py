"""The connection to Slack: tokens, the bot's identity, and waiting while Slack is down."""

import http.client
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.sending.retry_policy import TIMEOUT, error_code, retry_handlers

_T = TypeVar("_T")

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

    def client(self, **options: Any) -> WebClient:
        """A client of Slack's Web API, without a token unless `options` hold one."""
        return WebClient(base_url=self.api_url, timeout=TIMEOUT, **options)


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids of the bot's user and workspace, and the scopes of its token."""

    user: str
    team: str
    scopes: frozenset[str]


def identify(connection: Connection, stopped: threading.Event) -> Identity:
    """Asks Slack who the bot is; raises `SlackRefused` and `Unreachable`."""
    client = connection.client(token=connection.bot_token, retry_handlers=retry_handlers())
    advice = "copy the bot token of the app's page “OAuth & Permissions”"
    found = retried_until_reached(client.auth_test, "SLACK_BOT_TOKEN", advice, stopped)
    scopes = (found.headers or {}).get("x-oauth-scopes") or ""
    names = scopes if isinstance(scopes, str) else ",".join(scopes)
    return Identity(
        str(found["user_id"]), str(found["team_id"]), frozenset(re.findall(r"[\w:.]+", names))
    )


def retried_until_reached(
    call: Callable[[], _T], token: str, advice: str, stopped: threading.Event
) -> _T:
    """What a call of Slack gives, which is tried again for as long as Slack is down.

    Raises `SlackRefused` when the token is no good, `Unreachable` when the bot is stopped.
    """
    for wait in chain(_WAITS, repeat(_WAITS[-1])):
        try:
            return call()
        except SlackApiError as error:
            reason = error_code(error)
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
