"""Hangul documents in XML (`.hwpx`, OWPML): the paragraphs and tables of their sections."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.archive import Archive
from corpus.formats.rendering import Rendering
from corpus.formats.table_cells import Placed, Row, placed_rows, reach

_SECTION = re.compile(r"Contents/section(\d+)\.xml", re.IGNORECASE)
_MANIFEST = "META-INF/manifest.xml"
_BESIDE = ("header", "footer", "hiddenComment", "pageNum")
_BLANKS = {"tab": "\t", "lineBreak": "\n", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}


def read_hwpx(data: bytes) -> Iterator[Content]:
    """The document in a Hangul file of XML; raises `Unreadable`."""
    archive = Archive(data)
    sections = sorted(
        (int(found[1]), name) for name in archive.names if (found := _SECTION.fullmatch(name))
    )
    if not sections:
        raise Unreadable("it is no document of Hangul, whatever its name says")
    if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
        raise Unreadable("it has a password; save it without one")
    rendering, beside = Rendering(), list[str]()
    for _, name in sections:
        for paragraph in archive.xml(name):
            _render(paragraph, rendering, beside)
    # The title in the properties is often that of an older document, or the first words.
    yield rendering.content(beside)


def _render(paragraph: Element, rendering: Rendering, beside: list[str]) -> None:
    """A paragraph, and after it the tables, boxes and notes that are anchored in it."""
    rendering.paragraph(_own_text(paragraph))
    for each in _anchored(paragraph):
        if each.tag in _BESIDE:
            beside += filter(str.strip, map(_own_text, each.iter("p")))
        elif each.tag == "p":
            _render(each, rendering, beside)
        elif each.tag == "tbl" and _is_grid(each):
            rendering.table(_rows(each))
        else:
            for inner in (found for child in each for found in _outermost(child, "p")):
                _render(inner, rendering, beside)


def _rows(table: Element) -> list[Row]:
    """The rows of a table, whose cells say where they stand and how far they reach."""
    placed = [
        Placed(
            _at(cell.find("cellAddr"), "rowAddr", row),
            _at(cell.find("cellAddr"), "colAddr", column),
            _cell_text(cell),
            reach(_stated(cell.find("cellSpan"), "rowSpan")),
            reach(_stated(cell.find("cellSpan"), "colSpan")),
        )
        for row, each in enumerate(table.iter("tr"))
        for column, cell in enumerate(each.iter("tc"))
    ]
    return placed_rows(placed)


def _stated(element: Element | None, name: str) -> str | None:
    return element.get(name) if element is not None else None


def _at(element: Element | None, name: str, usual: int) -> int:
    """A place that a cell states, or else that at which it stands."""
    stated = _stated(element, name) or ""
    return int(stated) if re.fullmatch(r"\d{1,5}", stated) else usual


def _is_grid(table: Element) -> bool:
    """Whether a table has rows and columns; many a page is laid out in a table of one cell."""
    return (table.get("colCnt") or "1") != "1" and not any(True for _ in _nested(table))


def _nested(table: Element) -> Iterator[Element]:
    return (each for each in table.iter("tbl") if each is not table)


def _cell_text(cell: Element) -> str:
    return " ".join(filter(None, (_own_text(each).strip() for each in cell.iter("p"))))


def _own_text(paragraph: Element) -> str:
    """The words of a paragraph without those of what is anchored in it."""
    return "".join(
        piece
        for run in paragraph.findall("run")
        for text in run.findall("t")
        for piece in _text(text)
    )


def _text(element: Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        yield _BLANKS.get(each.tag, "")
        if each.tag not in _BLANKS and each.tag != "deleteBegin":
            yield "".join(_text(each))
        yield each.tail or ""


def _anchored(paragraph: Element) -> Iterator[Element]:
    for run in paragraph.findall("run"):
        for each in run:
            if each.tag not in ("t", "secPr"):
                yield from _outermost(each, "tbl", "p", *_BESIDE)


def _outermost(element: Element, *tags: str) -> Iterator[Element]:
    """The elements of these tags that are in no other one of them."""
    if element.tag in tags:
        yield element
        return
    for each in element:
        yield from _outermost(each, *tags)
