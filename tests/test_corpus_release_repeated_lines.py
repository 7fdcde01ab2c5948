"""Furniture by repetition, on thirty pages of an office whose language no rule knows."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from conftest import ROOT, SAMPLES, read_document

from corpus.document import Document
from corpus.readers import read_documents
from corpus.release.repeated_lines import (
    ENOUGH_DOCUMENTS,
    LineCounts,
    line_hashes,
    read_without_repeated,
    repeated_lines_of,
    source_of,
)

HOST = "virasto.example"
BAR = "Jaa Tulosta Kuuntele"
OFFICE = "Vieraiden maiden asiain virasto, viestintäosasto"
CONTACT = "Lisätietoja antaa Maija Meri, puhelin 0295 350 000, maija.meri@virasto.example."
POLICY = "Virasto tukee jatkossakin kansojen oikeutta valita itse tiensä."
SHIPS = "satama laiva meri tuuli kala verkko silta tori kirkko koulu".split()


def page(number: int) -> bytes:
    """A page: its title under a share bar, three paragraphs, an office line and a contact tail."""
    about = f"{SHIPS[number % 10]}sopimus {number}"
    paragraphs = [
        f"Neuvottelut, joiden aiheena oli {about}, pidettiin Jyväskylässä.",
        f"Osapuolet sopivat, että {about} tulee voimaan ensi vuonna.",
        POLICY if number % 2 else f"Seuraava kokous käsittelee aihetta {about}.",
    ]
    head = f"{BAR}\n\nVirasto neuvotteli: {about}\n\n2023-05-{number % 28 + 1:02d}\n\n"
    body = "\n\n".join([*paragraphs, OFFICE, CONTACT])
    return f"{head}{body}\n\nSource: https://{HOST}/{number}\n".encode()


PAGES = [read_document(f"{number}.txt", page(number)) for number in range(30)]


def counted(documents: list[Document]) -> LineCounts:
    counts = LineCounts()
    for document in documents:
        counts.add(line_hashes(document))
    return counts


FURNITURE = repeated_lines_of(counted(PAGES))


def known(name: str, data: bytes, source: str = HOST) -> Document:
    """A document of this source, read by one who knows its furniture."""
    read = partial(read_without_repeated, repeated={source: FURNITURE}, folder=source)
    (document,) = read_documents(name, data, read=read)
    return document


def test_the_rules_alone_do_not_know_these_lines() -> None:
    assert {document.title for document in PAGES} == {BAR}
    assert {document.passages[-1].text for document in PAGES} == {CONTACT}
    assert {document.passages[-1].heading for document in PAGES} == {OFFICE}
    assert None not in {document.posted for document in PAGES}


def test_what_stands_at_the_edge_of_every_page_is_furniture() -> None:
    assert sorted(FURNITURE.values()) == [30, 30, 30]
    for number, before in enumerate(PAGES):
        read = known(f"{number}.txt", page(number))
        about = f"{SHIPS[number % 10]}sopimus {number}"
        assert (read.title, read.title_stated) == (f"Virasto neuvotteli: {about}", True)
        assert (str(read.posted), read.posted_from) == (
            f"2023-05-{number % 28 + 1:02d}",
            "date line",
        )
        assert [each.heading for each in read.passages] == ["", "", ""]
        assert (read.source, read.text) == (before.source, before.text)
        rules = {each.span.of(read.text): each.rule for each in read.dropped}
        assert [rules[line] for line in (BAR, OFFICE, CONTACT)] == [
            "repeated in 30 documents of virasto.example"
        ] * 3
        assert rules[read.title] == "title"


def test_a_sentence_that_many_pages_close_with_is_content() -> None:
    closing = [known(f"{n}.txt", page(n)).passages[2].text for n in range(30)]
    assert Counter(closing)[POLICY] == 15


def test_labels_stay_whatever_is_furniture_later() -> None:
    text = f"{CONTACT}\n\nOne is here.\n\n* A note.\n\nTwo is here.\n\n{OFFICE}\n\n{CONTACT}\n"
    documents = [(read_document("a.txt", text.encode()), known("a.txt", text.encode()))]
    documents += [(before, known(before.id, page(n))) for n, before in enumerate(PAGES)]
    for before, read in documents:
        labels = {each.span: each.label for each in before.passages}
        assert [labels[each.span] for each in read.passages] == [
            each.label for each in read.passages
        ]
    read = documents[0][1]
    assert [each.text for each in read.passages] == ["One is here.", "A note.", "Two is here."]
    assert [each.parent for each in read.passages] == [None, 0, None]


def test_a_line_that_also_stands_inside_is_no_furniture() -> None:
    counts = counted(PAGES)
    inside = read_document("i.txt", f"Alku on tässä.\n\n{OFFICE}\n\nLoppu on tässä.\n".encode())
    for _ in range(4):
        counts.add(line_hashes(inside))
    assert sorted(repeated_lines_of(counts).values()) == [30, 30]


@pytest.mark.parametrize(
    "line",
    [
        "QUESTION: Thank you",
        "MR PRICE: Yes",
        "4. Trade",
        "4. They met.\n\no Trade",
        "They agreed.",
        "The text is this:",
        "Lines " * 20,
    ],
)
def test_what_is_no_line_of_a_page_is_never_furniture(line: str) -> None:
    text = f"Opening words are here.\n\nMore words follow.\n\n{line}\n"
    documents = [read_document(f"{n}.txt", text.encode()) for n in range(ENOUGH_DOCUMENTS)]
    assert not any(line_hashes(document).edge for document in documents)
    assert repeated_lines_of(counted(documents)) == {}


def test_a_few_documents_decide_nothing() -> None:
    assert repeated_lines_of(counted(PAGES[: ENOUGH_DOCUMENTS - 1])) == {}
    assert len(repeated_lines_of(counted(PAGES[:ENOUGH_DOCUMENTS]))) == 3


def bare(number: int) -> Document:
    title = f"Toinen otsikko {number}\n\n2023-01-01\n\n"
    return read_document("bare.txt", f"{title}Yksi lause.\n\nToinen lause.\n".encode())


def test_what_has_become_rare_is_no_furniture() -> None:
    counts = counted([*PAGES, *map(bare, range(20))])
    assert len(repeated_lines_of(counts)) == 3
    for number in range(40):
        counts.add(line_hashes(bare(number)))
    assert (
        len(repeated_lines_of(counts)) == 1
    )  # what does not tell whom to call has to stand on most
    while counts.documents < 1_600:
        counts.add(line_hashes(bare(counts.documents)))
    assert repeated_lines_of(counts) == {}


def test_who_signs_many_statements_is_content() -> None:
    text = "Toteamus {}\n\n2023-01-02\n\nMe emme hyväksy asiaa {}.\n\nYksi lause.\n\n{}\n"
    signers = ["Maija Meri, ulkoministeri", "Ville Tuuli, valtiosihteeri", "Kaisa Kala"]
    documents = [
        read_document("a.txt", text.format(n, n, signers[n % 3]).encode()) for n in range(30)
    ]
    assert all(document.passages[-1].text in signers for document in documents)
    assert repeated_lines_of(counted(documents)) == {}


def test_a_title_that_a_series_shares_is_a_title() -> None:
    text = (
        "Weekly Briefing\n\n2023-01-{:02d}\n\nAlice Brown, Spokesperson\n\nGood words {}.\n\nAll.\n"
    )
    series = [read_document("a.txt", text.format(n, n).encode()) for n in range(1, 29)]
    assert {document.title for document in series} == {"Weekly Briefing"}
    assert repeated_lines_of(counted(series)) == {}


def test_documents_can_be_taken_out_of_the_counts() -> None:
    counts = counted(PAGES)
    for document in PAGES[10:]:
        counts.add(line_hashes(document), -1)
    assert counts == counted(PAGES[:10])


def test_a_page_of_furniture_alone_is_left_as_it_is() -> None:
    document = read_document("a.txt", f"{OFFICE}\n\n{CONTACT}\n".encode())
    assert line_hashes(document).edge == frozenset()
    assert known("a.txt", f"{OFFICE}\n\n{CONTACT}\n".encode()).passages == document.passages


def test_nothing_of_the_samples_is_furniture() -> None:
    documents = [read_document(path.name, path.read_bytes()) for path in SAMPLES.glob("*")]
    assert len(documents) > ENOUGH_DOCUMENTS
    assert repeated_lines_of(counted(documents)) == {}


CORPUS = ROOT.parent / "shared" / "corpora" / "us_state" / "txt"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real files are not here")
def test_nothing_of_the_state_releases_is_furniture_that_no_rule_knows() -> None:
    paths = sorted(CORPUS.glob("*.txt"))
    assert repeated_lines_of(counted([read_document(p.name, p.read_bytes()) for p in paths])) == {}


def test_the_source_is_the_host_or_the_folder() -> None:
    assert source_of(PAGES[0], "releases") == HOST
    assert source_of(replace(PAGES[0], source=""), "releases") == "releases"
    assert source_of(replace(PAGES[0], source="https://[x"), "releases") == "releases"
