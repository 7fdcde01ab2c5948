"""Where the title of a passage links to on a terminal."""

from pathlib import Path

from bot.rendering.reading_page import reading_page_link
from retriever.citing.citation import Citation


def terminal_link(
    source: str | None, citation: Citation, path: str, page: int | None, reading_page: str = ""
) -> str:
    """The address that opens a passage: that of its `source`, else its place on the reading page
    whose address this is, else its file; empty where there is none."""
    if source:
        return source
    if reading_page:
        return reading_page_link(reading_page, citation)
    return file_link(Path(path), page) if path else ""


def file_link(path: Path, page: int | None) -> str:
    """The address of a file on this machine, of a PDF at its page."""
    at_page = f"#page={page}" if page is not None and path.suffix.lower() == ".pdf" else ""
    return path.absolute().as_uri() + at_page
