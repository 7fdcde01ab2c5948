"""The spellings of three small releases, and what a question may write instead."""

import sqlite3
from pathlib import Path

import pytest
from conftest import cpu_seconds, read_document, release

from corpus.language.spelling_similarity import phonetic_key
from retriever.errors import GenerationDamaged
from retriever.index.spelling_counts import write_spellings
from retriever.index.spellings import SPELLINGS, Spellings

TEXTS = (
    release(
        "Envoys Meet on the Global Pivotal State",
        "2022-03-04",
        "Special Representative Kim Gunn met Ambassador Lee Shin-hwa in Seoul on March 3.",
        "Ambassador Sung Kim and Foreign Minister Sergey Lavrov spoke of the Global Pivotal State "
        "(GPS) and of the Democratic People’s Republic of Korea (DPRK).",
    ),
    release(
        "President Alejandro Giammattei Visits Seoul",
        "2022-05-04",
        "President Alejandro Giammattei and Julie Turner visited Minister Park Jin in Seoul.",
        "Prime Minister José Álvarez and President Volodymyr Zelenskyy spoke by telephone.",
    ),
    release(
        "The Global Peace Society Meets",
        "2022-06-04",
        "They spoke of the Global Pivotal State (GPS).",
        "The Global Peace Society (GPS) met Kim Gunn in Freedonia.",
    ),
    release(
        "Envoys of the Indo-Pacific Meet",
        "2022-07-04",
        "They greeted President Yoon Suk Yeol, Ambassador Cho Hyundong and Jung Pak in Hong Kong.",
        "Later Minister Park Jin, whom some call Jin Bak, spoke with Jon I’m.",
    ),
)


@pytest.fixture(scope="module")
def spellings(tmp_path_factory: pytest.TempPathFactory) -> Spellings:
    folder = tmp_path_factory.mktemp("spellings")
    write_spellings(folder, (read_document(f"{n}.txt", t.encode()) for n, t in enumerate(TEXTS)))
    return Spellings.open(folder)


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("Kim Gunn", "Kim Gunn"),
        ("Gunn Kim", "Kim Gunn"),
        ("KIM Gunn", "Kim Gunn"),
        ("kim gunn", "Kim Gunn"),
        ("Lee Shinhwa", "Lee Shin-hwa"),
        ("Shin Hwa Lee", "Lee Shin-hwa"),
        ("Jose Alvarez", "José Álvarez"),
        ("Kim Gun", None),
        ("Gunn", None),
        ("Foo Bar", None),
        ("", None),
    ],
)
def test_order_case_accents_and_hyphens(
    spellings: Spellings, typed: str, spelt: str | None
) -> None:
    assert spellings.spelt(typed) == spelt


@pytest.mark.parametrize(
    ("word", "name", "meant"),
    [
        ("Lavrof", ["Lavrof"], "lavrov"),
        ("Lavroff", ["Sergei", "Lavroff"], "lavrov"),
        ("Sergei", ["Sergei", "Lavroff"], "sergey"),
        ("Giamattei", ["Giamattei"], "giammattei"),
        ("Giamattei", ["President", "Giamattei"], "giammattei"),
        ("giamattei", [], "giammattei"),
        ("Zelensky", ["Zelensky"], "zelenskyy"),
        ("Alverez", ["Jose", "Alverez"], "alvarez"),
        ("Kym", ["Sung", "Kym"], "kim"),
        ("Geon", ["Kim", "Geon"], "gunn"),  # another romanisation
        ("Julia", ["Julia", "Turner"], "julie"),
    ],
)
def test_a_misspelt_word_of_a_name(
    spellings: Spellings, word: str, name: list[str], meant: str
) -> None:
    assert spellings.nearest(word, name) == meant


def test_in_lower_case_a_neighbour_tells_that_a_short_word_is_a_name(spellings: Spellings) -> None:
    assert spellings.nearest("kym", (), ["sung", "say"]) == "kim"
    assert spellings.nearest("kym", (), ["did", "say"]) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ministr", "ministry"), ("mniistry", "ministry"), ("Mniistry", None), ("zebraz", None),
     ("the", None), ("성김", None), ("", None)],
)  # fmt: skip
def test_a_slip_in_an_ordinary_word(tmp_path: Path, typed: str, meant: str | None) -> None:
    write_spellings(
        tmp_path, [read_document("a.txt", b"The ministry of the ministry, a ministry.")]
    )
    assert Spellings.open(tmp_path).ordinary(typed) == meant


