"""Slack's markup, read as the words that a reader of the message sees.

Emoji, emphasis, code, quotes, bullets, links and mentions are signs around words, not words.
"""

import re

from corpus.text.characters import encodable

_TOKENS = re.compile(
    r"```(?P<fence>(?s:.*?))```|`(?P<code>[^`\n]+)`|<(?P<link>[^<>\n]+)>|"
    r"(?P<emoji>(?<![A-Za-z0-9_:])(?::(?=\d*[a-z_+'-]|100:|1234:)[a-z0-9_+'-]{1,100}:)+"
    r"(?![A-Za-z0-9_]))|(?P<emphasis>(?<!_)_(?!_)|\*{1,3}|~{1,2})"
)
_LINE_SIGNS = re.compile(r"^[^\S\n]*(?:(?:&gt;)+|>+|[•◦▪‣·*–-][^\S\n]|\d{1,2}[.)][^\S\n])", re.M)
"""What begins a quoted line, or an item of a list."""
_BLANKS = re.compile(r"[^\S\n]+")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # the last one last


def plain_text(text: str, bot_user: str) -> str:
    """The words of a message, without Slack's markup and without mentions of `bot_user`.

    A user who is mentioned without a name stays `<@U...>`, whose name only Slack knows. Takes time
    linear in the length of the text.
    """
    pieces: list[str] = []
    opened: dict[str, int] = {}
    end, text = 0, encodable(text)
    if text.count("```") % 2:  # the last fence is no fence, and nobody looks for its end again
        text = " ".join(text.rsplit("```", 1))
    text = _LINE_SIGNS.sub("", _LINE_SIGNS.sub("", text))  # a list may stand in a quotation
    for token in _TOKENS.finditer(text):
        between = text[end : token.start()]
        pieces.append(between)
        if "\n" in between:
            opened.clear()  # emphasis ends with its line
        end = token.end()
        if token["emphasis"]:
            _emphasize(pieces, opened, text, token)
        else:
            pieces.append(_words_of(token, bot_user))
    lines = "".join((*pieces, text[end:])).split("\n")
    return "\n".join(filter(None, (_BLANKS.sub(" ", _unescaped(line)).strip() for line in lines)))


def _words_of(token: re.Match[str], bot_user: str) -> str:
    """What a reader sees in place of code, a link, a mention or an emoji."""
    if token["link"]:
        return _shown(token["link"], bot_user)
    return token["fence"] or token["code"] or " "


def _emphasize(pieces: list[str], opened: dict[str, int], text: str, token: re.Match[str]) -> None:
    """Takes away the two signs around words; a sign within a word or formula, or alone, stays."""
    sign = token[0]
    before, after = text[token.start() - 1 : token.start()], text[token.end() : token.end() + 1]
    pieces.append(sign)
    if sign in opened and not before.isspace() and not after.isalnum():
        pieces[opened.pop(sign)] = pieces[-1] = ""
    elif after and not after.isspace() and not before.isalnum():
        opened[sign] = len(pieces) - 1


def _shown(link: str, bot_user: str) -> str:
    """What is shown for `<link>`: its label or name; an address alone says nothing, but for one to
    write to or to call."""
    target, _, label = link.partition("|")
    if target[0] == "@":
        if target[1:] == bot_user:
            return " "
        return label or f"<{target}>"
    if target[0] == "!" and target[1:] in ("here", "channel", "everyone"):
        return " "
    if label or target[0] in "#!":
        return label or " "
    kind, colon, address = target.partition(":")
    if not colon:  # no link: a sign that somebody typed
        return f"<{link}>"
    return address if kind in ("mailto", "tel") else " "


def _unescaped(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text
