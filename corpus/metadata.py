"""The metadata of a document: title, day and source, from outside its words."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.language.dates import is_plausible, slashed_day_first, stated_day


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document from outside its words: a page's `<meta>` elements, a mail's
    header, a sidecar file. It overrides what the words suggest; what is unknown is empty.

    `posted_from` names the place where the posted date was read.
    """

    title: str = ""
    posted: datetime.date | None = None
    posted_from: str = ""
    source: str = ""

    def or_else(self, other: "Metadata") -> "Metadata":
        """This metadata, completed by `other` where a field is empty."""
        dated = self if self.posted else other
        return Metadata(
            self.title or other.title, dated.posted, dated.posted_from, self.source or other.source
        )

    @property
    def digest(self) -> str:
        """A sha256 in hexadecimal, the same in every process; empty for no metadata."""
        if self == NO_METADATA:
            return ""
        posted = self.posted.isoformat() if self.posted else ""
        facts = json.dumps([self.title, posted, self.posted_from, self.source])
        return hashlib.sha256(facts.encode()).hexdigest()


NO_METADATA = Metadata()
"""No field is known."""

_TITLE_LENGTH, _DATE_LENGTH = 600, 100
_DATES = ("date", "posted", "published")
_SOURCES = ("source", "url", "link")
_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x20\x7f]{1,2000}", re.IGNORECASE)


class MalformedEntry(ValueError):
    """An entry, or one of its values, is malformed."""


def metadata_in(
    entry: Mapping[str, object], where: str, *, day_first: bool | None = None
) -> tuple[Metadata, dict[str, object]]:
    """The metadata in an entry's title, date and source, and which of them are malformed.

    `where` becomes `posted_from` of a dated entry. Keys are compared without case. `day_first` is
    the order of slashed dates, where it is known.
    """
    values = _by_name(entry)
    title, malformed = "", {}
    posted: datetime.date | None = None
    try:
        title = _text(values.get("title"))[:_TITLE_LENGTH]
    except MalformedEntry:
        malformed["title"] = values["title"]
    for key in _DATES:
        try:
            posted = posted or _day(_text(values.get(key)), day_first)
        except MalformedEntry:
            malformed[key] = values[key]
    sources = (value for key in _SOURCES if isinstance(value := values.get(key), str))
    source = next((each.strip() for each in sources if _ADDRESS.fullmatch(each.strip())), "")
    return Metadata(title, posted, where if posted else "", source), malformed


def day_first_in(entries: Iterable[Mapping[str, object]]) -> bool | None:
    """Whether the slashed dates of these entries, all by one hand, have the day first."""
    named = map(_by_name, entries)
    values = (value for each in named for key in _DATES if isinstance(value := each.get(key), str))
    return slashed_day_first(values)


def _by_name(entry: Mapping[str, object]) -> dict[str, object]:
    return {str(key).strip().casefold(): value for key, value in entry.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or value != value.encode("utf-8", "replace").decode():
        raise MalformedEntry  # half a surrogate pair, which JSON can hold, is no text
    return " ".join(value.split())


def _day(text: str, day_first: bool | None) -> datetime.date | None:
    """The one day that `text` names, in any form whose year is stated; None when it is empty."""
    if not text:
        return None
    day: datetime.date | None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = stated_day(text[:_DATE_LENGTH], day_first=day_first)
    if day is None or not is_plausible(day):
        raise MalformedEntry
    return day
