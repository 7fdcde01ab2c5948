"""The tree of a page: its markup parsed by lexbor, within bounds, and walked without recursion."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from corpus.errors import Unreadable

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_TAG = re.compile(
    r"<(?=[!/a-z])(?:!--.*?(?:--!?>|\Z)"
    r"|(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)|\Z)"
    r"|(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?P<rest>[^>]*))",
    re.IGNORECASE | re.DOTALL,
)
"""`<p class="lead"`, `</p`, `<!-- menu -->`, `<script>run()</`."""
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_FORMATTING_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_FORMATTING))})(?=[\s/>])[^>]*>", re.I)
# Void, or ended by the next of their kind: they are never nested.
_FLAT = frozenset(
    "area base br col embed hr img input link meta source track wbr "
    "p li dd dt option optgroup rb rp rt rtc tbody tfoot thead tr td th".split()
)
_MOST_TAGS = 500_000
_MOST_STEPS = 200_000_000  # about a second of lexbor's time
_MOST_REOPENED = 500_000  # elements of 350 bytes
_LONG_TAG = 500  # shorter ones have too few attributes to matter
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEPARATOR = re.compile(r"[\s/\"']+")


def parse(markup: str) -> "LexborHTMLParser":
    """The tree of a page; raises `Unreadable` for one made to exhaust time or memory."""
    from selectolax.lexbor import LexborHTMLParser  # costs some milliseconds

    return LexborHTMLParser(_bounded(markup).replace("\x00", ""))


def _bounded(markup: str) -> str:
    """The markup, if the HTML algorithm can build its tree within bounds.

    For each tag it looks through the open elements, and for each attribute through the others of
    its tag; and formatting that was left open it opens again in every block.
    """
    tags = depth = formatting = steps = reopened = 0
    for match in _TAG.finditer(markup):
        name = match["name"]
        if name is None:
            continue
        name = name.lower()
        change = -1 if match["end"] else 1
        tags += 1
        steps += depth
        if name in _FORMATTING:
            formatting = max(0, formatting + change)
        else:
            reopened += formatting
        if name not in _FLAT:
            depth = max(0, depth + change)
        if match.end() - match.start() > _LONG_TAG:
            steps += len(_SEPARATOR.findall(_VALUE.sub('""', match["rest"]))) ** 2 // 2
        if tags > _MOST_TAGS or steps > _MOST_STEPS:
            raise Unreadable("its markup is too large or too deeply nested")
    return _FORMATTING_TAG.sub("", markup) if reopened > _MOST_REOPENED else markup


def walk(
    root: "LexborNode", passed_over: Callable[["LexborNode"], bool]
) -> "Iterator[tuple[LexborNode, bool]]":
    """The elements and texts below `root` in document order, and each element again at its end.

    The second value is True where it begins. What is `passed_over` is left out with all in it.
    """
    above: list[LexborNode] = []
    node = root.first_child
    while node is not None or above:
        if node is None:
            ended = above.pop()
            yield ended, False
            node = ended.next
        elif node.is_text_node:
            yield node, True
            node = node.next
        elif not node.is_element_node or passed_over(node):
            node = node.next
        else:
            yield node, True
            above.append(node)
            node = node.first_child
