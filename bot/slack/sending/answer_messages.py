"""Answers as Slack messages and modals: pure functions, within Slack's limits."""

from collections.abc import Sequence

from bot.rendering.answers import reading_notes
from bot.rendering.phrases import chance_in_words, first_names, one_line
from bot.slack.sending import wording
from bot.slack.sending.block_kit import (
    Message,
    SlackBlock,
    View,
    button,
    context_block,
    fallback_text,
    modal,
    sentence_block,
    text_length,
)
from bot.slack.sending.block_limits import (
    ALL_BLOCKS,
    BLOCKS_IN_MODAL,
    IN_MODAL,
    QUESTION,
    REASON,
    SHOWN_PASSAGES,
    TITLE,
    fitted,
    shortened,
)
from bot.slack.sending.passage_blocks import (
    SMALLER,
    days_of,
    fitted_passage_blocks,
    neighbour_blocks,
    passage_block,
    place_of,
    title_of,
)
from corpus.passage_context import in_words
from retriever.answering.answer import Answer, Hit, Verdict
from retriever.index.records import StoredPassage


def answer_message(
    answer: Answer, reference: str, *, may_share: bool = False, outsiders: bool = False,
    shared_by: str = "", note: str = "",
) -> Message:  # fmt: skip
    """The answer as a message: what was asked, the passages, how it was read, the buttons.

    `reference` names the question in the buttons. A shared one has no buttons, and says by whom;
    `outsiders` says that people of other organisations may read the channel too.
    """
    before = [context_block("question", _headline(answer, shared_by)), *_verdict_blocks(answer)]
    if answer.verdict is Verdict.NONE and not answer.is_open:
        before.append(context_block("hint", wording.NOTHING_NEAR))
    notes = [*_notes(answer), *([note] if note else [])]
    after = [context_block("searched", " · ".join(notes))]
    if not shared_by:
        after += _buttons(answer, reference, may_share=may_share, outsiders=outsiders)
    quoted = fitted_passage_blocks(
        answer.passages[:SHOWN_PASSAGES], ALL_BLOCKS - text_length(before + after)
    )
    return {"text": fallback_answer(answer, shared_by), "blocks": [*before, *quoted, *after]}


def fallback_answer(answer: Answer, shared_by: str = "") -> str:
    """The answer in one escaped sentence, for notifications and screen readers."""
    asked = shortened(one_line(answer.question), 100)
    by = wording.shared(shortened(one_line(shared_by), 60), "") if shared_by else ""
    if not answer.passages:
        return fallback_text(f"{by}“{asked}”: {_no_passage(answer)} {_sentence(answer.reason)}")
    hit = answer.passages[0]
    where = f"{shortened(title_of(hit), 80)} ({days_of(hit)}, {place_of(hit)})"
    found = wording.POSSIBLE if answer.verdict is Verdict.RELATED else wording.FOUND
    best = " ".join(hit.text[start:end] for start, end in hit.highlights[:1])
    words = in_words(hit.text, hit.columns) if hit.columns else best or hit.text
    return fallback_text(f"{by}{found} for “{asked}”: {where}: “{one_line(words)}”")


def more_view(answer: Answer) -> View:
    """A modal with further passages, each as whole as a modal allows."""
    blocks = [context_block("question", _headline(answer, "")), *_verdict_blocks(answer)]
    for number, hit in enumerate(answer.passages):
        last = context_block("cut", wording.do_not_fit(len(answer.passages) - number))
        room = ALL_BLOCKS - text_length([*blocks, last])
        quoted = (
            fitted_passage_blocks([hit], room, IN_MODAL)
            if number == 0
            else [passage_block(hit, IN_MODAL)]
        )
        if len(blocks) + 2 > BLOCKS_IN_MODAL or text_length(quoted) > room:
            blocks.append(last)
            break
        blocks += quoted
    return modal(wording.PASSAGES, blocks)


