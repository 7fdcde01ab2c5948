"""The modals that the bot opens, fills and reads."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.listening import payload
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message, View
from bot.slack.sending.notices import ask_view, notice, notice_view
from bot.slack.sending.retry_policy import CALL_FAILED, error_code

_WAIT = 0.5  # seconds that the ask modal waits for its answer before it says that it comes

log = logging.getLogger(__name__)


class Modals:
    """Opens modals and fills them; whoever gets none is notified."""

    def __init__(self, queue: AnswerQueue) -> None:
        self._queue = queue

    def open_ask_modal(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The global shortcut: a private modal to ask in."""
        ack()
        self.open(body, ask_view())

    def answer(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The question of the ask modal; the answer takes its place each time."""
        typed = body["view"]["state"]["values"]["question"]["question"].get("value")
        question = payload.question_of_interaction(
            body,
            self._queue.team,
            "modal",
            str(typed or "").strip(),
            key=payload.delivery_key(body, "view"),
        )
        if not question.text:
            ack(response_action="errors", errors={"question": wording.TYPE_A_QUESTION})
            return
        if self._queue.store.questions.claim(question):
            self._queue.store.questions.finish(question, "modal")  # nobody else could fill it
        which = {"view_id": str(body["view"]["id"])}
        shown = _FirstView(lambda view: self._put(body, which, view))
        self._queue.run(
            lambda: shown.give(self._queue.responder.typed(question)),
            lambda: shown.give(notice_view(wording.BUSY)),
        )
        ack(response_action="update", view=shown.take(_WAIT) or notice_view(wording.LOADING))

    def show(
        self, body: RequestBody, question: Question, shown: Callable[[Question], View]
    ) -> None:
        """Shows a modal to whoever clicked: in place of the one that they clicked in, else in one
        that is opened at once, since a click is good for 3 seconds, and filled then."""
        clicker = payload.question_of_interaction(body, self._queue.team, "click", "")
        seen_by = replace(question, user=clicker.user, user_team=clicker.user_team)
        if "view" in body:
            which = {"view_id": str(body["view"]["id"])}
        else:
            name = secrets.token_urlsafe(9)
            which = {"external_id": name}
            # Whether it opened shows when it is filled: the reply may be lost.
            self._try_to_open(body, {**notice_view(wording.LOADING), **which})
        self._queue.run(
            lambda: self._put(body, which, shown(seen_by)),
            lambda: self._put(body, which, notice_view(wording.BUSY)),
        )

    def open(self, body: RequestBody, view: View) -> None:
        """Opens a modal as it is."""
        # A trigger that was used up is one whose reply was lost: the modal is there.
        if self._try_to_open(body, view) not in ("", "exchanged_trigger_id"):
            self.notify(body, notice(wording.NO_MODAL))

    def notify(self, body: RequestBody, message: Message) -> None:
        """Sends a message to whoever clicked, and nobody else."""
        clicker = payload.question_of_interaction(body, self._queue.team, "click", "")
        self._queue.notify(clicker, message)

    def _try_to_open(self, body: RequestBody, view: View) -> str:
        """Slack's error when a modal was opened, empty when there was none."""
        try:
            self._queue.sender.client.views_open(trigger_id=body["trigger_id"], view=view)
        except CALL_FAILED as error:
            log.warning("no window", extra={"error": error_code(error)})
            return error_code(error)
        return ""

    def _put(self, body: RequestBody, which: dict[str, str], view: View) -> None:
        """Fills the modal with this `view_id` or `external_id`."""
        name = {key: value for key, value in which.items() if key == "external_id"}
        try:
            self._queue.sender.client.views_update(**which, view={**view, **name})
        except CALL_FAILED as error:
            log.warning("no window", extra={"error": error_code(error)})
            self.notify(body, notice(wording.NO_MODAL))


class _FirstView:
    """A view that is taken within a time, for an acknowledgement, or goes another way then."""

    def __init__(self, otherwise: Callable[[View], None]) -> None:
        self._otherwise, self._lock = otherwise, threading.Lock()
        self._given, self._is_late, self._view = threading.Event(), False, View()

    def give(self, view: View) -> None:
        """Hands the view to whoever waits for it."""
        with self._lock:
            self._view = view
            self._given.set()
            is_late = self._is_late
        if is_late:
            self._otherwise(view)

    def take(self, seconds: float) -> View:
        """The view, if it is there in time; else an empty one, and it goes the other way."""
        self._given.wait(seconds)
        with self._lock:
            self._is_late = not self._given.is_set()
            return self._view
