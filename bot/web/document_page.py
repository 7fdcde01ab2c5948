"""What the page of a document shows: its paragraphs as its file has them now, and whether the cited
words still hold."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.rendering.phrases import days_in_words
from bot.web.errors import NothingThere
from bot.web.library import Holdings
from corpus.document import Document, Passage
from corpus.errors import Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import MOST_MEGABYTES
from corpus.passage_context import cells_of
from retriever.citing.citation import Citation, citation_of
from retriever.citing.document_view import Part, read_raw
from retriever.citing.links import passage_link
from retriever.citing.receipts import CitationState, Receipt
from retriever.errors import RetrieverError
from retriever.index.records import StoredDocument, StoredPassage

_DEEPEST = 3  # levels of bullets that are told apart
_HELD_SHOWN = 200  # documents of one file


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage in its place; `heading` and `page` are given where they change."""

    citation: Citation
    label: str
    text: str
    cells: Sequence[tuple[str, str]]
    depth: int
    heading: str
    page: int | None
    is_cited: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document as its file is now; without a title where it can be read no more.

    `receipt` says what became of the cited words, `unread` why the file cannot be read, and
    `changed` is whether it is another one than was indexed. `parts` are the whole text, with what
    was `dropped`, where that is asked for.
    """

    id: str
    receipt: Receipt | None = None
    title: str = ""
    days: str = ""
    source: str = ""
    link: str = ""
    sha256: str = ""
    changed: bool = False
    unread: str = ""
    paragraphs: Sequence[Paragraph] = ()
    parts: Sequence[tuple[Part, Paragraph | None]] = ()
    dropped: Sequence[tuple[str, int]] = ()
    editions: Sequence[StoredDocument] = ()
    file: str = ""

    @property
    def shows_the_cited(self) -> bool:
        """Whether the cited words, or what they became, are on the page."""
        return any(each.is_cited for each in self.paragraphs)


def document_page(holdings: Holdings, named: str | Citation) -> DocumentPage:
    """The page of the document of this id, or of this citation; raises `NothingThere` where there
    is no such document, for a citation not."""
    cited = named if isinstance(named, Citation) else None
    name = named.document if isinstance(named, Citation) else named
    stored = holdings.document(name)
    if stored:
        passages = holdings.unchanged(stored)
        at = _position(stored, passages, cited)
        if passages and (at is not None or not cited):
            page = _page(holdings, stored, passages, at)
            holds = Receipt(cited, CitationState.HOLDS) if cited else None
            return replace(page, receipt=holds, sha256=stored.sha256)
    if not cited:
        return _read_now(holdings, _known(stored, name))
    found = holdings.verifier().look_up(cited)
    if found.document and found.passage:
        passage, path = found.passage, Path(found.receipt.path)
        at = next(n for n, each in enumerate(found.document.passages) if each is passage)
        page = _page(holdings, found.document, found.document.passages, at)
        return replace(_with_version(holdings, page, path), receipt=found.receipt)
    page = _read_now(holdings, stored) if stored else DocumentPage(name)
    return replace(page, receipt=found.receipt)


def document_with_dropped(holdings: Holdings, name: str) -> DocumentPage:
    """The page of a document with what is no passage of it, and by which rule; raises
    `NothingThere`."""
    return _read_now(holdings, _known(holdings.document(name), name), with_dropped=True)


def held_documents(holdings: Holdings, name: str) -> Sequence[StoredDocument]:
    """The first documents that the file of this id holds, unless it is one itself."""
    return () if holdings.document(name) else holdings.documents_of_file(name)[:_HELD_SHOWN]


def _known(stored: StoredDocument | None, name: str) -> StoredDocument:
    if stored is None:
        raise NothingThere(f"There is no document {name[:200]!r} here; search for what it says.")
    return stored


def _position(
    document: StoredDocument, passages: Sequence[StoredPassage], cited: Citation | None
) -> int | None:
    """Which passage has the cited words under the cited label."""
    for number, each in enumerate(passages):
        if cited and each.label == cited.label and citation_of(document, each) == cited:
            return number
    return None


def _read_now(
    holdings: Holdings, stored: StoredDocument, *, with_dropped: bool = False
) -> DocumentPage:
    """The page of a document whose file is read again."""
    raw = read_raw(holdings.generation.store, stored.id, holdings.settings.limits)
    if raw.document is None:
        reason = raw.reason.replace(f"{stored.path.parent}/", "")  # where it lies is not told
        return DocumentPage(stored.id, unread=reason)
    page = _page(holdings, raw.document, raw.document.passages, None)
    page = _with_version(holdings, page, stored.path)
    if not with_dropped:
        return page
    spans = zip(raw.document.passages, page.paragraphs, strict=True)
    shown = {(each.span.end, each.label): paragraph for each, paragraph in spans}
    parts = [(e, shown.get((e.end, e.label))) for e in raw.parts if e.label or e.rule]
    return replace(
        page,
        parts=parts,
        dropped=Counter(each.rule for each in raw.document.dropped).most_common(),
    )


def _with_version(holdings: Holdings, page: DocumentPage, path: Path) -> DocumentPage:
    """The page with the hash of its file, and whether that is another one than was indexed."""
    indexed = holdings.document(page.id)
    with suppress(Unreadable):
        sha256 = file_hash(read_bytes(path, MOST_MEGABYTES))
        return replace(page, sha256=sha256, changed=not indexed or sha256 != indexed.sha256)
    return replace(page, changed=True)


def _page(
    holdings: Holdings,
    document: StoredDocument | Document,
    passages: Sequence[StoredPassage | Passage],
    at: int | None,
) -> DocumentPage:
    stored = holdings.document(document.id)
    cited = passages[at] if at is not None else None
    text, page = (cited.text, cited.page) if cited else ("", None)
    event = str(document.events[0]) if document.events else None
    return DocumentPage(
        id=document.id,
        title=document.title,
        days=days_in_words(str(document.posted) if document.posted else None, event),
        source=document.source or "",
        link=passage_link(document.source or "", text, page),
        paragraphs=tuple(_paragraphs(document, passages, at)),
        editions=_editions(holdings, stored) if stored else (),
        file=_file_of_several(stored) if stored else "",
    )


def _paragraphs(
    document: StoredDocument | Document, passages: Sequence[StoredPassage | Passage], at: int | None
) -> Iterator[Paragraph]:
    first = passages[0].row if passages and isinstance(passages[0], StoredPassage) else 0
    depths: list[int] = []
    heading, page = "", None
    for number, each in enumerate(passages):
        above = None if each.parent is None else each.parent - first
        depths.append(0 if above is None or not above < number else depths[above] + 1)
        yield Paragraph(
            citation=citation_of(document, each),
            label=each.label,
            text=each.text,
            cells=cells_of(each.text, each.columns) if each.columns else (),
            depth=min(depths[-1], _DEEPEST),
            heading=each.heading if each.heading != heading else "",
            page=each.page if each.page != page else None,
            is_cited=number == at,
        )
        heading, page = each.heading, each.page


def _editions(holdings: Holdings, stored: StoredDocument) -> Sequence[StoredDocument]:
    with suppress(RetrieverError):
        return holdings.editions(stored)
    return ()


def _file_of_several(stored: StoredDocument) -> str:
    """The id of the file that a document is one of several of; empty for one with its own."""
    own = f"/{stored.id}".endswith(f"/{stored.path.name}")
    return "" if own else stored.id.rpartition("/")[0]
