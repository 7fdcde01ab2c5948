"""The day on which a page was posted, where its metadata elements do not state it: the day that
stands by its heading, in an element named for dates or on a line of its own, or in its address."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.formats.html.tree import walk
from corpus.language.dates import find_days, is_plausible, stated_day
from corpus.release.boilerplate_words import (
    DATE_LABELS,
    OF_A_DAY,
    PUBLISHED_ABROAD,
    UPDATED_ABROAD,
)
from corpus.release.date_lines import dateline
from corpus.text.characters import folded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_OLDEST = 1900  # an earlier year is a program's zero
_ZERO = datetime.date(1970, 1, 1)
_UNSEEN = frozenset("script style template noscript svg iframe select textarea".split())
_HEADINGS = frozenset("h1 h2 h3".split())
_ELSEWHERE = frozenset("nav form".split())
_OF_READERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|respond|calendar|archives?)(?:$|[\s_-])|comment-?list|disqus", re.I
)
_OF_OTHER_PAGES = re.compile(
    r"footer|related|recommend|teaser|sidebar|widget|latest|recent|popular|most-?read|ticker|carousel|slider",
    re.IGNORECASE,
)
"""In the classes of what holds readers' days, and of what mostly holds those of other pages."""
_DATE_NAME = re.compile(
    r"(?:^|[\s_-])(?:date|dates|datum|fecha|data|dateline|posted|published|publish|pubdate|created|"
    r"timestamp|time|datetime)(?:$|[\s_-])|(?:post|entry|item|article|publish(?:ed|ing)?|creat\w*|"
    r"blog|news|headline|pub)[\s_-]?(?:date|meta)|erstellt",
    re.IGNORECASE,
)
_PUBLISHED_NAME = re.compile(r"publi|pubdate|posted|created|creation|erstellt", re.IGNORECASE)
_UPDATED_NAME = re.compile(r"modif|updat|aktualis", re.IGNORECASE)
_UPDATED = re.compile(
    rf"(?:last\s|zuletzt\s)?(?:updated?|modified|reviewed|edited|stand|{UPDATED_ABROAD})\b", re.I
)
_PUBLISHED = re.compile(rf"(?:{DATE_LABELS}|{PUBLISHED_ABROAD}|written)\b", re.I)
_LABELLED = re.compile(
    rf"(?:{DATE_LABELS}|{PUBLISHED_ABROAD}|written)(?:\s(?:on|{OF_A_DAY}))?\s?[:|]?\s", re.I
)
_ANOTHER_DAY = re.compile(
    r"\b(?:gültig|valid|seit|since|bis|until|deadline|frist|effective|born|geboren|joined|registriert|"
    r"registered|beigetreten|mitglied|member)\b",
    re.IGNORECASE,
)
"""Beside a day that is none of the page's."""
_DAY_ALONE = 10  # characters: `02.12.19`
_NAMES = 300  # characters of an element's classes
_LINE = 120  # characters of a line that gives a day and little more
_OTHER_WORDS = 60  # letters beside it: a name, a section, a label
_SAME = 8  # letters of a heading that is in the page's title
_DOUBT = 150  # letters
_ABOVE, _BELOW = 300, 700  # letters between the day and the heading
_MONTH_FIRST = frozenset(["en-us"])
_DAY_FIRST = frozenset("en-gb en-au en-nz en-ie en-in en-za".split())
_DAY_FOLDERS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$|-)")
_HOST = re.compile(r"\w+://[^/]+")
_IN_SCRIPT = re.compile(
    r"[\"'](?:datePublished|published_?at|publish(?:ed)?_?date|publication_?date"
    r"|first-publication|date_?created|created_?at)"
    r"\\?[\"']\s*:\s*\\?[\"']([^\"'\\]{8,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A day of the page: the letters before it, what it is said to be, whether it is `own` to the
    page, and the elements around it that mostly hold other pages' days."""

    day: datetime.date
    place: str
    at: int
    published: bool = False
    updated: bool = False
    inside: frozenset[int] = frozenset()
    own: bool = True


def day_first_of(tree: "LexborHTMLParser") -> bool | None:
    """Whether slashed dates of a page in its language have the day first; None when unknown."""
    root = tree.root
    language = ((root.attributes.get("lang") if root else "") or "").lower().replace("_", "-")
    if language in _MONTH_FIRST:
        return False
    known = language and not (language.startswith("en") and language not in _DAY_FIRST)
    return True if known else None


def is_day_of_a_page(day: datetime.date) -> bool:
    """Whether a stated day can be meant: no program's zero."""
    return day.year >= _OLDEST and day != _ZERO and is_plausible(day)


def day_printed_near(tree: "LexborHTMLParser", title: str) -> tuple[datetime.date | None, str]:
    """The day in an element for it that is nearest to the heading, and where it was read."""
    heading, candidates = _read(tree, title)
    near = [
        each
        for each in candidates
        if each.own and each.place != "date line" and _is_near(each, heading or 0)
    ]
    return _as_read(min(near, key=lambda each: _distance(each, heading or 0), default=None))


def _is_near(candidate: _Candidate, heading: int) -> bool:
    return -_ABOVE <= candidate.at - heading <= _BELOW


def day_by_heading(tree: "LexborHTMLParser", title: str) -> tuple[datetime.date | None, str]:
    """The day that stands nearest to the page's heading, which is in its `title`, and where it was
    read.

    What is said to be published comes before what is only near, and that before what is said to be
    updated; a day in a menu, beside the text or among comments is none of the page's.
    """
    heading, candidates = _read(tree, title)
    own = [each for each in candidates if each.own]
    if heading is None:
        named = (each for each in own if each.place != "date line")
        return _as_read(next(named, next(iter(own or candidates), None)))
    near = [each for each in candidates if _is_near(each, heading)]
    ranked = sorted(
        near, key=lambda each: (each.updated, not each.published, _distance(each, heading))
    )
    best = next((each for each in ranked if each.own), None)
    if best is None or best.updated:
        best = next((each for each in own if each.published), best)
    if best is None and len({each.day for each in own}) == 1:
        best = own[0]
    best = best or next((each for each in ranked if each.at > heading), None)
    if best is None and len({each.day for each in candidates}) == 1:
        best = candidates[0]
    below = (each for each in own if each.place != "date line" and each.at > heading)
    return _as_read(best or next(below, None))


def _as_read(candidate: _Candidate | None) -> tuple[datetime.date | None, str]:
    return (candidate.day, candidate.place) if candidate else (None, "")


def _distance(candidate: _Candidate, heading: int) -> int:
    """How far a day is from the heading; above it may stand the day on which the page was saved,
    and a line may be about another day than an element that is named for one."""
    below = candidate.at - heading
    return (below if below >= 0 else -3 * below) + (_DOUBT if candidate.place == "date line" else 0)


def day_in_scripts(tree: "LexborHTMLParser") -> datetime.date | None:
    """The day of publication that the page's scripts state first; a New Year's Day is what programs
    fill in for want of one."""
    for node in tree.tags("script"):
        if match := _IN_SCRIPT.search(node.text() or ""):
            day = _stated(match[1], None)
            return day if day and (day.month, day.day) != (1, 1) else None
    return None


def day_in_address(address: str, *, day_first: bool | None) -> datetime.date | None:
    """The day in the path of an address: `/2022/02/01/`, `/20220201-`, `/29-10-2021`."""
    path = _HOST.sub("", address).partition("?")[0]
    match = _DAY_FOLDERS.search(path)
    if match:
        return _stated("-".join(match.groups()), day_first)
    return stated_day(re.sub("[_/]", " ", path), day_first=day_first, short_years=False)


def _read(tree: "LexborHTMLParser", title: str) -> tuple[int | None, list[_Candidate]]:
    """Where the page's heading is, in letters from its beginning, and the days outside of menus and
    comments; its own are in no element for other pages, but for one that has the heading too."""
    day_first = day_first_of(tree)
    headings: list[tuple[int, int, frozenset[int]]] = []
    found: list[_Candidate] = []
    at = 0
    inside: frozenset[int] = frozenset()
    for node, begins in walk(tree.body, _is_passed_over) if tree.body else ():
        if node.is_text_node:
            text = node.text_content or ""
            found += _on_line(text, at, day_first, inside)
            at += sum(map(str.isalnum, text))
            continue
        if not begins:
            inside -= {node.mem_id}
            continue
        if node.tag == "aside" or _OF_OTHER_PAGES.search(_names(node)):
            inside |= {node.mem_id}
        found += _of_element(node, at, day_first, inside)
        if node.tag in _HEADINGS:
            words = " ".join(node.text().split())
            same = len(folded(words)) >= _SAME and folded(words) in folded(title)
            if same or not inside:
                headings.append((0 if same else 1 if node.tag == "h1" else 2, at, inside))
    _, heading, around = min(headings, key=lambda each: each[:2], default=(2, None, frozenset()))
    return heading, [replace(each, own=each.inside <= around) for each in found]


def _is_passed_over(node: "LexborNode") -> bool:
    if node.tag in _UNSEEN or node.tag in _ELSEWHERE:
        return True
    return node.tag not in ("main", "article") and bool(_OF_READERS.search(_names(node)))


def _names(node: "LexborNode") -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_NAMES]


