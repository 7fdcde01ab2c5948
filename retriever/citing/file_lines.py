"""On which line of a text file a passage begins."""

import re

from corpus.document import Document, Passage
from corpus.errors import Unreadable
from corpus.text.decoding import decode

_BREAK = re.compile(r"\r\n?|\n")  # as editors count lines; Python knows further ones
_WORD = re.compile(r"\w+")
_WORDS = 8  # by which a passage is found among the signs of its format


def line_in_file(data: bytes, document: Document, passage: Passage) -> int | None:
    """The line, from 1, on which a passage of this document begins in the bytes of its file.

    None where its words do not stand there as they are shown, as in an office document.
    """
    try:
        text, _ = decode(data)
    except Unreadable:
        return None
    start = passage.span.start if text == document.text else _start_in(text, document, passage)
    return None if start is None else len(_BREAK.findall(text, 0, start)) + 1


def _start_in(text: str, document: Document, passage: Passage) -> int | None:
    """Where a passage begins in its file: at the first words of it, as often as they come before
    in the document's passages."""
    words = _beginning(passage)
    if not words:
        return None
    before = document.passages[: document.passages.index(passage)]
    count = sum(_beginning(each) == words for each in before)
    found = [each.start() for each in re.finditer(r"\W+".join(map(re.escape, words)), text)]
    return found[min(count, len(found) - 1)] if found else None


def _beginning(passage: Passage) -> list[str]:
    return _WORD.findall(passage.text)[:_WORDS]
