"""Names in Hangul: where one may stand in a question, and how its syllables are romanised."""

import re

import pytest
from conftest import cpu_seconds

from corpus.language.hangul_names import name_parts, possible_names, romanisations, spelling_pattern


@pytest.mark.parametrize(
    ("syllable", "official", "customary"),
    [
        ("김", "gim", {"kim"}),
        ("건", "geon", {"gunn", "gun", "kun", "keon"}),
        ("박", "bak", {"park", "pak"}),
        ("이", "i", {"lee", "yi", "rhee", "ri", "li"}),
        ("임", "im", {"lim", "yim", "rim"}),
        ("유", "yu", {"yoo", "you", "ryu"}),
        ("우", "u", {"woo", "wu"}),
        ("노", "no", {"noh", "roh", "ro"}),
        ("서", "seo", {"suh", "so"}),
        ("허", "heo", {"huh", "hur"}),
        ("최", "choe", {"choi"}),
        ("정", "jeong", {"chung", "jung", "chong", "jong"}),
        ("희", "hui", {"hee", "hi"}),
        ("화", "hwa", {"wha"}),
        ("덕", "deok", {"duck", "duk", "tok"}),
        ("섭", "seop", {"sup", "sub", "sop"}),
        ("열", "yeol", {"yul", "yol"}),
        ("가", "ga", {"ka"}),  # the first syllable of Unicode and the last
        ("힣", "hit", {"hi"}),
    ],
)
def test_a_syllable_is_written_in_several_ways(
    syllable: str, official: str, customary: set[str]
) -> None:
    assert romanisations(syllable)[0] == official
    assert customary <= set(romanisations(syllable))
    assert all(each.isascii() and each.islower() for each in romanisations(syllable))


@pytest.mark.parametrize("other", ["", "김건", "k", "ㄱ", "金", "\u1100\u1175\u11b7", "\u1100"])
def test_what_is_no_syllable_has_no_spelling(other: str) -> None:
    with pytest.raises(ValueError, match="is no syllable of Hangul"):
        romanisations(other)


def test_every_syllable_has_few_spellings_each_once() -> None:
    for code in range(ord("가"), ord("힣") + 1):
        written = romanisations(chr(code))
        assert 0 < len(written) == len(set(written)) <= 100


def test_a_part_is_matched_joined_or_apart_and_whole() -> None:
    assert re.fullmatch(spelling_pattern("신화"), "shinhwa")
    assert re.fullmatch(spelling_pattern("석열"), "suk yeol")
    assert not re.fullmatch(spelling_pattern("신화"), "shin")
    assert not re.fullmatch(spelling_pattern("성"), "sun")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("김건", [("김", "건")]),
        ("이신화", [("이", "신화"), ("이신", "화")]),
        ("남궁민수", [("남", "궁민수"), ("남궁", "민수")]),
        ("성 김", [("성", "김")]),
        ("김 건희", [("김", "건희")]),
    ],
)
def test_the_parts_of_a_name(name: str, expected: list[tuple[str, str]]) -> None:
    assert name_parts(name) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("김건은", ["김건은", "김건"]),
        ("Did 박진과 meet?", ["박진과", "박진"]),
        ("성 김", ["성 김"]),
        ("성 김은 왜", ["성 김은", "성 김", "김은", "김은 왜"]),
        ("윤석열의", ["윤석열의", "윤석열"]),
        ("박진 씨는", ["박진", "씨는"]),
        ("김건에게서", ["김건"]),
        ("이신화씨께서는", ["이신화"]),
        ("성  김, 성, 김\n성김", ["성김"]),  # only a single space joins
        ("Sung Kim", []),
        ("김", []),
        ("\u1100", []),
        ("", []),
    ],
)
def test_where_a_name_may_stand(text: str, names: list[str]) -> None:
    found = list(possible_names(text))
    assert [name for _, name in found] == names
    assert all(span.of(text).startswith(name) for span, name in found)


@pytest.mark.parametrize("unit", ["김", "김 ", "김건은 ", "은는이가", "성 김 대표는 ", "께서는"])
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    assert cpu_seconds(lambda: list(possible_names(text))) < 1