@pytest.mark.parametrize(
    ("word", "name", "beside"),
    [
        ("lavrf", [], []),  # short, and no name: it may be any word
        ("Jae-myung", ["Lee", "Jae-myung"], []),
        ("Kym", ["Kym"], []),
        ("Obama", ["Kim", "Obama"], []),
        ("Merkel", ["Ambassador", "Merkel"], []),
        ("Foobar", ["Minister", "Foobar"], []),
        ("Tillerson", ["Rex", "Tillerson"], []),
        ("vaccine", [], ["the", "doses"]),
        ("harbour", [], []),
        ("geon", [], ["kim"]),  # in lower case no other romanisation is looked for
        ("성김", ["성김"], []),
        ("x", [], []),
        ("", [], []),
    ],
)
def test_what_is_not_corrected(
    spellings: Spellings, word: str, name: list[str], beside: list[str]
) -> None:
    assert spellings.nearest(word, name, beside) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("김건", "Kim Gunn"),
        ("성 김", "Sung Kim"),
        ("김 성", "Sung Kim"),
        ("성김", "Sung Kim"),
        ("박진", "Park Jin"),  # in two documents, Jin Bak in one
        ("이신화", "Lee Shin-hwa"),
        ("윤석열", "Yoon Suk Yeol"),
        ("윤 석열", "Yoon Suk Yeol"),
        ("조현동", "Cho Hyundong"),
        ("정 박", "Jung Pak"),
        ("홍콩", "Hong Kong"),
    ],
)
def test_a_name_in_hangul(spellings: Spellings, typed: str, written: str) -> None:
    assert spellings.romanised(typed) == written


def test_ordinary_korean_words_and_other_people_are_no_names_of_the_documents(
    spellings: Spellings,
) -> None:
    words = (
        "대표 대표는 대표와 본부장 본부장과 합의 합의했 무엇 무엇에 미국 북한 회담 "
        "한국 정부 장관 대사 총리 대통령 외교부 국방부 통일부 중국 일본 러시아 유럽 "
        "유엔 서울 부산 평양 사람 시간 문제 나라 회의 사회 경제 세계 생각 말씀 필요 "
        "경우 관계 이번 지난 올해 작년 오늘 어제 내일 협의 결정 약속 논의 성명 발표 "
        "방문 통화 전화 면담 정상 양국 양측 협력 지원 강화 안보 평화 안전 도발 제재 "
        "대화 조치 노력 우려 규탄 위협 공조 동맹 한미 한일 인권 환경 보건 지역 국제 "
        "공동 전략 정책 계획 조약 선언 결의 이행 개최 참석 강조 확인 환영 감사 최근 "
        "이후 이전 조선 조건 전임 이사 박사 김장 김치 진실 한 미 두 정상 이 문제"
    ).split()
    others = "박근혜 김정은 이도훈 정의용 조현 윤석 신화 김건희 박건".split()
    assert [word for word in (*words, *others) if spellings.romanised(word)] == []


def test_acronyms_both_ways(spellings: Spellings) -> None:
    assert spellings.meanings("GPS") == ["Global Pivotal State", "Global Peace Society"]
    assert spellings.meanings("gps") == spellings.meanings("GPS")
    assert spellings.meanings("NATO") == []
    assert spellings.acronyms_of("What is the global pivotal state?") == ["GPS"]
    assert spellings.acronyms_of("Democratic People's Republic of Korea, sanctions") == ["DPRK"]
    assert spellings.acronyms_of("Global Pivotal States") == spellings.acronyms_of("") == []


def test_the_sound_of_a_word_is_its_consonants() -> None:
    assert phonetic_key("Lavrov") == phonetic_key("Lavroff") == "3050"
    assert phonetic_key("Gunn") == phonetic_key("Geon") == phonetic_key("Kim") == "14"
    assert phonetic_key("성") == phonetic_key("") == ""


def test_the_file_does_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    write_spellings(tmp_path, [read_document("a.txt", TEXTS[0].encode())])
    connection = sqlite3.connect(tmp_path / SPELLINGS)
    names = [row[0] for row in connection.execute("SELECT * FROM names")]
    words = [row[0] for row in connection.execute("SELECT * FROM words")]
    connection.close()
    assert names == sorted(names) and words == sorted(words)
    assert "Kim Gunn" in names and "gunn" in words


def test_without_documents_nothing_is_known(tmp_path: Path) -> None:
    write_spellings(tmp_path, [])
    spellings = Spellings.open(tmp_path)
    assert spellings.spelt("Kim Gunn") is None
    assert spellings.nearest("Giamattei", ["President", "Giamattei"]) is None
    assert spellings.meanings("GPS") == spellings.acronyms_of("Global Pivotal State") == []


@pytest.mark.parametrize("content", [b"", b"junk" * 1_000, None])
def test_a_damaged_or_missing_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / SPELLINGS).write_bytes(content)
    with pytest.raises(GenerationDamaged, match=SPELLINGS):
        Spellings.open(tmp_path).spelt("Kim Gunn")


@pytest.mark.parametrize("word", ["a" * 4_000, "%", "'", "\x00", "A-" * 2_000, "김" * 4_000])
def test_a_hostile_word_is_looked_up_quickly(spellings: Spellings, word: str) -> None:
    def look_up() -> None:
        assert spellings.spelt(word) is None
        assert spellings.nearest(word, [word, "Kim"], [word, "sung"]) is None
        assert spellings.meanings(word) == spellings.acronyms_of(word) == []

    assert cpu_seconds(look_up) < 1
