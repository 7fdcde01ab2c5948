"""Slides of PowerPoint (`.pptx`): each slide a page, its title a heading, its notes beside it."""

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.archive import Archive
from corpus.formats.rendering import Rendering
from corpus.formats.table_cells import Cell, Row, reach
from corpus.metadata import Metadata

_MAIN = "ppt/presentation.xml"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "sldNum", "hdr", "sldImg")
_MOST_SLIDES = 2_000


def read_pptx(data: bytes) -> Iterator[Content]:
    """The document of a presentation, without its hidden slides; raises `Unreadable`.

    The speaker's notes are beside the text: they are searched, and not cited.
    """
    archive = Archive(data)
    if _MAIN not in archive.names:
        raise Unreadable("it is no presentation, whatever its name says")
    rendering, notes = Rendering(), list[str]()
    slides = _slides(archive)
    for name in slides[:_MOST_SLIDES]:
        slide = archive.xml(name)
        rendering.page()  # a hidden slide keeps its number
        if slide.get("show") in ("0", "false"):
            continue
        _render(slide, rendering)
        for kind, target in _targets(archive, name).values():
            if kind == "diagramData" and target in archive.names:
                for text in _paragraphs(archive.xml(target)):
                    rendering.paragraph(text, literal=True)
            elif kind == "notesSlide" and target in archive.names:
                notes += _paragraphs(archive.xml(target))
    yield rendering.content(notes, _stated(archive))
    if len(slides) > _MOST_SLIDES:
        yield Content("", [], left_out=f"what follows its slide {_MOST_SLIDES:,}")


def _slides(archive: Archive) -> list[str]:
    """The slides in the order in which they are shown."""
    targets = _targets(archive, _MAIN)
    order = [
        key
        for each in archive.xml(_MAIN).iter("sldId")
        for key in each.attrib.values()
        if targets.get(key, ("", ""))[0] == "slide"
    ]
    return [targets[key][1] for key in order if targets[key][1] in archive.names]


def _targets(archive: Archive, name: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: by the reference's id the kind, and the name of the other part."""
    folder, _, base = name.rpartition("/")
    relations = f"{folder}/_rels/{base}.rels"
    if relations not in archive.names:
        return {}
    return {
        each.get("Id", ""): (
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))[1:],
        )
        for each in archive.xml(relations)
    }


def _render(slide: Element, rendering: Rendering) -> None:
    """The shapes of a slide, its title first; the cells of a table in rows."""
    shapes = [shape for shape in slide.iter() if shape.tag in ("sp", "tbl")]
    for shape in sorted(shapes, key=lambda each: _place(each) not in _TITLES):
        if shape.tag == "tbl":
            rendering.table(_rows(shape))
        elif _place(shape) in _TITLES:
            rendering.paragraph(" ".join(_paragraphs(shape)), level=2)
        elif _place(shape) not in _FURNITURE:
            for text in _paragraphs(shape):
                rendering.paragraph(text, literal=True)


def _rows(table: Element) -> list[Row]:
    """The rows of a table, whose merged cells reach over columns and go on in the rows below."""
    stated = table.find("tblPr")
    heads = stated is not None and stated.get("firstRow") in ("1", "true")
    return [
        Row(
            [
                Cell(
                    " ".join(" ".join(_paragraphs(cell)).split()),
                    reach(cell.get("gridSpan")),
                    goes_on=cell.get("vMerge") in ("1", "true"),
                )
                for cell in row.iter("tc")
                if cell.get("hMerge") not in ("1", "true")
            ],
            strong=heads and number == 0,
        )
        for number, row in enumerate(table.iter("tr"))
    ]


def _place(shape: Element) -> str:
    """For what a shape is placed on its slide; empty for what somebody drew."""
    held = next(shape.iter("ph"), None) if shape.tag == "sp" else None
    return held.get("type", "") if held is not None else ""


def _paragraphs(shape: Element) -> Iterator[str]:
    """The paragraphs of a shape that are not empty."""
    for paragraph in shape.iter("p"):
        if text := "".join(_runs(paragraph)).strip():
            yield text


def _runs(paragraph: Element) -> Iterator[str]:
    for each in paragraph.iter():
        if each.tag == "t":
            yield each.text or ""
        elif each.tag in ("br", "tab"):
            yield " "


def _stated(archive: Archive) -> Metadata:
    """The title in the file's properties, unless it is what PowerPoint writes of itself."""
    if "docProps/core.xml" not in archive.names:
        return Metadata()
    title = archive.xml("docProps/core.xml").findtext("title") or ""
    own = re.match(r"powerpoint|slide \d|presentation\d*$|.*\.pptx?$", title.strip(), re.I)
    return Metadata(title="" if own else " ".join(title.split()))
