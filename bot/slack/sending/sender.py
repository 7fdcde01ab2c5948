"""Sending to Slack: what may be sent again, what must not, and what to do instead.

A post whose reply is lost may have arrived. It is looked for where the bot may read the thread, and
posted again when it is not there; elsewhere the asker gets a notice with a button to try again. An
answer stays in its place for as long as Slack may still take it there; what Slack refuses in a
channel for good is shown to the asker alone. Whatever waits for Slack is `Waiting`.
"""

import logging
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.errors import Unconfirmed, Undelivered
from bot.slack.question import Question
from bot.slack.sending import response_url, wording
from bot.slack.sending.block_kit import Message
from bot.slack.sending.notices import notice
from bot.slack.sending.patience import Patience, Wait, Waiting, patiently
from bot.slack.sending.retry_policy import (
    CALL_FAILED,
    NO_REPLY,
    TIMEOUT,
    Failure,
    error_code,
    failure_of,
    retry_handlers,
)
from bot.slack.sending.slack_client import REFUSALS, RateLimitCounter, SlackClient, Standing

_HASTE = 3  # seconds for a call on which nothing depends
_LOOKING = 20.0  # seconds in which Slack must say whether an answer arrived
_ANOTHER_WAY = 4.0  # seconds after which a response_url that fails is left for another way
_WITHDRAWING = 600.0  # seconds in which what stands in the wrong place must be gone
_MALFORMED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
_GONE = {"thread_not_found", "message_not_found", "cannot_reply_to_message"}
_PLAIN: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}

log = logging.getLogger(__name__)

Starting = Callable[[bool], object]
"""Is told True when an answer is about to be posted, and False when nothing came of that; what it
raises keeps the answer from being posted."""


