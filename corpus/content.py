"""What a reader makes of a file: its text in logical lines, and what the file states of itself."""

import datetime
import hashlib
import json
from dataclasses import dataclass

from corpus.lines import Line


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of a document outside its words: in a page's metadata, a mail's header, a
    manifest beside the file. It wins over what the words suggest; what is not stated is empty.

    `posted_from` says where the posted date was read.
    """

    title: str = ""
    posted: datetime.date | None = None
    posted_from: str = ""
    source: str = ""

    def or_else(self, other: "Stated") -> "Stated":
        """These facts, and those of `other` where these are silent."""
        dated = self if self.posted else other
        return Stated(
            self.title or other.title, dated.posted, dated.posted_from, self.source or other.source
        )

    @property
    def digest(self) -> str:
        """Tells these facts from others, always and everywhere in the same way; empty for none."""
        if self == UNSTATED:
            return ""
        posted = self.posted.isoformat() if self.posted else ""
        facts = json.dumps([self.title, posted, self.posted_from, self.source])
        return hashlib.sha256(facts.encode()).hexdigest()


UNSTATED = Stated()
"""Nothing is stated."""


@dataclass(frozen=True, slots=True)
class Content:
    """One document's part of a file.

    `text` is what passages are ranges of: the decoded file where that is plain text, else a
    rendering that depends on nothing but the file's bytes. `pages` holds where in it each page
    begins. `part` tells apart the documents of a file that holds several.
    """

    text: str
    lines: list[Line]
    stated: Stated = UNSTATED
    pages: tuple[int, ...] = ()
    part: str = ""
