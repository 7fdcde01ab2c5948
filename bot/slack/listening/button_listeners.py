"""Listeners for the buttons below an answer: each click checks again what may be shown."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.errors import Unconfirmed
from bot.slack.listening import payload
from bot.slack.listening.modals import Modals
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import View
from bot.slack.sending.notices import comment_view, notice, notice_view
from bot.slack.sending.patience import Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED, error_code

log = logging.getLogger(__name__)


class ButtonListeners:
    """Listeners for buttons, and for the comment that a vote may add."""

    def __init__(self, queue: AnswerQueue, modals: Modals) -> None:
        self._queue, self._modals = queue, modals

    def show_more(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """More passages, in a modal for whoever clicked."""
        self._show(ack, body, self._queue.responder.more)

    def show_context(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The first passage within its document, in a modal."""
        self._show(ack, body, self._queue.responder.in_context)

    def context_page(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """Another page of that document, or another passage within its own, in the same modal."""
        _, rank, number = (*value_of(body).split(":"), "1", "0")[:3]
        if not re.fullmatch(r"\d{1,3}:-?\d{1,6}", f"{rank}:{number}"):
            rank, number = "1", "0"
        in_context = self._queue.responder.in_context
        self._show(ack, body, partial(in_context, rank=int(rank), number=int(number)))

    def how_read(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """How the question was read, in a modal."""
        self._show(ack, body, self._queue.responder.how_read)

    def take_along(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The passages with their sources to copy, in a modal."""
        self._show(ack, body, self._queue.responder.take_along)

    def nearest(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """What is nearest to a question without an answer, in a modal."""
        self._show(ack, body, self._queue.responder.nearest)

    def this_answers(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """One of the nearest passages answers the question that was said to have no answer."""

        def noted(question: Question) -> View:
            hit = self._queue.responder.nearest_passage(question, receipt)
            if hit is None:
                return notice_view(wording.TOO_OLD)
            self._queue.store.votes.cast(
                question.reference, question.user, "chosen", chosen=str(hit.citation)
            )
            return notice_view(wording.THANKS_FOR_ANSWER)

        receipt = value_of(body).rpartition(":")[2]
        self._show(ack, body, noted)

    def _show(
        self, ack: Callable[..., Any], body: RequestBody, shown: Callable[[Question], View]
    ) -> None:
        ack()
        if question := clicked_question(self._queue, self._modals, body):
            self._modals.show(body, question, shown)

    def share(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The answer for the whole channel, once; what may be shown there is checked again."""
        ack()
        question = clicked_question(self._queue, self._modals, body)
        if question is None:
            return
        here = payload.question_of_interaction(
            body, self._queue.team, "share", question.text, kind=question.kind, thread=""
        )
        if question.channel != here.channel:
            return self._modals.notify(body, notice(wording.SHARE_ELSEWHERE))
        key, facts = _sharing_key(question), self._queue.store.facts
        if not facts.first_time(key):
            unsure = facts.fact(_unsure_key(question)) == "yes"
            said = wording.SHARE_UNCONFIRMED if unsure else wording.SHARED_ALREADY
            return self._modals.notify(body, notice(said))
        self._queue.run(
            partial(self._publish, body, question, here),
            partial(self._refuse_to_share, body, question, wording.BUSY),
        )
        return None

    def _publish(self, body: RequestBody, question: Question, here: Question) -> Waiting[None]:
        user = body.get("user") or {}
        by = f"@{user.get('username') or user.get('name') or 'somebody'}"
        responder, respond = self._queue.responder, self._queue.sender.respond
        try:
            refused = yield from patiently(lambda: responder.refusal_to_share(here))
            message = {} if refused else responder.shared_answer(question, by)
        except Exception as error:
            named = {"reference": question.reference, "error": type(error).__name__}
            log.error("not shared", extra=named)
            refused, message = wording.could_not_search(question.reference), {}
        if not message:
            return self._refuse_to_share(body, question, refused)
        try:
            done = yield from respond(here, message, response_type="in_channel")
        except Unconfirmed:  # a second one would be worse than none
            self._queue.store.facts.note(_unsure_key(question), "yes")
            return self._modals.notify(body, notice(wording.SHARE_UNCONFIRMED))
        if not done:
            return self._refuse_to_share(body, question, wording.SHARE_EXPIRED)
        with suppress(Unconfirmed):
            yield from respond(here, {"text": wording.SHARED_ALREADY}, delete_original=True)
        return None

    def _refuse_to_share(self, body: RequestBody, question: Question, why: str) -> None:
        self._queue.store.facts.forget(_sharing_key(question))
        self._modals.notify(body, notice(why))

    def retry(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """The question of a notice again. Its asker gets the answer where they asked, in place of
        the notice; anybody else one for their eyes, from what may be shown where they clicked."""
        if question := clicked_question(self._queue, self._modals, body):
            click = payload.question_of_interaction(
                body,
                self._queue.team,
                "command",
                question.text,
                key=payload.delivery_key(body, "retry"),
            )
            if click.user == question.user:
                self._ask_again(body, question, click)
            else:
                history = self._queue.store.questions.earlier(question)
                source = question.pointed_at or question.message_key
                borrowed = question.text == question.pointed
                by = question.pointed_by if borrowed else question.user
                self._queue.submit(replace(click, history=history, typed="", pointed=click.text,
                                           pointed_at=source, pointed_by=by))  # fmt: skip
        ack()

    def _ask_again(self, body: RequestBody, question: Question, click: Question) -> None:
        if not question.thread or question.response_url:
            # The answer at the click's own address takes the place of the notice.
            self._queue.submit_again(question, response_url=click.response_url, again=True)
            return
        notice_ts = str((body.get("message") or {}).get("ts") or "")
        if question.kind == "direct" and click.channel == question.channel and notice_ts:
            self._queue.submit_again(question, answered_at=notice_ts)
            return
        self._queue.submit_again(question)
        self._queue.run(partial(self._remove, click), lambda: None)

    def _remove(self, click: Question) -> Waiting[None]:
        """Takes away the notice that was clicked on."""
        gone = replace(click, again=True)
        yield from self._queue.sender.respond(gone, {"text": ""}, delete_original=True)

    def vote(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """Right or wrong, also that there is no answer; the last vote counts, and what is wrong may
        be explained."""
        ack()
        vote = value_of(body).partition(":")[2]
        question = clicked_question(self._queue, self._modals, body)
        if question is None or vote not in ("up", "down") or not self._counts(body, question):
            return
        self._queue.store.votes.cast(question.reference, body["user"]["id"], vote)
        if vote == "down":
            self._modals.open(body, comment_view(question.reference))

    def _counts(self, body: RequestBody, question: Question) -> bool:
        """Whether whoever clicked would be answered there: others have no say in what is right."""
        clicker = payload.question_of_interaction(body, self._queue.team, "click", "")
        voter = replace(question, user=clicker.user, user_team=clicker.user_team)
        try:
            return not self._queue.responder.refusal(voter)
        except CALL_FAILED as error:
            log.warning("not counted", extra={"error": error_code(error)})
            return False

    def comment(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """What a user missed in an answer."""
        ack()
        typed = body["view"]["state"]["values"]["comment"]["comment"].get("value") or ""
        reference = str(body["view"]["private_metadata"])
        if self._queue.store.questions.find(reference):
            self._queue.store.votes.cast(reference, body["user"]["id"], "down", str(typed))


def clicked_question(queue: AnswerQueue, modals: Modals, body: RequestBody) -> Question | None:
    """The question of the answer that was clicked on; if it is gone, a notice says so."""
    reference = value_of(body).partition(":")[0]
    question = queue.store.questions.find(reference)
    if question is None or not question.text:
        modals.notify(body, notice(wording.TOO_OLD))
        return None
    return question


def value_of(body: RequestBody) -> str:
    """The value of the button that was clicked."""
    return str(body["actions"][0].get("value") or "")


def _unsure_key(question: Question) -> str:
    return f"share-unconfirmed:{question.reference}"


def _sharing_key(question: Question) -> str:
    return f"shared:{question.reference}"
