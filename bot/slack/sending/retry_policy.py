"""Which calls of Slack may be sent again, and what it refused or may have done all the same.

A post whose reply is lost may have arrived: sent again, it would be there twice.
"""

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.slack.errors import Unconfirmed

TIMEOUT = 10
"""Seconds until a request to Slack counts as lost."""
NO_REPLY = (OSError, http.client.HTTPException)
"""What is raised when no reply came, whatever became of the request."""
CALL_FAILED = (SlackApiError, *NO_REPLY)
"""What is raised when Slack refused a call, or did not reply."""
_UNSURE = {"internal_error", "fatal_error", "request_timeout"}


class UnsentRetryHandler(ConnectionErrorRetryHandler):
    """Tries again where no connection came about, so that nothing can have been done."""

    def _can_retry(self, *, error: Exception | None = None, **_: object) -> bool:
        reason = getattr(error, "reason", error)
        return isinstance(reason, ConnectionRefusedError | socket.gaierror)


def retry_handlers(*, repeatable: bool) -> list[RetryHandler]:
    """Handlers that send again what Slack did not take, as after 429; for `repeatable` calls, which
    do no more when they come twice, also what it may have taken."""
    taken: list[RetryHandler] = [
        ConnectionErrorRetryHandler(max_retry_count=3), ServerErrorRetryHandler(max_retry_count=3)
    ] if repeatable else []  # fmt: skip
    return [
        RateLimitErrorRetryHandler(max_retry_count=5),
        UnsentRetryHandler(max_retry_count=4),
        *taken,
    ]


@contextmanager
def raising_unconfirmed() -> Iterator[None]:
    """Raises `Unconfirmed` when Slack may have done what it was asked, `SlackApiError` when it
    refused."""
    try:
        yield
    except NO_REPLY:
        raise Unconfirmed from None
    except SlackApiError as error:
        if error.response.status_code >= 500 or error_code(error) in _UNSURE:
            raise Unconfirmed from None
        raise


def error_code(error: Exception) -> str:
    """Slack's own word for an error, or its kind; never its text, which may hold a token."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = str(error.response.get("error"))
    return code if re.fullmatch(r"\w+", code) else f"http_{error.response.status_code}"
