"""What the tools give: objects whose schemas assistants are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:  # none of it is needed to say what the tools are
    from collections.abc import Sequence

    from corpus.document import Passage
    from retriever.answering.answer import Answer, Hit
    from retriever.citing.receipts import CitedPassage, Receipt

State = Literal["holds", "moved", "changed", "gone", "unreadable", "outdated", "damaged"]

_TEXT = "The paragraph, word for word."
_CELLS = "Of a row of a table: the heads of its cells."
_STATE = (
    "holds: the words stand there; moved: the same words stand at `now`; changed: other words "
    "stand there; gone: neither; unreadable, outdated, damaged: it cannot be said."
)
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


class QuotedPassage(BaseModel):
    """A paragraph that may answer."""

    citation: str = Field(description="Put it behind each quotation from this paragraph.")
    text: str = Field(description=_TEXT)
    best_sentence: str | None = Field(description="The part of `text` that answers best.")
    columns: list[str] | None = Field(description=_CELLS)
    score: float = Field(description="The probability that it answers.")
    title: str
    posted: str | None = Field(description="The day of the document.")
    event: str | None = Field(description="The day of what it reports.")
    label: str = Field(description="The paragraph's number.")
    page: int | None
    heading: str | None
    link: str | None = Field(description="Opens the original at the paragraph.")
    reading_page: str | None = Field(description="Opens the indexed document at the paragraph.")
    also_in: list[str] = Field(description="Other places with the same words.")


class AnswerGiven(BaseModel):
    """The answer to a question."""

    verdict: Literal["found", "related", "none"] = Field(
        description="found: the passages are likely to answer; related: they are near, and may "
        "not answer; none: the documents do not hold the answer."
    )
    reason: str
    likelihood: float = Field(description="The probability that the documents hold an answer.")
    passages: list[QuotedPassage]
    searched: str = Field(description="The question as it was read.")
    names: list[str]
    periods: list[str]
    documents: int = Field(description="How many were searched.")
    newest: str | None = Field(description="The day of the newest of them.")
    withheld: list[str] = Field(description="Documents that changed since they were indexed.")
    listed: Literal["list", "count", "first", "last", "timeline"] | None = Field(
        description="Where the question asks for documents that mention something: each passage "
        "is of another one, in the order of their days."
    )
    mentioning: int | None = Field(
        description="How many documents mention what the question names, or more than that."
    )


class ListedDocument(BaseModel):
    """A document that mentions what is asked for."""

    title: str
    posted: str | None = Field(description="The day of the document.")
    event: str | None = Field(description="The day of what it reports.")
    citation: str = Field(description="The paragraph that mentions it.")
    sentence: str = Field(description="The sentence of the paragraph that does, word for word.")
    link: str | None = Field(description="Opens the original at the paragraph.")
    copies: list[str] = Field(description="The same in copies of the document.")


class DocumentsListed(BaseModel):
    """The documents that mention something."""

    count: int = Field(description="How many mention it; copies count once.")
    copies: int = Field(description="How many more are copies of these.")
    reason: str
    mentioned: list[str] = Field(description="What they all mention, as it was read.")
    periods: list[str]
    documents: list[ListedDocument]
    searched: int = Field(description="How many were searched.")
    withheld: list[str] = Field(description="Documents that changed since they were indexed.")


class ShownPassage(BaseModel):
    """A paragraph of a document, as its file has it now."""

    label: str
    page: int | None
    text: str = Field(description=_TEXT)
    columns: list[str] | None = Field(description=_CELLS)
    cited: bool = Field(description="Whether it is what the citation leads to.")


class CheckedCitation(BaseModel):
    """What has become of the words that a citation names."""

    citation: str
    state: State = Field(description=_STATE)
    now: str | None = Field(description="The citation of what stands there now.")
    text: str | None = Field(description="What stands there now, if not the cited words.")
    difference: str | None = Field(description="What [-was removed-] and {+was added+}.")
    also_in: list[str] = Field(description="Other places with the cited words.")
    reason: str | None


class CitationShown(CheckedCitation):
    """The paragraph that a citation leads to, in its place."""

    title: str | None
    posted: str | None
    link: str | None = Field(description="Opens the original at the paragraph.")
    passages: list[ShownPassage]


class CitationsChecked(BaseModel):
    """Citations, each with what became of its words."""

    checked: int
    holds: int = Field(description="How many name words that stand where they say.")
    citations: list[CheckedCitation]


class IndexStatus(BaseModel):
    """What can be asked about."""

    folders: list[str]
    documents: int
    newest: str | None = Field(description="The day of the newest document.")
    indexed: str = Field(description="When the index was built, in UTC.")
    not_read: int = Field(default=0, description="Files that could not be read, or only in part.")
    waiting: int = Field(default=0, description="Files that changed, went or came since.")


def answer_given(answer: Answer) -> AnswerGiven:
    """An answer as assistants get it."""
    return AnswerGiven(
        verdict=answer.verdict.value,
        reason=answer.reason,
        likelihood=round(answer.likelihood, 3),
        passages=list(map(_quoted, answer.passages)),
        searched=answer.searched.text,
        names=list(answer.searched.names),
        periods=list(answer.searched.periods),
        documents=answer.documents,
        newest=answer.newest,
        withheld=[*answer.withheld, *answer.damaged],
        listed=answer.listed.value if answer.listed else None,
        mentioning=answer.mentioned.documents if answer.mentioned else None,
    )


def documents_listed(answer: Answer) -> DocumentsListed:
    """A list of documents as assistants get it."""
    from bot.rendering.document_lists import excerpt

    mentioned = answer.mentioned
    return DocumentsListed(
        count=mentioned.documents if mentioned else 0,
        copies=mentioned.copies if mentioned else 0,
        reason=answer.reason,
        mentioned=list(mentioned.names) if mentioned else [],
        periods=list(answer.searched.periods),
        documents=[
            ListedDocument(
                title=hit.document.title,
                posted=hit.document.posted,
                event=hit.document.event,
                citation=str(hit.citation),
                sentence=excerpt(hit),
                link=hit.link,
                copies=list(hit.also_in),
            )
            for hit in answer.passages
        ],
        searched=answer.documents,
        withheld=[*answer.withheld, *answer.damaged],
    )


def _quoted(hit: Hit) -> QuotedPassage:
    best = hit.text[slice(*hit.highlights[0])] if hit.highlights else None
    return QuotedPassage(
        citation=str(hit.citation),
        text=hit.text,
        best_sentence=best,
        columns=_cells(hit.columns),
        score=round(hit.score, 3),
        title=hit.document.title,
        posted=hit.document.posted,
        event=hit.document.event,
        label=hit.label,
        page=hit.page,
        heading=hit.heading or None,
        link=hit.link,
        reading_page=hit.reading_page or None,
        also_in=list(hit.also_in),
    )


def citation_shown(found: CitedPassage) -> CitationShown:
    """What a citation leads to, as assistants get it."""
    document = found.document
    return CitationShown(
        **citation_checked(found.receipt).model_dump(),
        title=document.title if document else None,
        posted=str(document.posted) if document and document.posted else None,
        link=found.link,
        passages=[_shown(each, cited=each == found.passage) for each in found.around],
    )


def _shown(passage: Passage, *, cited: bool) -> ShownPassage:
    return ShownPassage(
        label=passage.label,
        page=passage.page,
        text=passage.text,
        columns=_cells(passage.columns),
        cited=cited,
    )


def citations_checked(receipts: Sequence[Receipt]) -> CitationsChecked:
    """Receipts as assistants get them."""
    checked = list(map(citation_checked, receipts))
    holds = sum(each.state == "holds" for each in checked)
    return CitationsChecked(checked=len(checked), holds=holds, citations=checked)


def citation_checked(receipt: Receipt) -> CheckedCitation:
    """A receipt as assistants get it."""
    pieces = (each.words.join(_MARKS[each.kind]) for each in receipt.difference)
    return CheckedCitation(
        citation=str(receipt.citation),
        state=receipt.state.value,
        now=str(receipt.now) if receipt.now else None,
        text=receipt.text or None,
        difference=" ".join(pieces) or None,
        also_in=list(map(str, receipt.also)),
        reason=receipt.reason or None,
    )


def _cells(columns: str) -> list[str] | None:
    return columns.split("\t") if columns else None
