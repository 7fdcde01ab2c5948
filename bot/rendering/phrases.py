"""Days, places and lists in words, and foreign text made safe to print."""

import datetime
from collections.abc import Sequence

from corpus.text.characters import printable


def place_in_words(label: str, page: int | None = None) -> str:
    """The paragraph and page of a passage; a number that the document does not print has a `¶`."""
    paragraph = label if label.startswith("¶") else f"paragraph {label}"
    return paragraph if page is None else f"{paragraph}, page {page}"


def days_in_words(posted: str | None, event: str | None) -> str:
    """The posted day, and the event's when it differs; both in ISO 8601."""
    if not posted:
        return f"event {day_in_words(event)}" if event else "undated"
    other = f" (event {day_in_words(event)})" if event and event != posted else ""
    return f"{day_in_words(posted)}{other}"


def day_in_words(day: str) -> str:
    """A day as one writes it, from ISO 8601, where `--MM-DD` has no year."""
    if day.startswith("--"):
        return f"{datetime.date.fromisoformat('2000' + day[1:]):%-d %B}, year not stated"
    return f"{datetime.date.fromisoformat(day):%-d %B %Y}"


def first_names(names: Sequence[str], count: int) -> str:
    """The first `count` names, and how many more there are."""
    more = f" and {len(names) - count:,} more" if len(names) > count else ""
    return ", ".join(map(one_line, names[:count])) + more


def one_line(text: str) -> str:
    """Foreign text on one line, safe on a terminal: nothing of it is a control sequence."""
    return printable(" ".join(text.split()))
