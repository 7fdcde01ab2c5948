"""What the documents say of a turn whose own words leave open how it follows its thread."""

import datetime

import pytest
from conftest import Shelf, release

from retriever.answering.answer import Verdict
from retriever.answering.ask import ask
from retriever.answering.document_list import SHOWN
from retriever.answering.search import find
from retriever.answering.thread_documents import ThreadDocuments
from retriever.index.generation import Generation

FERRY = release(
    "Elbonia and Freedonia Sign a Ferry Agreement",
    "2022-05-04",
    "Minister Alice Brown and Governor Carl Diaz signed the ferry agreement in Port Anders.",
    "The commitment runs for twelve years, and either government may end it after six.",
    "Each government pays nine million crowns a year; Elbonia pays for the piers as well.",
    "Governor Diaz called Minister Brown a patient negotiator.",
)
GRAIN = release(
    "Grain Talks in Libya",
    "2022-06-01",
    "Envoy Ruth Lugar said in Tripoli that Libya needs two shiploads of grain a month.",
    "The envoy thanked the mayor of Tripoli for his welcome.",
)
MILLS = release(
    "Grain Talks in Ukraine",
    "2022-07-01",
    "Envoy Ruth Lugar said in Kyiv that Ukraine needs spare parts for its grain mills.",
)
SIGNED = "What did Brown and Diaz sign in Port Anders?"


@pytest.fixture
def opened(shelf: Shelf) -> Generation:
    towns = "Oslo Lima Riga Bern Rome Cairo Delhi Perth Quito Accra Dakar Sofia".split()
    others = {
        f"town{number}": release(
            f"The Mayor of {town} Opens a Library",
            f"2021-0{number % 9 + 1}-11",
            f"The mayor of {town} opened a library with {number + 3} reading rooms on Monday.",
            f"Readers in {town} may borrow {number + 20} books for a month, free of charge.",
        )
        for number, town in enumerate(towns)
    }
    shelf.write(ferry=FERRY, grain=GRAIN, mills=MILLS, **others)
    shelf.index()
    return Generation.open(shelf.home)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("how long is the commitment?", "The commitment runs"),
        ("what does each pay?", "Each government pays"),
        ("What did Diaz think of her?", "Governor Diaz called"),
        ("who pays for the piers?", "Each government pays"),
    ],
)
def test_a_turn_is_asked_of_the_documents_of_its_thread(
    opened: Generation, question: str, begins: str
) -> None:
    answer = ask(opened, question, history=[SIGNED])
    assert answer.passages[0].text.startswith(begins)
    assert answer.searched.text == f"{SIGNED.rstrip('?')}. {question}"


@pytest.mark.parametrize(
    "question",
    ["How many books may readers in Riga borrow?", "Who opened a library in Lima?",
     "What does Libya need?", "what did the envoy thank the mayor of Tripoli for?",
     "how do i get limescale out of a kettle"],
)  # fmt: skip
def test_what_stands_alone_is_answered_as_without_its_thread(
    opened: Generation, question: str
) -> None:
    alone, behind = ask(opened, question), ask(opened, question, history=[SIGNED])
    assert behind.searched == alone.searched
    assert (behind.verdict, behind.passages) == (alone.verdict, alone.passages)


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        ("Who went with Sung Kim to Seoul in April 2022?", "What was agreed with Sung Kim?"),
        ("What did they say in August 2019 about defectors?", "What was agreed with Sung Kim?"),
        (
            "Why are the weapons programs a human rights matter?",
            "Who is the U.S. Special Representative for the DPRK?",
        ),
    ],
)
def test_a_whole_question_is_not_read_with_the_one_before_it(
    samples: Generation, earlier: str, question: str
) -> None:
    assert ask(samples, question, history=[earlier]).searched.text == question


def test_a_place_takes_the_place_of_a_place(opened: Generation) -> None:
    history = ["What did Lugar say about Libya?"]
    answer = ask(opened, "what about Ukraine?", history=history)
    assert answer.searched.text == "What did Lugar say. what about Ukraine?"
    assert answer.passages[0].text.startswith("Envoy Ruth Lugar said in Kyiv")
    assert "Libya" not in answer.searched.names


def test_names_are_alike_that_are_of_a_kind(opened: Generation) -> None:
    documents = ThreadDocuments(opened)
    assert documents.like("Ukraine", ["Lugar", "Libya"]) == "Libya"
    assert documents.like("Germany", ["Jessica Lewis", "UK"]) == "UK"
    assert documents.like("Libya", ["Ned Price"]) is None
    assert documents.like("Libya", []) is None


def test_a_turn_that_says_nothing_leaves_no_trace(opened: Generation) -> None:
    question = "how long is the commitment?"
    plain = ask(opened, question, history=[SIGNED])
    for turn in ("thanks!", "👍", "hm", "ok", ":tada:", "…"):
        answer = ask(opened, question, history=[SIGNED, turn])
        assert (answer.searched, answer.passages) == (plain.searched, plain.passages)


def test_what_else_shows_nothing_again(opened: Generation) -> None:
    first = "What did the mayors open?"
    history, shown = [first], [each.text for each in ask(opened, first).passages]
    assert len(shown) == SHOWN
    for _ in range(2):
        answer = ask(opened, "what else?", history=history)
        texts = [each.text for each in answer.passages]
        assert texts and not set(texts) & set(shown)
        history, shown = [*history, "what else?", "ok"], [*shown, *texts]


def test_what_else_has_an_end(opened: Generation) -> None:
    history = ["What did the mayors open?", *["what else?"] * 20]
    found = find(opened, "what else?", history=history, asked_on=datetime.date(2024, 1, 1))
    assert not set(found.ranked.rows.tolist()) & found.known
    assert found.judgement.verdict is not Verdict.FOUND
