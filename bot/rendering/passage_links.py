"""Where the title of a passage links to on a terminal."""

from pathlib import Path


def terminal_link(source: str | None, reading_page: str, path: str, page: int | None) -> str:
    """The address that opens a passage: that of its `source`, else its own on the reading page,
    else its file; empty where there is none."""
    return source or reading_page or (file_link(Path(path), page) if path else "")


def file_link(path: Path, page: int | None) -> str:
    """The address of a file on this machine, of a PDF at its page."""
    at_page = f"#page={page}" if page is not None and path.suffix.lower() == ".pdf" else ""
    return path.absolute().as_uri() + at_page
