"""What becomes of a citation: it holds, moves, changes or is gone, in the files of today."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HARBOUR, Shelf, release

from retriever.build.build import build_index
from retriever.citing.citation import Citation, citation_of, receipt_of
from retriever.citing.document_view import read_raw
from retriever.citing.pasted import pasted_citations
from retriever.citing.receipts import CitationState, DocumentReceipt, Receipt
from retriever.citing.todays_files import TodaysFiles
from retriever.citing.verifier import Verifier, look_up, verify
from retriever.citing.word_difference import Piece
from retriever.index.generation import Generation
from retriever.index.passages import PassageStore

DEEPEN = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
CITED = Citation("harbour.txt", "2", receipt_of(DEEPEN))


def store_of(shelf: Shelf) -> PassageStore:
    return Generation.open(shelf.home).store


def check(shelf: Shelf, citation: Citation = CITED) -> Receipt:
    """The receipt; what it says of now has to verify."""
    receipt = verify(store_of(shelf), citation)
    if receipt.now:
        assert verify(store_of(shelf), receipt.now).state is CitationState.HOLDS
        assert receipt_of(receipt.text) == receipt.now.receipt
    for other in receipt.also:
        assert verify(store_of(shelf), other).state is CitationState.HOLDS
        assert other.receipt == citation.receipt
    return receipt


def edit(shelf: Shelf, old: str, new: str, name: str = "harbour.txt") -> None:
    file = shelf.folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Harbor Talks", "Port Talks"),
        ("Governor Diaz praised", "Governor Diaz liked"),
        ("container ships by 2025.", "container  ships by\u00a02025."),
        ("Press Releases", "Statements"),
    ],
)
def test_it_holds_after_edits_elsewhere(shelf: Shelf, old: str, new: str, indexed: bool) -> None:
    edit(shelf, old, new)
    if indexed:
        shelf.index()
    path = str(shelf.folder / "harbour.txt")
    assert check(shelf) == Receipt(CITED, CitationState.HOLDS, path)


def test_a_renumbered_paragraph_has_moved(shelf: Shelf) -> None:
    edit(shelf, "2. The two", "2. A first paragraph was added here.\n\n3. The two")
    edit(shelf, "3. Governor", "4. Governor")
    receipt = check(shelf)
    assert (receipt.state, receipt.now) == (CitationState.MOVED, replace(CITED, label="3"))
    shelf.index()
    assert check(shelf) == receipt


def test_an_edited_paragraph_has_changed_with_the_difference(shelf: Shelf) -> None:
    edit(shelf, "agreed to deepen", "failed to deepen")
    receipt = check(shelf)
    assert (receipt.state, receipt.text) == (
        CitationState.CHANGED,
        DEEPEN.replace("agreed", "failed"),
    )
    assert receipt.difference == (
        Piece("same", "The two sides"),
        Piece("removed", "agreed"),
        Piece("added", "failed"),
        Piece("same", "to deepen the harbor of Busan for container ships by 2025."),
    )
    shelf.index()  # the cited words are in no index now
    assert check(shelf) == replace(receipt, difference=())


def test_an_edited_paragraph_is_found_under_another_number(shelf: Shelf) -> None:
    edit(shelf, "2. The two sides agreed", "2. A paragraph was added.\n\n3. The two sides failed")
    edit(shelf, "3. Governor", "4. Governor")
    receipt = check(shelf)
    assert receipt.now
    assert (receipt.state, receipt.now.label) == (CitationState.CHANGED, "3")
    assert Piece("removed", "agreed") in receipt.difference


def test_a_paragraph_that_was_removed_is_gone(shelf: Shelf) -> None:
    last = "Governor Diaz praised the fish market. He will visit again in the autumn."
    edit(shelf, f"3. {last}", "")
    receipt = check(shelf, Citation("harbour.txt", "3", receipt_of(last)))
    assert receipt.state is CitationState.GONE
    assert receipt.reason == "its document has neither its words nor its label"


@pytest.mark.parametrize("indexed", [False, True])
def test_a_renamed_file_has_moved(shelf: Shelf, indexed: bool) -> None:
    (shelf.folder / "2021").mkdir()
    (shelf.folder / "harbour.txt").rename(shelf.folder / "2021" / "port.txt")
    if indexed:
        shelf.index()
    receipt = check(shelf)
    assert (receipt.state, receipt.now) == (
        CitationState.MOVED,
        replace(CITED, document="2021/port.txt"),
    )
    assert receipt.path == str(shelf.folder / "2021" / "port.txt")


def test_files_whose_names_were_exchanged_have_moved(shelf: Shelf) -> None:
    earlier = [store_of(shelf)]
    harbour, other = shelf.folder / "harbour.txt", shelf.folder / "vaccines.txt"
    harbour.rename(shelf.folder / "kept")
    other.rename(harbour)
    (shelf.folder / "kept").rename(other)
    for _ in range(2):
        verifier = Verifier(store_of(shelf), earlier=earlier)
        (receipt,) = verifier.verify_each([CITED])
        assert receipt == verifier.verify(CITED)
        assert (receipt.state, receipt.now) == (
            CitationState.MOVED,
            replace(CITED, document="vaccines.txt"),
        )
        shelf.index()


@pytest.mark.parametrize("indexed", [False, True])
def test_a_file_with_another_s_bytes_has_changed_whatever_copy_is_there(
    shelf: Shelf, indexed: bool
) -> None:
    shutil.copy(shelf.folder / "harbour.txt", shelf.folder / "copy.txt")
    shelf.index()
    earlier = [store_of(shelf)]
    shutil.copy(shelf.folder / "vaccines.txt", shelf.folder / "harbour.txt")
    if indexed:
        shelf.index()
    receipt = Verifier(store_of(shelf), earlier=earlier).verify(CITED)
    assert receipt.state is CitationState.CHANGED
    assert receipt.also == (replace(CITED, document="copy.txt"),)


def test_a_renamed_and_edited_file_has_moved(shelf: Shelf) -> None:
    edit(shelf, "praised", "liked")
    (shelf.folder / "harbour.txt").rename(shelf.folder / "port.txt")
    receipt = check(shelf)
    assert (receipt.state, receipt.now) == (
        CitationState.MOVED,
        replace(CITED, document="port.txt"),
    )


def test_a_removed_file_is_gone(shelf: Shelf) -> None:
    (shelf.folder / "harbour.txt").unlink()
    receipt = check(shelf)
    assert (receipt.state, receipt.reason) == (CitationState.GONE, "its file is not there")
    shelf.index()
    receipt = check(shelf)
    assert (receipt.state, receipt.reason) == (CitationState.GONE, "there is no such document")


def test_words_that_other_releases_have_too_did_not_move_there(shelf: Shelf) -> None:
    shelf.write(fish=release("Fish Week", "2019-01-02", "Fish was sold in the hall.", DEEPEN))
    shelf.index()
    other = replace(CITED, document="fish.txt")
    edit(shelf, DEEPEN, "Nothing was agreed.")
    receipt = check(shelf)
    assert (receipt.state, receipt.also) == (CitationState.CHANGED, (other,))
    assert Piece("added", "Nothing was agreed.") in receipt.difference
    edit(shelf, "2. Nothing was agreed.", "")
    receipt = check(shelf)
    assert (receipt.state, receipt.also) == (CitationState.GONE, (other,))
    (shelf.folder / "harbour.txt").unlink()
    receipt = check(shelf)
    assert (receipt.state, receipt.also) == (CitationState.GONE, (other,))


def test_words_that_another_release_had_too_did_not_move_there_since(shelf: Shelf) -> None:
    shelf.write(fish=release("Fish Week", "2019-01-02", "Fish was sold in the hall.", DEEPEN))
    shelf.index()
    earlier = [store_of(shelf)]
    other = replace(CITED, document="fish.txt")
    edit(shelf, f"2. {DEEPEN}", "")
    for _ in range(2):
        receipt = Verifier(store_of(shelf), earlier=earlier).verify(CITED)
        assert (receipt.state, receipt.also) == (CitationState.GONE, (other,))
        shelf.index()
    (shelf.folder / "harbour.txt").unlink()
    shelf.index()
    receipt = Verifier(store_of(shelf), earlier=earlier).verify(CITED)
    assert (receipt.state, receipt.also) == (CitationState.GONE, (other,))


def test_words_that_were_cut_and_put_into_another_release_have_moved_there(shelf: Shelf) -> None:
    earlier = [store_of(shelf)]
    edit(shelf, f"2. {DEEPEN}", "")
    shelf.write(fish=release("Fish Week", "2019-01-02", "Fish was sold in the hall.", DEEPEN))
    shelf.index()
    receipt = Verifier(store_of(shelf), earlier=earlier).verify(CITED)
    moved = replace(CITED, document="fish.txt")
    assert (receipt.state, receipt.now) == (CitationState.MOVED, moved)


def test_a_new_edition_of_a_removed_release_has_its_words(shelf: Shelf) -> None:
    shelf.write(mirror=HARBOUR.replace("He will visit again", "He will come again"))
    shelf.index()
    (shelf.folder / "harbour.txt").unlink()
    receipt = check(shelf)
    assert (receipt.state, receipt.now) == (
        CitationState.MOVED,
        replace(CITED, document="mirror.txt"),
    )
    earlier = [store_of(shelf)]
    shelf.index()
    assert Verifier(store_of(shelf), earlier=earlier).verify(CITED) == receipt


def test_a_file_that_cannot_be_read_is_not_called_changed(shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    file.write_bytes(b"\x00\x01\xff")
    receipt = check(shelf)
    assert (receipt.state, receipt.reason) == (
        CitationState.UNREADABLE,
        "it holds binary data, not text",
    )
    file.unlink()
    file.mkdir()
    assert check(shelf).state is CitationState.UNREADABLE
    shelf.folder.rename(shelf.folder.with_name("away"))
    receipt = check(shelf)
    assert (receipt.state, receipt.reason) == (
        CitationState.UNREADABLE,
        f"the folder {shelf.folder} is not there",
    )


def test_a_file_that_became_a_link_out_of_its_folder_is_not_read(
    shelf: Shelf, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(HARBOUR.replace("agreed to deepen", "failed to deepen"), "utf-8")
    (shelf.folder / "harbour.txt").unlink()
    (shelf.folder / "harbour.txt").symlink_to(secret)
    receipt = check(shelf)
    assert (receipt.state, receipt.text) == (CitationState.UNREADABLE, "")
    assert read_raw(store_of(shelf), "harbour.txt").document is None


def test_a_citation_of_an_older_version_never_holds(shelf: Shelf) -> None:
    document = store_of(shelf).document_named("harbour.txt")
    assert document
    receipt = check(shelf, Citation("harbour.txt", "2", document.sha256[:8]))
    assert (receipt.state, receipt.now, receipt.text) == (CitationState.OUTDATED, CITED, DEEPEN)
    receipt = check(shelf, Citation("harbour.txt", "99", document.sha256[:8]))
    assert (receipt.state, receipt.now) == (CitationState.OUTDATED, None)
    receipt = check(shelf, Citation("none.txt", "2", document.sha256[:8]))
    assert (receipt.state, receipt.now) == (CitationState.OUTDATED, None)


@pytest.mark.parametrize("document", ["\udcff.txt", "../secret.txt", "secret.txt", "none.txt/1"])
def test_only_documents_of_the_corpus_are_read(shelf: Shelf, document: str) -> None:
    (shelf.folder.parent / "secret.txt").write_text(DEEPEN)
    (shelf.folder / "secret.txt").symlink_to("../secret.txt")
    receipt = verify(store_of(shelf), Citation(document, "¶1", "0" * 12))
    assert (receipt.state, receipt.text) == (CitationState.GONE, "")


def test_a_file_that_is_not_yet_indexed_is_read(shelf: Shelf) -> None:
    shelf.write(port=HARBOUR)
    assert check(shelf, replace(CITED, document="port.txt")).state is CitationState.HOLDS


def test_it_holds_whichever_lines_repeat_and_whatever_is_stated(shelf: Shelf) -> None:
    opening = "The Minister for Foreign Affairs of Elbonia meets the envoys of all her neighbours"
    shelf.write(
        grain=f"{opening}\n\nThe two sides agreed on grain.\n\nOffice of Grain, www.x.org\n"
    )
    shelf.index()
    store = store_of(shelf)
    grain = store.document_named("grain.txt")
    assert grain
    citations = [citation_of(grain, each) for each in store.passages_of(grain.number)]
    assert [each.label for each in citations] == ["¶1", "¶2"]
    (shelf.folder / "manifest.jsonl").write_text('{"file": "grain.txt", "title": "Grain talks"}')
    texts = {
        f"more{n}": f"Talks number {n}\n\nIt is the {n}th time.\n\nOffice of Grain, www.x.org\n"
        for n in range(30)
    }
    shelf.write(**texts)
    shelf.index()
    grain = store_of(shelf).document_named("grain.txt")
    assert (
        grain and len(store_of(shelf).passages_of(grain.number)) < 3
    )  # the others are no passages
    for citation in citations:
        assert check(shelf, citation).state is CitationState.HOLDS


def test_a_passage_is_shown_as_its_file_has_it_now(shelf: Shelf) -> None:
    store = store_of(shelf)
    edit(shelf, "Governor Diaz praised", "Governor Diaz liked")
    found = look_up(store, CITED, 1)
    assert found.passage and found.document
    assert [each.label for each in found.around] == ["1", "2", "3"]
    assert found.around[2].text.startswith("Governor Diaz liked")
    assert (found.passage, found.passage.text) == (found.around[1], DEEPEN)
    assert len(look_up(store, CITED, 1000).around) == 3
    gone = look_up(store, replace(CITED, document="none.txt", receipt="0" * 12))
    assert (gone.document, gone.passage, gone.around, gone.link) == (None, None, (), None)


def test_the_same_words_twice_are_each_found_near_their_place(shelf: Shelf) -> None:
    thanks = "Both ministers thanked the city of Busan for its hospitality."
    lines = [f"Paragraph {n} of the talks was long." for n in range(8)]
    shelf.write(twice="\n\n".join(["Talks", *lines[:4], thanks, *lines[4:], thanks]))
    shelf.index()
    cited = Citation("twice.txt", "¶5", receipt_of(thanks))
    assert check(shelf, cited).state is CitationState.HOLDS
    edit(shelf, lines[0], f"A new one.\n\n{lines[0]}", "twice.txt")
    assert check(shelf, cited).now == replace(cited, label="¶6")
    assert check(shelf, replace(cited, label="¶10")).now == replace(cited, label="¶11")


def test_many_citations_are_checked_in_their_order(shelf: Shelf) -> None:
    store = store_of(shelf)
    (shelf.folder / "vaccines.txt").unlink()
    citations = [
        citation_of(document, each)
        for document in store.all_documents()
        for each in store.passages_of(document.number)
    ]
    told: list[tuple[int, int]] = []
    receipts = Verifier(store).verify_each(
        citations[::-1], lambda _, done, total: told.append((done, total))
    )
    assert [each.citation for each in receipts] == citations[::-1]
    assert told == [(n, 7) for n in range(1, 8)]
    states = {each.citation.document: each.state for each in receipts}
    assert states["vaccines.txt"] is CitationState.GONE
    assert states["harbour.txt"] is CitationState.HOLDS


def test_every_document_is_checked(shelf: Shelf) -> None:
    edit(shelf, "agreed to deepen", "failed to deepen")
    (shelf.folder / "vaccines.txt").rename(shelf.folder / "doses.txt")
    (shelf.folder / "culture.txt").unlink()
    culture, harbour, vaccines = Verifier(store_of(shelf)).verify_documents()
    path = str(shelf.folder / "culture.txt")
    gone = DocumentReceipt("culture.txt", CitationState.GONE, path, {CitationState.GONE: 2}, True)
    assert culture == gone
    assert harbour.state is CitationState.CHANGED
    assert harbour.passages == {CitationState.HOLDS: 2, CitationState.CHANGED: 1}
    assert (vaccines.state, vaccines.now) == (CitationState.MOVED, "doses.txt")


def test_a_document_of_two_folders_is_found_in_its_own(shelf: Shelf, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(shelf.folder, other)
    build_index(shelf.home, [shelf.folder, other])
    cited = replace(CITED, document="other/harbour.txt")
    assert check(shelf, cited).path == str(other / "harbour.txt")
    edit(shelf, "agreed to deepen", "failed to deepen")
    assert check(shelf, cited).state is CitationState.HOLDS
    assert check(shelf).state is CitationState.CHANGED


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named_so(shelf: Shelf) -> None:
    (shelf.folder / "harbour.txt").chmod(0)
    assert check(shelf).state is CitationState.UNREADABLE


def test_damage_to_the_index_is_not_called_a_change(shelf: Shelf) -> None:
    name = shelf.home.generation() / "passages.db"
    with closing(sqlite3.connect(name)) as database, database:
        database.execute("UPDATE passages SET text = CAST(x'ff' AS TEXT) WHERE text = ?", [DEEPEN])
    store = PassageStore.open(shelf.home.generation())
    assert verify(store, CITED).state is CitationState.HOLDS  # the file says so, not the index
    for same_program in (True, False):
        states = [
            each.state for each in Verifier(store).verify_documents(same_program=same_program)
        ]
        assert states == [CitationState.HOLDS, CitationState.DAMAGED, CitationState.HOLDS]
    edit(shelf, "agreed to deepen", "failed to deepen")
    (receipt,) = Verifier(store).verify_each([CITED])
    assert (receipt.state, receipt.text) == (CitationState.DAMAGED, "")
    assert "run `pincite index`" in receipt.reason


def test_damage_to_an_earlier_index_is_no_damage_to_this_one(shelf: Shelf) -> None:
    before = shelf.home.generation()
    edit(shelf, "agreed to deepen", "failed to deepen")
    shelf.index()
    with closing(sqlite3.connect(before / "passages.db")) as database, database:
        database.execute("UPDATE passages SET text = 'x' WHERE text = ?", [DEEPEN])
    (receipt,) = Verifier(store_of(shelf), earlier=[PassageStore.open(before)]).verify_each([CITED])
    assert (receipt.state, receipt.difference) == (CitationState.CHANGED, ())


def test_a_damaged_document_does_not_keep_others_from_being_checked(shelf: Shelf) -> None:
    store = store_of(shelf)
    culture = next(each for each in store.all_documents() if each.id == "culture.txt")
    cited = citation_of(culture, store.passages_of(culture.number)[0])
    with closing(sqlite3.connect(shelf.home.generation() / "passages.db")) as connection:
        connection.execute("UPDATE documents SET title = 'x' WHERE id = 'culture.txt'")
        connection.commit()
    (shelf.folder / "vaccines.txt").unlink()
    damaged, holds, gone = CitationState.DAMAGED, CitationState.HOLDS, CitationState.GONE
    unknown = replace(CITED, document="unknown.txt")
    pasted = list(
        pasted_citations(store_of(shelf), [str(each) for each in (cited, CITED, unknown)])
    )
    assert pasted == [cited, CITED, unknown]
    verifier = Verifier(store_of(shelf))
    states = [each.state for each in verifier.verify_each([cited, CITED, unknown])]
    assert states == [damaged, holds, damaged]
    assert [each.state for each in verifier.verify_documents()] == [damaged, holds, gone]


def test_a_file_that_has_the_ending_of_another_format_is_not_called_moved(shelf: Shelf) -> None:
    markdown = "# Harbor\n\nThe **harbor** of Busan is deep.\n\nIts market is open every day.\n"
    (shelf.folder / "memo.md").write_text(markdown, "utf-8")
    shelf.index()
    verifier = Verifier(store_of(shelf))
    (shelf.folder / "memo.md").rename(shelf.folder / "memo.pdf")
    receipt = next(each for each in verifier.verify_documents() if each.document == "memo.md")
    assert (receipt.state, receipt.now) == (CitationState.GONE, "")


def test_new_files_are_known_again_after_many_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(shelf)
    for name in ("harbour", "vaccines", "culture"):
        (shelf.folder / f"{name}.txt").rename(shelf.folder / f"new-{name}.md")
    monkeypatch.setattr("retriever.citing.todays_files._REMEMBERED", 2)
    files = TodaysFiles(store)
    assert [each.path.name for each in files.new()] == [each.path.name for each in files.new()]
    assert len(files.new()) == 3


def test_of_files_that_may_not_be_shown_nothing_is_said(shelf: Shelf) -> None:
    shelf.write(copy=HARBOUR.replace("Governor Diaz praised", "Governor Diaz liked"))
    shelf.index()

    def checked(citation: Citation, *hidden: str) -> Receipt:
        verifier = Verifier(store_of(shelf), may_show=lambda path: path.stem not in hidden)
        return verifier.verify(citation)

    def is_unknown(receipt: Receipt) -> bool:
        return receipt == Receipt(receipt.citation, CitationState.GONE, reason=receipt.reason)

    liked = "Governor Diaz liked the fish market. He will visit again in the autumn."
    elsewhere = Citation("culture.txt", "2", receipt_of(liked))
    assert checked(CITED, "copy").state is CitationState.HOLDS
    assert is_unknown(checked(CITED, "harbour", "copy"))
    assert checked(elsewhere).difference
    assert checked(elsewhere, "copy").difference == checked(elsewhere, "copy").also == ()
    (shelf.folder / "harbour.txt").unlink()
    assert checked(CITED).now == replace(CITED, document="copy.txt")
    assert checked(CITED, "copy").now is None
    (shelf.folder / "copy.txt").rename(shelf.folder / "new.txt")
    assert checked(replace(CITED, document="copy.txt")).now == replace(CITED, document="new.txt")
    assert checked(replace(CITED, document="copy.txt"), "new").now is None
    assert is_unknown(checked(replace(CITED, document="new.txt"), "new", "copy", "harbour"))
