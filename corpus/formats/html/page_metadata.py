"""What a page states beside its main content: metadata in JSON-LD, OpenGraph and other `<meta>`
elements, and words that only its menus, pictures and asides have."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.formats.html.page_dates import (
    day_by_heading,
    day_first_of,
    day_in_address,
    day_in_scripts,
    day_printed_near,
    is_day_of_a_page,
)
from corpus.formats.html.tree import walk
from corpus.language.dates import stated_day
from corpus.metadata import Metadata
from corpus.release.boilerplate import is_board_name
from corpus.text.characters import folded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_ARTICLE = re.compile(r"\w*(?:Article|Posting|Report|PressRelease)")
_PAGE = re.compile(r"\w*(?:WebPage|Page)")
_DATES = (
    "article:published_time og:article:published_time dcterms.issued dcterms.date "
    "dcterms.created dc.date.issued dc.date citation_publication_date citation_date pubdate "
    "publishdate publish-date publication_date parsely-pub-date sailthru.date datepublished date"
).split()
_DATE_NAME = re.compile(r"publi(?:sh|cation)|pub-?date|issued|release-?date", re.I)
_CHANGED = re.compile(r"modified|updated|date$", re.I)
_UTC = re.compile(r"(?:Z|\+00:?00)$")
_TITLES = "og:title citation_title dcterms.title dc.title twitter:title".split()
_SITES = "og:site_name application-name publisher dcterms.publisher".split()
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?:[T\s].*)?", re.DOTALL)
_SITE_NAME = re.compile(r"\s+(?:[-–—|·»:]+|::)\s+")
_HEADLINE = 5  # words; a site, a section or "Document1" has fewer
_SAVED = re.compile(r"<!--\s*saved from url=(?:\(\d+\))?(?P<url>\S+)\s*-->")
_LONGEST_DATE = 60
_LONGEST_ADDRESS = 2_000
_WORD = re.compile(r"\w+")
_UNSAID = frozenset("script style template".split())
_DIVIDING = frozenset("br div p li td".split())
_SAID = frozenset("author description keywords".split())


@dataclass(slots=True)
class _Head:
    """The metadata elements of a page, as written there."""

    meta: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    title: str = ""
    time: str = ""
    works: list[dict[str, Any]] = field(default_factory=list)
    saved_from: str = ""


def page_metadata(tree: "LexborHTMLParser", markup: str, headings: list[str]) -> Metadata:
    """The metadata of a page; its title is in the words of the heading that has the same."""
    head = _read(tree, markup)
    title = _title(head, headings)
    posted, posted_from, in_utc = _posted(head)
    if posted and in_utc:  # where its readers are it may still have been the day before
        printed, place = day_printed_near(tree, f"{title} | {head.title}")
        if printed and abs(printed - posted) == datetime.timedelta(days=1):
            posted, posted_from = printed, place
    return Metadata(title, posted, posted_from, _source(head))


def first_heading(tree: "LexborHTMLParser") -> str:
    """The page's only `<h1>`, wherever it is; "" for one that may be no more than a name."""
    headings = list(map(_heading, tree.tags("h1")))
    return headings[0] if len(headings) == 1 and len(headings[0].split()) > 2 else ""


def heading_in_window(tree: "LexborHTMLParser") -> str:
    """The page's only `<h1>`, where the `<title>` is it and a site's name: `Oslo - Wikipedia`."""
    headings = list(map(_heading, tree.tags("h1")))
    if len(headings) != 1 or is_board_name(headings[0]):
        return ""
    head = _read(tree, "")
    pieces = _SITE_NAME.split(head.title)
    if len(pieces) < 2:
        return ""
    if folded(headings[0]) == folded(_site(head)):
        return ""
    return headings[0] if folded("".join(pieces[:-1])) == folded(headings[0]) else ""


def _heading(node: "LexborNode") -> str:
    """The words of a heading on one line, without the sign that links to it."""
    words = [
        inner.text_content or "" if inner.is_text_node else " " * (inner.tag in _DIVIDING)
        for inner, _ in walk(node, lambda each: each.tag in _UNSAID)
    ]
    return _one_line("".join(words)).rstrip(" ¶#")


def window_title(tree: "LexborHTMLParser") -> str:
    """The page's `<title>` without the site's name; "" for one that may be no more than a name."""
    head = _read(tree, "")
    title = _without_site(head.title, _site(head))
    return title if len(title.split()) >= _HEADLINE else ""


def text_beside(tree: "LexborHTMLParser", text: str) -> str:
    """What the page says to its readers and the text does not: in menus and asides, in place of
    pictures, and to search engines; one piece a line, each with a word that is not in the text."""
    page = walk(tree.root, lambda node: node.tag in _UNSAID) if tree.root else iter(())
    said = [node.text_content for node, _ in page if node.is_text_node]
    said += [node.attributes.get("alt") for node in tree.tags("img")]
    said += [
        node.attributes.get("content")
        for node in tree.tags("meta")
        if (node.attributes.get("name") or "").lower() in _SAID
    ]
    known = set(_WORD.findall(text))
    lines = dict.fromkeys(map(_one_line, said))
    return "\n".join(line for line in lines if not known.issuperset(_WORD.findall(line)))


