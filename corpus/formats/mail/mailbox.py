"""Every message of a mailbox (`.mbox`), of whatever program: mboxo, mboxrd, mboxcl."""

import codecs
import re
from collections.abc import Iterator

from corpus.content import Content, told_by_reason
from corpus.errors import Unreadable
from corpus.formats.mail.mail_reader import damage_told, message_contents, parsed

_POSTMARK = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d\d:\d\d[^\n]*\n|"
    rb"(?<=\n)From \S+ [^\n]*\d\d:\d\d:\d\d[^\n]* \d{4}[^\n]*\n(?=[A-Z][A-Za-z-]{1,40}: )"
)
"""The line before each message: after a blank line, or where a header follows."""
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,10})\r?$", re.MULTILINE | re.IGNORECASE)
_LONGEST_HEADER = 100_000


def read_mbox(data: bytes) -> Iterator[Content]:
    """The documents in a mailbox; `part` is the message's number, from 1, and of a message that
    another one carries its number in that one, as in `3.1`.

    A message that is no document is left out; raises `Unreadable` for what is no mailbox.
    """
    found, unread = False, dict[str, list[str]]()
    for number, message in enumerate(_messages(data), start=1):
        try:
            with damage_told():
                for content in message_contents(parsed(message, in_mailbox=True), str(number)):
                    yield content
                    found = True
        except Unreadable as error:
            unread.setdefault(str(error), []).append(str(number))
    if not found and not unread:
        raise Unreadable("it is no mailbox: no line of it begins a message")
    if unread:
        yield Content("", [], left_out=told_by_reason(unread, "message "))


def _messages(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox, without the lines between them."""
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    postmark = _POSTMARK.search(data)
    while postmark:
        start = postmark.end()
        end = _stated_end(data, start)
        following = _POSTMARK.search(data, max(start, end - 1))
        if not end:
            end = following.start() if following else len(data)
            yield _ESCAPED.sub(rb"\1", data[start:end])
        else:  # where the length is stated, nothing is escaped
            yield data[start:end]
        postmark = following


def _stated_end(data: bytes, start: int) -> int:
    """Where a message ends by the length that its header states, if a message begins there; else
    0."""
    head = _HEADER.search(data, start, start + _LONGEST_HEADER)
    length = _LENGTH.search(data, start, head.end()) if head else None
    if not head or not length:
        return 0
    end = head.end() + int(length[1])
    after = data[end : end + 7].lstrip(b"\r\n")
    return end if end <= len(data) and (after.startswith(b"From ") or not after) else 0
