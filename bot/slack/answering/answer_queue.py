"""The queue of questions: each to its answer and its delivery, once, by a few threads."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.slack.answering.access import Access
from bot.slack.answering.metrics import Metrics
from bot.slack.answering.open_generations import OpenGenerations
from bot.slack.answering.responder import Reply, Responder
from bot.slack.answering.thread_pool import ThreadPool, logging_failures
from bot.slack.errors import Undelivered, log_failure
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message
from bot.slack.sending.notices import notice
from bot.slack.sending.sender import Sender
from bot.slack.store.store import Store
from retriever.index.home import Home

_ANSWER_THREADS = 16
"""Threads that answer, most of which wait for Slack: some of them for a channel that is full."""
MOST_WAITING = 100
"""Jobs that wait or are under way; further askers get a notice that the bot is busy."""
_SLOW = 1.0  # seconds after which the thread shows that the bot is searching
_SWEEP = 2.0  # seconds between two looks for questions that a crash left
_DAY = 86_400.0  # seconds between two looks for what is too old to be kept
_NOTICE_THREADS = 2  # for notices, such as that too many wait
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
    threads: ThreadPool
    notice_threads: ThreadPool

    @classmethod
    def open(
        cls, generations: OpenGenerations, store: Store, access: Access, sender: Sender, team: str
    ) -> "AnswerQueue":
        """An empty queue, in the workspace `team`."""
        return cls(
            generations.home,
            store,
            access,
            sender,
            team,
            responder=Responder(generations, store, access, sender, team),
            metrics=Metrics(),
            threads=ThreadPool(_ANSWER_THREADS, MOST_WAITING),
            notice_threads=ThreadPool(_NOTICE_THREADS, 10 * MOST_WAITING),
        )

    def warm_up(self) -> None:
        """Opens the index, so that the first question does not wait for it."""
        try:
            self.responder.generations.open().vector_of("warm")
        except Exception as error:
            log.warning("no index to answer from", extra={"error": type(error).__name__})

    def submit(self, question: Question) -> None:
        """Answers a question once, however often Slack delivers it."""
        if self.store.questions.claim(question):
            self._enqueue(question, self.answer)

    def _enqueue(self, question: Question, job: Callable[[Question], None]) -> None:
        refuse = partial(self._attempt, self._refuse_as_busy, question)
        self.run(partial(self._attempt, job, question), refuse)

    def _attempt(self, job: Callable[[Question], None], question: Question) -> None:
        """Does a job; a question that something unforeseen kept from its answer is tried again."""
        try:
            job(question)
        except Exception as error:
            log_failure(log, "defect", error, reference=question.reference)
            if question.failures + 1 < _FAILURES:
                self.store.questions.give_back(question)
                return
            with suppress(Undelivered):
                self.sender.unconfirmed(question)
            self.store.questions.finish(question, "failed")

    def run(self, job: Callable[[], object], when_full: Callable[[], object]) -> None:
        """Queues a job; when too many wait, `when_full` is done instead."""
        if not self.threads.submit(job):
            self.metrics.refused.inc()
            self.notice_threads.submit(when_full)

    def notify(self, question: Question, message: Message) -> None:
        """Sends the asker something that is no answer, once, however often it is asked for."""
        if not question.key or self.store.facts.first_time(question.key):
            self.notice_threads.submit(lambda: self._deliver(question, message, to_all=False))

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
            self._enqueue(question, self.answer)

    def answer(self, question: Question) -> None:
        """Finds the answer, delivers it and remembers that; once more for each later edit."""
        while True:
            with self._showing_status(question):
                with self.metrics.taking():
                    reply = self.responder.reply(question)
                newest = self._send(reply)
            if newest is None or newest.edited == reply.question.edited:
                return
            question = newest

    @contextmanager
    def _showing_status(self, question: Question) -> Iterator[None]:
        """Shows in the thread that the bot is searching, when that takes longer than `_SLOW`."""
        started = time.monotonic()
        slow = threading.Timer(_SLOW, self.sender.status, (question, wording.SEARCHING))
        slow.daemon = True
        slow.start()
        try:
            yield
        finally:
            slow.cancel()
            slow.join()  # a status that came after it was cleared would stay
            if time.monotonic() - started >= _SLOW:
                self.sender.status(question, "")

    def _send(self, reply: Reply) -> Question | None:
        """Delivers a reply and remembers that; gives the question as it is by then, None when it is
        another process's."""
        question, verdict, answer = reply.question, reply.verdict, reply.answer
        if question.answered_at:
            verdict = self._replace(question, reply.message) or verdict
            if not reply.message:
                question = replace(question, answered_at="")  # another edit may ask again
        elif question.text and not self.store.questions.start_sending(question):
            return None  # another process took it over
        elif reply.message:
            ts = self._deliver(question, reply.message, to_all=answer is not None)
            verdict = "undelivered" if ts is None else verdict
            question = replace(question, answered_at=ts or "")
        citations = [str(hit.citation) for hit in answer.passages] if answer else []
        took = answer.milliseconds if answer else None
        self.metrics.answered.labels(verdict=verdict).inc()
        facts = {"verdict": verdict, "surface": question.surface, "milliseconds": round(took or 0)}
        log.info("answered", extra={"reference": question.reference, **facts})
        return self.store.questions.finish(question, verdict, took, citations)

    def _deliver(self, question: Question, message: Message, *, to_all: bool) -> str | None:
        """The timestamp of what was delivered; None when it was not."""
        try:
            return self.sender.deliver(question, message, to_all=to_all)
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
            return None

    def _replace(self, question: Question, message: Message) -> str:
        """Replaces an answer that was posted, or deletes it where there is none any more; gives the
        verdict where that fails, else nothing."""
        try:
            if message:
                self.sender.update(question, message)
            else:
                self.sender.delete(question)
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
            return "undelivered"
        return ""

    def sweep(self, stopped: threading.Event) -> None:
        """Answers what a crash left unanswered and forgets what is too old, until stopped."""
        pruned_at = -_DAY
        while True:
            if time.monotonic() - pruned_at >= _DAY:
                logging_failures(self.store.prune)
                pruned_at = time.monotonic()
            logging_failures(self._recover)
            if stopped.wait(_SWEEP):
                return

    def _recover(self) -> None:
        self.store.questions.renew()
        for question, sending in self.store.questions.unanswered():
            log.info("taken up again", extra={"reference": question.reference})
            unsure = sending and not question.answered_at
            self._enqueue(question, self._resume if unsure else self.answer)

    def _resume(self, question: Question) -> None:
        """Answers a question whose answer may have been sent already, unless it was."""
        text = str(self.responder.reply(question).message.get("text") or "")
        arrived = None if question.response_url else self.sender.arrived(question, text)
        if arrived == "":
            return self.answer(question)
        if arrived and question.edited:  # it may be the answer to what the question was before
            return self.answer(replace(question, answered_at=arrived))
        if arrived is None:
            with suppress(Undelivered):
                self.sender.unconfirmed(question)
        self.store.questions.finish(replace(question, answered_at=arrived or ""), "interrupted")
        return None

    def close(self, wait: float) -> None:
        """Finishes what is in flight, at most `wait` seconds; the rest is left to the next one."""
        end = time.monotonic() + wait
        self.store.questions.renew()
        for pool in (self.threads, self.notice_threads):
            pool.drain(end - time.monotonic())
        self.store.questions.release()
        self.store.close()

    def _refuse_as_busy(self, question: Question) -> None:
        busy = notice(wording.BUSY, retry=question.reference)
        if question.answered_at:
            self._replace(question, busy)
        elif self.store.questions.start_sending(question):
            self._deliver(question, busy, to_all=False)
        else:
            return
        self.store.questions.finish(question, "busy")
