"""The terms of a generation: the arithmetic of BM25, its ceiling, and no query syntax."""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import read_document

from corpus.document import Document
from retriever.answering.ranking import FIELD_WEIGHTS
from retriever.errors import GenerationDamaged
from retriever.index.generation import Generation
from retriever.index.lexical.lexical_index import OTHER_FIELDS, LexicalIndex
from retriever.index.lexical.lexical_schema import FIELDS
from retriever.index.lexical.lexical_writing import write_lexical
from retriever.index.lexical.terms import terms_of
from retriever.index.records import IndexedFile
from retriever.row_set import RowSet

TEXT = {"text": 1.0}


def plain(*terms: str) -> dict[str, float]:
    """Terms that weigh alike."""
    return dict.fromkeys(terms, 1.0)


def only(*rows: int) -> RowSet:
    """These rows of the three passages below."""
    return RowSet.of(np.array(rows, np.int64), 3)


def write(folder: Path, documents: Sequence[Document]) -> None:
    """The lexical index of documents that are all new."""
    entries = [IndexedFile(Path(), "", document) for document in documents]
    write_lexical(folder, entries, lambda entry: entry.document)  # type: ignore[union-attr]


@pytest.fixture
def three(tmp_path: Path) -> LexicalIndex:
    """Three passages of four, four and eight terms; "harbor" is in the first and the last."""
    text = (
        b"1. Ships fill the harbor.\n\n2. Rice fills the bowls.\n\n3. " + b"Harbor " * 7 + b"end.\n"
    )
    write(tmp_path, [read_document("a.txt", text)])
    return LexicalIndex.open(tmp_path)


def test_terms_are_folded_and_stemmed() -> None:
    assert terms_of("Élysée’s AGREEMENTS, “co-operation” ＡＢＣ") == [
        "elyse", "s", "agreement", "co", "oper", "abc",
    ]  # fmt: skip


def test_a_score_is_bm25(three: LexicalIndex) -> None:
    ranking = three.search(plain("harbor"), TEXT, 10)
    assert ranking.rows.tolist() == [2, 0]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    average = (4 + 4 + 8) / 3

    def score(frequency: int, length: int) -> float:
        return idf * frequency * 2.2 / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / average))

    assert ranking.scores.tolist() == pytest.approx([score(7, 8), score(1, 4)], rel=1e-5)
    rare = math.log(1 + (3 - 0 + 0.5) / (0 + 0.5))
    assert three.weights(plain("harbor", "zebra")) == pytest.approx({"harbor": idf, "zebra": rare})


def test_the_ceiling_is_the_limit_of_each_term(three: LexicalIndex) -> None:
    harbor = math.log(1 + 1.5 / 2.5)
    bowl = math.log(1 + 2.5 / 1.5)
    assert three.ceiling(plain("harbor", "bowl"), TEXT) == pytest.approx(2.2 * (harbor + bowl))
    assert three.ceiling(plain("zebra"), TEXT) == three.ceiling(plain(), TEXT) == 1.0
    # "lead" is empty for the lead paragraph itself, so "ship" stands there in two of three.
    text, lead = 2.2 * math.log(1 + 2.5 / 1.5), 2.2 * math.log(1 + 1.5 / 2.5)
    expected = max(text, lead) * (1 - OTHER_FIELDS) + (text + lead) * OTHER_FIELDS
    assert three.ceiling(plain("ship"), {"text": 1.0, "lead": 1.0}) == pytest.approx(expected)


def test_no_score_exceeds_the_ceiling(samples: Generation) -> None:
    texts = [samples.store.passage(row).text for row in range(samples.store.count)]
    known = sorted({term for text in texts for term in terms_of(text)})
    chance = random.Random(17)
    for size in (1, 1, 2, 3, 5, 8, 13, 40) * 25:
        terms = plain(*chance.sample(known, size))
        best = samples.lexical.search(terms, FIELD_WEIGHTS, 1)
        ceiling = samples.lexical.ceiling(terms, FIELD_WEIGHTS)
        assert 0 < best.scores[0] <= ceiling * (1 + 1e-6)


def test_a_term_counts_by_its_weight(three: LexicalIndex) -> None:
    whole, half = (three.search({"harbor": w}, TEXT, 10) for w in (1.0, 0.5))
    assert half.rows.tolist() == whole.rows.tolist()
    assert half.scores == pytest.approx(whole.scores / 2)
    assert three.ceiling({"harbor": 4.0}, TEXT) == pytest.approx(4 * 2.2 * math.log(1 + 1.5 / 2.5))


