"""The reply to a question: who is refused, and what of the index may be shown where."""

import datetime
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.open_generations import OpenGenerations, unambiguous
from bot.output import is_expected
from bot.rendering.reading_page import on_reading_page
from bot.slack.answering.access import Access
from bot.slack.answering.example_questions import Examples
from bot.slack.answering.pointing import ThreadRoots
from bot.slack.answering.search_slots import SearchSlots
from bot.slack.answering.small_talk import is_talk
from bot.slack.answering.users import Users
from bot.slack.errors import NothingAsked, log_failure
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.block_kit import Message, View
from bot.slack.sending.block_limits import LISTED_DOCUMENTS, SHOWN_PASSAGES
from bot.slack.sending.notices import notice, notice_view
from bot.slack.sending.retry_policy import CALL_FAILED, failure_of
from bot.slack.sending.sender import Sender
from bot.slack.showing.answer_messages import answer_message
from bot.slack.showing.answer_views import (
    answer_view,
    context_view,
    more_view,
    nearest_view,
    reading_view,
    taken_along_view,
)
from bot.slack.showing.best_sentence import best_sentence
from bot.slack.showing.context_pages import context_page
from bot.slack.store.store import Store
from retriever.answering.answer import Answer, Hit, Verdict
from retriever.answering.ask import ask
from retriever.citing.originals import neighbours_of
from retriever.errors import NoIndex, QuestionRefused
from retriever.index.generation import Generation
from retriever.question.courtesies import is_courtesy
from retriever.row_set import RowSet

_SEARCHES_AT_A_TIME = 2
"""Threads that search at a time: more would only keep each other waiting."""
_MORE_PASSAGES = 20
"""Passages of an answer, with those that are behind a button."""
_WHOLE_LIST = 100
"""Documents of a list, as far as a modal has room for them."""
_NEAREST = 10
"""Passages that may answer after all a question without an answer."""
_WHOLE_DOCUMENT = 1_000_000  # passages on either side

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """The message to send for a question, which is kept as it was read.

    `verdict` is that of the answer, else why there is none: `refused`, `pointless` where nothing is
    asked and what it points at cannot be read, `silent` where it was talk between people, `deleted`
    or `error`. Without a message nothing is sent.
    """

    question: Question
    message: Message
    verdict: str
    answer: Answer | None = None


