"""The modals that the bot opens, fills and reads."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.listening import payload
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message, View
from bot.slack.sending.notices import ask_view, notice, notice_view
from bot.slack.sending.patience import Wait, Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED, error_code

_WAIT = 0.5  # seconds that the ask modal waits for its answer before it says that it comes
_FILLING = 30.0  # seconds that somebody looks at a modal that is not filled yet

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
        # One job finds the answer: the acknowledgement takes it if it waits so long, else the
        # modal is filled.
        handed = Future[View]()

        def give(view: View) -> Waiting[None]:
            if handed.set_running_or_notify_cancel():
                handed.set_result(view)
            else:
                yield Wait(_WAIT)  # what the acknowledgement says must be there first
                yield from self._put(body, {"view_id": str(body["view"]["id"])}, view)

        def find() -> Waiting[None]:
            yield from give((yield from self._seen(question, self._queue.responder.more)))

        self._queue.run(find, lambda: give(notice_view(wording.BUSY)))
        with suppress(TimeoutError):
            handed.result(timeout=_WAIT)
        view = notice_view(wording.LOADING) if handed.cancel() else handed.result()
        ack(response_action="update", view=view)

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
        which = {"external_id": name}

        def fill() -> Waiting[None]:
            yield from self._put(body, which, (yield from self._seen(seen_by, shown)))

        self._queue.run(fill, lambda: self._put(body, which, notice_view(wording.BUSY)))

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

    def _seen(self, question: Question, shown: Callable[[Question], View]) -> Waiting[View]:
        """What is shown, once Slack has said what is to be known of who sees it."""
        try:
            return (yield from patiently(lambda: shown(question), seconds=_FILLING))
        except CALL_FAILED as error:
            log.error("failed", extra={"reference": question.reference, "error": error_code(error)})
            return notice_view(wording.could_not_search(question.reference))

    def _put(self, body: RequestBody, which: dict[str, str], view: View) -> Waiting[None]:
        """Fills the modal with this `view_id` or `external_id`."""
        name = {key: value for key, value in which.items() if key == "external_id"}
        update = partial(
            self._queue.sender.once.views_update, **which, view={**view, **name}
        )  # fmt: skip
        try:
            yield from patiently(update, seconds=_FILLING)
        except CALL_FAILED as error:
            log.warning("no window", extra={"error": error_code(error)})
            self.notify(body, notice(wording.NO_MODAL))