def test_how_much_of_what_the_terms_tell_each_row_holds(three: LexicalIndex) -> None:
    harbor, zebra = math.log(1 + 1.5 / 2.5), math.log(1 + 3.5 / 0.5)
    held = three.held(plain("harbor", "zebra"), np.array([0, 1, 2]))
    assert held == pytest.approx([harbor / (harbor + zebra)] * 3, rel=1e-6)  # ¶2 has it in its lead
    assert three.held(plain("bowl"), np.array([0, 1])).tolist() == pytest.approx([0, 1])
    assert three.held({}, np.array([0, 1])).tolist() == [0, 0]


def test_rows_with_all_terms_each_in_any_field(three: LexicalIndex) -> None:
    assert three.rows_with(["ship", "rice"]).tolist() == [1]  # "ship" stands in its lead
    assert three.rows_with(["ship", "rice"], ["text"]).tolist() == []
    assert three.rows_with([]).tolist() == []


def test_rows_with_a_beginning(three: LexicalIndex) -> None:
    assert three.any_like("harb")
    assert three.rows_like("harb", only(0, 1)).tolist() == [0]
    assert three.any_like("harb", only(1, 2))
    assert not three.any_like("harb", only(1))
    assert not three.any_like(".*")
    assert not three.any_like("harb", only())


def test_only_allowed_rows_are_found_with_the_same_scores(three: LexicalIndex) -> None:
    everywhere = three.search(plain("harbor"), TEXT, 10)
    allowed = three.search(plain("harbor"), TEXT, 10, only(0, 1))
    assert allowed.rows.tolist() == [0]
    assert allowed.scores[0] == everywhere.scores[1]
    assert three.search(plain("harbor"), TEXT, 10, only()).rows.tolist() == []


@pytest.mark.parametrize("allowed", [None, only(0, 1)])
def test_no_room_is_taken_for_more_rows_than_there_are(
    three: LexicalIndex, allowed: RowSet | None
) -> None:
    few = three.search(plain("harbor"), TEXT, 3, allowed)
    assert three.search(plain("harbor"), TEXT, 2**40, allowed).rows.tolist() == few.rows.tolist()


def test_no_terms_or_no_room_find_nothing(three: LexicalIndex) -> None:
    assert (
        len(three.search(plain(), TEXT, 10).rows)
        == len(three.search(plain("harbor"), TEXT, 0).rows)
        == 0
    )


def test_equal_scores_are_in_the_order_of_rows(tmp_path: Path) -> None:
    same = [read_document(f"{n}.txt", b"1. The same words stand here.\n") for n in range(30)]
    write(tmp_path, same)
    ranking = LexicalIndex.open(tmp_path).search(plain("same"), TEXT, 30)
    assert ranking.rows.tolist() == list(range(30))
    assert len(set(ranking.scores.tolist())) == 1


@pytest.mark.parametrize(
    "text", ['title:"', "AND (", "*", "a\x00b", "row:0", "-harbor +ships", "[a TO b]", "/.*/", "\\"]
)
def test_no_character_is_syntax(three: LexicalIndex, text: str) -> None:
    ranking = three.search(plain(*terms_of(text)), FIELD_WEIGHTS, 10)
    words = set(terms_of(text))
    assert set(ranking.rows.tolist()) == ({0, 2, 1} if words & {"harbor", "ship"} else set())


@pytest.mark.parametrize(
    ("word", "rows"),
    [("Harbours", [2]), ("bowl", [1]), ("zebra", []), ("?", [1, 2]), ("\u0303\U000e92e6", [1, 2])],
)
def test_rows_that_say_a_word_in_some_form(three: LexicalIndex, word: str, rows: list[int]) -> None:
    assert sorted(three.rows_saying(word, only(1, 2))) == rows


def test_fields_are_those_that_are_weighted() -> None:
    assert set(FIELD_WEIGHTS) == set(FIELDS)


def test_equal_documents_give_equal_rankings(tmp_path: Path, samples: Generation) -> None:
    documents = [read_document("a.txt", b"1. Ships fill the harbor.\n\n2. Harbor of ships.\n")]
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, documents)
    one, two = (LexicalIndex.open(tmp_path / n).search(plain("ship"), TEXT, 5) for n in ("a", "b"))
    assert one.rows.tolist() == two.rows.tolist()
    assert one.scores.tolist() == two.scores.tolist()


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GenerationDamaged, match=r"^The file lexical of .* run `pincite index`"):
        LexicalIndex.open(tmp_path)


def test_rows_are_marks_numbers_and_runs() -> None:
    some = RowSet.of(np.array([0, 1, 2, 5, 7, 8]), 9)
    assert some.marks.tolist() == [True, True, True, False, False, True, False, True, True]
    assert some.runs.tolist() == [[0, 2], [5, 5], [7, 8]] and len(some) == 6
    odd = RowSet(np.arange(9) % 2 == 1)
    assert len(odd) == 4
    assert (some & odd).rows.tolist() == [1, 5, 7]
    assert some.holding(np.array([8, 3, 0])).tolist() == [True, False, True]
