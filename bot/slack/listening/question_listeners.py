"""Listeners for questions: a command, a mention, a message, a shortcut; and for their edits."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from bot.slack.answering.access import kind_of
from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.responder import shared_channel_fact
from bot.slack.listening import payload
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.notices import notice, usage_message
from bot.slack.sending.patience import Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED

_ASKS = re.compile(
    r"\?\s*$|^(?:and|what|who|when|where|why|how|which|did|does|is|are|was|were)\b", re.I
)


class QuestionListeners:
    """Listeners that hand questions to the queue; `bot_user` is the id of the bot's user and `name`
    what people call it."""

    def __init__(self, queue: AnswerQueue, bot_user: str, name: str) -> None:
        self._queue, self._bot_user, self._name = queue, bot_user, name

    def note_channel(self, body: RequestBody, next: Callable[[], Any]) -> Any:
        """Remembers of each channel, before anything is done there, whether other organisations
        read it too; a middleware."""
        channel = (body.get("event") or {}).get("channel")
        if isinstance(channel, str) and "is_ext_shared_channel" in body:
            shared = "yes" if body["is_ext_shared_channel"] else "no"
            self._queue.store.facts.note(shared_channel_fact(channel), shared)
        return next()

    def command(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """`/ask QUESTION`, answered to its user alone."""
        text = payload.text_without_mention(str(body.get("text") or ""), self._bot_user)
        question = payload.question_of_interaction(
            body, self._queue.team, "command", text, key=payload.delivery_key(body, "command")
        )
        if text.casefold() in ("", "help", "?"):
            self._tell_usage(question, str(body.get("command") or "/ask"))
        else:
            self._queue.submit(question)
        ack()

    def mention(self, event: RequestBody, body: RequestBody) -> None:
        """`@pincite QUESTION` in a channel."""
        self._submit(event, body, "mention")

    def message(self, event: RequestBody, body: RequestBody) -> None:
        """A direct message, or a follow-up in a thread; an edited or deleted question."""
        if event.get("subtype") in ("message_changed", "message_deleted"):
            self._amend(event, body)
        elif kind_of(str(event.get("channel") or "")) == "direct":
            self._submit(event, body, "direct")
        elif f"<@{self._bot_user}>" in str(event.get("text") or ""):
            self._submit(event, body, "mention")
        elif self._queue.access.follow_ups and event.get("thread_ts") and self._is_follow_up(event):
            self._submit(event, body, "follow-up")

    def find_sources(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The shortcut on a message: its text is the question."""
        text = payload.text_without_mention(str(body["message"].get("text") or ""), self._bot_user)
        question = payload.question_of_interaction(
            body, self._queue.team, "shortcut", text, key=payload.delivery_key(body, "shortcut")
        )
        if text:
            self._queue.submit(question)
        else:
            self._queue.notify(question, notice(wording.ASKED_FOR_TEXT))
        ack()

    def _submit(self, event: RequestBody, body: RequestBody, surface: str) -> None:
        if not payload.is_from_user(event, self._bot_user):
            return
        text = payload.text_without_mention(str(event.get("text") or ""), self._bot_user)
        note = wording.FILE_NOT_READ if event.get("files") else ""
        question = payload.question_of_message(body, self._queue.team, surface, text, note)
        if text.casefold() in ("", "help"):
            self._tell_usage(question, f"@{self._name}")
        else:
            self._queue.submit(question)

    def _tell_usage(self, question: Question, how: str) -> None:
        """How to ask, with examples, which may have to be made; where that fails without."""

        def tell(examples: Sequence[str] = ()) -> None:
            self._queue.notify(question, usage_message(how, examples))

        def tell_with_examples() -> Waiting[None]:
            examples: Sequence[str] = ()
            with suppress(*CALL_FAILED):
                examples = yield from patiently(
                    lambda: self._queue.responder.examples_for(question)
                )
            tell(examples)

        self._queue.run(tell_with_examples, tell)

    def _amend(self, event: RequestBody, body: RequestBody) -> None:
        ts, raw = payload.edit_of(event)
        question = self._queue.store.questions.asked_by(
            f"{self._queue.team}:{event.get('channel')}:{ts}"
        )
        if question is None:
            new = {**(event.get("message") or {}), "channel": event.get("channel")}
            # Slack may deliver the edit before the message.
            if raw and new.get("edited") and kind_of(str(new["channel"])) == "direct":
                self._submit(new, {**body, "event": new}, "direct")
            return
        text = "" if raw is None else payload.text_without_mention(raw, self._bot_user)
        if raw is None or (text and text != question.text):
            self._queue.amend(question, text, str(event["ts"]))

    def _is_follow_up(self, event: RequestBody) -> bool:
        """Whether a reply that mentions nobody is for the bot: a question of who asked before."""
        thread_key = f"{self._queue.team}:{event.get('channel')}:{event.get('thread_ts')}"
        askers = {each.user for each in self._queue.store.questions.thread(thread_key)}
        text = str(event.get("text") or "")
        return event.get("user") in askers and "<@" not in text and bool(_ASKS.search(text))
