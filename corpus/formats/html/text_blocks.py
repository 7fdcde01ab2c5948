"""The blocks of a page: what a browser sets apart as a paragraph, an item, a heading or a row."""

import re
from typing import TYPE_CHECKING, NamedTuple

from corpus.formats.html.list_markers import OpenList, open_list
from corpus.formats.html.main_content import ContentRegion, count_letters
from corpus.formats.html.page_elements import Element, TextBlock, close_element, open_element
from corpus.formats.html.table_rows import OpenTable, cell_of, table_blocks
from corpus.formats.html.tree import walk
from corpus.text.characters import strip_span
from corpus.text.logical_lines import starts_block
from corpus.text.numerals import note_reference

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu "
    "nav ol p plaintext pre section summary table tbody td tfoot th thead tr ul xmp".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LISTS = frozenset("ul ol menu dir".split())
_ITEMS = frozenset("div li".split())
_LITERAL = frozenset("pre listing xmp plaintext".split())
_BOLD = frozenset("b strong".split())
_BREAK = "\x00"  # a line break in the text of a block; no page holds one
_SPACE = re.compile(r"[ \t\r\n\f]+")
_RIGHT = re.compile(r"text-align\s*:\s*right", re.IGNORECASE)
_LONGEST_HEADING = 250
_TERM = 100
_SHORT_LINE = 40
_FIGURE = 20  # characters
_OF_FORMULAS = re.compile(r"\b(?:mwe-math|tex|latex|math)\b", re.IGNORECASE)
_DISPLAYED = re.compile(r"\{\\(?:displaystyle|textstyle)\s*(.*)\}", re.DOTALL)
_NUMBER_ALONE = re.compile(r"(?:[•◦▪□·] )?(?:\d{1,3}(?: \d/\d|\s?[½¼¾⅓⅔⅛]|/\d\d?)?|[½¼¾⅓⅔⅛])[.)]?")
"""`1`, `1/4`, `• 2`: what pages set apart before the words of a step or an ingredient."""
_NOTE_NUMBER = re.compile(r"\d{1,3}")


class _Styled(NamedTuple):
    text: str
    bold: bool = False
    linked: bool = False


def page_blocks(region: ContentRegion) -> list[TextBlock]:
    """The blocks of a page's content, in reading order."""
    setter = _BlockBuilder()
    for node, begins in walk(region.root, region.passes_over):
        if node.is_text_node:
            setter.add_words(node.text_content or "")
        elif begins:
            setter.begin(node)
        else:
            setter.end(node)
    return setter.finished()


