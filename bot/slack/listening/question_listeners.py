"""Listeners for questions: a command, a mention, a message, a shortcut; and for their edits."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.slack.answering.access import kind_of
from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.pointing import excerpt, may_lean, pointing
from bot.slack.answering.responder import shared_channel_fact
from bot.slack.listening import payload
from bot.slack.listening.follow_listeners import FollowListeners
from bot.slack.listening.payload import RequestBody
from bot.slack.listening.talk import is_wordless, wants_to_follow, wants_usage
from bot.slack.messages.markup import plain_text
from bot.slack.messages.message_words import file_names, passed_on_by, words_of
from bot.slack.question import Question, message_key
from bot.slack.sending import wording
from bot.slack.sending.notices import notice, usage_message
from bot.slack.sending.patience import Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED
from retriever.question.courtesies import is_courtesy

_OVERTAKEN = 600.0  # seconds that Slack may take to deliver a message after its edit


class QuestionListeners:
    """Listeners that hand questions to the queue; `bot_user` is the id of the bot's user and `name`
    what people call it."""

    def __init__(
        self, queue: AnswerQueue, bot_user: str, name: str, follows: FollowListeners
    ) -> None:
        self._queue, self._bot_user, self._name, self._follows = queue, bot_user, name, follows

    def note_channel(self, body: RequestBody, next: Callable[[], Any]) -> Any:
        """Remembers of each channel, before anything is done there, whether other organisations
        read it too; a middleware."""
        channel = (body.get("event") or {}).get("channel")
        if isinstance(channel, str) and "is_ext_shared_channel" in body:
            shared = "yes" if body["is_ext_shared_channel"] else "no"
            self._queue.store.facts.note(shared_channel_fact(channel), shared)
        return next()

    def command(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """`/ask QUESTION`, answered to its user alone; `/ask follow QUESTION`, `/ask following`."""
        text = plain_text(str(body.get("text") or ""), self._bot_user)
        question = payload.question_of_interaction(
            body, self._queue.team, "command", text, key=payload.delivery_key(body, "command")
        )
        followed = wants_to_follow(text)
        if followed is not None:
            self._follows.command(replace(question, text=followed, typed=followed))
        elif not text or wants_usage(text):
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
        elif self._is_called(event):
            self._submit(event, body, "mention")
        elif self._queue.access.follow_ups and event.get("thread_ts") and self._is_follow_up(event):
            self._submit(event, body, "follow-up")

    def find_sources(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The shortcut on a message: its text is the question."""
        message = body["message"]
        passed_on = passed_on_by(message)
        said, by = words_of(message), str(message.get("user") or "")
        if passed_on and not said:
            said, by = passed_on.words, passed_on.user
        words = excerpt(plain_text(said, self._bot_user))
        question = payload.question_of_interaction(
            body, self._queue.team, "shortcut", words, key=payload.delivery_key(body, "shortcut")
        )
        source = message_key(question.team, question.channel, str(message.get("ts") or ""))
        question = replace(question, typed="", pointed=words, pointed_at=source, pointed_by=by)
        if words:
            self._queue.submit(question)
        else:
            self._queue.notify(question, notice(wording.ASKED_FOR_TEXT))
        ack()

    def _submit(self, event: RequestBody, body: RequestBody, surface: str) -> None:
        if not payload.is_from_user(event, self._bot_user):
            return
        question = self._question(event, body, surface)
        if _asks(question):
            self._queue.submit(question)
        elif question.note and not question.text:
            self._queue.notify(question, notice(question.note))
        elif surface == "follow-up":
            return  # it did not ask the bot
        elif is_wordless(question.text) and not self._only_calls(event):
            if surface == "direct":
                self._queue.notify(question, notice(wording.SMALL_TALK))
        else:
            self._tell_usage(question, f"@{self._name}")

    def _question(self, event: RequestBody, body: RequestBody, surface: str) -> Question:
        """What a message asks, new or edited: in its own words, or in those that it points at."""
        typed = plain_text(words_of(event), self._bot_user)
        files = file_names(event)
        note = wording.files_not_read(files) if files else ""
        question = payload.question_of_message(
            {**body, "event": event}, self._queue.team, surface, typed, note
        )
        passed_on = passed_on_by(event)
        if passed_on and passed_on.words:
            source = message_key(question.team, passed_on.channel, passed_on.ts)
            words = plain_text(passed_on.words, self._bot_user)
            return pointing(question, source, words, passed_on.user)
        is_reply = question.thread != question.ts
        if is_reply and surface == "mention" and typed.casefold() != "help" and may_lean(typed):
            return pointing(question, question.thread_key)
        return question

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
        """What becomes of a question whose message was edited or deleted."""
        ts, message = payload.edit_of(event)
        key = message_key(self._queue.team, event["channel"], ts)
        old = self._queue.store.questions.asked_by(key)
        if message is None:
            if old is None:
                self._forget(event, body)
            return self._queue.amend(key, None, "", event["ts"])
        words = excerpt(plain_text(words_of(message), self._bot_user))
        if old is None and self._was_asked(event):
            # Slack may deliver the edit before the message, or both at once.
            is_direct = kind_of(event["channel"]) == "direct"
            self._submit(message, body, "direct" if is_direct else "mention")
            old = self._queue.store.questions.asked_by(key)
        if old is None:
            return self._queue.reword(key, words)
        question = self._question(message, body, old.surface)
        if (question.typed, _passed_on(question)) != (old.typed, _passed_on(old)):
            is_one = _asks(question) and not is_courtesy(question.text)
            self._queue.amend(key, question if is_one else None, words, event["ts"])
        return None

    def _was_asked(self, event: RequestBody) -> bool:
        """Whether a message that was changed or deleted just after it was written was for the bot
        before that: one that is called only in an edit is not asked."""
        said = event.get("previous_message") or {}
        is_ours = kind_of(event["channel"]) == "direct" or self._is_called(said)
        return (
            is_ours
            and payload.is_from_user(said, self._bot_user)
            and payload.seconds_between(said, event) < _OVERTAKEN
        )

    def _forget(self, event: RequestBody, body: RequestBody) -> None:
        """Slack may deliver the deletion before the message, which is not to be answered then."""
        if self._was_asked(event):
            said = event["previous_message"]
            gone = {**body, "event": {**said, "channel": event["channel"]}}
            question = payload.question_of_message(gone, self._queue.team, "mention", "")
            if self._queue.store.questions.claim(question):
                self._queue.store.questions.finish(question, "deleted")

    def _is_called(self, message: RequestBody) -> bool:
        """Whether a message mentions the bot."""
        return f"<@{self._bot_user}" in words_of(message)

    def _only_calls(self, message: RequestBody) -> bool:
        """Whether a message is but a mention of the bot, or nothing."""
        said = words_of(message).replace(f"<@{self._bot_user}>", "")
        return not said.strip(" .,!:")

    def _is_follow_up(self, event: RequestBody) -> bool:
        """Whether a reply that mentions nobody may be for the bot: below one of its answers. What
        it says decides later."""
        thread_key = f"{self._queue.team}:{event.get('channel')}:{event.get('thread_ts')}"
        return "<@" not in words_of(event) and bool(self._queue.store.questions.thread(thread_key))


def _asks(question: Question) -> bool:
    text = question.text
    return bool(question.pointed_at) or bool(text and not wants_usage(text))


def _passed_on(question: Question) -> str:
    """The message that a question passes on itself; it may hang from another."""
    return "" if question.pointed_at == question.thread_key else question.pointed_at
