"""The text of a mail's parts: decoded, unflowed, and the lines that the sender wrote."""

import re
from email.message import Message

from corpus.formats.mail.charsets import DAMAGES, text_in
from corpus.formats.plain_text import text_lines
from corpus.text.logical_lines import Line


def payload(part: Message) -> bytes:
    """The bytes of a part, without its transfer encoding."""
    try:
        data = part.get_payload(decode=True)
    except DAMAGES:
        data = str(part.get_payload()).encode("utf-8", "replace")
    return data if isinstance(data, bytes) else b""


def charset_of(part: Message) -> str:
    """The charset that a part names; empty when it names none."""
    try:
        return part.get_content_charset("")
    except DAMAGES:
        return ""


def decoded(part: Message) -> str:
    """The text of a part with `\\n` line ends; raises `Unreadable`."""
    text = text_in(payload(part), charset_of(part))
    return "\n".join(text.splitlines()).removeprefix("\ufeff")


def typed_text(part: Message) -> str:
    """The text of a part of plain text, its flowed lines joined; raises `Unreadable`."""
    text = decoded(part)
    try:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        spaced = str(part.get_param("delsp", "")).lower() == "yes"
    except DAMAGES:
        return text
    return unflowed(text, delete_space=spaced) if flowed else text


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


def own_lines(text: str) -> list[Line]:
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
    pieces: list[str] = []
    flowing, depth = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted, words = len(line) - len(words), words.removeprefix(" ")
        if not (flowing and quoted == depth and words != "-- "):
            pieces += ("\n" * bool(pieces), ">" * quoted, " " * bool(quoted))
        depth, flowing = quoted, words.endswith(" ") and words != "-- "
        pieces.append(words[:-1] if flowing and delete_space else words)
    return "".join(pieces)
