"""The addresses of the reading page, by which answers elsewhere link to it."""

from urllib.parse import quote

from retriever.citing.citation import Citation
from retriever.citing.percent_encoding import encoded

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
