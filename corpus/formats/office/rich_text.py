"""Rich text: its groups and control words, each letter by the code page of its font.

The labels of lists stand in the text as the program that wrote it printed them. What a newer form
repeats for older programs is passed over, as are deleted and hidden words.
"""

import re
from dataclasses import dataclass, field, replace

from corpus.content import Content
from corpus.formats.office.list_labels import is_plain_number
from corpus.formats.office.office_text import BULLETS
from corpus.formats.office.rich_text_fonts import (
    CHARACTER_SETS,
    FILE_CODE_PAGES,
    SYMBOLS,
    codec_by_name,
    codec_of,
    decoded,
    opens_pair,
)
from corpus.formats.office.symbol_fonts import symbol_sign, symbol_text
from corpus.formats.office.word_styles import heading_level, is_line_of_contents
from corpus.formats.rendering import Rendering
from corpus.formats.table_cells import Row, is_layout
from corpus.text.numerals import note_reference

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,40})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|"
    rb"\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}]+)|\\"
)
_SIGNS = {
    b"~": "\N{NO-BREAK SPACE}", b"_": "\N{NON-BREAKING HYPHEN}", b"\\": "\\", b"{": "{",
    b"}": "}", b"\t": "\t",
}  # fmt: skip
_WORDS = {
    "line": "\n", "softline": "\n", "lbr": "\n", "page": "\n", "column": "\n", "tab": "\t",
    "nestcell": " ", "nestrow": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
    "qmspace": " ",
}  # fmt: skip
_PASSED_OVER = frozenset(
    "pict info colortbl nonshppict nonesttables shprslt sp sn sv xe tc rxe txe bkmkstart bkmkend "
    "atnid atnauthor annotation ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn revtbl template "
    "mmathPict fldtype private filetbl ffname ffdeftext ffl ffhelptext ffstattext".split()
)
_READ_THOUGH_NEWER = frozenset("shpinst do ud moMath moMathPara shpgrp pntext".split())
_OWN = {
    "footnote": "note",
    "listtext": "label",
    "pntext": "label",
    "shptxt": "box",
    "dptxbxtext": "box",
    "fonttbl": "fonts",
    "stylesheet": "styles",
    "objdata": "",
} | dict.fromkeys("header headerl headerr headerf footer footerl footerr footerf".split(), "margin")
"""Groups whose words stand elsewhere than in the paragraph."""
_TABLES = ("fonts", "styles")
_PASSED_BY_UNICODE = 1  # signs for older programs behind each `\\u`, where the file does not say


@dataclass(slots=True)
class _Group:
    """How letters are read and where they go, until the group ends."""

    kind: str = "text"  # "" is passed over
    words: list[str] = field(default_factory=list)
    font: int | None = None
    passed: int = _PASSED_BY_UNICODE
    hidden: bool = False
    raised: bool = False
    bold: bool = False

    def inner(self) -> "_Group":
        """A group inside, which begins as this one is."""
        return _Group(
            self.kind, self.words, self.font, self.passed, self.hidden, self.raised, self.bold
        )


@dataclass(slots=True)
class _Paragraph:
    """What is said of a paragraph until the next `\\pard`."""

    style: int = 0
    outline: int | None = None
    depth: int = 0
    in_table: bool = False


