"""Days, places and lists in words, and foreign text made safe to print."""

import datetime
from collections.abc import Sequence

from corpus.text.characters import printable


def place_in_words(label: str, page: int | None = None) -> str:
    """Where a passage stands; a number that is not printed in the document keeps its `¶`."""
    paragraph = label if label.startswith("¶") else f"paragraph {label}"
    return paragraph if page is None else f"{paragraph}, page {page}"


def days_in_words(posted: str | None, event: str | None) -> str:
    """The posted day, and the event's day when it is another one."""
    if not posted:
        return f"event {day_in_words(event)}" if event else "undated"
    other = f" (event {day_in_words(event)})" if event and event != posted else ""
    return f"{day_in_words(posted)}{other}"


def day_in_words(day: str) -> str:
    """A day in ISO 8601, `--MM-DD` without a year, as one writes it."""
    if day.startswith("--"):
        return f"{datetime.date.fromisoformat('2000' + day[1:]):%-d %B}, year not stated"
    return f"{datetime.date.fromisoformat(day):%-d %B %Y}"


def first_names(names: Sequence[str], count: int) -> str:
    """The first `count` names, and how many more there are."""
    more = f" and {len(names) - count:,} more" if len(names) > count else ""
    return ", ".join(map(one_line, names[:count])) + more


def one_line(text: str) -> str:
    """Text of a document, safe on a terminal: nothing of it is a control sequence."""
    return printable(" ".join(text.split()))
