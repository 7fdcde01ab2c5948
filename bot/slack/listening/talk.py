"""What a message amounts to before anybody searches for it: a call for help, or nothing at all."""

import re

_WORD = re.compile(r"\w+")
_HELP = {"help", "help me", "please help", "help please", "help me please", "usage", "h"}
_FOLLOW = re.compile(r"(?:following|follow(?:\s+(.+))?)", re.IGNORECASE | re.DOTALL)


def wants_usage(text: str) -> bool:
    """Whether somebody asks how the bot is used: `Help!`, `help me`, `--help`, `?`; who asks for
    help to find something asks that."""
    words = " ".join(_WORD.findall(text.casefold()))
    return words in _HELP or (not words and "?" in text)


def wants_to_follow(text: str) -> str | None:
    """The question that is to be followed; empty where what is followed is to be listed, None where
    something else is wanted."""
    found = _FOLLOW.fullmatch(text.strip())
    return (found[1] or "").strip() if found else None


def is_wordless(text: str) -> bool:
    """Whether a message has no word, as one of emoji has none, and does not wonder either."""
    return not any(map(str.isalnum, text)) and "?" not in text
