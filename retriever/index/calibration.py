"""Calibration: from the score that ranks to the probability that a passage answers.

Logistic regression (Platt 1999) on the score of a passage and a few facts of its question, fitted
to questions with known answers, some of them with none. It belongs to the model whose scores it was
fitted to.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retriever.errors import CalibrationDamaged
from retriever.index.home import Home

CALIBRATION = "calibration.json"
SHIPPED = Path(__file__).with_name(CALIBRATION)
FACTS = ("dated", "named", "missing", "apart")
"""The facts of a question, in [0, 1]: whether it names a period, whether it has names, whether
something that it names is missing, and how much of what it asks no passage has together with a
name. How many of its words are unknown added nothing."""

NONE_BELOW = 0.7
"""Of the threshold: below this part of it, passages are not even near."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log-odds are `intercept + slope * score + facts`; `found_from` is the least probability
    at which a question counts as answered. `model` is the fingerprint of the model."""

    model: str
    intercept: float
    slope: float
    facts: Mapping[str, float]
    found_from: float

    def base(self, facts: Mapping[str, float]) -> float:
        """The log-odds of a passage with score 0."""
        return self.intercept + sum(self.facts[name] * value for name, value in facts.items())

    def probability(
        self, scores: NDArray[np.float64], facts: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """The probability that each passage answers, in (0, 1)."""
        return 1 / (1 + np.exp(-(self.base(facts) + self.slope * scores)))

    def write(self, path: Path) -> None:
        """Writes the calibration as JSON; its folder is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Reads a calibration; raises `CalibrationDamaged`."""
        try:
            fields = json.loads(path.read_text("utf-8"))
            facts = dict.fromkeys(FACTS, 0.0) | {k: float(v) for k, v in fields["facts"].items()}
            numbers = {name: float(fields[name]) for name in ("intercept", "slope", "found_from")}
            if not all(map(math.isfinite, (*facts.values(), *numbers.values()))):
                raise ValueError("a number is not finite")
            return cls(model=str(fields["model"]), facts=facts, **numbers)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise CalibrationDamaged(
                f"The calibration {path} cannot be read ({error}); delete it, or fit it anew with "
                "`pincite calibrate`."
            ) from None


def fitted_path(home: Home, encoder: str, reranker: str | None) -> Path:
    """Where the calibration is kept that was fitted here to what these two models score."""
    return home.of_model(reranker or encoder) / (f"{encoder}.json" if reranker else CALIBRATION)


def calibration_for(home: Home, encoder: str, reranker: str | None) -> Calibration:
    """The calibration fitted for these models here, else the one that ships."""
    fitted = fitted_path(home, encoder, reranker)
    return Calibration.read(fitted if fitted.exists() else SHIPPED)
