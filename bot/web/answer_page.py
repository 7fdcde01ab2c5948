"""What the page of an answer shows of a passage: its words in pieces, and where they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.document_lists import excerpt, is_excerpt
from bot.rendering.phrases import HEADING, chance_in_words, days_in_words, one_line, place_in_words
from corpus.passage_context import cells_of
from retriever.answering.answer import Answer, Hit
from retriever.citing.citation import Citation


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage of an answer; `pieces` are its words in order, each with whether it is marked."""

    hit: Hit
    place: str
    chance: str
    pieces: Sequence[tuple[str, bool]]
    cells: Sequence[tuple[str, str]]
    also_in: Sequence[Citation]


def quotations(answer: Answer) -> list[Quotation]:
    """The passages of an answer, best first."""
    return [
        Quotation(
            hit=hit,
            place=_place(hit),
            chance=chance_in_words(hit.score),
            pieces=_pieces(answer, hit),
            cells=cells_of(hit.text, hit.columns) if hit.columns else (),
            also_in=tuple(map(Citation.parse, hit.also_in)),
        )
        for hit in answer.passages
    ]


def _pieces(answer: Answer, hit: Hit) -> list[tuple[str, bool]]:
    """The words of a passage; of one in a list the sentence that mentions what is asked for."""
    if is_excerpt(answer, hit):
        return [(excerpt(hit), False)]
    return marked_pieces(hit.text, hit.highlights)


def marked_pieces(text: str, ranges: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut at the ranges, each piece with whether it lies in one; together they are it."""
    pieces, end = [], 0
    for start, stop in sorted(ranges):
        pieces += [(text[end:start], False), (text[max(start, end) : stop], True)]
        end = max(end, stop)
    pieces.append((text[end:], False))
    return [(piece, marked) for piece, marked in pieces if piece]


def _place(hit: Hit) -> str:
    parts = [
        days_in_words(hit.document.posted, hit.document.event),
        place_in_words(hit.label, hit.page),
    ]
    if hit.heading:
        parts.append(f"under “{one_line(hit.heading, HEADING)}”")
    return " · ".join(parts)
