"""Books (`.epub`): each chapter a document, read as the page that it is."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.archive import Archive
from corpus.formats.html.html_reader import read_html

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/xml", "text/xml")
_MOST_CHAPTERS = 2_000


def read_epub(data: bytes) -> Iterator[Content]:
    """The documents in a book: its chapters in reading order; `part` is the place in that order.

    Raises `Unreadable`.
    """
    archive = Archive(data)
    if _CONTAINER not in archive.names:
        raise Unreadable("it is no book, whatever its name says")
    if "META-INF/rights.xml" in archive.names:
        raise Unreadable("it is locked for one reader; a copy without the lock can be read")
    main = next(
        (each.get("full-path", "") for each in archive.xml(_CONTAINER).iter("rootfile")), ""
    )
    package = archive.xml(main)
    book = " ".join((package.findtext(".//title") or "").split())
    author = "; ".join(filter(None, (each.text for each in package.iter("creator"))))
    chapters, missing = _chapters(package, main), 0
    for number, name in enumerate(chapters[:_MOST_CHAPTERS], start=1):
        try:
            for content in read_html(archive.read(name)):
                first = next((line.text for line in content.lines[:3] if line.level), "")
                title = content.metadata.title or first
                named = ": ".join(filter(None, (book, title if title != book else "")))
                yield replace(
                    content,
                    metadata=replace(content.metadata, title=named),
                    beside="\n".join(filter(None, (author, content.beside))),
                    part=str(number),
                )
        except Unreadable:
            missing += 1
    if len(chapters) > _MOST_CHAPTERS:
        yield Content("", [], left_out=f"what follows its chapter {_MOST_CHAPTERS:,}")
    elif missing:
        yield Content("", [], left_out=f"{missing:,} of its chapters, which are damaged")


def _chapters(package: Element, main: str) -> list[str]:
    """The names of the parts that are pages, in reading order."""
    items = {
        each.get("id", ""): each.get("href", "")
        for each in package.iter("item")
        if each.get("media-type") in _PAGES and "nav" not in each.get("properties", "").split()
    }
    spine = [each.get("idref", "") for each in package.iter("itemref")]
    folder = posixpath.dirname(main)
    return [
        posixpath.normpath(posixpath.join(folder, unquote(items[each].partition("#")[0])))
        for each in spine
        if each in items
    ]
