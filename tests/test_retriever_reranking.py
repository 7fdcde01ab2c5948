"""A reranker, when one is configured: prepared by indexing, and its judgement orders the answer."""

from pathlib import Path

import pytest

from embeddings import DEFAULT_MODEL, ModelMissing
from retriever.build.build import Build, build_index
from tests.conftest import Shelf
from tests.test_embeddings_reranker import build_lover

QUESTION = "What did the two sides decide on the harbor of Busan?"


@pytest.fixture
def reranked(shelf: Shelf, tmp_path: Path) -> Build:
    """The shelf indexed with a cross-encoder that loves passages with `query` in them."""
    build_lover(tmp_path / "lover", "query")
    shelf.write(
        query="Press Releases\n\nA Note\n\nThe harbor of Busan has a query query query query.\n"
    )
    return build_index(shelf.home, [shelf.folder], DEFAULT_MODEL, reranker=str(tmp_path / "lover"))


def test_what_the_reranker_prefers_comes_first(shelf: Shelf, reranked: Build) -> None:
    assert reranked.manifest.reranker
    answer = shelf.ask(QUESTION, min_score=0)
    liked = {
        hit.document.id: share.value
        for hit in answer.passages
        for share in hit.shares
        if share.evidence == "reranker"
    }
    assert max(liked, key=lambda document: liked[document]) == "query.txt"
    for hit in answer.passages:
        assert sum(each.points for each in hit.shares) == pytest.approx(hit.score, abs=1e-6)


def test_another_reranker_makes_another_generation_and_none_the_first_order(
    shelf: Shelf, reranked: Build, tmp_path: Path
) -> None:
    again = build_index(shelf.home, [shelf.folder], DEFAULT_MODEL, reranker=str(tmp_path / "lover"))
    assert not again.published
    without = shelf.index()
    assert without.published
    assert without.encoded == 0
    assert shelf.ask(QUESTION).passages[0].document.id == "harbour.txt"


def test_a_reranker_that_is_missing_costs_nothing_that_was_there(shelf: Shelf) -> None:
    before = shelf.home.current()
    with pytest.raises(ModelMissing, match="reranker"):
        build_index(shelf.home, [shelf.folder], DEFAULT_MODEL, reranker="no/such-cross-encoder")
    assert shelf.home.current() == before
