from pathlib import Path

import pytest
from conftest import read_document
from fuzzing import mutations
from releases import releases
from rendering_html import RENDERERS
from test_corpus_collections import CORPORA
from test_corpus_readers import check

from corpus.errors import Unreadable
from corpus.readers import read_documents

MUTATIONS = 1_000


@pytest.mark.parametrize(
    "data", [b"", b"<p>", b"<frameset><frame>", b"<img src=a>", b"<p>\x00\x01"]
)
def test_a_page_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_document("a.html", data)


DEEP = 10_000
HOSTILE = {
    "nested": b"<div>" * DEEP + b"One is.",
    "nested lists": b"<ul><li>" * DEEP + b"One is.",
    "nested tables": b"<table><tr><td>" * DEEP + b"One is.",
    "nested terms": b"<dl><dt>a<dd>" * DEEP,
    "nested notes": b"<sup><a href='#x'>" * DEEP + b"1",
    "far too nested": b"<div>" * 1_000_000,
    "formatting left open": b"<p>"
    + b"".join(b"<b a=%d>" % n for n in range(9_000))
    + b"<p>One is." * 9_000,
    "attributes": b"<p " + b" ".join(b"a%d" % n for n in range(100_000)) + b">One is.",
    "a huge attribute": b"<p class='" + b"nav " * 500_000 + b"'>One is.",
    "angles": b"<" * 1_000_000,
    "comments": b"<!--" * 200_000,
    "scripts": b"<script>" * 200_000,
    "blanks": b"<p>" + b" &nbsp;\n" * 200_000 + b"One is.",
    "entities": b"<p>One is. &#0;&#xD800;&#99999999999;&bogus;&amp&lt &#;&#x;",
    "laughs": b"<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><p>One is &b;.",
    "unclosed": b"<html><body><div><p>One is.<table><tr><td>Two <b>are<i>three<ul><li>x<ol><li>y",
    "nested JSON": b"<script type='application/ld+json'>" + b"[" * 100_000 + b"</script><p>One is.",
    "wide JSON": b"<script type='application/ld+json'>["
    + b"{}," * 100_000
    + b"{}]</script><p>One is.",
    "text alone": b"One is. Two are.",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_page_is_read_or_refused(case: str) -> None:
    try:
        (document,) = read_documents("a.html", HOSTILE[case])
    except Unreadable:
        return
    check(document)


@pytest.mark.slow
def test_a_damaged_page_is_read_or_refused() -> None:
    files = [make(release).encode() for make in RENDERERS.values() for release in releases()[::4]]
    for path in sorted(Path(CORPORA, "us_state", "raw").glob("*.html"))[::40]:
        files.append(path.read_bytes()[:20_000])
    for data in mutations(files, MUTATIONS, seed=1):
        try:
            documents = read_documents("a.html", data)
        except Unreadable:
            continue
        for document in documents:
            check(document)
