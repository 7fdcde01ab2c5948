"""What is taken along: quotations, each with its source, under the questions that they answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rendering.answers import verdict_in_words
from bot.rendering.phrases import (
    TITLE,
    address_in_words,
    ascii_address,
    days_in_words,
    one_line,
    place_in_words,
)
from corpus.passage_context import in_words
from retriever.answering.answer import Answer, Hit, Source
from retriever.citing.receipts import CitedPassage


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage word for word, the range of it that answers best, and where it stands."""

    text: str
    columns: str
    marked: tuple[int, int]
    document: Source
    label: str
    page: int | None
    link: str
    citation: str

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """What is quoted, in parts, each with whether it answers; a row of a table has the heads
        of its columns, which are no part of it, before its cells."""
        start, end = self.marked
        if self.columns:
            return [(_flat(in_words(self.text, self.columns)), bool(end))]
        parts = [(self.text[:start], False), (self.text[start:end], True), (self.text[end:], False)]
        return [(_flat(text), answers) for text, answers in parts if text.strip()]

    @property
    def source(self) -> str:
        """Title, day, and paragraph."""
        document = self.document
        days = days_in_words(document.posted, document.event)
        place = place_in_words(self.label, self.page)
        return ", ".join((one_line(document.title, TITLE), days, place))

    @property
    def address(self) -> str:
        """Where the document is on the web; empty where that is not known."""
        return self.link or address_in_words(self.document.source or "")

    @property
    def file(self) -> str:
        """The document's file, below its corpus folder."""
        return one_line(self.document.id)


@dataclass(frozen=True, slots=True)
class Section:
    """Quotations under what was asked and the verdict, both empty for citations alone."""

    question: str
    verdict: str
    quotations: tuple[Quotation, ...]


def section_of(answer: Answer) -> Section:
    """An answer as a section."""
    verdict = f"{verdict_in_words(answer)}: {answer.reason}"
    question = one_line(answer.question, len(answer.question))
    return Section(question, one_line(verdict), tuple(map(_of_hit, answer.passages)))


def quotation_of(found: CitedPassage) -> Quotation | None:
    """What a citation leads to; None where nothing is left of it."""
    document, passage, receipt = found.document, found.passage, found.receipt
    if document is None or passage is None:
        return None
    source = Source(
        document.id,
        receipt.path,
        document.title,
        str(document.posted) if document.posted else None,
        str(document.events[0]) if document.events else None,
        document.source or None,
    )
    here = receipt.now or receipt.citation
    return Quotation(
        passage.text, passage.columns, (0, 0), source, passage.label, passage.page,
        ascii_address(found.link or ""), str(here),
    )  # fmt: skip


def documents_in(sections: Sequence[Section]) -> dict[Source, list[str]]:
    """The documents that are quoted, in order, with the citations from each."""
    documents: dict[Source, list[str]] = {}
    for each in quotations_in(sections):
        citations = documents.setdefault(each.document, [])
        if each.citation not in citations:
            citations.append(each.citation)
    return documents


def quotations_in(sections: Sequence[Section]) -> Iterable[Quotation]:
    """The quotations of all sections, in order."""
    return (quotation for section in sections for quotation in section.quotations)


def _of_hit(hit: Hit) -> Quotation:
    marked = hit.highlights[0] if hit.highlights else (0, 0)
    return Quotation(
        hit.text, hit.columns, marked, hit.document, hit.label, hit.page,
        ascii_address(hit.link or ""), str(hit.citation),
    )  # fmt: skip


def _flat(text: str) -> str:
    """A text on one line, with a blank at each end where it had one."""
    inner = one_line(text, len(text) * 10)
    return f"{' ' * text[:1].isspace()}{inner}{' ' * text[-1:].isspace()}"
