"""What a person sees of a message: its characters, the people that it calls, the links in it.

Whatever Slack would turn into something else than the characters that were sent is marked:
a mention is seen as ⟦@U0BOB⟧ or ⟦!channel⟧, an emoji as ⟦:tada:⟧, a channel as ⟦#C0GENERAL⟧.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_ENOUGH = 24
"""Characters by which words are found again, for they may be cut."""


class Link(NamedTuple):
    """A link that can be followed, and the words that it is under."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of what a reader sees; `ping` names whom it calls, `url` where it leads."""

    seen: str
    ping: str = ""
    url: str = ""


def visible_text(message: Any) -> str:
    """What a person reads: the blocks, or the text where there are none."""
    payload = _payload(message)
    blocks = payload.get("blocks")
    pieces = _of_blocks(blocks) if blocks else _of_text(payload)
    return "".join(piece.seen for piece in pieces).strip("\n")


def pings(message: Any) -> list[str]:
    """Whom a message calls, in order: `<@U0BOB>`, `<!channel>`, `<!subteam^S1>`, `@here`.

    The text counts even if blocks hide it, since it is what a notification shows.
    """
    return [piece.ping for piece in _everything(_payload(message)) if piece.ping]


def links(message: Any) -> list[Link]:
    """The links of a message, in order; addresses that Slack makes links of by itself too."""
    return [Link(piece.url, piece.seen) for piece in _everything(_payload(message)) if piece.url]


def lines_before(message: Any, words: str, width: int = 40) -> int:
    """The lines of a phone, of so many characters, that stand above the first of these words.

    Raises `ValueError` where the message does not show them.
    """
    seen = visible_text(message)
    above = seen[: _place_of(words, seen)].split("\n")[:-1]
    return sum(len(textwrap.wrap(line, width)) for line in above)


def characters_before(message: Any, words: str) -> int:
    """The characters of a notification that stand before the first of these words; raises
    `ValueError` where it does not have them."""
    return _place_of(words, "".join(piece.seen for piece in _of_text(_payload(message))))


def _place_of(words: str, text: str) -> int:
    """Where the first of these words stand in a text, whatever blanks are between them."""
    found = re.search(r"\s+".join(map(re.escape, words[:_ENOUGH].split())), text)
    if found is None:
        raise ValueError(f"{words[:_ENOUGH]!r} is not shown")
    return found.start()


def _payload(message: Any) -> Mapping[str, Any]:
    return message if isinstance(message, Mapping) else message.payload


def _everything(payload: Mapping[str, Any]) -> Iterator[Piece]:
    yield from _of_text(payload)
    yield from _of_blocks(payload.get("blocks") or [])


def _of_text(payload: Mapping[str, Any]) -> Iterator[Piece]:
    text = payload.get("text") or ""
    full = payload.get("parse") == "full"
    named = full or bool(payload.get("link_names"))
    yield from _mrkdwn(text, addresses=payload.get("parse") != "none", names=named)
    if named:
        # `full` and `link_names` look people up by name; whoever is named so would be called.
        yield from (
            Piece("", ping=name)
            for name in re.findall(r"(?<![\w<@])@[\w.-]+", text)
            if name not in _BROADCASTS
        )


# Blocks.


def _of_blocks(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Piece]:
    for block in blocks:
        yield from _of_block(block)
        yield Piece("\n")


def _of_block(block: Mapping[str, Any]) -> Iterator[Piece]:
    kind = block.get("type")
    if kind == "rich_text":
        for part in block["elements"]:
            yield from _rich(part)
    elif kind == "markdown":
        yield from _mrkdwn(block["text"])
    elif kind == "table":
        for row in block["rows"]:
            yield Piece(" | ".join(cell["text"] for cell in row) + "\n")
    else:
        for key in ("text", "title", "label", "fields", "elements", "element", "accessory", "hint"):
            for part in _listed(block.get(key)):
                yield from _of_part(part)
                yield Piece("\n")


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _of_part(part: Mapping[str, Any]) -> Iterator[Piece]:
    kind = part.get("type")
    if kind == "mrkdwn":
        loose = not part.get("verbatim")
        yield from _mrkdwn(part["text"], addresses=loose, names=loose)
    elif kind == "plain_text":
        yield Piece(part["text"])
    elif kind == "feedback_buttons":
        for button in (part["positive_button"], part["negative_button"]):
            yield Piece(f"[{button['text']['text']}]")
    elif kind == "image":
        yield Piece(part["alt_text"])
    elif isinstance(part.get("text"), Mapping):  # a button
        yield Piece(f"[{part['text']['text']}]", url=part.get("url", ""))


