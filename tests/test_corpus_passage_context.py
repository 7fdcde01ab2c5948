import pytest
from conftest import read_document

from corpus.document import Document
from corpus.language.sentences import sentence_spans
from corpus.passage_context import context_of, days_text, figured_days, in_words
from corpus.release.speakers import is_questioner, is_transcript, speaker_of
from corpus.text.characters import folded, printable, search_form, strip_span

PAGE = """ROK-U.S. Talks (October 16)

Date
2023-10-17

- On Jeju -

1. Amb. Kim met Amb. Lee in Seoul.

2. They agreed.
o They also left.

Measures on Trade

Trade is free.
"""


def read(page: str) -> Document:
    return read_document("a.txt", page.encode())


def test_a_passage_inherits_title_days_lead_and_parent() -> None:
    document = read(PAGE)
    bullet = context_of(document, document.passages[2])
    assert bullet.title == "ROK-U.S. Talks (October 16). On Jeju"
    assert bullet.when == "16 October 2023 2023-10-16; 17 October 2023 2023-10-17"
    assert bullet.lead == "Amb. Kim met Amb. Lee in Seoul."
    assert bullet.under == "They agreed"
    last = context_of(document, document.passages[3])
    assert (last.under, last.lead) == ("Measures on Trade", "Amb. Kim met Amb. Lee in Seoul.")


def test_the_lead_is_not_its_own_context_nor_said_twice() -> None:
    document = read("1. Kim met Lee on May 3.\no They agreed.\n")
    first, bullet = (context_of(document, each) for each in document.passages)
    assert (first.title, first.lead, first.under) == ("", "", "")
    assert (bullet.lead, bullet.under) == ("", "Kim met Lee on May 3")
    assert days_text(document) == "3 May"


def test_an_answer_inherits_its_question() -> None:
    document = read("Press Briefing Today\n\n2022-03-13\n\nQUESTION: Who met?\n\nMR PRICE: Kim.\n")
    answer = context_of(document, document.passages[1])
    assert answer.under == "MR PRICE. QUESTION: Who met?"


def test_the_form_that_is_searched() -> None:
    assert (
        search_form("North\xa0Korea’s  “so–called”\n\u200b２０") == 'North Korea\'s "so-called" 20'
    )
    assert search_form("바로가기") == search_form("\u1107\u1161\u1105\u1169가기")
    assert folded("ROK–U.S. Talks!") == folded("rok-us talks") == "rokustalks"


def test_blank_and_invisible_ends_are_stripped() -> None:
    assert strip_span("\ufeff \xa0One two\u200b\n", 0, 12) == (3, 10)
    assert strip_span(" \u200b ", 0, 3) == (3, 3)


def test_a_name_is_made_printable() -> None:
    assert printable("외교부 é.txt") == "외교부 é.txt"
    assert printable("a\nb\x1b\u202e\udce9") == "a\\nb\\x1b\\u202e\\udce9"


@pytest.mark.parametrize(
    "sentences",
    [
        ["One is.", "Two is!", "Three is?"],
        ["Amb. Kim met Mr. Lee of the U.S. and left.", "They agreed on Sept. 11."],
        ["It cost 1.5 million.", "“We agree.”", "They said so."],
        ["See No. 5 of it.", "Kim J. Lee went."],
        ["양측은 합의하였다.", "회의가 끝났다."],
        ["No end"],
    ],
)
def test_sentences_of_a_paragraph(sentences: list[str]) -> None:
    text = "  " + " ".join(sentences) + "\n"
    assert [span.of(text) for span in sentence_spans(text)] == sentences


def test_no_sentence_in_blank_text() -> None:
    assert sentence_spans(" \n\xa0") == []


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("QUESTION: Who?", "QUESTION"),
        ("MR PRICE:\xa0 Good.", "MR PRICE"),
        ("MINISTER LE DRIAN (interpreted): We.", "MINISTER LE DRIAN"),
        ("Q: Who?", "Q"),
        ("A: We.", "A"),
        ("B: We.", ""),
        ("Amb. Kim: he met.", ""),
        ("QUESTION:Who?", ""),
        ("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE: no.", ""),
        ("", ""),
    ],
)
def test_the_speaker_of_a_turn(line: str, speaker: str) -> None:
    assert speaker_of(line) == speaker


def test_a_q_needs_no_colon_among_other_turns() -> None:
    line = "Q\xa0\xa0\xa0 Mr. President, how many?"
    assert (speaker_of(line), speaker_of(line, in_transcript=True)) == ("", "Q")
    for other in ("Q fever spreads.", "Q3 is over.", "QUESTIONS"):
        assert speaker_of(other, in_transcript=True) == ""
    assert is_transcript([line, "Two.", "THE PRESIDENT: Three."])
    assert not is_transcript([line, "Two.", "Three."])


def test_who_asks() -> None:
    assert [is_questioner(name) for name in ("QUESTION", "Q", "A", "MR PRICE")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_row_is_searched_with_the_heads_of_its_columns() -> None:
    table = "<h1>Aid</h1><p>It was paid.<table><tr><th>Land<th>Aid<tr><td>Sanesia<td>6</table>"
    document = read_document("a.html", table.encode())
    row = document.passages[-1]
    assert context_of(document, row).under == "Land\tAid"
    assert in_words(row.text, row.columns) == "Land: Sanesia; Aid: 6"


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        ("They met.", "", "They met."),
        ("a\t\tc", "A\tB\tC", "A: a; C: c"),
        ("a\tb\tc", "\tB", "a; B: b; c"),
    ],
)
def test_a_row_in_words(text: str, columns: str, words: str) -> None:
    assert in_words(text, columns) == words


def test_days_in_figures_are_known_in_words() -> None:
    assert figured_days("Cy Dot\tBlue\t2021-09-01") == "1 September 2021 2021-09-01"
    assert figured_days("from 21.06.2023 to 13.07.2023").startswith("21 June 2023")
    assert figured_days("on 1 September 2021, in 3-4 rooms") == ""


def test_a_tables_first_row_is_not_the_lead_of_its_rows() -> None:
    rows = "Name,Joined,Level\nAnn Bo,2020-01-15,4\nCy Dot,2021-09-01,5\n"
    document = read_document("staff.csv", rows.encode())
    assert document.events == ()
    assert [context_of(document, each).lead for each in document.passages] == ["", ""]


def test_no_sentence_ends_before_a_mark_on_its_stop() -> None:
    assert len(sentence_spans("。\u0301 and so on")) == 1
    assert len(sentence_spans("会議は開かれた。次は明日。")) == 2
