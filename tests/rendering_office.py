"""Releases as Word, OpenDocument and rich text files."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from releases import Block, Release

from corpus.text.logical_lines import BULLET

BULLETS = "•◦▪"
"""The signs by depth that a reader gives to bullets which the file holds as such."""


def _date_line(release: Release) -> str:
    return f"Date {release.posted}" if release.posted else ""


def is_bullet(block: Block) -> bool:
    """Whether a block is printed as a bullet; a note is none."""
    sign = BULLET.match(f"{block.printed} X")
    return bool(sign and sign.group() == block.printed) and block.printed not in "*※"


def depths(release: Release) -> Iterator[tuple[Block, int | None]]:
    """Each block, and for a bullet how deep it stands: by the order of signs in its paragraph."""
    signs: list[str] = []
    for block in release.blocks:
        if not is_bullet(block):
            signs = signs if block.printed and block.printed in "*※" else []
            yield block, None
            continue
        if block.printed in signs:
            del signs[signs.index(block.printed) + 1 :]
        else:
            signs.append(block.printed)
        yield block, len(signs) - 1


def with_own_bullets(release: Release) -> Release:
    """The release as it is printed when its bullets are the word processor's."""
    blocks = [
        block if depth is None else replace(block, printed=BULLETS[depth])
        for block, depth in depths(release)
    ]
    return replace(release, blocks=tuple(blocks))


def typed_docx(release: Release) -> bytes:
    """Word, with every number and sign typed, headings by style."""
    document = docx.Document()
    if release.title:
        document.add_paragraph(release.title, style="Title")
    if release.posted:
        document.add_paragraph(_date_line(release))
    for block in release.blocks:
        document.add_paragraph(block.line, style="Heading 2" if block.is_heading else None)
    return saved(document)


def numbered_docx(release: Release) -> bytes:
    """Word, with its own numbering and bullets of several levels; the title is a heading."""
    document = docx.Document()
    lists = Lists(document)
    if release.title:
        document.add_heading(release.title, 1)
    if release.posted:
        document.add_paragraph(_date_line(release))
    last = 0
    for block, depth in depths(release):
        number = re.fullmatch(r"(\d+)\.", block.printed)
        if block.is_heading:
            document.add_heading(block.text, 2)
        elif depth is not None:
            lists.use(document.add_paragraph(block.text), lists.bullets, depth)
        elif number:
            if int(number[1]) != last + 1:
                lists.restart(int(number[1]))
            last = int(number[1])
            lists.use(document.add_paragraph(block.text), lists.numbers, 0)
        else:
            document.add_paragraph(block.line)
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a Word file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _element(tag: str, value: object = None, **attributes: object) -> Any:
    element = OxmlElement(tag)
    for name, each in (attributes | ({"val": value} if value is not None else {})).items():
        element.set(qn(f"w:{name}"), str(each))
    return element