def _rich(part: Mapping[str, Any]) -> Iterator[Piece]:
    if part["type"] == "rich_text_list":
        for place, item in enumerate(part["elements"], start=part.get("offset", 0) + 1):
            yield Piece("• " if part["style"] == "bullet" else f"{place}. ")
            yield from _rich(item)
        return
    for element in part["elements"]:
        yield _inline(element)
    yield Piece("\n")


def _inline(element: Mapping[str, Any]) -> Piece:
    match element["type"]:
        case "text":
            return Piece(element["text"])
        case "link":
            return Piece(element.get("text") or element["url"], url=element["url"])
        case "user":
            return _called(f"@{element['user_id']}")
        case "usergroup":
            return _called(f"!subteam^{element['usergroup_id']}")
        case "broadcast":
            return _called(f"!{element['range']}")
        case "channel":
            return Piece(f"⟦#{element['channel_id']}⟧")
        case "emoji":
            return Piece(f"⟦:{element['name']}:⟧")
        case "date":
            return Piece(element.get("fallback", ""), url=element.get("url", ""))
    return Piece(element.get("value", ""))


def _called(whom: str) -> Piece:
    return Piece(f"⟦{whom}⟧", ping=f"<{whom}>")


# mrkdwn.

_BROADCASTS = ("@channel", "@here", "@everyone")
_CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
_MARKS = [
    re.compile(rf"(?<![\w{m}]){m}(?=[^\s{m}])([^{m}\n]*?[^\s{m}]){m}(?![\w{m}])")
    for m in (r"\*", "_", "~")
]
_QUOTE = re.compile(r"^(?:>|&gt;){1,3} ?", re.MULTILINE)
_TOKEN = re.compile(
    r"<(?P<special>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z][a-z0-9_+'-]*|[+-]1):"
    r"|(?P<address>https?://[^\s<>|]+)"
    r"|(?P<broadcast>(?<![\w@])@(?:channel|here|everyone)\b)"
)


def _mrkdwn(text: str, *, addresses: bool = True, names: bool = False) -> Iterator[Piece]:
    for place, run in enumerate(_CODE.split(text)):
        is_code = place % 2 == 1
        shown = run.strip("`") if is_code else _unmarked(run)
        yield from _tokens(shown, addresses and not is_code, names and not is_code, not is_code)


def _unmarked(text: str) -> str:
    """Without the characters that format, which no reader sees; an escaped > quotes as well."""
    text = _QUOTE.sub("", text)
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return text


def _tokens(text: str, addresses: bool, names: bool, emoji: bool) -> Iterator[Piece]:
    end = 0
    for found in _TOKEN.finditer(text):
        piece = _token(found, addresses, names, emoji)
        if piece is not None:
            yield Piece(_unescaped(text[end : found.start()]))
            yield piece
            end = found.end()
    yield Piece(_unescaped(text[end:]))


def _token(found: re.Match[str], addresses: bool, names: bool, emoji: bool) -> Piece | None:
    if found["special"]:
        return _special(found["special"])
    if found["emoji"] and emoji:
        return Piece(f"⟦:{found['emoji']}:⟧")
    if found["address"] and addresses:
        url = _unescaped(found["address"])
        return Piece(url, url=url)
    if found["broadcast"] and names:
        return Piece(f"⟦{found['broadcast']}⟧", ping=found["broadcast"])
    return None


def _special(inside: str) -> Piece:
    target, _, label = inside.partition("|")
    if target.startswith("!date^"):
        return Piece(_unescaped(label))
    if target[0] in "@!":
        return _called(target)
    if target[0] == "#":
        return Piece(f"⟦{target}⟧")
    return Piece(_unescaped(label or target), url=_unescaped(target))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
