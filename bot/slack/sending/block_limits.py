"""Slack's limits, and texts cut to them; never silently, never inside a character.

The numbers are those of docs.slack.dev, reference/block-kit and reference/methods/chat.postMessage.
"""

import unicodedata
from collections.abc import Sequence

SHOWN_PASSAGES = 3
"""In one message; the others are one click away."""
LISTED_DOCUMENTS = 5
"""The same, of a list."""
MOST_FOLLOWED = 20
"""Questions in a list with a button each: a message has at most 50 blocks."""
BLOCKS_IN_MODAL = 100
TABLE_ROWS = 100
TABLE_COLUMNS = 20

# The following are numbers of characters.
QUOTED = 1_200
"""Of a passage in a message: two screens of a phone; the rest of a longer one is a click away."""
IN_MODAL = 2_800  # of a passage in a modal
ALL_BLOCKS = 10_000  # Slack refuses messages from about 11,000 characters on
SECTION = 3_000
FALLBACK = 400
TITLE = 150  # of a document, as it is shown
LABEL = 60
REASON = 1_000
NOTES = 2_000
BEST = 350  # of the sentence that is shown first
ASKED = 70  # of a question, above its answer: two lines of a phone
LACKING = 46  # of what passages lack: two lines with the words before it
QUESTION = 300  # of a question, where it is read again
CITATION = 600
BUTTON = 75
CUT = " […] "
ELLIPSIS = "…"
ADDRESS = 3_000

_JOINER = "\u200d"
_MOST_MARKS = 40


def shortened(text: str, length: int) -> str:
    """The text in at most `length` characters, cut at a word where there is one near the end."""
    if len(text) <= length:
        return text
    end = character_end(text, length - len(ELLIPSIS))
    at_word = text.rfind(" ", end - 30 if end > 60 else 0, end)
    return text[: at_word if at_word > 0 else end].rstrip() + ELLIPSIS


def character_end(text: str, end: int) -> int:
    """The last offset up to `end` at which what a reader takes for one character ends.

    A heap of marks that no script has is cut at `end`.
    """
    for offset in range(end, max(0, end - _MOST_MARKS), -1):
        if not _is_within_character(text, offset):
            return offset
    return end


def _is_within_character(text: str, offset: int) -> bool:
    """Whether the characters before and after an offset are one for a reader."""
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if _is_flag(before) and _is_flag(after):  # they are pairs, counted from the first
        first = offset
        while first and _is_flag(text[first - 1]):
            first -= 1
        return (offset - first) % 2 == 1
    return (
        before == _JOINER
        or after == _JOINER
        or unicodedata.category(after) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # the tone of a skin
        or "\u1160" <= after <= "\u11ff"  # vowels and finals of Hangul that is not composed
        or (before, after) == ("\r", "\n")
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def slack_length(text: str) -> int:
    """The characters of a text as Slack may count them at most: escaped, in units of UTF-16."""
    return len(escaped(text)) + sum(character > "\uffff" for character in text)


def fitted(text: str, length: int) -> str:
    """The text in at most `length` characters as Slack may count them."""
    text = shortened(text, length)
    while slack_length(text) > length:
        text = shortened(text, len(text) * 4 // 5)
    return text


def escaped(text: str) -> str:
    """Foreign text for a mrkdwn object: its three control characters, in Slack's order."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sentences_around(
    sentences: Sequence[tuple[int, int]], best: int, length: int
) -> tuple[int, int]:
    """The range of whole sentences around the best one that fits; the best one alone may not.

    `sentences` are the ranges of a text in order. Grows to the front and back in turn.
    """
    first = last = best
    while True:
        grown = [
            (at, to)
            for at, to in ((first, last + 1), (first - 1, last))
            if at >= 0 and to < len(sentences) and sentences[to][1] - sentences[at][0] <= length
        ]
        if not grown:
            return sentences[first][0], sentences[last][1]
        first, last = grown[0] if last - best <= best - first else grown[-1]
