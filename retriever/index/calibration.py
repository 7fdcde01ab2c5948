"""Calibration: from the evidence to the probabilities that an answer rests on.

Two logistic regressions (Platt 1999), fitted to questions with known answers, some of them with
none: that a passage answers, and that the documents hold an answer at all. They belong to the model
whose scores they were fitted to.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retriever.errors import CalibrationDamaged
from retriever.index.home import Home
from retriever.index.integrity import checked_json, read_checked_json

CALIBRATION = "calibration.json"
SHIPPED = Path(__file__).with_name(CALIBRATION)
FACTS = ("dated", "named", "nearest", "lacking", "elsewhere", "apart")
"""The facts of a question, in [0, 1]: whether it names a period, whether it has names, the best
cosine of a passage with it, how much of it no document mentions, whether what it names is missing
in the time that it names, and how much of what it asks no passage has together with a name."""
OF_PASSAGES = ("dated", "named", "lacking", "elsewhere", "apart")
"""The facts that count for a passage, beside its score."""
OF_QUESTIONS = ("nearest", "lacking", "elsewhere", "apart")
"""The facts that count for the question, beside the score of its first passage: nothing of how it
is written, by which questions without an answer that somebody made up can be told from others."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log-odds are `intercept + slope * score`, and for each fact its weight times its value."""

    intercept: float
    slope: float
    facts: Mapping[str, float]

    def base(self, facts: Mapping[str, float]) -> float:
        """The log-odds at score 0."""
        return self.intercept + sum(value * facts[name] for name, value in self.facts.items())

    def probability(
        self, scores: NDArray[np.float64], facts: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """The probability at each score, in (0, 1)."""
        return 1 / (1 + np.exp(-(self.base(facts) + self.slope * scores)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """`passage` gives the probability that a passage answers, and `question` that the documents do.

    `found_from` is the least probability of the question at which it counts as answered, and
    `near_from` at which passages are shown as near. `model` is the fingerprint of the model.
    """

    model: str
    passage: Logistic
    question: Logistic
    found_from: float
    near_from: float

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
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise CalibrationDamaged(
                f"The calibration {path} is damaged or of an earlier version ({error!r}); delete "
                "it, or fit it anew with `pincite calibrate`."
            ) from None


def _logistic(fields: Mapping[str, Any], facts: Sequence[str]) -> Logistic:
    weights = {name: _number(fields["facts"][name]) for name in facts}
    return Logistic(_number(fields["intercept"]), _number(fields["slope"]), weights)


def _number(value: object) -> float:
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


def fitted_path(home: Home, encoder: str, reranker: str | None) -> Path:
    """Where the calibration is kept that was fitted here to what these two models score."""
    return home.of_model(reranker or encoder) / (f"{encoder}.json" if reranker else CALIBRATION)


def calibration_for(home: Home, encoder: str, reranker: str | None) -> Calibration:
    """The calibration fitted for these models here, else the one that ships."""
    fitted = fitted_path(home, encoder, reranker)
    return Calibration.read(fitted if fitted.exists() else SHIPPED)
