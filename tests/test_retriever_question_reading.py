"""The reading of questions: terms, spellings, acronyms, periods, order, and what is refused."""

import datetime
import unicodedata
from collections.abc import Callable

import pytest
from conftest import cpu_seconds

from retriever.errors import QuestionRefused
from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of
from retriever.question.reading import (
    ACRONYM_WEIGHT,
    LONGEST_QUESTION,
    NAMES_WEIGHT,
    REPLACED_WEIGHT,
    Reading,
    read_question,
)

TODAY = datetime.date(2024, 2, 1)
Read = Callable[..., Reading]


@pytest.fixture
def read(samples: Generation) -> Read:
    """Reads over the sample releases."""

    def reading(question: str, *history: str) -> Reading:
        return read_question(question, history, TODAY, samples.lexical, samples.spellings)

    return reading


@pytest.mark.parametrize(
    "question", ["Kim Gunn은 무엇을 합의했나?", "Sung Kim의 방문", "Sung Kim과"]
)
def test_a_korean_particle_is_no_part_of_a_latin_name(samples: Generation, question: str) -> None:
    found = read_question(question, (), TODAY, samples.lexical, samples.spellings)
    assert found.names == (("Kim Gunn",) if "Gunn" in question else ("Sung Kim",))


def test_an_order_is_not_searched_for_by_its_words(samples: Generation) -> None:
    found = read_question("latest sanctions", (), TODAY, samples.lexical, samples.spellings)
    assert found.latest and set(found.terms) == {"sanction"}


def test_terms_are_stems_without_stop_words_each_once(read: Read) -> None:
    reading = read("What was agreed about the agreement that defectors agreed to?")
    assert reading.terms == {"agre": 1.0, "agreement": 1.0, "defector": 1.0}
    assert reading.text == "What was agreed about the agreement that defectors agreed to?"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What was agreed with Sung Kym?", ("Sung Kim",)),
        ("What did KIM Geon say?", ("KIM Gunn",)),
        ("what did josep borrell say about security", ("josep borrell",)),
        ("What was agreed with Sung Kim?", ("Sung Kim",)),
        ("What did Rex Tillerson say?", ("Rex Tillerson",)),
    ],
)
def test_names_are_spelt_as_the_documents_do(
    read: Read, question: str, names: tuple[str, ...]
) -> None:
    assert tuple(map(str.casefold, read(question).names)) == tuple(map(str.casefold, names))


def test_a_name_that_no_document_has_is_not_spelt_in_part(read: Read) -> None:
    reading = read("What was agreed with Indonesea Merkel?")
    assert (reading.names, reading.spelt) == (("Indonesea Merkel",), ())
    assert read("What did Merkela Borell say?").spelt == (("Borell", "Borrell"),)


def test_what_was_typed_otherwise_is_said_and_searched(read: Read) -> None:
    reading = read("What was agreed with Sung Kym?")
    assert reading.spelt == (("Kym", "Kim"),)
    assert {"sung", "kim"} <= reading.terms.keys()
    assert "kym" not in reading.terms


@pytest.mark.parametrize(
    ("question", "text", "spelt"),
    [
        (
            "김건 본부장과 성 김 대표는 무엇에 합의했나요?",
            "Kim Gunn 본부장과 Sung Kim 대표는 무엇에 합의했나요?",
            (("김건", "Kim Gunn"), ("성 김", "Sung Kim")),
        ),
        (
            "김건은 성김과 무엇을 했나요?",
            "Kim Gunn, Sung Kim 무엇을 했나요?",
            (("김건", "Kim Gunn"), ("성김", "Sung Kim")),
        ),
        ("What did 성 김 say?", "What did Sung Kim say?", (("성 김", "Sung Kim"),)),
        ("한국과 미국은 무엇에 합의했나요?", "한국과 미국은 무엇에 합의했나요?", ()),
    ],
)
def test_names_in_hangul_are_read_as_the_documents_write_them(
    read: Read, question: str, text: str, spelt: tuple[tuple[str, str], ...]
) -> None:
    for typed in (question, unicodedata.normalize("NFD", question)):
        reading = read(typed)
        if spelt:
            assert reading.text.casefold() == text.casefold()
        names = tuple(meant for _, meant in spelt)
        assert tuple(map(str.casefold, reading.names)) == tuple(map(str.casefold, names))
        assert [name for name, _ in reading.spelt] == [name for name, _ in spelt]
        assert {term: reading.terms.get(term) for name in names for term in terms_of(name)} == {
            term: 1.0 for name in names for term in terms_of(name)
        }
        assert not {word for name, _ in spelt for word in name.split()} & {*reading.unknown}


