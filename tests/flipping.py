"""An index of every format, with one bit flipped at a time: what it answers then, as a process.

    python tests/flipping.py HOME FIRST COUNT SEED     (the home is written to, and put right again)

A line of JSON is printed for each flip: where it was, what came of it, and what was false. It runs
in a process of its own, which a damaged file may not end.
"""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import retriever.index.generation
from bot.rendering.answers import answer_json, answer_text
from bot.slack.showing.answer_messages import answer_message
from embeddings import EmbeddingError, open_encoder
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.citing.citation import Citation, citation_of
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import look_up, verify
from retriever.errors import RetrieverError
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.index.passage_tables import PASSAGES

TYPED = (
    "What was agreed with Sung Kim?",
    "What was said about denuclearization in October 2023?",
    "What is the latest on sanctions?",
    "What did Angela Merkel agree?",
    "special represntative Sung Kym",
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Truth:
    """What the undamaged index holds: passages by citation, and what it says of each question."""

    passages: dict[str, dict[str, Any]]
    answers: dict[str, Answer]
    words: frozenset[str]
    cited: tuple[str, ...]

    @classmethod
    def of(cls, home: Home) -> "Truth":
        """The truth of an index that nobody has damaged."""
        generation = Generation.open(home)
        documents = generation.store.all_documents()
        titles = {each.path.suffix: each.title for each in reversed(documents)}
        questions = (*TYPED, *titles.values())  # something of every format is shown
        answers = {each: ask(generation, each, top=8) for each in questions}
        passages: dict[str, dict[str, Any]] = {}
        words: set[str] = set()
        for document in documents:
            for passage in generation.store.passages_of(document.number):
                passages[str(citation_of(document, passage))] = {
                    "text": passage.text,
                    "label": passage.label,
                    "page": passage.page,
                    "heading": passage.heading or None,
                    "document": {
                        "id": document.id,
                        "path": str(document.path),
                        "title": document.title,
                        "posted": document.posted,
                        "event": document.events[0] if document.events else None,
                        "source": document.source,
                    },
                }
                words.update(_WORD.findall(f"{document.title} {passage.heading} {passage.text}"))
        shown = [hit for each in answers.values() for hit in each.passages]
        formats = {Path(hit.document.path).suffix: str(hit.citation) for hit in shown}
        return cls(passages, answers, frozenset(words), tuple(formats.values()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def false_in(answer: dict[str, Any], question: str, truth: Truth) -> Iterator[str]:
    """What is false in the object that `ask --json` prints."""
    right = answer_json(truth.answers[question])
    for name in ("question", "generation", "documents", "newest", "skipped", "withheld"):
        if answer[name] != right[name]:
            yield f"{name} {answer[name]!r}"
    typed = {word.casefold() for word in _WORD.findall(question)}
    said = [answer["searched"]["text"], *answer["searched"]["names"]]
    for word in _WORD.findall(" ".join([*said, *answer["searched"]["spelt"].values()])):
        if word not in truth.words and word.casefold() not in typed:
            yield f"word {word!r}"
    for hit in answer["passages"]:
        known = truth.passages.get(hit["citation"])
        if known is None:
            yield f"citation {hit['citation']!r}"
            continue
        shown = {name: hit[name] for name in known}
        shown["document"] = {name: hit["document"][name] for name in known["document"]}
        if shown != known:
            yield f"passage {shown!r}"
        for copy in hit["also_in"]:
            other = truth.passages.get(copy)
            if other is None or _words(other["text"]) != _words(known["text"]):
                yield f"copy {copy!r}"
    if answer["reason"] != right["reason"] and not answer["damaged"]:
        yield f"~reason {answer['reason']!r}"
    if [hit["citation"] for hit in answer["passages"]] != [
        hit["citation"] for hit in right["passages"]
    ] and not answer["damaged"]:
        yield "~order"


def _false_in_show(generation: Generation, truth: Truth) -> Iterator[str]:
    """What is false in what is shown of passages that were cited before the damage."""
    for cited in truth.cited:
        known = truth.passages[cited]
        found = look_up(generation.store, Citation.parse(cited), 1)
        if found.passage is None or found.passage.text != known["text"]:
            yield f"shown {found.passage!r}"
        words = {each["text"] for each in truth.passages.values()}
        if {each.text for each in found.around} - words:
            yield "neighbours"
        state = verify(generation.store, Citation.parse(cited)).state
        if state is not CitationState.HOLDS:
            yield f"verified {state}"


def _tried(work: Any) -> tuple[str, list[str]]:
    """How it ended, and what was false."""
    try:
        return "answered", list(work())
    except (RetrieverError, EmbeddingError) as error:
        sentence = "\n" not in str(error) and "`pincite" in str(error) and str(error)[-1] == "."
        wrong = [] if sentence else [f"sentence {error}"]
        if "holds no" in str(error):
            wrong.append(f"denied {error}")
        return "refused", wrong
    except BaseException as error:
        return "defect", [f"{type(error).__name__}: {str(error)[:200]}"]


def files_of(home: Home) -> list[Path]:
    """Every file that a question may read, sorted."""
    found = {home.path / "CURRENT", *home.generations.rglob("*"), *home.models.rglob("*")}
    found -= set(home.models.rglob("vectors.db*"))  # which only a build reads
    return sorted(file for file in found if file.is_file() and file.stat().st_size)


def flips(home: Home, first: int, count: int, seed: int) -> Iterator[tuple[Path, int, int]]:
    """Files, bytes and bits: every other one in what answers are made of, the rest in any file as
    often as in any other."""
    files = files_of(home)
    passages = [file for file in files if file.name == PASSAGES]
    for number in range(first, first + count):
        chance = random.Random(seed * 1_000_003 + number)
        file = chance.choice(files if number % 2 else passages)
        yield file, chance.randrange(file.stat().st_size), chance.randrange(8)


def flip(file: Path, at: int, bit: int) -> None:
    """Flips one bit of a file, in its place; a second time puts it right."""
    with file.open("r+b") as opened:
        opened.seek(at)
        byte = opened.read(1)[0]
        opened.seek(at)
        opened.write(bytes([byte ^ 1 << bit]))


def main() -> None:
    """Flips bits one after the other, and says what came of each."""
    home = Home(Path(sys.argv[1]))
    first, count, seed = map(int, sys.argv[2:])
    truth = Truth.of(home)
    kept = cache(open_encoder)  # a model that nobody has touched is opened once
    for file, at, bit in flips(home, first, count, seed):
        place = f"{file.relative_to(home.path)} {at}.{bit}"
        _say(at=place)
        touched = file.is_relative_to(home.models)
        retriever.index.generation.open_encoder = open_encoder if touched else kept  # type: ignore[attr-defined]
        flip(file, at, bit)
        try:
            _say(at=place, **_outcome(home, truth))
        finally:
            flip(file, at, bit)


def _say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _outcome(home: Home, truth: Truth) -> dict[str, Any]:
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    opened: list[Generation] = []

    def opening() -> list[str]:
        opened.append(Generation.open(home))
        return []

    end, found = _tried(opening)
    if not opened:
        return {"ends": {f"{end} to open": 1}, "wrong": found}
    for question in truth.answers:

        def asking(question: str = question) -> list[str]:
            answer = ask(opened[0], question, top=8)
            answer_text(answer, explain=True, linked=True)
            answer_message(answer, "reference")
            ends["damage named"] += bool(answer.damaged)
            return list(false_in(answer_json(answer, explain=True), question, truth))

        end, found = _tried(asking)
        ends[end] += 1
        wrong += [each if each.startswith("~") else f"{question}: {each}" for each in found]
    end, found = _tried(lambda: _false_in_show(opened[0], truth))
    ends[f"{end} to show"] += 1
    return {"ends": dict(ends), "wrong": [*wrong, *found]}


if __name__ == "__main__":
    main()
