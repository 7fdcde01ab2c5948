"""Days, places and lists in words, and foreign text made safe to print."""

import datetime
import re
from collections.abc import Sequence
from urllib.parse import quote

from corpus.text.characters import printable

# Numbers of characters.
TITLE, HEADING, LABEL, ADDRESS = 300, 120, 60, 500
_EVEN = 0.5
_LONGEST = 5_000  # a path has 4,096 at most
_AUTHORITY = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:[/\\]{2,})(?P<host>[^/\\?#]*)")


def place_in_words(label: str, page: int | None = None) -> str:
    """The paragraph and page of a passage; a number that the document does not print has a `¶`."""
    label = one_line(label, LABEL)
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


def chance_in_words(probability: float) -> str:
    """A probability as one says it: "about 7 in 10"; nothing is certain."""
    tenths = min(max(round(10 * probability), 1), 9)
    return f"about {tenths} in 10"


def score_in_words(probability: float) -> str:
    """The score of a passage as one says it: "likely, about 6 in 10"."""
    return f"{'likely' if probability >= _EVEN else 'possible'}, {chance_in_words(probability)}"


def first_names(names: Sequence[str], count: int) -> str:
    """The first `count` names, and how many more there are."""
    more = f" and {len(names) - count:,} more" if len(names) > count else ""
    return ", ".join(map(one_line, names[:count])) + more


def one_line(text: str, most: int = _LONGEST) -> str:
    """Foreign text on one line of at most `most` characters, safe on a terminal: nothing of it is a
    control sequence, and nothing is blank or invisible but single spaces."""
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def ascii_address(address: str) -> str:
    """An address to follow, with everything percent-encoded that has no place in one."""
    return quote(address, safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")


def address_in_words(address: str) -> str:
    """The address of a page, where it leads: what stands before an `@` in its host is no part of
    that, but a name or password, or made to look like another host."""
    parts = _AUTHORITY.match(address)
    if parts:
        address = parts["scheme"] + parts["host"].rpartition("@")[2] + address[parts.end() :]
    return one_line(re.sub(r"\s", lambda blank: quote(blank[0]), address.strip()), ADDRESS)
