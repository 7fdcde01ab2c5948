"""Fits the judge that tells talk between people from what is asked of documents.

`python -m embeddings.training.messages MODELS OUT` with the folder of prepared models writes the
examples that two support vector machines rest on, as vectors of the default model. They learn from
the lines in `messages` whose file ends in `_fit`, and from the questions in `questions`; those in
`_kept` are only measured.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

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
    "did you get the {}?", "I'll bring the {} tomorrow", "please bring the {}",
    "what about the {}?",
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
_STRENGTH = 3.0  # C: 10 tells the kept lines apart as well
WIDTH = 1.0
"""Gamma of the radial basis functions: with 2 the kept lines are told apart as well."""
STEPS = 512.0
"""A dimension of a unit vector is kept in these parts; it is hardly ever beyond .25."""


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


def fit(
    vectors: NDArray[np.float32], taught: Sequence[Example]
) -> tuple[NDArray[np.float32], float]:
    """How much each of the examples weighs, of these vectors, and the bias of the judge."""
    from sklearn.svm import SVC

    model = SVC(C=_STRENGTH, gamma=WIDTH)
    model.fit(vectors, [each.is_talk for each in taught], [each.weight for each in taught])
    weights = np.zeros(len(taught), np.float32)
    weights[model.support_] = model.dual_coef_[0]
    return weights, float(model.intercept_[0])


def fit_both(encoder: Encoder) -> dict[str, NDArray[Any]]:
    """Both judges: the vectors of the examples that weigh in either, in `STEPS`, their weights of
    shape (2, examples), and the biases."""
    every: dict[Example, int] = {}
    judges = []
    for in_thread in (False, True):
        taught = [*examples(in_thread=in_thread)]
        for each in taught:
            every.setdefault(each, len(every))
        judges.append(taught)
    vectors = encoder.encode([each.text for each in every], question=True)
    steps = np.round(vectors * STEPS).clip(-127, 127).astype(np.int8)
    weights, biases = np.zeros((2, len(every)), np.float32), np.zeros(2, np.float32)
    for judge, taught in enumerate(judges):
        rows = [every[each] for each in taught]
        found, biases[judge] = fit(steps[rows].astype(np.float32) / STEPS, taught)
        np.add.at(weights[judge], rows, found)
    used = weights.any(axis=0)
    return {"vectors": steps[used], "weights": weights[:, used], "biases": biases}


def main(models: Path, out: Path) -> None:
    """Fits both judges and writes them, with the fingerprint of the model of their vectors."""
    card = prepare(DEFAULT_MODEL, models)
    judges = fit_both(open_encoder(models, card.fingerprint))
    facts = {"model": card.fingerprint, "width": WIDTH, "steps": STEPS}
    arrays = judges | {name: np.array(value) for name, value in facts.items()}
    np.savez_compressed(out, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
