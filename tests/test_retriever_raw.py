from pathlib import Path

import pytest
from conftest import SAMPLES, Shelf, read_document
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.content import Stated
from corpus.errors import Unreadable
from retriever.errors import CitationRefused
from retriever.generation import Generation
from retriever.raw import Part, parts_of, read_raw

LINES = [
    "Press Releases",
    "Talks in Busan",
    "Date",
    "2023-10-17",
    "1. They met. /END/",
    "o Next",
    "",
]


def check(parts: list[Part], text: str) -> None:
    end = 0
    for part in parts:
        assert part.text == text[part.start : part.end] != ""
        assert not (part.label and part.rule)
        assert not text[end : part.start].strip()
        end = part.end
    assert not text[end:].strip()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*")), ids=lambda path: path.name)
def test_the_parts_of_a_sample_hold_all_of_it(path: Path) -> None:
    document = read_document(path.name, path.read_bytes())
    parts = list(parts_of(document))
    check(parts, document.text)
    assert [each.label for each in parts if each.label] == [
        each.label for each in document.passages
    ]


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(["a.txt", "a.md"]))
def test_the_parts_of_any_page_hold_all_of_it(lines: list[str], name: str) -> None:
    try:
        document = read_document(name, "\n".join(lines).encode())
    except Unreadable:
        return
    check(list(parts_of(document)), document.text)


def test_what_is_dropped_says_why() -> None:
    page = b"Press Releases\n\nTalks\n\n2023-10-17\n\n1. The two sides met. /END/\n"
    parts = [(each.label, each.rule, each.text) for each in parts_of(read_document("a.txt", page))]
    assert parts == [
        ("", "board", "Press Releases"),
        ("", "title", "Talks"),
        ("", "date line", "2023-10-17"),
        ("", "", "1."),
        ("1", "", "The two sides met."),
        ("", "end or translation mark", " /END/"),
    ]


def test_a_document_is_read_again_with_what_stands_beside_it(shelf: Shelf) -> None:
    store = Generation.open(shelf.home).store
    raw = read_raw(store, "harbour.txt", Stated(title="Harbor Talks"))
    assert raw.document is not None
    assert (raw.document.title, raw.stored.id, raw.cited) == ("Harbor Talks", "harbour.txt", "")
    assert read_raw(store, "harbour.txt#2@01234567").cited == "2"
    with pytest.raises(CitationRefused, match="name one as it stands in a citation"):
        read_raw(store, "harbor.txt")
