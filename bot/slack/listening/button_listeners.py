"""The buttons below an answer: each click looks again at what may be shown."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from bot.slack.answering.answer_queue import Desk
from bot.slack.errors import Unconfirmed
from bot.slack.listening import payload
from bot.slack.listening.modals import Windows
from bot.slack.listening.payload import Body
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.messages import comment_view, notice

log = logging.getLogger(__name__)


class Clicks:
    """Listeners for buttons."""

    def __init__(self, desk: Desk, windows: Windows) -> None:
        self._desk, self._windows = desk, windows

    def show_more(self, ack: Callable[..., Any], body: Body) -> None:
        """More passages, in a window for whoever clicked."""
        ack()
        if question := self._clicked(body):
            self._windows.open_filled(body, question, self._desk.clerk.more)

    def show_context(self, ack: Callable[..., Any], body: Body) -> None:
        """The passages between their neighbours, in a window."""
        ack()
        if question := self._clicked(body):
            self._windows.open_filled(body, question, self._desk.clerk.in_context)

    def share(self, ack: Callable[..., Any], body: Body) -> None:
        """The answer for the whole channel, once; what may be shown there is checked again."""
        ack()
        question = self._clicked(body)
        if question is None:
            return
        here = payload.of_interaction(
            body, self._desk.team, "share", question.text, kind=question.kind, thread=""
        )
        if question.channel != here.channel:
            return self._windows.reply(body, notice(wording.SHARE_ELSEWHERE))
        if not self._desk.state.first_time(_shared(question)):
            return self._windows.reply(body, notice(wording.SHARED_ALREADY))
        self._desk.work(
            partial(self._publish, body, question, here),
            partial(self._not_shared, body, question, wording.BUSY),
        )
        return None

    def _publish(self, body: Body, question: Question, here: Question) -> None:
        user = body.get("user") or {}
        by = f"@{user.get('username') or user.get('name') or 'somebody'}"
        try:
            refused = self._desk.clerk.refusal_to_share(here)
            message = {} if refused else self._desk.clerk.share(question, by)
        except Exception as error:
            named = {"reference": question.reference, "error": type(error).__name__}
            log.error("not shared", extra=named)
            refused, message = wording.could_not_search(question.reference), {}
        if not message:
            return self._not_shared(body, question, refused)
        respond = self._desk.post.respond
        try:
            done = respond(here, message, response_type="in_channel")
        except Unconfirmed:  # a second one would be worse than none
            return self._windows.reply(body, notice(wording.SHARE_UNCONFIRMED))
        if not done:
            return self._not_shared(body, question, wording.could_not_search(question.reference))
        with suppress(Unconfirmed):
            respond(here, {"text": wording.SHARED_ALREADY}, delete_original=True)
        return None

    def _not_shared(self, body: Body, question: Question, why: str) -> None:
        self._desk.state.forget(_shared(question))
        self._windows.reply(body, notice(why))

    def retry(self, ack: Callable[..., Any], body: Body) -> None:
        """The same question once more, from what may be shown where the click was, to whoever
        clicked."""
        if question := self._clicked(body):
            again = payload.of_interaction(
                body, self._desk.team, "command", question.text, key=payload.once(body, "retry")
            )
            history = self._desk.state.earlier(question)
            self._desk.take(replace(again, history=history))
        ack()

    def vote(self, ack: Callable[..., Any], body: Body) -> None:
        """👍 or 👎; the last one counts, and 👎 may be explained."""
        ack()
        vote = str(body["actions"][0].get("value") or "").partition(":")[2]
        question = self._clicked(body)
        if question is None or vote not in ("up", "down"):
            return
        self._desk.state.vote(question.reference, body["user"]["id"], vote)
        if vote == "down":
            self._windows.open(body, comment_view(question.reference))

    def commented(self, ack: Callable[..., Any], body: Body) -> None:
        """What somebody missed in an answer."""
        ack()
        typed = body["view"]["state"]["values"]["comment"]["comment"].get("value") or ""
        reference = str(body["view"]["private_metadata"])
        if self._desk.state.question(reference):
            self._desk.state.vote(reference, body["user"]["id"], "down", str(typed))

    def _clicked(self, body: Body) -> Question | None:
        """The question of the answer that was clicked on; whoever did is told when it is gone."""
        reference = str(body["actions"][0].get("value") or "").partition(":")[0]
        question = self._desk.state.question(reference)
        if question is None or not question.text:
            self._windows.reply(body, notice(wording.TOO_OLD))
            return None
        return question


def _shared(question: Question) -> str:
    return f"shared:{question.reference}"
