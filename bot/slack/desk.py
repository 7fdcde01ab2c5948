"""The one desk where questions are answered: a bounded queue and a few threads behind it."""

import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk.errors import SlackApiError

from bot.output import is_expected
from bot.slack import wording
from bot.slack.access import Access, Person
from bot.slack.errors import Undelivered
from bot.slack.limits import WAITING_QUESTIONS
from bot.slack.metrics import Metrics
from bot.slack.post import Post
from bot.slack.render import Payload, answer_message, context_view, more_view, notice, notice_view
from bot.slack.state import Question, State
from bot.slack.workers import Workers, logged
from retriever.answer import Answer
from retriever.ask import ask
from retriever.errors import NoIndex, QuestionRefused
from retriever.generation import Generation
from retriever.home import Home
from retriever.receipts import cited

WORKERS = 8
"""Threads that answer, most of which wait for Slack."""
FINDING = 2
"""Of these, those that search at a time: more would only keep each other waiting."""
MORE = 20
"""Passages in the modal that shows more."""
_SLOW = 1.0  # seconds after which the thread says that the bot is searching
_SWEEP = 2.0  # seconds between two looks for questions that a crash left
_APOLOGISING = 2  # threads that tell people that too many wait

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said to a question, which is kept as it was read; without an answer, why not."""

    question: Question
    payload: Payload
    verdict: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers questions: the index, what is remembered, who may see what, the way back."""

    home: Home
    state: State
    access: Access
    post: Post
    team: str
    metrics: Metrics
    library: "Library"
    workers: Workers
    apologising: Workers
    guests: dict[str, bool]
    finding: threading.Semaphore

    @classmethod
    def open(cls, home: Home, state: State, access: Access, post: Post, team: str) -> "Desk":
        """A desk with nobody waiting, in the workspace `team`."""
        return cls(
            home, state, access, post, team, Metrics(), Library(home),
            Workers(WORKERS, WAITING_QUESTIONS), Workers(_APOLOGISING, 10 * WAITING_QUESTIONS), {},
            threading.Semaphore(FINDING),
        )  # fmt: skip

    def warm(self) -> None:
        """Opens the index, so that the first question does not wait for it."""
        try:
            self.library.open().vector_of("warm")
        except Exception as error:
            log.warning("no index to answer from", extra={"error": type(error).__name__})

    def take(self, question: Question) -> bool:
        """Answers a question once, however often it comes; whether it was the first time."""
        if not self.state.claim(question):
            return False
        self.work(lambda: self.answer(question), lambda: self._turn_away(question))
        return True

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
            self.work(lambda: self.answer(newest), lambda: None)

    def answer(self, question: Question) -> None:
        """Finds the answer, delivers it, and remembers that it did; again if that was edited."""
        while True:
            with self._showing_status(question):
                with self.metrics.taking():
                    outcome = self._outcome(question)
                newest = self._send(outcome)
            if newest is None or newest.edited == question.edited:
                return
            question = replace(newest, history=())

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
            slow.join()
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

    def _outcome(self, question: Question) -> Outcome:
        if not question.text:
            return Outcome(question, {}, "deleted")
        try:
            refused = self.refusal(question)
            if refused:
                return Outcome(question, notice(refused), "refused")
            earlier = self.state.thread(question.place, question.reference)
            history = (*question.history, *(each.text for each in earlier))
            question = replace(question, history=history)
            answer = self.find(question)
            question = replace(question, generation=answer.generation)
            may_share = question.surface in ("command", "shortcut") and question.kind != "direct"
            message = answer_message(
                answer, question.reference, may_share=may_share, note=question.note
            )
            return Outcome(question, message, str(answer.verdict), answer)
        except Exception as error:
            return Outcome(question, self._apology(question, error), "error")

    def refusal(self, question: Question) -> str:
        """Why this question is not answered where it was asked; empty when it is."""
        person = Person(question.team == self.team, self._is_guest(question.person))
        shared = self.state.has_seen(f"shared channel:{question.channel}")
        nothing = self.access.folders_in(question.channel, question.kind) == ()
        refused = self.access.refusal(person, shared_channel=shared)
        return refused or (wording.REFUSED_PLACE if nothing else "")

    def _is_guest(self, person: str) -> bool | None:
        if self.access.guests or not self.post.may("users:read"):
            return None
        if person not in self.guests:
            try:
                user = self.post.client.users_info(user=person)["user"]
            except SlackApiError as error:
                if not self.post.lacks(error):
                    raise  # a guest must not be answered because Slack is down
                return None
            self.guests[person] = bool(user.get("is_restricted") or user.get("is_stranger"))
        return self.guests[person]

    def find(self, question: Question, *, top: int = 3, again: bool = False) -> Answer:
        """The answer to a question, from what may be shown where it was asked.

        `again` asks the generation that answered it before, if that is still kept.
        """
        generation = self.library.open(question.generation if again else "")
        folders = self.access.folders_in(question.channel, question.kind)
        with self.finding:
            return ask(
                generation, question.text,
                history=question.history, top=top, folders=folders,
                asked_on=datetime.date.fromisoformat(question.asked_on),
            )  # fmt: skip

    def more(self, question: Question) -> Payload:
        """A modal with further passages; near ones when there is no answer."""
        return self._view(question, lambda: more_view(self.find(question, top=MORE, again=True)))

    def in_context(self, question: Question) -> Payload:
        """A modal with the passages of an answer between their neighbours."""

        def shown() -> Payload:
            answer = self.find(question, again=True)
            store = self.library.open(answer.generation).store
            found = ((hit, cited(store, hit.citation, 1)) for hit in answer.passages)
            places = [(hit, near.around) for hit, near in found if near.passage is not None]
            return context_view(places)

        return self._view(question, shown)

    def share(self, question: Question, person: str) -> Payload:
        """The answer as everyone in the channel may see it, without buttons."""
        answer = self.find(question, again=True)
        return answer_message(answer, question.reference, shared_by=person)

    def sweep(self, stopped: threading.Event) -> None:
        """Answers what a crash left unanswered, until stopped."""
        while True:
            logged(self._take_up)
            if stopped.wait(_SWEEP):
                return

    def _take_up(self) -> None:
        self.state.renew()
        for question, sending in self.state.unanswered():
            log.info("taken up again", extra={"reference": question.reference})
            job = partial(self._resume if sending else self.answer, question)
            self.work(job, partial(self._turn_away, question))

    def _resume(self, question: Question) -> None:
        """Answers a question whose answer may have been sent already, unless it was."""
        text = str(self._outcome(question).payload["text"])
        arrived = None if question.response_url else self.post.arrived(question, text)
        if arrived == "":
            return self.answer(question)
        if arrived is None:
            with suppress(Undelivered):
                self.post.unconfirmed(question)
        self.state.finish(replace(question, answered_at=arrived or ""), "interrupted")
        return None

    def close(self, wait: float) -> None:
        """Finishes what is in flight, at most `wait` seconds; the rest is left to the next one."""
        end = time.monotonic() + wait
        for workers in (self.workers, self.apologising):
            workers.finish(end - time.monotonic())
        self.state.release()
        self.state.close()

    def _view(self, question: Question, shown: Callable[[], Payload]) -> Payload:
        """A modal for the question's person, who may have clicked on somebody else's answer."""
        try:
            refused = self.refusal(question)
            return notice_view(refused) if refused else shown()
        except Exception as error:
            log.error("failed", extra={"reference": question.reference, "error": repr(type(error))})
            return notice_view(wording.could_not_search(question.reference))

    def _turn_away(self, question: Question) -> None:
        if self.state.sending(question):
            self._deliver(question, notice(wording.BUSY, retry=question.reference), to_all=False)
            self.state.finish(question, "busy")

    def _apology(self, question: Question, error: Exception) -> Payload:
        if isinstance(error, NoIndex):
            return notice(wording.BUILDING if self.home.is_locked() else wording.NO_INDEX)
        if isinstance(error, QuestionRefused):
            return notice(str(error))
        kind = "failed" if is_expected(error) else "defect"
        log.error(kind, extra={"reference": question.reference, "error": type(error).__name__})
        log.debug("failed", exc_info=error)
        return notice(wording.could_not_search(question.reference), retry=question.reference)


class Library:
    """The generations that questions are asked of: the current one, and kept ones by name."""

    def __init__(self, home: Home) -> None:
        self._home, self._lock = home, threading.Lock()
        self._open: dict[str, Generation] = {}

    def open(self, name: str = "") -> Generation:
        """The generation of this name if it is kept, else the current one; opened once.

        Raises `NoIndex` and what opening a generation raises.
        """
        current = self._home.current() or ""
        wanted = name if name in self._open or name in self._home.kept() else current
        with self._lock:
            if wanted not in self._open:
                self._open = {key: each for key, each in self._open.items() if key == current}
                self._open[wanted] = Generation.open(self._home, wanted or None)
            return self._open[wanted]

    def size(self, folders: Sequence[str] | None) -> tuple[int, str | None]:
        """The number of documents in these folders of the current generation, or in all, and the
        newest day; 0 without a generation."""
        try:
            return self.open().size(folders)
        except NoIndex:
            return 0, None
