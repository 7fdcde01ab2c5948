"""Floors: what an evaluation must reach, as its owner writes them, and those that were missed."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

_FLOOR = re.compile(
    r"(?:(?P<kind>.+):)?(?P<name>[^:<>=]+?)\s*(?P<sign>>=|<=|=)\s*(?P<value>[\d.]+)"
)


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure must reach: at least `value`, or at most where lower is better."""

    kind: str | None
    name: str
    value: float
    at_least: bool

    def __str__(self) -> str:
        kind = f"{self.kind}:" if self.kind else ""
        return f"{kind}{self.name}{'>=' if self.at_least else '<='}{self.value:g}"

    def holds(self, figure: float) -> bool:
        """Whether the figure reaches it; NaN, for want of questions, does not."""
        return figure >= self.value if self.at_least else figure <= self.value

    def missed_by(self, figure: float) -> str:
        """Says in one sentence that the figure misses it."""
        if math.isnan(figure):
            return f"Missed the floor {self}: no question measures it."
        return f"Missed the floor {self}: it is {figure:.4g}."


class FloorType(click.ParamType[Floor]):
    """A floor as `MRR@10=0.78`, `refused<=0.05` or `what-agreed:success@5>=0.9`.

    `=` means "no worse than"; the other signs must fit the figure, so that a slip cannot turn a
    floor round.
    """

    name = "floor"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Floor:
        """The floor; fails for another form, an unknown figure, or the wrong sign."""
        from retriever.evaluation.report import FIGURES, HIGHER_IS_BETTER, MEASURES

        if isinstance(value, Floor):
            return value
        match = _FLOOR.fullmatch(value.strip())
        number = _number(match["value"]) if match else None
        if match is None or number is None:
            self.fail(f"{value!r} is no floor; write one as MRR@10=0.78 or refused<=0.05.")
        names = {name.casefold(): name for name in (*MEASURES, *FIGURES)}
        name = names.get(match["name"].strip().casefold())
        if name is None:
            self.fail(f"{match['name']!r} is no figure; choose from {', '.join(names.values())}.")
        at_least = name in HIGHER_IS_BETTER
        sign = ">=" if at_least else "<="
        if match["sign"] not in ("=", sign):
            self.fail(f"{name} is better when it is {'higher' if at_least else 'lower'}; "
                      f"write {name}{sign}{match['value']}.")  # fmt: skip
        return Floor(match["kind"] and match["kind"].strip(), name, number, at_least)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


Missed = Sequence[tuple[Floor, float]]
