"""What the header of a message says: its subject, its day, who sent it to whom."""

import datetime
import email.header
import email.utils
import re
from collections.abc import Iterator
from email.message import Message

from corpus.formats.mail.charsets import DAMAGES, text_in
from corpus.language.dates import is_plausible
from corpus.metadata import Metadata
from corpus.release.head import WEB_ADDRESS

LONGEST_HEADER = 20_000
"""Characters of a header that are read: thousands of recipients say no more than these."""

_FORWARDS = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|답장|전달|回复|转发)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"\[(?P<name>[^\[\]]{1,40})\]\s*")
_ENCODED_WORD = r"=\?[^?\s]+\?[bBqQ]\?[^?\r\n]*\?="
_ENCODED = re.compile(rf"{_ENCODED_WORD}(?:\s*{_ENCODED_WORD})*")


def header(message: Message, name: str) -> str:
    """A header's value on one line, its encoded words decoded; empty when it is missing."""
    return next(_values(message, name), "")


def _values(message: Message, name: str) -> Iterator[str]:
    for key, value in message.raw_items():
        if key.lower() == name:
            yield _on_one_line(_decoded(str(value)[:LONGEST_HEADER]))


def _decoded(value: str) -> str:
    """The value in Unicode: bytes that stand there as they are, and runs of encoded words.

    The words of a run are joined before they are decoded: programs cut within a character.
    """
    if not value.isascii():
        value = text_in(value.encode("utf-8", "surrogateescape"), "")
    return _ENCODED.sub(_words, value) if "=?" in value else value


def _words(run: re.Match[str]) -> str:
    try:
        pieces = email.header.decode_header(re.sub(r"\?=\s+=\?", "?= =?", run[0]))
        return "".join(
            text_in(piece, charset or "") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except DAMAGES:
        return run[0]


def _on_one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())


def file_names(message: Message) -> Iterator[str]:
    """The names of the files that a message brings, which are not read; of one without a name what
    it is. Those of a message that it carries are that one's."""
    pending = [message]
    while pending:
        part = pending.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = [each for each in part.get_payload() if isinstance(each, Message)]
            pending += reversed(inner)
        try:
            name = part.get_filename()
            if name or part.get_content_disposition() == "attachment":
                yield _on_one_line(_decoded(name or part.get_content_type()))[:100]
        except DAMAGES:
            continue


_SHOWN = ("From", "Reply-To", "To", "Cc", "Date")


def shown_header(message: Message) -> str:
    """Who sent the message to whom and when, and what it brings, as a program for mail shows it."""
    stated = ((name, header(message, name.lower())) for name in _SHOWN)
    attached = ("Attached", ", ".join(file_names(message))[:LONGEST_HEADER])
    return "\n".join(f"{name}: {value}" for name, value in (*stated, attached) if value)


def stated(message: Message) -> Metadata:
    """What the header states: the subject, the day, and where the message is archived."""
    subject = header(message, "subject")
    list_name = header(message, "list-id").casefold()
    tag = _LIST_TAG.match(subject)
    if tag and tag["name"].casefold() in list_name:
        subject = subject[tag.end() :]
    if forwards := _FORWARDS.match(subject):
        subject = subject[forwards.end() :]
    address = WEB_ADDRESS.fullmatch(header(message, "archived-at"))
    posted = _sent(message)
    return Metadata(
        title=subject,
        posted=posted,
        posted_from="mail header" if posted else "",
        source=address["url"] if address else "",
    )


def _sent(message: Message) -> datetime.date | None:
    """The day of sending; where that is not stated, the day on which the first server had it."""
    if day := _day(header(message, "date")):
        return day
    received = [value.rpartition(";")[2] for value in _values(message, "received")]
    return next(filter(None, map(_day, reversed(received))), None)


def _day(date: str) -> datetime.date | None:
    """The calendar day that is written in a date header, in whatever zone."""
    try:
        day = email.utils.parsedate_to_datetime(date).date()
    except DAMAGES:
        return None
    # Mail is no older than that; the clock of what is was not set.
    return day if day.year >= 1970 and is_plausible(day) else None
