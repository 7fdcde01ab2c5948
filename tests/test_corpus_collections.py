"""The documents that ship, and the real files beside the repository when they are there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import read_document

from corpus.document import Document
from corpus.text.characters import search_form

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "corpus" / "samples"
CORPORA = ROOT.parent / "shared" / "corpora"
real = pytest.mark.skipif(not CORPORA.is_dir(), reason="the real files are not here")
NAMED = "mofa_322308_special_representatives.txt"


def read(path: Path) -> Document:
    document = read_document(path.name, path.read_bytes())
    labels = [passage.label for passage in document.passages]
    assert len(set(labels)) == len(labels) > 0
    for passage in document.passages:
        assert passage.text == passage.span.of(document.text) != ""
    return document


def rows(folder: str, name: str = "manifest.jsonl") -> Iterator[dict[str, Any]]:
    path = CORPORA / folder / name
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def ideal() -> dict[str, dict[str, Any]]:
    path = CORPORA / "ideal_parse.json"
    parses = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {parse["file"]: parse for parse in parses}


def outline(parse: dict[str, Any]) -> list[tuple[str, str]]:
    passages = []
    for paragraph in parse["paragraphs"]:
        passages.append((str(paragraph["number"]), paragraph["text"]))
        for position, bullet in enumerate(paragraph["bullets"], start=1):
            passages.append((f"{paragraph['number']} o {position}", bullet))
    return passages


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*")), ids=lambda path: path.name)
def test_every_sample_is_read_whole(path: Path) -> None:
    document = read(path)
    numbers = [int(each.label) for each in document.passages if each.label.isdecimal()]
    assert numbers == sorted(numbers)
    assert numbers[:1] in ([], [1])
    assert document.events or document.posted


def test_the_release_of_16_october_2023_names_sung_kim_in_title_and_first_paragraph_only() -> None:
    document = read(SAMPLES / NAMED)
    assert [each.label for each in document.passages] == ["1", "2", "3", "4", "5", "6"]
    assert (str(document.posted), [str(day) for day in document.events]) == (
        "2023-10-17",
        ["2023-10-16"],
    )
    assert ["Sung Kim" in each.text for each in document.passages] == [True] + [False] * 5
    assert "Special Representative for the DPRK" in document.title


@real
@pytest.mark.parametrize("parse", ideal().values(), ids=ideal())
def test_the_seeds_are_parsed_as_a_person_would(parse: dict[str, Any]) -> None:
    document = read(CORPORA / parse["file"])
    assert [(each.label, each.text) for each in document.passages] == outline(parse)
    assert (document.title if document.title_stated else None) == parse["title"]
    assert (document.board or None) == parse["board"]
    assert (str(document.posted) if document.posted else None) == parse["date_posted"]
    event = parse["event_dates"][0]
    year = event["year"] or ""
    assert [str(day) for day in document.events] == [
        f"{year or '-'}-{event['month']:02d}-{event['day']:02d}"
    ]
    dropped = [each.span.of(document.text) for each in document.dropped]
    assert [line for line in dropped if line != document.title] == [
        line.split(" (")[0] for line in parse["dropped"]
    ]


VARIANTS = [row for row in rows("seed_variants") if row["file"].endswith(".txt")]
CHANGED = {"b_nbsp.txt", "b_ascii_quotes.txt", "b_hardwrap.txt"}
"""The variants whose change reaches into the paragraphs."""


@real
@pytest.mark.parametrize("row", VARIANTS, ids=lambda row: row["file"])
def test_a_variant_has_the_paragraphs_of_its_seed(row: dict[str, str]) -> None:
    document = read(CORPORA / "seed_variants" / row["file"])
    parse = ideal()[row["derived_from"]]
    seed = [text for _, text in outline(parse)]
    texts = [each.text for each in document.passages]
    assert [search_form(text) for text in texts] == [search_form(text) for text in seed]
    assert (texts == seed) == (row["file"] not in CHANGED)
    labels = [each.label for each in document.passages]
    sign = next((label.split()[1] for label in labels if " " in label), "o")
    assert labels == [label.replace("o", sign) for label, _ in outline(parse)]


@real
@pytest.mark.parametrize("row", VARIANTS, ids=lambda row: row["file"])
def test_a_variant_has_the_title_and_date_of_its_seed(row: dict[str, str]) -> None:
    document = read(CORPORA / "seed_variants" / row["file"])
    parse = ideal()[row["derived_from"]]
    stated = parse["title"] is not None and row["file"] != "b_clean.txt"
    assert document.title_stated == stated
    assert not stated or search_form(document.title) == search_form(parse["title"])
    dated = {"a_chrome.txt": "2023-03-29", "b_clean.txt": "None", "b_nodate_chrome.txt": "None"}
    assert str(document.posted) == dated.get(row["file"], str(parse["date_posted"]))


@real
def test_every_state_release_has_the_title_and_date_of_its_manifest() -> None:
    wrong, count = [], 0
    for row in rows("us_state"):
        document = read(CORPORA / "us_state" / row["file"])
        count += 1
        if (document.title, str(document.posted)) != (row["title"], row["date"]):
            wrong.append((row["file"], document.title, str(document.posted)))
    assert (wrong, count) == ([], 2025)


EVENTS = {"unikorea_54581.txt": "01-13", "mofa_321108_mirror.txt": "06-02"}
"""Where the manifest has the month only, or the last day of "22:00, June 2 - 02:00, June 3"."""


@real
@pytest.mark.parametrize("row", list(rows("mofa_style")), ids=lambda row: row["file"])
def test_every_korean_release_has_the_title_and_date_of_its_manifest(row: dict[str, Any]) -> None:
    document = read(CORPORA / "mofa_style" / row["file"])
    if row["file"].endswith("_clean.txt"):  # a bare body: the page's title is not in the file
        assert not document.title_stated
    else:
        assert (document.title, document.title_stated) == (row["title"], True)
    assert str(document.posted) == (row["date"] if row["date_in_text"] else "None")
    if row["date_kind"] == "event (inferred)":
        day = EVENTS.get(row["file"], row["date"][5:])
        assert f"--{day}" in [str(event) for event in document.events]
