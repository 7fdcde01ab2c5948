"""A text becomes a document: head, body, dates, title."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.content import Content
from corpus.document import Document, Dropped, Passage, Span, text_outside
from corpus.errors import Unreadable
from corpus.language.dates import find_days, is_plausible, stated_day
from corpus.language.sentences import sentence_spans
from corpus.metadata import Metadata
from corpus.release.boilerplate_words import OF_A_DAY, PUBLISHED_ABROAD
from corpus.release.date_lines import date_line, dateline, labelled_day
from corpus.release.events import read_events
from corpus.release.head import Head, read_head
from corpus.release.paragraphs import ReleaseBody, read_body
from corpus.text.logical_lines import Line

_SUPPLIED_TITLE = 120
_CAPTION = 40  # lines
_OWN_LINE = 12  # lines below which a day alone is no longer the document's
_PUBLISHED = re.compile(rf"(?:first )?(?:published|posted)|{PUBLISHED_ABROAD}", re.I)
_SHORT_DAY = re.compile(r"(?<!\d)(?<!\d[.-])(\d{1,2})([.-])(\d{1,2})\2(\d\d)(?![\d-])")
_OF = re.compile(rf"\b(?:of|{OF_A_DAY})\s$", re.I)
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
        _date_elsewhere(head, body, title, identifier, lines[:_CAPTION])
    lead = body.passages[0].text
    is_row = body.passages[0].columns or "\t" in lead  # one of many: its days are not the whole's
    events = read_events(title, "" if is_row else lead, head.posted)
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


def _on_pages(passages: list[Passage], pages: tuple[tuple[int, int], ...]) -> tuple[Passage, ...]:
    """The passages with the pages on which they begin, where there are pages."""
    if not pages:
        return tuple(passages)
    starts, numbers = zip(*pages, strict=True)
    return tuple(
        replace(each, page=numbers[bisect_right(starts, each.span.start) - 1]) for each in passages
    )


def _date_elsewhere(
    head: Head, body: ReleaseBody, title: str, identifier: str, first: list[Line]
) -> None:
    """The posted date of a release whose head states none."""
    for day, place in _days_elsewhere(body, title, identifier, first):
        if day and is_plausible(day):
            head.posted, head.posted_from = day, place
            return


def _days_elsewhere(
    body: ReleaseBody, title: str, identifier: str, first: list[Line]
) -> Iterator[tuple[datetime.date | None, str]]:
    """Where else a posted date may be: the first paragraph opens with one, it is in a line such as
    `Published 3 March 2024` below it, behind the title, in a caption among the `first` lines, or
    for want of one in the text the file's name has it."""
    yield dateline(body.passages[0].text), "dateline"
    yield _published_below(body), "date line"
    yield _behind_title(title), "title"
    yield next(filter(None, (labelled_day(line.text) for line in first)), None), "caption"
    yield _only_date_line(first), "date line"
    name = identifier.rsplit("/", 1)[-1]
    yield day_in_name(name, "\n".join(line.text for line in first)), "file name"


def _published_below(body: ReleaseBody) -> datetime.date | None:
    lines = (each.span.of(body.text) for each in body.dropped if each.rule == "date line")
    published = (line for line in lines if _PUBLISHED.match(line))
    days = (found.day.date() for line in published for found in find_days(line)[:1])
    return next(filter(None, days), None)


def _behind_title(title: str) -> datetime.date | None:
    """The day of `Board minutes, 14 May 2024` and of `Bericht vom 22.04.2020 zur Lage`."""
    found = find_days(title)
    if len(found) != 1:
        return None
    before, after = title[: found[0].span.start], title[found[0].span.end :]
    closes = not after.strip(" .)]") and re.search(r"[,(\[|–—-]\s?$", before)
    return found[0].day.date() if closes or _OF.search(before) else None


def _only_date_line(first: list[Line]) -> datetime.date | None:
    """The day that stands on a line of its own near the beginning, where no other one does; as a
    heading it is of what stands below it."""
    lines = [(at, line.text) for at, line in enumerate(first) if not line.level]
    days = {day: at for at, line in reversed(lines) if (day := date_line(line))}
    return next((day for day, at in days.items() if len(days) == 1 and at < _OWN_LINE), None)


def day_in_name(name: str, text: str = "") -> datetime.date | None:
    """The one day in a file's name: `2006-10-05_minutes.txt`, `5Oct2006 minutes.doc`; of the two
    that `4-6-16` may be, the one that the text names."""
    spaced = name.replace("_", " ")
    if day := stated_day(spaced, short_years=False):
        return day
    short = _SHORT_DAY.search(spaced)
    if not short:
        return None
    value = short.group().replace("-", "/").replace(".", "/")
    read = [stated_day(value, day_first=first) for first in (True, False)]
    readings = {day for day in read if day}
    if len(readings) > 1:
        readings &= {found.day.date() for found in find_days(text)}
    return readings.pop() if len(readings) == 1 else None


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
