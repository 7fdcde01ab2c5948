"""The main content of a page: the element that holds it, and the boilerplate elements in there."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.formats.html.tree import walk
from corpus.release.boilerplate_words import CLASS_WORDS, CLASS_WORDS_OF_LARGE_PARTS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

UNSEEN = frozenset(
    "script style template noscript head title svg iframe embed input select textarea datalist "
    "progress meter annotation annotation-xml del s strike rt rp rtc".split()
)
"""Elements whose words are not read as text of the page."""

_SITE = frozenset("nav aside dialog form menu button object audio video canvas map".split())
_SITE_ROLES = frozenset(
    "navigation complementary search dialog alertdialog banner contentinfo menu menubar toolbar "
    "tablist".split()
)
_VOID = frozenset("br hr img wbr".split())
_SECTIONS = frozenset("article main section aside nav".split())
_GROUPS = frozenset("ul ol dl table tr td div p center".split())
_SUBHEADINGS = frozenset("h2 h3 h4".split())
_NAMED = frozenset("ul ol dl table div section span".split())  # a paragraph is not judged by name
_STYLE_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SPOKEN = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only "
    "element-invisible usa-sr-only govuk-visually-hidden".split()
)
"""Classes of words that are only read aloud."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_CONTENT_NAME = re.compile(
    r"(?:main|page|entry|post|article|node|story|news|press)?[-_]?"
    r"(?:content|contents|body|text|detail)(?:[-_]?(?:area|main|inner))?",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:(?:the|post|article|entry|page|site|blog|news|video|single|user|reader|readers|leser|fb|facebook"
    r"|wp|wc|js|sect|recent)[-_])*"
    r"(?:comments?|kommentare?|commentaires?|comentarios?|commenti|komentarze|disqus|respond)"
    r"[-_]?(?:lists?|links|forms?|area|section|thread|box|block|wrap(?:per)?|container|content|body|text"
    r"|meta|author|title|count|item|reply|inner|\d+)?",
    re.IGNORECASE,
)
"""The class or id of readers' comments: `comments-area`, `commentlist`, `disqus_thread`. What is
made of other words is none: `comment-period`, `comments-received`."""
_FEW = 250  # characters: a sentence or two
_SOME = 1_500
_REST = 80  # letters beside readers' comments that may be a text
_LINK = 40  # characters of a menu's entry


@dataclass(slots=True)
class _Part:
    """An element, and the letters and digits in it, outside and inside of links."""

    node: "LexborNode"
    kind: str
    prose: int = 0
    linked: int = 0
    links: int = 0
    headings: int = 0
    subheadings: int = 0


@dataclass(frozen=True, slots=True)
class ContentRegion:
    """The element that holds a page's main content, and the elements in it that are left out.

    `prose` are the letters and digits of the page outside of links. A page `is_bare` that is
    nothing but a text: no site is around it.
    """

    root: "LexborNode"
    site: frozenset[int]
    prose: int
    is_bare: bool = False
    comments: frozenset[int] = frozenset()

    def passes_over(self, node: "LexborNode") -> bool:
        """Whether an element's words are none of the page's text."""
        return node.tag in UNSEEN or node.mem_id in self.site


def content_region(body: "LexborNode") -> ContentRegion:
    """The main content of a page; an element with half of the page's words is never left out.

    Raises `Unreadable` for a page of readers' comments on a text that is not in the file.
    """
    parts, page = _measure(body, frozenset())
    comments = frozenset(
        part.node.mem_id
        for part in parts
        if part.kind == "comments" and not (part.headings and part.headings == page.headings)
    )
    if comments:
        whole = page.prose
        parts, page = _measure(body, comments)
        if page.prose < _REST < whole:
            raise Unreadable(
                "it holds readers' comments, and not the text that a script loads; save the page "
                "from a browser that shows it, or as PDF"
            )
    site = comments | {part.node.mem_id for part in parts if _is_boilerplate(part, page)}
    return ContentRegion(_root(parts, page, site), site, page.prose, not site, comments)


def whole_page(body: "LexborNode", comments: frozenset[int] = frozenset()) -> ContentRegion:
    """The page with all its elements but these."""
    return ContentRegion(body, comments, 0)


def count_letters(text: str) -> int:
    """How many letters and digits a text has."""
    return sum(map(len, re.findall(r"\w+", text)))


