"""A text becomes a document: head, body, dates, title."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from corpus.content import Content
from corpus.document import Document, Dropped, Passage, Span, text_outside
from corpus.errors import Unreadable
from corpus.language.dates import find_days
from corpus.language.sentences import sentence_spans
from corpus.metadata import Metadata
from corpus.release.events import read_events
from corpus.release.head import Head, read_head
from corpus.release.paragraphs import ReleaseBody, read_body

_SUPPLIED_TITLE = 120
_WRAPPED = re.compile(r"(?P<hyphen>(?<=\w)-)?(?<![ \t\r])[ \t\r]*+\n\s*+")


def read_release(identifier: str, content: Content, metadata: Metadata) -> Document:
    """The document in a file's content; `metadata` overrides what its words suggest.

    Raises `Unreadable` when nothing of it can be cited.
    """
    text, lines = content.text, content.lines
    head = read_head(text, lines, metadata)
    title = metadata.title or (_on_one_line(head.title.of(text)) if head.title else "")
    body = read_body(text, lines[head.body :], title)
    if not body.passages:  # a page of short lines only: its head has no visible end
        dates = [each for each in head.dropped if each.rule.startswith("date")]
        taken = {each.span for each in dates}
        head = Head(posted=head.posted, posted_from=head.posted_from, dropped=dates)
        title = metadata.title
        body = read_body(text, [line for line in lines if line.span not in taken], title)
    if not body.passages:
        raise Unreadable("it has no paragraph")
    if head.posted is None:
        _date_from_body(head, body)
    if head.posted is None:
        _date_from_name(head, identifier)
    lead = body.passages[0].text
    events = read_events(title, lead, head.posted)
    return Document(
        id=identifier,
        text=text,
        title=title or _first_words(lead),
        title_stated=bool(title),
        passages=_on_pages(body.passages, content.pages),
        subtitle=head.subtitle,
        board=head.board,
        byline="; ".join(head.bylines),
        source=metadata.source or head.source or body.source,
        posted=head.posted,
        posted_from=head.posted_from,
        events=events.days,
        events_from=events.read_from,
        outside="\n".join(filter(None, (text_outside(text, body.passages), content.beside))),
        dropped=_in_order(head, body),
    )


def _on_one_line(title: str) -> str:
    return _WRAPPED.sub(lambda broken: broken["hyphen"] or " ", title)


def _on_pages(passages: list[Passage], pages: tuple[int, ...]) -> tuple[Passage, ...]:
    """The passages with the pages on which they begin, where there are pages."""
    if not pages:
        return tuple(passages)
    return tuple(replace(each, page=bisect_right(pages, each.span.start)) for each in passages)


def _date_from_body(head: Head, body: ReleaseBody) -> None:
    """The date of a line such as `Published 3 March 2024` below the first paragraph."""
    for each in body.dropped:
        line = each.span.of(body.text)
        if each.rule == "date line" and re.match(r"(?:first )?(?:published|posted)", line, re.I):
            found = find_days(line)
            if found and (day := found[0].day.date()):
                head.posted, head.posted_from = day, "date line"
                return


def _date_from_name(head: Head, identifier: str) -> None:
    """The date that a file's name begins with, for want of one in the text."""
    name = identifier.rsplit("/", 1)[-1]
    if re.match(r"\d{4}-\d\d-\d\d\D", name):
        found = find_days(name[:10])
        head.posted = found[0].day.date() if found else None
        head.posted_from = "file name" if found else ""


def _first_words(lead: str) -> str:
    """The first sentence, cut at a word when it is long."""
    first = sentence_spans(lead)[0]
    sentence = _on_one_line(Span(first.start, first.end).of(lead))
    if len(sentence) <= _SUPPLIED_TITLE:
        return sentence
    return sentence[:_SUPPLIED_TITLE].rsplit(None, 1)[0].rstrip(",;:") + " …"


def _in_order(head: Head, body: ReleaseBody) -> tuple[Dropped, ...]:
    return tuple(sorted(head.dropped + body.dropped, key=lambda each: each.span.start))


def with_stable_labels(passages: Iterable[Passage], own: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages with the labels of `own`, those that the file has by itself, in the same places.

    A passage in another place keeps its label, or has `bis` after one that is taken.
    """
    labels = {passage.span: passage.label for passage in own}
    taken = set(labels.values())
    named = []
    for passage in passages:
        label = labels.get(passage.span) or passage.label
        while passage.span not in labels and label in taken:
            label += " bis"
        taken.add(label)
        named.append(replace(passage, label=label))
    return tuple(named)
