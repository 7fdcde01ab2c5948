"""What an answer says that the documents lack: never a word that they have, always one that not."""

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from retriever.answering.search import find
from retriever.build.build import build_index
from retriever.index.generation import Generation
from retriever.index.home import Home

WORDS = int(os.environ.get("PINCITE_WORDS", "400"))
"""Words asked for, of all corpora together."""
ABSENT = 300
CORPORA = ("mofa_style", "seeds", "us_state", "white_house", "handbook")
WORD = re.compile(r"(?<![\w-])[^\W\d_][\w'’-]*")
NAME = re.compile(r"(?<![\w-])[A-Z][a-z]+ [A-Z][a-z]+(?!\w)")
QUESTIONS = ("Who is {}?", "What was said about {}?", "has {} signed the declaration")


def forms(word: str) -> set[str]:
    """A word as people may type it."""
    half = len(word) // 2
    apart = f"{word[:half]}-{word[half:]}" if len(word) > 5 and word.isalpha() else word
    return {word, word.capitalize(), word.lower(), word.replace(" ", "-"), apart, f"{word}'s"}


def texts(generation: Generation) -> Iterator[str]:
    """What the documents say: their titles, headings, speakers and passages."""
    for document in generation.store.all_documents():
        yield document.title
        for passage in generation.store.passages_of(document.number):
            yield f"{passage.heading}\n{passage.speaker}\n{passage.text}"


def denies(reason: str, word: str) -> bool:
    """Whether a reason says that no document has a word, or a part of it."""
    denied = re.search(r"no document(?: that could be read)?(?: dated .*)? mentions (.*)", reason)
    parts = [part for part in re.split(r"[\s'’-]+", word.casefold()) if len(part) > 2]
    return bool(denied) and any(
        re.search(rf"\b{re.escape(part)}", denied[1].casefold()) for part in parts
    )


@pytest.fixture(scope="module")
def generations(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Generation]:
    found = {}
    for name in CORPORA:
        folder = ROOT.parent / "shared" / "corpora" / name
        if folder.is_dir():
            home = Home(tmp_path_factory.mktemp(name), models)
            build_index(home, [folder])
            found[name] = Generation.open(home)
    if not found:
        pytest.skip("the shared corpora are not here")
    return found


@pytest.mark.slow
def test_no_word_that_a_document_has_is_denied(generations: dict[str, Generation]) -> None:
    chosen = random.Random(14)
    denied = []
    for name, generation in generations.items():
        words, names = set[str](), set[str]()
        for text in texts(generation):
            words.update(WORD.findall(text))
            names.update(NAME.findall(text))
        asked = chosen.sample(sorted(words), min(len(words), WORDS // len(generations)))
        asked += chosen.sample(sorted(names), min(len(names), WORDS // len(generations) // 5))
        for word in asked:
            for form in sorted(forms(word)):
                question = chosen.choice(QUESTIONS).format(form)
                reason = find(generation, question).judgement.reason
                if denies(reason, form):
                    denied.append((name, word, question, reason))
    assert denied == []


@pytest.mark.slow
def test_every_word_that_no_document_has_is_denied(generations: dict[str, Generation]) -> None:
    chosen = random.Random(41)
    syllables = "bra chu dof gle hax jul kom lup mev nop quo riz sku tyv vex wob yud zil".split()
    for generation in generations.values():
        said = "\n".join(texts(generation)).casefold()
        absent = set[str]()
        while len(absent) < ABSENT:
            word = "".join(chosen.sample(syllables, 3)).capitalize()
            absent |= {word} if word.casefold() not in said else set()
        silent = [
            (question, reason)
            for word in sorted(absent)
            for question in [chosen.choice(QUESTIONS).format(word)]
            for reason in [find(generation, question).judgement.reason]
            if not denies(reason, word)
        ]
        assert silent == []
