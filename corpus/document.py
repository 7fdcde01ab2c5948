"""The nouns of a corpus: a document, its passages, and the days it names."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day whose year may be unknown."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        """ISO 8601; without a year `--MM-DD`, the form that ISO 8601:2000 had for it."""
        year = f"{self.year:04d}" if self.year is not None else "-"
        return f"{year}-{self.month:02d}-{self.day:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The day in the form that `str` gives it."""
        year, month, day = text.rsplit("-", 2)
        return cls(None if year == "-" else int(year), int(month), int(day))

    def date(self) -> datetime.date | None:
        """The date, or None when the year is unknown."""
        return datetime.date(self.year, self.month, self.day) if self.year is not None else None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` in this range."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that is no passage, and the rule that recognised it."""

    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest citable block: a paragraph, or a bullet or note under one.

    `text` is an exact substring of the document's text. `parent` is the position, in the document's
    passages, of the paragraph above a bullet, note or continuation, or of the question that
    a speaker answers. `page` is the printed page on which it begins, where a file has pages. Of a
    row of a table, whose cells have tabs between them, `columns` are the heads of its cells.
    """

    label: str
    span: Span
    text: str
    heading: str = ""
    speaker: str = ""
    parent: int | None = None
    page: int | None = None
    columns: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the corpus, read.

    `id` is the file's path below the corpus folder, with `/`, and the document's own part where a
    file holds several. `text` is the decoded file, unchanged, or its rendering.
    `title` is never empty: when the file states none it is made of the first sentence, and
    `title_stated` is False. `events` are the days of what it reports, the first one and of a range
    the last. `posted_from` and `events_from` name where days were read, and what was inferred.
    `outside` is what stands between the passages and beside them: titles, dates, what was dropped.
    """

    id: str
    text: str
    title: str
    title_stated: bool
    passages: tuple[Passage, ...]
    subtitle: str = ""
    board: str = ""
    byline: str = ""
    source: str = ""
    posted: datetime.date | None = None
    posted_from: str = ""
    events: tuple[Day, ...] = ()
    events_from: str = ""
    outside: str = field(default="", repr=False)
    dropped: tuple[Dropped, ...] = field(default=(), repr=False)

    @property
    def lead(self) -> str:
        """The first paragraph: in most releases it states who met whom, where and when."""
        return self.passages[0].text


def text_outside(text: str, passages: Iterable[Passage]) -> str:
    """What stands between the passages of a text, one piece a line."""
    pieces, end = [], 0
    for passage in sorted(passages, key=lambda each: each.span.start):
        pieces.append(text[end : passage.span.start])
        end = max(end, passage.span.end)
    pieces.append(text[end:])
    return "\n".join(piece.strip() for piece in pieces if piece.strip())
