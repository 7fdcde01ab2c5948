"""Furniture by repetition in the index: a growing folder of an office that no rule knows."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CommandLine, Shelf
from test_corpus_release_repeated_lines import BAR, CONTACT, HOST, OFFICE, POLICY, page
from test_retriever_build_previous_generation import assert_same

from corpus.release.repeated_lines import ENOUGH_DOCUMENTS, LineHashes
from retriever.build.build import build_index
from retriever.citing.document_view import read_raw
from retriever.citing.originals import FileState
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.index.repeated_line_counts import Trace, repeated_lines_in

RULE = f"repeated in 30 documents of {HOST}"


def mail(number: int) -> bytes:
    return (
        b"From a@b.example Mon May  1 10:00:00 2023\nSubject: Sopimus %d\n"
        b"Content-Type: text/plain; charset=utf-8\n\n%s\n\n" % (number, page(number))
    )


def write(shelf: Shelf, *numbers: int) -> None:
    for number in numbers:
        (shelf.folder / f"{number}.txt").write_bytes(page(number))


def changes(shelf: Shelf) -> Iterator[None]:
    """A folder that grows from 15 to 30 pages; one is edited, a mailbox of three more comes and
    goes, one page is renamed, one deleted, and ten are deleted and come back."""
    for first, last in ((0, 15), (15, 18), (18, 20), (20, 29), (29, 30)):
        write(shelf, *range(first, last))
        yield
    edited = page(3).replace(OFFICE.encode(), b"Neuvottelut jatkuvat.")
    (shelf.folder / "3.txt").write_bytes(edited)
    yield
    mailbox = shelf.folder / "post.mbox"
    mailbox.write_bytes(b"".join(map(mail, range(30, 33))))
    yield
    for number in range(5, 15):
        (shelf.folder / f"{number}.txt").unlink()
    yield
    mailbox.unlink()
    (shelf.folder / "21.txt").unlink()
    (shelf.folder / "20.txt").rename(shelf.folder / "1_20.txt")
    yield
    write(shelf, *range(5, 15))
    yield


@pytest.mark.slow
def test_a_folder_that_grows_gives_what_a_new_index_has(
    shelf: Shelf, models: Path, tmp_path: Path
) -> None:
    counts = []
    for number, _ in enumerate(changes(shelf)):
        shelf.index()
        fresh = Home(tmp_path / f"fresh {number}", models, models)
        build_index(fresh, [shelf.folder])
        generation = Generation.open(shelf.home)
        assert_same(generation, Generation.open(fresh))
        assert {each.state for each in Verifier(generation.store).verify_documents()} == {
            CitationState.HOLDS
        }
        (page_4,) = generation.store.numbers_of(["4.txt"])
        found = generation.store.repeated_lines(page_4)[1].get(HOST, {})
        counts.append(sorted(found.values()))
    assert counts == [
        [], [], [20] * 3, [29] * 3, [30] * 3, [29, 30, 30], [30, 32, 33], [20, 22, 23], [],
        [28, 29, 29],
    ]  # fmt: skip


def test_the_lines_go_once_there_are_enough_pages_and_policy_stays(shelf: Shelf) -> None:
    write(shelf, *range(ENOUGH_DOCUMENTS - 1))
    shelf.index()
    contact = "Who is Maija Meri, puhelin 0295 350 000?"
    assert shelf.ask(contact).passages[0].text == CONTACT
    write(shelf, *range(ENOUGH_DOCUMENTS - 1, 30))
    shelf.index()
    store = Generation.open(shelf.home).store
    for document in store.all_documents():
        if document.path.stem.isdecimal():
            texts = [each.text for each in store.passages_of(document.number)]
            assert document.title.startswith("Virasto neuvotteli: ")
            assert (texts[-1] == POLICY) == bool(int(document.path.stem) % 2)
            assert not {BAR, OFFICE, CONTACT} & set(texts)
    assert CONTACT not in [each.text for each in shelf.ask(contact).passages]
    assert POLICY in [each.text for each in shelf.ask(POLICY).passages]


def test_citations_of_what_stays_are_the_same(shelf: Shelf) -> None:
    def citations() -> dict[tuple[str, str], str]:
        store = Generation.open(shelf.home).store
        return {
            (document.id, passage.label): passage.text
            for document in store.all_documents()
            for passage in store.passages_of(document.number)
        }

    write(shelf, *range(ENOUGH_DOCUMENTS - 1))
    shelf.index()
    before = citations()
    write(shelf, *range(ENOUGH_DOCUMENTS - 1, 30))
    shelf.index()
    files = {file for file, _ in before}
    after = {name: text for name, text in citations().items() if name[0] in files}
    assert after.items() <= before.items()
    gone = {before[name] for name in before.keys() - after.keys()}
    assert CONTACT in gone
    assert {each for each in gone if each.endswith(".")} == {CONTACT}


def test_what_was_dropped_is_shown_with_its_rule(shelf: Shelf) -> None:
    write(shelf, *range(30))
    shelf.index()
    raw = read_raw(Generation.open(shelf.home).store, "4.txt")
    rules = {part.text: part.rule for part in raw.parts}
    assert [rules[line] for line in (BAR, OFFICE, CONTACT)] == [RULE] * 3
    assert raw.state is FileState.VALID


def test_the_command_line_shows_it(cli: CommandLine) -> None:
    Path("pages").mkdir()
    for number in range(30):
        Path("pages", f"{number}.txt").write_bytes(page(number))
    assert cli("index", "pages").code == 0
    shown = cli("show", "4.txt", "--raw")
    assert shown.code == 0
    assert f"[repeated in 30 documents × {BAR}\n" in shown.out
    assert shown.out.count(f"of {HOST}] × \n") == 3


def test_a_file_that_changes_while_it_is_read_is_read_by_the_next_build(
    shelf: Shelf, models: Path, tmp_path: Path
) -> None:
    write(shelf, *range(30))
    edited = page(4).replace(b"Seuraava", b"Huominen")

    def edit(what: str, done: int, _: int) -> None:
        if what.endswith("again") and done == 1:
            (shelf.folder / "9.txt").write_bytes(edited)

    build_index(shelf.home, [shelf.folder], progress=edit)
    assert shelf.index().published
    build_index(fresh := Home(tmp_path / "fresh", models, models), [shelf.folder])
    assert_same(Generation.open(shelf.home), Generation.open(fresh))


@pytest.mark.parametrize("source", ["", HOST, "vaḷtioñ"])
def test_a_trace_is_kept_as_it_is(source: str) -> None:
    chance = random.Random(3)
    keys = [chance.randrange(-(2**63), 2**63) for _ in range(20)]
    trace = Trace(
        source, LineHashes(frozenset(keys[:5]), frozenset(keys[5:18]), (keys[18], keys[19]))
    )
    assert Trace.unpacked(trace.packed()) == trace


def test_documents_of_no_source_count_for_nothing() -> None:
    assert repeated_lines_in([b""] * 100) == {}
