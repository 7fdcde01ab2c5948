"""Questions to begin with, about what the documents tell of and answer."""

import datetime
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle

from bot.open_generations import OpenGenerations, unambiguous
from bot.rendering.phrases import one_line
from corpus.language.names import names_in
from retriever.answering.answer import Verdict
from retriever.answering.ask import ask
from retriever.errors import RetrieverError
from retriever.index.generation import Generation
from retriever.index.records import StoredDocument

EXAMPLES = 3
_READ = 150
"""The newest documents, from which names are taken, and the first paragraphs of each."""
_PARAGRAPHS = 4
_TRIED = 12  # questions, until so many are answered
_EVERYWHERE = 0.4
"""Of these documents: a name in more of them is that of whoever issues them."""
_LONGEST = 60  # characters of a name or title
_SHAPES = (
    "What was said about {}?",
    "What is the latest on {}?",
    "What do the documents say about {}?",
)
"""They hold for a person, a place, a body or a thing alike."""
_PRINTED = (
    r"\b(?:about|against|between|by|for|from|in|of|on|to|with)\s((?:the\s)?{})"
    r"(?=[.,;:)!?](?:\s|$)|$)"
)
_OF_TITLE = "What does “{}” say?"


class Examples:
    """The examples for each set of folders, made once for each generation of the index."""

    def __init__(self, generations: OpenGenerations) -> None:
        self._generations, self._lock = generations, threading.Lock()
        self._made: dict[tuple[str, ...] | None, tuple[str, tuple[str, ...]]] = {}

    def of(self, folders: Sequence[str] | None) -> tuple[str, ...]:
        """Questions that these folders answer, None being all; none where there is no index.

        This takes seconds when it is asked for the first time, and is not for the path of an
        answer.
        """
        key = None if folders is None else tuple(folders)
        with self._lock:
            try:
                generation = self._generations.open()
                if self._made.get(key, ("",))[0] != generation.name:
                    shown = unambiguous(generation, folders)
                    self._made[key] = generation.name, tuple(answered_examples(generation, shown))
            except RetrieverError:
                return ()
            return self._made[key][1]


def answered_examples(generation: Generation, folders: Sequence[str] | None) -> list[str]:
    """Questions of different shapes that the documents of these folders answer."""
    found: list[str] = []
    for tried, question in enumerate(_candidates(generation, folders)):
        if tried == _TRIED or len(found) == EXAMPLES:
            break
        answer = ask(generation, question, top=1, folders=folders, asked_on=datetime.date.today())
        if answer.verdict is Verdict.FOUND:
            found.append(question)
    return found


def _candidates(generation: Generation, folders: Sequence[str] | None) -> Iterator[str]:
    documents = _newest(generation, folders)
    texts = [_beginning(generation, each) for each in documents]
    for shape, name in zip(cycle(_SHAPES), _names(texts), strict=False):
        yield shape.format(name)
    for document in documents:
        if len(document.title) <= _LONGEST:
            yield _OF_TITLE.format(one_line(document.title))


def _newest(generation: Generation, folders: Sequence[str] | None) -> list[StoredDocument]:
    documents = generation.store.all_documents()
    if folders is not None:
        shown = generation.in_folders(folders)
        documents = [each for each in documents if shown[each.number]]
    return sorted(documents, key=lambda each: each.posted or "", reverse=True)[:_READ]


def _beginning(generation: Generation, document: StoredDocument) -> str:
    passages = generation.store.passages_of(document.number)[:_PARAGRAPHS]
    return "\n".join(each.text for each in passages)


def _names(texts: Sequence[str]) -> Iterator[str]:
    """The names that most texts have, but for those that nearly all have, as they are printed; of
    names in each other only the first."""
    counts = Counter(name for text in texts for name in set(_after_prepositions(text)))
    kept: list[str] = []
    for name, count in counts.most_common():
        is_known = any(name in other or other in name for other in kept)
        if count <= max(2, _EVERYWHERE * len(texts)) and not is_known:
            kept.append(name)
            yield name


def _after_prepositions(text: str) -> Iterator[str]:
    """Names as they stand between a preposition and the end of a clause, with their article if they
    have one: so they can stand in a question."""
    for name in names_in(text):
        for printed in re.finditer(_PRINTED.format(re.escape(name)), text):
            if len(printed[1]) <= _LONGEST:
                yield one_line(printed[1])
