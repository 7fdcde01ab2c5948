"""From an answer to Slack's Block Kit: pure functions, within Slack's limits.

Passages are `rich_text`, whose text is shown literally: word for word, and no mention, link or
formatting can come out of a document. Everything else that holds foreign text is `plain_text`, or
escaped `mrkdwn`.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from bot.render import days_in_words, place_in_words
from bot.slack import wording
from bot.slack.limits import (
    ALL_BLOCKS,
    BLOCKS_IN_MODAL,
    BUTTON,
    CUT,
    FALLBACK,
    IN_MODAL,
    PASSAGES,
    QUESTION,
    QUOTED,
    SECTION,
    TITLE,
    around,
    escaped,
    shortened,
)
from corpus.characters import printable
from corpus.sentences import sentence_spans
from retriever.answer import Answer, Hit, Verdict
from retriever.passages import StoredPassage

Block = dict[str, Any]
Payload = dict[str, Any]

_LINK = re.compile(r"https?://[^\s<>|\"]+")


def answer_message(
    answer: Answer, reference: str, *, may_share: bool = False, shared_by: str = "", note: str = ""
) -> Payload:
    """The answer as a message: what was asked, the passages, how it was read, the buttons.

    `reference` names the question in the buttons. A shared one has no buttons, and says by whom.
    """
    hits = answer.passages[:PASSAGES]
    blocks: list[Block] = [_context("question", _headline(answer, shared_by))]
    if answer.verdict is Verdict.NONE:
        blocks.append(_section(f"*{_none(answer)}*\n{escaped(_sentence(answer.reason))}"))
        blocks.append(_context("hint", wording.NOTHING_NEAR))
    elif answer.verdict is Verdict.RELATED:
        blocks.append(_section(f"*Nothing answers that.* {escaped(_sentence(answer.reason))}"))
    room = min(QUOTED, (ALL_BLOCKS - 2_000) // max(1, len(hits)) - TITLE)
    blocks += [_passage(hit, room) for hit in hits]
    notes = [*_notes(answer), *([note] if note else [])]
    blocks.append(_context("searched", " · ".join(notes)))
    if not shared_by:
        blocks += _buttons(answer, reference, may_share=may_share)
    return {"text": fallback(answer), "blocks": blocks}


def fallback(answer: Answer) -> str:
    """The answer in one escaped sentence, for notifications and screen readers."""
    asked = shortened(_line(answer.question), 100)
    if not answer.passages:
        return escaped(
            shortened(f"“{asked}”: {_none(answer)} {_sentence(answer.reason)}", FALLBACK)
        )
    hit = answer.passages[0]
    where = f"{shortened(_line(hit.document.title), 80)} ({_when(hit)}, {_place(hit)})"
    near = "Near, but no answer" if answer.verdict is Verdict.RELATED else "Found"
    said = _line(" ".join(hit.text[start:end] for start, end in hit.highlights[:1]) or hit.text)
    return escaped(shortened(f"{near} for “{asked}”: {where}: “{said}”", FALLBACK))


def more_view(answer: Answer) -> Payload:
    """A modal with further passages, each as whole as a modal allows."""
    blocks = [_context("question", _headline(answer, ""))]
    for hit in answer.passages:
        grown = [*blocks, _passage(hit, IN_MODAL)]
        if characters(grown) > ALL_BLOCKS or len(grown) >= BLOCKS_IN_MODAL:
            blocks.append(_context("cut", "The others do not fit here; ask with fewer words."))
            break
        blocks = grown
    return _modal("Passages", blocks)


def context_view(places: Sequence[tuple[Hit, Sequence[StoredPassage]]]) -> Payload:
    """A modal with each passage between its neighbours; the passage itself is quoted."""
    blocks: list[Block] = []
    room = max(300, (ALL_BLOCKS - 1_000) // max(1, sum(len(near) for _, near in places)) - 40)
    for hit, near in places:
        blocks.append({"type": "rich_text", "elements": [_rich("section", _heading(hit))]})
        for passage in near:
            kind = "quote" if passage.text == hit.text else "section"
            cut = [_text(f"{passage.label}  "), *_quoted(passage.text, (), min(room, IN_MODAL))]
            blocks.append({"type": "rich_text", "elements": [_rich(kind, cut)]})
    return _modal("In context", blocks[:BLOCKS_IN_MODAL] or [_context("none", wording.TOO_OLD)])


def notice(sentence: str, *, retry: str = "") -> Payload:
    """One sentence of ours; with `retry`, the reference of a question, a button to ask it again."""
    blocks: list[Block] = [_section(escaped(sentence))]
    if retry:
        blocks.append({"type": "actions", "elements": [_button("retry", wording.RETRY, retry)]})
    return {"text": escaped(shortened(sentence, FALLBACK)), "blocks": blocks}


def usage_message(command: str) -> Payload:
    """How to ask, with examples."""
    examples = "\n".join(f"• `{command} {example}`" for example in wording.EXAMPLES)
    blocks = [
        _section(
            f"*Ask the documents.* The answer is their own words, with the place.\n{examples}"
        ),
        _context("threads", wording.NOT_IN_THREADS),
    ]
    return {"text": escaped(wording.usage(command)), "blocks": blocks}


def notice_view(sentence: str) -> Payload:
    """A modal that says one sentence."""
    return _modal("Pincite", [_section(escaped(sentence))])


def ask_view() -> Payload:
    """The modal in which a question is typed."""
    field = {"type": "plain_text_input", "action_id": "question", "max_length": SECTION}
    label = {"type": "plain_text", "text": "Your question"}
    blocks = [{"type": "input", "block_id": "question", "label": label, "element": field}]
    submit = {"type": "plain_text", "text": "Ask"}
    return {**_modal("Ask the documents", blocks), "callback_id": "asked", "submit": submit}


def comment_view(reference: str) -> Payload:
    """The modal that asks what was wrong with an answer."""
    field = {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "max_length": SECTION,
    }
    label = {"type": "plain_text", "text": "What should it have found?"}
    block = {
        "type": "input",
        "block_id": "comment",
        "optional": True,
        "label": label,
        "element": field,
    }
    return {
        **_modal("Not helpful", [block]),
        "callback_id": "comment",
        "private_metadata": reference,
        "submit": {"type": "plain_text", "text": "Send"},
    }


def home_view(documents: int, newest: str | None, days: int) -> Payload:
    """The Home tab: what is here, how fresh it is, and how to ask."""
    until = f" to {newest}" if newest else ""
    examples = "\n".join(f"• {example}" for example in wording.EXAMPLES)
    return {
        "type": "home",
        "blocks": [
            _section(f"*{documents:,} documents{until}.* I quote the paragraphs that answer."),
            _section(f"Write to me, mention me in a channel, or type `/ask`:\n{examples}"),
            _context("privacy", wording.PRIVACY.format(days=days)),
        ],
    }


def characters(blocks: Iterable[Block]) -> int:
    """The characters of all texts in these blocks, as Slack counts them together."""

    def within(value: Any) -> int:
        if isinstance(value, dict):
            return sum(within(each) for each in value.values()) + (
                len(value["text"]) if isinstance(value.get("text"), str) else 0
            )
        return sum(map(within, value)) if isinstance(value, list) else 0

    return within(list(blocks))


def _headline(answer: Answer, shared_by: str) -> str:
    asked = shortened(_line(answer.question), QUESTION)
    count = len(answer.passages[:PASSAGES])
    found = {
        Verdict.FOUND: f"{wording.passages(count)} for: {asked}",
        Verdict.RELATED: f"Near, but no answer, for: {asked}",
        Verdict.NONE: f"No answer for: {asked}",
    }[answer.verdict]
    return f"{shared_by} shared: {found}" if shared_by else found


def _none(answer: Answer) -> str:
    newest = f" (to {answer.newest})" if answer.newest else ""
    return f"No passage answers that in {answer.documents:,} documents{newest}."


def _notes(answer: Answer) -> list[str]:
    """How the question was read, and how fresh the index is."""
    searched = answer.searched
    notes = [f"Searched: {shortened(_line(searched.text), QUESTION)}"]
    if searched.literal:
        notes.append("as typed")
    if searched.names:
        notes.append("names " + ", ".join(map(_line, searched.names)))
    if searched.spelt:
        notes.append("spelt " + ", ".join(f"{_line(b)} for {_line(a)}" for a, b in searched.spelt))
    if searched.periods:
        notes.append("dated " + " or ".join(searched.periods))
    if searched.order:
        notes.append(f"{searched.order} first")
    newest = f" to {answer.newest}" if answer.newest else ""
    notes.append(f"{answer.documents:,} documents{newest}")
    if answer.withheld:
        notes.append(f"{len(answer.withheld)} changed since they were indexed and are not shown")
    return [shortened(note, 600) for note in notes]


def _passage(hit: Hit, room: int) -> Block:
    quoted = _quoted(hit.text, hit.highlights, room)
    return {
        "type": "rich_text",
        "block_id": f"passage_{hit.rank}",
        "elements": [_rich("section", _heading(hit)), _rich("quote", quoted)],
    }


def _heading(hit: Hit) -> list[Block]:
    title = shortened(_line(hit.document.title), TITLE) or hit.document.id
    address = _address(hit.document.source)
    bold = {"bold": True}
    named = (
        {"type": "link", "url": address, "text": title, "style": bold}
        if address
        else {"type": "text", "text": title, "style": bold}
    )
    also = f" · also in {len(hit.also_in)} other" if hit.also_in else ""
    return [_text(f"{hit.rank}. "), named, _text(f" · {_when(hit)} · {_place(hit)}{also}")]


def _quoted(text: str, highlights: Sequence[tuple[int, int]], room: int) -> list[Block]:
    """The words of a passage with the best sentence bold, cut around it when they do not fit."""
    best = highlights[0] if highlights else (0, 0)
    start, end = 0, len(text)
    if len(text) > room:
        spans = [(span.start, span.end) for span in sentence_spans(text)]
        at = spans.index(best) if best in spans else 0
        start, end = around(spans, at, room - 2 * len(CUT))
        end = min(end, start + room)
    pieces = [
        (CUT.lstrip(), False) if start else ("", False),
        (text[start : max(start, best[0])], False),
        (text[max(start, best[0]) : min(end, best[1])], True),
        (text[max(start, best[1]) : end], False),
        (CUT.rstrip(), False) if end < len(text) else ("", False),
    ]
    return [_text(piece, bold=bold) for piece, bold in pieces if piece]


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _rich(kind: str, elements: list[Block]) -> Block:
    return {"type": f"rich_text_{kind}", "elements": elements}


def _section(text: str) -> Block:
    mrkdwn = {"type": "mrkdwn", "text": shortened(text, SECTION), "verbatim": True}
    return {"type": "section", "text": mrkdwn}


def _context(name: str, text: str) -> Block:
    plain = {"type": "plain_text", "text": shortened(text, 2_000), "emoji": False}
    return {"type": "context", "block_id": name, "elements": [plain]}


def _buttons(answer: Answer, reference: str, *, may_share: bool) -> list[Block]:
    if answer.verdict is Verdict.NONE:
        nearest = _button("show_more", wording.SHOW_NEAREST, reference)
        return [{"type": "actions", "block_id": "actions", "elements": [nearest]}]
    buttons = [
        _button("show_more", wording.SHOW_MORE, reference),
        _button("show_context", wording.SHOW_CONTEXT, reference),
    ]
    if may_share:
        buttons.append({**_button("share", wording.SHARE, reference), "confirm": _confirm(answer)})
    votes = {
        f"{sign}_button": {
            "text": {"type": "plain_text", "text": label},
            "accessibility_label": f"Mark this answer as {label.lower()}",
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
        "accessibility_label": f"{label} for this question",
        "value": value,
    }


def _confirm(answer: Answer) -> Block:
    count = wording.passages(len(answer.passages[:PASSAGES]))
    return {
        "title": {"type": "plain_text", "text": "Share this answer?"},
        "text": {"type": "plain_text", "text": f"Everyone in this channel will see the {count}."},
        "confirm": {"type": "plain_text", "text": "Share"},
        "deny": {"type": "plain_text", "text": "Cancel"},
    }


def _modal(title: str, blocks: list[Block]) -> Payload:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }


def _when(hit: Hit) -> str:
    return days_in_words(hit.document.posted, hit.document.event)


def _place(hit: Hit) -> str:
    return shortened(place_in_words(hit.label), 60)


def _line(text: str) -> str:
    """Foreign text on one line, without what could turn or hide other text."""
    return printable(" ".join(text.split()))


def _sentence(reason: str) -> str:
    return f"{_line(reason[:1].upper() + reason[1:])}."


def _address(source: str | None) -> str:
    """The address of a document as Slack takes it, or nothing when it is no web page."""
    if not source or not _LINK.fullmatch(source) or not urlsplit(source).hostname:
        return ""
    return quote(source, safe=":/?#[]@!$&'()*+,;=%~-._")[:3_000]