class _BlockBuilder:
    """Sets the words of a page into blocks, as its elements begin and end."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self._words: list[_Styled] = []
        self._bold = self._literal = self._right = self._links = 0
        self._lists: list[OpenList] = []
        self._marker = ""  # of an item that has no words yet
        self._tables = [OpenTable()]  # a page's content may be a part of a table
        self._references: list[int] = []
        self._term: int | None = None
        self._definition = 0
        self._row: TextBlock | None = None  # the last term with its definition
        self._starts: list[int] = []  # of the elements that are open, the first of their blocks
        self._element = Element("body")

    def add_words(self, text: str) -> None:
        """Takes words into the block that is being set."""
        text = text.replace("\N{SOFT HYPHEN}", "")
        self._words.append(_Styled(text, self._bold > 0, self._links > 0))
        letters = count_letters(text)
        self._element.letters += letters
        self._element.linked += letters if self._links else 0

    def begin(self, node: "LexborNode") -> None:
        """An element begins."""
        tag = node.tag or ""
        if tag in _BLOCKS:
            self.end_block()
            self._element = open_element(node, tag, self._element)
            self._starts.append(len(self.blocks))
            self._right += _is_right(node)
            self._begin_block(node, tag)
        elif tag == "br":
            self.add_words("\n" if self._literal else _BREAK)
        elif tag in _BOLD:
            self._bold += 1
        elif tag == "a":
            self._links += 1
        elif tag == "q":
            self.add_words("“")
        elif tag == "img":
            if formula := _formula(node):
                self.add_words(formula)
        elif tag == "sup":
            self._references.append(len(self._words))

    def end(self, node: "LexborNode") -> None:
        """An element ends."""
        tag = node.tag or ""
        if tag in _BLOCKS:
            self.end_block(int(tag[1]) if tag in _HEADINGS else 0)
            self._right -= _is_right(node)
            start = self._starts.pop()
            if tag in _ITEMS:
                self._join_number(start)
            self._end_block(tag)
            if self._element.parent:
                close_element(self._element)
                self._element = self._element.parent
        elif tag in _BOLD:
            self._bold -= 1
        elif tag == "a":
            self._links -= 1
        elif tag == "q":
            self.add_words("”")
        elif tag == "sup":
            self._mark_reference(node, self._references.pop())

    def end_block(self, level: int = 0) -> None:
        """Makes blocks of the words added since the last one."""
        pieces = _chunks(self._words) if self._literal else _pieces(self._words)
        self._words = []
        for piece in pieces:
            piece.indented = self._right > 0
            piece.element = self._element
            if level and len(piece.text) <= _LONGEST_HEADING:
                piece.level = level
            elif self._marker:
                if not starts_block(piece.text):
                    piece.text = f"{self._marker} {piece.text}"
                self._marker = ""
        self.blocks += pieces

    def finished(self) -> list[TextBlock]:
        """All blocks, at the end of the page."""
        self.end_block()
        self._join_rows()
        return self.blocks

    def _begin_block(self, node: "LexborNode", tag: str) -> None:
        if tag in _LITERAL:
            self._literal += 1
        elif tag in _LISTS:
            self._lists.append(open_list(node, self._lists[-1] if self._lists else None))
        elif tag == "li":
            if self._marker[:-1].isalnum():  # a number whose item begins with a list of its own
                self.blocks.append(TextBlock(self._marker, element=self._element))
            self._marker = self._lists[-1].marker(node) if self._lists else ""
        elif tag == "table":
            self._tables.append(OpenTable(len(self.blocks)))
        elif tag in ("thead", "tr"):
            self._tables[-1].begin(tag)
        elif tag in ("td", "th"):
            self._tables[-1].add(cell_of(node, len(self.blocks)))
        elif tag == "dt":
            self._term = len(self.blocks)
        elif tag == "dd":
            self._definition = len(self.blocks)

    def _end_block(self, tag: str) -> None:
        if tag in _LITERAL:
            self._literal -= 1
        elif tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        elif tag in ("thead", "tr"):
            self._tables[-1].end(tag, len(self.blocks))
        elif tag == "table":
            self._join_rows()
        elif tag == "dd":
            self._join_term()

    def _join_rows(self) -> None:
        """Makes one block of each row of the table that ends."""
        table = self._tables.pop()
        made = table_blocks(self.blocks, table.start, table.rows)
        for block in made:
            block.element = block.element or self._element
        self.blocks[table.start :] = made

    def _join_number(self, start: int) -> None:
        """One block of a number that is set apart and the words that it counts."""
        if len(self.blocks) < start + 2:
            return
        first, second = self.blocks[start : start + 2]
        if first.level or second.level:
            return
        if _NUMBER_ALONE.fullmatch(first.text) and second.text[:1].isalpha():
            second.text, second.gap = f"{first.text} {second.text}", first.gap
            del self.blocks[start]

    def _join_term(self) -> None:
        """One block of a short term and its definition, where that is one block; figures that are
        further definitions go with it."""
        term, self._term = self._term, None
        made = self.blocks[self._definition :]
        if term is None:
            figures = len(made) == 1 and len(made[0].text) <= _FIGURE and made[0].text[:1].isdigit()
            if figures and self._row is not None and self.blocks[-2:-1] == [self._row]:
                self._row.text += f"\t{made[0].text}"
                del self.blocks[self._definition :]
            return
        if (term + 1, term + 2) != (self._definition, len(self.blocks)):
            return
        first, second = self.blocks[term:]
        if len(first.text) <= _TERM:
            self._row = TextBlock(
                f"{first.text}\t{second.text}", literal=True, element=second.element
            )
            self.blocks[term:] = [self._row]

    def _mark_reference(self, node: "LexborNode", start: int) -> None:
        """Sets the number of a footnote apart from the word before it."""
        marker = "".join(each.text for each in self._words[start : start + 3])
        around = (node.parent, *node.iter())
        if _NOTE_NUMBER.fullmatch(marker.strip()) and any(map(_is_local_link, around)):
            self._words[start:] = [_Styled(f"[{marker.strip()}]")]
        else:
            before = "".join(each.text for each in self._words[max(0, start - 3) : start])
            if (set_apart := note_reference(marker, before)) != marker:
                self._words[start:] = [_Styled(set_apart)]


def _is_right(node: "LexborNode") -> bool:
    """Whether a block is set to the right, as a signature is."""
    attributes = node.attributes
    return attributes.get("align") == "right" or bool(_RIGHT.search(attributes.get("style") or ""))


def _formula(node: "LexborNode") -> str:
    """The formula that a picture shows, as its source has it; "" for any other picture."""
    attributes = node.attributes
    words = (attributes.get("alt") or "").strip()
    if not _OF_FORMULAS.search(attributes.get("class") or ""):
        return ""
    displayed = _DISPLAYED.fullmatch(words)
    return f" {(displayed[1] if displayed else words).strip()} "


def _is_local_link(node: "LexborNode | None") -> bool:
    return bool(node and node.tag == "a" and (node.attributes.get("href") or "").startswith("#"))


def _chunks(words: list[_Styled]) -> list[TextBlock]:
    """The literal blocks of preformatted words, which blank lines set apart."""
    text = "".join(each.text for each in words).replace("\r\n", "\n")
    chunks = re.split(r"\n(?:[ \t]*\n)+", text)
    return [
        TextBlock(chunk.strip("\r\n"), literal=True) for chunk in chunks if not _is_blank(chunk)
    ]


def _pieces(words: list[_Styled]) -> list[TextBlock]:
    """The blocks of words: broken lines, and paragraphs where two breaks follow each other."""
    pieces: list[TextBlock] = []
    line: list[_Styled] = []
    gap = bold_above = True
    for word in [*words, _Styled(_BREAK)]:
        if word.text != _BREAK:
            line.append(word)
            continue
        text = _SPACE.sub(" ", "".join(each.text for each in line)).strip(" ")
        if _is_blank(text):
            gap = True
        elif not gap and _goes_on(pieces[-1].text, text):
            pieces[-1].text += f"\n{text}"
            pieces[-1].linked = min(pieces[-1].linked, _link_share(line))
        else:
            bold = all(each.bold or _is_blank(each.text) for each in line)
            # A bold line is the heading of what follows it.
            gap = gap or bold != bold_above
            pieces.append(TextBlock(text, gap, linked=_link_share(line), bold=bold))
            gap, bold_above = False, bold
        line = []
    return pieces


def _link_share(words: list[_Styled]) -> float:
    sizes = [count_letters(each.text) for each in words]
    linked = sum(size for size, each in zip(sizes, words, strict=True) if each.linked)
    return linked / sum(sizes) if any(sizes) else 1.0


def _goes_on(line: str, text: str) -> bool:
    """Whether a line break is within a sentence."""
    is_long, is_open = len(line) > _SHORT_LINE, line[-1] not in ".!?:;"
    return is_long and is_open and text[0].islower() and not starts_block(text)


def _is_blank(text: str) -> bool:
    return not text.strip() or strip_span(text, 0, len(text)) == (0, 0)
