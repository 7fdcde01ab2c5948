"""What a passage inherits from its document: searched with it, never shown as its text.

In most releases the names are in the title and the first paragraph, and what was agreed is below,
under "the two sides".
"""

from dataclasses import dataclass

from corpus.document import Day, Document, Passage
from corpus.language.calendar_words import MONTH_NAMES


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a passage's context; each may be empty.

    `when` names the days in words and digits, so that a question may use either.
    `under` is the heading, the paragraph above a bullet or note, or the question that is answered,
    and whose words the document gives.
    """

    title: str
    when: str
    lead: str
    under: str


def context_of(document: Document, passage: Passage) -> Context:
    """The context of one of the document's passages."""
    parent = document.passages[passage.parent].text if passage.parent is not None else ""
    lead = document.lead if passage.text != document.lead and parent != document.lead else ""
    return Context(
        title=_joined(document.title if document.title_stated else "", document.subtitle),
        when=days_text(document),
        lead=lead,
        under=_joined(passage.heading, passage.speaker, parent, document.byline),
    )


def _joined(*parts: str) -> str:
    return ". ".join(part.rstrip(" .:") for part in parts if part)


def days_text(document: Document) -> str:
    """The days of a document's event and its posting: `17 October 2023 2023-10-17; 3 May`."""
    days = list(document.events)
    if document.posted:
        posted = document.posted
        days.append(Day(posted.year, posted.month, posted.day))
    return "; ".join(dict.fromkeys(_in_words(day) for day in days))


def _in_words(day: Day) -> str:
    words = f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{words} {day.year} {day}" if day.year is not None else words
