import hashlib

import pytest
from conftest import read_document
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.folder.file_io import file_hash

SIGNS = "1.|1. |2.|2. (1)|(1)|(2) |3)|１．|10. |o |O |° |◦|ㅇ|- |– |* |※ |# |## ".split("|")
MARKDOWN = ["```", "---", "===", "    ", "> ", "| a | b |\n|---|---|\n", "\n# ", "\n\n"]
FURNITURE = (
    "Date|2023-10-17|hit|3463|Press Releases|KOR|바로가기 메뉴|Title: |Source: https://e.org/a|"
    "/END/| /END/|* unofficial translation|+32 (0)460 75 45 53|a@b.kr|QUESTION: |MR PRICE:\xa0"
).split("|")
WORDS = ["The two sides met on May 3.", "They agreed ", "Measures on Trade", "said “we agree.”"]
LONG = ["word " * 30, "It is. " * 700, "…", ".", "Feb. 29", "today"]
BLANKS = list("\xa0\u200b\ufeff \t\f\x1c\u2028\x85")
PIECES = st.sampled_from(SIGNS + MARKDOWN + FURNITURE + WORDS + LONG + BLANKS)
LINES = st.lists(PIECES, max_size=4).map("".join)
PAGES = st.tuples(
    st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n\xa0\n"])
).map(lambda page: page[1].join(page[0]))


def check(document: Document) -> None:
    text, end = document.text, 0
    labels = [passage.label for passage in document.passages]
    assert document.passages
    assert document.title.strip()
    assert len(set(labels)) == len(labels)
    for position, passage in enumerate(document.passages):
        assert passage.text == text[passage.span.start : passage.span.end]
        assert passage.text.strip() == passage.text != ""
        assert passage.span.start >= end, "passages stand in reading order and share nothing"
        assert passage.parent is None or 0 <= passage.parent < position
        end = passage.span.end


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(PAGES, st.sampled_from(["a.txt", "a.md"]))
def test_any_page_is_read_into_exact_passages_or_refused(page: str, name: str) -> None:
    try:
        document = read_document(name, page.encode())
    except Unreadable:
        return
    if name == "a.txt":  # that of Markdown is a rendering
        assert document.text == page.removeprefix("\ufeff")
    check(document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        document = read_document(name, data)
    except Unreadable:
        return
    check(document)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["a.txt", "a.md"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    try:
        document = read_document(name, text.encode("utf-8", "surrogatepass"))
    except Unreadable:
        return
    check(document)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \n\t\r\n", "it is empty"),
        ("\u200b\n\u200b".encode(), "it has no paragraph"),
        ("바로가기 메뉴\n검색창 열기\nKOR\n".encode(), "it has no paragraph"),
    ],
)
def test_a_file_without_a_paragraph_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_document("a.txt", data)


def test_a_file_of_numbers_only_is_refused() -> None:
    for page in ("1.", "2. (1)", "1.\n\n2.\n\n3.\n"):
        with pytest.raises(Unreadable):
            read_document("a.txt", page.encode())


@pytest.mark.parametrize("name", ["a.txt", "a/b.TEXT", "c.md", "d.Markdown"])
def test_the_ending_chooses_the_reader_whatever_its_case(name: str) -> None:
    document = read_document(name, b"1. One is.\n")
    assert (document.id, document.passages[0].label) == (name, "1")
    assert document.lead == "One is."


def test_the_receipt_of_a_file_is_its_sha256() -> None:
    assert file_hash(b"1. One is.\n") == hashlib.sha256(b"1. One is.\n").hexdigest()
    assert file_hash(b"").startswith("e3b0c442")
