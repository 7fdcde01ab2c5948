"""What the bot says besides answers: notices, how to ask, the modals to type in, the Home tab."""

from collections.abc import Sequence

from bot.rendering.phrases import one_line
from bot.slack.sending import wording
from bot.slack.sending.block_kit import (
    Message,
    SlackBlock,
    View,
    actions_block,
    button,
    context_block,
    fallback_text,
    literal,
    modal,
    rich_text_part,
    section_block,
    sentence_block,
)
from bot.slack.sending.block_limits import (
    MOST_FOLLOWED,
    QUESTION,
    REASON,
    SECTION,
    escaped,
    fitted,
    shortened,
)


def notice(sentence: str, *, retry: str = "") -> Message:
    """One sentence of ours; with `retry`, the reference of a question, a button to ask it again."""
    blocks = [sentence_block(fitted(sentence, REASON))]
    if retry:
        blocks.append({"type": "actions", "elements": [button("retry", wording.RETRY, retry)]})
    return {"text": fallback_text(sentence), "blocks": blocks}


def notice_view(sentence: str) -> View:
    """A modal that says one sentence."""
    return modal(wording.DOCUMENTS, [sentence_block(fitted(sentence, REASON))])


def notice_home(sentence: str) -> View:
    """A Home tab that says one sentence."""
    return {"type": "home", "blocks": [sentence_block(fitted(sentence, REASON))]}


def followed_message(sentence: str, question: str, reference: str) -> Message:
    """That a question is followed, with a button to stop that."""
    said = f"{sentence} “{shortened(one_line(question), QUESTION)}”"
    stop = button("stop_telling", wording.STOP, reference)
    return {
        "text": fallback_text(said), "blocks": [sentence_block(said), actions_block("stop", [stop])]
    }  # fmt: skip


def following_message(followed: Sequence[tuple[str, str]]) -> Message:
    """The questions that are followed, by reference and text, each with a button to stop that."""
    if not followed:
        return notice(wording.NOTHING_FOLLOWED.format(how="/ask follow"))
    blocks = [sentence_block(wording.FOLLOWING)]
    for number, (reference, question) in enumerate(followed[:MOST_FOLLOWED]):
        stop = button("stop_telling", wording.STOP, reference)
        asked = sentence_block(f"“{shortened(one_line(question), QUESTION)}”")
        blocks += [asked, actions_block(f"stop_{number}", [stop])]
    if len(followed) > MOST_FOLLOWED:
        blocks.append(context_block("more", wording.more_followed(len(followed) - MOST_FOLLOWED)))
    return {"text": fallback_text(wording.FOLLOWING), "blocks": blocks}


def usage_message(how: str, examples: Sequence[str]) -> Message:
    """How to ask by this command or mention, with questions that are answered here."""
    lines = [f"*{wording.ASK}.* {wording.OWN_WORDS}"]
    lines += [f"• `{escaped(how)} {escaped(_in_code(each))}`" for each in examples]
    blocks = [section_block("\n".join(lines)), context_block("threads", wording.NOT_IN_THREADS)]
    return {"text": escaped(wording.usage(how, next(iter(examples), ""))), "blocks": blocks}


def _in_code(text: str) -> str:
    """Foreign text that does not end the code in which it stands."""
    return text.replace("`", "’")


def ask_view() -> View:
    """The modal in which a question is typed."""
    field = _input("question", wording.YOUR_QUESTION)
    submit = {"type": "plain_text", "text": wording.SUBMIT}
    return {**modal(wording.ASK, [field]), "callback_id": "asked", "submit": submit}


def comment_view(reference: str) -> View:
    """The modal that asks what was wrong with the answer to the question of this reference."""
    field = _input("comment", wording.WHAT_INSTEAD, multiline=True)
    return {
        **modal(wording.ADD_WORDS, [{**field, "optional": True}]),
        "callback_id": "comment",
        "private_metadata": reference,
        "submit": {"type": "plain_text", "text": wording.SEND},
    }


def home_view(
    documents: int, newest: str | None, days: int, *, name: str, examples: Sequence[str] = (),
    index_problem: str = "", contact: str = "",
) -> View:  # fmt: skip
    """The Home tab: what is here, how fresh it is, how to ask, and whom to ask about the bot.

    `newest` is an ISO day, `days` how long questions are kept, and `name` that of the bot.
    """
    size = wording.documents(documents, newest)
    blocks = [
        sentence_block(index_problem)
        if index_problem
        else section_block(f"*{size}.* {wording.QUOTES}"),
        sentence_block(wording.HOW_TO_ASK.format(name=f"@{name}")),
    ]
    if examples:
        listed = [rich_text_part("section", [literal(each)]) for each in examples]
        bullets = {"type": "rich_text_list", "style": "bullet", "elements": listed}
        opening = rich_text_part("section", [literal(wording.TRY)])
        blocks.append({"type": "rich_text", "elements": [opening, bullets]})
    blocks.append(context_block("privacy", wording.PRIVACY.format(days=days)))
    if contact:
        blocks.append(context_block("contact", f"{wording.CONTACT} {contact}"))
    return {"type": "home", "blocks": blocks}


def _input(name: str, label: str, **options: bool) -> SlackBlock:
    """A field to type in; `name` is both its block and its action."""
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": label},
        "element": {
            "type": "plain_text_input", "action_id": name, "max_length": SECTION, **options
        },
    }  # fmt: skip
