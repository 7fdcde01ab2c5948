"""Answers as Slack messages: pure functions, within Slack's limits.

A phone shows a few lines: the sentence that answers comes first, then its paragraph with its
document, and what was done to find it last.
"""

from collections.abc import Sequence

from bot.rendering.document_lists import (
    left_out_in_words,
    mentions_in_words,
    reason_in_words,
)
from bot.rendering.phrases import first_names, one_line
from bot.slack.sending import wording
from bot.slack.sending.block_kit import (
    Message,
    SlackBlock,
    actions_block,
    button,
    context_block,
    fallback_text,
    sentence_block,
    text_length,
)
from bot.slack.sending.block_limits import (
    ALL_BLOCKS,
    ASKED,
    LACKING,
    LISTED_DOCUMENTS,
    QUESTION,
    REASON,
    SHOWN_PASSAGES,
    TITLE,
    fitted,
    shortened,
)
from bot.slack.showing.best_sentence import best_sentence
from bot.slack.showing.document_list_blocks import in_list, listed_blocks
from bot.slack.showing.passage_blocks import best_block, days_of, fitted_document_blocks, title_of
from corpus.passage_context import in_words
from retriever.answering.answer import Answer, Hit, Verdict

_BUT = ", but "
"""What in a reason stands before what the passages lack."""


def answer_message(
    answer: Answer, reference: str, *, may_share: bool = False, outsiders: bool = False,
    shared_by: str = "", note: str = "", following: str = "",
) -> Message:  # fmt: skip
    """The answer as a message: the best sentence, the passages, how it was found, the buttons.

    `reference` names the question in the buttons. A shared one has no buttons, and says by whom;
    `outsiders` says that people of other organisations may read the channel too. What is news of a
    question says that, and has a button to stop `following` it.
    """
    is_list = in_list(answer)
    shown = answer.passages[: LISTED_DOCUMENTS if is_list else SHOWN_PASSAGES]
    before = [
        context_block("question", _asked(answer, shared_by, following)),
        *verdict_blocks(answer),
    ]
    before += [best_block(shown[0])] if shown and not is_list else []
    notes = [*_notes(answer), *([note] if note else [])]
    after = [context_block("searched", " ".join(notes))] if notes else []
    if not shared_by:
        after += _buttons(
            answer, reference, may_share=may_share, outsiders=outsiders, following=following
        )
    room = ALL_BLOCKS - text_length(before + after)
    if is_list:
        quoted = listed_blocks(shown, room)
    else:
        quoted = fitted_document_blocks(shown, room, in_message=True)
    text = fallback_answer(answer, shared_by, is_news=bool(following))
    return {"text": text, "blocks": [*before, *quoted, *after]}


def fallback_answer(answer: Answer, shared_by: str = "", *, is_news: bool = False) -> str:
    """The answer in escaped sentences, for notifications, screen readers, and where Slack refuses
    the blocks: what was asked comes last, since a notification shows but the beginning."""
    by = wording.shared(shortened(one_line(shared_by), 20), "") if shared_by else ""
    by = f"{wording.NEWS}: " if is_news else by
    asked = f"{wording.ASKED}: “{shortened(one_line(answer.question), ASKED)}”"
    if not answer.passages:
        said = f"{_no_passage(answer)} {sentence(answer.reason)}"
    else:
        hit = answer.passages[0]
        opening = f"{wording.POSSIBLE}: " if answer.verdict is Verdict.RELATED else ""
        opening = f"{sentence(answer.reason)} " if answer.listed else opening
        words = shortened(one_line(_best_words(hit)), 180)
        said = f"{opening}“{words}” ({shortened(title_of(hit), 80)}, {days_of(hit)})."
    return fallback_text(f"{by}{said} {asked}")


def _best_words(hit: Hit) -> str:
    start, end = best_sentence(hit)
    return in_words(hit.text, hit.columns) if hit.columns else hit.text[start:end]


def _asked(answer: Answer, shared_by: str, following: str) -> str:
    asked = f"“{shortened(one_line(answer.question), ASKED)}”"
    if following:
        return f"{wording.NEWS}: {asked}"
    return wording.shared(shortened(one_line(shared_by), TITLE), asked) if shared_by else asked


def verdict_blocks(answer: Answer) -> list[SlackBlock]:
    """What is to be said before the passages: nothing when they answer, how many a list has."""
    if answer.listed and answer.passages:
        return [sentence_block(fitted(sentence(reason_in_words(answer)), REASON))]
    if answer.verdict is Verdict.FOUND:
        return []
    if answer.verdict is Verdict.RELATED:
        lacking = shortened(_lacking(answer), LACKING)
        return [sentence_block(wording.may_not_answer(lacking))]
    hint = [] if answer.is_open else [context_block("hint", wording.NOTHING_NEAR)]
    said = fitted(sentence(answer.reason), REASON)
    return [sentence_block(said, first=_no_passage(answer)), *hint]


