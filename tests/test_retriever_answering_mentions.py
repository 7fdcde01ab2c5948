"""Which documents mention a name."""

from collections.abc import Callable

import numpy as np
import pytest
from conftest import Shelf

from retriever.answering.mentions import any_mentions_all, mentioning, never_beside
from retriever.index.generation import Generation

NOTE = "Press Releases\n\nA Note\n\n{}\n"


def ids(generation: Generation, mention: Callable[[Generation, int], bool]) -> set[str]:
    return {
        document.id
        for document in generation.store.all_documents()
        if mention(generation, document.number)
    }


@pytest.fixture
def opened(shelf: Shelf) -> Generation:
    """The shelf with two dozen notes, so that a name can be rare."""
    notes = {f"note{number}": NOTE.format("Prices rose again.") for number in range(24)}
    notes["note0"] = NOTE.format("Foreign Secretary Elizabeth Trussell met the Belgians.")
    shelf.write(**notes)
    shelf.index()
    return Generation.open(shelf.home)


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("Freedonia", {"vaccines.txt"}),
        ("freedonia", {"vaccines.txt"}),
        ("Carl Diaz", {"harbour.txt"}),
        ("Korea", {"harbour.txt", "vaccines.txt"}),  # too short to find Korean
        ("Grand Fenwick", {"culture.txt"}),
        ("Liz Trussell", {"note0.txt"}),
        ("Belgium", {"note0.txt"}),
        ("Zaphod Quxley", set()),
        ("Quxley", set()),
    ],
)
def test_documents_mention_a_name(opened: Generation, name: str, documents: set[str]) -> None:
    assert ids(opened, lambda g, number: bool(mentioning(g, [number], name))) == documents


def test_a_last_name_of_many_does_not_stand_for_one(shelf: Shelf) -> None:
    texts = {f"note{n}": NOTE.format(f"Minister Anna{n} Trussell spoke.") for n in range(6)}
    shelf.write(**texts)
    shelf.index()
    opened = Generation.open(shelf.home)
    assert ids(opened, lambda g, number: bool(mentioning(g, [number], "Anna3 Trussell"))) == {
        "note3.txt"
    }
    assert ids(opened, lambda g, number: bool(mentioning(g, [number], "Liz Trussell"))) == set()


@pytest.mark.parametrize(
    ("names", "documents"),
    [
        (("Alice Brown", "Elbonia"), {"harbour.txt"}),
        (("Alice Brown", "Freedonia"), set()),
        (("Korea", "Freedonia"), {"vaccines.txt"}),
    ],
)
def test_all_names_stand_in_the_document(
    opened: Generation, names: tuple[str, ...], documents: set[str]
) -> None:
    assert ids(opened, lambda g, number: any_mentions_all(g, [number], names)) == documents


def test_no_names_are_in_every_document(opened: Generation) -> None:
    assert any_mentions_all(opened, [0], ())


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (("Elizabeth Trussell",), ["price", "rose", "zebra"]),
        (("Liz Trussell",), ["price", "rose", "zebra"]),  # her last name is rare enough
        (("Liz Trussell", "Freedonia"), ["price", "rose", "zebra"]),
        (("Zaphod Quxley",), []),  # nothing is beside somebody whom nothing mentions
        ((), []),
    ],
)
def test_terms_that_no_passage_has_beside_a_name(
    opened: Generation, names: tuple[str, ...], apart: list[str]
) -> None:
    assert never_beside(opened, names, ["belgian", "price", "rose", "zebra"]) == apart


def test_only_the_passages_that_count_have_a_term_beside_a_name(opened: Generation) -> None:
    (note,) = opened.lexical.rows_with(["trussel"], ["text"])
    (others,) = np.nonzero(np.arange(opened.lexical.count) != note)
    assert never_beside(opened, ["Elizabeth Trussell"], ["met"], np.array([note])) == []
    assert never_beside(opened, ["Freedonia"], ["belgian"], others) == ["belgian"]
    assert never_beside(opened, ["Elizabeth Trussell"], ["met"], others) == []
