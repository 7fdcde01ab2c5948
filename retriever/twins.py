"""Passages of the same words in several documents: one is shown, the others are named with it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Twin:
    """A passage by its row, with the key of its words and the day its document was posted on,
    ISO 8601 or None."""

    key: int
    posted: str | None
    row: int


def shown_once(twins: Iterable[Twin]) -> dict[Twin, tuple[Twin, ...]]:
    """Of the passages of each key the one that is shown, with the others behind it.

    Keys keep the order in which they first come. The passage of the document posted last is shown,
    an undated one only among undated ones; the others follow from the newest to the oldest. Of one
    day the passage that comes first goes first. A row that comes again is passed over.
    """
    groups: dict[int, dict[int, Twin]] = {}
    for twin in twins:
        groups.setdefault(twin.key, {}).setdefault(twin.row, twin)
    shown: dict[Twin, tuple[Twin, ...]] = {}
    for group in groups.values():
        first, *others = sorted(group.values(), key=lambda each: each.posted or "", reverse=True)
        shown[first] = tuple(others)
    return shown
