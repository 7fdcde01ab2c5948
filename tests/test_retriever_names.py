"""The names of a question against the names of the documents."""

import pytest
from conftest import Shelf

from retriever.answering.answer import Verdict
from retriever.answering.ask import ask
from retriever.index.generation import Generation
from retriever.index.home import Home


@pytest.fixture(scope="module")
def generation(home: Home) -> Generation:
    return Generation.open(home)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("Minister Foobar", "Foobar"),
        ("President Zelenskyy", "Zelenskyy"),
        ("Ambassador Merkel", "Merkel"),
        ("Kim Obama", "Obama"),
    ],
)
def test_one_known_word_does_not_make_a_name_known(
    generation: Generation, name: str, lacking: str
) -> None:
    answer = ask(generation, f"What was agreed with {name}?")
    assert answer.verdict is Verdict.NONE
    assert answer.reason == f"no document mentions {lacking}"
    assert answer.passages == ()


@pytest.mark.parametrize("name", ["Lee Shin-hwa", "Lee Shinhwa", "Yun Byungse", "Sung Kym"])
def test_another_spelling_of_a_name_is_known(generation: Generation, name: str) -> None:
    assert ask(generation, f"What did {name} say?").verdict is not Verdict.NONE


def test_who_gives_the_words_of_a_release_is_known(shelf: Shelf) -> None:
    byline = "Ned Pricewell, Department Spokesperson"
    page = f"Talks Held\n\nMay 3, 2022\n\n{byline}\n\nThey met in Seoul."
    (shelf.folder / "byline.txt").write_text(page, "utf-8")
    shelf.index()
    answer = ask(Generation.open(shelf.home), "What did Ned Pricewell say?")
    assert "no document mentions" not in answer.reason
