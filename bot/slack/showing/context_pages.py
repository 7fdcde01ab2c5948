"""A document in pages around one of its passages: all of a long paragraph, and what is near it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.slack.sending.block_limits import character_end, slack_length
from corpus.language.sentences import sentence_spans
from corpus.passage_context import in_words
from retriever.index.records import StoredPassage

PAGE = 2_800
"""Characters of a page, as Slack may count them; so is no part of one longer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage, or a part of a long one from `start` on, and whether it is the `cited` one."""

    label: str
    text: str
    start: int
    cited: bool


@dataclass(frozen=True, slots=True)
class ContextPage:
    """The pieces of a page; page 0 has the best sentence, and others are counted from there."""

    number: int
    pieces: tuple[Piece, ...]
    has_earlier: bool
    has_later: bool


def context_page(
    passages: Sequence[StoredPassage], label: str, best: int, number: int
) -> ContextPage:
    """The page of this number around the best words of the passage with this label.

    Behind the last page is the last one.
    """
    pieces = [piece for each in passages for piece in _pieces(each, cited=each.label == label)]
    lengths = [slack_length(piece.text) for piece in pieces]
    within = [n for n, piece in enumerate(pieces) if piece.cited and piece.start <= best]
    first, last = _around(lengths, within[-1] if within else 0)
    at = 0
    while at < number and last < len(pieces):
        first, last, at = last, _grown(lengths, last, 1), at + 1
    while at > number and first > 0:
        first, last, at = _grown(lengths, first, -1), first, at - 1
    return ContextPage(at, tuple(pieces[first:last]), first > 0, last < len(pieces))


def _pieces(passage: StoredPassage, *, cited: bool) -> Iterator[Piece]:
    """A passage in parts that fit on a page, between sentences where that can be."""
    text = in_words(passage.text, passage.columns) if passage.columns else passage.text
    starts = [span.start for span in sentence_spans(text)][1:]
    cuts, end = [0], 0
    for edge in (*starts, len(text)):
        if slack_length(text[cuts[-1] : edge]) > PAGE and end > cuts[-1]:
            cuts.append(end)
        while slack_length(text[cuts[-1] : edge]) > PAGE:  # a sentence that is too long in itself
            cuts.append(_cut(text, cuts[-1]))
        end = edge
    for start, end in pairwise((*cuts, len(text))):
        yield Piece(passage.label, text[start:end], start, cited)


def _cut(text: str, start: int) -> int:
    """Where a part that begins there can end: at a word, or at what readers take for a character.

    What Slack may count for one character is five at most.
    """
    room = PAGE // 5 if slack_length(text[start : start + PAGE]) > PAGE else PAGE
    end = max(character_end(text, start + room), start + 1)
    at_word = text.rfind(" ", start + room // 2, end) + 1
    return at_word or end


def _around(lengths: Sequence[int], at: int) -> tuple[int, int]:
    """The pieces that fit on one page with this one in their middle; as a range."""
    first, last = at, min(at + 1, len(lengths))
    while True:
        wider = [
            (start, end)
            for start, end in ((first - 1, last), (first, last + 1))
            if start >= 0 and end <= len(lengths) and sum(lengths[start:end]) <= PAGE
        ]
        if not wider:
            return first, last
        first, last = min(wider, key=lambda each: abs(each[0] + each[1] - 1 - 2 * at))


def _grown(lengths: Sequence[int], edge: int, step: int) -> int:
    """Where a page ends that begins at this edge and goes on forwards or, with -1, backwards."""
    end, room = edge, PAGE
    while 0 <= (piece := end if step > 0 else end - 1) < len(lengths):
        if room < lengths[piece] and end != edge:
            break
        room -= lengths[piece]
        end += step
    return end
