"""Small talk: whether a message asks the documents something, or is talk between people.

A judge tells the two apart by how a message is said; `embeddings.training.messages` fits that.
"""

import re
from functools import cache
from pathlib import Path

from bot.slack.question import Question
from corpus.language.stop_words import STOP_WORDS
from embeddings.message_judge import MessageJudge, load_judge
from retriever.answering.answer import Answer, Verdict
from retriever.index.generation import Generation
from retriever.question.courtesies import is_courtesy
from retriever.question.spelling import bare_words

JUDGE = Path(__file__).with_name("small_talk.npz")

# From which score a message is taken for talk, chosen on lines of writers that were left out of the
# fit. Passages in answer to talk cost more than a question that must be put again; only who
# mentions the bot below an answer mostly asks.
_TALK, _MENTIONED_BELOW = -0.15, 0.1
_CODE = re.compile(r"(?=.*[A-Z])(?!\d+[AP]M)(?:.*\d.*|[A-Z]{2,})")
_JOINING = -0.5  # of who neither mentions the bot nor has asked something in this thread
_UNANSWERED = 0.3
"""How much more like talk a message to the bot may be that has no answer: saying so harms less."""


def is_talk(generation: Generation, question: Question, answer: Answer) -> bool:
    """Whether what may be a question is rather talk between people, to which the answer that was
    found is none. Whoever uses a command or a shortcut asks."""
    if question.surface not in ("direct", "mention", "follow-up"):
        return False
    if question.pointed and question.text == question.pointed:  # by who points at it
        return False
    if is_courtesy(question.text):
        return True
    is_mentioned = question.surface != "follow-up"
    if answer.listed and is_mentioned:
        return False
    if not is_mentioned and answer.verdict is Verdict.NONE:
        return True
    in_thread = bool(question.history)
    score = talk_score(generation, answer.question, in_thread=in_thread)
    if score is None:
        return not is_mentioned
    if not is_mentioned:
        return score > (_TALK if in_thread else _JOINING)
    if answer.verdict is Verdict.NONE:
        score -= _UNANSWERED
    is_like_talk = score > (_MENTIONED_BELOW if in_thread else _TALK)
    return is_like_talk and not _is_search(generation, answer)


def _is_search(generation: Generation, answer: Answer) -> bool:
    """Whether a message is nothing but words of the documents, among them a name or a code, such as
    `DPRK` or `COP26`, and they answer it: how it is said tells nothing then."""
    words = bare_words(answer.question)
    if answer.verdict is not Verdict.FOUND or any(word.lower() in STOP_WORDS for word in words):
        return False
    telling = any(_CODE.fullmatch(word) or not generation.is_word(word.lower()) for word in words)
    return telling and all(generation.lexical.says(word) for word in words)


def talk_score(generation: Generation, message: str, *, in_thread: bool) -> float | None:
    """How much a message is like talk: see `MessageJudge.score`; None where the index is made with
    a model that nothing was fitted to."""
    judge = shipped_judge()
    if generation.encoder.card.fingerprint != judge.model:
        return None
    return judge.score(message, generation.vector_of(message)[0], in_thread=in_thread)


@cache
def shipped_judge() -> MessageJudge:
    """The judge that `embeddings.training.messages` fitted."""
    return load_judge(JUDGE)
