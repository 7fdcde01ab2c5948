"""Citations are read back as they were written, whatever a file is called, and name words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.citing.citation import Citation, citation_of, receipt_of
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier
from retriever.errors import CitationRefused
from retriever.index.generation import Generation

RECEIPT = "0123456789ab"


@pytest.mark.parametrize(
    ("document", "label", "written"),
    [
        ("mofa_319953.txt", "2 o 1", "mofa_319953.txt#2 o 1"),
        ("a/b c.txt", "4 (2) (A)", "a/b c.txt#4 (2) (A)"),
        ("no.#1.txt", "1", "no.%231.txt#1"),
        ("other.txt#2@0123456789ab", "note 1", "other.txt%232%400123456789ab#note 1"),
        ("me@example.org.txt", "7", "me%40example.org.txt#7"),
        ("보도자료.txt", "①", "보도자료.txt#①"),
        (" a  b .txt", "¶3", "%20a%20%20b .txt#¶3"),
        ("-x.txt", "9 ¶2", "%2Dx.txt#9 ¶2"),
        ("~x.txt", "p2", "%7Ex.txt#%702"),
        ("100%.txt", "4 * 1", "100%25.txt#4 * 1"),
        ("a\u00a0b\u3164c\u202ed\ne.txt", "1", "a%C2%A0b%E3%85%A4c%E2%80%AEd%0Ae.txt#1"),
        ("cafe\u0301.txt", "1", "cafe%CC%81.txt#1"),
        ("\u1112\u1161\u11ab.txt", "1", "%E1%84%92%E1%85%A1%E1%86%AB.txt#1"),
        ('it\'s "$(x)".txt', "1", "it%27s %22%24(x)%22.txt#1"),
    ],
)
def test_a_round_trip(document: str, label: str, written: str) -> None:
    citation = Citation(document, label, RECEIPT)
    assert str(citation) == f"{written}@{RECEIPT}"
    assert Citation.parse(f"  {citation}\n") == citation
    assert Citation.parse(f"'{citation}'.") == citation


@given(st.text(min_size=1), st.text(min_size=1), st.from_regex("[0-9a-f]{12}", fullmatch=True))
def test_any_round_trip(document: str, label: str, receipt: str) -> None:
    citation = Citation(document, label, receipt)
    written = str(citation)
    assert Citation.readings(written) == [citation]
    assert unicodedata.is_normalized("NFC", written)
    assert (written.count("#"), written.count("@")) == (1, 1)
    assert " ".join(written.split()) == written
    assert not written.startswith("-")
    assert not [each for each in written if unicodedata.category(each)[0] == "C"]


@pytest.mark.parametrize(
    "text",
    ["", "release.txt", "release.txt#4", f"release.txt@{RECEIPT}", f"#4@{RECEIPT}",
     f"a.txt#@{RECEIPT}", "a.txt#4@0123456789AB", "a.txt#4@0123456789a", "a.txt#4@0123456789abc",
     f"%ff.txt#4@{RECEIPT}", "x" * 100_000],
)  # fmt: skip
def test_what_is_no_citation_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(CitationRefused, match=r"is no citation; copy one from an answer") as error:
        Citation.parse(text)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("typed", "label"), [("p3", "¶3"), ("9 p2", "9 ¶2"), ("¶3", "¶3"), ("top 3", "top 3")]
)
def test_a_pilcrow_can_be_typed_as_p(typed: str, label: str) -> None:
    assert Citation.parse(f"a.txt#{typed}@{RECEIPT}").label == label


def test_a_citation_that_a_terminal_wrapped_is_read() -> None:
    citation = Citation("some folder/release.txt", "4 o 2", RECEIPT)
    written = str(citation)
    for at in range(1, len(written)):
        for line_break in ("\n", "\r\n   "):
            assert citation in Citation.readings(written[:at] + line_break + written[at:])
    assert Citation.parse(written.replace(" ", "\n  ")) == citation
    assert len(Citation.readings("\n".join(written))) <= 2


def test_a_citation_of_an_older_version_is_known_as_one() -> None:
    assert Citation.parse("a.txt#4@0123abcd").names_the_file
    assert not Citation.parse(f"a.txt#4@{RECEIPT}").names_the_file


def test_a_receipt_is_of_the_words_alone() -> None:
    # sha256 of "The two sides agreed."
    assert receipt_of("The two sides agreed.") == "a2de957d89a7"
    assert receipt_of(" The two\n\tsides\u00a0agreed. ") == receipt_of("The two sides agreed.")
    assert receipt_of("cafe\u0301") == receipt_of("café")
    assert receipt_of("The two sides agree.") != receipt_of("The two sides agreed.")
    assert receipt_of("The two Sides agreed.") != receipt_of("The two sides agreed.")


def test_every_passage_of_the_samples_has_a_citation_of_its_own(samples: Generation) -> None:
    store = samples.store
    citations = [
        citation_of(document, passage)
        for document in store.all_documents()
        for passage in store.passages_of(document.number)
    ]
    assert len(set(map(str, citations))) == store.count == samples.manifest.passages
    for citation in citations:
        assert Citation.parse(str(citation)) == citation
    states = {each.state for each in Verifier(store).verify_each(citations)}
    assert states == {CitationState.HOLDS}