def _measure(body: "LexborNode", left_out: frozenset[int]) -> tuple[list[_Part], _Part]:
    """The parts of a page that may be the site's or the content, and the page as a whole."""
    found: list[_Part] = []
    page = _Part(body, "")
    open_parts, sections, links = [page], 0, 0
    for node, begins in walk(body, lambda node: node.tag in UNSEEN or node.mem_id in left_out):
        tag = node.tag or ""
        if node.is_text_node:
            size = count_letters(node.text_content or "")
            open_parts[-1].prose += 0 if links else size
            open_parts[-1].linked += size if links else 0
            continue
        step = 1 if begins else -1
        links += step * (tag == "a")
        if begins:
            open_parts.append(_Part(node, _kind(node, tag, sections)))
            open_parts[-1].links += tag == "a"
            open_parts[-1].headings += tag == "h1"
            open_parts[-1].subheadings += tag in _SUBHEADINGS
        else:
            part = open_parts.pop()
            _add(open_parts[-1], part)
            if part.kind:
                found.append(part)
        sections += step * (tag in _SECTIONS)
    return found, page


def _add(whole: _Part, part: _Part) -> None:
    whole.prose += part.prose
    whole.linked += part.linked
    whole.links += part.links
    whole.headings += part.headings
    whole.subheadings += part.subheadings


def _kind(node: "LexborNode", tag: str, sections: int) -> str:
    if tag in _VOID:
        return ""
    attributes = node.attributes
    role = (attributes.get("role") or "").lower()
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _STYLE_HIDDEN.search(attributes.get("style") or "")
        or not _SPOKEN.isdisjoint((attributes.get("class") or "").split())
    ):
        return "hidden"
    if tag == "main" or role == "main":
        return "main"
    if tag == "article" or role == "article":
        return "article"
    if tag in _SITE or role in _SITE_ROLES:
        return "site"
    if tag in ("header", "footer"):
        return "" if sections else "site"
    name, classes = attributes.get("id") or "", attributes.get("class") or ""
    names = f"{name} {classes}"[:500]
    if any(map(_COMMENTS.fullmatch, names.split())):
        return "comments"
    # The name of a section is made of its heading, which may have any word.
    naming = classes if "section" in (tag, *classes.split()) else names
    words = {word.lower() for word in _WORD.findall(naming)} if tag in _NAMED else set()
    if words & CLASS_WORDS_OF_LARGE_PARTS:
        return "large boilerplate"
    if words & CLASS_WORDS:
        return "boilerplate"
    if attributes.get("itemprop") == "articleBody" or any(
        map(_CONTENT_NAME.fullmatch, names.split())
    ):
        return "content"
    return "links" if tag in _GROUPS and not sections else ""


def _is_boilerplate(part: _Part, page: _Part) -> bool:
    """Whether a part is the site's: by its kind, if it is small and without the page's heading."""
    if part.prose * 2 > page.prose:
        return False
    if part.kind == "hidden":
        return True
    if part.headings and part.headings == page.headings:
        return False
    match part.kind:
        case "site":
            return True
        case "large boilerplate":
            return part.prose < min(_SOME, page.prose / 3)
        case "boilerplate":
            few = part.prose < _FEW and not part.subheadings
            return few or part.linked > part.prose
        case "links":
            return part.links > 2 and part.prose == 0 and part.linked <= _LINK * part.links
    return False


def _root(parts: list[_Part], page: _Part, site: frozenset[int]) -> "LexborNode":
    for kind, share in (("main", 4), ("article", 2), ("content", 2)):
        large = [part for part in parts if part.kind == kind and part.prose * share >= page.prose]
        if large:
            best = max(large, key=lambda part: part.prose)
            return best.node if kind == "main" else _with_heading(best, page.node, site)
    return page.node


def _with_heading(part: _Part, body: "LexborNode", site: frozenset[int]) -> "LexborNode":
    """The content, or the element around it that holds the page's heading too."""
    heading = body.css_first("h1")
    if part.headings or heading is None:
        return part.node
    around: set[int] = set()
    above: LexborNode | None = heading
    while above is not None:
        if above.mem_id in site:
            return part.node
        around.add(above.mem_id)
        above = above.parent
    node = part.node
    while node.mem_id not in around and node.parent is not None:
        node = node.parent
    return node