def context_view(found: Sequence[tuple[Hit, Sequence[StoredPassage]]]) -> View:
    """A modal with each passage between its neighbours; the passage itself is quoted."""
    for room in (IN_MODAL, *SMALLER):
        blocks = [block for hit, near in found for block in neighbour_blocks(hit, near, room)]
        if text_length(blocks) <= ALL_BLOCKS:
            break
    return modal(
        wording.IN_CONTEXT, blocks[:BLOCKS_IN_MODAL] or [context_block("none", wording.TOO_OLD)]
    )


def _headline(answer: Answer, shared_by: str) -> str:
    asked = shortened(one_line(answer.question), QUESTION)
    count = len(answer.passages[:SHOWN_PASSAGES])
    chance = chance_in_words(answer.likelihood)
    found = {
        Verdict.FOUND: f"{wording.passages(count)}, likely an answer ({chance}), for: {asked}",
        Verdict.RELATED: f"{wording.POSSIBLE} ({chance}), for: {asked}",
        Verdict.NONE: f"{wording.NONE} for: {asked}",
    }[answer.verdict]
    return wording.shared(shortened(one_line(shared_by), TITLE), found) if shared_by else found


def _verdict_blocks(answer: Answer) -> list[SlackBlock]:
    """What is to be said before the passages: nothing when they answer."""
    if answer.verdict is Verdict.FOUND:
        return []
    first = _no_passage(answer) if answer.verdict is Verdict.NONE else wording.MAY_NOT_ANSWER
    return [sentence_block(fitted(_sentence(answer.reason), REASON), first=first)]


def _no_passage(answer: Answer) -> str:
    if answer.is_open:
        return wording.NOT_SHOWN
    return wording.no_passage(answer.documents, answer.newest)


def _notes(answer: Answer) -> list[str]:
    """How the question was read, and how fresh the index is."""
    asked = shortened(one_line(answer.searched.text), QUESTION)
    notes = [f"Searched: {asked}", *reading_notes(answer)]
    if answer.withheld:
        notes.append(wording.withheld(len(answer.withheld)))
    if answer.unreachable:
        notes.append(wording.unreachable(first_names(answer.unreachable, 3)))
    if answer.damaged:
        notes.append(wording.damaged(len(answer.damaged)))
    return [shortened(note, 600) for note in notes]


def _buttons(
    answer: Answer, reference: str, *, may_share: bool, outsiders: bool
) -> list[SlackBlock]:
    if answer.verdict is Verdict.NONE:
        return []
    buttons = [
        button("show_more", wording.SHOW_MORE, reference),
        button("show_context", wording.SHOW_CONTEXT, reference),
    ]
    if may_share:
        share = button("share", wording.SHARE, reference)
        buttons.append({**share, "confirm": _share_confirmation(answer, outsiders=outsiders)})
    votes = {
        f"{sign}_button": {
            "text": {"type": "plain_text", "text": label},
            "accessibility_label": wording.mark_as(label),
            "value": f"{reference}:{vote}",
        }
        for sign, label, vote in (
            ("positive", wording.HELPFUL, "up"),
            ("negative", wording.NOT_HELPFUL, "down"),
        )
    }
    feedback = {"type": "feedback_buttons", "action_id": "feedback", **votes}
    return [
        {"type": "actions", "block_id": "actions", "elements": buttons},
        {"type": "context_actions", "block_id": "feedback", "elements": [feedback]},
    ]


def _share_confirmation(answer: Answer, *, outsiders: bool) -> SlackBlock:
    seen = wording.who_will_see(len(answer.passages[:SHOWN_PASSAGES]), outsiders=outsiders)
    return {
        "title": {"type": "plain_text", "text": wording.SHARE_TITLE},
        "text": {"type": "plain_text", "text": seen},
        "confirm": {"type": "plain_text", "text": wording.SHARE_YES},
        "deny": {"type": "plain_text", "text": wording.CANCEL},
    }


def _sentence(reason: str) -> str:
    return f"{one_line(reason[:1].upper() + reason[1:])}."
