"""News of the questions that people follow: told where they were asked, once each.

A new generation is noticed by its name. What answers a followed question and is new there becomes a
question of its own, claimed, answered and delivered as any other, so that it is told once whatever
crashes; what it may show is looked up when it is told.
"""

import datetime
import logging
import secrets
import threading
import time
from dataclasses import replace

from bot.output import is_expected
from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.lanes import logging_failures
from bot.slack.errors import log_failure
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.patience import Waiting, patiently
from bot.slack.store.follows import Follow
from retriever.answering.answer import Verdict
from retriever.errors import QuestionRefused
from retriever.index.generation import Generation
from retriever.question.reading import checked

_LOOK = 2.0  # seconds between two looks whether there is a new generation
_AGAIN = 60.0  # seconds until what could not be looked at is looked at again

log = logging.getLogger(__name__)


class News:
    """Follows questions, and has what is new of them told."""

    def __init__(self, queue: AnswerQueue) -> None:
        self._queue, self._responder = queue, queue.responder
        self._follows, self._not_before = queue.store.follows, ("", 0.0)

    def begin(self, question: Question, person: str, person_team: str) -> Waiting[str]:
        """Follows a question for a person; gives what to tell them of it. Raises what asking Slack
        raises."""
        told = _told(question, person, person_team)
        refused = yield from patiently(lambda: self._responder.refusal(told))
        if said := refused or self._responder.index_problem():
            return said
        try:
            checked(question.text)
        except QuestionRefused as error:
            return str(error)
        generation = self._responder.generations.open(question.generation)
        folders = self._responder.access.folders_in(told.channel, told.kind)
        self._follows.begin(question, person, person_team, generation, folders)
        return wording.FOLLOWED_HERE if told.thread else wording.FOLLOWED_DIRECTLY

    def watch(self, stopped: threading.Event) -> None:
        """Looks for new generations until stopped."""
        while not stopped.wait(_LOOK):
            logging_failures(lambda: self._look(stopped))

    def _look(self, stopped: threading.Event) -> None:
        """Has the news of the current generation told to those who were not told of it yet."""
        name = self._queue.home.current()
        waits_for, until = self._not_before
        if not name or (name == waits_for and time.monotonic() < until):
            return
        if not self._follows.behind(name):
            return
        self._not_before = name, time.monotonic() + _AGAIN
        generation = self._responder.generations.open()
        step = self._follows.sight(generation)
        for follow in self._follows.behind(name):
            if stopped.is_set():
                return
            self._tell(follow, generation, step)
        if not self._follows.behind(name):
            self._not_before = "", 0.0

    def _tell(self, follow: Follow, generation: Generation, step: int) -> None:
        """Has a follow told what is new for it, if anything is; later when not all of that can be
        looked at, as while a file is being changed."""
        told = _told(follow.question, follow.person, follow.person_team)
        news = replace(
            told, surface="news", key=f"news:{follow.question.reference}:{generation.name}",
            reference=secrets.token_urlsafe(9), generation=generation.name,
            asked_on=datetime.date.today().isoformat(),
            following=follow.question.reference, new_after=follow.step, new_until=step,
        )  # fmt: skip
        found = False
        try:
            if self._responder.has_new_rows(news):
                answer = self._responder.find(news, same_generation=True)
                if not answer.is_complete:
                    return
                found = answer.verdict is Verdict.FOUND
        except Exception as error:
            kind = "no news" if is_expected(error) else "defect"
            return log_failure(log, kind, error, reference=follow.question.reference)
        folders = self._responder.access.folders_in(told.channel, told.kind)
        return self._queue.tell(follow, step, folders, news if found else None)


def _told(question: Question, person: str, person_team: str) -> Question:
    """A question as who follows it is told of it: in its thread, or, where it was asked in private,
    directly."""
    told = replace(
        question, user=person, user_team=person_team, response_url="", again=False, note="",
        answered_at="", failures=0,
    )  # fmt: skip
    if question.ts:
        return told
    channel = question.channel if question.kind == "direct" else person
    return replace(told, channel=channel, kind="direct", thread="")
