"""The one desk where questions are answered: a bounded queue and a few threads behind it."""

import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.output import is_expected
from bot.slack import wording
from bot.slack.access import Access
from bot.slack.errors import Undelivered
from bot.slack.limits import WAITING_QUESTIONS
from bot.slack.metrics import Metrics
from bot.slack.post import Post
from bot.slack.render import Payload, answer_message, context_view, more_view, notice, notice_view
from bot.slack.state import Question, State
from retriever.answer import Answer
from retriever.ask import ask
from retriever.errors import NoIndex, QuestionRefused
from retriever.generation import Generation
from retriever.home import Home
from retriever.receipts import cited

WORKERS = 8
MORE = 20
"""Passages in the modal that shows more."""
_SLOW = 1.0  # seconds after which the thread says that the bot is searching
_SWEEP = 5.0  # seconds between two looks for questions that a crash left

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers questions: the index, what is remembered, who may see what, the way back."""

    home: Home
    state: State
    access: Access
    post: Post
    metrics: Metrics
    library: "Library"
    workers: ThreadPoolExecutor
    places: threading.BoundedSemaphore

    @classmethod
    def open(cls, home: Home, state: State, access: Access, post: Post) -> "Desk":
        """A desk with nobody waiting."""
        return cls(
            home, state, access, post, Metrics(), Library(home),
            ThreadPoolExecutor(WORKERS, "answer"), threading.BoundedSemaphore(WAITING_QUESTIONS),
        )  # fmt: skip

    def warm(self) -> None:
        """Opens the index, so that the first question does not wait for it."""
        try:
            self.library.open().vector_of("warm")
        except Exception as error:
            log.warning("no index to answer from", extra={"error": type(error).__name__})

    def take(self, question: Question) -> bool:
        """Answers a question once, however often it comes; whether it was the first time."""
        question = replace(question, asked_on=datetime.date.today().isoformat())
        if not self.state.claim(question):
            return False
        self.work(lambda: self.answer(question), lambda: self._turn_away(question))
        return True

    def work(self, job: Callable[[], object], full: Callable[[], object]) -> None:
        """Queues a job; when too many wait, does what `full` says instead."""
        if not self.places.acquire(blocking=False):
            job = full
            self.metrics.refused.inc()
        else:
            job = _then(job, self.places.release)
        self.workers.submit(_logged(job))

    def answer(self, question: Question) -> None:
        """Finds the answer, delivers it, and remembers that it did."""
        with self._showing_status(question):
            with self.metrics.taking():
                question, payload, answer = self._answered(question)
            self._send(question, payload, answer)

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

    def _send(self, question: Question, payload: Payload, answer: Answer | None) -> None:
        verdict = str(answer.verdict) if answer else "error"
        try:
            if question.answered_at:
                self.post.update(question, payload)
            else:
                question = replace(question, answered_at=self.post.deliver(question, payload))
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
            verdict = "undelivered"
        citations = "\n".join(str(hit.citation) for hit in answer.passages) if answer else ""
        took = answer.milliseconds if answer else None
        self.state.finish(question, verdict, took, citations)
        self.metrics.answered.labels(verdict=verdict).inc()
        facts = {"verdict": verdict, "surface": question.surface, "milliseconds": round(took or 0)}
        log.info("answered", extra={"reference": question.reference, **facts})

    def _answered(self, question: Question) -> tuple[Question, Payload, Answer | None]:
        """The question as it is kept, with the payload that answers it."""
        try:
            earlier = self.state.thread(question.place, question.reference)
            history = (*question.history, *(each.text for each in earlier))
            question = replace(question, history=history)
            answer = self.find(question)
            question = replace(question, generation=answer.generation)
            may_share = question.surface in ("command", "shortcut") and question.kind != "direct"
            message = answer_message(
                answer, question.reference, may_share=may_share, note=question.note
            )
            return question, message, answer
        except Exception as error:
            return question, self._apology(question, error), None

    def find(self, question: Question, *, top: int = 3, again: bool = False) -> Answer:
        """The answer to a question, from what may be shown where it was asked.

        `again` asks the generation that answered it before, if that is still kept.
        """
        generation = self.library.open(question.generation if again else "")
        folders = self.access.folders_in(question.channel, question.kind)
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
        while not stopped.wait(_SWEEP):
            for question in self.state.unanswered():
                log.info("taken up again", extra={"reference": question.reference})
                self.work(_bound(self.answer, question), _bound(self._turn_away, question))

    def close(self, wait: float) -> None:
        """Finishes what is in flight, at most `wait` seconds."""
        self.workers.shutdown(wait=False)
        for thread in list(self.workers._threads):
            thread.join(wait)
        self.state.close()

    def _view(self, question: Question, shown: Callable[[], Payload]) -> Payload:
        try:
            return shown()
        except Exception as error:
            log.error("failed", extra={"reference": question.reference, "error": repr(type(error))})
            return notice_view(wording.could_not_search(question.reference))

    def _turn_away(self, question: Question) -> None:
        try:
            self.post.deliver(question, notice(wording.BUSY, retry=question.reference))
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})
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

    def size(self) -> tuple[int, str | None]:
        """The number of documents in the current generation, and its newest day; 0 without one."""
        try:
            manifest = self.open().manifest
        except NoIndex:
            return 0, None
        return manifest.documents, manifest.newest


def _then(job: Callable[[], object], last: Callable[[], object]) -> Callable[[], None]:
    def both() -> None:
        try:
            job()
        finally:
            last()

    return both


def _logged(job: Callable[[], object]) -> Callable[[], None]:
    """A job whose failure is no silent one: its thread has nobody who would see it."""

    def run() -> None:
        try:
            job()
        except Exception as error:
            log.error("defect", extra={"error": type(error).__name__})
            log.debug("defect", exc_info=error)

    return run


def _bound(work: Callable[[Question], object], question: Question) -> Callable[[], object]:
    return lambda: work(question)
