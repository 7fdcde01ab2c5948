"""A pinpoint citation: `<document id>#<label>@<receipt>`, an identifier that can be pasted back.

The receipt is made of the passage's own words and of nothing else, so it is the same under another
label, page or file name, after edits elsewhere, and whichever version of the reader reads the file.
It has 12 hex digits, 48 bits: among a million passages the chance that one with other words fits is
below 1 in 10^8 (10^6 / 2^48). A forger who wants words that fit tries 2^48 hashes, which takes
about a year on one processor; of the 8 digits of before it took minutes. It is no signature. More
digits would be in the way of those who copy citations.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import Self

from corpus.document import Document, Passage
from retriever.citing.percent_encoding import decoded, encoded
from retriever.errors import CitationRefused
from retriever.index.records import StoredDocument, StoredPassage

RECEIPT_DIGITS = 12
"""Hex digits of a receipt."""

_FORM = re.compile(r"(?P<document>.+)#(?P<label>[^#@]+)@(?P<receipt>[0-9a-f]{12}|[0-9a-f]{8})")
_AROUND = " \t\r\n\f\v\"'`<>"  # quotation marks that a citation was put into: names have none
_AFTER = _AROUND + ".,;:"
_TYPED_PILCROW = re.compile(r"(?<!\S)p(?=\d)")
_MOST_BREAKS = 6


def receipt_of(text: str) -> str:
    """The receipt of a passage: the beginning of the sha256 of its words.

    They are taken in NFC and with each run of white space as one blank.
    """
    words = unicodedata.normalize("NFC", " ".join(text.split()))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:RECEIPT_DIGITS]


@dataclass(frozen=True, slots=True)
class Citation:
    """Names the words of a passage: its document, its label there, and the receipt of its words.

    `str` gives the identifier, in which names are percent-encoded where they have to be.
    """

    document: str
    label: str
    receipt: str

    def __str__(self) -> str:
        label = _TYPED_PILCROW.sub("%70", encoded(self.label))  # one that is no pilcrow
        return f"{encoded(self.document)}#{label}@{self.receipt}"

    @property
    def names_the_file(self) -> bool:
        """Whether it is of an older version, whose receipts were made of the file and not of the
        words."""
        return len(self.receipt) != RECEIPT_DIGITS

    @classmethod
    def parse(cls, text: str) -> Self:
        """The citation in `text`; raises `CitationRefused` when it has another form.

        `¶` may be typed as `p`, and a line break stands for a blank where that makes a citation.
        """
        readings = cls.readings(text)
        if not readings:
            shown = " ".join(text.split())[:200]
            raise CitationRefused(
                f"{shown!r} is no citation; copy one from an answer, such as "
                "'release.txt#4@0123456789ab'."
            )
        return readings[0]

    @classmethod
    def readings(cls, text: str) -> list[Self]:
        """What a pasted text may mean, the likeliest first; empty when it is no citation.

        A line break in it may stand for a blank or, where a terminal wrapped it, for nothing.
        """
        pieces = re.split(r"\s*[\r\n]\s*", text.lstrip(_AROUND).rstrip(_AFTER))
        breaks = len(pieces) - 1
        joints = (
            product((" ", ""), repeat=breaks)
            if breaks <= _MOST_BREAKS
            else ((each,) * breaks for each in (" ", ""))
        )
        joined = ("".join(map("".join, zip(("", *each), pieces, strict=True))) for each in joints)
        readings = (cls._read(" ".join(each.split())) for each in joined)
        return list(dict.fromkeys(each for each in readings if each))

    @classmethod
    def _read(cls, line: str) -> Self | None:
        match = _FORM.fullmatch(line)
        if not match:
            return None
        label = _TYPED_PILCROW.sub("¶", match["label"])
        try:
            return cls(decoded(match["document"]), decoded(label), match["receipt"])
        except ValueError:
            return None


def citation_of(document: Document | StoredDocument, passage: Passage | StoredPassage) -> Citation:
    """The citation of a passage of this document."""
    return Citation(document.id, passage.label, receipt_of(passage.text))
