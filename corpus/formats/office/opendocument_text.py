"""OpenDocument texts: the body of a document as an office program shows it, with its labels.

What is deleted or hidden is no text, and neither are comments. The lines of indexes repeat the
text, and stand beside it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.office.formulas import mathml
from corpus.formats.office.list_labels import whole_number
from corpus.formats.office.office_text import OfficeText
from corpus.formats.office.opendocument_lists import ListStyles, Numbers
from corpus.formats.table_cells import Cell, Row, is_layout, reach
from corpus.text.numerals import note_reference

_NO_TEXT = frozenset(
    "tracked-changes annotation annotation-end forms sequence-decls variable-decls "
    "user-field-decls dde-connection-decls note-citation ruby-text svg:title svg:desc "
    "binary-data event-listeners script hidden-paragraph math".split()
)
_INDEXES = frozenset(
    "table-of-content illustration-index table-index object-index user-index "
    "alphabetical-index".split()
)
_BOXES = frozenset(
    "text-box custom-shape rect line polyline polygon regular-polygon path circle ellipse "
    "connector caption measure".split()
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_GIVEN = {"s": " ", "tab": "\t", "line-break": "\n"}
_RAISED = re.compile(r"super|[1-9]\d*%")
_WRAPPERS = frozenset("table-header-rows table-rows table-row-group soft-page-break".split())
_HEADINGS = re.compile(r"Heading(?:_20_| )([1-9])$")


class OpenDocumentText(OfficeText):
    """The text of an OpenDocument file, read once; `trees` are its parts, the content's last.

    `part_of` gives the tree of an object's part by its name in the archive.
    """

    def __init__(self, *trees: Element, part_of: Callable[[str], Element]) -> None:
        super().__init__()
        body = trees[-1].find(".//body/text")
        if body is None:
            raise Unreadable("it is an OpenDocument file of another kind than text")
        self._body = body
        self._margins = [
            each
            for tree in trees
            for page in tree.iter("master-page")
            for each in page
            if each.tag.startswith(("header", "footer"))
        ]
        self._styles = {
            (each.get("family"), each.get("name")): each
            for tree in trees
            for each in tree.iter("style")
        }
        self._part_of = part_of
        self._is_in_object = False
        self._lists = ListStyles(trees)
        self._outline = Numbers()
        self._counted: dict[str | None, Numbers] = {}
        self._looks: dict[tuple[str, str | None, str], str] = {}
        self._deletions = {
            region.get("id")
            for region in body.iter("changed-region")
            if region.find("deletion") is not None
        }
        self._deleted: set[str | None] = set()
        """The deletions that are open: their words may stand in their place."""

    def content(self) -> Content:
        """The document."""
        self._blocks(self._body)
        self._beside += [self._flat(each) for each in self._margins]
        return self._out.content(self._beside)

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            self._block(child)

    def _block(self, block: Element) -> None:
        tag = block.tag
        if tag in ("p", "h"):
            self._paragraph(block)
        elif tag == "list":
            self._list(block)
        elif tag == "table":
            self._table(block)
        elif tag in _INDEXES:
            self._beside.append(self._flat(block))
        elif tag not in _NO_TEXT and block.get("display") != "none":
            self._blocks(block)

    def _paragraph(self, paragraph: Element, label: str = "") -> None:
        words: list[str] = []
        boxes: list[Element] = []
        style = paragraph.get("style-name")
        if self._look("paragraph", style, "display") != "none":
            self._inlines(paragraph, words, boxes)
        text, level = "".join(words), self._level(paragraph)
        counts = paragraph.tag == "h" and paragraph.get("is-list-header") != "true"
        if counts and not label and text.strip():
            label = self._heading_label(paragraph, level)
        self._out.paragraph(text, level=level, label=label)
        for box in boxes:
            self._is_in_object = box.tag == "body"
            self._blocks(box)
            self._is_in_object = False
        self._add_notes()

    def _object(self, element: Element, words: list[str], boxes: list[Element]) -> None:
        """Adds the words of an embedded formula, chart or document."""
        place = element.get("href", "").removeprefix("./")
        root = next(iter(element), None)
        root = self._part_of(f"{place}/content.xml") if root is None else root
        if root.tag == "math":
            words.append(f" {mathml(root)} ")
        else:
            boxes += root.findall("body")

    def _heading_label(self, heading: Element, level: int) -> str:
        """The label of a heading: by the list that its style names, or else as all headings."""
        style, start = self._list_style(heading), heading.get("start-value")
        if style is None:
            return self._lists.outline(level, self._outline, start)
        numbers = self._counted.setdefault(style, Numbers())
        return self._lists.label(style, level, numbers, start, heading=True) if style else ""

    def _level(self, paragraph: Element) -> int:
        """The level of a heading, 1 for a title; 0 for a paragraph."""
        if paragraph.tag == "h":
            return min(max(1, whole_number(paragraph.get("outline-level"), 1)), 10)
        for name in self._names("paragraph", paragraph.get("style-name")):
            if name == "Title":
                return 1
            if heading := _HEADINGS.match(name):
                return int(heading[1])
        return 0

    def _names(self, family: str, style: str | None) -> Iterator[str]:
        """The names of a style and of those above it."""
        seen = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            each = self._styles.get((family, style))
            style = each.get("parent-style-name") if each is not None else None

    def _look(self, family: str, style: str | None, name: str) -> str:
        """What a style says of a property of the letters, "" when nothing."""
        key = (family, style, name)
        if key not in self._looks:
            stated = (
                properties.get(name)
                for each in self._names(family, style)
                if (found := self._styles.get((family, each))) is not None
                for properties in found.iter("text-properties")
            )
            self._looks[key] = next((each for each in stated if each is not None), "")
        return self._looks[key]

    def _inlines(self, parent: Element, words: list[str], boxes: list[Element]) -> None:
        """Adds the words in a paragraph, and what stands in boxes of its own."""
        self._add_words(parent.text, words)
        for child in parent:
            tag = child.tag
            if tag == "change-start" and child.get("change-id") in self._deletions:
                self._deleted.add(child.get("change-id"))
            elif tag == "change-end":
                self._deleted.discard(child.get("change-id"))
            elif tag in _GIVEN:
                words.append(_GIVEN[tag])
            elif tag == "note":
                self._awaited += child.iter("note-body")
            elif tag in _BOXES:
                boxes.append(child)
            elif tag == "object" and not self._is_in_object:
                self._object(child, words, boxes)
            elif tag == "span":
                self._span(child, words, boxes)
            elif tag == "note-ref":
                words.append(_note_mark("".join(child.itertext()), "".join(words[-3:])))
            elif tag in ("svg:title", "svg:desc"):
                self._beside.append(child.text or "")
            elif tag not in _NO_TEXT:
                self._inlines(child, words, boxes)
            self._add_words(child.tail, words)

    def _add_words(self, text: str | None, words: list[str]) -> None:
        if text and not self._deleted:
            words.append(_BLANKS.sub(" ", text))

    def _span(self, span: Element, words: list[str], boxes: list[Element]) -> None:
        """Adds the words of letters that look the same."""
        style = span.get("style-name")
        inner: list[str] = []
        if self._look("text", style, "display") == "none":
            return
        self._inlines(span, inner, boxes)
        text = "".join(inner)
        if span.find(".//note-ref") is not None:
            text = _note_mark(text, "".join(words[-3:]))
        elif _RAISED.match(self._look("text", style, "text-position")):
            text = note_reference(text, "".join(words[-3:]))
        words.append(text)

    def _list(
        self, parent: Element, depth: int = 1, style: str | None = None,
        numbers: Numbers | None = None,
    ) -> None:  # fmt: skip
        style = parent.get("style-name") or style
        if numbers is None:
            before = parent.get("continue-list")
            numbers = self._counted.get(f"#{before}") if before else None
            if numbers is None and parent.get("continue-numbering") == "true":
                numbers = self._counted.get(style)
            numbers = numbers or Numbers()
            self._counted[style] = self._counted[f"#{parent.get('id')}"] = numbers
        for item in parent:
            for number, child in enumerate(item):
                if child.tag == "list":
                    self._list(child, depth + 1, style, numbers)
                elif number == 0 and item.tag == "list-item" and child.tag in ("p", "h"):
                    start, heading = item.get("start-value"), child.tag == "h"
                    named = item.get("style-override") or style or self._list_style(child)
                    label = self._lists.label(named, depth, numbers, start, heading=heading)
                    self._paragraph(child, label)
                else:
                    self._block(child)

    def _list_style(self, paragraph: Element) -> str | None:
        """The style of the lists that paragraphs of this style are in, "" for none at all."""
        for name in self._names("paragraph", paragraph.get("style-name")):
            style = self._styles.get(("paragraph", name))
            if style is not None and "list-style-name" in style.attrib:
                return style.get("list-style-name")
        return None

    def _table(self, table: Element) -> None:
        rows = list(_rows(table))
        cells = [row.findall("table-cell") for row, _ in rows]
        paragraphs = [[sum(1 for _ in cell.iter("p")) for cell in row] for row in cells]
        made = [
            Row(
                [Cell("".join(cell.itertext()).strip()) for cell in of_row],
                is_head,
                self._is_strong(row),
            )
            for (row, is_head), of_row in zip(rows, cells, strict=True)
        ]
        if is_layout(made, paragraphs) or table.find(".//table") is not None:
            for each in (cell for row in cells for cell in row):
                self._blocks(each)
            return
        self._out.table(
            [
                replace(each, cells=self._cells(row))
                for each, (row, _) in zip(made, rows, strict=True)
            ]
        )
        self._add_notes()

    def _cells(self, row: Element) -> list[Cell]:
        made: list[Cell] = []
        covered = 0  # by the cell before, and not by one above
        for cell in row:
            repeated = reach(cell.get("number-columns-repeated"))
            if cell.tag == "covered-table-cell":
                goes_on = max(0, repeated - covered)
                made += [Cell("", goes_on=True)] * goes_on
                covered = max(0, covered - repeated)
            elif cell.tag == "table-cell":
                columns = reach(cell.get("number-columns-spanned"))
                made += [Cell(self._flat(cell), columns)] * repeated
                covered = columns - 1
        return made

    def _is_strong(self, row: Element) -> bool:
        """Whether all words of a row are bold."""
        worded = [each for each in row.iter("p") if "".join(each.itertext()).strip()]
        return bool(worded) and all(
            self._look("paragraph", each.get("style-name"), "font-weight") == "bold"
            or (
                not (each.text or "").strip()
                and all(
                    self._look("text", span.get("style-name"), "font-weight") == "bold"
                    for span in each.iter("span")
                )
                and each.find("span") is not None
            )
            for each in worded
        )


def _note_mark(number: str, before: str) -> str:
    """One more mark of a note: set apart from a word, but not in `see note 3`."""
    return f"[{number}]" if number.isdecimal() and before[-1:].isalnum() else number


def _rows(parent: Element, *, is_head: bool = False) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, and whether they head its columns."""
    for child in parent:
        if child.tag == "table-row":
            yield child, is_head
        elif child.tag in _WRAPPERS:
            yield from _rows(child, is_head=child.tag == "table-header-rows")
