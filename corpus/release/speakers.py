"""Speaker turns of a transcript: `QUESTION:`, `MR PRICE:`, `MINISTER LE DRIAN (interpreted):`."""

import re

_TURN = re.compile(r"(?P<speaker>[^\W\d_][\w.,’'\- ]{0,58}?(?:\s\([^()]{1,40}\))?):(?=\s)")


def speaker_of(line: str) -> str:
    """The name in capitals that opens a speaker's turn, or "" for any other line."""
    match = _TURN.match(line.replace("\xa0", " "))
    if not match:
        return ""
    speaker = match["speaker"].split(" (")[0]
    letters = sum(character.isalpha() for character in speaker)
    capital = speaker.upper() == speaker and (letters > 1 or speaker in "QA")
    return speaker if capital and len(speaker.split()) <= 8 else ""


def is_questioner(speaker: str) -> bool:
    """Whether a turn under this name is a question from the floor."""
    return speaker in ("QUESTION", "Q", "REPORTER", "PRESS", "INTERVIEWER")
