"""The addresses of the reading page, by which answers elsewhere link to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from retriever.citing.percent_encoding import encoded

if TYPE_CHECKING:  # a citation alone is shown without what answers questions
    from collections.abc import Mapping

    from retriever.answering.answer import Answer, Hit
    from retriever.citing.citation import Citation
    from retriever.index.generation import Generation

CITED = "cited"
"""The name of the cited paragraph within its page."""


def document_path(document: str) -> str:
    """The path of a document's page, below the root of the reading page."""
    return f"/d/{quote(encoded(document), safe='/')}"


def citation_path(citation: Citation) -> str:
    """The path of the page of a citation, which opens at the cited paragraph."""
    return f"{document_path(citation.document)}?c={quote(str(citation), safe='')}#{CITED}"


def reading_page_link(address: str, citation: Citation) -> str:
    """The permanent address of a citation on the reading page whose own `address` this is."""
    return address.rstrip("/") + citation_path(citation)


def on_reading_page(answer: Answer, web: Mapping[str, Any], generation: Generation) -> Answer:
    """The answer of this generation with the addresses of its passages on the reading page, where
    the table `[web]` of the settings says that there is one, which shows their folders."""
    address, folders = web.get("address", ""), web.get("folders")

    def placed(hit: Hit) -> Hit:
        if folders is not None and generation.folder_of(Path(hit.document.path)) not in folders:
            return hit
        return replace(hit, reading_page=reading_page_link(address, hit.citation))

    return replace(answer, passages=tuple(map(placed, answer.passages))) if address else answer
