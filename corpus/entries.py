"""What an entry states of a document: an object or a row of a manifest, or front matter."""

import datetime
import re
from collections.abc import Mapping

from corpus.content import Stated
from corpus.dates import find_days, is_plausible

_DATES = ("date", "posted", "published")
_SOURCES = ("source", "url", "link")
_TITLE_LENGTH, _DATE_LENGTH = 600, 100
_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x20\x7f]{1,2000}", re.IGNORECASE)


class NotUsable(ValueError):
    """An entry, or a value of it, that says nothing that can be used."""


def stated_in(entry: Mapping[str, object], where: str) -> tuple[Stated, bool]:
    """What an entry's title, date and source say, and whether all of them could be used.

    `where` is what the posted day was read from.
    """
    values = {str(key).strip().casefold(): value for key, value in entry.items()}
    title, usable = "", True
    posted: datetime.date | None = None
    try:
        title = _text(values.get("title"))[:_TITLE_LENGTH]
    except NotUsable:
        usable = False
    for key in _DATES:
        try:
            posted = posted or _day(_text(values.get(key)))
        except NotUsable:
            usable = False
    sources = (value for key in _SOURCES if isinstance(value := values.get(key), str))
    source = next((each.strip() for each in sources if _ADDRESS.fullmatch(each.strip())), "")
    return Stated(title, posted, where if posted else "", source), usable


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or value != value.encode("utf-8", "replace").decode():
        raise NotUsable  # half a surrogate pair, which JSON can hold, is no text
    return " ".join(value.split())


def _day(text: str) -> datetime.date | None:
    """The one day that `text` names, in any form whose year is stated; None when it is empty."""
    if not text:
        return None
    days: set[datetime.date | None]
    try:
        days = {datetime.date.fromisoformat(text)}
    except ValueError:
        days = {found.day.date() for found in find_days(text[:_DATE_LENGTH])}
    day = days.pop() if len(days) == 1 else None
    if day is None or not is_plausible(day):
        raise NotUsable
    return day
