"""What the index no longer has as it was read is not shown, and told from a file that changed."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from conftest import HARBOUR, CommandLine, Shelf, release
from releases import Block, Release
from rendering_mail import quoted_printable
from rendering_office import typed_docx

from retriever.answering.answer import Verdict
from retriever.build.build import undamaged_generation
from retriever.build.rereading import read_everything_again
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier, look_up, verify
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home
from retriever.index.integrity import (
    checked_json,
    is_intact,
    read_checked_json,
    record_digest,
)
from retriever.index.passage_tables import PASSAGES
from retriever.index.passages import PassageStore

QUESTION = "What was agreed about the harbor of Busan?"

TALKS = Release(
    "harbour",
    "Korea and Elbonia Hold Harbor Talks",
    None,
    (
        Block("1.", "Minister Alice Brown met Governor Carl Diaz of Elbonia in Busan."),
        Block("2.", "The two sides agreed to deepen the harbor of Busan for ships."),
    ),
)


def alter(home: Home, statement: str, *values: object) -> None:
    """Changes rows of the index behind the back of the program."""
    with closing(sqlite3.connect(home.generation() / PASSAGES)) as database, database:
        assert database.execute(statement, values).rowcount


def store_of(shelf: Shelf) -> PassageStore:
    return PassageStore.open(shelf.home.generation())


def test_a_digest_tells_any_two_records_apart() -> None:
    digest = record_digest(("a", "bc", 1, None))
    assert len(digest) == 16
    assert is_intact(["a", "bc", 1, None], digest)
    others = (("ab", "c", 1, None), ("a", "bc", "1", None), ("a", "bc", 1), ("bc", "a", 1, None))
    assert not any(is_intact(other, digest) for other in others)
    assert not is_intact((b"a", "bc", 1, None), digest)
    assert not is_intact(("a", "bc", 1, None), digest.hex())


def test_no_flipped_bit_of_an_object_is_believed() -> None:
    facts = {"format": 4, "created": "2026", "counts": {"a": 1, "ü": None}}
    data = checked_json(facts)
    assert read_checked_json(data) == (facts, True)
    assert read_checked_json(b'{"format": 3}') == ({"format": 3}, False)
    for at in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[at] ^= 1 << bit
            with suppress(ValueError):
                assert read_checked_json(bytes(damaged))[1] is False  # its key is another


ALTERED = {
    "title": "'Korea and Elbonia Break Off Talks'",
    "posted": "'2024-03-04'",
    "events": """'["2021-03-05"]'""",
    "source": "'https://www.example.org/'",
    "path": "path || 'x'",
    "sha256": "'0' || substr(sha256, 2)",
}


@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_document_is_withheld_as_damage(shelf: Shelf, column: str) -> None:
    cited = shelf.ask(QUESTION).passages[0].citation
    alter(shelf.home, f"UPDATE documents SET {column} = {ALTERED[column]} WHERE id = 'harbour.txt'")
    answer = shelf.ask(QUESTION)
    number = int(answer.damaged[0].removeprefix("document "))
    assert store_of(shelf).sound_documents()[number] is None
    assert (answer.withheld, len(answer.damaged)) == ((), 1)
    assert "harbour.txt" not in {hit.document.id for hit in answer.passages}
    assert verify(store_of(shelf), cited).state is CitationState.DAMAGED
    with pytest.raises(GenerationDamaged, match=r"^The file passages\.db .*run `pincite index`"):
        look_up(store_of(shelf), cited)
    receipts = Verifier(store_of(shelf)).verify_documents()
    states = {each.document: each.state for each in receipts}
    assert states.pop(f"document {number}") is CitationState.DAMAGED
    assert set(states.values()) == {CitationState.HOLDS}


def test_an_altered_name_is_neither_shown_nor_denied(shelf: Shelf) -> None:
    cited = shelf.ask(QUESTION).passages[0].citation
    alter(shelf.home, "UPDATE documents SET id = 'harbor.txt' WHERE id = 'harbour.txt'")
    assert {hit.document.id for hit in shelf.ask(QUESTION).passages} <= {
        "vaccines.txt",
        "culture.txt",
    }
    assert verify(store_of(shelf), cited).state is CitationState.DAMAGED
    with pytest.raises(GenerationDamaged):
        look_up(store_of(shelf), cited)


@pytest.mark.parametrize(
    "change",
    ["text = replace(text, 'agreed to', 'agreed not to')", "label = '7'", "heading = 'Fish'",
     "speaker = 'Governor Diaz'", "page = 3", "start = start + 1", "end = end - 1",
     "document = 0, label = '8'", "twin = twin + 1",
     "text = CAST(text AS BLOB)"],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["txt", "docx", "eml"])
def test_an_altered_passage_of_any_format_is_withheld_as_damage(
    shelf: Shelf, change: str, ending: str
) -> None:
    if ending != "txt":
        (shelf.folder / "harbour.txt").unlink()
        made = typed_docx(TALKS) if ending == "docx" else quoted_printable(TALKS)
        (shelf.folder / f"harbour.{ending}").write_bytes(made)
        shelf.index()
    best = shelf.ask(QUESTION).passages[0]
    assert (best.label, "agreed to deepen" in best.text) == ("2", True)
    alter(shelf.home, f"UPDATE passages SET {change} WHERE instr(text, 'agreed to deepen')")
    answer = shelf.ask(QUESTION)
    named = "passage 3" if "document" in change else f"harbour.{ending}"
    assert (answer.withheld, answer.damaged[:1]) == ((), (named,))
    assert best.citation not in {hit.citation for hit in answer.passages}
    assert not any("deepen" in hit.text for hit in answer.passages)
    found = look_up(store_of(shelf), best.citation, 1)  # the file has the words, as ever
    assert found.passage and found.passage.text == best.text
    assert found.receipt.state is CitationState.HOLDS
    receipts = Verifier(store_of(shelf)).verify_documents()
    assert [each.document for each in receipts if each.state is CitationState.DAMAGED]
    assert shelf.index().published  # which reads the documents again
    assert shelf.ask(QUESTION).passages[0].text == best.text


def test_a_damaged_edition_is_named(shelf: Shelf) -> None:
    shelf.write(mirror=HARBOUR.replace("2021-03-04", "2021-03-05"))
    shelf.index()
    best = shelf.ask(QUESTION).passages[0]
    assert best.document.id == "mirror.txt"
    alter(shelf.home, "UPDATE documents SET title = 'x' WHERE id = 'mirror.txt'")
    answer = shelf.ask(QUESTION)
    assert (answer.passages[0].document.id, answer.passages[0].text) == ("harbour.txt", best.text)
    assert (answer.passages[0].also_in, len(answer.damaged)) == ((), 1)


def test_a_passage_that_vanished_leaves_no_gap_unsaid(shelf: Shelf) -> None:
    cited = shelf.ask(QUESTION).passages[0].citation
    alter(shelf.home, "DELETE FROM passages WHERE instr(text, 'praised the fish')")
    found = look_up(store_of(shelf), cited, 1)  # the file has no gap
    assert [each.label for each in found.around] == ["1", "2", "3"]
    receipts = Verifier(store_of(shelf)).verify_documents(same_program=True)
    assert [each.state for each in receipts].count(CitationState.DAMAGED) == 1


def test_when_all_that_matches_is_damaged_the_reason_says_so(shelf: Shelf) -> None:
    alter(shelf.home, "UPDATE documents SET title = 'Nothing'")
    answer = shelf.ask(QUESTION)
    assert (answer.verdict, answer.passages, answer.withheld) == (Verdict.NONE, (), ())
    assert answer.reason == "the index is damaged where it has what matches"


def test_a_damaged_day_is_no_day(shelf: Shelf) -> None:
    question = "What was agreed about the harbor in March 2021?"
    assert shelf.ask(question).passages[0].document.id == "harbour.txt"
    alter(shelf.home, "UPDATE documents SET posted = '2019-01-01' WHERE id = 'harbour.txt'")
    for each in (question, "What was agreed about the harbor in January 2019?"):
        answer = shelf.ask(each)
        assert answer.verdict is not Verdict.FOUND
        assert answer.damaged == ("document 1",)
        assert "harbour.txt" not in {hit.document.id for hit in answer.passages}
    opened = Generation.open(shelf.home)
    assert opened.size([shelf.folder.name]) == (2, "2023-09-02")
    alter(shelf.home, "UPDATE documents SET posted = 'never' WHERE id = 'culture.txt'")
    assert shelf.ask("films in September 2023").damaged == ("document 0", "document 1")


def test_rows_of_another_document_are_noticed(shelf: Shelf) -> None:
    alter(shelf.home, "UPDATE passages SET document = 1, label = '8' WHERE row = 0")
    with pytest.raises(GenerationDamaged):
        shelf.ask("What happened in March 2021?")


def test_damage_is_not_taken_over_into_the_next_generation(shelf: Shelf) -> None:
    alter(shelf.home, "UPDATE passages SET text = replace(text, 'by 2025', 'by 2035')")
    assert undamaged_generation(shelf.home) is None
    shelf.write(
        more=release("More Fish", "2024-01-02", "The fish market grew again in the spring.")
    )
    shelf.index()
    best = shelf.ask(QUESTION).passages[0]
    assert best.text in HARBOUR
    assert "2025" in best.text


def test_digests_are_taken_over_as_they_are(shelf: Shelf) -> None:
    before = {each.id: each.sha256 for each in store_of(shelf).all_documents()}
    shelf.write(
        more=release("More Fish", "2024-01-02", "The fish market grew again in the spring.")
    )
    shelf.index()
    store = store_of(shelf)
    assert {each.id: each.sha256 for each in store.all_documents()}.items() > before.items()
    assert [len(store.passages_of(number)) for number in range(4)] == [2, 3, 1, 2]
    assert store.documents_by_row().tolist() == np.repeat(range(4), [2, 3, 1, 2]).tolist()


def test_reading_again_names_what_differs(shelf: Shelf) -> None:
    manifest = read_manifest(shelf.home.generation())
    found = read_everything_again(shelf.home, store_of(shelf), manifest)
    assert (found.documents, found.differing, found.changed) == (3, {}, ())
    file = shelf.folder / "culture.txt"
    file.write_text(file.read_text("utf-8").replace("Six", "Seven"), "utf-8")
    alter(shelf.home, "UPDATE passages SET text = 'x' WHERE instr(text, 'agreed to deepen')")
    alter(shelf.home, "UPDATE documents SET title = 'x' WHERE id = 'vaccines.txt'")
    found = read_everything_again(shelf.home, store_of(shelf), manifest)
    assert (found.documents, found.changed) == (2, ("culture.txt",))
    assert found.differing == {
        "document 2": "damaged in the index",
        "harbour.txt": "passages damaged in the index",
        "vaccines.txt": "not in the index",
    }


def test_reading_again_knows_a_reading_of_another_kind(shelf: Shelf) -> None:
    """As when another version of a reader made the index, whose digests are in order."""
    for old, new in (("Harbor Talks", "Harbor Walks"), ("by 2025", "by 2035")):
        file = shelf.folder / "harbour.txt"
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    shelf.index()
    (shelf.folder / "harbour.txt").write_text(HARBOUR, "utf-8")
    manifest = read_manifest(shelf.home.generation())
    folder = manifest.folders[0]
    sha256 = PassageStore.open(shelf.home.generations / shelf.home.kept()[0]).document(1).sha256
    folder.files["harbour.txt"] = sha256
    found = read_everything_again(shelf.home, store_of(shelf), manifest)
    assert found.differing == {"harbour.txt": "title, words of 2"}


def test_the_program_tells_damage_from_change(indexed: CommandLine) -> None:
    home = Home(indexed.home)
    cited = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    alter(home, "UPDATE passages SET text = replace(text, 'agreed to', 'agreed not to')")
    run = indexed("ask", QUESTION)
    said = (
        "Withheld: harbour.txt; the index is damaged and no longer has what was read; "
        "run `pincite index` to build it anew."
    )
    assert said in run.out
    assert "agreed not to" not in run.out
    assert indexed("ask", QUESTION, "--json").json["damaged"] == ["harbour.txt"]
    run = indexed("verify", cited)
    assert (run.code, ": holds (" in run.out) == (0, True)  # its file has the words, as ever
    run = indexed("verify", "--all")
    assert (run.code, "2 of 3 documents hold." in run.out) == (1, True)
    assert "harbour.txt: damaged in the index; run `pincite index` (" in run.out
    assert "agreed not to" not in indexed("show", cited).out
    assert indexed("status", "--json").json["damaged"] == ["passages.db"]
    out = indexed("status").out
    assert "The index is damaged (passages.db); run `pincite index` to build it anew." in out
    assert "Nothing changed." in out
    run = indexed("doctor", "--deep")
    assert run.code == 1
    assert "reading again: the index has otherwise harbour.txt (passages damaged in" in run.out
    assert indexed("index").code == 0
    assert indexed("verify", cited).code == 0
    run = indexed("doctor", "--deep")
    assert run.code == 0
    assert "reading again: the index has all 3 documents as they are read" in run.out
    assert indexed("status", "--json").json["damaged"] == []
    Path("releases/harbour.txt").write_text(HARBOUR + "\n")
    assert "1 files changed and were not compared" in indexed("doctor", "--deep").out
