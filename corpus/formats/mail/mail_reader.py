"""A message as documents (`.eml`), with the messages that it carries, and a page that a browser
saved as a message (`.mhtml`, RFC 2557)."""

import codecs
import contextlib
import email
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from itertools import groupby

from corpus.content import Content, joined
from corpus.errors import Unreadable
from corpus.formats.mail.body_text import charset_of, decoded, own_lines, payload, typed_text
from corpus.formats.mail.charsets import DAMAGES
from corpus.formats.mail.headers import (
    LONGEST_HEADER,
    file_names,
    header,
    shown_header,
    stated,
)
from corpus.metadata import Metadata
from corpus.release.boilerplate_words import IN_A_BROWSER_ANYWHERE
from corpus.release.head import WEB_ADDRESS
from corpus.text.decoding import decode

_MOST_CARRIED = 1_000  # messages in a message: a digest has some dozens
_DEEPEST = 20  # messages in messages in messages
_WIDE = 40  # bytes, among which a header has NULs in UTF-16 alone
_NO_TEXT = re.compile(r"calendar|css|directory|rfc822-headers|v-?card|x-\S*|xml")


def read_eml(data: bytes) -> Iterator[Content]:
    """The documents in a message: its own, and with the `part`s `1`, `2` … those it carries.

    Raises `Unreadable`.
    """
    with damage_told():
        yield from message_contents(parsed(data))


def read_mhtml(data: bytes) -> Iterator[Content]:
    """The document of a page that was saved in one file; raises `Unreadable`.

    The header describes the saving: its day is not the page's, and its subject is a window title.
    """
    with damage_told():
        message = parsed(data)
        page = next((part for part in _bodies(message) if _is_page(part)), None)
        if page is None:
            raise Unreadable("it holds no page")
        address = WEB_ADDRESS.fullmatch(header(message, "snapshot-content-location"))
        saved = Metadata(source=address["url"] if address else "")
        for content in _page_contents(page):
            yield replace(content, metadata=content.metadata.or_else(saved))


_SPACED = re.compile(rb"^([A-Za-z-]{2,40})[ \t]+:", re.MULTILINE)
"""A header's name as RFC 822 allows it."""


@contextlib.contextmanager
def damage_told() -> Iterator[None]:
    """Damage and endless nesting become `Unreadable`."""
    try:
        yield
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except DAMAGES as error:
        raise Unreadable(f"it is damaged ({type(error).__name__})") from None


def parsed(data: bytes, *, in_mailbox: bool = False) -> Message:
    """The message in these bytes; raises `Unreadable` for what begins with no header, but in a
    mailbox, where the line above it says that it is one."""
    if b"\x00" in data[:_WIDE]:  # saved in UTF-16
        data = decode(data)[0].encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    data = data if in_mailbox else data.lstrip(b"\r\n")
    message = email.message_from_bytes(data)
    if not message.keys():
        message = email.message_from_bytes(_SPACED.sub(rb"\1:", data))
    if not message.keys() and not (in_mailbox and data[:1] in b"\r\n"):
        raise Unreadable("it is no mail: it begins with no header")
    for part in message.walk():
        for name in ("Content-Type", "Content-Disposition"):
            # Python parses it anew at each question, in the square of its length.
            if len(value := str(part.get(name, ""))) > LONGEST_HEADER:
                part.replace_header(name, value[:LONGEST_HEADER])
    return message


def message_contents(message: Message, number: str = "", depth: int = 0) -> Iterator[Content]:
    """The documents of a message and of those it carries, whose `part`s are numbered below
    `number`; raises `Unreadable` when there is none."""
    carried = list(_carried(message)) if depth < _DEEPEST else []
    reason, found = "", False
    try:
        yield replace(_content(message), part=number)
        found = True
    except Unreadable as error:
        reason = str(error)
    for position, each in enumerate(carried[:_MOST_CARRIED], start=1):
        # What only wraps a message is that message.
        alone = not found and len(carried) == 1
        below = number if alone else f"{number}.{position}".removeprefix(".")
        try:
            for content in message_contents(each, below, depth + 1):
                yield content
                found = True
        except Unreadable as error:
            reason = reason or str(error)
    if not found:
        raise Unreadable(reason)
    if len(carried) > _MOST_CARRIED:
        yield Content("", [], left_out=f"the messages in it after the first {_MOST_CARRIED:,}")