def _read(tree: "LexborHTMLParser", markup: str) -> _Head:
    head = _Head()
    for node in tree.tags("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name and (value := _one_line(attributes.get("content"))):
            head.meta.setdefault(name.strip().lower(), value)
    for node in tree.tags("link"):
        attributes = node.attributes
        if "canonical" in (attributes.get("rel") or "").lower().split():
            head.canonical = head.canonical or (attributes.get("href") or "").strip()
    for node in tree.tags("time"):
        attributes = node.attributes
        if "pubdate" in attributes or attributes.get("itemprop") == "datePublished":
            head.time = head.time or attributes.get("datetime") or ""
    for node in tree.tags("script"):
        if (node.attributes.get("type") or "").strip().lower() == "application/ld+json":
            head.works += _works(node.text() or "")
    head.works.sort(key=_rank)
    titles = tree.head.css("title") if tree.head else []
    head.title = _one_line(titles[0].text()) if titles else ""
    saved = _SAVED.search(markup[:2_000])
    head.saved_from = saved["url"] if saved else ""
    return head


def _works(text: str) -> Iterator[dict[str, Any]]:
    """The articles and pages that a JSON-LD script describes; none when it is malformed."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, dict):
            if _rank(each) < 2:
                yield each
            waiting.append(each.get("@graph"))


def _rank(work: dict[str, Any]) -> int:
    """Articles before pages; 2 for what is neither."""
    kinds = work.get("@type")
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if type(kind) is str]
    if any(map(_ARTICLE.fullmatch, names)):
        return 0
    return 1 if any(map(_PAGE.fullmatch, names)) else 2


def _posted(head: _Head) -> tuple[datetime.date | None, str, bool]:
    """The day of publication, where it is stated, and whether it is so in universal time."""
    stated = [(_text(work.get("datePublished")), "JSON-LD") for work in head.works]
    stated += [(head.meta.get(name, ""), f"meta {name}") for name in _DATES]
    stated.append((head.time, "time element"))
    for value, place in stated:
        if day := _day(value):
            return day, place, bool(_UTC.search(value))
    return None, "", False


def _otherwise_stated(head: _Head) -> tuple[datetime.date | None, str]:
    """The day under a name of the site's own, or of the last change, for want of any other."""
    stated = [(head.meta[name], f"meta {name}") for name in head.meta if _DATE_NAME.search(name)]
    stated += [(_text(work.get("dateModified")), "JSON-LD, as updated") for work in head.works]
    stated += [
        (head.meta.get(name, ""), f"meta {name}") for name in head.meta if _CHANGED.search(name)
    ]
    return next(((day, place) for value, place in stated if (day := _day(value))), (None, ""))


def _day(value: str) -> datetime.date | None:
    """The calendar day of a date or time, as it is written there: in ISO 8601, or as people do."""
    match = _DATE.fullmatch(value)
    try:
        day = datetime.date.fromisoformat(match[1]) if match else stated_day(value[:_LONGEST_DATE])
    except ValueError:
        return None
    return day if day and is_day_of_a_page(day) else None


def posted_near_heading(tree: "LexborHTMLParser", metadata: Metadata) -> Metadata:
    """The metadata with the day that stands by the page's heading, in its scripts or its address,
    or on which it was last changed; for a page whose metadata state none."""
    head = _read(tree, "")
    posted, posted_from = day_by_heading(tree, f"{metadata.title} | {head.title}")
    if posted is None:
        posted, posted_from = day_in_scripts(tree), "script"
    if posted is None:
        day_first = day_first_of(tree)
        posted, posted_from = day_in_address(metadata.source, day_first=day_first), "address"
    if posted is None:
        posted, posted_from = _otherwise_stated(head)
    return metadata.or_else(Metadata(posted=posted, posted_from=posted_from if posted else ""))


def _title(head: _Head, headings: list[str]) -> str:
    site = _site(head)
    stated = [_text(work.get("headline")) for work in head.works]
    stated += [head.meta.get(name, "") for name in _TITLES]
    stated += [_text(work.get("name")) for work in head.works]
    for title in stated:
        if folded(title) in ("", folded(site)):
            continue
        printed = (heading for heading in headings if _same(heading, title))
        return next(printed, "") or _without_site(title, site)
    return ""


def _same(heading: str, title: str) -> bool:
    """Whether a title is this heading, or one of the two is the beginning of the other."""
    one, other = folded(heading), folded(title)
    short = min(len(one), len(other))
    return (short > 8 and one[:short] == other[:short]) or one == other != ""


def _without_site(title: str, site: str) -> str:
    pieces = _SITE_NAME.split(title)
    if len(pieces) < 2:
        return title
    if site and folded(pieces[0]) == folded(site):
        return title[len(pieces[0]) :].lstrip(" -–—|·»:")
    if not site or folded(pieces[-1]) == folded(site):
        return title[: len(title) - len(pieces[-1])].rstrip(" -–—|·»:")
    return title


def _site(head: _Head) -> str:
    names = [head.meta.get(name, "") for name in _SITES]
    for work in head.works:
        publisher = work.get("publisher")
        names.append(_text(publisher.get("name")) if isinstance(publisher, dict) else "")
    return next(filter(None, names), "")


def _source(head: _Head) -> str:
    stated = [head.canonical, head.meta.get("og:url", "")]
    for work in head.works:
        for value in (work.get("mainEntityOfPage"), work.get("url"), work.get("@id")):
            stated.append(_text(value.get("@id")) if isinstance(value, dict) else _text(value))
    stated.append(head.saved_from)
    return next(filter(_is_address, stated), "")


def _is_address(text: str) -> bool:
    if not text or len(text) > _LONGEST_ADDRESS or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _text(value: Any) -> str:
    return _one_line(value) if isinstance(value, str) else ""


def _one_line(text: str | None) -> str:
    """Words on one line; programs escape what is escaped already: `Trade &amp;amp; Ports`."""
    return " ".join(unescape(text or "").replace("\N{SOFT HYPHEN}", "").split())
