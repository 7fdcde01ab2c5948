"""Mail as documents: a message (`.eml`), every message of a mailbox (`.mbox`), and a page that a
browser saved as a message (`.mhtml`, RFC 2557)."""

import codecs
import contextlib
import datetime
import email
import email.errors
import email.policy
import email.utils
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage, Message

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.plain_text import text_lines
from corpus.language.dates import is_plausible
from corpus.metadata import Metadata
from corpus.release.boilerplate_words import IN_A_BROWSER_ANYWHERE
from corpus.release.head import WEB_ADDRESS
from corpus.text.decoding import decode
from corpus.text.logical_lines import Line

# What the standard library raises on damaged headers, wherever they are looked at.
_DAMAGES = (
    AssertionError, AttributeError, LookupError, OverflowError, TypeError, ValueError,
    email.errors.MessageError,
)  # fmt: skip

_POSTMARK = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d\d:\d\d[^\n]*\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_eml(data: bytes) -> Iterator[Content]:
    """The document in a message; raises `Unreadable`."""
    yield _document(data)


def read_mbox(data: bytes) -> Iterator[Content]:
    """The documents in a mailbox; `part` is the message's number, from 1.

    A message that is no document is left out; raises `Unreadable` when all are.
    """
    reason = "it is no mailbox: no line of it begins a message"
    found = False
    for number, message in enumerate(_messages(data), start=1):
        try:
            yield replace(_document(message), part=str(number))
            found = True
        except Unreadable as error:
            reason = f"none of its messages is a document; of the last one, {error}"
    if not found:
        raise Unreadable(reason)


def read_mhtml(data: bytes) -> Iterator[Content]:
    """The document of a page that was saved in one file; raises `Unreadable`.

    The header describes the saving: its day is not the page's, and its subject is a window title.
    """
    with _damage_told():
        message = _message(data)
        page = _body(message, "html")
        if page is None:
            raise Unreadable("it holds no page")
        address = WEB_ADDRESS.fullmatch(_header(message, "Snapshot-Content-Location"))
        saved = Metadata(source=address["url"] if address else "")
        for content in _page_contents(page):
            yield replace(content, metadata=content.metadata.or_else(saved))


