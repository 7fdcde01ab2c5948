"""Near duplicates: releases that are copies of each other, and passages of the same words.

Documents are compared by their shingles of eight words. Candidates are found with MinHash and
locality-sensitive hashing (Broder 1997, "On the resemblance and containment of documents"; Indyk
and Motwani 1998, "Approximate nearest neighbors"), and then compared shingle by shingle.
"""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.release.boilerplate import TRAILING_END_MARK
from corpus.text.characters import INVISIBLE, folded, search_form

if TYPE_CHECKING:
    from datasketch import MinHash

Shingles = NDArray[np.uint64]

_SHINGLE = 8
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: its multiples lie evenly
_PERMUTATIONS, _BANDS, _ROWS, _SEED = 128, 42, 3, 1
_SHARED = 0.6  # of all shingles of both: a release and its corrected form
_WITHIN, _PART = 0.9, 0.4  # a shorter form lies in a longer one, and is no mere excerpt of it
_LATER, _AT_ONCE = datetime.timedelta(days=60), datetime.timedelta(days=3)  # issued again
_END_MARK = 200  # characters at the end of a passage
_COMPARED = 8  # with so many of a group a document is compared, so that a large one costs no more
_WORD = re.compile(r"\w+")
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_WRAPPED = re.compile(r"[-\u2010][ \t]*\n[ \t]*(?=[^\W\d_])")
_MARKS = r"\s!\"#'()*,./:;\[\\\]^_`{}¡§«¶·»¿\u2000-\u206f\u3001-\u303f"
_IDLE = re.compile(  # but 1.5 is not 15, nor -5 the same as 5
    rf"[-{_MARKS}](?!\d)|(?<!\d)[{_MARKS}]|(?<=[^\W\d])-"
)
_BETWEEN_FIGURES = re.compile(  # "1, 5" is not 15, but "5,2023" is "5, 2023"
    rf"(?<=\d)[{_MARKS}]{{2,}}(?=\d)|(?<=\d),(?=\d)(?!\d{{3}}(?!\d))"
)


def words_hash(text: str) -> int:
    """A key that is equal for passages of the same words, whatever their typography; 64 bits.

    Case, spaces, quotes, hyphens, line breaks and an end mark make no difference; a word, a figure,
    the sign of a figure or a question mark does.
    """
    glued = TRAILING_END_MARK.search(text, max(0, len(text) - _END_MARK))
    words = search_form(text[: glued.start()] if glued else text).casefold()
    kept = _IDLE.sub("", _BETWEEN_FIGURES.sub(" ", words))
    return int.from_bytes(hashlib.blake2b(kept.encode(), digest_size=8).digest(), signed=True)


def groups_of_copies(documents: Sequence[Document]) -> list[tuple[int, ...]]:
    """The groups of documents that are the same release, each by their positions, ascending.

    Deterministic, and linear in the number of documents as long as few are alike.
    """
    from datasketch import MinHash, MinHashLSH  # half a second, and only indexing needs it

    empty = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=int)
    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    numbers = _Numbers()
    shingles = lru_cache(maxsize=256)(lambda position: _shingles(documents[position], numbers))
    groups: dict[int, list[int]] = {}
    for position in range(len(documents)):
        sketch = _sketch(empty, shingles(position))
        groups[position] = [position]
        for other in sorted(index.query(sketch)):
            if groups[other] is not groups[position] and _same_release(
                documents[other], documents[position], shingles(other), shingles(position)
            ):
                groups[other] += groups[position]
                groups |= dict.fromkeys(groups[position], groups[other])
        if len(groups[position]) <= _COMPARED:
            index.insert(position, sketch)
    return [tuple(sorted(each)) for first, each in groups.items() if first == min(each) < max(each)]


def same_release(one: Document, other: Document) -> bool:
    """Whether two documents are the same release."""
    apart = _apart(one, other)
    if apart is not None and apart > _LATER:
        return False
    numbers = _Numbers()
    return _same_release(one, other, _shingles(one, numbers), _shingles(other, numbers))


def _same_release(one: Document, other: Document, shingles: Shingles, others: Shingles) -> bool:
    """Whether two documents share most of their shingles, and do not differ as two of a series do.

    A series has the same words for another country, sum or day: each document has names or figures
    that the other lacks. So has a release that was issued again with a correction; but it keeps its
    title, or adds to it, and its day.
    """
    shared = len(np.intersect1d(shingles, others, assume_unique=True))
    shorter, longer = sorted((len(shingles), len(others)))
    alike = shared >= _SHARED * (shorter + longer - shared)
    if not alike and not (shared >= _WITHIN * shorter and shorter >= _PART * longer):
        return False
    apart = _apart(one, other)
    if apart is not None and apart > _LATER:
        return False
    if not _exchanged(_words(one), _words(other)):
        return True
    if one.events and other.events:
        same_day = bool({*one.events} & {*other.events})
    else:
        same_day = apart is not None and apart <= _AT_ONCE
    return same_day and not _exchanged(one.title, other.title)


def _apart(one: Document, other: Document) -> datetime.timedelta | None:
    """The time between the days on which two documents were posted, where both are known."""
    return abs(one.posted - other.posted) if one.posted and other.posted else None


def _exchanged(one: str, other: str) -> bool:
    """Whether each of two texts has names or figures that the other lacks."""
    first, second = (
        {folded(word) for word in _WORD.findall(text) if not word[0].islower()}
        for text in (one, other)
    )
    return bool(first - second and second - first)


class _Numbers(dict[str, int]):
    """Words to numbers, the same in every process."""

    def __missing__(self, word: str) -> int:
        number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
        self[word] = number
        return number


def _shingles(document: Document, numbers: _Numbers) -> Shingles:
    """The hashes of a document's shingles, ascending and distinct; a short document has one."""
    words = _WORD.findall(_words(document).casefold())
    each = np.array([*map(numbers.__getitem__, words), *[0] * (_SHINGLE - len(words))], np.uint64)
    count = len(each) - _SHINGLE + 1
    shingles = np.zeros(count, np.uint64)
    for place in range(_SHINGLE):
        shingles = shingles * _MULTIPLIER + each[place : place + count]
    return np.unique(shingles)


def _words(document: Document) -> str:
    """The words of a document, whatever its characters and line breaks; case is kept."""
    text = "\n".join(passage.text for passage in document.passages)
    if not text.isascii():
        if any(character in text for character in INVISIBLE):
            text = text.translate(_UNSEEN)
        text = unicodedata.normalize("NFKC", text)
    return _WRAPPED.sub("", text)


def _sketch(empty: "MinHash", shingles: Shingles) -> "MinHash":
    sketch = empty.copy()
    sketch.update_batch((shingles >> np.uint64(32)).tolist())
    return sketch