def _content(message: Message) -> Content:
    """The document that a message is: the text or the page of its body, below its header."""
    contents: list[Content] = []
    reason = ""
    bodies = list(_bodies(message))
    for page, parts in groupby(bodies, key=_is_page):
        try:
            if page:
                contents += (each for part in parts for each in _page_contents(part))
            else:
                text = "\n\n".join(filter(str.strip, map(typed_text, parts)))
                contents += [Content(text, own_lines(text))] if text.strip() else []
        except Unreadable as error:
            reason = str(error)
    if not any(each.text.strip() for each in contents):
        besides = "a page of HTML" if any(map(_is_page, bodies)) else ""
        raise Unreadable(
            reason
            or f"it has no text but {besides or ', '.join(file_names(message)) or 'its header'}"
        )
    # The header is a part of the text, but no line of the document.
    head = shown_header(message)
    whole = joined([Content(head, []), *contents] if head else contents)
    return replace(whole, metadata=stated(message).or_else(whole.metadata))


def _bodies(part: Message) -> Iterator[Message]:
    """The parts that are the body of a message, in order: texts and pages, no attachments."""
    kind = part.get_content_type()
    if _is_attached(part):
        return
    if not part.is_multipart():
        if part.get_content_maintype() == "text" and not _NO_TEXT.fullmatch(
            part.get_content_subtype()
        ):
            yield part
        return
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind == "multipart/alternative":
        yield from _telling([list(_bodies(child)) for child in children])
    elif kind in ("multipart/related", "multipart/signed"):
        for child in children[:1]:
            yield from _bodies(child)
    elif part.get_content_maintype() == "multipart":
        for child in children:
            yield from _bodies(child)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _telling(alternatives: list[list[Message]]) -> list[Message]:
    """Of several forms of the same words the typed one, unless that only points to the page."""
    pages = [each for each in alternatives if any(map(_is_page, each))]
    typed = [each for each in alternatives if each and each not in pages]
    if not typed or not pages:
        return next(iter(typed or pages), [])
    words = " ".join(_words(part) for part in typed[0])
    return pages[-1] if _says_nothing(words, pages[-1]) else typed[0]


def _words(part: Message) -> str:
    with contextlib.suppress(Unreadable):
        return decoded(part)
    return ""


_VIEW = re.compile(rf"\b(?:{IN_A_BROWSER_ANYWHERE})\b", re.IGNORECASE)
_TAGS = re.compile(
    r"<(?:style|script|title)\b(?:[^<]|<(?!/))*+|<[^<>]*+>", re.DOTALL | re.IGNORECASE
)
_FEW = 40  # words


def _says_nothing(text: str, page: list[Message]) -> bool:
    """Whether the text is only a pointer: `View this mail in your browser`."""
    words = len(text.split())
    if words == 0 or (words < _FEW and _VIEW.search(text)):
        return True
    return words < _FEW and len(_TAGS.sub(" ", _words(page[0])).split()) > words * 5


def _page_contents(part: Message) -> Iterator[Content]:
    """The document of a page that is a part of a message."""
    from corpus.formats.html.html_reader import read_html

    # The mark wins over the charset that the page names, which was that of the part.
    named = charset_of(part)
    yield from read_html(codecs.BOM_UTF8 + decoded(part).encode() if named else payload(part))


def _carried(message: Message) -> Iterator[Message]:
    """The messages that are parts of this one, but not of those."""
    pending = [message]
    while pending:
        part = pending.pop(0)
        inner = part.get_payload() if part.is_multipart() else []
        children = [child for child in inner if isinstance(child, Message)]
        if part is not message and part.get_content_type() == "message/rfc822":
            yield from children[:1]
        elif part.get_content_maintype() == "multipart":
            pending = children + pending
        elif part is message and part.get_content_type() == "message/rfc822":
            yield from children[:1]
