"""Calibration: from the evidence to the probabilities that an answer rests on.

Two logistic regressions (Platt 1999), fitted to questions with known answers, some of them with
none: that a passage answers, and that the documents hold an answer at all. They belong to the model
whose scores they were fitted to.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retriever.errors import CalibrationDamaged
from retriever.index.home import Home
from retriever.index.integrity import checked_json, read_checked_json

CALIBRATION = "calibration.json"
SHIPPED = Path(__file__).with_name(CALIBRATION)
RERANKED = Path(__file__).with_name("calibration_reranked.json")
MULTILINGUAL = Path(__file__).with_name("calibration_multilingual.json")
"""What ships for questions that are answered without, and with, the reranker, and for those in
another language than the documents."""
FACTS = ("dated", "named", "nearest", "covered", "read", "lacking", "elsewhere", "apart")
"""The facts of a question, in [0, 1]: whether it names a period, whether it has names, the best
cosine of a passage with it, the square of how much of it the first passage holds (half of a
question says little), the best that the reranker makes of a passage, how much of it no document
mentions, whether what it names is missing in the time that it names, and how much of what it asks
no passage has together with a name."""
KINDS = (
    "meaning", "words", "coverage", "outcome", "own words", "date", "thread", "order", "asks",
    "thin", "reranker",
)  # fmt: skip
"""The kinds of evidence, which weights are fitted for together."""
OF_PASSAGES = ("score", "dated", "named", "lacking", "elsewhere", "apart")
"""What says whether a passage answers: its score, and facts of the question."""
OF_QUESTIONS = ("nearest", "covered", "read", "lacking", "elsewhere", "apart")
"""What says whether the documents hold an answer: nothing of how the question is written, by which
those without an answer that somebody made up can be told from others."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log-odds are the `intercept` and each value times its weight."""

    intercept: float
    weights: Mapping[str, float]

    def log_odds(self, values: Mapping[str, float]) -> float:
        """The log-odds at these values; what is not among them counts 0."""
        weighted = (weight * values.get(name, 0.0) for name, weight in self.weights.items())
        return self.intercept + sum(weighted)


@dataclass(frozen=True, slots=True)
class Calibration:
    """`passage` gives the probability that a passage answers, and `question` that the documents do.

    `found_from` is the least probability of the question at which it counts as answered, and
    `near_from` at which passages are shown as near. `alike_from` is the least cosine of a passage
    that is near without holding most of what is asked. `model` is the fingerprint of the model.
    `weights` are those of each kind of evidence in the score where a reranker reads along, negative
    where it counts against; without one they are none, and the score is the ranking's own.
    """

    model: str
    passage: Logistic
    question: Logistic
    found_from: float
    near_from: float
    alike_from: float
    weights: Mapping[str, float] = field(default_factory=dict)

    def answers(
        self, scores: NDArray[np.float64], facts: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """The probability that each passage answers, in (0, 1)."""
        log_odds = self.passage.log_odds(facts) + self.passage.weights["score"] * scores
        return np.asarray(1 / (1 + np.exp(-log_odds)), np.float64)

    def answered(self, facts: Mapping[str, float]) -> float:
        """The probability that the documents hold an answer, in (0, 1)."""
        return 1 / (1 + math.exp(-self.question.log_odds(facts)))

    def write(self, path: Path) -> None:
        """Writes the calibration as JSON; its folder is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(checked_json(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Reads a calibration; raises `CalibrationDamaged`."""
        try:
            fields = read_checked_json(path.read_bytes())[0]
            return cls(
                model=str(fields["model"]),
                passage=_logistic(fields["passage"], OF_PASSAGES),
                question=_logistic(fields["question"], OF_QUESTIONS),
                found_from=_number(fields["found_from"]),
                near_from=_number(fields["near_from"]),
                alike_from=_number(fields["alike_from"]),
                weights=fields["weights"] and {k: _number(fields["weights"][k]) for k in KINDS},
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise CalibrationDamaged(
                f"The calibration {path} is damaged or of an earlier version ({error!r}); delete "
                "it, or fit it anew with `pincite calibrate`."
            ) from None


def _logistic(fields: Mapping[str, Any], names: Sequence[str]) -> Logistic:
    weights = {name: _number(fields["weights"][name]) for name in names}
    return Logistic(_number(fields["intercept"]), weights)


def _number(value: object) -> float:
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


def fitted_path(home: Home, encoder: str, reranker: str | None = None) -> Path:
    """Where the calibration is kept that was fitted here to what these two models score."""
    return home.of_model(reranker or encoder) / (f"{encoder}.json" if reranker else CALIBRATION)


def calibration_for(
    shipped: Path, home: Home, encoder: str, reranker: str | None = None
) -> Calibration:
    """The calibration fitted for these models here, else the one that is `shipped`."""
    fitted = fitted_path(home, encoder, reranker)
    return Calibration.read(fitted if fitted.exists() else shipped)
