"""Saved web pages: the words of a page's main content in blocks, and what the page states."""

import contextlib
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.html.main_content import content_region, count_letters, whole_page
from corpus.formats.html.page_elements import TextBlock
from corpus.formats.html.page_furniture import content_blocks
from corpus.formats.html.page_metadata import (
    first_heading,
    heading_in_window,
    page_metadata,
    posted_near_heading,
    text_beside,
    window_title,
)
from corpus.formats.html.tree import parse
from corpus.formats.plain_text import join_wrapped, text_lines
from corpus.metadata import Metadata
from corpus.release.head import read_head
from corpus.text.decoding import decode
from corpus.text.logical_lines import Line, line_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_DECLARED = re.compile(
    rb"<meta[^>]*?\bcharset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w-]+)",
    re.I,
)
_MOST_PREFORMATTED = 5  # texts, of which one may be most of the page
_ENDS_ITSELF = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)[\s/])"
    r"([a-z][\w-]*+)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
_DIRECTIVE = re.compile(
    r"<\?(?:php\b|=)(?:(?!\?>).)*+(?:\?>|\Z)|<%(?:(?!%>|<%).)*+%>", re.IGNORECASE | re.DOTALL
)
"""`<?php ... ?>`, `<%@ Page ... %>`: what a server runs, and no browser is sent."""
_NOSCRIPT_TAG = re.compile(r"</?noscript[^>]*>", re.IGNORECASE)
_HEAD = 4_096  # bytes in which an encoding is declared
_MARKS = (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)
# As browsers read these names.
_CODECS = {
    **dict.fromkeys("iso-8859-1 iso8859-1 latin1 latin-1 ascii us-ascii".split(), "cp1252"),
    **dict.fromkeys("euc-kr ks_c_5601-1987 ks_c_5601-1989 korean windows-949".split(), "cp949"),
    **dict.fromkeys("gb2312 gbk x-gbk".split(), "gb18030"),
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis windows-31j".split(), "cp932"),
}
_OTHERS = re.compile(r"iso-?8859-\d{1,2}|windows-125\d|koi8-[ru]|euc-jp|gb18030|big5")


def read_html(data: bytes) -> Iterator[Content]:
    """The document of a saved page.

    Its text is a rendering: the words of the main content, a blank line between paragraphs, the
    numbers and bullets of lists as a browser prints them, a tab between the cells of a row. Raises
    `Unreadable`.
    """
    markup = _DIRECTIVE.sub("", decode_page(data))
    if markup.lstrip("\ufeff \t\r\n").startswith("<?xml"):  # where an element may end itself
        markup = _ENDS_ITSELF.sub(r"<\1\2></\1>", markup)
    tree = parse(markup)
    body = tree.body
    if body is None:
        return
    region = content_region(body)
    if not region.prose:  # all that it says is for those who run no script
        tree = parse(_NOSCRIPT_TAG.sub("", markup))
        body = tree.body or body
        region = content_region(body)
    preformatted = _preformatted_text(tree, region.prose)
    if preformatted:
        text, lines = preformatted, text_lines(preformatted)
    else:
        text, lines = rendered(content_blocks(region))
    if count_letters(text) * 4 < region.prose:  # what looked like the site's was the content
        text, lines = rendered(content_blocks(whole_page(body, region.comments)))
    headings = [line.text for line in lines if line.level]
    metadata = page_metadata(tree, markup, headings)
    metadata = Metadata(title=heading_in_window(tree)).or_else(metadata)
    head = read_head(text, lines)
    if not (metadata.title or head.title):
        title = first_heading(tree) or window_title(tree)
        metadata = metadata.or_else(Metadata(title=title))
    if not metadata.posted and head.posted_from != "date block":
        metadata = posted_near_heading(tree, metadata)
    yield Content(text, lines, metadata, beside=text_beside(tree, text))


def _preformatted_text(tree: "LexborHTMLParser", prose: int) -> str:
    """The typed text that is most of a page, or ""; old boards set a whole release so."""
    texts = [node.text() or "" for node in tree.tags("pre")[:_MOST_PREFORMATTED]]
    longest = max(texts, key=len, default="").replace("\r\n", "\n")
    return longest if count_letters(longest) * 2 > prose else ""


def decode_page(data: bytes) -> str:
    """The markup: by a byte order mark, as UTF-8, in the encoding that it declares, or guessed.

    What is UTF-8 to the last byte is nothing else, though a page that was converted when it was
    saved may still declare what it was.
    """
    if data.startswith(_MARKS) or b"\x00" in data:
        return decode(data)[0]
    declared = _DECLARED.search(data, 0, _HEAD)
    name = (declared[1] or declared[2]).decode().lower() if declared else ""
    codecs = ["utf-8"]
    if name in _CODECS or _OTHERS.fullmatch(name):
        codecs.append(_CODECS.get(name, name))
    for codec in codecs:
        with contextlib.suppress(UnicodeError, LookupError):
            return data.decode(codec)
    try:
        return decode(data)[0]
    except Unreadable:  # a few bytes are broken: as in a browser, these alone show it
        return data.decode(codecs[-1], "replace")


def rendered(blocks: list[TextBlock]) -> tuple[str, list[Line]]:
    """The text that the blocks make, and its lines."""
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for block in blocks:
        if pieces:
            pieces.append("\n\n" if block.gap else "\n")
            length += len(pieces[-1])
        starts.append(length)
        pieces.append(block.text)
        length += len(block.text)
    text = "".join(pieces)
    runs: list[list[Line]] = []
    for block, start in zip(blocks, starts, strict=True):
        line = line_of(text, start, start + len(block.text), gap=block.gap, level=block.level)
        if line is None:
            continue
        indented = line.indented or block.indented
        line = replace(
            line,
            literal=block.literal,
            indented=indented,
            linked=block.linked == 1,
            columns=block.columns,
            under=block.under,
            column_head=block.column_head,
            furniture=block.furniture,
        )
        if block.gap or not runs:
            runs.append([])
        runs[-1].append(line)
    return text, [line for run in runs for line in (join_wrapped(text, run) if run[1:] else run)]
