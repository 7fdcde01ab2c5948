import pytest
from conftest import cpu_seconds

from corpus.language.acronyms import acronyms_in


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the Global Pivotal State (GPS) vision", "GPS", "Global Pivotal State"),
        ("Global\n Pivotal  State (GPS)", "GPS", "Global Pivotal State"),
        (
            "the Democratic People’s Republic of Korea (“DPRK”)",
            "DPRK",
            "Democratic People’s Republic of Korea",
        ),
        ("Ministry of Foreign Affairs (MOFA),", "MOFA", "Ministry of Foreign Affairs"),
        ("weapons of mass destruction (WMDs)", "WMDs", "weapons of mass destruction"),
        ("Nuclear Consultative Group (NCG; Washington)", "NCG", "Nuclear Consultative Group"),
        ("the Indo-Pacific Economic Framework (IPEF)", "IPEF", "Indo-Pacific Economic Framework"),
        ("research and development (R&D)", "R&D", "research and development"),
    ],
)
def test_an_acronym_behind_its_long_form(text: str, short: str, long: str) -> None:
    assert list(acronyms_in(text)) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(GPS)",
        "GPS (GPS)",
        "the summit (Seoul)",
        "his visit (USA)",
        "the two sides (ROK)",
        "plan A (X)",
        "the Group of Twenty [GT]",
        "the global pivotal state (gps)",
        "Global Pivotal State (GPS",
        "Peace talks that were held long before the Prime Minister of Elbonia came (PHE)",
    ],
)
def test_no_acronym(text: str) -> None:
    assert list(acronyms_in(text)) == []


def test_several_in_reading_order_and_each_time() -> None:
    text = "Prime Minister (PM) Lee, Foreign Minister (FM) Park and the Prime Minister (PM)"
    assert [short for short, _ in acronyms_in(text)] == ["PM", "FM", "PM"]


@pytest.mark.parametrize("unit", ["(", "(A", "(AB) ", "A", "A ", "A-", "(A&", "a (AB", "’"])
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    assert cpu_seconds(lambda: list(acronyms_in(text))) < 1
