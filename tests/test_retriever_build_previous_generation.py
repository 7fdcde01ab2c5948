"""Taking over from the generation before: what comes out is what a build of everything makes."""

import json
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Shelf, read_document, release

from corpus.document import Document
from corpus.folder.limits import Limits
from retriever.answering.ranking import FIELD_WEIGHTS
from retriever.build.build import Build, build_index, undamaged_generation
from retriever.build.folder_survey import read, survey
from retriever.build.previous_generation import Previous
from retriever.index import passages
from retriever.index import spellings as spellings
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.index.lexical.lexical_index import LexicalIndex
from retriever.index.lexical.lexical_schema import FOLDER
from retriever.index.lexical.lexical_writing import write_lexical
from retriever.index.lexical.shards import TABLE, read_shards
from retriever.index.passages import PassageStore
from retriever.index.records import Entry, IndexedFile, Kept
from retriever.progress import untold
from retriever.row_set import RowSet

WORDS = (
    "harbor ministers vaccine Kim Gunn Sung Lavrov sanctions agreed cooperation UN (UPR) grain "
    "zebra mascot winter summit Seoul Jakarta consultation Global Pivotal State (GPS)"
).split()


def text(chance: random.Random) -> str:
    paragraphs = (
        " ".join(chance.choices(WORDS, k=chance.randrange(4, 30))) + "." for _ in range(3)
    )
    return release(f"Talks {chance.randrange(99)}", f"2023-05-{chance.randrange(10, 28)}",
                   *paragraphs, "They agreed on the harbor. " * chance.choice([1, 90]))  # fmt: skip


def change(shelf: Shelf, chance: random.Random) -> None:
    """Adds, edits, renames or deletes some documents."""
    for _ in range(chance.randrange(1, 4)):
        names = sorted(shelf.folder.glob("*.txt"))
        some = chance.choice(names)
        match chance.randrange(4):
            case 0:
                (shelf.folder / f"{chance.randrange(10**6)}.txt").write_text(text(chance))
            case 1:
                some.write_text(text(chance))
            case 2:
                some.rename(shelf.folder / f"{chance.randrange(10**6)}.txt")
            case 3 if len(names) > 2:
                some.unlink()


def rows(folder: Path, file: str, *tables: str) -> list[list[Any]]:
    with closing(sqlite3.connect(folder / file)) as database:
        return [database.execute(f"SELECT * FROM {each} ORDER BY 1").fetchall()
                for each in tables]  # fmt: skip


def assert_same(one: Generation, other: Generation) -> None:
    for file, tables in {
        passages.PASSAGES: ("documents", "passages", "folders"),
        spellings.SPELLINGS: ("names", "words", "acronyms"),
    }.items():
        assert rows(one.folder, file, *tables) == rows(other.folder, file, *tables)
    assert one.store.passage_of.tolist() == other.store.passage_of.tolist()
    every = np.arange(one.vectors.count)
    assert np.array_equal(one.vectors.vectors_of(every), other.vectors.vectors_of(every))
    for word in WORDS:
        terms = {word.lower().strip("()"): 1.0, "agre": 0.5}
        found, wanted = (each.lexical.search(terms, FIELD_WEIGHTS, 1_000) for each in (one, other))
        assert found.rows.tolist() == wanted.rows.tolist()
        assert found.scores.tolist() == pytest.approx(wanted.scores.tolist(), abs=1e-5)


