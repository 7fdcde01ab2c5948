"""The same words in several documents: they are shown once, as the newest edition has them.

A release comes again with its page's boilerplate, on a mirror, or corrected in another paragraph.
But releases of other events have the same sentence too, and it must not be moved to them.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise

from corpus.readers import is_plain_text
from retriever.citing.todays_files import MayShow, any_file
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.index.records import StoredDocument, StoredPassage

MOST_EDITIONS = 10
"""Other places of a passage that are named: hundreds have "Thank you."."""

_TELLING = 3  # passages of a document
_COMPARED = 8  # the same, to find the copies among many: of 17 pairs in 2,025 releases 16
Occurrence = tuple[StoredPassage, StoredDocument]


def editions(
    generation: Generation,
    passage: StoredPassage,
    document: StoredDocument,
    may_stand: Callable[[StoredPassage, StoredDocument], bool],
    damaged: Callable[[int], object],
    *,
    newest: bool = True,
) -> list[Occurrence]:
    """The passage, or the same words in the newest edition of its release; then the other places of
    these words, the newest first.

    Only what may be shown counts; `damaged` is told the rows that the index no longer has. Without
    `newest` the passage itself comes first.
    """
    others: list[Occurrence] = []
    for row in generation.store.twins(passage.row):
        try:
            other = generation.store.passage(row)
            placed = (other, generation.store.document(other.document))
        except GenerationDamaged:
            damaged(row)
            continue
        if other.twin == passage.twin and may_stand(*placed):
            others.append(placed)
        if len(others) == MOST_EDITIONS:
            break
    chosen = (passage, document)
    for placed in others if newest else ():
        if _newness(placed) > _newness(chosen) and _same_release(
            generation, document.number, placed[1].number
        ):
            chosen = placed
    rest = [placed for placed in ((passage, document), *others) if placed[0].row != chosen[0].row]
    return [chosen, *sorted(rest, key=_newness, reverse=True)]


def editions_of(
    generation: Generation, document: StoredDocument, may_show: MayShow = any_file
) -> list[StoredDocument]:
    """The other documents that are editions of a document's release, the newest first.

    They are looked for by its longest passages, which other releases do not have by chance.
    """
    longest = sorted(generation.store.passages_of(document.number), key=lambda e: -len(e.text))
    found: dict[int, StoredDocument] = {}
    for passage in longest[:_TELLING]:
        for row in generation.store.twins(passage.row)[:MOST_EDITIONS]:
            with suppress(GenerationDamaged):
                other = generation.store.document(generation.store.passage(row).document)
                if other.number != document.number and may_show(other.path):
                    found[other.number] = other
    editions = [
        each for each in found.values() if _same_release(generation, document.number, each.number)
    ]
    return sorted(editions, key=lambda each: each.posted or "", reverse=True)


def copies_among(generation: Generation, documents: Sequence[int]) -> dict[int, int]:
    """For each of these documents the first of them that is an edition of the same release."""
    first = {document: document for document in documents}
    by_words: dict[int, list[int]] = {}
    for document, twin in generation.store.longest_twins(documents, _COMPARED):
        by_words.setdefault(twin, []).append(document)
    for alike in by_words.values():
        for one, other in pairwise(alike):
            if first[one] != first[other] and _same_release(generation, one, other):
                kept, gone = sorted((first[one], first[other]))
                first |= {each: kept for each, at in first.items() if at == gone}
    return first


def _same_release(generation: Generation, one: int, other: int) -> bool:
    """Whether two documents are editions of the same release; not of one that is damaged."""
    with suppress(GenerationDamaged):
        return generation.same_release(one, other)
    return False


def _newness(placed: Occurrence) -> tuple[str, bool]:
    """By the day of posting; of one day a plain text, which anybody can check, before a page."""
    return placed[1].posted or "", is_plain_text(placed[1].path.name)
