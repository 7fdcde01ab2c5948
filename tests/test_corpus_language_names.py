import pytest
from conftest import cpu_seconds

from corpus.language.names import names_in


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What was agreed with Sung Kim?", ("Sung Kim",)),
        ("Did Lee Jun-il meet Julie Turner in July?", ("Lee Jun-il", "Julie Turner")),
        ("Who spoke for the Republic of Korea?", ("Republic of Korea",)),
        ("What did Mohammed bin Salman say?", ("Mohammed bin Salman",)),
        ("In Seoul, what did KIM Gunn do?", ("Seoul", "KIM Gunn")),
        ("Did President Yoon meet King Charles III?", ("President Yoon", "King Charles III")),
        ("What did Josep Borrell’s delegation say?", ("Josep Borrell",)),
        ("Outcome of Sung Kim's visit", ("Sung Kim",)),
        ("Latest on North Korea", ("North Korea",)),
        ("“Park Jin”", ("Park Jin",)),
        ("Kim Gunn 본부장과 Sung Kim 대표", ("Kim Gunn", "Sung Kim")),
        ("On Monday in May Park Jin met", ("Park Jin",)),
        ("What did Élodie Durand say?", ("Élodie Durand",)),
        ("What did Čaputová say to Şimşek?", ("Čaputová", "Şimşek")),
    ],
)
def test_names_are_runs_of_capitalised_words(question: str, names: tuple[str, ...]) -> None:
    assert names_in(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "",
        "what was agreed with sung kim?",
        "What does the ROK say about the DPRK?",
        "What happened on Monday, October 16?",
        "Sanctions",
        "They met. Sanctions followed: Talks did not",
        "성 김 대표와 무엇을 합의했습니까?",
        "e-Mail 3Com _Name",
    ],
)
def test_what_has_no_name(question: str) -> None:
    assert names_in(question) == ()


def test_a_name_is_named_once() -> None:
    assert names_in("Did Sung Kim meet Sung Kim?") == ("Sung Kim",)


@pytest.mark.parametrize(
    "unit", ["A", "A ", "A of ", "A-", "A'.", "Ab-c d", "’", "((", "of ", "Then Abba went. ", "“"]
)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (50_000 // len(unit)) + "!"
    assert cpu_seconds(lambda: names_in(text)) < 1


def test_a_sentence_ends_however_far_before_a_name() -> None:
    assert names_in("He left." + " " * 30 + "Then Kovner spoke.") == names_in(
        "He left. Then Kovner spoke."
    )