class Sender:
    """Sends messages to Slack; safe to use from several threads.

    `scopes` are those of the token; `base_url` is that of Slack's Web API; `standing` is told when
    Slack refuses the token. `client` is for calls that do no more when they come twice; it tries
    again for a moment, and never after 429.
    """

    def __init__(
        self, token: str, base_url: str, scopes: frozenset[str], standing: Standing | None = None
    ) -> None:
        self.standing = standing or Standing()
        # Made once: to read the certificates takes longer than to answer.
        self._common: dict[str, Any] = {"timeout": TIMEOUT, "ssl": ssl.create_default_context()}
        common = {"token": token, "base_url": base_url, **self._common}
        self._common["retry_handlers"] = [RateLimitCounter(self.standing.on_rate_limit)]
        made = partial(SlackClient, self.standing)
        self.once = made(**common, retry_handlers=[])
        self.client = made(**common, retry_handlers=retry_handlers(at_once=True))
        self._hasty = made(**{**common, "timeout": _HASTE}, retry_handlers=[])
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

    def deliver(
        self, question: Question, message: Message, *, to_all: bool = True,
        starting: Starting = lambda _: None,
    ) -> Waiting[str]:  # fmt: skip
        """Brings a message to the asker, where they asked; gives its timestamp, else an empty text.

        A command, a click and a shortcut are answered for the asker's eyes only, anything else in
        its thread, unless not `to_all`. Raises `Undelivered`, when the asker knows that if they
        can be reached at all.
        """
        try:
            if question.response_url or not (to_all or question.kind == "direct"):
                yield from self._privately(question, message, starting, repeatable=not to_all)
                return ""
            return (yield from self._post(question, message, starting))
        except Unconfirmed:
            yield from self.unconfirmed(question)
            raise Undelivered("unconfirmed") from None
        except Undelivered:
            starting(False)
            raise

    def unconfirmed(self, question: Question) -> Waiting[None]:
        """Notifies the asker that an answer may not have arrived; raises `Undelivered`.

        The notice may arrive twice: silence would be worse.
        """
        log.warning("unconfirmed", extra={"reference": question.reference})
        yield from self._apologize(question, wording.UNCONFIRMED)

    def _apologize(self, question: Question, sentence: str) -> Waiting[None]:
        message = notice(sentence, retry=question.reference)
        yield from self._to_asker(question, message, repeatable=True)

    def _privately(
        self, question: Question, message: Message, starting: Starting, *, repeatable: bool
    ) -> Waiting[None]:
        if question.response_url and (yield from self.respond(question, message, starting)):
            return
        starting(True)
        yield from self._to_asker(question, message, repeatable=repeatable)

    def respond(
        self, question: Question, message: Message, starting: Starting = lambda _: None,
        **options: Any,
    ) -> Waiting[bool]:  # fmt: skip
        """Answers through the question's response_url; whether Slack took it.

        Raises `Unconfirmed`: also when Slack failed over something that everybody would see, which
        must not be there twice.
        """
        given = {
            "response_type": "ephemeral", "replace_original": question.again,
            **_PLAIN, **_thread(question),
        }  # fmt: skip
        is_public = options.get("response_type") == "in_channel"
        for body in _with_and_without_blocks(message):
            limits, failing = Patience(), Patience(_ANOTHER_WAY)
            while True:
                starting(True)
                failure = response_url.send(
                    question.response_url, {**given, **body, **options}, **self._common
                )
                if failure is None:
                    return True
                is_twice = is_public or not (failure.replied or question.again)
                if failure.kind == "unsure" and is_twice:
                    raise Unconfirmed
                wait = (limits if failure.kind == "limited" else failing).wait(failure)
                if failure.kind in ("refused", "revoked") or wait is None:
                    break
                starting(failure.kind == "unsure")
                yield wait
            if failure.code not in _MALFORMED:
                return False
            _note_malformed(question, failure)
        return False

    def update(self, question: Question, message: Message) -> Waiting[None]:
        """Replaces the answer that was posted; raises `Undelivered`."""
        yield from self._change("chat.update", question, parse="none", **message)

    def delete(self, question: Question) -> Waiting[None]:
        """Deletes the answer that was posted; raises `Undelivered`."""
        yield from self._change("chat.delete", question)

    def _change(self, method: str, question: Question, **fields: Any) -> Waiting[None]:
        body = {"channel": question.channel, "ts": question.answered_at, **fields}
        try:
            yield from patiently(partial(self.once.api_call, method, json=body))
        except CALL_FAILED as error:
            if error_code(error) not in _GONE:
                raise Undelivered(error_code(error)) from None

    def status(self, question: Question, text: str) -> None:
        """Shows in the thread what the bot is doing; nothing depends on it."""
        try:
            self._set_status(question, text)
        except SlackApiError as error:
            self.lacks(error)
        except NO_REPLY:
            pass

    def clear_status(self, question: Question) -> Waiting[None]:
        """Shows in the thread that the bot does nothing any more."""
        try:
            yield from patiently(partial(self._set_status, question, ""), seconds=_LOOKING)
        except CALL_FAILED as error:
            log.info("a status was left", extra={"error": error_code(error)})

    def _set_status(self, question: Question, text: str) -> None:
        self._hasty.assistant_threads_setStatus(
            channel_id=question.channel, thread_ts=question.thread, status=text
        )

    def _post(self, question: Question, message: Message, starting: Starting) -> Waiting[str]:
        """Posts in the thread, when it is the turn of this answer in the channel."""
        turn = Wait(lane=question.channel)
        yield turn
        patience = Patience()
        while True:
            starting(True)
            try:
                sent = self._post_once(question, message)
            except CALL_FAILED as error:
                failure = failure_of(error)
            else:
                return (yield from self._kept_in_its_thread(question, sent))
            if failure.code in _GONE:
                return ""  # the question was deleted: nobody waits
            if failure.code in _MALFORMED and set(message) != {"text"}:
                _note_malformed(question, failure)
                message = {"text": message["text"]}
                continue
            if failure.kind == "refused":
                yield from self._to_asker(question, message, repeatable=False)
                return ""
            if failure.kind == "revoked":
                raise Undelivered(failure.code)
            if failure.kind == "unsure" and not self.may_look(question):
                raise Unconfirmed
            wait = patience.wait(failure, turn.lane)
            if failure.kind != "unsure":
                starting(False)
            if wait:
                yield wait
            if failure.kind == "unsure":
                arrived = yield from self.arrived(question, str(message["text"]))
                if arrived:
                    return arrived
                if arrived is None:
                    raise Unconfirmed
                starting(False)
            if wait is None:
                yield from self._give_up(question, failure)
            elif not wait.lane:
                yield turn

    def _give_up(self, question: Question, failure: Failure) -> Waiting[None]:
        yield from self._apologize(question, wording.NOT_TAKEN)
        raise Undelivered(failure.code)

    def _post_once(self, question: Question, message: Message) -> dict[str, Any]:
        marked = {"event_type": "answer", "event_payload": {"reference": question.reference}}
        sent = self.once.chat_postMessage(
            channel=question.channel, metadata=marked, **_thread(question), **_PLAIN, **message
        )
        return {"ts": str(sent["ts"]), "message": sent.get("message") or {}}

    def _kept_in_its_thread(self, question: Question, sent: dict[str, Any]) -> Waiting[str]:
        """The timestamp of a post. Where the thread is gone, Slack may have put it into the
        channel: then it is taken away again."""
        posted = sent["message"]
        if not question.thread or "ts" not in posted or posted.get("thread_ts"):
            return str(sent["ts"])
        where = {"channel": question.channel, "ts": sent["ts"]}
        try:
            yield from patiently(partial(self.once.chat_delete, **where), seconds=_WITHDRAWING)
        except CALL_FAILED as error:
            if error_code(error) not in _GONE:
                facts = {"reference": question.reference, "error": error_code(error)}
                log.error("an answer stands outside of its thread", extra=facts)
        return ""

    def may_look(self, question: Question) -> bool:
        """Whether the bot may read the thread of a question."""
        scope = {"direct": "im:history", "private": "groups:history"}
        return bool(question.thread) and self.may(scope.get(question.kind, "channels:history"))

    def arrived(self, question: Question, text: str = "") -> Waiting[str | None]:
        """The timestamp of an answer whose reply was lost; empty when it is not there, None when
        the bot cannot see. It is known by its metadata, or where they are not shown its text."""
        if not self.may_look(question):
            return None
        look = partial(
            self.once.conversations_replies, channel=question.channel, ts=question.thread,
            oldest=question.ts, include_all_metadata=True, limit=200,
        )  # fmt: skip
        try:
            found = yield from patiently(look, seconds=_LOOKING)
        except SlackApiError as error:
            self.lacks(error)
            return "" if error_code(error) in _GONE else None
        except NO_REPLY:
            return None
        for posted in found["messages"]:
            marked = (posted.get("metadata") or {}).get("event_payload") or {}
            is_later = posted.get("bot_id") and posted["ts"] > question.ts
            is_later = is_later and posted["ts"] != question.answered_at  # a notice in its place
            if is_later and (
                marked.get("reference") == question.reference
                or (not marked and posted.get("text") == text)
            ):
                return str(posted["ts"])
        return ""

    def _to_asker(self, question: Question, message: Message, *, repeatable: bool) -> Waiting[None]:
        """Shows a message to the asker alone: where the question was asked, or directly where Slack
        refuses that. Raises `Unconfirmed`, unless it is `repeatable`, and `Undelivered`."""
        here = {"channel": question.channel, **_thread(question)}
        ways: list[tuple[str, dict[str, Any]]] = [
            ("chat.postMessage", here) if question.kind == "direct"
            else ("chat.postEphemeral", {**here, "user": question.user}),
            ("chat.postMessage", {"channel": question.user}),
        ]  # fmt: skip
        failure = Failure("no_channel", "refused")
        for method, target in ways if question.channel else ways[1:]:
            for body in _with_and_without_blocks(message):
                sent = partial(self.once.api_call, method, json={**target, **_PLAIN, **body})
                try:
                    yield from patiently(sent, repeatable=repeatable)
                    return
                except CALL_FAILED as error:
                    failure = failure_of(error)
                if failure.kind == "unsure" and not repeatable:
                    raise Unconfirmed
                if failure.kind != "refused":
                    raise Undelivered(failure.code)
                if failure.code not in _MALFORMED:
                    break
                _note_malformed(question, failure)
        raise Undelivered(failure.code)


def is_revoked(error: Undelivered) -> bool:
    """Whether an answer could not be brought because the token is good for nothing."""
    return str(error) in REFUSALS


def _note_malformed(question: Question, failure: Failure) -> None:
    log.error("malformed", extra={"reference": question.reference, "error": failure.code})


def _with_and_without_blocks(message: Message) -> tuple[Message, Message]:
    return message, {"text": message["text"]}


def _thread(question: Question) -> dict[str, Any]:
    return {"thread_ts": question.thread} if question.thread else {}
