"""Lists of documents as blocks: each with its title and days, the sentence that mentions what is
asked for, and its place."""

from collections.abc import Sequence

from bot.rendering.document_lists import excerpt, is_one
from bot.slack.sending.block_kit import SlackBlock, literal, rich_text_part, text_length
from bot.slack.sending.block_limits import BEST, shortened
from bot.slack.showing.passage_blocks import head_block, place_block
from retriever.answering.answer import Answer, Hit

_SHORTER = 120
"""Characters of a sentence where several long ones would not fit together."""


def in_list(answer: Answer) -> bool:
    """Whether an answer is shown as a list; one document is shown as any other answer."""
    return answer.listed is not None and not is_one(answer)


def listed_blocks(hits: Sequence[Hit], room: int) -> list[SlackBlock]:
    """The documents of a list, their sentences cut where they have more than `room` characters."""
    for longest in (BEST, _SHORTER):
        blocks = [block for hit in hits for block in listed_document(hit, longest)]
        if text_length(blocks) <= room:
            break
    return blocks


def listed_document(hit: Hit, longest: int = 0) -> list[SlackBlock]:
    """A document of a list, with at most so many characters of its sentence, or without it."""
    head = head_block(hit)
    if longest:
        quoted = [literal(shortened(excerpt(hit), longest))]
        head = {**head, "elements": [*head["elements"], rich_text_part("quote", quoted)]}
    return [head, place_block(hit)]
