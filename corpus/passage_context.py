"""What a passage inherits from its document: searched with it, never shown as its text.

In most releases the names are in the title and the first paragraph, and what was agreed is below,
under "the two sides".
"""

import re
from dataclasses import dataclass
from itertools import zip_longest

from corpus.document import Day, Document, Passage
from corpus.language.calendar_words import MONTH_NAMES
from corpus.language.dates import find_days


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a passage's context; each may be empty.

    `when` names the days in words and digits, so that a question may use either.
    `under` is the heading, the paragraph above a bullet or note, or the question that is answered,
    the heads of a row's columns, and whose words the document gives.
    """

    title: str
    when: str
    lead: str
    under: str


def context_of(document: Document, passage: Passage) -> Context:
    """The context of one of the document's passages."""
    parent = document.passages[passage.parent].text if passage.parent is not None else ""
    is_row = document.passages[0].columns  # a table's first row says nothing of the others
    lead = "" if is_row or document.lead in (passage.text, parent) else document.lead
    return Context(
        title=_joined(document.title if document.title_stated else "", document.subtitle),
        when=days_text(document),
        lead=lead,
        under=_joined(passage.heading, passage.speaker, parent, passage.columns, document.byline),
    )


def cells_of(text: str, columns: str) -> list[tuple[str, str]]:
    """The cells of a row of a table that are not empty, each with the head of its column."""
    pairs = zip_longest(columns.split("\t"), text.split("\t"), fillvalue="")
    return [(name.strip(), cell.strip()) for name, cell in pairs if cell.strip()]


def in_words(text: str, columns: str) -> str:
    """The words of a passage; of a row of a table as one says them: `Country: Sanesia; Aid: 6`."""
    if not columns:
        return text
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in cells_of(text, columns))


def _joined(*parts: str) -> str:
    return ". ".join(part.rstrip(" .:") for part in parts if part)


def days_text(document: Document) -> str:
    """The days of a document's event and its posting: `17 October 2023 2023-10-17; 3 May`."""
    days = list(document.events)
    if document.posted:
        posted = document.posted
        days.append(Day(posted.year, posted.month, posted.day))
    return "; ".join(dict.fromkeys(_in_words(day) for day in days))


_IN_FIGURES = re.compile(r"\d{1,4}\.?\s?[-./]\s?\d{1,2}\.?\s?[-./]\s?\d{2,4}")


def figured_days(text: str) -> str:
    """In words the days that a text has in figures: `1 September 2021` for `2021-09-01`."""
    if not _IN_FIGURES.search(text):
        return ""
    found = [each for each in find_days(text) if _IN_FIGURES.fullmatch(each.span.of(text))]
    return "; ".join(dict.fromkeys(_in_words(each.day) for each in found))


def _in_words(day: Day) -> str:
    words = f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{words} {day.year} {day}" if day.year is not None else words
