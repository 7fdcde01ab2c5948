"""From an answer to Slack's Block Kit: pure functions, within Slack's limits.

Whatever holds foreign text is `rich_text` or `plain_text`, which are shown literally: no mention,
link or formatting can come out of a document or a question. Only the fallback `text` cannot be; it
is escaped, and its addresses lose what makes links of them.
"""

from collections.abc import Sequence
from typing import Any

from bot.rendering.answers import how_read, plain
from bot.slack.sending import wording
from bot.slack.sending.block_limits import (
    ALL_BLOCKS,
    BLOCKS_IN_MODAL,
    BUTTON,
    FALLBACK,
    IN_MODAL,
    NOTES,
    PASSAGES,
    QUESTION,
    REASON,
    SECTION,
    TITLE,
    escaped,
    fitting,
    shortened,
)
from bot.slack.sending.passage_blocks import (
    SMALLER,
    Block,
    characters,
    in_context,
    passage_block,
    place,
    quotations,
    said,
    title,
    when,
)
from retriever.answering.answer import Answer, Hit, Verdict
from retriever.index.records import StoredPassage

Payload = dict[str, Any]


def answer_message(
    answer: Answer, reference: str, *, may_share: bool = False, outsiders: bool = False,
    shared_by: str = "", note: str = "",
) -> Payload:  # fmt: skip
    """The answer as a message: what was asked, the passages, how it was read, the buttons.

    `reference` names the question in the buttons. A shared one has no buttons, and says by whom;
    `outsiders` says that people of other organisations may read the channel too.
    """
    before = [_context("question", _headline(answer, shared_by)), *_verdict(answer)]
    if answer.verdict is Verdict.NONE:
        before.append(_context("hint", wording.NOTHING_NEAR))
    notes = [*_notes(answer), *([note] if note else [])]
    after = [_context("searched", " · ".join(notes))]
    if not shared_by:
        after += _buttons(answer, reference, may_share=may_share, outsiders=outsiders)
    quoted = quotations(answer.passages[:PASSAGES], ALL_BLOCKS - characters(before + after))
    return {"text": fallback(answer, shared_by), "blocks": [*before, *quoted, *after]}


def fallback(answer: Answer, shared_by: str = "") -> str:
    """The answer in one escaped sentence, for notifications and screen readers."""
    asked = shortened(plain(answer.question), 100)
    by = wording.shared(shortened(plain(shared_by), 60), "") if shared_by else ""
    if not answer.passages:
        return _flat(f"{by}“{asked}”: {_none(answer)} {_sentence(answer.reason)}")
    hit = answer.passages[0]
    where = f"{shortened(title(hit), 80)} ({when(hit)}, {place(hit)})"
    near = wording.NEAR if answer.verdict is Verdict.RELATED else wording.FOUND
    best = " ".join(hit.text[start:end] for start, end in hit.highlights[:1])
    return _flat(f"{by}{near} for “{asked}”: {where}: “{plain(best or hit.text)}”")


def more_view(answer: Answer) -> Payload:
    """A modal with further passages, each as whole as a modal allows."""
    blocks = [_context("question", _headline(answer, "")), *_verdict(answer)]
    for number, hit in enumerate(answer.passages):
        last = _context("cut", wording.do_not_fit(len(answer.passages) - number))
        room = ALL_BLOCKS - characters([*blocks, last])
        quoted = (
            quotations([hit], room, IN_MODAL) if number == 0 else [passage_block(hit, IN_MODAL)]
        )
        if len(blocks) + 2 > BLOCKS_IN_MODAL or characters(quoted) > room:
            blocks.append(last)
            break
        blocks += quoted
    return _modal(wording.PASSAGES, blocks)


def context_view(places: Sequence[tuple[Hit, Sequence[StoredPassage]]]) -> Payload:
    """A modal with each passage between its neighbours; the passage itself is quoted."""
    for room in (IN_MODAL, *SMALLER):
        blocks = [block for hit, near in places for block in in_context(hit, near, room)]
        if characters(blocks) <= ALL_BLOCKS:
            break
    return _modal(
        wording.IN_CONTEXT, blocks[:BLOCKS_IN_MODAL] or [_context("none", wording.TOO_OLD)]
    )


def notice(sentence: str, *, retry: str = "") -> Payload:
    """One sentence of ours; with `retry`, the reference of a question, a button to ask it again."""
    blocks = [said(fitting(sentence, REASON))]
    if retry:
        blocks.append({"type": "actions", "elements": [_button("retry", wording.RETRY, retry)]})
    return {"text": _flat(sentence), "blocks": blocks}


def usage_message(command: str) -> Payload:
    """How to ask, with examples."""
    examples = "\n".join(f"• `{escaped(command)} {example}`" for example in wording.EXAMPLES)
    blocks = [
        _section(f"*{wording.ASK}.* {wording.OWN_WORDS}\n{examples}"),
        _context("threads", wording.NOT_IN_THREADS),
    ]
    return {"text": escaped(wording.usage(command)), "blocks": blocks}


def notice_view(sentence: str) -> Payload:
    """A modal that says one sentence."""
    return _modal(wording.NAME, [said(fitting(sentence, REASON))])


