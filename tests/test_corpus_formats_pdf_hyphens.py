import pytest

from corpus.formats.pdf.dehyphenation import Dehyphenator

HYPHENATING = ["The gov-", "ernment of Ko-", "rea asked the minis-", "ters of the government"] * 5


def joined(before: str, after: str, others: list[str]) -> str:
    return Dehyphenator([*others, before, after]).ending(before, after) + after


def test_one_broken_word_tells_that_words_are_broken() -> None:
    assert joined("the dia-", "logue", ["a na-", "tion", *["a man"] * 60]) == "the dialogue"
    assert joined("the dia-", "logue", ["a nation"] * 40) == "the dia-logue"


@pytest.mark.parametrize(
    ("before", "after", "others", "text"),
    [
        ("the two", "sides", [], "the two sides"),
        ("the consul-", "tations", ["consultations went on"], "the consultations"),
        ("a long-", "standing wish", ["long-standing ties"], "a long-standing wish"),
        ("the ROK-", "U.S. Alliance", [], "the ROK-U.S. Alliance"),
        ("Minister Kang Kyung-", "wha said", HYPHENATING, "Minister Kang Kyung-wha said"),
        ("the Repub-", "lic of Korea", HYPHENATING, "the Republic of Korea"),
        ("on non-", "proliferation", HYPHENATING, "on non-proliferation"),
        ("a high-level", "talk", [], "a high-level talk"),
        ("from ship-", "to-ship", ["ship-to-ship"], "from ship-to-ship"),
        ("from ship-", "to-ship", HYPHENATING, "from ship-to-ship"),
        ("North Korean Hu-", "man Rights", ["human rights"], "North Korean Human Rights"),
        ("in the Indo-Pa-", "cific", HYPHENATING, "in the Indo-Pacific"),
        ("the Ko-", "rea-Japan talks", HYPHENATING, "the Korea-Japan talks"),
        ("the so-", "called deal", HYPHENATING, "the so-called deal"),
        ("the U.S.-", "ROK-Japan talks", [], "the U.S.-ROK-Japan talks"),
        ("of COV‐", "ID-19", [], "of COVID-19"),
        ("of COV‐", "ID-19", ["Sars‐Cov and COV‐ID"], "of COV‐ID-19"),
        ("the Jongno-", "gu Office", HYPHENATING, "the Jongno-gu Office"),
        ("Park Geun-", "hye said", HYPHENATING, "Park Geun-hye said"),
        ("in 2015 -", "the year", [], "in 2015 - the year"),
        ("of 3D --", "deterrence", [], "of 3D -- deterrence"),
        ("the talks—", "the first", [], "the talks—the first"),
        ("外務省は", "本日", [], "外務省は本日"),
        ("외교", "부는", ["외교부는 말했다"], "외교부는"),
        ("외교부는", "오늘", ["외교부는 말했다"], "외교부는 오늘"),
    ],
)
def test_a_line_goes_on_with_the_next(
    before: str, after: str, others: list[str], text: str
) -> None:
    assert joined(before, after, others) == text
