"""The queue of questions: each to its answer and its delivery, once, by a few threads."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.open_generations import OpenGenerations
from bot.slack.answering.access import Access
from bot.slack.answering.lanes import Job, Lanes, logging_failures
from bot.slack.answering.metrics import Metrics
from bot.slack.answering.responder import Reply, Responder
from bot.slack.errors import Undelivered, log_failure
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message
from bot.slack.sending.notices import notice
from bot.slack.sending.patience import Wait, Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED, failure_of
from bot.slack.sending.sender import Sender, is_revoked
from bot.slack.store.follows import Follow
from bot.slack.store.store import Store
from retriever.following.sightings import Folders
from retriever.index.home import Home

QuestionJob = Callable[[Question], Waiting[None]]
"""What is to be done for a question."""

_ANSWER_THREADS = 32
"""Threads that search and send, and never wait until Slack takes more."""
MOST_WAITING = 200
"""Jobs that wait or are under way; further askers get a notice that the bot is busy."""
MOST_IN_A_CHANNEL = 60
"""Of these, those of one channel, which takes about one message a second."""
_SLOW = 1.0  # seconds after which the thread shows that the bot is searching
_LOOK = 0.05  # seconds between two looks whether it still is
_SWEEP = 2.0  # seconds between two looks for questions that a crash left
_DAY = 86_400.0  # seconds between two looks for what is too old to be kept
_NOTICE_THREADS = 4  # for notices, such as that too many wait, and statuses
_FAILURES = 3  # unforeseen ones, after which a question is not tried again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnswerQueue:
    """What answers questions, with the store, the sender and the threads that it needs."""

    home: Home
    store: Store
    access: Access
    sender: Sender
    team: str
    responder: Responder
    metrics: Metrics
    lanes: Lanes
    notices: Lanes

    @classmethod
    def open(
        cls, generations: OpenGenerations, store: Store, access: Access, sender: Sender, team: str,
        metrics: Metrics | None = None, web: Mapping[str, Any] | None = None,
    ) -> "AnswerQueue":  # fmt: skip
        """An empty queue, in the workspace `team`; `web` is the table of the settings that tells of
        the reading page."""
        queue = cls(
            generations.home,
            store,
            access,
            sender,
            team,
            responder=Responder(generations, store, access, sender, team, web or {}),
            metrics=metrics or Metrics(),
            lanes=Lanes(_ANSWER_THREADS, MOST_WAITING, MOST_IN_A_CHANNEL),
            notices=Lanes(_NOTICE_THREADS, 10 * MOST_WAITING),
        )
        queue.metrics.watch_waiting(lambda: queue.lanes.unfinished)
        return queue

    def warm_up(self) -> None:
        """Opens the index, so that the first question does not wait for it."""
        try:
            self.responder.generations.open().vector_of("warm")
        except Exception as error:
            log.warning("no index to answer from", extra={"error": type(error).__name__})

    def submit(self, question: Question) -> None:
        """Answers a question once, however often Slack delivers it."""
        if self.store.questions.claim(question):
            self._enqueue(question, self.answer, self._refuse_as_busy)

    def tell(self, follow: Follow, step: int, folders: Folders, news: Question | None) -> None:
        """Notes that a follow was told up to a step in these folders; its news, if there is some,
        is told once, whichever process finds it."""
        if self.store.follows.advance(follow, step, folders, news) and news:
            self._enqueue(news, self.answer, self._put_off)

    def submit_again(self, question: Question, **fields: Any) -> bool:
        """Answers a question once more whose asker was told that it may have no answer, where it
        was asked, with other `fields`; whether that was to be done."""
        reopened = self.store.questions.reopen(replace(question, **fields))
        if reopened:
            self._enqueue(reopened, partial(self._resume, wanted=True), self._refuse_as_busy)
        return reopened is not None

    def _enqueue(self, question: Question, job: QuestionJob, when_full: QuestionJob) -> None:
        # What is answered in private does not stand in line for the channel.
        place = "" if question.response_url else question.channel
        refuse = partial(self._attempt, when_full, question)
        self.run(partial(self._attempt, job, question), refuse, place)

    def _attempt(self, job: QuestionJob, question: Question) -> Waiting[None]:
        """Does a job. A question that was edited meanwhile is answered; one that something
        unforeseen kept from its answer is tried again."""
        try:
            try:
                yield from job(question)
            except _Superseded:
                raise
            except Exception as error:
                yield from self._try_again(question, error)
        except _Superseded as superseded:
            if superseded.newest:
                self._answer_anew([superseded.newest])

    def _try_again(self, question: Question, error: Exception) -> Waiting[None]:
        log_failure(log, "defect", error, reference=question.reference)
        failed = replace(question, failures=question.failures + 1)
        if failed.failures < _FAILURES:
            self.store.questions.give_back(failed)
        else:
            yield from self._say_unconfirmed(question)
            self._finish(question, "failed")

    def run(self, job: Job, when_full: Job, place: str = "") -> None:
        """Queues a job; when too many wait, all in all or in its place, `when_full` is done
        instead."""
        if not self.lanes.submit(job, place):
            self.metrics.refused.inc()
            self.notices.submit(when_full)

    def notify(self, question: Question, message: Message) -> None:
        """Sends the asker something that is no answer, once, however often it is asked for."""
        if not question.key or self.store.facts.first_time(question.key):
            self.notices.submit(lambda: self._notify(question, message))

    def amend(self, message_key: str, question: Question | None, words: str, edited: str) -> None:
        """Answers anew what was understood from a message that was edited at this time, or deleted;
        `question` is what it asks now, and `words` are what it says. Where it asks nothing any
        more, its answer is deleted."""
        self._answer_anew(self.store.questions.amend(message_key, question, words, edited))

    def reword(self, message_key: str, words: str) -> None:
        """Answers anew what points at a message that says other words now."""
        self._answer_anew(self.store.questions.reword(message_key, words))

    def _answer_anew(self, questions: Iterable[Question]) -> None:
        # Before its first answer is out, whoever answers a question sees the edit then.
        for question in questions:
            self._enqueue(question, self.answer, self._put_off)

    def answer(self, question: Question) -> Waiting[None]:
        """Finds the answer, delivers it and remembers that; once more for each later edit."""
        newest: Question | None = question
        while newest:
            question = newest
            with self._showing_status(question):
                reply = yield from self._reply(question)
                newest = yield from self._send(reply)
            if newest and newest.edited == reply.question.edited:
                return
            yield Wait()  # others in the channel go first

    def _reply(self, question: Question) -> Waiting[Reply]:
        """The reply, once Slack has said what is to be known of the asker.

        A channel in which many ask at once has one search at a time, so that others get theirs.
        """

        def found() -> Reply:
            with self.metrics.taking():
                return self.responder.reply(question)

        if not question.response_url:
            yield Wait(lane=f"search {question.channel}")
        try:
            return (yield from patiently(found))
        except CALL_FAILED as error:
            self._leave_to_another_token(failure_of(error).kind == "revoked")
            return self.responder.apology(question, error)

    @contextmanager
    def _showing_status(self, question: Question) -> Iterator[None]:
        """Shows in the thread that the bot is searching, when that takes longer than `_SLOW`."""
        done = threading.Event()
        if question.thread and not (question.response_url or question.following):
            self.notices.submit(partial(self._show_status, question, done))
        try:
            yield
        finally:
            done.set()

    def _show_status(self, question: Question, done: threading.Event) -> Waiting[None]:
        # Shown and cleared by one job: a status that came after it was cleared would stay.
        shown_at = time.monotonic() + _SLOW
        while not done.is_set() and time.monotonic() < shown_at:
            yield Wait(_LOOK)
        if done.is_set():
            return
        self.sender.status(question, wording.SEARCHING)
        while not done.is_set():
            yield Wait(_LOOK)
        yield from self.sender.clear_status(question)

    def _send(self, reply: Reply) -> Waiting[Question | None]:
        """Delivers a reply and remembers that; gives the question as it is by then, None when it is
        another process's, or is to be answered later."""
        question, verdict, answer = reply.question, reply.verdict, reply.answer
        try:
            if question.answered_at:
                verdict = (yield from self._replace(question, reply.message)) or verdict
                if not reply.message:
                    question = replace(question, answered_at="")  # another edit may ask again
            elif question.text and reply.message:
                ts = yield from self._deliver(question, reply.message, to_all=answer is not None)
                verdict = "undelivered" if ts is None else verdict
                question = replace(question, answered_at=ts or "")
        except _Superseded as superseded:
            return superseded.newest
        citations = [str(hit.citation) for hit in answer.passages] if answer else []
        took = answer.milliseconds if answer else None
        self.metrics.answered.labels(verdict=verdict).inc()
        facts = {"verdict": verdict, "surface": question.surface, "milliseconds": round(took or 0)}
        log.info("answered", extra={"reference": question.reference, **facts})
        return self.store.questions.finish(question, verdict, took, citations)

    def _deliver(
        self, question: Question, message: Message, *, to_all: bool
    ) -> Waiting[str | None]:
        """The timestamp of what was delivered; None when it was not. Raises `_Superseded`."""
        starting = partial(self._start_sending, question)
        try:
            return (
                yield from self.sender.deliver(question, message, to_all=to_all, starting=starting)
            )
        except Undelivered as error:
            self._note_undelivered(question, error)
            return None

    def _start_sending(self, question: Question, begins: bool) -> None:
        """Notes that an answer is about to be posted, or was not; raises `_Superseded` when it is
        none any more, or another process took the question over."""
        newest = self.store.questions.start_sending(question, begins=begins)
        if newest is None or newest.edited != question.edited:
            raise _Superseded(newest)

    def _note_undelivered(self, question: Question, error: Undelivered) -> None:
        log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
        self._leave_to_another_token(is_revoked(error))

    def _leave_to_another_token(self, is_revoked: bool) -> None:
        """Raises `_Superseded` if the token `is_revoked`: this process ends, and leaves what it has
        not answered to the next one."""
        if is_revoked:
            raise _Superseded(None)

    def _notify(self, question: Question, message: Message) -> Waiting[None]:
        try:
            yield from self.sender.deliver(question, message, to_all=False)
        except Undelivered as error:
            log.error("not notified", extra={"error": str(error)})

    def _replace(self, question: Question, message: Message) -> Waiting[str]:
        """Replaces an answer that was posted, or deletes it with its question; gives the verdict
        where that fails, else nothing. Raises `_Superseded`."""
        try:
            if question.text and message:
                yield from self.sender.update(question, message)
            else:
                yield from self.sender.delete(question)
        except Undelivered as error:
            self._note_undelivered(question, error)
            return "undelivered"
        return ""

    def sweep(self, stopped: threading.Event) -> None:
        """Answers what a crash left unanswered and forgets what is too old, until stopped."""
        pruned_at = -_DAY
        while True:
            if time.monotonic() - pruned_at >= _DAY:
                logging_failures(self.store.prune)
                pruned_at = time.monotonic()
            logging_failures(self.store.tidy)
            logging_failures(self._recover)
            if stopped.wait(_SWEEP):
                return

    def _recover(self) -> None:
        self.store.questions.renew()
        for question, left in self.store.questions.unanswered():
            log.info("taken up again", extra={"reference": question.reference})
            job: QuestionJob = self.answer
            if left == "sending" and not question.answered_at:
                job = self._resume
            elif left == "too late" and not question.answered_at:
                job = self._say_too_late
            self._enqueue(question, job, self._put_off)

    def _resume(self, question: Question, *, wanted: bool = False) -> Waiting[None]:
        """Answers a question whose answer may have been sent already, unless it was; where that
        cannot be seen, only if it is `wanted` all the same."""
        reply = yield from self._reply(question)
        text = str(reply.message.get("text") or "")
        arrived = None if question.response_url else (
            yield from self.sender.arrived(question, text)
        )  # fmt: skip
        if arrived == "" or (arrived is None and (wanted or not question.text)):
            return (yield from self.answer(question))
        if arrived and question.answered_at and arrived != question.answered_at:
            yield from self._replace(replace(question, text=""), {})  # the notice in its place
        if arrived and question.edited:  # it may be the answer to what the question was before
            return (yield from self.answer(replace(question, answered_at=arrived)))
        if arrived is None:
            yield from self._say_unconfirmed(question)
        return self._finish(replace(question, answered_at=arrived or ""), "interrupted")

    def _say_unconfirmed(self, question: Question) -> Waiting[None]:
        try:
            yield from self.sender.unconfirmed(question)
        except Undelivered as error:
            self._note_undelivered(question, error)

    def _finish(self, question: Question, verdict: str) -> None:
        """Notes that the asker knows why there is no answer; raises `_Superseded` when the question
        was edited meanwhile, and is still to be answered."""
        newest = self.store.questions.finish(question, verdict)
        if newest and newest.edited != question.edited:
            raise _Superseded(newest)

    def close(self, wait: float) -> None:
        """Finishes what is in flight, at most `wait` seconds; the rest is left to the next one."""
        end = time.monotonic() + wait
        self.store.questions.renew()
        drained = [lanes.drain(end - time.monotonic()) for lanes in (self.lanes, self.notices)]
        self.store.questions.release()
        if all(drained):  # else what comes to its end in the last moment can still be noted
            self.store.close()

    def _refuse_as_busy(self, question: Question) -> Waiting[None]:
        yield from self._refuse(question, wording.BUSY, "busy")

    def _say_too_late(self, question: Question) -> Waiting[None]:
        yield from self._refuse(question, wording.TOO_LATE, "late")

    def _refuse(self, question: Question, why: str, verdict: str) -> Waiting[None]:
        message = notice(why, retry=question.reference)
        if question.answered_at:  # by a notice, which its asker tried again from
            yield from self._replace(question, message)
        else:
            yield from self._deliver(question, message, to_all=False)
        self._finish(question, verdict)

    def _put_off(self, question: Question) -> Waiting[None]:
        """Leaves a question for a time when less is to be done; an answer that stands stays."""
        yield Wait(_SWEEP)
        self.store.questions.give_back(question)


class _Superseded(Exception):
    """A reply is not to be sent any more: `newest` is the question as it is by now, None when this
    process has no more to do with it."""

    def __init__(self, newest: Question | None) -> None:
        super().__init__()
        self.newest = newest
