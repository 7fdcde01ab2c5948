from pathlib import Path
from random import Random
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import IndexDamaged, IndexFacts, VectorIndex
from embeddings.vectors import COMPACT, EXACT, HALF

COUNT, DIMENSION = 60_000, 64

Vectors = NDArray[np.float32]


def unit(vectors: NDArray[Any]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def clustered() -> Vectors:
    random = np.random.default_rng(7)
    centres = random.standard_normal((600, DIMENSION))
    spread = random.standard_normal((COUNT, DIMENSION))
    return unit(centres[random.integers(0, 600, COUNT)] + 0.7 * spread)


@pytest.fixture(scope="module")
def questions(clustered: Vectors) -> Vectors:
    random = np.random.default_rng(8)
    return unit(clustered[::3000] + 0.05 * random.standard_normal((20, DIMENSION)))


@pytest.fixture(scope="module")
def compact(clustered: Vectors) -> VectorIndex:
    return VectorIndex.build(clustered)


@pytest.fixture
def small() -> VectorIndex:
    # Angles of 0, 90, 180 and about 53 degrees from the first axis.
    return VectorIndex.build(np.array([[1, 0], [0, 1], [-1, 0], [0.6, 0.8]], np.float32))


def every(step: int, first: int = 0) -> NDArray[np.bool_]:
    """Marks for each so many of the rows."""
    return np.arange(COUNT) % step == first


FIRST_AXIS = np.array([[1, 0]], np.float32)


def test_a_small_index_is_exact_and_best_comes_first(small: VectorIndex) -> None:
    assert small.facts == IndexFacts("Flat", 4, 2)
    scores, rows = small.search(FIRST_AXIS, 3)
    assert rows.tolist() == [[0, 3, 1]]
    assert scores[0] == pytest.approx([1.0, 0.6, 0.0])


def test_no_more_rows_than_there_are(small: VectorIndex) -> None:
    assert small.search(FIRST_AXIS, 10)[1].tolist() == [[0, 3, 1, 2]]
    assert small.search(FIRST_AXIS, 10, np.array([False, True, True, False]))[1].tolist() == [
        [1, 2]
    ]
    assert small.search(FIRST_AXIS, 10, np.zeros(4, np.bool_))[1].shape == (1, 0)
    assert small.search(FIRST_AXIS[:0], 2)[1].shape == (0, 2)


def test_an_empty_index_answers_with_nothing(tmp_path: Path) -> None:
    index = VectorIndex.build(np.empty((0, 2), np.float32))
    index.save(tmp_path / "vectors.faiss")
    index = VectorIndex.load(tmp_path / "vectors.faiss", index.facts)
    assert index.search(FIRST_AXIS, 5)[1].shape == (1, 0)


def test_scores_of_named_rows(small: VectorIndex) -> None:
    assert small.scores_of(FIRST_AXIS, np.array([3, 2, 0])).tolist() == [
        pytest.approx([0.6, -1.0, 1.0])
    ]
    assert small.scores_of(FIRST_AXIS, np.array([], np.int64)).shape == (1, 0)


def test_a_large_index_is_compact_and_says_what_it_finds(
    compact: VectorIndex, clustered: Vectors, questions: Vectors
) -> None:
    assert compact.kind == COMPACT
    assert compact.recall is not None and compact.recall >= 0.99
    _, rows = compact.search(questions, 10)
    truth = np.argsort(-(questions @ clustered.T), axis=1)[:, :10]
    shared = [len(set(found) & set(true)) for found, true in zip(rows, truth, strict=True)]
    assert sum(shared) / 200 >= 0.98


def test_scores_are_the_same_whichever_way_they_are_asked(
    compact: VectorIndex, clustered: Vectors, questions: Vectors
) -> None:
    scores, rows = compact.search(questions[:1], 10)
    assert (np.diff(scores) <= 0).all()
    assert compact.scores_of(questions[:1], rows[0]) == pytest.approx(scores, abs=1e-5)
    assert questions[:1] @ clustered[rows[0]].T == pytest.approx(scores, abs=1e-3)


@pytest.mark.parametrize("kind", [EXACT, COMPACT, HALF])
@pytest.mark.parametrize("several", [1, 20])
def test_only_allowed_rows_are_found_and_all_of_them(
    kind: str, several: int, compact: VectorIndex, clustered: Vectors, questions: Vectors
) -> None:
    index = compact
    if kind != COMPACT:
        flat = faiss.index_factory(DIMENSION, kind, faiss.METRIC_INNER_PRODUCT)
        flat.train(clustered)
        flat.add(clustered)
        index = VectorIndex(flat, IndexFacts(kind, COUNT, DIMENSION))
    allowed = every(97, 5)
    scores, rows = index.search(questions[:several], 10, allowed)
    truth = -np.sort(-(questions[:several] @ clustered[allowed].T), axis=1)[:, :10]
    assert allowed[rows].all()
    assert scores == pytest.approx(truth, abs=1e-3)


@pytest.mark.parametrize("step", [2, 3])
def test_where_many_rows_are_allowed_as_many_of_the_nearest_are_found(
    step: int, compact: VectorIndex, clustered: Vectors, questions: Vectors
) -> None:
    allowed = every(step, 1)
    scores, rows = compact.search(questions, 10, allowed)
    assert allowed[rows].all() and (np.diff(scores, axis=1) <= 0).all()
    tenth = -np.sort(-(questions @ clustered[allowed].T), axis=1)[:, 9:10]
    assert (scores >= tenth - 1e-3).mean() >= 0.99
    assert compact.scores_of(questions[:1], rows[0]) == pytest.approx(scores[:1], abs=1e-5)


def test_allowed_rows_that_lie_far_from_a_question_are_found(
    compact: VectorIndex, clustered: Vectors, questions: Vectors
) -> None:
    allowed = (clustered @ questions[0]) < np.median(clustered @ questions[0])
    scores, rows = compact.search(questions[:1], 10, allowed)
    assert allowed[rows].all()
    truth = -np.sort(-(questions[:1] @ clustered[allowed].T), axis=1)[:, :10]
    assert scores == pytest.approx(truth, abs=1e-3)


def test_more_rows_than_the_compact_index_gathers(compact: VectorIndex, questions: Vectors) -> None:
    _, rows = compact.search(questions[:1], COUNT)
    assert sorted(rows[0]) == list(range(COUNT))


def test_what_cannot_be_compressed_falls_back_to_half_precision() -> None:
    # Hundreds of near-copies differ by less than one bit a dimension can tell.
    random = np.random.default_rng(3)
    base = random.standard_normal((1, DIMENSION))
    index = VectorIndex.build(
        unit(base + 0.01 * random.standard_normal((50_000, DIMENSION))), exact_below=1
    )
    assert index.kind == HALF
    assert index.facts.k_factor is None


def test_the_same_vectors_give_the_same_file(clustered: Vectors, tmp_path: Path) -> None:
    for name in ("one", "two"):
        VectorIndex.build(clustered[:5000], exact_below=1).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_loaded_index_answers_as_the_built_one(
    compact: VectorIndex, questions: Vectors, tmp_path: Path
) -> None:
    compact.save(tmp_path / "vectors.faiss")
    loaded = VectorIndex.load(tmp_path / "vectors.faiss", compact.facts)
    scores, rows = compact.search(questions, 10)
    again = loaded.search(questions, 10)
    assert np.array_equal(scores, again[0]) and np.array_equal(rows, again[1])
    allowed = every(2)
    assert np.array_equal(
        compact.search(questions, 10, allowed)[1], loaded.search(questions, 10, allowed)[1]
    )


@pytest.mark.parametrize("kept", [0, 3, 20, 1000, -8])
@pytest.mark.parametrize("exact_below", [1, 10_000])
def test_a_cut_file_is_one_sentence(
    kept: int, exact_below: int, clustered: Vectors, tmp_path: Path
) -> None:
    path = tmp_path / "vectors.faiss"
    index = VectorIndex.build(clustered[:2000], exact_below=exact_below)
    index.save(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamaged, match=r"^The vector index .*; run `pincite index` .*\.$"):
        VectorIndex.load(path, index.facts)


def test_a_missing_or_foreign_file_is_one_sentence(small: VectorIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        VectorIndex.load(tmp_path / "none.faiss", small.facts)
    (tmp_path / "text.faiss").write_text("hello world" * 100)
    with pytest.raises(IndexDamaged):
        VectorIndex.load(tmp_path / "text.faiss", small.facts)
    small.save(tmp_path / "other.faiss")
    for facts in (IndexFacts(EXACT, 5, 2), IndexFacts(EXACT, 4, 3), IndexFacts(COMPACT, 4, 2)):
        with pytest.raises(IndexDamaged, match="not the one expected"):
            VectorIndex.load(tmp_path / "other.faiss", facts)


@pytest.mark.parametrize("exact_below", [1, 10_000])
def test_a_flipped_bit_is_told_or_moves_a_score(
    exact_below: int, clustered: Vectors, tmp_path: Path
) -> None:
    """What decides how the file is read has a checksum; of a vector, what is no cosine is told."""
    path, chance = tmp_path / "vectors.faiss", Random(9)
    index = VectorIndex.build(clustered[:2000], exact_below=exact_below)
    facts, data = index.save(path), path.read_bytes()
    vectors = 2000 * DIMENSION * (2 if exact_below == 1 else 4)
    end = len(data) - (4 if exact_below == 1 else 0)
    answered = 0
    for at in [chance.randrange(end - vectors) for _ in range(50)] + [
        chance.randrange(end - vectors, end) for _ in range(200)
    ]:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        try:
            loaded = VectorIndex.load(path, facts)
            scores, rows = loaded.search(clustered[:5], 10)
            scores_of = loaded.scores_of(clustered[:5], np.arange(2000))
        except IndexDamaged:
            continue
        assert at >= end - vectors
        assert (np.abs(scores) <= 1.01).all() and (np.abs(scores_of) <= 1.01).all()
        assert ((rows >= 0) & (rows < 2000)).all()
        answered += 1
    assert 100 < answered <= 200
    path.write_bytes(data + b"\0")
    with pytest.raises(IndexDamaged):
        VectorIndex.load(path, facts)


def test_vectors_that_are_no_numbers_are_told(small: VectorIndex, tmp_path: Path) -> None:
    facts = small.save(tmp_path / "vectors.faiss")
    data = (tmp_path / "vectors.faiss").read_bytes()
    for number in (np.nan, np.inf, 1e30):
        bad = np.array([number] * 8, np.float32).tobytes()
        (tmp_path / "vectors.faiss").write_bytes(data[: -len(bad)] + bad)
        index = VectorIndex.load(tmp_path / "vectors.faiss", facts)
        with pytest.raises(IndexDamaged, match=r"is damaged; run `pincite index`"):
            index.search(FIRST_AXIS, 4)
        with pytest.raises(IndexDamaged):
            index.scores_of(FIRST_AXIS, np.arange(4))