class Responder:
    """Answers from the index with what may be shown to whoever asks, where they ask."""

    def __init__(
        self, generations: OpenGenerations, store: Store, access: Access, sender: Sender,
        team: str, web: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """`web` is the table of the settings that tells of the reading page."""
        self.access, self.generations, self._web = access, generations, web
        self._home, self._store, self._sender = generations.home, store, sender
        self.examples = Examples(generations)
        self._users = Users(sender, access, team)
        self._roots = ThreadRoots(sender, store.questions)
        self._slots = SearchSlots(_SEARCHES_AT_A_TIME)

    def reply(self, question: Question) -> Reply:
        """The reply to a question, whatever goes wrong here; raises what asking Slack raises."""
        if not question.text:
            return Reply(question, {}, "deleted")
        refused = self.refusal(question)
        if refused:  # nobody asked the bot who did not mention it
            message = {} if question.surface in ("follow-up", "news") else notice(refused)
            return Reply(question, message, "refused")
        try:
            followed = self._store.questions.follow(self._roots.followed(question))
        except NothingAsked as why:
            return Reply(question, notice(str(why)), "pointless")
        if followed is None:  # it was edited meanwhile
            newest = self._store.questions.find(question.reference)
            return self.reply(newest) if newest else Reply(question, {}, "deleted")
        question = followed
        try:
            answer = self.find(question)
            question = replace(question, generation=answer.generation)
            asked_before = bool(question.answered_at)  # and answered anew, since others changed
            generation = self.generations.open(answer.generation)
            if question.following:
                return _news(question, answer)
            if not asked_before and is_talk(generation, question, answer):
                return _silence(question)
            may_share = question.surface in ("command", "shortcut") and question.kind != "direct"
            message = answer_message(
                answer, question.reference, may_share=may_share, note=question.note,
                outsiders=self._store.facts.fact(shared_channel_fact(question.channel)) != "no",
            )  # fmt: skip
            return Reply(question, message, str(answer.verdict), answer)
        except Exception as error:
            if question.following:  # nobody waits for it: it is tried again
                raise
            return self.apology(question, error)

    def apology(self, question: Question, error: Exception) -> Reply:
        """The reply to a question that an error kept from its answer."""
        if reason := self._reason(error):
            return Reply(question, notice(reason), "error")
        foreseen = is_expected(error) or isinstance(error, CALL_FAILED)
        kind = "failed" if foreseen else "defect"
        log_failure(log, kind, error, reference=question.reference)
        sorry = wording.could_not_search(question.reference)
        return Reply(question, notice(sorry, retry=question.reference), "error")

    def refusal(self, question: Question) -> str:
        """Why this question is not answered where it was asked; empty when it is."""
        shared = self._store.facts.fact(shared_channel_fact(question.channel)) == "yes"
        refused = self.access.refusal(self._users.asker(question), shared_channel=shared)
        nothing = self.access.folders_in(question.channel, question.kind) == ()
        return refused or (wording.REFUSED_PLACE if nothing else "")

    def refusal_to_share(self, question: Question) -> str:
        """Why an answer is not shown to everyone in the channel where a user wants that.

        Slack is asked whether other organisations read it, where the bot has the scope for that.
        Raises what asking Slack raises.
        """
        refused = self.refusal(question)
        scope = "groups:read" if question.kind == "private" else "channels:read"
        if refused or self.access.external or not self._sender.may(scope):
            return refused
        try:
            channel = self._sender.client.conversations_info(channel=question.channel)["channel"]
        except CALL_FAILED as error:
            if failure_of(error).kind != "refused":
                raise
            return wording.REFUSED_SHARING
        read_by_others = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
        return wording.REFUSED_EXTERNAL if read_by_others else ""

    def find(
        self, question: Question, *, top: int = _MORE_PASSAGES, min_score: float | None = None,
        nearest: bool = False, most_listed: int = LISTED_DOCUMENTS, same_generation: bool = False,
    ) -> Answer:  # fmt: skip
        """The answer to a question, from what may be shown where it was asked.

        `same_generation` asks the one that answered it before, if that is still kept.
        """
        generation = self.generations.open(question.generation if same_generation else "")
        folders = self._folders(generation, question)
        new = self._new_rows(generation, question) if question.following else None
        text, *history = map(self._users.with_names, (question.text, *question.history))
        with self._slots.taken():
            answer = ask(
                generation, text, history=history, top=top, min_score=min_score, nearest=nearest,
                most_listed=most_listed, folders=folders, among=new,
                asked_on=datetime.date.fromisoformat(question.asked_on),
            )  # fmt: skip
        return on_reading_page(answer, self._web, generation)

    def has_new_rows(self, news: Question) -> bool:
        """Whether anything is new for who is told that."""
        return len(self._new_rows(self.generations.open(news.generation), news)) > 0

    def _new_rows(self, generation: Generation, news: Question) -> RowSet:
        folders = self._folders(generation, news)
        return self._store.follows.new_rows(generation, news, folders)

    def _folders(self, generation: Generation, question: Question) -> list[str] | None:
        """The corpus folders that may be shown where a question was asked; None means all."""
        shown = self.access.folders_in(question.channel, question.kind)
        return unambiguous(generation, shown)

    def typed(self, question: Question) -> View:
        """A modal with the answer to a question that was typed in one."""
        return self._view(question, lambda: answer_view(self._again(question), question.reference))

    def more(self, question: Question) -> View:
        """A modal with the passages that a message has no room for; where there are none, with
        those that are not as near."""

        def shown() -> View:
            answer = self._again(question, most_listed=_WHOLE_LIST)
            if len(answer.passages) <= SHOWN_PASSAGES and not answer.listed:
                answer = self._again(question, min_score=0.0)
            return more_view(answer, SHOWN_PASSAGES)

        return self._view(question, shown)

    def nearest(self, question: Question) -> View:
        """A modal with what is nearest to a question that was said to have no answer."""
        return self._view(
            question, lambda: nearest_view(self._nearest(question), question.reference)
        )

    def how_read(self, question: Question) -> View:
        """A modal that says how a question was read."""
        return self._view(question, lambda: reading_view(self._again(question)))

    def take_along(self, question: Question) -> View:
        """A modal with the passages of a message, with their sources, to copy."""
        return self._view(question, lambda: taken_along_view(self._again(question)))

    def in_context(self, question: Question, rank: int = 1, number: int = 0) -> View:
        """A modal with a page of the document around a passage of an answer; 0 has the passage."""

        def shown() -> View:
            answer = self._again(question)
            hits = answer.passages[:SHOWN_PASSAGES]
            hit = next((each for each in hits if each.rank == rank), None)
            store = self.generations.open(answer.generation).store
            near = neighbours_of(store, hit.citation, _WHOLE_DOCUMENT) if hit else ()
            if not hit or not near:
                return notice_view(wording.TOO_OLD)
            page = context_page(near, hit.label, best_sentence(hit)[0], number)
            return context_view(hits, hit, page, question.reference)

        return self._view(question, shown)

    def nearest_passage(self, question: Question, receipt: str) -> Hit | None:
        """The passage with this receipt among the nearest ones to a question, as shown to whoever
        chose it; None where it may not be shown."""
        if self.refusal(question):
            return None
        hits = self._nearest(question).passages
        return next((hit for hit in hits if hit.citation.receipt == receipt), None)

    def _again(
        self, question: Question, *, min_score: float | None = None,
        most_listed: int = LISTED_DOCUMENTS,
    ) -> Answer:  # fmt: skip
        return self.find(
            question, min_score=min_score, most_listed=most_listed, same_generation=True
        )

    def _nearest(self, question: Question) -> Answer:
        return self.find(question, top=_NEAREST, nearest=True, same_generation=True)

    def shared_answer(self, question: Question, user: str) -> Message:
        """The answer as everyone in the channel may see it: without buttons, with who shares it."""
        answer = self.find(question, same_generation=True)
        return answer_message(answer, question.reference, shared_by=user)

    def examples_for(self, question: Question) -> tuple[str, ...]:
        """Questions to begin with, from what may be shown where this one was asked."""
        if self.refusal(question):
            return ()
        return self.examples.of(self.access.folders_in(question.channel, question.kind))

    def index_problem(self) -> str:
        """What to say where there is no index; empty when there is one."""
        return "" if self._home.current() else self._missing()

    def _missing(self) -> str:
        return wording.BUILDING if self._home.is_locked() else wording.NO_INDEX

    def _view(self, question: Question, shown: Callable[[], View]) -> View:
        """A modal for the question's user, who may have clicked on somebody else's answer; raises
        what asking Slack raises."""
        refused = self.refusal(question)
        if refused:
            return notice_view(refused)
        try:
            return shown()
        except Exception as error:
            if reason := self._reason(error):
                return notice_view(reason)
            log.error(
                "failed", extra={"reference": question.reference, "error": type(error).__name__}
            )
            return notice_view(wording.could_not_search(question.reference))

    def _reason(self, error: Exception) -> str:
        """Why there is no answer, where who asked can make something of that; else empty."""
        if isinstance(error, NoIndex):
            return self._missing()
        return str(error) if isinstance(error, QuestionRefused) else ""


def _silence(question: Question) -> Reply:
    """Nothing, to what asks nothing; a friendly line to who writes to the bot alone, and, for their
    eyes only, to who mentions it with more than thanks, and may have asked."""
    thanked = is_courtesy(question.typed or question.text)
    told = question.surface == "direct" or (question.surface == "mention" and not thanked)
    return Reply(question, notice(wording.SMALL_TALK) if told else {}, "silent")


def _news(question: Question, answer: Answer) -> Reply:
    """What is new of a question that is followed; nothing where it is gone by now."""
    message: Message = {}
    if answer.verdict is Verdict.FOUND:
        message = answer_message(answer, question.reference, following=question.following)
    return Reply(question, message, str(answer.verdict), answer)


def shared_channel_fact(channel: str) -> str:
    """The name of the fact whether a channel is shared with other organisations: yes or no."""
    return f"shared:{channel}"
