"""What of a passage stayed, what was removed and what was added, word by word."""

import re
from dataclasses import dataclass
from itertools import groupby

_MOST_WORDS = 20_000
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # scripts whose words have no blanks between
_WORD = re.compile(rf"[{_UNSPACED}] ?|[^\s{_UNSPACED}]+ ?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a difference; `kind` is `same`, `removed` or `added`."""

    kind: str
    words: str


def word_difference(old: str, new: str) -> tuple[Piece, ...]:
    """The difference of two texts in reading order, what was removed before what was added.

    White space counts as one blank. What is the same and removed, joined by blanks, is the old
    text; what is the same and added the new one.
    """
    before, after = (_WORD.findall(" ".join(text.split())) for text in (old, new))
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in _opcodes([each.strip() for each in before],
                                    [each.strip() for each in after]):  # fmt: skip
        if tag == "equal":
            pieces.append(("same", "".join(after[c:d])))
            continue
        pieces += [("removed", "".join(before[a:b])), ("added", "".join(after[c:d]))]
    return tuple(_joined(pieces))


def word_similarity(one: str, other: str) -> float:
    """How much of the words of two texts is the same in the same order, from 0 to 1."""
    from rapidfuzz.distance import Indel

    words = ([each.strip() for each in _WORD.findall(text)][:_MOST_WORDS] for text in (one, other))
    return Indel.normalized_similarity(*words)


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(before) + len(after) > _MOST_WORDS:  # comparing takes the product of both
        return [("replace", 0, len(before), 0, len(after))]
    from rapidfuzz.distance import Indel

    found = Indel.opcodes(before, after)
    return [(e.tag, e.src_start, e.src_end, e.dest_start, e.dest_end) for e in found]


def _joined(pieces: list[tuple[str, str]]) -> list[Piece]:
    """Runs of changes as what was removed and then what was added."""
    joined = []
    for is_same, run in groupby((each for each in pieces if each[1]), lambda e: e[0] == "same"):
        changes = list(run)
        for kind in ("same",) if is_same else ("removed", "added"):
            words = "".join(text for each, text in changes if each == kind).strip()
            if words:
                joined.append(Piece(kind, words))
    return joined
