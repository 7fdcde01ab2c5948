"""Originals: one changed byte is noticed, and of a file that changed nothing is shown."""

from conftest import Shelf

from retriever.answering.answer import Verdict
from retriever.citing.citation import Citation
from retriever.citing.originals import FileState, Original, neighbours_of
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier, verify
from retriever.index.generation import Generation
from retriever.index.passages import PassageStore

QUESTION = "What was agreed about the harbor of Busan?"


def store_of(shelf: Shelf) -> PassageStore:
    return Generation.open(shelf.home).store


def test_a_changed_file_is_withheld_and_the_others_answer(shelf: Shelf) -> None:
    question = "harbor of Busan and vaccine doses for Freedonia"
    before = shelf.ask(question, min_score=0)
    assert {hit.document.id for hit in before.passages} >= {"harbour.txt", "vaccines.txt"}
    file = shelf.folder / "harbour.txt"
    file.write_bytes(file.read_bytes().replace(b"2025", b"2026"))
    after = shelf.ask(question, min_score=0)
    assert after.withheld == ("harbour.txt",)
    assert "harbour.txt" not in {hit.document.id for hit in after.passages}
    others = [h.citation for h in before.passages if h.document.id != "harbour.txt"]
    assert [hit.citation for hit in after.passages][: len(others)] == others
    assert [hit.rank for hit in after.passages] == list(range(1, len(after.passages) + 1))
    for hit in before.passages:  # only the edited paragraph is another
        edited = (hit.document.id, hit.label) == ("harbour.txt", "2")
        state = CitationState.CHANGED if edited else CitationState.HOLDS
        assert verify(store_of(shelf), hit.citation).state is state


def test_a_byte_outside_the_passages_counts_too(shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    file.write_bytes(file.read_bytes() + b"\n")
    assert shelf.ask(QUESTION).withheld == ("harbour.txt",)


def test_a_removed_file_is_withheld(shelf: Shelf) -> None:
    (shelf.folder / "harbour.txt").unlink()
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
    assert Original(document.path, document.sha256).state is FileState.CHANGED
    file.write_bytes(data)
    states = {each.state for each in Verifier(store_of(shelf)).verify_documents()}
    assert states == {CitationState.HOLDS}
    assert shelf.ask(QUESTION).withheld == ()


def test_an_answer_has_neighbours_while_its_file_is_the_indexed_one(shelf: Shelf) -> None:
    store = store_of(shelf)

    def labels(label: str, count: int) -> list[str]:
        citation = Citation("harbour.txt", label, "0" * 12)
        return [each.label for each in neighbours_of(store, citation, count)]

    assert labels("2", 1) == ["1", "2", "3"]
    assert labels("1", 1) == ["1", "2"]
    assert labels("3", 1000) == ["1", "2", "3"]
    assert labels("3", 0) == ["3"]
    assert labels("99", 1) == []
    (shelf.folder / "harbour.txt").write_text("1. Other words stand here now.\n")
    assert labels("2", 1) == []
