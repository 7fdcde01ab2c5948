"""Fits the judge that tells talk between people from what is asked of documents.

`python -m embeddings.training.messages MODELS OUT` with the folder of prepared models writes the
weights of a logistic regression on the vectors of the default model. It learns from the lines in
`messages` whose file ends in `_fit`, and from the questions in `questions`; those in `_kept` are
only measured.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, open_encoder
from embeddings.model import DEFAULT_MODEL
from embeddings.prepare import prepare

HERE = Path(__file__).parent
_ASKED = (
    "{}", "{} 2022", "show me {}", "find {}", "search for {}", "latest on {}", "list all about {}",
    "tell me about {}", "do you have anything on {}?", "is there anything about {}?",
    "I am looking for {}", "I'm looking for what was said about {}", "I need the text on {}",
    "please find {}", "can you find {} for me?", "could you show me what they said on {}?",
    "give me the passages on {}", "we need something about {}", "help me find {}",
    "what do the documents say about {}?", "what was agreed on {}?", "who spoke about {}?",
)  # fmt: skip
"""How people ask for a subject, beside whole questions."""
_SAID = (
    "can you send me the {}?", "who has the {}?", "where did you leave the {}?", "is the {} ready?",
    "did you get the {}?", "I'll bring the {} tomorrow", "please bring the {}", "what about the {}?",
    "has anyone seen the {}?", "the {} is late again", "thanks for the {}!", "and the {}?",
    "could somebody take care of the {}?", "don't forget the {}", "so who pays for the {}?",
)  # fmt: skip
"""What people say to each other of a thing."""
_WENT_ON = (
    "and {}?", "what about {}?", "how about {}?", "and on {}?", "did they discuss {}?",
    "but what did they say about {}?",
)  # fmt: skip
"""How people come from one subject to another."""
_ONE_OF_MANY = 0.15  # how much a line counts that is made, or is a question on the same documents
_LEANING = 0.5  # the same of a follow-up
_STRENGTH = 5.0  # C of the regression: 1 to 20 tell the kept lines apart as well


class Example(NamedTuple):
    """A message: whether it is talk, and how much it counts."""

    text: str
    is_talk: bool
    weight: float = 1.0


def lines(name: str) -> list[str]:
    """The messages of a file."""
    return (HERE / "messages" / f"{name}.txt").read_text("utf-8").splitlines()


def examples(*, in_thread: bool) -> Iterator[Example]:
    """What a judge learns from: that of messages that begin a conversation, or of those that stand
    below an answer `in_thread`, where questions may lean on it."""
    for name in ("talk_fit", "remarks_fit"):
        yield from (Example(text, True) for text in lines(name))
    yield from (Example(text, False) for text in lines("asks_fit"))
    yield from _made(_SAID, lines("things_fit"), is_talk=True)
    yield from _made(_ASKED, lines("subjects_fit"), is_talk=False)
    if in_thread:
        yield from (Example(text, False) for text in lines("continuations_fit"))
        yield from _made(_WENT_ON, lines("subjects_fit"), is_talk=False)
    for file in sorted((HERE / "questions").glob("*.jsonl")):
        for asked in map(json.loads, file.read_text("utf-8").splitlines()):
            leans = bool(asked.get("history"))
            if in_thread or not leans:
                yield Example(asked["question"], False, _LEANING if leans else _ONE_OF_MANY)


def _made(frames: Iterable[str], subjects: Sequence[str], *, is_talk: bool) -> Iterator[Example]:
    for frame, subject in product(frames, subjects):
        yield Example(frame.format(subject), is_talk, _ONE_OF_MANY)


def fit(encoder: Encoder, taught: Sequence[Example]) -> tuple[NDArray[np.float32], float]:
    """The weights of a vector's dimensions and the bias: their sum is the log-odds of talk."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=5000)
    vectors = encoder.encode([each.text for each in taught], question=True)
    model.fit(vectors, [each.is_talk for each in taught], [each.weight for each in taught])
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def main(models: Path, out: Path) -> None:
    """Fits both judges and writes them, with the fingerprint of the model of their vectors."""
    card = prepare(DEFAULT_MODEL, models)
    encoder = open_encoder(models, card.fingerprint)
    judges = [fit(encoder, [*examples(in_thread=in_thread)]) for in_thread in (False, True)]
    weights, biases = zip(*judges, strict=True)
    np.savez_compressed(out, model=card.fingerprint, weights=np.stack(weights), biases=biases)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