class Lists:
    """The numbered list and the bullet list of a Word document."""

    def __init__(self, document: Any) -> None:
        self._numbering = document.part.numbering_part.element
        self._next = 900
        self._decimal = self._define([("decimal", "%1."), ("decimal", "(%2)")])
        bullets = self._define([("bullet", "\uf0b7"), ("bullet", "o"), ("bullet", "\uf0a7")])
        self.numbers, self.bullets = self._list(self._decimal), self._list(bullets)

    def restart(self, number: int) -> None:
        """Lets the numbered list go on at this number."""
        self.numbers = self._list(self._decimal, number)

    def use(self, paragraph: Any, number: int, level: int) -> None:
        """Puts a paragraph into a list at this level."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, number

    def _define(self, levels: list[tuple[str, str]]) -> int:
        self._next += 1
        abstract = _element("w:abstractNum", abstractNumId=self._next)
        for depth, (kind, text) in enumerate(levels):
            level = _element("w:lvl", ilvl=depth)
            level.append(_element("w:start", 1))
            level.append(_element("w:numFmt", kind))
            level.append(_element("w:lvlText", text))
            abstract.append(level)
        self._numbering.insert(0, abstract)
        return self._next

    def _list(self, abstract: int, start: int | None = None) -> int:
        self._next += 1
        number = _element("w:num", numId=self._next)
        number.append(_element("w:abstractNumId", abstract))
        if start is not None:
            override = _element("w:lvlOverride", ilvl=0)
            override.append(_element("w:startOverride", start))
            number.append(override)
        self._numbering.append(number)
        return self._next


def rtf(release: Release) -> bytes:
    """Rich text as simple programs write it: nothing but paragraphs."""
    lines = [release.title, _date_line(release), *(block.line for block in release.blocks)]
    paragraphs = "".join(f"{{\\pard {_in_rtf(line)}\\par}}\n" for line in lines if line)
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}{\info{\title Old}}\uc1"
    return f"{head}\n{paragraphs}}}".encode("ascii")


def _in_rtf(text: str) -> str:
    def sign(character: str) -> str:
        if character in "\\{}":
            return f"\\{character}"
        if character.isascii():
            return character
        if character in "‘’“”–":
            return f"\\'{character.encode('cp1252').hex()}"
        units = memoryview(character.encode("utf-16-le")).cast("H")
        return "".join(f"\\u{unit - 65_536 * (unit > 32_767)}?" for unit in units)

    return "".join(map(sign, text))


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "style", "table")
)
_LISTS = """<text:list-style style:name="N">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
</text:list-style><text:list-style style:name="B">
<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>
<text:list-level-style-bullet text:level="2" text:bullet-char="–"/></text:list-style>"""


def odt(release: Release) -> bytes:
    """OpenDocument, with its own lists: numbers that go on, bullets of two levels."""
    parts = [f"<text:h text:outline-level='1'>{escape(release.title)}</text:h>"]
    if not release.title:
        parts = []
    if release.posted:
        parts.append(f"<text:p>{_date_line(release)}</text:p>")
    last = 0
    for block, depth in depths(release):
        number = re.fullmatch(r"(\d+)\.", block.printed)
        item = f"<text:list-item><text:p>{escape(block.text)}</text:p></text:list-item>"
        if block.is_heading:
            parts.append(f"<text:h text:outline-level='2'>{escape(block.text)}</text:h>")
        elif depth is not None:
            inner = odt_list(item, "B")
            for _ in range(depth):
                inner = odt_list(f"<text:list-item>{inner}</text:list-item>", "B")
            parts.append(inner)
        elif number and int(number[1]) == last + 1:
            goes_on = ("text:continue-numbering='true'", f"text:continue-list='n{last}'")[last % 2]
            last += 1
            parts.append(odt_list(item, "N", f"xml:id='n{last}' {goes_on if last > 1 else ''}"))
        elif number:
            last = int(number[1])
            item = item.replace("list-item", f"list-item text:start-value='{last}'", 1)
            parts.append(odt_list(item, "N", f"xml:id='n{last}'"))
        else:
            parts.append(f"<text:p>{escape(block.line)}</text:p>")
    return odt_file("".join(parts))


def odt_list(items: str, style: str, attributes: str = "") -> str:
    """A list of OpenDocument: `N` is numbered, `B` has bullets."""
    return f"<text:list text:style-name='{style}' {attributes}>{items}</text:list>"


def odt_file(body: str) -> bytes:
    """An OpenDocument text with this body."""
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {_SPACES}>"
        f"<office:automatic-styles>{_LISTS}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = f"<?xml version='1.0'?><office:document-styles {_SPACES}/>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", styles)
    return file.getvalue()


LAYOUTS: dict[str, tuple[str, Callable[[Release], bytes], Callable[[Release], Release]]] = {
    "typed docx": (".docx", typed_docx, lambda release: release),
    "numbered docx": (".docx", numbered_docx, with_own_bullets),
    "rtf": (".rtf", rtf, lambda release: release),
    "odt": (".odt", odt, with_own_bullets),
}
"""The ending, the renderer, and the release as the layout prints it."""
