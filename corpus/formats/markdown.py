"""Markdown files (CommonMark with tables, through markdown-it-py), read as the page they make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

from corpus.content import Content
from corpus.formats.front_matter import front_matter
from corpus.formats.html.html_reader import rendered
from corpus.formats.html.main_content import whole_page
from corpus.formats.html.page_metadata import text_beside
from corpus.formats.html.text_blocks import page_blocks
from corpus.formats.html.tree import parse
from corpus.text.decoding import decode
from corpus.text.logical_lines import starts_block

_NOTE = re.compile(r"\[\^([^\]\s]+)\]:?")
_BOLD = re.compile(
    r"(?<![\w*])(?:(?<!\s)\*\*|\*\*(?=\S))([^\w*]*+[^\W_][^*]*+)(?:(?<=\s)\*\*|\*\*(?![\w*]))"
)
"""`** Updates **`, which is no emphasis to CommonMark because of its blanks, but meant as such."""
_TASK = re.compile(r"^\[([ xX])\](?=\s)")
_BOXES = {" ": "☐", "x": "☑"}
_TEMPLATE = re.compile(r"(?:\{%[^\n]*?%\}|\{\{[^\n]*?\}\})[^\s)]*")
_LIQUID = re.compile(
    r"\{%-?\s*comment\s*-?%\}[^\n]*?\{%-?\s*endcomment\s*-?%\}|"
    r"\{%-?\s*raw\s*-?%\}(?P<raw>[^\n]*?)\{%-?\s*endraw\s*-?%\}|"
    r"\{%-?\s*(?P<tag>\w*)(?P<rest>[^\n]*?)%\}|"
    r"\{\{-?\s*[A-Za-z_]\w*(?:\.[^\s{}|]+|\s*\|)[^{}\n]*\}\}|\{\{[<%][^\n]*?[>%]\}\}"
)
"""`{% include alert.html %}`, `{{ site.title }}`, `{{< note >}}`: what a site generator replaces in
files with front matter. `{{x}}` alone is as likely something that the text is about."""
_UNSAID = frozenset(
    "if elsif unless case when for assign capture include include_relative render layout cycle "
    "link post_url highlight set extends block import".split()
)
"""Tags whose arguments are no words of the page."""
_QUOTED = re.compile(r"\"([^\"]*)\"")
_PATH = re.compile(r"\S*/\S*|\S+\.\w{2,4}")
_TAG = re.compile(r"<([A-Za-z][\w-]*)\s*>")
_END_TAG = re.compile(r"</([A-Za-z][\w-]*)")
_ELEMENTS = frozenset(block_names) | frozenset(
    "a abbr audio b bdi bdo big br button cite code data del dfn em font i img input ins kbd label "
    "mark object output picture pre q ruby s samp small span strike strong sub sup svg time tt u "
    "var video wbr".split()
)
_UNSEEN = re.compile(
    r"<!--.*?(?P<end>-->|\Z)|"
    r"<(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?P<closed></(?P=name)|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def read_markdown(data: bytes) -> Iterator[Content]:
    """The document of a Markdown file.

    Its text is a rendering: that of the page which the file makes, so that none of Markdown's or
    HTML's signs is in it. What a page would print as words is words: the box of a task, the number
    of a note, `<name>` where a name is to be put in. Raises `Unreadable`.
    """
    source, _ = decode(data)
    start, metadata = front_matter(source)
    body = "\n".join(source[start:].splitlines())
    tree = parse(_page(body, generated=start > 0))
    if tree.body is None:
        return
    text, lines = rendered(page_blocks(whole_page(tree.body)))
    # No site's links surround a Markdown file: a list of links is what it says.
    lines = [replace(line, linked=False) for line in lines]
    templates = "\n".join(tag[0] for tag in _LIQUID.finditer(body)) if start else ""
    beside = "\n".join(filter(None, (source[:start].strip(), templates, text_beside(tree, text))))
    yield Content(text, lines, metadata, beside=beside)


def _page(body: str, *, generated: bool) -> str:
    """The page that a Markdown text makes; one that is `generated` by a site's templates shows none
    of their signs outside of code."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    rules = {name: getattr(helpers, name) for name in helpers.__all__}
    rules["parseLinkDestination"] = _link_destination
    markdown.helpers = SimpleNamespace(**rules)  # type: ignore[assignment]
    references: dict[str, Any] = {}
    tokens = markdown.parse(body, references)
    elements = _ELEMENTS.union(name.lower() for name in _END_TAG.findall(body))
    for token in tokens:
        for each in (token, *(token.children or ())) if generated else ():
            if each.type in ("text", "html_block"):
                each.content = _LIQUID.sub(_words_of_tag, each.content)
        if token.type == "html_block":
            _read_block(token, elements)
        _read_inline(token.children or (), elements)
    for item, paragraph, words in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type) == ("list_item_open", "paragraph_open") and words.children:
            first = words.children[0]
            first.content = _TASK.sub(lambda box: _BOXES[box[1].lower()], first.content, count=1)
    page = str(markdown.renderer.render(tokens, markdown.options, references))
    # A note of one word looks like the address of a link.
    notes = (
        f"<p>[{escape(label[1:])}] {escape(str(link['href']))}</p>"
        for label, link in references.get("references", {}).items()
        if label.startswith("^")
    )
    return page + "".join(notes)


def _words_of_tag(tag: re.Match[str]) -> str:
    """What a tag of a site's own says, as far as the file tells: the most that it quotes."""
    if tag["raw"]:
        return tag["raw"]
    if not tag["tag"] or tag["tag"] in _UNSAID:
        return ""
    quoted = [words for words in _QUOTED.findall(tag["rest"]) if not _PATH.fullmatch(words)]
    return max(reversed(quoted), key=len, default="")


def _read_block(token: Token, elements: frozenset[str]) -> None:
    """Ends with a block of HTML what it leaves open, which would hide the rest of the file."""
    if not _is_markup(token, elements):
        token.type = "text"
    for unseen in _UNSEEN.finditer(token.content):
        if not (unseen["end"] or unseen["closed"]):
            token.content += f"</{unseen['name']}>" if unseen["name"] else "-->"


def _read_inline(tokens: Sequence[Token], elements: frozenset[str]) -> None:
    """Makes words of what a page would not print as them, and a line of what begins a block: `o`
    and `2.` are markers of releases, and Markdown knows only its own. What ends with a colon stays
    with what it announces."""
    said = ""
    for token, after in zip_longest(tokens, tokens[1:]):
        said = token.content or said
        if token.type == "html_inline" and not _is_markup(token, elements):
            token.type = "text"
        elif token.type == "text":
            token.content = _BOLD.sub(r"\1", _NOTE.sub(r"[\1]", token.content))
        elif token.type == "softbreak" and after and starts_block(after.content):
            token.type = "hardbreak"
        elif token.type == "hardbreak" and said.rstrip().endswith(":"):
            token.type = "softbreak"
        elif token.type == "link_open" and after and after.content.startswith("^"):
            after.content = f"[{after.content[1:]}]"


def _is_markup(token: Token, elements: frozenset[str]) -> bool:
    """Whether a tag is one, and not `<name>` in place of what a reader is to put in."""
    tag = _TAG.fullmatch(token.content.strip())
    return tag is None or tag[1].lower() in elements


def _link_destination(text: str, start: int, end: int) -> Any:
    """As CommonMark has it; but site generators' templates stand for addresses, blanks and all."""
    found = helpers.parseLinkDestination(text, start, end)
    if template := _TEMPLATE.match(text, start, end):
        found.ok, found.pos, found.str = True, template.end(), ""
    return found
