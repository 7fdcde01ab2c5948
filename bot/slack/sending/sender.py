"""Sending to Slack: what may be sent again, what must not, and what to do instead.

A post whose reply is lost may have arrived. It is looked for where the bot may read the thread;
elsewhere the asker gets a notice with a button to try again. What Slack does not take in a channel
is shown to the asker alone.
"""

import json
import logging
import ssl
import time
from contextlib import suppress
from typing import Any

from slack_sdk import WebhookClient
from slack_sdk.errors import SlackApiError

from bot.slack.errors import Unconfirmed, Undelivered
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message
from bot.slack.sending.notices import notice
from bot.slack.sending.retry_policy import (
    CALL_FAILED,
    NO_REPLY,
    TIMEOUT,
    error_code,
    raising_unconfirmed,
    retry_handlers,
)
from bot.slack.sending.slack_client import RateLimitCounter, SlackClient, Standing

_ATTEMPTS = 3
_WAITS = (0.0, 0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each attempt to notify somebody that an answer may be lost."""
_MALFORMED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
_GONE = {"thread_not_found", "message_not_found", "cannot_reply_to_message"}
_PLAIN: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}

log = logging.getLogger(__name__)


class Sender:
    """Sends messages to Slack; safe to use from several threads.

    `scopes` are those of the token; `base_url` is that of Slack's Web API; `standing` is told when
    Slack refuses the token.
    """

    def __init__(
        self, token: str, base_url: str, scopes: frozenset[str], standing: Standing | None = None
    ) -> None:
        self.standing = standing or Standing()
        # Made once: to read the certificates takes longer than to answer.
        self._common: dict[str, Any] = {"timeout": TIMEOUT, "ssl": ssl.create_default_context()}
        common = {"token": token, "base_url": base_url, **self._common}
        self.once = SlackClient(
            self.standing, **common, retry_handlers=retry_handlers(repeatable=False)
        )
        self.client = SlackClient(
            self.standing, **common, retry_handlers=retry_handlers(repeatable=True)
        )
        self._hasty = SlackClient(self.standing, **common, retry_handlers=[])
        self._scopes, self._lacking = scopes, set[str]()

    def may(self, scope: str) -> bool:
        """Whether the token has a scope, as far as is known."""
        return scope in self._scopes - self._lacking

    def lacks(self, error: SlackApiError) -> bool:
        """Learns from a refusal which scope the token lacks, and says once how to add it."""
        if error_code(error) != "missing_scope":
            return False
        needed = str(error.response.get("needed"))
        if needed not in self._lacking:
            self._lacking.update({needed, *needed.split(",")})
            log.warning("a scope is missing; install the app again with the manifest of "
                        "`pincite slack manifest`", extra={"needed": needed})  # fmt: skip
        return True

    def deliver(self, question: Question, message: Message, *, to_all: bool = True) -> str:
        """Brings a message to the asker, where they asked; gives its timestamp, else an empty text.

        A command, a click and a shortcut are answered for the asker's eyes only, anything else in
        its thread, unless not `to_all`. Raises `Undelivered`.
        """
        try:
            if question.response_url:
                if not self.respond(question, message):
                    self._to_asker(question, message)
                return ""
            if to_all or question.kind == "direct":
                return self._post(question, message)
            self._to_asker(question, message)
            return ""
        except Unconfirmed:
            self.unconfirmed(question)
            raise Undelivered("unconfirmed") from None
        except SlackApiError as error:
            raise Undelivered(error_code(error)) from None

    def unconfirmed(self, question: Question) -> None:
        """Notifies the asker that an answer may not have arrived; raises `Undelivered`.

        The notice may arrive twice: silence would be worse.
        """
        log.warning("unconfirmed", extra={"reference": question.reference})
        message = notice(wording.UNCONFIRMED, retry=question.reference)
        for attempt, wait in enumerate(_WAITS):
            time.sleep(wait)
            with suppress(Unconfirmed):
                return self._to_asker(question, message, skip=attempt % 2)
        raise Undelivered("unconfirmed")

    def respond(self, question: Question, message: Message, **options: Any) -> bool:
        """Answers through the question's response_url; whether Slack took it.

        Raises `Unconfirmed`: also when Slack failed over something that everybody would see, which
        must not be there twice.
        """
        counting = RateLimitCounter(self.standing.on_rate_limit)
        hook = WebhookClient(
            question.response_url, **self._common,
            retry_handlers=[counting, *retry_handlers(repeatable=False)],
        )  # fmt: skip
        for body in (message, {"text": message["text"]}):
            with raising_unconfirmed():
                sent = hook.send_dict({
                    "response_type": "ephemeral", "replace_original": False,
                    **_PLAIN, **_thread(question), **body, **options,
                })  # fmt: skip
            if _taken(sent.status_code, sent.body):
                return True
            if sent.status_code >= 500 and options.get("response_type") == "in_channel":
                raise Unconfirmed
            if not any(word in sent.body for word in _MALFORMED):
                break
            log.error("malformed", extra={"reference": question.reference})
        return False

    def update(self, question: Question, message: Message) -> None:
        """Replaces the answer that was posted; raises `Undelivered`."""
        self._change("chat.update", question, parse="none", **message)

    def delete(self, question: Question) -> None:
        """Deletes the answer that was posted; raises `Undelivered`."""
        self._change("chat.delete", question)

    def _change(self, method: str, question: Question, **fields: Any) -> None:
        body = {"channel": question.channel, "ts": question.answered_at, **fields}
        try:
            self.client.api_call(method, json=body)
        except CALL_FAILED as error:
            if error_code(error) not in _GONE:
                raise Undelivered(error_code(error)) from None

    def status(self, question: Question, text: str) -> None:
        """Shows in the thread what the bot is doing; nothing depends on it."""
        if not question.thread or question.response_url:
            return
        try:
            (self._hasty if text else self.once).assistant_threads_setStatus(
                channel_id=question.channel, thread_ts=question.thread, status=text
            )
        except SlackApiError as error:
            self.lacks(error)
        except NO_REPLY:
            pass

    def _post(self, question: Question, message: Message) -> str:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._post_once(question, message)
            except SlackApiError as error:
                code = error_code(error)
                if code in _GONE:
                    return ""  # the question was deleted: nobody waits
                if code not in _MALFORMED or set(message) == {"text"}:
                    self._to_asker(question, message)
                    return ""
                log.error("malformed", extra={"reference": question.reference, "error": code})
                message = {"text": message["text"]}
            except Unconfirmed:
                arrived = self.arrived(question, str(message["text"]))
                if arrived:
                    return arrived
                if arrived is None or attempt == _ATTEMPTS:
                    raise
        raise Undelivered("malformed")

    def _post_once(self, question: Question, message: Message) -> str:
        marked = {"event_type": "answer", "event_payload": {"reference": question.reference}}
        thread = _thread(question)
        with raising_unconfirmed():
            sent = self.once.chat_postMessage(
                channel=question.channel, metadata=marked, **thread, **_PLAIN, **message
            )
        return str(sent["ts"])

    def arrived(self, question: Question, text: str = "") -> str | None:
        """The timestamp of an answer whose reply was lost; empty when it is not there, None when
        the bot may not look. It is known by its metadata, or where they are not shown its text."""
        scope = {"direct": "im:history", "private": "groups:history"}
        if not question.thread or not self.may(scope.get(question.kind, "channels:history")):
            return None
        try:
            found = self.client.conversations_replies(
                channel=question.channel, ts=question.thread, oldest=question.ts,
                include_all_metadata=True, limit=200,
            )  # fmt: skip
        except SlackApiError as error:
            self.lacks(error)
            return None
        except NO_REPLY:
            return None
        for posted in found["messages"]:
            marked = (posted.get("metadata") or {}).get("event_payload") or {}
            is_later = posted.get("bot_id") and posted["ts"] > question.ts
            if is_later and (
                marked.get("reference") == question.reference
                or (not marked and posted.get("text") == text)
            ):
                return str(posted["ts"])
        return ""

    def _to_asker(self, question: Question, message: Message, skip: int = 0) -> None:
        """Shows a message to the asker alone: where the question was asked, else directly.

        Raises `Unconfirmed` and `Undelivered`; `skip` leaves out that many of the two ways.
        """
        here = {"channel": question.channel, **_thread(question)}
        ways: list[tuple[str, dict[str, Any]]] = [
            ("chat.postMessage", here) if question.kind == "direct"
            else ("chat.postEphemeral", {**here, "user": question.user}),
            ("chat.postMessage", {"channel": question.user}),
        ]  # fmt: skip
        failed = ""
        for method, target in ways[skip if question.channel else 1 :]:
            for body in (message, {"text": message["text"]}):
                try:
                    with raising_unconfirmed():
                        self.once.api_call(method, json={**target, **_PLAIN, **body})
                    return
                except SlackApiError as error:
                    failed = error_code(error)
                if failed not in _MALFORMED:
                    break
                log.error("malformed", extra={"reference": question.reference, "error": failed})
        raise Undelivered(failed)


def _taken(status: int, body: str) -> bool:
    """Whether a response_url took what it was sent: a refusal may come with status 200."""
    with suppress(ValueError, AttributeError):
        return status == 200 and json.loads(body).get("ok") is not False
    return status == 200


def _thread(question: Question) -> dict[str, Any]:
    return {"thread_ts": question.thread} if question.thread else {}