def _of_element(
    node: "LexborNode", at: int, day_first: bool | None, inside: frozenset[int]
) -> Iterator[_Candidate]:
    """The day of an element that is for days by its kind or its name."""
    attributes = node.attributes
    stated = attributes.get("itemprop") or attributes.get("property") or ""
    named = _names(node)
    published = "pubdate" in attributes or "published" in stated.lower()
    published = published or bool(node.tag == "time" and _PUBLISHED_NAME.search(named))
    if not (node.tag == "time" or published or _DATE_NAME.search(named)):
        return
    words = " ".join(node.text().split())
    if len(words) > _LINE:
        return
    values = (attributes.get("datetime"), attributes.get("content"), words)
    day = next(filter(None, (_stated(value, day_first) for value in values if value)), None)
    if day is None or not (published or _stands_alone(node, words)):
        return
    updated = "modified" in stated.lower() or _UPDATED_NAME.search(named) or _UPDATED.match(words)
    published = published or bool(_PUBLISHED_NAME.search(named) or _PUBLISHED.match(words))
    place = "time element" if node.tag == "time" else "date element"
    yield _Candidate(day, place, at, published and not updated, bool(updated), inside)


def _stands_alone(node: "LexborNode", words: str) -> bool:
    """Whether an element prints a day or how long ago it was, and is no part of a sentence."""
    around = node.parent.text(deep=False) if node.parent is not None else ""
    printed = not words or any(map(str.isdecimal, words))
    return printed and sum(map(str.isalpha, around)) <= _OTHER_WORDS


