"""Fits the judge that tells talk between people from what is asked of documents.

`python -m embeddings.training.messages MODELS OUT` with the folder of prepared models writes it,
and prints what it tells of each writer's lines when it has learned from all others' alone. It
learns from the lines in `messages`, but for those whose file ends in `_kept`, and from the
questions in `questions`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import open_encoder
from embeddings.message_judge import ALL_BUCKETS, reduced_by, runs_of, words_of
from embeddings.model import DEFAULT_MODEL
from embeddings.prepare import prepare

HERE = Path(__file__).parent
WRITERS = tuple("abcdefgh")
"""Who wrote lines without knowing the program or each other."""
_OTHERS = ("fit", "i")  # from whose lines it also learns; `i` had seen lines of the writers
_KINDS = {"talk": True, "hard_talk": True, "asks": False, "remarks": True, "continuations": False}
"""The kinds of lines, and whether they are talk."""
_BELOW = ("remarks", "continuations")
_OF_MANY = 5  # each fifth of the many questions is learned from
_COMMON = 1_200  # words
_READ_OFTEN = 4  # messages that have a word which is read
_NOISE = 1.0  # lambda; .5 is as good
_WIDTH = 1.0  # gamma
_DIMENSIONS = 128  # of a reduced vector
_SAME_PLACE = 0.5  # how much liker two messages are that both begin, or both stand below an answer
_ALWAYS = 0.3  # how like any two messages are
_STEPS = 127.0  # the parts in which a dimension is kept


class Example(NamedTuple):
    """A message: who wrote it and as what kind."""

    text: str
    writer: str
    kind: str

    @property
    def is_talk(self) -> bool:
        """Whether it asks the documents nothing."""
        return _KINDS[self.kind]

    @property
    def in_thread(self) -> bool:
        """Whether it stands below an answer."""
        return self.kind in _BELOW


def lines(name: str) -> list[str]:
    """The messages of a file."""
    return (HERE / "messages" / f"{name}.txt").read_text("utf-8").splitlines()


def examples() -> Iterator[Example]:
    """What the judge learns from."""
    for writer in (*_OTHERS, *WRITERS):
        for kind in _KINDS:
            if (HERE / "messages" / f"{kind}_{writer}.txt").exists():
                yield from (Example(text, writer, kind) for text in lines(f"{kind}_{writer}"))
    for file in sorted((HERE / "questions").glob("*.jsonl")):
        for asked in map(json.loads, file.read_text("utf-8").splitlines()[::_OF_MANY]):
            kind = "continuations" if asked.get("history") else "asks"
            yield Example(asked["question"], "questions", kind)


class Likeness:
    """How much examples are like each other, for the machine to be fitted."""

    def __init__(self, taught: Sequence[Example], vectors: NDArray[np.float32]) -> None:
        from scipy.sparse import csr_matrix

        self.common = _common(taught)
        rows, columns, values = [], [], []
        for row, each in enumerate(taught):
            buckets, shares = runs_of(each.text, self.common)
            rows += [row] * len(buckets)
            columns += buckets.tolist()
            values += shares.tolist()
        self.marks = csr_matrix((values, (rows, columns)), (len(taught), ALL_BUCKETS), np.float32)
        self.axes = np.linalg.svd(vectors.T @ vectors)[0][:, :_DIMENSIONS].astype(np.float16)
        reduced = reduced_by(self.axes.astype(np.float32), vectors)
        self.steps = np.round(reduced * _STEPS)
        self.in_thread = np.array([each.in_thread for each in taught])

    def table(self) -> NDArray[np.float32]:
        """The likeness of each to each."""
        vectors = (self.steps / _STEPS).astype(np.float32)
        meaning = np.exp(2 * _WIDTH * (vectors @ vectors.T - 1))
        same = np.float32(_SAME_PLACE) * (self.in_thread[:, None] == self.in_thread)
        runs = (self.marks @ self.marks.T).toarray()
        return np.asarray(meaning * (1 + same) + same + _ALWAYS + runs, np.float32)

    def judge(self, weights: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """What is kept of the machine with these weights of the examples."""
        places = [1 + _SAME_PLACE * (self.in_thread == place) for place in (False, True)]
        arrays = {
            "common": np.array(" ".join(sorted(self.common))),
            "axes": self.axes,
            "vectors": self.steps.astype(np.int8),
            "weights": np.stack([weights * likeness for likeness in places]),
            "marks": weights @ self.marks,
            "biases": np.array([weights @ (likeness - 1 + _ALWAYS) for likeness in places]),
        }
        halved = ("weights", "marks")
        return {k: v.astype(np.float16) if k in halved else v for k, v in arrays.items()}


def _common(taught: Sequence[Example]) -> frozenset[str]:
    """The words that most messages have, and those of more than one writer."""
    messages: Counter[str] = Counter()
    writers: dict[str, set[str]] = {}
    for each in taught:
        for word in {word.lower() for word in words_of(each.text)}:
            messages[word] += 1
            writers.setdefault(word, set()).add(each.writer)
    often = (word for word, count in messages.most_common() if count >= _READ_OFTEN)
    shared = [word for word in often if len(writers[word]) > 1]
    return frozenset(shared[:_COMMON])


class Fit:
    """A regularised least-squares machine (kernel ridge): what each of the examples weighs."""

    def __init__(self, table: NDArray[np.float32], taught: Sequence[Example]) -> None:
        self._writers = np.array([each.writer for each in taught])
        self._aims = np.array([1 if each.is_talk else -1 for each in taught], np.float32)
        self._inverse = np.linalg.inv(table + _NOISE * np.eye(len(taught), dtype=np.float32))
        self.weights = self._inverse @ self._aims

    def left_out(self) -> NDArray[np.float32]:
        """The score of each writer's lines by a machine that has learned from all others' alone:
        for least squares it follows from the fit to all."""
        scores = np.zeros_like(self._aims)
        for name in WRITERS:
            own = np.flatnonzero(self._writers == name)
            errors = np.linalg.solve(self._inverse[np.ix_(own, own)], self.weights[own])
            scores[own] = self._aims[own] - errors
        return scores


def report(taught: Sequence[Example], scores: NDArray[np.float32]) -> Iterator[str]:
    """A line for each kind: of those the writers' lines how many score as talk, by threshold."""
    cuts = (-0.5, -0.3, -0.2, -0.15, -0.1, 0.0, 0.1)
    yield f"{'':14}" + "".join(f"{cut:7.2f}" for cut in cuts)
    for kind in _KINDS:
        own = scores[[each.writer in WRITERS and each.kind == kind for each in taught]]
        yield f"{kind:14}" + "".join(f"{100 * (own > cut).mean():6.1f}%" for cut in cuts)


def keep(out: Path, judge: dict[str, NDArray[Any]], model: str) -> None:
    """Writes a judge that was fitted to the vectors of a model: see `load_judge`."""
    facts = {"model": model, "width": _WIDTH, "steps": _STEPS}
    arrays = judge | {name: np.array(value) for name, value in facts.items()}
    np.savez_compressed(out, allow_pickle=False, **arrays)


def main(models: Path, out: Path) -> None:
    """Fits the judge, measures it without each writer, and writes it."""
    card = prepare(DEFAULT_MODEL, models)
    taught = [*examples()]
    encoder = open_encoder(models, card.fingerprint)
    vectors = encoder.encode([each.text for each in taught], question=True)
    likeness = Likeness(taught, vectors)
    fit = Fit(likeness.table(), taught)
    sys.stdout.write("\n".join(report(taught, fit.left_out())) + "\n")
    keep(out, likeness.judge(fit.weights), card.fingerprint)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
