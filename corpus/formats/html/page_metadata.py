"""What a page states beside its main content: metadata in JSON-LD, OpenGraph and other `<meta>`
elements, and words that only its menus, pictures and asides have."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.formats.html.tree import walk
from corpus.language.dates import is_plausible
from corpus.metadata import Metadata
from corpus.text.characters import folded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ARTICLE = re.compile(r"\w*(?:Article|Posting|Report|PressRelease)")
_PAGE = re.compile(r"\w*(?:WebPage|Page)")
_DATES = (
    "article:published_time og:article:published_time dcterms.issued dcterms.date "
    "dcterms.created dc.date.issued dc.date citation_publication_date citation_date pubdate "
    "publishdate publish-date publication_date parsely-pub-date sailthru.date datepublished date"
).split()
_DATE_NAME = re.compile(r"publi(?:sh|cation)|pub-?date|issued|release-?date", re.I)
_TITLES = "og:title citation_title dcterms.title dc.title twitter:title".split()
_SITES = "og:site_name application-name publisher dcterms.publisher".split()
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?:[T\s].*)?", re.DOTALL)
_PUBLISHED = re.compile(r"(?:^|[\s_-])(?:published|pubdate|posted)(?:$|[\s_-])", re.I)
_SITE_NAME = re.compile(r"\s+(?:[-–—|·»:]+|::)\s+")
_HEADLINE = 5  # words; a site, a section or "Document1" has fewer
_SAVED = re.compile(r"<!--\s*saved from url=(?:\(\d+\))?(?P<url>\S+)\s*-->")
_OLDEST = 1900  # an earlier year is a program's zero
_LONGEST_ADDRESS = 2_000
_WORD = re.compile(r"\w+")
_UNSAID = frozenset("script style template".split())
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
    posted, posted_from = _posted(head)
    return Metadata(_title(head, headings), posted, posted_from, _source(head))


def first_heading(tree: "LexborHTMLParser") -> str:
    """The page's only `<h1>`, wherever it is; "" for one that may be no more than a name."""
    headings = [_one_line(node.text()) for node in tree.tags("h1")]
    return headings[0] if len(headings) == 1 and len(headings[0].split()) > 2 else ""


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
        if (
            "pubdate" in attributes
            or attributes.get("itemprop") == "datePublished"
            or _PUBLISHED.search(attributes.get("class") or "")
        ):
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


def _posted(head: _Head) -> tuple[datetime.date | None, str]:
    stated = [(_text(work.get("datePublished")), "JSON-LD") for work in head.works]
    others = filter(_DATE_NAME.search, head.meta)
    stated += [(head.meta.get(name, ""), f"meta {name}") for name in (*_DATES, *others)]
    stated.append((head.time, "time element"))
    for value, place in stated:
        if day := _day(value):
            return day, place
    return None, ""


def _day(value: str) -> datetime.date | None:
    """The calendar day of an ISO 8601 date or time, as it is written there."""
    match = _DATE.fullmatch(value)
    try:
        day = datetime.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    return day if day and day.year >= _OLDEST and is_plausible(day) else None


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
    return " ".join((text or "").split())
