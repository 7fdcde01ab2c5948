"""Receipts: what has become of the words that a citation names."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.document import Document, Passage
from retriever.citing.citation import Citation
from retriever.citing.links import passage_link
from retriever.citing.word_difference import Piece


class CitationState(StrEnum):
    """What has become of the words that a citation names.

    `holds`: they stand under its label. `moved`: the same words stand under another label, page or
    file name. `changed`: other words stand in their place. `gone`: neither is there. `unreadable`:
    its file cannot be read now. `outdated`: it is of an older version, and names no words.
    `damaged`: what the index has of it is damaged, so that nothing can be said.
    """

    HOLDS = "holds"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The state of a citation, with what was found in the files of today.

    `path` is the file that was looked at, or where the words are now; empty when there is none.
    Unless it holds, `now` cites what stands there now: the same words when they moved, else those
    under the label, which are `text`. `difference` leads from the cited words to these, where the
    index still has the cited ones. `also` cites the same words in other documents. `reason` says
    what is gone, why a file cannot be read, or what is damaged.
    """

    citation: Citation
    state: CitationState
    path: str = ""
    now: Citation | None = None
    text: str = ""
    difference: tuple[Piece, ...] = ()
    also: tuple[Citation, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DocumentReceipt:
    """The state of all citations of a document: how many of its passages are in which state.

    `state` is the worst of them, or what became of its file; `now` is the document's new name when
    the file moved. `file_changed` is whether the file's bytes are others than when it was indexed.
    """

    document: str
    state: CitationState
    path: str
    passages: dict[CitationState, int]
    file_changed: bool = False
    now: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """What a citation leads to in the files of today, and the passages around it in reading order.

    `passage` has the cited words when its receipt holds or they moved, else what stands under the
    label now; `document` and `passage` are None when neither is there.
    """

    receipt: Receipt
    document: Document | None
    passage: Passage | None
    around: tuple[Passage, ...]

    @property
    def link(self) -> str | None:
        """The address that opens the document's source at the passage, if it has one."""
        if self.document is None or self.passage is None:
            return None
        return passage_link(self.document.source, self.passage.text, self.passage.page) or None
