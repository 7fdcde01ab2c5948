"""Which documents mention a name."""

import datetime
from collections.abc import Callable

import numpy as np
import pytest
from conftest import Shelf
from numpy.typing import NDArray

from retriever.documents.mentions import lacking, mentions, never_beside
from retriever.index.generation import Generation
from retriever.question.reading import read_question
from retriever.row_set import RowSet

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


def lacks(generation: Generation, question: str) -> list[str]:
    """What a question says that no document mentions."""
    today = datetime.date(2024, 1, 31)
    reading = read_question(question, (), today, generation.lexical, generation.spellings)
    return [*lacking(generation, reading)]


def only(generation: Generation, rows: NDArray[np.int64]) -> RowSet:
    return RowSet.of(rows, generation.store.count)


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("Freedonia", {"vaccines.txt"}),
        ("freedonia", {"vaccines.txt"}),
        ("Carl Diaz", {"harbour.txt"}),
        ("Grand Fenwick", {"culture.txt"}),
        ("Liz Trussell", {"note0.txt"}),  # her last name is enough
        ("Belgium", {"note0.txt"}),  # the documents have another ending
        ("Liz Trussell Jr.", {"note0.txt"}),
        ("Zaphod Quxley", set()),
        ("Quxley", set()),
    ],
)
def test_documents_mention_a_name(opened: Generation, name: str, documents: set[str]) -> None:
    def mention(generation: Generation, number: int) -> bool:
        return mentions(generation, name, only(generation, generation.store.rows_of([number])))

    assert ids(opened, mention) == documents


def test_the_stem_of_a_land_may_be_shorter_than_how_its_people_begin(shelf: Shelf) -> None:
    shelf.write(only=NOTE.format("The United Arab Emirates pledged aid."))
    shelf.index()
    assert mentions(Generation.open(shelf.home), "Emiratis")


@pytest.mark.parametrize("name", ["Trussell", "Liz Trussell", "Trussell's", "trussell"])
def test_a_last_name_is_enough_to_be_mentioned(opened: Generation, name: str) -> None:
    assert lacks(opened, f"Was it {name}?") == []


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ("Angela Merkel", ["Angela Merkel"]),
        ("Minister Merkel", ["Merkel"]),
        ("Anna Merkel", ["Merkel"]),
        ("refunds", []), ("Refunds", []), ("refund", []), ("Refund", []),
        ("anti-refund", ["anti-refund"]),
        ("harbour-master", []), ("harbourmaster", []), ("Harbour-Masters", []), ("harbour", []),
        ("Shinhwa", []), ("Shin-hwa", []), ("SHIN-HWA'S", []), ("shin", []),
        ("Abercrombie", []), ("Mugworth", []), ("Subtle", []), ("Desk", []), ("Tel", []),
        ("babies", []), ("Babiš", ["Babiš"]),
        ("VanDyke", []), ("Van Dyke", []), ("e-mail", []), ("email", []), ("F35s", []),
        ("F-35", []),
        ("colour,refunds", []), ("Colors", []), ("Ecuador", []), ("defense", []), ("analyze", []),
        ("meet", []), ("harbour masters", []), ("e mail", []), ("har bour", []),
        ("zeb ra", ["zeb"]),
        ("freezing", []), ("withdrew", []), ("wife", []), ("criterion", []),
        ("Anna Major", ["Major"]), ("Stephen King", ["Stephen King"]), ("Mr King", ["King"]),
        ("the President of Palau", ["Palau"]), ("Prime Minister Abercrombie of Palau", ["Palau"]),
        ("Minister Babich", ["Babich"]), ("Joe Abercrombie", []), ("Путин", []), ("회담을", []),
        ("14", []),
    ],
)  # fmt: skip
def test_only_what_stands_nowhere_is_lacking(shelf: Shelf, typed: str, lacking: list[str]) -> None:
    page = (
        "Press Releases\n\nNews of the Mugworth\n\nMay 3, 2022\n\n"
        "1. Refunds are paid to the harbour master of Shin-hwa in 14 days, and to babies.\n\n"
        "SUBTLE POINTS\n\n2. The Minister met Anna and a Mr Abercrombie. They froze the criteria "
        "and are withdrawing the wives.\n\nPress Desk\n"
        "Tel: +1 555 0100\n\n3. An e-mail on F-35s, colours, defence and the Ecuadorians was "
        "analysed by VanDyke.\n"
    )
    shelf.write(only=page)
    shelf.index()
    assert lacks(Generation.open(shelf.home), f"What of {typed} there?") == lacking


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (("Elizabeth Trussell",), ["prices", "rose", "zebra"]),
        (("Liz Trussell",), ["prices", "rose", "zebra"]),
        (("Liz Trussell", "Freedonia"), ["prices", "rose", "zebra"]),
        (("Zaphod Quxley",), []),  # nothing is beside somebody whom nothing mentions
        ((), []),
    ],
)
def test_terms_that_no_passage_has_beside_a_name(
    opened: Generation, names: tuple[str, ...], apart: list[str]
) -> None:
    assert never_beside(opened, names, ["Belgians", "prices", "rose", "zebra"]) == apart


def test_only_the_passages_that_count_have_a_term_beside_a_name(opened: Generation) -> None:
    (note,) = opened.lexical.rows_with(["trussel"], ["text"])
    others = RowSet(np.arange(opened.lexical.count) != note)
    only_note = only(opened, np.array([note]))
    assert never_beside(opened, ["Elizabeth Trussell"], ["met"], only_note) == []
    assert never_beside(opened, ["Freedonia"], ["belgian"], others) == ["belgian"]
    assert never_beside(opened, ["Elizabeth Trussell"], ["met"], others) == []


def test_a_word_that_begins_like_one_of_another_language_is_not_denied(shelf: Shelf) -> None:
    german = "Die Übersetzungen der Verträge liegen im Archiv, und niemand hat sie je gelesen.\n"
    shelf.write(one="The treaties are kept in the archive, and nobody has read them.\n", two=german)
    shelf.index()
    generation = Generation.open(shelf.home)
    assert lacks(generation, "Uebersetzung Vertrag zebra") == ["zebra"]
