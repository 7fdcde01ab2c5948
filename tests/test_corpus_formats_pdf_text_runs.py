import random

import pytest

from corpus.formats.pdf.page_layout import Character
from corpus.formats.pdf.text_runs import is_mostly_right_to_left, runs

WIDTH = 6.0

LINES = [
    ("הנמל של בוסאן", "ןאסוב לש למנה"),
    ("עד שנת 2025, והשר Kim Gunn שיבח", "חביש Kim Gunn רשהו ,2025 תנש דע"),
    ("(ב-3 במאי 2024) 1,250 אוניות, 15% מהן", "ןהמ 15% ,תוינוא 1,250 (2024 יאמב 3-ב)"),
    ("وأشاد بـ «الميناء» عام 2025، أي 15% منه", "هنم %15 يأ ،2025 ماع «ءانيملا» ـب داشأو"),
    ("ב-12:30 פתח Kim 2 נמלים.", ".םילמנ Kim 2 חתפ 12:30-ב"),
]
"""As they are read, and as they are seen from left to right."""


def seen(line: str, *, spaced: bool = False) -> list[Character]:
    return [
        Character(char, 0, WIDTH * place, WIDTH * (place + 1), 700.0, 10.0, False, 2 * spaced)
        for place, char in enumerate(line)
        if char != " "
    ]


def read(characters: list[Character]) -> list[str]:
    return [run.text for run in runs(characters, 800.0)]


@pytest.mark.parametrize(("text", "printed"), LINES)
def test_a_line_is_read_whatever_the_order_in_which_it_was_drawn(text: str, printed: str) -> None:
    characters = seen(printed)
    assert is_mostly_right_to_left(characters)
    assert read(characters) == read(characters[::-1]) == [text]
    random.Random(1).shuffle(characters)
    assert read(characters) == [text]


def test_a_name_stands_in_a_text_from_left_to_right() -> None:
    characters = seen("The port of (הרוחס ןאסוב) is open to 15 ships.")
    assert not is_mostly_right_to_left(characters)
    assert read(characters) == ["The port of (בוסאן סחורה) is open to 15 ships."]


def test_a_ligature_and_a_mark_stand_with_their_letters() -> None:
    alef, lam = seen("ا")[0], seen("ل")[0]
    meem = seen("  م")[0]._replace(left=6.0, right=12.0)
    mark = alef._replace(char="\u064e", left=9.0, right=9.0)
    assert read([alef, lam, mark, meem]) == ["م\u064eلا"]


def test_letters_may_stand_apart_but_not_as_far_as_words() -> None:
    first, second = seen("ןב")
    apart = [second, first._replace(left=-2.0, right=4.0)]
    assert read(apart) == ["בן"]
    assert read([each._replace(spaced=1) for each in apart]) == ["ב ן"]
    assert read([second, first._replace(left=-3.0, right=3.0)]) == ["ב ן"]


def test_capitals_set_smaller_than_the_text_do_not_make_it_smaller() -> None:
    line = [
        each._replace(size=8.0 if each.char.isupper() else 10.0)
        for each in seen("FOR FURTHER INFORMATION: Ian")
    ]
    assert [run.size for run in runs(line, 800.0)] == [10.0]
    leaders = [
        each._replace(size=8.0 if each.char == "." else 10.0)
        for each in seen("Form W.............")
    ]
    assert [run.size for run in runs(leaders, 800.0)] == [8.0]
