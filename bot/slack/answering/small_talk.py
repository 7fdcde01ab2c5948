"""Small talk: whether a message asks the documents something, or is talk between people.

A logistic regression on the vector of the message, which answering it takes anyway, tells the two
apart; `embeddings.training.messages` fits it. What the documents know of the message counts beside
it: who types but a name that they have asks for it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retriever.index.generation import Generation
from retriever.question.courtesies import is_courtesy

JUDGES = Path(__file__).with_name("small_talk.npz")


@dataclass(frozen=True, slots=True)
class Judges:
    """The weights of two judges: of messages that begin a conversation, and of those below an
    answer, where questions may lean on it. `model` is that of the vectors that they judge."""

    model: str
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]


def talk_log_odds(generation: Generation, message: str, *, in_thread: bool) -> float | None:
    """The log-odds that a message is talk, by its meaning alone; None where the index is made with
    a model that nothing was fitted to."""
    if is_courtesy(message):
        return float("inf")
    judges = _judges()
    if generation.encoder.card.fingerprint != judges.model:
        return None
    which = int(in_thread)
    vector = generation.vector_of(message)[0]
    return float(vector @ judges.weights[which] + judges.biases[which])


@cache
def _judges() -> Judges:
    with np.load(JUDGES) as file:
        return Judges(str(file["model"]), file["weights"], file["biases"])