@pytest.mark.slow
def test_any_changes_give_what_a_new_index_has(shelf: Shelf, models: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    for number in range(12):
        change(shelf, chance)
        build = shelf.index()
        fresh = Home(tmp_path / f"fresh {number}", models, models)
        build_index(fresh, [shelf.folder])
        if build.published:
            assert_same(Generation.open(shelf.home), Generation.open(fresh))


def test_what_did_not_change_is_not_read_again(shelf: Shelf) -> None:
    current = undamaged_generation(shelf.home)
    assert current
    previous = Previous.open(shelf.home.generation(), current[1])
    shelf.write(harbour=release("Harbor", "2024-01-02", "The mascot of the games is a zebra."))
    (shelf.folder / "blank.txt").write_text(" ")
    found, listed = survey([shelf.folder], Limits(), untold)
    entries, listed = read(found, listed, previous, Limits(), untold)
    assert [type(each) for each in entries] == [Kept, IndexedFile, Kept]  # culture, harbour, ...
    assert listed[0].skipped == {"blank.txt": "it is empty"}


def test_what_was_no_document_is_known_too(shelf: Shelf) -> None:
    (shelf.folder / "blank.txt").write_text(" ")
    assert shelf.index().manifest.folders[0].skipped == {"blank.txt": "it is empty"}
    shelf.write(games=release("Games", "2024-01-02", "The mascot of the games is a zebra."))
    assert shelf.index().manifest.folders[0].skipped == {"blank.txt": "it is empty"}
    assert shelf.index().published is False
    (shelf.folder / "blank.txt").write_text("1. It is blank no more.\n")
    assert shelf.index().manifest.folders[0].skipped == {}


def test_folders_in_another_order_are_read_anew(shelf: Shelf, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "games.txt").write_text(release("Games", "2024-01-02", "The mascot is a zebra."))

    def build(*folders: Path) -> Build:
        return build_index(shelf.home, folders)

    build(shelf.folder, other)
    build(other, shelf.folder)
    generation = Generation.open(shelf.home)
    assert next(each.id for each in generation.store.all_documents()) == "games.txt"
    assert shelf.ask("Which animal is the mascot?").passages[0].document.id == "games.txt"


# Shards.


def long_document(number: int, sentence: str = "The harbor stands in paragraph") -> Document:
    paragraphs = "".join(f"{n}. {sentence} {n}.\n\n" for n in range(1, 101))
    return read_document(f"{number:03}.txt", f"Title {number}\n\n{paragraphs}".encode())


class Written:
    """Documents in a lexical index of their own, as one generation after another has them."""

    def __init__(self, place: Path) -> None:
        self._place, self._number = place, 0
        self.documents: list[Document] = []
        self.folder: Path | None = None

    def write(self, documents: Sequence[Document]) -> LexicalIndex:
        """Writes the next generation; documents of the one before are taken over."""
        self._number += 1
        folder = self._place / str(self._number)
        folder.mkdir()
        known = {id(each): number for number, each in enumerate(self.documents)}
        entries: list[Entry] = [
            Kept(known[id(each)], 0, len(each.passages))
            if id(each) in known
            else IndexedFile(Path(), "", each)
            for each in documents
        ]
        previous = self.documents

        def document_of(entry: Entry) -> Document:
            return previous[entry.number] if isinstance(entry, Kept) else entry.document

        write_lexical(folder, entries, document_of, self.folder)
        self.documents, self.folder = list(documents), folder
        return LexicalIndex.open(folder)

    @property
    def segments(self) -> set[str]:
        assert self.folder
        return {
            segment["segment_id"]
            for shard in read_shards(self.folder / FOLDER)
            for segment in shard.segments
        }


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_a_change_costs_one_shard(written: Written) -> None:
    documents = [long_document(number) for number in range(60)]  # of 6,000 passages
    written.write(documents)
    before = written.segments
    assert len(before) == 3
    documents[30] = long_document(30, "A zebra stands in paragraph")
    lexical = written.write(documents)
    assert len(written.segments & before) == 2
    found = lexical.search({"zebra": 1.0}, {"text": 1.0}, 1_000)
    assert found.rows.tolist() == list(range(3_000, 3_100))


def test_rows_follow_the_documents(written: Written) -> None:
    zebra = long_document(99, "A zebra stands in paragraph")
    documents = [long_document(number) for number in range(60)] + [zebra]
    written.write(documents)
    before = written.segments
    lexical = written.write(documents[1:])  # all rows move up by a hundred
    assert len(written.segments & before) == len(before) - 1
    found = lexical.search({"zebra": 1.0}, {"text": 1.0}, 1_000)
    assert found.rows.tolist() == list(range(5_900, 6_000))
    last = np.arange(5_950, 6_000)
    found = lexical.search({"zebra": 1.0}, {"text": 1.0}, 90, RowSet.of(last, lexical.count))
    assert found.rows.tolist() == last.tolist()


@pytest.mark.slow
def test_shards_stay_few_and_none_grows_without_end(written: Written) -> None:
    documents = [long_document(0)]
    for number in range(1, 30):
        documents += [long_document(n) for n in range(number * 10, number * 10 + 4)]
        lexical = written.write(documents)
    assert written.folder
    shards = read_shards(written.folder / FOLDER)
    assert sum(shard.rows for shard in shards) == lexical.count == 100 * len(documents)
    assert len(shards) <= 16
    assert max(shard.rows for shard in shards) <= 2 * 2_000 + 400
    documents = documents[::10]
    lexical = written.write(documents)
    assert lexical.count == 100 * len(documents)


def test_too_many_shards_are_written_anew(written: Written) -> None:
    """An index that grows at its end for years, as a table of shards has it."""
    documents = [long_document(number) for number in range(60)]
    written.write(documents)
    assert written.folder
    table = written.folder / FOLDER / TABLE
    first, *others = json.loads(table.read_text())
    empty = [{"number": 1_000 + n, "documents": 0, "rows": 0, "segments": []} for n in range(40)]
    table.write_text(json.dumps([first, *empty, *others]))
    documents[5] = long_document(5, "A zebra stands in paragraph")
    lexical = written.write(documents)
    assert len(read_shards(written.folder / FOLDER)) == 3
    found = lexical.search({"zebra": 1.0}, {"text": 1.0}, 1_000)
    assert found.rows.tolist() == list(range(500, 600))


def test_a_reason_is_that_of_its_own_folder(shelf: Shelf, tmp_path: Path) -> None:
    """What one folder skips is nothing to a file of the same name in another."""
    other = tmp_path / "other"
    other.mkdir()
    (shelf.folder / "notes.txt").symlink_to("/etc/hostname")
    (other / "notes.txt").write_text("1. The mascot of the games is a zebra.\n")
    for words in ("fish", "ships"):
        shelf.write(harbour=release("Harbor", "2024-01-02", f"They spoke of {words}."))
        build = build_index(shelf.home, [shelf.folder, other])
        assert [each.skipped for each in build.manifest.folders] == [
            {"notes.txt": "it links out of the folder"}, {},
        ]  # fmt: skip
    assert build.manifest.documents == 4


def test_a_later_generation_outlives_the_one_it_took_over_from(written: Written) -> None:
    documents = [long_document(number) for number in range(60)]
    written.write(documents)
    first = written.folder
    lexical = written.write(documents[1:])
    assert first
    shutil.rmtree(first)
    again = LexicalIndex.open(written.folder)  # type: ignore[arg-type]
    for each in (lexical, again):
        assert len(each.search({"harbor": 1.0}, {"text": 1.0}, 9_999).rows) == 5_900


def test_a_stored_document_is_read_as_it_was(samples: Generation, tmp_path: Path) -> None:
    """What the terms and the spellings are made of comes back from the index."""
    store: PassageStore = samples.store
    for stored in store.all_documents():
        read = read_document(stored.id, stored.path.read_bytes())
        again = store.read_again(stored.number)
        for name in ("id", "title", "title_stated", "subtitle", "byline", "source", "posted",
                     "events", "passages", "lead"):  # fmt: skip
            assert getattr(again, name) == getattr(read, name), name
    assert len(list(chain.from_iterable(store.kept().values()))) == len(store.all_documents())
