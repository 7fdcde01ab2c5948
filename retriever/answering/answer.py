"""The nouns of an answer: what was searched for, the verdict, and the cited passages."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from retriever.citing.citation import Citation
from retriever.citing.links import passage_link
from retriever.index.records import StoredDocument
from retriever.question.corpus_questions import Wanted

CHANGED_REASON = "the documents that match changed since they were indexed"
UNREACHABLE_REASON = "the files that match cannot be read, since their disk does not answer"
DAMAGED_REASON = "the index is damaged where it has what matches"


class Verdict(StrEnum):
    """Whether the documents answer the question."""

    FOUND = "found"
    RELATED = "related"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Searched:
    """How a question was read: the stand-alone text, the days and the names looked for.

    `spelt` has what was typed and how the documents spell it, `periods` the times that the question
    names, in words, and `order` is "latest" or "earliest" when it asks for that. `within` names the
    only documents that were searched, none when all were. A `literal` question was not read.
    """

    text: str
    after: str | None = None
    before: str | None = None
    names: tuple[str, ...] = ()
    spelt: tuple[tuple[str, str], ...] = ()
    periods: tuple[str, ...] = ()
    order: str | None = None
    within: tuple[str, ...] = ()
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The document of a passage; days are ISO 8601, `--MM-DD` without a year."""

    id: str
    path: str
    title: str
    posted: str | None
    event: str | None
    source: str | None

    @classmethod
    def of(cls, document: StoredDocument) -> Self:
        """The document as it was indexed."""
        event = document.events[0] if document.events else None
        return cls(
            document.id, str(document.path), document.title, document.posted, event, document.source
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of evidence adds to the probability that a passage answers.

    Evidence is taken in order: `value * weight` are the log-odds that it adds to what comes before
    it, `points` the probability that it adds with them.
    """

    evidence: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A cited passage of an answer; `highlights` are ranges of `text`, best first.

    The points of `shares` add up to `score`. `page` is a printed one, where there are pages; of a
    row of a table, `columns` are the heads of its cells, with tabs between them. `reading_page` is
    the address of the passage where whoever answers serves the documents; empty where nobody does.
    """

    rank: int
    citation: Citation
    text: str
    label: str
    heading: str
    score: float
    highlights: tuple[tuple[int, int], ...]
    also_in: tuple[str, ...]
    document: Source
    shares: tuple[Share, ...]
    page: int | None = None
    columns: str = ""
    reading_page: str = ""

    @property
    def link(self) -> str | None:
        """The address that opens the document's source at the passage, if it has one."""
        return passage_link(self.document.source or "", self.text, self.page) or None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """How many documents mention all of some `names`, copies counted once; without names, how many
    there are.

    `copies` are those that were not counted, `passages` those that say one of the names, and
    `undated` the documents that may or may not be of the time that was asked for. There are more of
    them all unless it is `complete`. `shown` are the ids of those that the answer shows.
    """

    names: tuple[str, ...]
    documents: int
    copies: int = 0
    passages: int = 0
    undated: int = 0
    complete: bool = True
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """The rows that are not shown, with their documents, by why not."""

    changed: dict[int, str] = field(default_factory=dict)
    unreachable: dict[int, str] = field(default_factory=dict)
    damaged: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> set[int]:
        """All of them."""
        return {*self.changed, *self.unreachable, *self.damaged}

    @property
    def reason(self) -> str:
        """Why there is no answer, if it is that something is not shown."""
        if self.damaged:
            return DAMAGED_REASON
        if self.unreachable:
            return UNREACHABLE_REASON
        return CHANGED_REASON if self.changed else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: a verdict with its reason, and the passages, best first.

    `likelihood` is the probability that the documents hold an answer.
    `withheld` names the documents whose file changed since it was indexed: none of their passages
    is shown; nor those of `unreachable` ones, whose disk does not answer. `damaged` names those of
    which the index no longer has what was read: what differs is not shown. `skipped` counts the
    files of the corpus that could not be read; it is 0 for an answer from some of its folders only.

    `mentioned` counts the documents that mention what the question names. Where it asks for these,
    `listed` says how, and there is a passage for each of the first of them, in the order of days.
    """

    question: str
    searched: Searched
    verdict: Verdict
    reason: str
    passages: tuple[Hit, ...]
    generation: str
    documents: int
    newest: str | None
    milliseconds: float
    likelihood: float = 0.0
    withheld: tuple[str, ...] = ()
    skipped: int = 0
    damaged: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    mentioned: Mentioned | None = None
    listed: Wanted | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all that matches could be looked at."""
        return not (self.withheld or self.unreachable or self.damaged)

    @property
    def is_open(self) -> bool:
        """Whether what matches could not be shown, so that nobody knows what it holds."""
        return self.reason in (CHANGED_REASON, UNREACHABLE_REASON, DAMAGED_REASON)
