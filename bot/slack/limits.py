"""Slack's limits, and texts cut to them; never silently, never inside a character.

The numbers are those of docs.slack.dev, reference/block-kit and reference/methods/chat.postMessage.
"""

import unicodedata
from collections.abc import Sequence

PASSAGES = 3
"""In one message; the others are one click away."""
QUOTED = 2_400
"""Characters of a passage in a message: three of them stay below the limit for all blocks."""
IN_MODAL = 2_800
ALL_BLOCKS = 10_000  # Slack refuses messages from about 11,000 characters on
BLOCKS_IN_MODAL = 100
SECTION = 3_000
FALLBACK = 300
TITLE = 150  # of a document, as it is shown
QUESTION = 300  # of a question, as it is echoed
BUTTON = 75
CUT = " […] "
WAITING_QUESTIONS = 100
ONE_SENTENCE = "…"


def shortened(text: str, length: int) -> str:
    """The text in at most `length` characters, cut at a word where there is one near the end."""
    if len(text) <= length:
        return text
    end = length - len(ONE_SENTENCE)
    while end and unicodedata.combining(text[end]):
        end -= 1
    at_word = text.rfind(" ", end - 30 if end > 60 else 0, end)
    return text[: at_word if at_word > 0 else end].rstrip() + ONE_SENTENCE


def escaped(text: str) -> str:
    """Foreign text for a mrkdwn object: its three control characters, in Slack's order."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def around(sentences: Sequence[tuple[int, int]], best: int, length: int) -> tuple[int, int]:
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
