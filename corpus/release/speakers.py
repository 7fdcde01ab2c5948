"""Speaker turns of a transcript: `QUESTION:`, `Q`, `MR PRICE:`, `MINISTER DOE (interpreted):`."""

import re
from collections.abc import Iterable
from itertools import islice

_TURN = re.compile(r"(?P<speaker>[^\W\d_][\w.,’'\- ]{0,58}?(?:\s\([^()]{1,40}\))?):(?=\s)")


_BARE_QUESTION = re.compile(r"Q\s+(?=[A-Z“\"‘'(\[—–…-])")
"""`Q    Mr. President, how ...`, as some transcripts print a turn of the press."""


def speaker_of(line: str, *, in_transcript: bool = False) -> str:
    """The name in capitals that opens a speaker's turn, or "" for any other line.

    Among other turns, `in_transcript`, a `Q` needs no colon.
    """
    if in_transcript and _BARE_QUESTION.match(line):
        return "Q"
    match = _TURN.match(line.replace("\xa0", " "))
    if not match:
        return ""
    speaker = match["speaker"].split(" (")[0]
    letters = sum(character.isalpha() for character in speaker)
    capital = speaker.upper() == speaker and (letters > 1 or speaker in "QA")
    return speaker if capital and len(speaker.split()) <= 8 else ""


def is_transcript(lines: Iterable[str]) -> bool:
    """Whether these lines hold more than one speaker's turn."""
    turns = (line for line in lines if speaker_of(line, in_transcript=True))
    return len(list(islice(turns, 2))) > 1


QUESTIONERS = ("QUESTION", "Q", "REPORTER", "PRESS", "INTERVIEWER")


def is_questioner(speaker: str) -> bool:
    """Whether a turn under this name is a question from the floor."""
    return speaker in QUESTIONERS