def _on_line(
    text: str, at: int, day_first: bool | None, inside: frozenset[int]
) -> Iterator[_Candidate]:
    """The day of a text that gives it and little more."""
    words = " ".join(text.split())
    if not any(map(str.isdecimal, words[:_LINE])):
        return
    if len(words) > _LINE:
        if (day := dateline(words)) and is_day_of_a_page(day):
            yield _Candidate(day, "dateline", at, inside=inside)
        return
    found = find_days(words, day_first=day_first)
    days = {each.day.date() for each in found}
    day = days.pop() if len(days) == 1 else None
    if not found and len(words) <= _DAY_ALONE:
        day = stated_day(words, day_first=day_first)
    if day is None or not is_day_of_a_page(day):
        return
    span = found[0].span if found else Span(0, len(words))
    beside = words[: span.start] + words[span.end :]
    if sum(map(str.isalpha, beside)) > _OTHER_WORDS or _ANOTHER_DAY.search(beside):
        return
    updated = bool(_UPDATED.match(beside))
    published = not updated and bool(_LABELLED.match(words))
    yield _Candidate(day, "date line", at, published, updated, inside)


def _stated(value: str, day_first: bool | None) -> datetime.date | None:
    day = stated_day(value[:_LINE], day_first=day_first)
    return day if day and is_day_of_a_page(day) else None
