"""Front matter: the lines `key: value` between two `---` with which a text may begin."""

import re
from itertools import accumulate

from corpus.metadata import NO_METADATA, Metadata, metadata_in

_MOST_LINES = 100
_OTHER = re.compile(
    r"\s*(?:#.*)?|\s+\S.*|\s*-\s+\S.*"
)  # blank, remark, or what goes on or is listed
_LISTED = re.compile(r"\s*(?:-\s|#|[\w-]+:(?:\s|$))")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))")
_MEANT = {"_": "\u00a0", "n": " ", "t": " "}
_KEY = re.compile(r"(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*\S))?\s*")


def front_matter(text: str) -> tuple[int, Metadata]:
    """The offset of the text after its front matter, and the metadata in that; 0 without any."""
    lines = text.splitlines(keepends=True)[:_MOST_LINES]
    if not lines or lines[0].strip(" \t\r\n\ufeff") != "---":
        return 0, NO_METADATA
    facts: dict[str, str] = {}
    key = ""
    for end, line in zip(accumulate(map(len, lines)), lines, strict=True):
        if end == len(lines[0]):
            continue
        line = line.rstrip()
        if line in ("---", "..."):
            stated = {name: _unquoted(value) for name, value in facts.items()}
            return (end, metadata_in(stated, "front matter")[0]) if facts else (0, NO_METADATA)
        fact = _KEY.fullmatch(line)
        if fact:
            key = fact["key"]
            facts[key] = fact["value"] or ""
        elif line[:1].isspace() and facts.get(key) and not _LISTED.match(line):
            escaped = facts[key].startswith('"') and facts[key].endswith("\\")
            above = facts[key][:-1] if escaped else facts[key] + " "
            facts[key] = above + line.strip()
        elif not _OTHER.fullmatch(line):
            return 0, NO_METADATA
    return 0, NO_METADATA


def _unquoted(value: str) -> str:
    """A value as YAML means it: without quotes, and without the escapes of double ones."""
    if len(value) < 2 or value[0] != value[-1] or value[0] not in "\"'":
        return value
    if value[0] == "'":
        return value[1:-1].replace("''", "'")
    return _ESCAPE.sub(_unescaped, value[1:-1])


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    meant = chr(int(code, 16)) if code else _MEANT.get(escape[3], escape[3])
    return meant if meant.isprintable() or meant.isspace() else ""