def test_a_follow_up_takes_over_a_name_in_hangul(read: Read) -> None:
    reading = read("When did he arrive?", "김건 본부장은 무엇을 했나요?")
    assert reading.terms["gunn"] == NAMES_WEIGHT
    assert [name for name, _ in reading.spelt] == ["김건"]


def test_words_that_no_document_has(read: Read) -> None:
    assert read("What did Rex Tillerson say about quxleys?").unknown == (
        "Rex", "Tillerson", "quxleys",
    )  # fmt: skip


def test_an_acronym_and_what_it_stands_for_find_each_other(read: Read) -> None:
    long = read("What is the Global Pivotal State?")
    short = read("What is the GPS?")
    assert long.terms.get("gps") == ACRONYM_WEIGHT
    assert short.terms.get("pivot") == ACRONYM_WEIGHT


def test_offices_are_written_out(read: Read) -> None:
    assert {"foreign", "minist"} <= read("What did the Elbonian FM say?").terms.keys()


def test_periods_count_from_today_and_not_in_quotations(read: Read) -> None:
    assert list(map(str, read("What was agreed last December?").periods)) == ["December 2023"]
    assert read('Who said "today a wrong has been righted"?').periods == ()


@pytest.mark.parametrize(
    ("question", "latest"),
    [
        ("What was said in the latest call?", True),
        ("the most recent statement on Ukraine", True),
        ("What is the earliest release?", False),
        ("What was the first session about?", None),
        ("At last they met?", None),
    ],
)
def test_the_order_that_is_asked_for(read: Read, question: str, latest: bool | None) -> None:
    assert read(question).latest is latest


def test_what_a_follow_up_takes_over_weighs_less(read: Read) -> None:
    reading = read("and about defectors?", "What was agreed with Sung Kim?")
    assert reading.terms["defector"] == 1.0
    assert reading.terms["kim"] == reading.terms["agre"] == REPLACED_WEIGHT
    pointing = read("When did he arrive?", "What was agreed with Sung Kim?")
    assert pointing.terms["arriv"] == 1.0
    assert pointing.terms["kim"] == NAMES_WEIGHT
    assert pointing.points_at == "What was agreed with Sung Kim?"
    assert read("When did he arrive in May 2022?", "What was agreed with Sung Kim?").points_at == ""


def test_a_question_that_stands_alone_ignores_the_history(read: Read) -> None:
    question = "What did Josep Borrell say about maritime security in Europe?"
    assert read(question, "What was agreed with Sung Kim?") == read(question)


@pytest.mark.parametrize("question", ["", "   ", "\x00\x07\x1b", "\u200b\ufeff", "\n\t", "\ud800"])
def test_an_empty_question_is_refused(read: Read, question: str) -> None:
    with pytest.raises(QuestionRefused, match="is empty; type what you want to know"):
        read(question)


def test_the_longest_question_is_read_and_a_longer_one_refused(read: Read) -> None:
    assert read("x" * LONGEST_QUESTION).text == "x" * LONGEST_QUESTION
    with pytest.raises(QuestionRefused, match=r"has 100,000 characters.*; ask a shorter one"):
        read("x" * 100_000)


def test_a_long_history_is_cut(read: Read) -> None:
    assert len(read("and why?", "x" * 1_000_000).text) < 3 * LONGEST_QUESTION


def test_control_characters_are_spaces_and_invisible_ones_vanish(read: Read) -> None:
    reading = read("Sung\x00Kim\u200b de\u00adfectors\ud800 \x1b[31m?")
    assert reading.text == "Sung Kim defectors [31m?"


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "A ",
        "A of ",
        "A-",
        "A'.",
        "Ab-c d",
        "’",
        "((",
        "of ",
        "qx y ",
        "Qxy ",
        "May 3 ",
        "김건은 ",
        "김 ",
        "이신화",
    ],
)
def test_no_question_takes_long_to_read(read: Read, unit: str) -> None:
    question = (unit * LONGEST_QUESTION)[: LONGEST_QUESTION - 1] + "!"
    assert cpu_seconds(lambda: read(question, question, question)) < 5
