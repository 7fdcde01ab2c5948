"""Small talk: whether a message asks the documents something, or is talk between people.

The meaning of the message tells the two apart, by examples of both that are like it;
`embeddings.training.messages` fits that. What the documents know of the message counts beside it:
who names somebody of whom they tell rather asks.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.slack.question import Question
from corpus.language.languages import language_of
from retriever.answering.answer import Answer, Verdict
from retriever.index.generation import Generation
from retriever.question.courtesies import is_courtesy

JUDGES = Path(__file__).with_name("small_talk.npz")

# From which score a message is taken for talk. Who writes to the bot mostly asks; a remark in a
# thread that does not mention it mostly does not. Chosen on the kept halves of the examples.
_ALONE, _IN_THREAD = -0.2, 0.1
_UNMENTIONED = {Verdict.FOUND: -0.1, Verdict.RELATED: -0.25}
_JOINING = -0.8  # of who has asked nothing in this thread
_NAMED = 0.3
"""How much less like talk a message is that names what the documents tell of."""
_UNANSWERED = 0.4
"""The same of one without an answer: to say so to what is in doubt does less harm than silence."""
_STRANGE = 0.4
"""The same of one in a language that the model hardly knows, whose meaning says less."""


@dataclass(frozen=True, slots=True)
class Judges:
    """Two support vector machines: of messages that begin a conversation, and of those below an
    answer, where questions may lean on it.

    `vectors` are the examples that they rest on, `weights` of shape (2, examples) and `biases`
    those of the machines, and `model` the one whose vectors they judge.
    """

    model: str
    width: float
    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def score(self, vector: NDArray[np.float32], *, in_thread: bool) -> float:
        """How much a message of this unit vector is like talk: about 1 for what clearly is, and -1
        for what clearly asks."""
        squares = (self.vectors**2).sum(axis=1) + 1 - 2 * (self.vectors @ vector)
        likeness = np.exp(-self.width * squares)
        return float(likeness @ self.weights[int(in_thread)] + self.biases[int(in_thread)])


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
    if not is_mentioned and answer.verdict is Verdict.NONE:
        return True
    in_thread = bool(question.history)
    score = talk_score(generation, answer.question, in_thread=in_thread)
    if score is None:
        return not is_mentioned
    score -= _NAMED * names_what_is_known(answer)
    if not is_mentioned:
        return score > (_UNMENTIONED[answer.verdict] if in_thread else _JOINING)
    if language_of(answer.question) not in ("", "English"):
        score -= _STRANGE
    if answer.verdict is Verdict.NONE:
        score -= _UNANSWERED
    return score > (_IN_THREAD if in_thread else _ALONE)


def names_what_is_known(answer: Answer) -> bool:
    """Whether a message itself, and not only its thread, has a name that the documents tell of."""
    words = answer.question.casefold()
    return answer.verdict is not Verdict.NONE and any(
        name.split()[-1].casefold() in words for name in answer.searched.names
    )


def talk_score(generation: Generation, message: str, *, in_thread: bool) -> float | None:
    """How much a message is like talk, by its meaning alone: see `Judges.score`; None where the
    index is made with a model that nothing was fitted to."""
    judges = shipped_judges()
    if generation.encoder.card.fingerprint != judges.model:
        return None
    return judges.score(generation.vector_of(message)[0], in_thread=in_thread)


@cache
def shipped_judges() -> Judges:
    """The judges that `embeddings.training.messages` fitted."""
    with np.load(JUDGES) as file:
        vectors = file["vectors"].astype(np.float32) / float(file["steps"])
        return Judges(
            str(file["model"]), float(file["width"]), vectors, file["weights"], file["biases"]
        )
