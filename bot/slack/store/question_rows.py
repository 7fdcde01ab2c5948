"""Rows of questions, and what of them a question goes on with."""

from sqlite3 import Connection

from bot.slack.question import Question, question_from_json

_NOT_ASKED = {"silent", "refused", "pointless"}
"""Verdicts of what is no question that a later one could go on with."""


def earlier_turns(database: Connection, question: Question) -> tuple[str, ...]:
    """What was asked before a question, oldest first; what it came with where it is in no thread.

    Of two people who ask in turn in one thread each goes on with their own questions, and with
    those that were there before their first.
    """
    if not question.thread_key:
        return question.history
    thread = [each for each, _ in questions_of_thread(database, question.thread_key)]
    before = [each for each in thread if each.ts < question.ts]
    own = next((at for at, each in enumerate(before) if each.user == question.user), len(before))
    mine = (each for each in before[own:] if each.user == question.user)
    return tuple(turn for each in (*before[:own], *mine) for turn in (*each.context, each.text))


def questions_of_thread(database: Connection, thread_key: str) -> list[tuple[Question, bool]]:
    """The questions of a thread, oldest first, and whether they are done with."""
    if not thread_key:
        return []
    rows = question_rows(
        database, "place = ? AND json_extract(question, '$.text') != ''", thread_key
    )
    asked = [
        (each, done) for each, done, verdict in rows
        if verdict not in _NOT_ASKED and not each.following
    ]  # fmt: skip
    return sorted(asked, key=lambda each: each[0].ts)


def question_rows(
    database: Connection, where: str, *values: str
) -> list[tuple[Question, bool, str]]:
    """The questions of a condition, with whether they are done with, and their verdicts."""
    rows = database.execute(f"SELECT question, done, verdict FROM questions WHERE {where}", values)
    return [(question_from_json(text), bool(done), verdict) for text, done, verdict in rows]
