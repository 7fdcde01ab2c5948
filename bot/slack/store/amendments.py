"""What becomes of questions when the words change that they were understood from.

A message is edited or deleted. It may have asked a question; others may point at it; and later ones
may have been read as going on with any of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from sqlite3 import Connection

from bot.slack.question import Question
from bot.slack.store.question_rows import question_rows

_UNTOLD = {"silent", "deleted"}
"""Verdicts of what nobody was told anything about; edited, it may become a question."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question as it is kept and as it is to be, and whether there is an answer to replace or,
    for want of a question, none was given."""

    old: Question
    new: Question
    is_answered: bool

    @property
    def replaced(self) -> Iterator[tuple[str, str]]:
        """The words that are gone, with those that stand in their place."""
        pairs = ((self.old.text, self.new.text), (self.old.pointed, self.new.pointed))
        return ((old, new) for old, new in pairs if old and old != new)


def asking(
    database: Connection, message_key: str, question: Question | None, edited: str
) -> Iterator[Change]:
    """The question that a message asked, unless a later edit is known already."""
    for old, done, verdict in question_rows(database, "message = ?", message_key):
        if old.edited < edited:
            new = _emptied(old) if question is None else replace(
                old, text=question.text, typed=question.typed, pointed=question.pointed,
                pointed_at=question.pointed_at, pointed_by=question.pointed_by, note=question.note,
            )  # fmt: skip
            is_unanswered = verdict in _UNTOLD and bool(new.text)
            is_answered = done and (bool(old.answered_at) or is_unanswered)
            yield Change(old, replace(new, edited=edited), is_answered)


def pointing_at(database: Connection, message_key: str, words: str) -> Iterator[Change]:
    """The questions that point at a message which says these words now."""
    where = "json_extract(question, '$.pointed_at') = ?"
    for old, done, _ in question_rows(database, where, message_key):
        is_the_same = old.pointed == words and bool(words)
        if is_the_same or (done and not old.pointed):  # it was understood without them
            continue
        said = words if old.pointed else ""  # they may just be looked up, and are once more then
        text = (said or old.typed) if old.text == old.pointed else old.text
        new = replace(old, text=text, pointed=said, edited=f"{old.edited}+")
        yield Change(old, new if text else _emptied(new), done and bool(old.answered_at))


def with_followers(database: Connection, changes: list[Change]) -> list[Change]:
    """Those changes and the questions that were understood from what they replace."""
    words = {old: new for each in changes for old, new in each.replaced}
    changed = {each.new.reference: each for each in changes}
    places = {each.old.thread_key for each in changes} | {""}
    where = (
        f"place IN ({', '.join('?' * len(places))}) AND EXISTS (SELECT 1 FROM "
        f"json_each(question, '$.history') WHERE value IN ({', '.join('?' * len(words))}))"
    )
    for old, done, _ in question_rows(database, where, *places, *words) if words else ():
        known = changed.get(old.reference)
        new = known.new if known else replace(old, edited=f"{old.edited}+")
        history = tuple(filter(None, (words.get(turn, turn) for turn in new.history)))
        is_answered = known.is_answered if known else done and bool(old.answered_at)
        changed[old.reference] = Change(old, replace(new, history=history), is_answered)
    return list(changed.values())


def _emptied(question: Question) -> Question:
    """The question without a word of anybody."""
    return replace(
        question, text="", typed="", pointed="", pointed_at="", pointed_by="", note="", history=()
    )  # fmt: skip
