"""The one desk where questions are answered: a bounded queue and a few threads behind it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.slack.answering.access import Access
from bot.slack.answering.metrics import Metrics
from bot.slack.answering.responder import Clerk, Outcome
from bot.slack.answering.thread_pool import Workers, logged
from bot.slack.errors import Undelivered
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.messages import Payload, notice
from bot.slack.sending.sender import Post
from bot.slack.state import State
from retriever.index.home import Home

WORKERS = 16
"""Threads that answer, most of which wait for Slack: some of them for a channel that is full."""
WAITING_QUESTIONS = 100
"""Jobs that wait or are under way; whoever comes then is told that the bot is busy."""
_SLOW = 1.0  # seconds after which the thread says that the bot is searching
_SWEEP = 2.0  # seconds between two looks for questions that a crash left
_DAY = 86_400.0  # seconds between two looks for what is too old to be kept
_APOLOGISING = 2  # threads that tell people that too many wait
_FAILURES = 3  # unforeseen ones, after which a question is not tried again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers questions: what is remembered, what is said, the way back, and who waits."""

    home: Home
    state: State
    access: Access
    post: Post
    team: str
    clerk: Clerk
    metrics: Metrics
    workers: Workers
    apologising: Workers

    @classmethod
    def open(cls, home: Home, state: State, access: Access, post: Post, team: str) -> "Desk":
        """A desk with nobody waiting, in the workspace `team`."""
        return cls(
            home, state, access, post, team, Clerk(home, state, access, post, team), Metrics(),
            Workers(WORKERS, WAITING_QUESTIONS), Workers(_APOLOGISING, 10 * WAITING_QUESTIONS),
        )  # fmt: skip

    def warm(self) -> None:
        """Opens the index, so that the first question does not wait for it."""
        try:
            self.clerk.library.open().vector_of("warm")
        except Exception as error:
            log.warning("no index to answer from", extra={"error": type(error).__name__})

    def take(self, question: Question) -> bool:
        """Answers a question once, however often it comes; whether it was the first time."""
        if not self.state.claim(question):
            return False
        self._queue(question, self.answer)
        return True

    def _queue(self, question: Question, job: Callable[[Question], None]) -> None:
        full = partial(self._attempt, self._turn_away, question)
        self.work(partial(self._attempt, job, question), full)

    def _attempt(self, job: Callable[[Question], None], question: Question) -> None:
        """Does a job; a question that something unforeseen kept from its answer is tried again."""
        try:
            job(question)
        except Exception as error:
            named = {"reference": question.reference, "error": type(error).__name__}
            log.error("defect", extra=named)
            log.debug("defect", exc_info=error)
            if question.failures + 1 < _FAILURES:
                self.state.give_back(question)
                return
            with suppress(Undelivered):
                self.post.unconfirmed(question)
            self.state.finish(question, "failed")

    def work(self, job: Callable[[], object], full: Callable[[], object]) -> None:
        """Queues a job; when too many wait, does what `full` says instead."""
        if not self.workers.take(job):
            self.metrics.refused.inc()
            self.apologising.take(full)

    def tell(self, question: Question, payload: Payload) -> None:
        """Says something that is no answer, once, however often it is asked for."""
        if not question.key or self.state.first_time(question.key):
            self.apologising.take(lambda: self._deliver(question, payload, to_all=False))

    def amend(self, question: Question, text: str, edited: str) -> None:
        """Answers an edited question anew in the place of the old answer; to a deleted one, which
        has no text, the answer is taken away."""
        newest = self.state.amend(question, text, edited)
        # Before its first answer is out, whoever answers it sees the edit then.
        if newest and newest.answered_at:
            self._queue(newest, self.answer)

    def answer(self, question: Question) -> None:
        """Finds the answer, delivers it, and remembers that it did; again if that was edited."""
        while True:
            with self._showing_status(question):
                with self.metrics.taking():
                    outcome = self.clerk.outcome(question)
                newest = self._send(outcome)
            if newest is None or newest.edited == question.edited:
                return
            question = newest

    @contextmanager
    def _showing_status(self, question: Question) -> Iterator[None]:
        """Says in the thread that the bot is searching, when it takes longer than a moment."""
        started = time.monotonic()
        slow = threading.Timer(_SLOW, self.post.status, (question, wording.SEARCHING))
        slow.daemon = True
        slow.start()
        try:
            yield
        finally:
            slow.cancel()
            slow.join()  # a status that came after it was cleared would stay
            if time.monotonic() - started >= _SLOW:
                self.post.status(question, "")

    def _send(self, outcome: Outcome) -> Question | None:
        """Delivers and remembers; gives the question as it is by then, None when it is not ours."""
        question, verdict, answer = outcome.question, outcome.verdict, outcome.answer
        if question.answered_at:
            verdict = self._replace(question, outcome.payload) or verdict
        elif question.text and not self.state.sending(question):
            return None  # another process took it over
        elif question.text:
            ts = self._deliver(question, outcome.payload, to_all=answer is not None)
            verdict = "undelivered" if ts is None else verdict
            question = replace(question, answered_at=ts or "")
        citations = "\n".join(str(hit.citation) for hit in answer.passages) if answer else ""
        took = answer.milliseconds if answer else None
        self.metrics.answered.labels(verdict=verdict).inc()
        facts = {"verdict": verdict, "surface": question.surface, "milliseconds": round(took or 0)}
        log.info("answered", extra={"reference": question.reference, **facts})
        return self.state.finish(question, verdict, took, citations)

    def _deliver(self, question: Question, payload: Payload, *, to_all: bool) -> str | None:
        """The timestamp of what was delivered; None when it was not."""
        try:
            return self.post.deliver(question, payload, to_all=to_all)
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
            return None

    def _replace(self, question: Question, payload: Payload) -> str:
        """Puts a payload in the place of an answer, nothing in that of one to a deleted question;
        gives the verdict when that fails."""
        try:
            if question.text:
                self.post.update(question, payload)
            else:
                self.post.delete(question)
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
            return "undelivered"
        return ""

    def sweep(self, stopped: threading.Event) -> None:
        """Answers what a crash left unanswered and forgets what is too old, until stopped."""
        pruned = -_DAY
        while True:
            if time.monotonic() - pruned >= _DAY:
                logged(self.state.prune)
                pruned = time.monotonic()
            logged(self._take_up)
            if stopped.wait(_SWEEP):
                return

    def _take_up(self) -> None:
        self.state.renew()
        for question, sending in self.state.unanswered():
            log.info("taken up again", extra={"reference": question.reference})
            unsure = sending and not question.answered_at
            self._queue(question, self._resume if unsure else self.answer)

    def _resume(self, question: Question) -> None:
        """Answers a question whose answer may have been sent already, unless it was."""
        text = str(self.clerk.outcome(question).payload.get("text") or "")
        arrived = None if question.response_url else self.post.arrived(question, text)
        if arrived == "":
            return self.answer(question)
        if arrived and question.edited:  # it may be the answer to what the question was before
            return self.answer(replace(question, answered_at=arrived))
        if arrived is None:
            with suppress(Undelivered):
                self.post.unconfirmed(question)
        self.state.finish(replace(question, answered_at=arrived or ""), "interrupted")
        return None

    def close(self, wait: float) -> None:
        """Finishes what is in flight, at most `wait` seconds; the rest is left to the next one."""
        end = time.monotonic() + wait
        self.state.renew()
        for workers in (self.workers, self.apologising):
            workers.finish(end - time.monotonic())
        self.state.release()
        self.state.close()

    def _turn_away(self, question: Question) -> None:
        busy = notice(wording.BUSY, retry=question.reference)
        if question.answered_at:
            self._replace(question, busy)
        elif self.state.sending(question):
            self._deliver(question, busy, to_all=False)
        else:
            return
        self.state.finish(question, "busy")
