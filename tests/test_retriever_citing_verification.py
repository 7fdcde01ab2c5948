"""Receipts: one changed byte is noticed, and what a citation names is shown in its place."""

import pytest
from conftest import Shelf

from retriever.answering.answer import Verdict
from retriever.citing.citation import Citation
from retriever.citing.verification import Original, ReceiptState, look_up, verify, verify_all
from retriever.errors import CitationRefused
from retriever.index.generation import Generation
from retriever.index.passages import PassageStore

QUESTION = "What was agreed about the harbor of Busan?"


def store_of(shelf: Shelf) -> PassageStore:
    return Generation.open(shelf.home).store


def test_a_changed_file_is_withheld_and_the_others_answer(shelf: Shelf) -> None:
    question = "harbor of Busan and vaccine doses for Freedonia"
    before = shelf.ask(question)
    assert {hit.document.id for hit in before.passages} >= {"harbour.txt", "vaccines.txt"}
    file = shelf.folder / "harbour.txt"
    file.write_bytes(file.read_bytes().replace(b"2025", b"2026"))
    after = shelf.ask(question)
    assert after.withheld == ("harbour.txt",)
    assert "harbour.txt" not in {hit.document.id for hit in after.passages}
    others = [h.citation for h in before.passages if h.document.id != "harbour.txt"]
    assert [hit.citation for hit in after.passages][: len(others)] == others
    assert [hit.rank for hit in after.passages] == list(range(1, len(after.passages) + 1))
    states = {str(h.citation): verify(store_of(shelf), h.citation).state for h in before.passages}
    for citation, state in states.items():
        changed = citation.startswith("harbour.txt#")
        assert state is (ReceiptState.CHANGED if changed else ReceiptState.VALID)


def test_a_byte_outside_the_passages_counts_too(shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    file.write_bytes(file.read_bytes() + b"\n")
    assert shelf.ask(QUESTION).withheld == ("harbour.txt",)


def test_a_removed_file_is_missing(shelf: Shelf) -> None:
    first = shelf.ask(QUESTION).passages[0]
    (shelf.folder / "harbour.txt").unlink()
    receipt = verify(store_of(shelf), first.citation)
    assert (receipt.state, receipt.path) == (
        ReceiptState.MISSING,
        str(shelf.folder / "harbour.txt"),
    )
    assert "harbour.txt" in shelf.ask(QUESTION).withheld


def test_a_verdict_rests_on_what_is_shown(shelf: Shelf) -> None:
    assert shelf.ask(QUESTION).verdict is Verdict.FOUND
    (shelf.folder / "harbour.txt").unlink()
    answer = shelf.ask(QUESTION)
    assert answer.withheld == ("harbour.txt",)
    assert answer.verdict is not Verdict.FOUND


def test_when_all_is_withheld_the_verdict_says_so(shelf: Shelf) -> None:
    for file in shelf.folder.iterdir():
        file.write_text("1. Nothing is as it was before the flood.\n")
    answer = shelf.ask(QUESTION)
    assert (answer.verdict, answer.passages) == (Verdict.NONE, ())
    assert answer.reason == "the documents that match changed since they were indexed"


def test_a_file_that_comes_back_holds_again(shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    data = file.read_bytes()
    file.write_bytes(b"")
    document = store_of(shelf).document_named("harbour.txt")
    assert document
    original = Original(document.path, document.sha256)
    assert (original.state, original.text(document)) == (ReceiptState.CHANGED, "")
    file.write_bytes(data)
    assert {receipt.state for receipt in verify_all(store_of(shelf))} == {ReceiptState.VALID}
    assert shelf.ask(QUESTION).withheld == ()


def test_citations_that_name_nothing(shelf: Shelf) -> None:
    store = store_of(shelf)
    receipt = store.document_named("harbour.txt").sha256[:8]  # type: ignore[union-attr]
    assert verify(store, Citation("harbour.txt", "2", receipt)).state is ReceiptState.VALID
    assert verify(store, Citation("harbour.txt", "99", receipt)).state is ReceiptState.UNKNOWN
    assert verify(store, Citation("other.txt", "2", receipt)).state is ReceiptState.UNKNOWN
    assert verify(store, Citation("harbour.txt", "2", "00000000")).state is ReceiptState.CHANGED
    for citation, advice in (
        (Citation("harbour.txt", "99", receipt), "; copy a citation from an answer"),
        (Citation("x.txt", "2", "00000000"), "; copy a citation from an answer"),
        (Citation("x.txt", "2", receipt), "; its file is now 'harbour.txt'"),
    ):
        with pytest.raises(CitationRefused, match=advice):
            look_up(store, citation)


def test_a_citation_of_an_undecodable_name_is_unknown(shelf: Shelf) -> None:
    assert (
        verify(store_of(shelf), Citation("\udcff.txt", "1", "0" * 8)).state is ReceiptState.UNKNOWN
    )


def test_a_passage_stands_between_its_neighbours(shelf: Shelf) -> None:
    store = store_of(shelf)
    receipt = store.document_named("harbour.txt").sha256[:8]  # type: ignore[union-attr]
    found = look_up(store, Citation("harbour.txt", "2", receipt), 1)
    assert [each.label for each in found.around] == ["1", "2", "3"]
    assert found.passage == found.around[1]
    assert found.passage.text.startswith("The two sides agreed to deepen the harbor")
    first = look_up(store, Citation("harbour.txt", "1", receipt), 1)
    assert [each.label for each in first.around] == ["1", "2"]
    assert len(look_up(store, Citation("harbour.txt", "3", receipt), 1000).around) == 3
    assert look_up(store, Citation("harbour.txt", "3", receipt)).around == (found.around[2],)


def test_a_citation_names_the_same_words_whatever_is_stated_beside_its_file(shelf: Shelf) -> None:
    opening = "The Minister for Foreign Affairs of Elbonia meets the envoys of all her neighbours"
    tariff = "The two sides agreed to lower the tariff on grain."
    shelf.write(grain=f"{opening}\n\n{tariff}\n\nThey will meet again in the spring.\n")
    shelf.index()
    citation = shelf.ask("What was agreed on the tariff on grain?").passages[0].citation
    manifest = shelf.folder / "manifest.jsonl"
    manifest.write_text('{"file": "grain.txt", "title": "Grain talks"}')
    assert shelf.index().published
    found = look_up(store_of(shelf), citation)
    assert found.passage is not None
    assert (found.receipt.state, found.passage.text) == (ReceiptState.VALID, tariff)
