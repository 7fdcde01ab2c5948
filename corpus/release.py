"""A text becomes a document: head, body, dates, title."""

import re

from corpus.dates import event_days, find_days
from corpus.document import Document, Dropped, Span
from corpus.errors import Unreadable
from corpus.head import Head, read_head
from corpus.lines import Line
from corpus.paragraphs import Body, read_body
from corpus.sentences import sentence_spans

_SUPPLIED_TITLE = 120


def read_release(identifier: str, text: str, lines: list[Line]) -> Document:
    """The document of these logical lines of `text`.

    Raises `Unreadable` when nothing of it can be cited.
    """
    head = read_head(text, lines)
    title = head.title.of(text) if head.title else ""
    body = read_body(text, lines[head.body :], title)
    if not body.passages:  # a page of short lines only: no head can be told from the rest
        dates = [each for each in head.dropped if each.rule.startswith("date")]
        taken = {each.span for each in dates}
        head = Head(posted=head.posted, posted_from=head.posted_from, dropped=dates)
        title = ""
        body = read_body(text, [line for line in lines if line.span not in taken], title)
    if not body.passages:
        raise Unreadable("it has no paragraph")
    if head.posted is None:
        _date_from_name(head, identifier)
    lead = body.passages[0].text
    return Document(
        id=identifier,
        text=text,
        title=title or _first_words(lead),
        title_stated=bool(title),
        passages=tuple(body.passages),
        subtitle=head.subtitle,
        board=head.board,
        byline="; ".join(head.bylines),
        source=head.source or body.source,
        posted=head.posted,
        posted_from=head.posted_from,
        events=event_days(title, lead, head.posted),
        dropped=_in_order(head, body),
    )


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
    sentence = Span(first.start, first.end).of(lead)
    if len(sentence) <= _SUPPLIED_TITLE:
        return sentence
    return sentence[:_SUPPLIED_TITLE].rsplit(None, 1)[0].rstrip(",;:") + " …"


def _in_order(head: Head, body: Body) -> tuple[Dropped, ...]:
    return tuple(sorted(head.dropped + body.dropped, key=lambda each: each.span.start))
