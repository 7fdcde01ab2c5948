"""The address that Slack gives with a command or a click, at which its user can be answered."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_sdk import WebhookClient

from bot.slack.sending.retry_policy import CALL_FAILED, Failure, failure_of, failure_of_reply


def send(url: str, body: Mapping[str, Any], **options: Any) -> Failure | None:
    """Sends a message once; why Slack did not take it, if it did not.

    A refusal may come with status 200. `options` are the client's.
    """
    try:
        reply = WebhookClient(url, retry_handlers=[], **options).send_dict(dict(body))
    except CALL_FAILED as error:
        return failure_of(error)
    if reply.status_code == 200 and not (code := _refusal(reply.body)):
        return None
    code = _refusal(reply.body) or reply.body
    return failure_of_reply(code, reply.status_code, reply.headers or {})


def _refusal(body: str) -> str:
    """Slack's code in a body that says that something is not ok."""
    with suppress(ValueError, AttributeError):
        said = json.loads(body)
        return "" if said.get("ok") is not False else str(said.get("error") or "refused")
    return ""
