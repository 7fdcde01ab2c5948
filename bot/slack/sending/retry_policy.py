"""Which calls of Slack may be sent again, and what it refused or may have done all the same.

A post whose reply is lost may have arrived: sent again, it would be there twice.
"""

import http.client
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import FixedValueRetryIntervalCalculator, RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

TIMEOUT = 10
"""Seconds until a request to Slack counts as lost."""
NO_REPLY = (OSError, http.client.HTTPException)
"""What is raised when no reply came, whatever became of the request."""
CALL_FAILED = (SlackApiError, *NO_REPLY)
"""What is raised when Slack refused a call, or did not reply."""
_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_UNSENT = {"service_unavailable", "team_added_to_org"}
_UNSURE = {"internal_error", "fatal_error", "request_timeout"}
REVOKED = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "app_uninstalled",
}
"""Slack's codes for a token that is good for nothing any more."""
_LONGEST = 3_600.0  # seconds that a Retry-After is believed


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call failed, by Slack's `code`, and whether it may be sent again.

    It was `limited`, and may be after `wait` seconds; was `unsent`, so that nothing came of it; is
    `unsure`, for it may have been done; the token is `revoked`; or it was `refused` for good.
    Where nothing was `replied` at all, `code` is the kind of the exception.
    """

    code: str
    kind: Literal["limited", "unsent", "unsure", "revoked", "refused"]
    wait: float = 0.0
    replied: bool = True


def failure_of(error: Exception) -> Failure:
    """What one of `CALL_FAILED` means."""
    code = error_code(error)
    if isinstance(error, SlackApiError):
        headers = getattr(error.response, "headers", None) or {}
        return _failure(code, error.response.status_code, headers)
    reason = getattr(error, "reason", error)
    unsent = isinstance(reason, ConnectionRefusedError | socket.gaierror)
    return Failure(code, "unsent" if unsent else "unsure", replied=False)


def failure_of_reply(code: str, status: int, headers: Mapping[str, Any]) -> Failure:
    """What a reply of a response_url means that is no success."""
    return _failure(code if re.fullmatch(r"\w+", code) else f"http_{status}", status, headers)


def _failure(code: str, status: int, headers: Mapping[str, Any]) -> Failure:
    if status == 429 or code in _LIMITED:
        return Failure(code, "limited", _retry_after(headers))
    if status == 503 or code in _UNSENT:
        return Failure(code, "unsent")
    if status >= 500 or code in _UNSURE:
        return Failure(code, "unsure")
    return Failure(code, "revoked" if code in REVOKED else "refused")


def _retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds that Slack asks to wait; one where it does not say."""
    named = {name.lower(): value for name, value in headers.items()}
    value = named.get("retry-after", 1)
    value = value[0] if isinstance(value, list) else value
    try:
        return min(max(0.0, float(value)), _LONGEST)
    except (TypeError, ValueError):
        return 1.0


def retry_handlers(*, at_once: bool = False) -> list[RetryHandler]:
    """Handlers for calls that do no more when they come twice: they sleep in between. With
    `at_once` they do so for a moment only, and leave it to the caller to wait after 429."""
    if at_once:
        soon = FixedValueRetryIntervalCalculator(fixed_internal=0.2)
        return [
            ConnectionErrorRetryHandler(max_retry_count=3, interval_calculator=soon),
            ServerErrorRetryHandler(max_retry_count=3, interval_calculator=soon),
        ]
    return [
        RateLimitErrorRetryHandler(max_retry_count=5),
        ConnectionErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=3),
    ]


def error_code(error: Exception) -> str:
    """Slack's own word for an error, or its kind; never its text, which may hold a token."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = str(error.response.get("error"))
    return code if re.fullmatch(r"\w+", code) else f"http_{error.response.status_code}"