def _messages(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox, without the lines between them."""
    postmark = _POSTMARK.match(data)
    while postmark:
        following = _POSTMARK.search(data, postmark.end())
        end = following.start() if following else len(data)
        yield _ESCAPED.sub(rb"\1", data[postmark.end() : end])
        postmark = following


def _document(data: bytes) -> Content:
    with _damage_told():
        return _content(_message(data))


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    """Damage and endless nesting become `Unreadable`."""
    try:
        yield
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except _DAMAGES as error:
        raise Unreadable(f"it is damaged ({type(error).__name__})") from None


def _message(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.default)
    if not message.keys():
        raise Unreadable("it is no mail: it begins with no header")
    return message


def _content(message: EmailMessage) -> Content:
    """The document that a message is: its text, else its page, else the message it carries."""
    metadata, beside = _stated(message), _beside(message)
    plain, page = _body(message, "plain"), _body(message, "html")
    text = _text(plain) if plain else ""
    if page and _says_nothing(text):
        for content in _page_contents(page):
            beside = f"{beside}\n{content.beside}".strip()
            return replace(content, metadata=metadata.or_else(content.metadata), beside=beside)
    if text.strip():
        return Content(text, _own_lines(text), metadata, beside=beside)
    carried = _carried(message)
    if carried:
        return _content(carried)
    besides = "a page of HTML" if page else ", ".join(_attachments(message)) or "its header"
    raise Unreadable(f"it has no text but {besides}")


def _page_contents(part: Message) -> Iterator[Content]:
    """The document of a page that is a part of a message."""
    from corpus.formats.html.html_reader import read_html

    # The mark wins over the charset that the page names, which was that of the part.
    yield from read_html(codecs.BOM_UTF8 + _decoded(part).encode())


def _body(message: EmailMessage, kind: str) -> Message | None:
    """The part of this kind that is the body of the message, or None."""
    try:
        return message.get_body(preferencelist=(kind,))
    except _DAMAGES:
        return None


def _carried(message: EmailMessage) -> EmailMessage | None:
    """The first message that is attached to this one."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            return inner if isinstance(inner, EmailMessage) else None
    return None


def _attachments(message: EmailMessage) -> Iterator[str]:
    """The names of the files that a message brings, which are not read."""
    for part in message.walk():
        try:
            name = part.get_filename()
        except _DAMAGES:
            continue
        if name:
            yield " ".join(_clean(name).split())[:100]


def _beside(message: EmailMessage) -> str:
    """Who sent the message to whom, and what it brings, one a line."""
    people = (_header(message, name) for name in ("From", "Reply-To", "To", "Cc"))
    return "\n".join(filter(None, (*people, *_attachments(message))))


def _header(message: EmailMessage, name: str) -> str:
    """A header's value on one line; empty when it is missing or damaged."""
    try:
        return " ".join(_clean(str(message.get(name, ""))).split())
    except _DAMAGES:
        return ""


def _clean(text: str) -> str:
    """The text without what no encoding can write."""
    return text.encode("utf-8", "replace").decode()


_FORWARDS = re.compile(r"(?:(?:re|fwd?|aw|wg|답장|전달)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_LIST_TAG = re.compile(r"\[(?P<name>[^\[\]]{1,40})\]\s*")


def _stated(message: EmailMessage) -> Metadata:
    """What the header states: the subject, the day, and where the message is archived."""
    subject = _header(message, "Subject")
    list_name = _header(message, "List-Id").casefold()
    tag = _LIST_TAG.match(subject)
    if tag and tag["name"].casefold() in list_name:
        subject = subject[tag.end() :]
    if forwards := _FORWARDS.match(subject):
        subject = subject[forwards.end() :]
    address = WEB_ADDRESS.fullmatch(_header(message, "Archived-At"))
    posted = _day(_header(message, "Date"))
    return Metadata(
        title=subject,
        posted=posted,
        posted_from="mail header" if posted else "",
        source=address["url"] if address else "",
    )


def _day(date: str) -> datetime.date | None:
    """The calendar day that is written in a date header, in whatever zone."""
    try:
        day = email.utils.parsedate_to_datetime(date).date()
    except _DAMAGES:
        return None
    # Mail is no older than that; the clock of what is was not set.
    return day if day.year >= 1970 and is_plausible(day) else None


_SUPERSETS = {
    "ascii": "utf-8",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
}
"""What is really written where a mail program names the codec on the left."""


def _decoded(part: Message) -> str:
    """The text of a part with `\n` line ends, by its charset if that reads every byte."""
    try:
        data = part.get_payload(decode=True)
    except _DAMAGES:
        data = str(part.get_payload()).encode("utf-8", "replace")
    if not isinstance(data, bytes):
        return ""
    try:
        charset = codecs.lookup(part.get_content_charset("utf-8")).name
        text = data.decode(_SUPERSETS.get(charset, charset))
        text.encode()
        is_text = "\x00" not in text
    except _DAMAGES:
        is_text = False
    if not is_text:
        text, _ = decode(data)
    return "\n".join(text.splitlines()).removeprefix("\ufeff")


def _text(part: Message) -> str:
    text = _decoded(part)
    try:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        spaced = str(part.get_param("delsp", "")).lower() == "yes"
    except _DAMAGES:
        return text
    return unflowed(text, delete_space=spaced) if flowed else text


_VIEW = re.compile(rf"\b(?:{IN_A_BROWSER_ANYWHERE})\b", re.IGNORECASE)


def _says_nothing(text: str) -> bool:
    """Whether the text is only a pointer: `View this mail in your browser`."""
    words = len(text.split())
    return words == 0 or (words < 40 and bool(_VIEW.search(text)))


_NOT_OWN = re.compile(
    r"^(?:On [^\n]{5,200}(?:\n[^\n>]{1,100})?wrote:\n+)?(?:>[^\n]*(?:\n|\Z))+|"
    r"^-{2,}[^\n]{0,20}(?:Forwarded|Original) message[^\n]*\n"
    r"(?:\n?(?:From|Date|Sent|To|Cc|Subject):[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z))*|"
    r"(?P<tail>^(?:-- |_{30,})\n(?:[^\n]{0,150}\n){0,12}[^\n]{0,150}\Z|"
    r"^--\n(?:(?![\d*•o(-])[^\n]{0,79}[^\n.!?:;]\n){0,6}(?:(?![\d*•o(-])[^\n]{0,79}[^\n.!?:;])?\n*\Z)",
    re.MULTILINE | re.IGNORECASE,
)
"""Quoted replies, the header of a forwarded message, a signature or a list's footer:
`> Thank you.`, `---- Forwarded message ----` with its header, `-- ` with the lines below."""


def _own_lines(text: str) -> list[Line]:
    """The lines that the sender wrote; all lines when nothing else is there."""

    def blank(match: re.Match[str]) -> str:
        if match["tail"] and len(match[0]) > match.start():  # a signature is shorter than its mail
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    own = _NOT_OWN.sub(blank, text)
    return text_lines(own if own.strip() else text)


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Flowed text (RFC 3676) with its lines joined: one that ends in a space goes on in the next.

    `delete_space` also takes the space (`DelSp=yes`).
    """
    lines: list[str] = []
    flowing, depth = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted, words = len(line) - len(words), words.removeprefix(" ")
        if flowing and quoted == depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append(">" * quoted + " " * bool(quoted) + words)
        depth, flowing = quoted, words.endswith(" ") and words != "-- "
        if flowing and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
