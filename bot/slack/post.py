"""Sending to Slack: what may be sent again, what must not, and what to do instead.

A post whose reply is lost may have arrived: sent again, it would be there twice. It is looked for
where the bot may read the thread; elsewhere the asker is told, and offered to try again.
"""

import http.client
import logging
import urllib.error
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.slack import wording
from bot.slack.errors import Undelivered
from bot.slack.render import Payload, notice
from bot.slack.state import Question

TIMEOUT = 10
"""Seconds until a request to Slack counts as lost."""
_ATTEMPTS = 3
_LOST = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)
_MALFORMED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
_NOT_THERE = {
    "not_in_channel", "channel_not_found", "is_archived", "restricted_action", "no_permission",
    "user_not_in_channel", "ekm_access_denied",
}  # fmt: skip
_GONE = {"thread_not_found", "message_not_found", "cannot_reply_to_message"}
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}

log = logging.getLogger(__name__)


def handlers(*, again: bool) -> list[RetryHandler]:
    """What is sent again of its own accord: after 429 and 5xx; with `again`, lost calls as well."""
    lost: list[RetryHandler] = [ConnectionErrorRetryHandler(max_retry_count=2)] if again else []
    return [RateLimitErrorRetryHandler(max_retry_count=5), ServerErrorRetryHandler(2), *lost]


class Post:
    """The way from the bot to Slack; safe to use from several threads.

    `scopes` are those of the token, empty when Slack did not say. `base_url` is Slack's own unless
    a stand-in plays its part.
    """

    def __init__(self, token: str, base_url: str, scopes: frozenset[str] = frozenset()) -> None:
        made: Callable[..., WebClient] = WebClient
        self.once = made(
            token=token, base_url=base_url, timeout=TIMEOUT, retry_handlers=handlers(again=False)
        )
        self.client = made(
            token=token, base_url=base_url, timeout=TIMEOUT, retry_handlers=handlers(again=True)
        )
        self._scopes, self._lacking = scopes, set[str]()

    def may(self, scope: str) -> bool:
        """Whether the token has a scope; where Slack did not say, until it says that it has not."""
        return (not self._scopes or scope in self._scopes) and scope not in self._lacking

    def lacks(self, error: SlackApiError) -> None:
        """Learns from a refusal which scope the token lacks, and says once how to add it."""
        if _code(error) == "missing_scope":
            needed = str(error.response.get("needed"))
            self._lacking.update(needed.split(","))
            log.warning("a scope is missing; install the app again with the manifest of "
                        "`pincite slack manifest`", extra={"needed": needed})  # fmt: skip

    def deliver(self, question: Question, payload: Payload, **options: Any) -> str:
        """Brings a payload to who asked, where they asked; gives its timestamp where it has one.

        A command, a click and a shortcut are answered for the asker's eyes only, anything else in
        its thread. Raises `Undelivered`.
        """
        try:
            if question.response_url:
                self.respond(question, payload, **options)
                return ""
            return self._post(question, payload)
        except _LOST as error:
            log.warning("unconfirmed", extra={"reference": question.reference})
            self._to_asker(question, notice(wording.UNCONFIRMED, retry=question.reference))
            raise Undelivered(f"unconfirmed ({type(error).__name__})") from None
        except SlackApiError as error:
            raise Undelivered(_code(error)) from None

    def respond(self, question: Question, payload: Payload, **options: Any) -> None:
        """Answers through the question's response_url, else by an ephemeral or direct message."""
        hook = WebhookClient(
            question.response_url, timeout=TIMEOUT, retry_handlers=handlers(again=False)
        )
        for body in (payload, {"text": payload["text"]}):
            sent = hook.send_dict({"response_type": "ephemeral", **_QUIET, **body, **options})
            if sent.status_code == 200:
                return
            if not _MALFORMED & {sent.body} and "invalid_blocks" not in sent.body:
                break
            log.error("malformed", extra={"reference": question.reference})
        self._to_asker(question, payload)

    def update(self, question: Question, payload: Payload) -> None:
        """Puts another answer in the place of the one that was posted."""
        self.client.chat_update(channel=question.channel, ts=question.answered_at, **payload)

    def delete(self, question: Question) -> None:
        """Takes an answer away."""
        self.client.chat_delete(channel=question.channel, ts=question.answered_at)

    def status(self, question: Question, text: str) -> None:
        """Shows in the thread what the bot is doing; nothing depends on it."""
        if not question.thread or question.response_url:
            return
        try:
            self.client.assistant_threads_setStatus(
                channel_id=question.channel, thread_ts=question.thread, status=text
            )
        except (SlackApiError, *_LOST) as error:
            log.info("no status", extra={"reference": question.reference, "error": _code(error)})

    def _post(self, question: Question, payload: Payload) -> str:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._post_once(question, payload)
            except SlackApiError as error:
                code = _code(error)
                if code in _GONE:
                    return ""  # the question was deleted: nobody waits
                if code in _NOT_THERE:
                    self._to_asker(question, payload)
                    return ""
                if code not in _MALFORMED or set(payload) == {"text"}:
                    raise
                log.error("malformed", extra={"reference": question.reference, "error": code})
                payload = {"text": payload["text"]}
            except _LOST:
                arrived = self._arrived(question)
                if arrived:
                    return arrived
                if arrived is None or attempt == _ATTEMPTS:
                    raise
        raise Undelivered("malformed")

    def _post_once(self, question: Question, payload: Payload) -> str:
        marked = {"event_type": "answer", "event_payload": {"reference": question.reference}}
        thread = _thread(question)
        sent = self.once.chat_postMessage(
            channel=question.channel, metadata=marked, **thread, **_QUIET, **payload
        )
        return str(sent["ts"])

    def _arrived(self, question: Question) -> str | None:
        """The timestamp of an answer whose reply was lost; empty when it is not there, None when
        the bot may not look."""
        scope = {"direct": "im:history", "private": "groups:history"}
        if not question.thread or not self.may(scope.get(question.kind, "channels:history")):
            return None
        try:
            found = self.client.conversations_replies(
                channel=question.channel, ts=question.thread, include_all_metadata=True, limit=200
            )
        except SlackApiError as error:
            self.lacks(error)
            return None
        except _LOST:
            return None
        for message in found["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("reference") == question.reference:
                return str(message["ts"])
        return ""

    def _to_asker(self, question: Question, payload: Payload) -> None:
        """Shows something to the asker alone: in the place of the question, else directly."""
        ways: list[Callable[[], Any]] = [
            lambda: self.once.chat_postMessage(channel=question.person, **_QUIET, **payload)
        ]
        if question.kind != "direct":
            thread = _thread(question)
            ways.insert(0, lambda: self.once.chat_postEphemeral(
                channel=question.channel, user=question.person, **thread, **payload
            ))  # fmt: skip
        failed = ""
        for way in ways:
            try:
                way()
                return
            except (SlackApiError, *_LOST) as error:
                failed = _code(error)
        raise Undelivered(failed)


def _code(error: Exception) -> str:
    """Slack's own word for an error, or its kind; never its text, which may hold a token."""
    if isinstance(error, SlackApiError):
        data = error.response.data if isinstance(error.response.data, dict) else {}
        return str(data.get("error") or error.response.status_code)
    return type(error).__name__


def _thread(question: Question) -> dict[str, Any]:
    return {"thread_ts": question.thread} if question.thread else {}
