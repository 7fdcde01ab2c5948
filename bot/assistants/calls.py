"""What the tools do, by name: each takes the index and its arguments."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from bot.assistants.asked_index import AskedIndex
from bot.assistants.tool_results import (
    AnswerGiven,
    CitationsChecked,
    CitationShown,
    DocumentsListed,
    IndexStatus,
    answer_given,
    citation_shown,
    citations_checked,
    documents_listed,
)
from bot.assistants.tools import (
    AskArguments,
    ListArguments,
    ShowArguments,
    StatusArguments,
    VerifyArguments,
)
from bot.rendering.reading_page import on_reading_page
from retriever.answering.ask import ask, list_documents
from retriever.build.changes import changes_since


def _ask(index: AskedIndex, asked: AskArguments) -> AnswerGiven:
    generation = index.generation()
    answer = ask(
        generation,
        asked.question,
        history=asked.earlier_questions,
        after=asked.after,
        before=asked.before,
        top=asked.passages,
        min_score=index.settings.min_score,
        folders=index.shown_folders(generation),
    )
    return answer_given(on_reading_page(answer, index.settings.web, generation))


def _list(index: AskedIndex, asked: ListArguments) -> DocumentsListed:
    generation = index.generation()
    answer = list_documents(
        generation,
        asked.words,
        phrases=asked.mentions,
        after=asked.after,
        before=asked.before,
        folders=index.shown_folders(generation),
        top=asked.documents,
    )
    return documents_listed(answer)


def _show(index: AskedIndex, asked: ShowArguments) -> CitationShown:
    return citation_shown(index.look_up(asked.citation, asked.neighbours))


def _verify(index: AskedIndex, asked: VerifyArguments) -> CitationsChecked:
    return citations_checked(index.verify(asked.citations))


def _status(index: AskedIndex, _: StatusArguments) -> IndexStatus:
    generation = index.generation()
    manifest, names = generation.manifest, index.shown_folders(generation)
    documents, newest = generation.size(names)
    if names is not None:  # of other folders nothing is said
        return IndexStatus(
            folders=names, documents=documents, newest=newest, indexed=manifest.created
        )
    waiting = changes_since(manifest, index.home, index.settings.limits.megabytes)
    return IndexStatus(
        folders=[each.path for each in manifest.folders],
        documents=documents,
        newest=newest,
        indexed=manifest.created,
        not_read=generation.skipped,
        waiting=len(waiting.changed + waiting.missing + waiting.new),
    )


CALLS: dict[str, Callable[[AskedIndex, Any], BaseModel]] = {
    "ask": _ask,
    "list": _list,
    "show": _show,
    "verify": _verify,
    "status": _status,
}
"""What each tool does."""
