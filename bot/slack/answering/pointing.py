"""What a question points at: a message that it passes on, or that its thread hangs from.

"Can you answer this?" says nothing of its own, and asks what it points at; "and in 2024?" is read
with it.
"""

import datetime
import re
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.answering.users import without_addressees
from bot.slack.errors import NothingAsked
from bot.slack.messages.markup import plain_text
from bot.slack.messages.message_words import passed_on_by, words_of
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.retry_policy import CALL_FAILED, error_code
from bot.slack.sending.sender import Sender
from bot.slack.store.question_store import QuestionStore
from corpus.language.period_phrases import find_periods
from retriever.index.lexical.terms import ASKING_TERMS, meaningful, terms_of
from retriever.question.courtesies import is_courtesy
from retriever.question.follow_ups import asks_for_more, named
from retriever.question.references import points_back

_EXCERPT = 1_000  # characters of another message that are searched for, and judged
_FEW = 3  # words that carry meaning, with which a question may still lean on what came before
_OF_ANSWERING = ASKING_TERMS | set(
    terms_of(
        "able above answer anybody anyone archive assist back below bot bring case check citation "
        "cite claim clarify comment confirm correct detail document everybody explain fact file "
        "find got handle help here hey idea info information lookup material mind need one "
        "opinion out over page paper paragraph passage person pls possible pull question quote "
        "read record reply respond response right same search see somebody someone source thing "
        "think thought thx true turn up verify view write written wrong"
    )
)
"""The terms of words about asking, answering, and the documents as such: no topic of their own."""
_ASKS_ELSE = re.compile(r"\b(?:who|whom|when|why|where|else|how (?!about\b))", re.IGNORECASE)
"""What asks for something else of what came before: "who was there?"."""
_SENTENCE_END = re.compile(r"[.?!…](?=\s)|\n")


def says_nothing(typed: str) -> bool:
    """Whether somebody asks and names nothing to ask about: no name, time or topic.

    Thanks and the like do not ask; "and who else?" asks for more of what came before.
    """
    words = without_addressees(typed)
    if asks_for_more(words) or _ASKS_ELSE.search(words) or _is_polite(words):
        return False
    return _is_about_nothing(words) and set(meaningful(words)) <= _OF_ANSWERING


def may_lean(typed: str) -> bool:
    """Whether a question may lean on what stands before it: it says nothing itself, or names nobody
    and says little or points back."""
    words = without_addressees(typed)
    if says_nothing(typed):
        return True
    if named(words) or "<@" in words or _is_polite(words):
        return False
    return len(meaningful(words)) <= _FEW or points_back(words, named)


def _is_polite(words: str) -> bool:
    """Whether the words are thanks or the like; a bare question mark is none."""
    return is_courtesy(words) and bool(re.search(r"\w", words))


def _is_about_nothing(words: str) -> bool:
    is_dated = find_periods(words, datetime.date.today())
    return not (named(words) or "<@" in words or is_dated)


def pointing(question: Question, key: str, words: str = "", by: str = "") -> Question:
    """The question as it points at the message of this key, with its words and who wrote them, or
    neither as long as they are not known; it asks them where it says nothing itself."""
    said = excerpt(words)
    asked = said if said and says_nothing(question.typed) else question.typed
    # A bare mention asks as "?" does: without a text it would be none.
    return replace(question, text=asked or "?", pointed=said, pointed_at=key, pointed_by=by)


def excerpt(text: str) -> str:
    """As many whole sentences from the beginning of a text as are searched for."""
    if len(text) <= _EXCERPT:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, _EXCERPT)]
    blank = text.rfind(" ", 0, _EXCERPT)
    return text[: ends[-1] if ends else blank if blank > 0 else _EXCERPT].strip()


class ThreadRoots:
    """Reads the messages that threads hang from, where the bot may."""

    def __init__(self, sender: Sender, questions: QuestionStore) -> None:
        self._sender, self._questions = sender, questions

    def followed(self, question: Question) -> Question:
        """The question with the words that it points at.

        Raises `NothingAsked` where it says nothing itself and they cannot be had, and what a call
        of Slack raises.
        """
        if not question.pointed_at or question.pointed:
            return question
        needs_it = says_nothing(question.typed)
        if question.pointed_at != question.thread_key:
            if needs_it:
                raise NothingAsked(wording.POINTED_DELETED)
            return question
        root = self._questions.asked_by(question.thread_key)
        if root and root.text:  # which is in the history
            return question
        if not needs_it and self._questions.earlier(question):
            return question
        try:
            return pointing(question, question.pointed_at, *self._root(question))
        except (NothingAsked, *CALL_FAILED):
            if needs_it:
                raise
            return question

    def _root(self, question: Question) -> tuple[str, str]:
        """The words that the thread of a question hangs from, and who wrote them; raises
        `NothingAsked`."""
        scope = "groups:history" if question.kind == "private" else "channels:history"
        if not any(map(self._sender.may, ("channels:history", "groups:history", "mpim:history"))):
            raise NothingAsked(wording.scope_to_read_above(scope))
        try:
            found = self._sender.client.conversations_replies(
                channel=question.channel, ts=question.thread, limit=1
            )
        except SlackApiError as error:
            if self._sender.lacks(error):
                needed = str(error.response.get("needed") or scope)
                raise NothingAsked(wording.scope_to_read_above(needed)) from None
            if error_code(error) in ("thread_not_found", "message_not_found"):
                raise NothingAsked(wording.POINTED_DELETED) from None
            raise
        root: dict[str, Any] = next(iter(found["messages"]), {})
        if not root or root.get("subtype") == "tombstone":
            raise NothingAsked(wording.POINTED_DELETED)
        if root.get("bot_id") or root.get("bot_profile"):
            raise NothingAsked(wording.POINTED_OF_BOT)
        said = plain_text(words_of(root), ""), str(root.get("user") or "")
        passed_on = passed_on_by(root)
        if passed_on and not said[0]:
            said = plain_text(passed_on.words, ""), passed_on.user
        if not said[0] or is_courtesy(said[0]):
            raise NothingAsked(wording.ASKED_FOR_TEXT)
        return said
