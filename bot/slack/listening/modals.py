"""The modals that the bot opens, fills and reads."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
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
        if self._queue.store.questions.claim(question):
            self._queue.store.questions.finish(question, "modal")  # nobody else could fill it
        found: SimpleQueue[View] = SimpleQueue()
        self._queue.run(
            lambda: found.put(self._queue.responder.more(question)),
            lambda: found.put(notice_view(wording.BUSY)),
        )
        try:
            ack(response_action="update", view=found.get(timeout=_WAIT))
        except Empty:
            ack(response_action="update", view=notice_view(wording.LOADING))
            self._fill(body, {"view_id": str(body["view"]["id"])}, found.get)

    def open_and_fill(
        self, body: RequestBody, question: Question, shown: Callable[[Question], View]
    ) -> None:
        """Opens a modal at once, since a click is good for 3 seconds, and fills it then."""
        name = secrets.token_urlsafe(9)
        view = {**notice_view(wording.LOADING), "external_id": name}
        # Whether it opened shows when it is filled: the reply may be lost.
        self._try_to_open(body, view)
        clicker = payload.question_of_interaction(body, self._queue.team, "click", "")
        seen_by = replace(question, user=clicker.user, user_team=clicker.user_team)
        self._fill(body, {"external_id": name}, lambda: shown(seen_by))

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

    def _fill(self, body: RequestBody, which: dict[str, str], shown: Callable[[], View]) -> None:
        """Fills the modal with this `view_id` or `external_id`."""
        name = {key: value for key, value in which.items() if key == "external_id"}

        def put(view: View) -> None:
            try:
                self._queue.sender.client.views_update(**which, view={**view, **name})
            except CALL_FAILED as error:
                log.warning("no window", extra={"error": error_code(error)})
                self.notify(body, notice(wording.NO_MODAL))

        self._queue.run(lambda: put(shown()), lambda: put(notice_view(wording.BUSY)))
