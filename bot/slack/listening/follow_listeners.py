"""Listeners for following: the buttons that begin and stop it, and `/ask follow`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.news import News
from bot.slack.listening import payload
from bot.slack.listening.button_listeners import clicked_question, value_of
from bot.slack.listening.modals import Modals
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message
from bot.slack.sending.notices import followed_message, following_message, notice
from bot.slack.sending.patience import Waiting
from bot.slack.sending.retry_policy import CALL_FAILED


class FollowListeners:
    """Listeners that begin, list and stop what a person follows."""

    def __init__(self, queue: AnswerQueue, modals: Modals, news: News) -> None:
        self._queue, self._modals, self._news = queue, modals, news

    def follow(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """Tell me when there is more."""
        ack()
        if question := clicked_question(self._queue, self._modals, body):
            clicker = payload.question_of_interaction(body, self._queue.team, "click", "")
            self._queue.run(
                partial(self._begin, question, clicker), lambda: self._say(clicker, wording.BUSY)
            )

    def stop_telling(self, ack: Callable[..., Any], body: RequestBody) -> None:
        """Whoever reads what is told may stop it."""
        ack()
        stopped = self._queue.store.follows.stop(value_of(body))
        said = wording.STOPPED if stopped else wording.NOT_FOLLOWED
        self._modals.notify(body, notice(said))

    def command(self, question: Question) -> None:
        """`/ask follow QUESTION`; without one, a list of what is followed."""
        if not question.text:
            followed = self._queue.store.follows.of(question.user, question.channel)
            listed = [(each.reference, each.text) for each in followed]
            self._queue.notify(question, following_message(listed))
        elif self._queue.store.questions.claim(question):
            self._queue.store.questions.finish(question, "followed")
            self._queue.run(
                partial(self._begin, question, question),
                lambda: self._say(question, wording.BUSY),
            )

    def _begin(self, question: Question, follower: Question) -> Waiting[None]:
        try:
            said = yield from self._news.begin(question, follower.user, follower.user_team)
        except CALL_FAILED:
            return self._say(follower, wording.could_not_search(question.reference))
        if said not in (wording.FOLLOWED_HERE, wording.FOLLOWED_DIRECTLY):
            return self._say(follower, said)
        return self._tell(follower, followed_message(said, question.text, question.reference))

    def _say(self, follower: Question, sentence: str) -> None:
        self._tell(follower, notice(sentence))

    def _tell(self, follower: Question, message: Message) -> None:
        self._queue.notify(replace(follower, key=""), message)
