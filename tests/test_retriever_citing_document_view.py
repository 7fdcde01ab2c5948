from pathlib import Path

import pytest
from conftest import HARBOUR, SAMPLES, Shelf, read_document
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import Unreadable
from corpus.folder.limits import Limits
from retriever.build.build import build_index
from retriever.citing.document_view import Part, parts_of, read_raw
from retriever.citing.originals import FileState
from retriever.errors import CitationRefused
from retriever.index.generation import Generation

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
    entry = '{"file": "harbour.txt", "title": "Harbor Talks"}\n'
    (shelf.folder / "manifest.jsonl").write_text(entry)
    shelf.index()
    store = Generation.open(shelf.home).store
    raw = read_raw(store, "harbour.txt")
    assert raw.document is not None
    assert (raw.document.title, raw.stored.id, raw.cited) == ("Harbor Talks", "harbour.txt", "")
    assert read_raw(store, "harbour.txt#2@0123456789ab").cited == "2"
    with pytest.raises(CitationRefused, match="name one as it stands in a citation"):
        read_raw(store, "harbor.txt")


def test_of_two_folders_each_has_its_own_manifests(shelf: Shelf) -> None:
    other = shelf.folder.parent / "other"
    for folder in (shelf.folder / "other", other):
        folder.mkdir()
        (folder / "harbour.txt").write_text(HARBOUR)
    entry = '{"file": "other/harbour.txt", "title": "Outer Talks"}'
    (shelf.folder / "manifest.jsonl").write_text(entry)
    build_index(shelf.home, [shelf.folder, other])
    store = Generation.open(shelf.home).store
    titles = []
    for name in ("other/harbour.txt", "other~2/harbour.txt"):
        raw = read_raw(store, name)
        assert raw.document
        assert (raw.document.title, raw.state) == (raw.stored.title, FileState.VALID)
        titles.append(raw.stored.title)
    assert titles == ["Outer Talks", "Korea and Elbonia Hold Harbor Talks in Busan (March 3)"]


def test_a_file_that_changed_is_held_to_the_limits(shelf: Shelf) -> None:
    store = Generation.open(shelf.home).store
    document = store.document_named("harbour.txt")
    assert document
    assert read_raw(store, "harbour.txt", Limits(megabytes=0)).state is FileState.VALID
    document.path.write_text("1. Other words stand here now.\n")
    raw = read_raw(store, "harbour.txt", Limits(megabytes=0))
    assert (raw.state, raw.reason) == (
        FileState.CHANGED,
        "it is larger than 0 MB (limits.megabytes)",
    )
