"""The passage store gives back what was written."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import HARBOUR, VACCINES, read_document

from corpus.folder.file_io import file_hash
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.index.passage_tables import PASSAGES, write_passages
from retriever.index.passages import PassageStore
from retriever.index.records import IndexedFile


@pytest.fixture
def store(tmp_path: Path) -> PassageStore:
    files = [
        IndexedFile(Path("/x", name), file_hash(text.encode()), read_document(name, text.encode()))
        for name, text in (("a.txt", HARBOUR), ("b.txt", VACCINES))
    ]
    write_passages(tmp_path, files, [2, 2, 4], ["/somewhere"])
    return PassageStore.open(tmp_path)


def test_documents_and_passages_are_as_they_were_read(store: PassageStore) -> None:
    document = read_document("a.txt", HARBOUR.encode())
    stored = store.document_named("a.txt")
    assert stored is not None
    assert stored == store.document(0) == store.all_documents()[0]
    assert (stored.title, stored.posted, stored.events, stored.source) == (
        "Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
        "2021-03-04",
        ("2021-03-03",),
        None,
    )
    assert (stored.path, stored.sha256) == (Path("/x/a.txt"), file_hash(HARBOUR.encode()))
    for passage, read in zip(store.passages_of(0), document.passages, strict=True):
        assert (passage.label, passage.text) == (read.label, read.text)
        assert HARBOUR[passage.start : passage.end] == passage.text
        assert passage == store.passage(passage.row)
    assert store.document_named("c.txt") is None


def test_rows_count_through_all_documents_and_windows_follow(store: PassageStore) -> None:
    assert store.count == 5
    assert [store.passage(row).document for row in range(5)] == [0, 0, 0, 1, 1]
    assert store.rows_of([1]).tolist() == [3, 4]
    assert store.rows_of([1, 0]).tolist() == [0, 1, 2, 3, 4]
    assert store.rows_of([]).tolist() == []
    assert store.passage_of.tolist() == [0, 1, 2, 3, 4, 2, 2, 4]
    assert [passage.row for passage in store.passages_of(1)] == [3, 4]
    assert store.days() == [(0, "2021-03-04", ("2021-03-03",)), (1, "2022-06-10", ("2022-06-09",))]


def test_parents_are_rows(samples: Generation) -> None:
    store = samples.store
    parents = [(row, store.passage(row).parent) for row in range(store.count)]
    nested = [(row, parent) for row, parent in parents if parent is not None]
    assert nested
    for row, parent in nested:
        assert parent < row
        assert store.passage(parent).document == store.passage(row).document


def test_it_cannot_be_written(store: PassageStore, tmp_path: Path) -> None:
    before = (tmp_path / PASSAGES).read_bytes()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connection.execute("DELETE FROM passages")
    assert (tmp_path / PASSAGES).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [PASSAGES]


def test_a_row_that_is_not_there_is_damage(store: PassageStore) -> None:
    with pytest.raises(GenerationDamaged):
        store.passage(5)


def test_threads_may_read_at_once(samples: Generation) -> None:
    rows = np.random.default_rng(0).integers(0, samples.store.count, 400).tolist()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(samples.store.passage, rows))
    assert [passage.row for passage in found] == rows
