"""Front matter: the lines `key: value` between two `---` with which a text may begin."""

import re
from itertools import accumulate

from corpus.metadata import NO_METADATA, Metadata, metadata_in

_MOST_LINES = 100
_OTHER = re.compile(
    r"\s*(?:#.*)?|\s+\S.*|\s*-\s+\S.*"
)  # blank, remark, or what goes on or is listed
_KEY = re.compile(r"(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*\S))?\s*")


def front_matter(text: str) -> tuple[int, Metadata]:
    """The offset of the text after its front matter, and the metadata in that; 0 without any."""
    lines = text.splitlines(keepends=True)[:_MOST_LINES]
    if not lines or lines[0].strip(" \t\r\n\ufeff") != "---":
        return 0, NO_METADATA
    facts: dict[str, object] = {}
    for end, line in zip(accumulate(map(len, lines)), lines, strict=True):
        if end == len(lines[0]):
            continue
        line = line.rstrip()
        if line in ("---", "..."):
            return (end, metadata_in(facts, "front matter")[0]) if facts else (0, NO_METADATA)
        fact = _KEY.fullmatch(line)
        if fact:
            facts[fact["key"]] = _unquoted(fact["value"] or "")
        elif not _OTHER.fullmatch(line):
            return 0, NO_METADATA
    return 0, NO_METADATA


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] in "\"'" else value
