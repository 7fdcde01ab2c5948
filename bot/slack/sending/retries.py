"""Calls of Slack: which may be sent again, and telling what it refused from what it may have done.

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
LOST = (OSError, http.client.HTTPException)
"""What is raised when no reply came, whatever became of the request."""
_UNSURE = {"internal_error", "fatal_error", "request_timeout"}


class NeverSent(ConnectionErrorRetryHandler):
    """Tries again where no connection came about, so that nothing can have been done."""

    def _can_retry(self, *, error: Exception | None = None, **_: object) -> bool:
        reason = getattr(error, "reason", error)
        return isinstance(reason, ConnectionRefusedError | socket.gaierror)


def handlers(*, again: bool) -> list[RetryHandler]:
    """What is sent again of its own accord: what Slack did not take, as after 429; with `again`
    also what it may have taken, which only calls may that do no more when they come twice."""
    taken: list[RetryHandler] = [
        ConnectionErrorRetryHandler(max_retry_count=3), ServerErrorRetryHandler(max_retry_count=3)
    ] if again else []  # fmt: skip
    return [RateLimitErrorRetryHandler(max_retry_count=5), NeverSent(max_retry_count=4), *taken]


@contextmanager
def confirming() -> Iterator[None]:
    """Tells what Slack refused from what it may have done: raises `Unconfirmed` for the latter."""
    try:
        yield
    except LOST:
        raise Unconfirmed from None
    except SlackApiError as error:
        if error.response.status_code >= 500 or code_of(error) in _UNSURE:
            raise Unconfirmed from None
        raise


def code_of(error: Exception) -> str:
    """Slack's own word for an error, or its kind; never its text, which may hold a token."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = str(error.response.get("error"))
    return code if re.fullmatch(r"\w+", code) else f"http_{error.response.status_code}"