def _lacking(answer: Answer) -> str:
    """What the passages lack, of the reason for the verdict; empty when they lack nothing."""
    return one_line(answer.reason.partition(_BUT)[2])


def _no_passage(answer: Answer) -> str:
    if answer.is_open:
        return wording.NOT_SHOWN
    return wording.no_passage(answer.documents, answer.newest)


def _notes(answer: Answer) -> list[str]:
    """How sure the answer is, what the question was taken for, and what was searched."""
    searched, notes = answer.searched, list[str]()
    notes += mentions_in_words(answer) if answer.listed else []
    if named := "" if answer.listed else left_out_in_words(answer, SHOWN_PASSAGES):
        notes.append(named)
    if answer.verdict is not Verdict.NONE and not answer.listed:
        surely = answer.verdict is Verdict.FOUND
        doubt = _lacking(answer) if surely else ""
        notes.append(wording.likely(answer.likelihood, doubt, surely=surely))
    if one_line(searched.text) != one_line(answer.question):
        notes.append(wording.searched(shortened(one_line(searched.text), QUESTION)))
    notes += [wording.spelt(one_line(typed), one_line(meant)) for typed, meant in searched.spelt]
    if answer.withheld:
        notes.append(wording.withheld(len(answer.withheld)))
    if answer.unreachable:
        notes.append(wording.unreachable(first_names(answer.unreachable, 3)))
    if answer.damaged:
        notes.append(wording.damaged(len(answer.damaged)))
    if answer.passages:
        notes.append(wording.looked_through(answer.documents, answer.newest))
    return [shortened(note, 600) for note in notes]


def _buttons(
    answer: Answer, reference: str, *, may_share: bool, outsiders: bool, following: str
) -> list[SlackBlock]:
    """What can be done with an answer; an abstention can be wrong too."""
    how = button("how_read", wording.HOW_READ, reference)
    follow = button("follow", wording.FOLLOW, reference)
    if following:
        follow = button("stop_telling", wording.STOP, following)
    if answer.verdict is Verdict.NONE:
        near = [] if answer.is_open else [button("nearest", wording.SHOW_NEAREST, reference)]
        votes = [] if answer.is_open else [_votes(reference, wording.NOT_THERE, wording.IS_THERE)]
        return [actions_block("actions", [*near, how, follow]), *votes]
    buttons = [
        *_show_more(answer, reference),
        button("show_context", wording.SHOW_CONTEXT, reference),
        how,
        button("take_along", wording.TAKE_ALONG, reference),
        follow,
    ]
    if may_share:
        share = button("share", wording.SHARE, reference)
        buttons.append({**share, "confirm": _share_confirmation(answer, outsiders=outsiders)})
    return [
        actions_block("actions", buttons),
        _votes(reference, wording.HELPFUL, wording.NOT_HELPFUL),
    ]


def _show_more(answer: Answer, reference: str) -> list[SlackBlock]:
    """The button to what the message leaves out; a list that is whole has none."""
    if not (answer.listed and answer.mentioned):
        return [button("show_more", _more(answer.passages[SHOWN_PASSAGES:]), reference)]
    count = answer.mentioned.documents
    if count <= min(len(answer.passages), LISTED_DOCUMENTS):
        return []
    return [button("show_more", wording.all_documents(count), reference)]


def _more(hits: Sequence[Hit]) -> str:
    """What the button shows: passages that are about as near, or those that are less so."""
    if not hits:
        return f"{wording.SHOW_MORE}: {wording.WEAKER}"
    return f"{wording.SHOW_MORE}: {wording.from_documents(len(hits), _documents(hits))}"


def _documents(hits: Sequence[Hit]) -> int:
    return len({hit.document.id for hit in hits})


def _votes(reference: str, right: str, wrong: str) -> SlackBlock:
    """Two buttons for what a reader thinks of it."""
    votes = {
        f"{sign}_button": {
            "text": {"type": "plain_text", "text": label},
            "accessibility_label": wording.mark_as(label),
            "value": f"{reference}:{vote}",
        }
        for sign, label, vote in (("positive", right, "up"), ("negative", wrong, "down"))
    }
    feedback = {"type": "feedback_buttons", "action_id": "feedback", **votes}
    return {"type": "context_actions", "block_id": "feedback", "elements": [feedback]}


def _share_confirmation(answer: Answer, *, outsiders: bool) -> SlackBlock:
    seen = wording.who_will_see(len(answer.passages[:SHOWN_PASSAGES]), outsiders=outsiders)
    return {
        "title": {"type": "plain_text", "text": wording.SHARE_TITLE},
        "text": {"type": "plain_text", "text": seen},
        "confirm": {"type": "plain_text", "text": wording.SHARE_YES},
        "deny": {"type": "plain_text", "text": wording.CANCEL},
    }


def sentence(reason: str) -> str:
    """A reason as a sentence."""
    return wording.sentence_of(one_line(reason))
