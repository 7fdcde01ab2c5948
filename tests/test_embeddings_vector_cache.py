import sqlite3
from pathlib import Path

import numpy as np
import pytest
from conftest import cpu_seconds
from numpy.typing import NDArray

from embeddings import VectorCache


def unit(count: int, dimension: int = 8, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_what_was_put_is_found_bit_for_bit_and_nothing_else(tmp_path: Path) -> None:
    texts, vectors = ["one", "둘", "", "lone \ud800 surrogate"], unit(4)
    cache = VectorCache(tmp_path / "vectors.db", 8)
    cache.put(texts, vectors)
    got, found = cache.get(["둘", "unknown", "one", "one", ""])
    assert found.tolist() == [True, False, True, True, True]
    assert np.array_equal(got[found], vectors[[1, 0, 0, 2]])
    assert not got[1].any()


def test_it_survives_a_process_that_never_closed_it(tmp_path: Path) -> None:
    first = VectorCache(tmp_path / "vectors.db", 8)
    first.put(["finished"], unit(1))
    second = VectorCache(tmp_path / "vectors.db", 8)
    assert second.get(["finished"])[1].all()


def test_a_file_that_is_no_database_is_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"not a database at all" * 100)
    cache = VectorCache(path, 8)
    assert not cache.get(["a"])[1].any()
    cache.put(["a"], unit(1))
    assert cache.get(["a"])[1].all()
    assert (tmp_path / "vectors.db.damaged").read_bytes().startswith(b"not a database")


def test_damaged_pages_are_noticed_when_they_are_read(tmp_path: Path) -> None:
    path, texts = tmp_path / "vectors.db", [f"text {n}" for n in range(2000)]
    cache = VectorCache(path, 8)
    cache.put(texts, unit(2000))
    cache.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    cache = VectorCache(path, 8)
    _, found = cache.get(texts)
    assert not found.any()
    cache.put(texts, unit(2000))
    assert cache.get(texts)[1].all()


def test_vectors_of_another_size_or_length_are_not_found(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.db", 4)
    cache.put(["short"], unit(1, 3))
    cache.put(["not unit"], 2 * unit(1, 4))
    cache.put(["good"], unit(1, 4))
    assert cache.get(["short", "not unit", "good"])[1].tolist() == [False, False, True]


def test_a_locked_file_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    cache = VectorCache(path, 8, patience=0.05)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        cache.put(["a"], unit(1))
    other.close()
    assert not (tmp_path / "vectors.db.damaged").exists()


def test_25_000_lookups_are_quick(tmp_path: Path) -> None:
    texts = [f"paragraph number {n} of some document" for n in range(25_000)]
    cache = VectorCache(tmp_path / "vectors.db", 384)
    cache.put(texts, unit(25_000, 384))
    found: list[np.bool_] = []
    assert cpu_seconds(lambda: found.extend(cache.get(texts)[1])) < 3
    assert len(found) == 25_000 and all(found)