def ask_view() -> Payload:
    """The modal in which a question is typed."""
    field = {"type": "plain_text_input", "action_id": "question", "max_length": SECTION}
    label = {"type": "plain_text", "text": wording.YOUR_QUESTION}
    blocks = [{"type": "input", "block_id": "question", "label": label, "element": field}]
    submit = {"type": "plain_text", "text": wording.SUBMIT}
    return {**_modal(wording.ASK, blocks), "callback_id": "asked", "submit": submit}


def comment_view(reference: str) -> Payload:
    """The modal that asks what was wrong with an answer."""
    field = {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "max_length": SECTION,
    }
    label = {"type": "plain_text", "text": wording.WHAT_INSTEAD}
    block = {
        "type": "input",
        "block_id": "comment",
        "optional": True,
        "label": label,
        "element": field,
    }
    return {
        **_modal(wording.NOT_HELPFUL, [block]),
        "callback_id": "comment",
        "private_metadata": reference,
        "submit": {"type": "plain_text", "text": wording.SEND},
    }


def home_view(
    documents: int, newest: str | None, days: int, *, index_state: str = "", contact: str = ""
) -> Payload:
    """The Home tab: what is here, how fresh it is, how to ask, and whom to ask about the bot."""
    examples = "\n".join(f"• {example}" for example in wording.EXAMPLES)
    size = wording.documents(documents, newest)
    blocks = [
        said(index_state) if index_state else _section(f"*{size}.* {wording.QUOTES}"),
        _section(f"{wording.HOW_TO_ASK}\n{examples}"),
        _context("privacy", wording.PRIVACY.format(days=days)),
    ]
    if contact:
        blocks.append(_context("contact", f"{wording.CONTACT} {contact}"))
    return {"type": "home", "blocks": blocks}


def notice_home(sentence: str) -> Payload:
    """A Home tab that says one sentence."""
    return {"type": "home", "blocks": [said(fitting(sentence, REASON))]}


def _headline(answer: Answer, shared_by: str) -> str:
    asked = shortened(plain(answer.question), QUESTION)
    count = len(answer.passages[:PASSAGES])
    found = {
        Verdict.FOUND: f"{wording.passages(count)} for: {asked}",
        Verdict.RELATED: f"{wording.NEAR}, for: {asked}",
        Verdict.NONE: f"{wording.NONE} for: {asked}",
    }[answer.verdict]
    return wording.shared(shortened(plain(shared_by), TITLE), found) if shared_by else found


def _verdict(answer: Answer) -> list[Block]:
    """What is to be said before the passages: nothing when they answer."""
    if answer.verdict is Verdict.FOUND:
        return []
    first = _none(answer) if answer.verdict is Verdict.NONE else wording.NO_ANSWER
    return [said(fitting(_sentence(answer.reason), REASON), first=first)]


def _none(answer: Answer) -> str:
    return wording.no_passage(answer.documents, answer.newest)


def _notes(answer: Answer) -> list[str]:
    """How the question was read, and how fresh the index is."""
    asked = shortened(plain(answer.searched.text), QUESTION)
    notes = [f"Searched: {asked}", *how_read(answer)]
    if answer.withheld:
        notes.append(wording.withheld(len(answer.withheld)))
    return [shortened(note, 600) for note in notes]


def _section(text: str) -> Block:
    """Words of our own, formatted."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(name: str, text: str) -> Block:
    plain = {"type": "plain_text", "text": fitting(text, NOTES), "emoji": False}
    return {"type": "context", "block_id": name, "elements": [plain]}


def _buttons(answer: Answer, reference: str, *, may_share: bool, outsiders: bool) -> list[Block]:
    if answer.verdict is Verdict.NONE:
        return []
    buttons = [
        _button("show_more", wording.SHOW_MORE, reference),
        _button("show_context", wording.SHOW_CONTEXT, reference),
    ]
    if may_share:
        share = _button("share", wording.SHARE, reference)
        buttons.append({**share, "confirm": _confirm(answer, outsiders=outsiders)})
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


def _button(action: str, label: str, value: str) -> Block:
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": shortened(label, BUTTON)},
        "accessibility_label": wording.for_this(label),
        "value": value,
    }


def _confirm(answer: Answer, *, outsiders: bool) -> Block:
    seen = wording.who_will_see(len(answer.passages[:PASSAGES]), outsiders=outsiders)
    return {
        "title": {"type": "plain_text", "text": wording.SHARE_TITLE},
        "text": {"type": "plain_text", "text": seen},
        "confirm": {"type": "plain_text", "text": wording.SHARE_YES},
        "deny": {"type": "plain_text", "text": wording.CANCEL},
    }


def _modal(title: str, blocks: list[Block]) -> Payload:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": wording.CLOSE},
        "blocks": blocks,
    }


def _flat(text: str) -> str:
    """Foreign text for `text`: short, escaped, and no address in it is a link."""
    return escaped(shortened(text.replace("://", ": //"), FALLBACK))


def _sentence(reason: str) -> str:
    return f"{plain(reason[:1].upper() + reason[1:])}."
