"""Citations are read back as they were written, whatever a file is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.citing.citation import Citation
from retriever.citing.verification import ReceiptState, verify
from retriever.errors import CitationRefused
from retriever.index.generation import Generation


@pytest.mark.parametrize(
    ("document", "label"),
    [
        ("mofa_319953.txt", "2 o 1"),
        ("a/b c.txt", "4"),
        ("no.#1.txt", "1"),
        ("one#2@three#4@0123abcd.txt", "note 1"),
        ("me@example.org.txt", "7"),
        ("보도자료.txt", "①"),
    ],
)
def test_a_round_trip(document: str, label: str) -> None:
    written = f"{document}#{label}@0123abcd"
    assert str(Citation(document, label, "0123abcd")) == written
    assert Citation.parse(f"  {written}\n") == Citation(document, label, "0123abcd")


@given(
    st.text(min_size=1).filter(lambda text: text == text.lstrip()),
    st.text(min_size=1).filter(lambda text: not set(text) & set("#@")),
    st.from_regex("[0-9a-f]{8}", fullmatch=True),
)
def test_any_round_trip(document: str, label: str, receipt: str) -> None:
    citation = Citation(document, label, receipt)
    assert Citation.parse(str(citation)) == citation


@pytest.mark.parametrize(
    "text",
    ["", "release.txt", "release.txt#4", "release.txt@0123abcd", "#4@0123abcd", "a.txt#@0123abcd",
     "a.txt#4@0123ABCD", "a.txt#4@0123abc", "a.txt#4@0123abcde", "x" * 100_000],
)  # fmt: skip
def test_what_is_no_citation_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(CitationRefused, match=r"is no citation; copy one from an answer") as error:
        Citation.parse(text)
    assert len(str(error.value)) < 300


def test_every_passage_of_the_samples_has_a_citation_of_its_own(samples: Generation) -> None:
    store = samples.store
    citations = [
        Citation(document.id, passage.label, document.sha256[:8])
        for document in store.all_documents()
        for passage in store.passages_of(document.number)
    ]
    assert len(set(citations)) == store.count == samples.manifest.passages
    for citation in citations:
        assert Citation.parse(str(citation)) == citation
    assert {verify(store, citation).state for citation in citations} == {ReceiptState.VALID}
