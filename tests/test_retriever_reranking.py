"""The reranker: the one that ships, one of the user's own, and answers without any."""

import shutil
from pathlib import Path

import pytest

import embeddings.reranker
from embeddings import ModelMissing
from embeddings.reranker import SHIPPED, shipped_fingerprint, shipped_reranker
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.answering.reranking import in_context
from retriever.build.build import Build, build_index
from retriever.build.models import ModelNames
from retriever.index.calibration import RERANKED, fitted_path
from retriever.index.generation import Generation
from retriever.index.home import Home
from tests.conftest import Shelf
from tests.test_embeddings_reranker import build_lover

QUESTION = "What did the two sides decide on the harbor of Busan?"


def read(answer: Answer) -> dict[str, float]:
    """What the reranker makes of each document's passage."""
    return {
        hit.document.id: share.value
        for hit in answer.passages
        for share in hit.shares
        if share.evidence == "reranker"
    }


def test_the_shipped_one_tells_an_answer_from_what_only_looks_like_one() -> None:
    logits = shipped_reranker().score(
        "What did the ministers agree on fishing quotas?",
        [
            "Fisheries. The ministers met in Oslo on Monday to talk about fishing.",
            "Fisheries. They agreed to cut the quota for cod by a tenth.",
            "Fisheries. The next meeting on fishing quotas is in May.",
        ],
    )
    assert logits.argmax() == 1


def test_it_is_read_by_default_and_adds_up(home: Home) -> None:
    generation = Generation.open(home)
    assert generation.reranker and not generation.trouble
    answer = ask(generation, "What was agreed with Sung Kim?", min_score=0)
    assert max(read(answer).values()) > 0.2
    for hit in answer.passages:
        assert sum(each.points for each in hit.shares) == pytest.approx(hit.score, abs=1e-6)


@pytest.mark.parametrize(
    "question",
    [
        "김건 본부장과 성 김 대표는 무엇에 합의했나요?",
        "Was haben die beiden Seiten mit Sung Kim vereinbart?",
    ],
)
def test_what_it_has_not_learned_to_read_is_answered_by_the_evidence(
    home: Home, samples: Generation, question: str
) -> None:
    answer = ask(Generation.open(home), question)
    assert (answer.passages, answer.verdict) == (
        ask(samples, question).passages, ask(samples, question).verdict
    )  # fmt: skip


def test_a_passage_is_read_with_its_title_and_days(samples: Generation) -> None:
    row = int(samples.store.rows_of([0])[-1])
    document = samples.store.document(0)
    text = in_context(samples, row)
    assert text.startswith(f"{document.title}. ") and document.posted and document.posted in text
    assert text.endswith(samples.store.passage(row).text)


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_damaged_one_is_told_and_answers_come_without_it(
    home: Home, samples: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    weights = tmp_path / "shipped" / shipped_fingerprint() / "model.weights"
    if damage == "missing":
        weights.unlink()
    else:
        with weights.open("r+b") as file:
            file.seek(1_000_000)
            file.write(b"\0\1\2\3")
    monkeypatch.setattr(embeddings.reranker, "SHIPPED", tmp_path / "shipped")
    generation = Generation.open(home)
    assert generation.reranker is None
    assert generation.trouble.endswith("Questions are answered without the reranker.")
    question = "What was agreed with Sung Kim?"
    assert ask(generation, question).passages == ask(samples, question).passages


@pytest.fixture
def reranked(shelf: Shelf, tmp_path: Path) -> Build:
    """The shelf indexed with a cross-encoder that loves passages with `query` in them."""
    build_lover(tmp_path / "lover", "query")
    shelf.write(
        query="Press Releases\n\nA Note\n\nThe harbor of Busan has a query query query query.\n"
    )
    return build_index(shelf.home, [shelf.folder], ModelNames(reranker=str(tmp_path / "lover")))


def test_one_of_the_users_own_is_used_once_it_is_fitted(shelf: Shelf, reranked: Build) -> None:
    own = reranked.manifest.reranker
    assert own
    unfitted = Generation.open(shelf.home)
    assert unfitted.reranker is None and "run `pincite calibrate`" in unfitted.trouble
    assert read(ask(unfitted, QUESTION, min_score=0)) == {}
    path = fitted_path(shelf.home, reranked.manifest.model, own)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(RERANKED, path)
    liked = read(shelf.ask("What of the harbor of Busan?", min_score=0))
    assert max(liked, key=lambda document: liked[document]) == "query.txt"


def test_another_reranker_makes_another_generation_and_none_the_first_order(
    shelf: Shelf, reranked: Build, tmp_path: Path
) -> None:
    again = build_index(shelf.home, [shelf.folder], ModelNames(reranker=str(tmp_path / "lover")))
    assert not again.published
    without = shelf.index()
    assert without.published
    assert without.encoded == 0
    assert shelf.ask(QUESTION).passages[0].document.id == "harbour.txt"


def test_a_reranker_that_is_missing_costs_nothing_that_was_there(shelf: Shelf) -> None:
    before = shelf.home.current()
    with pytest.raises(ModelMissing, match="reranker"):
        build_index(shelf.home, [shelf.folder], ModelNames(reranker="no/such-cross-encoder"))
    assert shelf.home.current() == before