class RichText:
    """The text of a rich text file, read once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._codec = "cp1252"
        self._codecs: dict[int | None, str] = {}
        self._symbols: dict[int | None, str] = {}
        self._styles: dict[int, str] = {}
        self._default_font: int | None = None
        self._defined = 0  # the font or style that a table is at
        self._out = Rendering()
        self._beside: list[str] = []
        self._outer: list[_Group] = []
        self._group = _Group()
        self._words = self._group.words
        self._paragraph = _Paragraph()
        self._label = ""
        self._boxes: list[str] = []
        self._notes: list[str] = []
        self._bytes = bytearray()
        self._cell: list[str] = []
        self._cells: list[list[str]] = []
        self._rows: list[tuple[list[list[str]], bool, bool]] = []
        self._heads = False
        self._has_thin = False

    def content(self) -> Content:
        """The document."""
        position, end = 0, len(self._data)
        pass_over = 0
        while position < end and (token := _TOKEN.match(self._data, position)):
            position = token.end()
            byte, text = token["byte"], token["text"]
            if pass_over and not token["brace"]:
                position, pass_over = self._passed(token, pass_over)
                continue
            if byte:
                self._bytes.append(int(byte, 16))
                continue
            if text:
                self._bytes += text.translate(None, b"\r\n\0")
                continue
            self._flush()
            if token["brace"]:
                pass_over = 0
                self._brace(opens=token["brace"] == b"{")
                if not self._outer:
                    break  # what is behind the last brace is no rich text
            elif token["sign"]:
                self._sign(token["sign"], token.end())
            elif token["word"]:
                word, number = token["word"].decode(), token["number"]
                value = int(number) if number else None
                if word == "u" and value is not None:
                    self._say(symbol_text(self._symbols.get(self._font(), ""), chr(value % 65_536)))
                    pass_over = self._group.passed
                elif word == "bin":
                    position += max(0, value or 0)
                else:
                    self._word(word, value)
        self._flush()
        self._end_paragraph()
        self._end_table()
        return self._out.content(self._beside)

    def _passed(self, token: re.Match[bytes], left: int) -> tuple[int, int]:
        """Passes over what stands in for a sign of Unicode; where to go on, and what is left."""
        if token["text"]:
            blanks = len(token["text"]) - len(token["text"].lstrip(b"\r\n"))
            taken = min(left, len(token["text"]) - blanks)
            return token.start() + blanks + taken, left - taken
        if token["byte"] and opens_pair(int(token["byte"], 16), self._codec_now()):
            second = _TOKEN.match(self._data, token.end())
            if second and second["byte"]:
                return second.end(), max(0, left - 2)
        if token["word"] and token["word"] in (b"u", b"par", b"uc"):
            return token.start(), 0  # the next sign: nothing stood in for this one
        return token.end(), left - 1

    def _font(self) -> int | None:
        return self._group.font if self._group.font is not None else self._default_font

    def _codec_now(self) -> str:
        return self._codecs.get(self._font(), self._codec)

    def _flush(self) -> None:
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        group = self._group
        if not group.kind:
            return
        name = self._symbols.get(self._font())
        if name and group.kind not in _TABLES:
            self._say("".join(symbol_sign(name, chr(byte)) for byte in data))
        else:
            self._say(decoded(data, self._codec_now()))

    def _say(self, text: str) -> None:
        """Adds words where the group has them."""
        group = self._group
        if not group.kind or group.hidden:
            return
        if group.kind == "text":
            if group.raised:
                text = note_reference(text, "".join(group.words[-3:]))
            self._has_thin |= not group.bold and bool(text.strip())
        group.words.append(text)

    def _brace(self, *, opens: bool) -> None:
        if opens:
            self._outer.append(self._group)
            self._group = self._group.inner()
        elif self._outer:
            ended, self._group = self._group, self._outer.pop()
            if ended.words is not self._group.words:
                self._end_group(ended)

    def _end_group(self, group: _Group) -> None:
        words = _whole("".join(group.words))
        if group.kind == "label":
            self._label = words.strip()
        elif group.kind == "note":
            self._notes.append(" ".join(words.split()))
        elif group.kind == "box":
            self._boxes.append(words)
        elif group.kind == "margin":
            self._beside.append(words)
        elif group.kind in _TABLES:
            self._name(group.kind, words)

    def _sign(self, sign: bytes, position: int) -> None:
        if sign in b"\r\n":
            self._word("par", None)
        elif sign == b"*" and self._data[max(0, position - 5) : position - 2].rstrip()[-1:] == b"{":
            word = _TOKEN.match(self._data, position)
            known = word and word["word"] and word["word"].decode()
            if known not in _READ_THOUGH_NEWER and known not in _OWN:
                self._group.kind = ""
        elif sign in _SIGNS:
            self._say(_SIGNS[sign])

    def _word(self, word: str, value: int | None) -> None:
        group, paragraph = self._group, self._paragraph
        is_on = value != 0
        if word == "ud" and self._outer and self._outer[-1].kind == "older":
            group.kind, group.words = "text", self._words
        if not group.kind:
            return
        if word == "upr" and group.kind == "text":
            group.kind, group.words = "older", []
        elif word in _OWN:
            group.kind, group.words = _OWN[word], []
            group.hidden = group.raised = False
        elif word in _PASSED_OVER or word == "fldinst":
            group.kind = ""
        elif group.kind in _TABLES:
            self._define(word, value)
        elif word in _WORDS:
            self._say(_WORDS[word])
        elif word == "f":
            group.font = value
        elif word == "plain":
            group.font, group.hidden, group.raised, group.bold = None, False, False, False
        elif word == "uc":
            group.passed = max(0, value or 0)
        elif word in ("v", "deleted"):
            group.hidden = is_on
        elif word == "super":
            group.raised = is_on
        elif word in ("nosupersub", "sub"):
            group.raised = False
        elif word == "b":
            group.bold = is_on
        elif word in ("par", "sect", "cell", "row") and group.kind != "text":
            self._say("\n")
        elif word in ("par", "sect"):
            self._end_paragraph()
        elif word in ("cell", "row"):
            self._end_cell(is_row=word == "row")
        elif word == "trhdr":
            self._heads = True
        elif word == "pard":
            self._paragraph = _Paragraph()
        elif word == "s":
            paragraph.style = value or 0
        elif word == "outlinelevel":
            paragraph.outline = value
        elif word in ("ilvl", "pnlvl"):
            paragraph.depth = min(max(0, value or 0), 8)
        elif word == "intbl":
            paragraph.in_table = True
        elif word == "ansicpg":
            self._codec = codec_of(value or 0)
        elif word in FILE_CODE_PAGES:
            self._codec = FILE_CODE_PAGES[word]
        elif word == "deff":
            self._default_font = value

    def _define(self, word: str, value: int | None) -> None:
        """Takes what a table says of a font or of a style, whose names are its words."""
        kind = self._group.kind
        if word == ("f" if kind == "fonts" else "s"):
            self._name(kind, "".join(self._group.words))
            self._defined, self._group.words = value or 0, []
        elif word == "fcharset" and value == SYMBOLS:
            self._symbols[self._defined] = "Symbol"
        elif word == "fcharset" and value in CHARACTER_SETS:
            self._codecs[self._defined] = CHARACTER_SETS[value]
        elif word == "cpg" and value:
            self._codecs[self._defined] = codec_of(value)

    def _name(self, kind: str, words: str) -> None:
        """Takes the name of a font or of a style, which ends with `;`."""
        name = words.partition(";")[0].strip()
        if kind == "styles" and name:
            self._styles[self._defined] = name
            self._defined = 0
        elif name and self._defined in self._symbols:
            self._symbols[self._defined] = name
        elif name and (codec := codec_by_name(name)):
            self._codecs[self._defined] = codec

    def _end_paragraph(self) -> None:
        text, label = _whole("".join(self._words)), self._printed_label()
        self._words.clear()
        style = self._styles.get(self._paragraph.style, "")
        if self._paragraph.in_table or self._cells:
            self._cell += [f"{label} {text.strip()}".strip()] if text.strip() else []
        elif is_line_of_contents(style):
            self._beside.append(text)
        else:
            self._end_table(only_if=bool(text.strip()))
            outline = self._paragraph.outline
            level = heading_level(style) if outline is None else outline + 1 if outline < 9 else 0
            self._out.paragraph(text, level=max(0, level), label=label)
        if not self._cells and not self._paragraph.in_table:
            self._add_what_stands_apart()

    def _printed_label(self) -> str:
        """The label before the paragraph; bullets have a sign by their depth."""
        label, self._label = self._label, ""
        depth = self._paragraph.depth
        if label and (label == "o" or not any(map(str.isalnum, label))):
            return BULLETS[min(depth, len(BULLETS) - 1)]
        # A release that numbers again below `2.` prints `(1)`; another `1.` would open a paragraph.
        return f"({label.rstrip('.)')})" if depth and is_plain_number(label) else label

    def _add_what_stands_apart(self) -> None:
        """Adds the boxes and notes of a paragraph, or of a table, below it."""
        boxes, self._boxes = self._boxes, []
        notes, self._notes = self._notes, []
        for line in (line for box in boxes for line in box.split("\n")):
            self._out.paragraph(line)
        for note in notes:
            self._out.note(note)

    def _end_cell(self, *, is_row: bool) -> None:
        if not is_row or "".join(self._words).strip():
            self._paragraph.in_table = True
            self._end_paragraph()
        if not is_row:
            self._cells.append(self._cell)
        elif self._cells:
            self._rows.append((self._cells, self._heads, not self._has_thin))
            self._cells, self._heads, self._has_thin = [], False, False
        self._cell = []

    def _end_table(self, *, only_if: bool = True) -> None:
        if not only_if or not (self._rows or self._cells):
            return
        rows, cells = self._rows, self._cells
        self._rows, self._cells = [], []
        rows += [(cells, False, False)] if cells else []
        made = [
            replace(
                Row.of(" ".join(" ".join(cell).split()) for cell in row),
                is_head=head,
                strong=strong,
            )
            for row, head, strong in rows
        ]
        if is_layout(made, [[len(cell) for cell in row] for row, _, _ in rows]):
            for paragraph in (each for row, _, _ in rows for cell in row for each in cell):
                self._out.paragraph(paragraph)
        else:
            self._out.table(made)
        self._add_what_stands_apart()


def _whole(text: str) -> str:
    """A text in which the two halves of a sign are one; a half alone is replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
