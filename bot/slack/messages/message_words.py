"""Where the words of a message stand: in its text, its blocks, or a message that it passes on.

All words are in Slack's markup, as `markup` reads it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MessageJson = Mapping[str, Any]
"""A message, or a part of it, as Slack's API shows it."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A message that another one passes on: its channel, timestamp and user, as far as Slack says,
    and its words."""

    channel: str
    ts: str
    user: str
    words: str


def words_of(message: MessageJson) -> str:
    """What a message says itself; some have blocks alone, and those of apps attachments alone."""
    said = str(message.get("text") or "") or _of_blocks(message.get("blocks"))
    own = (each for each in _objects(message.get("attachments")) if not _is_passed_on(each))
    return said or "\n".join(filter(None, map(_of_attachment, own)))


def passed_on_by(message: MessageJson) -> PassedOn | None:
    """The first message that somebody forwards, shares or links to, where Slack shows it."""
    for attachment in _objects(message.get("attachments")):
        if _is_passed_on(attachment):
            blocks = (
                _of_blocks((each.get("message") or {}).get("blocks"))
                for each in _objects(attachment.get("message_blocks"))
            )
            words = str(attachment.get("text") or "") or "\n".join(filter(None, blocks))
            channel, user = attachment.get("channel_id"), attachment.get("author_id")
            ts = attachment.get("ts") or attachment.get("from_url")
            return PassedOn(str(channel or ""), str(ts or ""), str(user or ""), words)
    return None


def file_names(message: MessageJson) -> list[str]:
    """The names of the files that come with a message."""
    return [
        str(file.get("title") or file.get("name") or "")
        for file in _objects(message.get("files"))
    ]  # fmt: skip


def _is_passed_on(attachment: MessageJson) -> bool:
    return bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _of_attachment(attachment: MessageJson) -> str:
    lines = (str(attachment.get(name) or "") for name in ("pretext", "title", "text"))
    said = "\n".join(filter(None, lines)) or _of_blocks(attachment.get("blocks"))
    return said or str(attachment.get("fallback") or "")


def _objects(value: Any) -> Iterator[MessageJson]:
    return (each for each in (value or ()) if isinstance(each, Mapping))


def _of_blocks(blocks: Any) -> str:
    return "\n".join(filter(None, map(_of_block, _objects(blocks))))


def _of_block(block: MessageJson) -> str:
    """The words of a block: those that a person writes are rich text, those of apps are others."""
    if block.get("type") == "rich_text":
        return "\n".join(map(_of_rich_text, _objects(block.get("elements"))))
    texts = (block.get("text"), *(block.get("fields") or ()))
    return "\n".join(str(each.get("text") or "") for each in _objects(texts))


def _of_rich_text(element: MessageJson) -> str:
    """The words of a section, a quotation or code, and of a list line by line."""
    parts: Iterable[MessageJson] = _objects(element.get("elements"))
    if element.get("type") == "rich_text_list":
        return "\n".join(map(_of_rich_text, parts))
    return "".join(map(_of_part, parts))


def _of_part(part: MessageJson) -> str:
    match part.get("type"):
        case "user":
            return f"<@{part.get('user_id')}>"
        case "channel":
            return f"<#{part.get('channel_id')}>"
        case "emoji":
            return f":{part.get('name')}:"
        case "link":
            label = part.get("text")
            return f"<{part.get('url')}|{_escaped(label)}>" if label else f"<{part.get('url')}>"
        case "date":
            return _escaped(part.get("fallback"))
        case _:
            return _escaped(part.get("text"))


def _escaped(text: Any) -> str:
    return str(text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
