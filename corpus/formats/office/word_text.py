"""Word files: the body of a document as Word shows it, with the labels of its lists.

What is deleted, hidden, or an instruction of a field is no text. Of the two forms of a newer
element one is read. Lines of a table of contents repeat the headings, and stand beside the text.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.archive import Archive
from corpus.formats.office.formulas import word_formula
from corpus.formats.office.office_text import OfficeText
from corpus.formats.office.symbol_fonts import symbol_sign, symbol_text
from corpus.formats.office.word_charts import chart_rows
from corpus.formats.office.word_numbering import WordNumbering
from corpus.formats.office.word_styles import WordStyles, is_on, value
from corpus.formats.table_cells import Cell, Row, is_layout, reach
from corpus.text.numerals import note_reference

_NO_TEXT = frozenset(
    "del moveFrom delText instrText delInstrText rPr pPr sectPr tblPr tblGrid trPr tcPr sdtPr "
    "sdtEndPr rt rubyPr smartTagPr customXmlPr".split()
)
_GIVEN = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "softHyphen": "",
    "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
}  # fmt: skip
_BOXES = ("txbxContent", "txBody")
_DRAWN = {"relIds": "dm", "chart": "id"}
"""Drawings with words in a part of their own: diagrams and charts."""
_DRAWN_WORDS = {"docPr": "descr", "textpath": "string"}
"""What a picture says of itself, and words drawn as a picture."""
_FIRST_ROW = re.compile(r"..[2367abef].$", re.IGNORECASE)  # in hexadecimal digits
_WRAPPERS = frozenset(
    "sdt sdtContent customXml ins moveTo AlternateContent Choice smartTag".split()
)


class WordText(OfficeText):
    """The text of a Word file, read once."""

    def __init__(self, archive: Archive) -> None:
        super().__init__()
        self._archive = archive
        main = self._main_part()
        self._body = archive.xml(main)
        folder, name = posixpath.split(main)
        self._related = [
            (
                each.get("Type", "").rpartition("/")[2],
                each.get("Id", ""),
                posixpath.normpath(posixpath.join(f"/{folder}", each.get("Target", "")))[1:],
            )
            for each in archive.side_xml(f"{folder}/_rels/{name}.rels")
            if each.get("TargetMode") != "External"
        ]
        self._styles = WordStyles(self._only("styles"))
        self._numbering = WordNumbering(self._only("numbering"), self._styles)
        self._notes = {
            f"{kind}Reference": {note.get("id"): note for note in self._only(f"{kind}s").iter(kind)}
            for kind in ("footnote", "endnote")
        }
        self._fields: list[bool] = []
        """Of each open field whether its instruction goes on."""
        self._instructions = 0
        self._carried = ""

    def content(self) -> Content:
        """The document."""
        self._blocks(self._body)
        for kind in ("header", "footer"):
            self._beside += [self._flat(tree) for tree in self._parts(kind)]
        return self._out.content(self._beside)

    def _main_part(self) -> str:
        """The part with the document's body."""
        for each in self._archive.side_xml("_rels/.rels"):
            target = each.get("Target", "").lstrip("/")
            if each.get("Type", "").endswith("/officeDocument") and target in self._archive:
                return target
        if "word/document.xml" not in self._archive:
            raise Unreadable("it is no Word file, or a damaged one")
        return "word/document.xml"

    def _parts(self, kind: str) -> list[Element]:
        return [self._archive.side_xml(part) for each, _, part in self._related if each == kind]

    def _only(self, kind: str) -> Element:
        return next(iter(self._parts(kind)), Element("none"))

    def _blocks(self, parent: Element) -> None:
        carried, self._carried = self._carried, ""
        self._blocks_in(parent)
        self._end_carried()
        self._carried = carried

    def _blocks_in(self, parent: Element) -> None:
        for child in parent:
            if child.tag == "p":
                self._paragraph(child)
            elif child.tag == "tbl":
                self._table(child)
            elif child.tag == "AlternateContent":
                self._blocks_in(_chosen(child))
            elif child.tag == "plotArea":
                self._out.table(chart_rows(child))
            elif child.tag not in _NO_TEXT:
                self._blocks_in(child)

    def _paragraph(self, paragraph: Element) -> None:
        words: list[str] = []
        boxes: list[Element] = []
        properties = paragraph.find("pPr")
        self._inlines(paragraph, words, boxes)
        if self._instructions:  # none is longer than a paragraph
            self._fields, self._instructions = [False] * len(self._fields), 0
        text, self._carried = self._carried + "".join(words), ""
        style = value(properties, "pStyle")
        if properties is not None and _goes_on(properties):
            self._carried = text
        elif self._styles.is_of_contents(style):
            self._beside.append(text)
        else:
            level = self._styles.level(style)
            label = self._numbering.label(properties, heading=level > 0)
            self._out.paragraph(text, level=level, label=label)
        for box in boxes:
            self._blocks(box)
        self._add_notes()

    def _inlines(self, parent: Element, words: list[str], boxes: list[Element]) -> None:
        """Adds the words of the elements in a paragraph, and what stands in boxes of its own."""
        for child in parent:
            tag = child.tag
            if tag in _NO_TEXT:
                continue
            if tag == "r":
                self._run(child, words, boxes)
            elif tag == "fldChar":
                self._field(child.get("fldCharType"))
            elif tag in _BOXES:
                boxes.append(child)
            elif tag in _DRAWN:
                boxes += self._drawn(child.get(_DRAWN[tag]))
            elif tag == "AlternateContent":
                self._inlines(_chosen(child), words, boxes)
            elif tag in self._notes:
                note = self._notes[tag].get(child.get("id"))
                self._awaited += [note] if note is not None else []
            elif not self._instructions and (given := _given(child)) is not None:
                words.append(given)
            else:
                if tag in _DRAWN_WORDS:
                    self._beside.append(child.get(_DRAWN_WORDS[tag], ""))
                self._inlines(child, words, boxes)

    def _run(self, run: Element, words: list[str], boxes: list[Element]) -> None:
        """Adds the words of a run of letters that look the same."""
        looks = run.find("rPr")
        inner: list[str] = []
        if self._look(looks, "vanish") not in (None, "0", "false", "off"):
            self._inlines(run, inner, [])
            return
        self._inlines(run, inner, boxes)
        fonts = looks.find("rFonts") if looks is not None else None
        text = symbol_text(fonts.get("ascii", "") if fonts is not None else "", "".join(inner))
        if self._look(looks, "vertAlign") == "superscript":
            text = note_reference(text, "".join(words[-3:]))
        words.append(text)

    def _look(self, looks: Element | None, name: str) -> str | None:
        """What a run or its style says of a property of the letters."""
        if looks is None:
            return None
        own = value(looks, name)
        return self._styles.looks(value(looks, "rStyle"), name) if own is None else own

    def _field(self, mark: str | None) -> None:
        if mark == "begin":
            self._fields.append(True)
            self._instructions += 1
        elif mark in ("separate", "end") and self._fields:
            self._instructions -= self._fields.pop()
            self._fields += [False] if mark == "separate" else []

    def _drawn(self, identifier: str | None) -> list[Element]:
        parts = [part for _, each, part in self._related if each == identifier]
        return [self._archive.side_xml(part) for part in parts]

    def _end_carried(self) -> None:
        """Makes a paragraph of words that no paragraph goes on after."""
        text, self._carried = self._carried, ""
        if text:
            self._out.paragraph(text)

    def _table(self, table: Element) -> None:
        self._end_carried()
        rows = [
            (row, list(_children(row, "tc")))
            for row in _children(table, "tr")
            if row.find("trPr/del") is None
        ]
        paragraphs = [[sum(1 for _ in cell.iter("p")) for cell in cells] for _, cells in rows]
        strong_head = self._has_strong_head(table)
        made = [
            Row(
                [
                    Cell("".join(cell.itertext()).strip(), reach(value(cell, "tcPr", "gridSpan")))
                    for cell in cells
                ],
                is_head=bool(is_on(row.find("trPr"), "tblHeader")),
                strong=(strong_head and number == 0) or self._is_strong(row),
            )
            for number, (row, cells) in enumerate(rows)
        ]
        if is_layout(made, paragraphs) or table.find(".//tbl") is not None:
            for _, cells in rows:
                for cell in cells:
                    self._blocks_in(cell)
            return
        self._out.table(
            [
                replace(each, cells=self._cells(row, cells))
                for each, (row, cells) in zip(made, rows, strict=True)
            ]
        )
        self._add_notes()

    def _cells(self, row: Element, cells: list[Element]) -> list[Cell]:
        before = reach(value(row, "trPr", "gridBefore"), 0)
        made = [Cell("", before)] if before else []
        for cell in cells:
            columns = reach(value(cell, "tcPr", "gridSpan"))
            text, merged = self._flat(cell), value(cell, "tcPr", "vMerge")
            made.append(Cell(text, columns, goes_on=merged in ("", "continue") and not text))
        return made

    def _is_strong(self, row: Element) -> bool:
        """Whether all words of a row are bold."""
        runs = [run for run in row.iter("r") if "".join(run.itertext()).strip()]
        return bool(runs) and all(
            self._look(run.find("rPr"), "b") not in (None, "0", "false", "off") for run in runs
        )

    def _has_strong_head(self, table: Element) -> bool:
        """Whether the table's style makes its first row bold."""
        look = table.find("tblPr/tblLook")
        if look is None or not (
            look.get("firstRow") == "1" or _FIRST_ROW.match(look.get("val", ""))
        ):
            return False
        return any(
            each.get("type") == "firstRow" and each.find("rPr/b") is not None
            for style in self._styles.chain(value(table, "tblPr", "tblStyle"))
            for each in style.iter("tblStylePr")
        )


def _goes_on(properties: Element) -> bool:
    """Whether the next paragraph is the same one: its end is deleted, or it is a large initial."""
    frame = properties.find("framePr")
    initial = frame is not None and frame.get("dropCap", "none") != "none"
    return initial or properties.find("rPr/del") is not None


def _given(element: Element) -> str | None:
    """The words that an element stands for by itself."""
    tag = element.tag
    if tag == "t":
        return element.text or ""
    if tag == "sym":
        code = element.get("char", "")
        try:
            return symbol_sign(element.get("font", ""), chr(int(code, 16)))
        except (ValueError, OverflowError):
            return ""
    if tag == "oMath":
        return word_formula(element)
    return _GIVEN.get(tag)


def _chosen(alternatives: Element) -> Element:
    """The newer form of an element, or what stands in for it when that has no words."""
    choices = [*alternatives.iter("Choice"), *alternatives.iter("Fallback")]
    worded = (each for each in choices if any(each.iter("t")))
    return next(worded, choices[0] if choices else alternatives)


def _children(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, in whatever they are wrapped."""
    for child in parent:
        if child.tag == name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)
