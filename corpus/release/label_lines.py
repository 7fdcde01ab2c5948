"""Label lines: `Present: Marta Lindqvist`, `Apologies: Lars Brandvold`, as minutes have them."""

import re

from corpus.release.boilerplate_words import RECORD_LABELS

_RECORD = re.compile(rf"(?:{RECORD_LABELS})(?:\s\([^()]{{1,30}}\))?\s*[:：]\s*\S", re.IGNORECASE)
_LABELLED = re.compile(r"[^\W\d_][\w’'&/() -]{0,30}[:：]\s*\S")


def is_record(line: str) -> bool:
    """Whether a line records a fact under a label of minutes: it is content, however short."""
    return bool(_RECORD.match(line))


def is_labelled(line: str) -> bool:
    """Whether a line is a label and a value; next to another one it is no heading."""
    return bool(_LABELLED.match(line))
