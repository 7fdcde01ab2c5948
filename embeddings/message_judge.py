"""How much a message is like talk between people, and how much like what is asked of documents.

Three likenesses to examples of both are added up: that of the meaning, by a model's vector; that of
the sentence without its topic, in which a mark stands for every word that is not common; and that
of the letters, which tell also in languages that the model hardly knows.
`embeddings.training.messages` fits what they weigh.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 15
"""Into how many parts, each, the runs of words and the runs of letters are told apart."""
_TOKEN = re.compile(r"\d[\d:.,]*|[^\W\d_]+(?:'[^\W\d_]+)*|[?!.,:;…]+|[^\w\s]")
_RUN = 3  # words, of which marks of sentences are some
_LETTERS = range(2, 6)
_LENGTHS = 13  # up to 24 words, two by two
_LENGTH_SHARE = 0.3**0.5
ALL_BUCKETS = 2 * BUCKETS + _LENGTHS


@dataclass(frozen=True, slots=True)
class MessageJudge:
    """A least-squares machine, whose kernel is the sum of the three likenesses.

    `common` are the words that are read; `vectors` the reduced vectors of its examples and `axes`
    what reduces a vector. `marks` has what each run of words or letters weighs.
    Of `weights`, those of the examples, and `biases` the first are for a message that begins a
    conversation, and the second for one below an answer, where questions may lean on it. `model` is
    the fingerprint of the model that the vectors are of.
    """

    model: str
    common: frozenset[str]
    width: float
    axes: NDArray[np.float32]
    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    marks: NDArray[np.float32]
    biases: NDArray[np.float32]

    def score(self, message: str, vector: NDArray[np.float32], *, in_thread: bool) -> float:
        """How much a message with this unit vector is like talk: about 1 for what clearly is, and
        -1 for what clearly asks."""
        # not `@`, whose threads wait busily: on a busy machine that takes ten times as long
        cosines = np.einsum("ij,j->i", self.vectors, reduced_by(self.axes, vector))
        meaning = np.exp(2 * self.width * (cosines - 1)) @ self.weights[int(in_thread)]
        buckets, shares = runs_of(message, self.common)
        return float(meaning + shares @ self.marks[buckets] + self.biases[int(in_thread)])


def load_judge(file: Path) -> MessageJudge:
    """The judge that a file holds."""
    with np.load(file) as kept:
        return MessageJudge(
            model=str(kept["model"]),
            common=frozenset(str(kept["common"]).split()),
            width=float(kept["width"]),
            axes=kept["axes"].astype(np.float32),
            vectors=kept["vectors"].astype(np.float32) / float(kept["steps"]),
            weights=kept["weights"].astype(np.float32),
            marks=kept["marks"].astype(np.float32),
            biases=kept["biases"].astype(np.float32),
        )


def reduced_by(axes: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is left of vectors along these axes, as unit vectors."""
    reduced = vectors @ axes
    length = np.linalg.norm(reduced, axis=-1, keepdims=True)
    return np.asarray(reduced / np.maximum(length, 1e-9), np.float32)


def runs_of(message: str, common: Set[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The buckets of a message's runs of words and of letters and of its length, and the share of
    each: the runs of either kind are a unit vector."""
    words, letters = _shares(_word_runs(message, common)), _shares(_letter_runs(message))
    length = min(len(words_of(message)) // 2, _LENGTHS - 1)
    buckets = [*words, *(BUCKETS + each for each in letters), 2 * BUCKETS + length]
    shares = [*words.values(), *letters.values(), _LENGTH_SHARE]
    return np.array(buckets, np.int64), np.array(shares, np.float32)


def words_of(message: str) -> list[str]:
    """The words and signs of a message."""
    return _TOKEN.findall(message.replace("’", "'"))


def without_topic(message: str, common: Set[str]) -> list[str]:
    """The words of a message in order, with a mark in place of each that is not common."""
    return ["<", *(_mark(word, common) for word in words_of(message)), ">"]


def _mark(word: str, common: Set[str]) -> str:
    if word.lower() in common:
        return word.lower()
    if word[0].isdigit():
        return "TIME" if ":" in word else "NUMBER"
    if not word[0].isalpha():
        return word
    if len(word) > 1 and word.isupper():
        return "ACRONYM"
    if word[0].isupper():
        return "NAME"
    return "WORD" if word.isascii() else "FOREIGN"


def _word_runs(message: str, common: Set[str]) -> Iterator[str]:
    words = without_topic(message, common)
    for length in range(1, _RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _letter_runs(message: str) -> Iterator[str]:
    for word in message.lower().split():
        edged = f" {word} "
        for length in _LETTERS:
            for start in range(max(1, len(edged) - length + 1)):
                yield edged[start : start + length]


def _shares(runs: Iterable[str]) -> dict[int, float]:
    """How much each bucket has of a unit vector; what is said more often counts little more."""
    counts = Counter(crc32(run.encode()) % BUCKETS for run in runs)
    shares = {bucket: 1 + float(np.log(count)) for bucket, count in counts.items()}
    norm = sum(share**2 for share in shares.values()) ** 0.5
    return {bucket: share / norm for bucket, share in shares.items()}
