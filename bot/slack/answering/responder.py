"""What is said to a question: who is refused, and what of the index may be shown where."""

import datetime
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from slack_sdk.errors import SlackApiError

from bot.output import is_expected
from bot.slack.answering.access import Access
from bot.slack.answering.open_generations import Library, told_apart
from bot.slack.answering.users import People
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.messages import (
    Payload,
    answer_message,
    context_view,
    more_view,
    notice,
    notice_view,
)
from bot.slack.sending.retries import LOST
from bot.slack.sending.sender import Post
from bot.slack.state import State
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.citing.receipts import look_up
from retriever.errors import NoIndex, QuestionRefused
from retriever.index.home import Home

FINDING = 2
"""Threads that search at a time: more would only keep each other waiting."""
MORE = 20
"""Passages in the modal that shows more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said to a question, which is kept as it was read; without an answer, why not."""

    question: Question
    payload: Payload
    verdict: str
    answer: Answer | None = None


class Clerk:
    """Answers from the index what may be shown to whoever asks, where they ask."""

    def __init__(self, home: Home, state: State, access: Access, post: Post, team: str) -> None:
        self.access, self.library = access, Library(home)
        self._home, self._state, self._post = home, state, post
        self._people = People(post, access, team)
        self._finding = threading.Semaphore(FINDING)

    def outcome(self, question: Question) -> Outcome:
        """What is said to a question, whatever goes wrong."""
        if not question.text:
            return Outcome(question, {}, "deleted")
        try:
            refused = self.refusal(question)
            if refused:
                return Outcome(question, notice(refused), "refused")
            question = replace(question, history=self._state.earlier(question))
            answer = self.find(question)
            question = replace(question, generation=answer.generation)
            may_share = question.surface in ("command", "shortcut") and question.kind != "direct"
            message = answer_message(
                answer, question.reference, may_share=may_share, note=question.note,
                outsiders=self._state.fact(is_shared(question.channel)) != "no",
            )  # fmt: skip
            return Outcome(question, message, str(answer.verdict), answer)
        except Exception as error:
            return Outcome(question, self._apology(question, error), "error")

    def refusal(self, question: Question) -> str:
        """Why this question is not answered where it was asked; empty when it is."""
        shared = self._state.fact(is_shared(question.channel)) == "yes"
        refused = self.access.refusal(self._people.person(question), shared_channel=shared)
        nothing = self.access.folders_in(question.channel, question.kind) == ()
        return refused or (wording.REFUSED_PLACE if nothing else "")

    def refusal_to_share(self, question: Question) -> str:
        """Why an answer is not shown to everyone in the channel where somebody wants that.

        Slack is asked whether other organisations read it, where the bot has the scope for that.
        """
        refused = self.refusal(question)
        scope = "groups:read" if question.kind == "private" else "channels:read"
        if refused or self.access.external or not self._post.may(scope):
            return refused
        try:
            channel = self._post.client.conversations_info(channel=question.channel)["channel"]
        except (SlackApiError, *LOST):
            return wording.REFUSED_SHARING
        read_by_others = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
        return wording.REFUSED_EXTERNAL if read_by_others else ""

    def find(self, question: Question, *, top: int = 3, again: bool = False) -> Answer:
        """The answer to a question, from what may be shown where it was asked.

        `again` asks the generation that answered it before, if that is still kept.
        """
        generation = self.library.open(question.generation if again else "")
        shown = self.access.folders_in(question.channel, question.kind)
        folders = told_apart(generation, shown)
        text, *history = map(self._people.named, (question.text, *question.history))
        with self._finding:
            return ask(
                generation, text, history=history, top=top, folders=folders,
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
            found = ((hit, look_up(store, hit.citation, 1)) for hit in answer.passages)
            places = [(hit, near.around) for hit, near in found if near.passage is not None]
            return context_view(places)

        return self._view(question, shown)

    def share(self, question: Question, person: str) -> Payload:
        """The answer as everyone in the channel may see it, without buttons."""
        answer = self.find(question, again=True)
        return answer_message(answer, question.reference, shared_by=person)

    def index_state(self) -> str:
        """What is to be said of the index; empty when all is well."""
        return "" if self._home.current() else self._missing()

    def _missing(self) -> str:
        return wording.BUILDING if self._home.is_locked() else wording.NO_INDEX

    def _view(self, question: Question, shown: Callable[[], Payload]) -> Payload:
        """A modal for the question's person, who may have clicked on somebody else's answer."""
        try:
            refused = self.refusal(question)
            return notice_view(refused) if refused else shown()
        except Exception as error:
            log.error(
                "failed", extra={"reference": question.reference, "error": type(error).__name__}
            )
            return notice_view(wording.could_not_search(question.reference))

    def _apology(self, question: Question, error: Exception) -> Payload:
        if isinstance(error, NoIndex):
            return notice(self._missing())
        if isinstance(error, QuestionRefused):
            return notice(str(error))
        kind = "failed" if is_expected(error) else "defect"
        log.error(kind, extra={"reference": question.reference, "error": type(error).__name__})
        log.debug("failed", exc_info=error)
        return notice(wording.could_not_search(question.reference), retry=question.reference)


def is_shared(channel: str) -> str:
    """The name of the fact whether a channel is shared with other organisations: yes or no."""
    return f"shared:{channel}"
