"""The client through which all calls of Slack go, and what Slack says of the bot there.

A token that Slack refuses is refused for good: whoever asked is told as of any error, and the
`Standing`, which all clients of a process share, tells the process that it has to end.
"""

import threading
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import (
    HttpRequest,
    HttpResponse,
    RetryHandler,
    RetryState,
    default_retry_handlers,
)
from slack_sdk.web import SlackResponse

REFUSALS = {
    "account_inactive": "the app was removed from the workspace",
    "app_uninstalled": "the app was removed from the workspace",
    "invalid_auth": "it is not valid",
    "not_allowed_token_type": "it is a token of another kind",
    "not_authed": "it is missing",
    "team_access_not_granted": "it is not for this workspace",
    "token_expired": "it has expired",
    "token_revoked": "it was revoked",
}
"""Slack's codes for a token that it does not take, and what they mean."""
BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_ADVICE = {
    BOT_TOKEN: "copy the bot token of the app's page “OAuth & Permissions”",
    APP_TOKEN: "make an app-level token with connections:write under “Basic Information”",
}
_RATE_LIMITED = 429


class Standing:
    """How Slack takes the bot: `lost` is set once it refuses a token, and `refusal` says why.

    `on_rate_limit` hears the method of each call that Slack took at a later moment only.
    """

    def __init__(self, on_rate_limit: Callable[[str], object] = lambda method: None) -> None:
        self.on_rate_limit = on_rate_limit
        self.lost = threading.Event()
        self.refusal, self.code = "", ""

    def refuse(self, token: str, code: str) -> None:
        """Notes that Slack refuses a token, with its code; the first refusal counts."""
        if not self.lost.is_set():
            self.refusal, self.code = refusal_of(token, code), code
            self.lost.set()


def refusal_of(token: str, code: str) -> str:
    """What it means that Slack refuses a token, and what to do, as a sentence."""
    why = REFUSALS.get(code, "it lacks a scope" if code == "missing_scope" else code)
    return f"Slack refuses {token} ({code}): {why}; {_ADVICE[token]}."


class SlackClient(WebClient):
    """A client of Slack's Web API that tells a `Standing` of refused tokens and of rate limits."""

    def __init__(self, standing: Standing, **options: Any) -> None:
        handlers = options.pop("retry_handlers", None)
        handlers = default_retry_handlers() if handlers is None else handlers
        counting = RateLimitCounter(standing.on_rate_limit)
        super().__init__(retry_handlers=[counting, *handlers], **options)
        self._standing = standing

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Calls a method of the Web API; raises what `WebClient` raises."""
        try:
            return super().api_call(api_method, **arguments)
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in REFUSALS:
                of_app = api_method == "apps.connections.open"
                self._standing.refuse(APP_TOKEN if of_app else BOT_TOKEN, code)
            raise


class RateLimitCounter(RetryHandler):
    """Tells of every 429, by the method that was called, and leaves trying again to others."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__(max_retry_count=0)
        self._tell = tell

    def can_retry(
        self, *, state: RetryState, request: HttpRequest, response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:  # fmt: skip
        """Never; but it is told."""
        if response is not None and response.status_code == _RATE_LIMITED:
            of_api = "/api/" in request.url
            self._tell(request.url.rpartition("/")[2] if of_api else "response_url")
        return False
