"""The lines of a pandoc tree: headings, paragraphs, lists with their markers, tables, notes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corpus.content import Content
from corpus.text.logical_lines import Line, line_of, starts_block
from corpus.text.numerals import note_reference, numeral

_BULLETS = "•◦▪"
_LONGEST_HEADING = 300  # what is longer is a paragraph in the style of a heading
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_WRAPPERS = {"Emph", "Strong", "Underline", "Strikeout", "Subscript", "SmallCaps"}
_ATTRIBUTED = {"Quoted", "Cite", "Link", "Span"}
_GIVEN = {"Str": None, "Space": " ", "SoftBreak": " ", "LineBreak": "\n"}


class _Superscript(str):
    """Words in superscript."""


class PandocTree:
    """The text and the lines of the blocks read so far.

    The notes of blocks inside a line are appended to `notes`, to be printed below that line.
    """

    def __init__(self, notes: list[list[Any]] | None = None) -> None:
        self._parts: list[str] = []
        self._lines: list[tuple[int, int, bool, int, bool]] = []
        self._length = 0
        self._marker = ""
        self._is_inside = notes is not None
        self._notes = notes if notes is not None else []

    def content(self) -> Content:
        """What was read, as one document."""
        text = "".join(self._parts)
        lines: list[Line] = []
        for start, end, gap, level, literal in self._lines:
            if line := line_of(text, start, end, gap=gap, level=level):
                lines.append(Line(line.span, line.text, gap, level=level, literal=literal))
        return Content(text, lines)

    def read_head(self, meta: Any) -> None:
        """Reads the metadata that pandoc takes from title styles: title, subtitle, author, date."""
        for name, level in (("title", 1), ("subtitle", 0), ("author", 0), ("date", 0)):
            value = meta.get(name)
            several = value["c"] if value and value["t"] == "MetaList" else [value]
            for each in several:
                if each and each["t"] == "MetaInlines":
                    self._paragraph(each["c"], level)
        abstract = meta.get("abstract")
        if abstract and abstract["t"] == "MetaBlocks":
            self.read(abstract["c"])

    def read(self, blocks: Iterable[Any], *, ordered: int = 0, bullets: int = 0) -> None:
        """Reads blocks that are nested in so many numbered (`ordered`) and bullet lists."""
        for block in blocks:
            kind, value = block["t"], block.get("c")
            if kind in ("Para", "Plain"):
                self._paragraph(value)
            elif kind == "Header":
                self._paragraph(value[2], value[0])
            elif kind == "OrderedList":
                (start, style, delimiter), items = value
                for number, item in enumerate(items, start=start):
                    self._marker = _number(number, style["t"], delimiter["t"], ordered)
                    self.read(item, ordered=ordered + 1, bullets=bullets)
            elif kind == "BulletList":
                for item in value:
                    depth = max(bullets, _styled_depth(item))
                    self._marker = _BULLETS[min(depth, len(_BULLETS) - 1)]
                    self.read(item, ordered=ordered, bullets=depth + 1)
            elif kind == "DefinitionList":
                for term, definitions in value:
                    self._paragraph(term)
                    for definition in definitions:
                        self.read(definition, ordered=ordered, bullets=bullets)
            elif kind == "BlockQuote":
                self.read(value, ordered=ordered, bullets=bullets)
            elif kind in ("Div", "Figure"):
                self.read(value[-1], ordered=ordered, bullets=bullets)
            elif kind == "LineBlock":
                self._paragraph(_joined(value))
            elif kind == "CodeBlock":
                self._add(value[1], literal=True)
            elif kind == "Table":
                self._table(value)
        self._marker = ""

    def _paragraph(self, inlines: Sequence[Any], level: int = 0) -> None:
        """Adds a paragraph; a line of it that begins with a marker is a line of its own."""
        pieces: list[str] = []
        for line in self._text(inlines).split("\n"):
            if pieces and not starts_block(line.strip()):
                pieces[-1] += "\n" + line
            else:
                pieces.append(line)
        if len(pieces[0]) > _LONGEST_HEADING:
            level = 0
        for number, piece in enumerate(pieces):
            self._add(piece, gap=number == 0, level=level)
        self._add_notes()

    def _table(self, value: Any) -> None:
        """Adds a line for each row; a table of one column is a frame around what it holds."""
        rows = list(_rows(value))
        caption = value[1][1]
        self.read(caption)
        if all(len(cells) == 1 for cells in rows):
            for cells in rows:
                self.read(cells[0])
            return
        for number, cells in enumerate(rows):
            texts = [" ".join(self._flat(cell).split()) for cell in cells]
            if any(texts):
                self._add(" | ".join(texts), gap=number == 0, literal=True)
        self._add_notes()

    def _add(self, text: str, *, gap: bool = True, level: int = 0, literal: bool = False) -> None:
        if not text.strip():
            return
        marker, self._marker = self._marker, ""
        text = f"{marker} {text.strip()}" if marker else text.strip()
        before = ("\n\n" if gap else "\n") if self._parts else ""
        start = self._length + len(before)
        self._parts += [before, text]
        self._length = start + len(text)
        self._lines.append((start, self._length, gap, level, literal))

    def _add_notes(self) -> None:
        """Adds the notes of a paragraph below it, where a release has them."""
        if self._is_inside:
            return
        notes, self._notes = self._notes, []
        for note in notes:
            self._add(f"* {self._flat(note).strip()}")

    def _flat(self, blocks: Iterable[Any]) -> str:
        """The words of blocks without their structure, a line for each."""
        inner = PandocTree(self._notes)
        inner.read(blocks)
        return "\n".join(part for part in inner._parts if part.strip())

    def _text(self, inlines: Iterable[Any]) -> str:
        text = ""
        for words in self._words(inlines):
            text += note_reference(words, text) if isinstance(words, _Superscript) else words
        return text

    def _words(self, inlines: Iterable[Any]) -> Iterator[str]:
        for inline in inlines:
            kind, value = inline["t"], inline.get("c")
            if kind in _GIVEN:
                yield _GIVEN[kind] or value
            elif kind == "Superscript":
                yield _Superscript(self._text(value))
            elif kind in _WRAPPERS:
                yield from self._words(value)
            elif kind in _ATTRIBUTED:
                quotes = {"DoubleQuote": "“”", "SingleQuote": "‘’"}
                around = quotes[value[0]["t"]] if kind == "Quoted" else ("", "")
                yield around[0]
                yield from self._words(value[1])
                yield around[1]
            elif kind in ("Code", "Math"):
                yield value[1]
            elif kind == "Note":
                self._notes.append(value)


def _number(number: int, style: str, delimiter: str, depth: int) -> str:
    """The printed number of a list's item, in the release's own form where it has one."""
    if style in ("LowerAlpha", "UpperAlpha"):
        quotient, rest = divmod(number - 1, len(_LETTERS))
        digits = _LETTERS[rest] * (quotient + 1)
    elif style in ("LowerRoman", "UpperRoman"):
        digits = numeral(number, "i")
    else:
        digits = str(number)
    printed = digits.upper() if style.startswith("Upper") else digits
    # A release that numbers again below `2.` prints `(1)`; another `1.` would open a paragraph.
    if delimiter == "TwoParens" or (depth and printed.isdecimal()):
        return f"({printed})"
    return f"{printed})" if delimiter == "OneParen" else f"{printed}."


def _styled_depth(item: Sequence[Any]) -> int:
    """The depth of an item by the style of its paragraph: 1 in `List Bullet 2`."""
    if not item or item[0]["t"] != "Div":
        return 0
    style = dict(item[0]["c"][0][2]).get("custom-style", "")
    last = style.rpartition(" ")[2]
    return int(last) - 1 if last.isdecimal() and len(last) == 1 and int(last) else 0


def _joined(lines: Sequence[Any]) -> list[Any]:
    """The lines of a line block as one run of inlines."""
    return [inline for line in lines for inline in [*line, {"t": "LineBreak"}]]


def _rows(table: Any) -> Iterator[list[Any]]:
    """The cells of each row of a table, each cell as its blocks."""
    _, _, _, (_, head), bodies, (_, foot) = table
    rows = [*head, *(row for body in bodies for part in body[2:] for row in part), *foot]
    for _, cells in rows:
        yield [cell[-1] for cell in cells]
