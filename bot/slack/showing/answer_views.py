"""What the buttons below an answer open: modals, within Slack's limits. Pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.exporting.footnotes import markdown
from bot.exporting.quotations import section_of
from bot.rendering.phrases import one_line
from bot.slack.sending import wording
from bot.slack.sending.block_kit import (
    SlackBlock,
    View,
    actions_block,
    button,
    context_block,
    literal,
    modal,
    rich_text_part,
    sentence_block,
    text_length,
)
from bot.slack.sending.block_limits import (
    ALL_BLOCKS,
    BLOCKS_IN_MODAL,
    IN_MODAL,
    LABEL,
    QUESTION,
    REASON,
    SHOWN_PASSAGES,
    fitted,
    shortened,
)
from bot.slack.showing.answer_messages import sentence, verdict_blocks
from bot.slack.showing.best_sentence import best_sentence
from bot.slack.showing.context_pages import ContextPage, Piece
from bot.slack.showing.document_list_blocks import in_list, listed_document
from bot.slack.showing.passage_blocks import (
    SMALLER,
    by_document,
    head_block,
    marked,
    passage_blocks,
    place_block,
)
from retriever.answering.answer import Answer, Hit, Verdict


def answer_view(answer: Answer, reference: str) -> View:
    """A whole answer in a modal: what was asked, and each passage as whole as that allows."""
    before = [_question(answer), *verdict_blocks(answer)]
    if answer.verdict is Verdict.NONE and not answer.is_open:
        nearest = button("nearest", wording.SHOW_NEAREST, reference)
        before.append(actions_block("actions", [nearest]))
    return modal(wording.PASSAGES, _with_passages(before, answer.passages))


def more_view(answer: Answer, skipped: int) -> View:
    """A modal with the passages of an answer behind those that its message has."""
    if in_list(answer):
        return modal(wording.DOCUMENTS, _whole_list(answer))
    hits = answer.passages[skipped:]
    before = [_question(answer)]
    if not hits:
        before.append(sentence_block(wording.NOTHING_MORE))
    return modal(wording.PASSAGES, _with_passages(before, hits))


def _whole_list(answer: Answer) -> list[SlackBlock]:
    """As many documents of a list as a modal can hold, without their sentences."""
    blocks = [_question(answer), *verdict_blocks(answer)]
    count = answer.mentioned.documents if answer.mentioned else len(answer.passages)
    for number, hit in enumerate(answer.passages):
        last = context_block("cut", wording.documents_do_not_fit(count - number))
        more = listed_document(hit)
        too_long = text_length([*blocks, *more, last]) > ALL_BLOCKS
        if too_long or len(blocks) + len(more) + 1 > BLOCKS_IN_MODAL:
            return [*blocks, last]
        blocks += more
    return blocks


def nearest_view(answer: Answer, reference: str) -> View:
    """A modal with what is nearest to a question without an answer: each may be one after all."""

    def chosen(hit: Hit) -> list[SlackBlock]:
        named = f"{reference}:{hit.rank}:{hit.citation.receipt}"
        this = button("this_answers", wording.THIS_ANSWERS, named)
        return [actions_block(f"choose_{hit.rank}", [this])]

    said = wording.NEAREST if answer.passages else wording.NOTHING_MORE
    before = [_question(answer), sentence_block(said)]
    return modal(wording.NEAREST_TITLE, _with_passages(before, answer.passages, chosen))


def reading_view(answer: Answer) -> View:
    """A modal that says how a question was read, and why the answer is what it is."""
    searched = answer.searched
    spelt = (wording.for_spelling(typed, meant) for typed, meant in searched.spelt)
    size = wording.documents(answer.documents, answer.newest)
    said = {
        wording.ASKED: answer.question,
        wording.LOOKED_FOR: searched.text,
        wording.NAMES: ", ".join(searched.names),
        wording.SPELLING: ", ".join(spelt),
        wording.TIME: wording.either(searched.periods),
        wording.ORDER: wording.ORDERS.get(searched.order or "", ""),
        wording.SEARCHED_IN: size,
        wording.WHY: sentence(answer.reason),
    }
    return modal(
        wording.HOW_READ,
        [
            sentence_block(fitted(one_line(what), REASON), first=f"{name}:")
            for name, what in said.items() if what.strip()
        ],
    )  # fmt: skip


def taken_along_view(answer: Answer) -> View:
    """A modal with as many passages of a message as it can hold, as Markdown with footnotes."""
    said = sentence_block(wording.AS_MARKDOWN)
    for count in range(min(len(answer.passages), SHOWN_PASSAGES), 0, -1):
        taken = replace(answer, passages=answer.passages[:count])
        part = rich_text_part("preformatted", [literal(markdown([section_of(taken)]))])
        blocks = [said, {"type": "rich_text", "elements": [part]}]
        if text_length(blocks) <= ALL_BLOCKS:
            return modal(wording.TAKE_ALONG, blocks)
    return modal(wording.TAKE_ALONG, [sentence_block(wording.TOO_LONG)])


def context_view(hits: Sequence[Hit], hit: Hit, page: ContextPage, reference: str) -> View:
    """A modal with a page of a document around a passage, which is quoted, and buttons to the pages
    before and after it and to the other passages of the answer."""
    turns = [(wording.EARLIER, -1), (wording.LATER, 1)]
    possible = {-1: page.has_earlier, 1: page.has_later}
    pages = [(name, hit.rank, page.number + step) for name, step in turns if possible[step]]
    pages += [(wording.passage(each.rank), each.rank, 0) for each in hits if each is not hit]
    buttons = [
        button("context_page", name, f"{reference}:{rank}:{number}", within=name)
        for name, rank, number in pages
    ]
    blocks = [head_block(hit), place_block(hit), *(_piece_block(hit, each) for each in page.pieces)]
    return modal(
        wording.IN_CONTEXT, [*blocks, *([actions_block("turn", buttons)] if buttons else [])]
    )


def _piece_block(hit: Hit, piece: Piece) -> SlackBlock:
    """A passage or a part of it behind its number; quoted, and its best sentence bold, where it is
    the one that is cited."""
    label = literal(f"{shortened(one_line(piece.label), LABEL)}  ")
    words = [literal(piece.text)]
    if piece.cited and not hit.columns:
        edges = (min(max(each - piece.start, 0), len(piece.text)) for each in best_sentence(hit))
        words = marked(piece.text, *edges)
    part = rich_text_part("quote" if piece.cited else "section", [label, *words])
    return {"type": "rich_text", "elements": [part]}


def _question(answer: Answer) -> SlackBlock:
    return context_block("question", f"“{shortened(one_line(answer.question), QUESTION)}”")


def _no_blocks(_: Hit) -> list[SlackBlock]:
    return []


def _with_passages(
    before: list[SlackBlock],
    hits: Sequence[Hit],
    after_each: Callable[[Hit], list[SlackBlock]] = _no_blocks,
) -> list[SlackBlock]:
    """The blocks with as many passages behind them as a modal can hold, in the order of their
    documents; the first one is cut where it has to be."""
    blocks = list(before)
    in_order = [hit for of_document in by_document(hits) for hit in of_document]
    heads = {of_document[0].rank for of_document in by_document(hits)}
    for number, hit in enumerate(in_order):
        last = context_block("cut", wording.do_not_fit(len(hits) - number))
        room = ALL_BLOCKS - text_length([*blocks, last])
        for each in (IN_MODAL, *SMALLER):
            quoted = passage_blocks(hit, each, has_head=hit.rank in heads) + after_each(hit)
            if number or text_length(quoted) <= room:
                break
        if len(blocks) + len(quoted) + 1 > BLOCKS_IN_MODAL or text_length(quoted) > room:
            return [*blocks, last]
        blocks += quoted
    return blocks
