"""The text that a document without lines of its own is rendered as: paragraphs, rows and notes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import dropwhile

from corpus.content import Content
from corpus.document import Span
from corpus.formats.table_cells import Row, head_rows, is_across, is_remark, new_heads, repeats
from corpus.metadata import NO_METADATA, Metadata
from corpus.release.headings import is_short
from corpus.text.logical_lines import Line, line_of, starts_block

_LONGEST_HEADING = 300  # what is longer is a paragraph in the style of a heading
_SPACES = re.compile(" {2,}")


class Rendering:
    """The text and the lines so far: a blank line between paragraphs, a tab between the cells of a
    row."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lines: list[Line] = []
        self._pages: list[tuple[int, int]] = []
        self._length = 0

    def content(self, beside: Iterable[str] = (), metadata: Metadata = NO_METADATA) -> Content:
        """What was rendered, as one document; `beside` are the words that stand on its margins."""
        margins = dict.fromkeys(" ".join(words.split()) for words in beside)
        return Content(
            "".join(self._parts),
            _with_passages(self._lines),
            metadata,
            tuple(self._pages),
            beside="\n".join(filter(None, margins)),
        )

    def words(self) -> str:
        """What was rendered without its structure, as a cell of a table shows it."""
        return " ".join("".join(self._parts).split())

    def page(self) -> None:
        """The next paragraph begins a page."""
        at = self._length + 2 * bool(self._parts)
        self._pages.append((at, len(self._pages) + 1))

    def paragraph(
        self, text: str, *, level: int = 0, label: str = "", literal: bool = False
    ) -> None:
        """A paragraph, a heading of a level, or a `literal` line that is neither; a line of it that
        begins with a marker is a line of its own."""
        text = _SPACES.sub(" ", text.replace("\N{SOFT HYPHEN}", ""))
        pieces: list[str] = []
        for each in text.strip().split("\n"):
            if pieces and not starts_block(each.strip()):
                pieces[-1] += "\n" + each
            else:
                pieces.append(each)
        if len(pieces[0]) > _LONGEST_HEADING:
            level = 0
        if pieces[0].strip() and label:
            pieces[0] = f"{label} {pieces[0].lstrip()}"
        for number, piece in enumerate(pieces):
            line = Line(
                Span(0, 0), piece, number == 0, level=level, literal=literal,
                label="" if number else label,
            )  # fmt: skip
            self._add(line)

    def note(self, text: str) -> None:
        """A note, below the paragraph that refers to it."""
        if text.strip():
            self._add(Line(Span(0, 0), f"* {text.strip()}", True))

    def group(self, text: str, *, gap: bool = True, names_rows: bool = True) -> None:
        """A line that names what the rows below it are about; with a figure it says something, and
        where it may be no name, unless it `names_rows`, it may be cited too."""
        names_rows = names_rows and not any(character.isdigit() for character in text)
        self._add(Line(Span(0, 0), text, gap, literal=True, column_head=names_rows))

    def table(self, rows: Sequence[Row], heads: int | None = None, group: str = "") -> None:
        """A line for each row that has words, which knows the names of its columns.

        The first `heads` rows name them, where that is known; `group` is what the rows are about.
        """
        rows = [row for row in rows if row.words]
        width = max((row.width for row in rows), default=0)
        first = next((n for n, row in enumerate(rows) if not is_across(row, width)), len(rows))
        anew = set[int]()
        if heads is None:
            heads = head_rows(rows[first:])
            anew.update(new_heads(rows, first + heads) if heads else ())
        heads += first
        head = rows[heads - 1] if heads > first else None
        names = [""] * width
        above: dict[int, str] = {}
        for number, row in enumerate(rows):
            if is_across(row, width) and number + 1 < len(rows):
                group = row.words[0]
                self.group(group, gap=number == 0)
                continue
            is_head = number < heads or number in anew
            if number in anew:
                names, head = [""] * width, row
            again = not is_head and head is not None and repeats(row, head)
            bare = is_head or again or is_remark(row)
            cells, reaching, column = list[tuple[str, str]](), list[str](), 0
            for cell in row.cells:
                end = min(column + cell.columns, width)
                name = _joined(names[column:end])
                if is_head:
                    for at in range(column, end):
                        names[at] = f"{names[at]} {cell.text}".strip()
                elif cell.goes_on:
                    reaching.append(above.get(column, ""))
                else:
                    above[column] = f"{name}: {cell.text}" if name and cell.text else cell.text
                cells += [] if cell.goes_on else [(cell.text, name)]
                column += cell.columns
            cells = list(dropwhile(lambda cell: not cell[0], cells))
            self._add(
                Line(
                    Span(0, 0),
                    "\t".join(text for text, _ in cells),
                    gap=number == 0,
                    literal=True,
                    columns="" if bare else "\t".join(name for _, name in cells).rstrip("\t"),
                    under="" if is_head or again else " · ".join(filter(None, [group, *reaching])),
                    column_head=is_head or again,
                )
            )

    def _add(self, line: Line) -> None:
        text = line.text.strip()
        before = ("\n\n" if line.gap else "\n") if self._parts else ""
        placed = line_of(before + text, len(before), len(before) + len(text), gap=line.gap)
        if placed is None:
            return
        span = Span(placed.span.start + self._length, placed.span.end + self._length)
        self._parts += [before, text]
        self._length += len(before) + len(text)
        self._lines.append(replace(line, span=span, text=placed.text))


def _with_passages(lines: list[Line]) -> list[Line]:
    """The lines; where all look like headings, those that no style marks as one are literal, or
    else all below the first, so that a file of a few words has something to cite."""
    if any(not (line.level or line.column_head or is_short(line)) for line in lines):
        return lines
    unmarked = [line for line in lines if not line.level]
    literal = unmarked or lines[1:] or lines
    return [replace(line, level=0, literal=True) if line in literal else line for line in lines]


def _joined(names: Sequence[str]) -> str:
    """The names of the columns that a cell reaches over."""
    if len(names) == 1:
        return names[0]
    return " / ".join(dict.fromkeys(filter(None, names)))
