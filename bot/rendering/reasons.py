"""Why a file is not read, or not wholly, in a sentence, and what to do about it."""

import re

from bot.rendering.phrases import one_line

_LINES, _LONGEST = 3, 300
"""The lines of a reason that are shown, and the characters of each."""
_REMEDIES = (
    (r"\(limits\.", "raise that limit in pincite.toml"),
    (r"; ", ""),  # the reason says it
    (r"\bempty\b|\bno (?:text|paragraph|pages?)\b|\bnothing is\b", "add one that has text"),
    (r"\blinks?\b", "put the file itself there"),
    (r"\bcannot be (?:opened|listed)\b", "check its rights"),
    (r"\bits name\b", "rename it"),
    (r"\bmore than\b|\btoo (?:large|many)\b", "divide it"),
    (r"", "open it in its program, and save it anew, or as PDF, Word or text"),
)
"""What to do about a reason, by what that says; the first one that fits."""


def remedied(reason: str) -> str:
    """Why a file is not read, and what to do about it."""
    remedy = next(each for said, each in _REMEDIES if re.search(said, reason))
    return "; ".join(filter(None, (reason, remedy)))


def shortened(reason: str) -> str:
    """The beginning of each of the first lines of a reason, on one line."""
    lines = reason.split("\n")
    more = f"; and {len(lines) - _LINES:,} more" if len(lines) > _LINES else ""
    return "; ".join(one_line(line, _LONGEST) for line in lines[:_LINES]) + more
