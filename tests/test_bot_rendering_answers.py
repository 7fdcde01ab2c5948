"""Rendering: pure, word for word, and safe on a terminal."""

import json
import math
import re
from pathlib import Path

import click
import pytest

from bot.rendering.answers import answer_json, answer_text
from bot.rendering.passage_links import file_link
from bot.rendering.phrases import (
    address_in_words,
    days_in_words,
    one_line,
    place_in_words,
)
from bot.rendering.terminal import WIDTH, columns, passage_lines, quotation_lines
from bot.slack.showing.answer_messages import answer_message
from bot.slack.showing.passage_blocks import passage_blocks
from retriever.answering.answer import Answer, Hit, Searched, Share, Source, Verdict
from retriever.answering.ask import ask
from retriever.citing.citation import Citation
from retriever.index.generation import Generation

ESCAPE = "\x1b]0;owned\x07\x1b[31mred\x9b2J"


def answer(**changes: object) -> Answer:
    hit = Hit(
        rank=1,
        citation=Citation("a.txt", "4", "0123456789ab"),
        text="They met. They agreed on the harbor.",
        label="4",
        heading="Outcome",
        score=0.5,
        highlights=((10, 36),),
        also_in=("b.txt#4@89abcdef0123",),
        document=Source(
            "a.txt", "/x/a.txt", "Talks", "2021-03-04", "2021-03-03", "https://x.org/1"
        ),
        shares=(Share("question", 1.0, -1.0, 0.25), Share("words", 0.5, 2.25, 0.25)),
    )
    facts = {
        name: changes.pop(name)
        for name in ("text", "heading", "page", "columns", "reading_page")
        if name in changes
    }
    source = {name: changes.pop(name) for name in ("title", "source") if name in changes}
    document = Source(**{n: getattr(hit.document, n) for n in Source.__slots__} | source)  # type: ignore[arg-type]
    values = {n: getattr(hit, n) for n in Hit.__slots__} | facts | {"document": document}
    fields = {
        "question": "What was agreed?",
        "searched": Searched("What was agreed?", names=("Sung Kim",)),
        "verdict": Verdict.FOUND,
        "reason": "because",
        "passages": (Hit(**values),),  # type: ignore[arg-type]
        "generation": "000001-abcdef01",
        "documents": 1234,
        "newest": "2024-01-02",
        "milliseconds": 8.96,
        "likelihood": 0.8,
    }
    return Answer(**fields | changes)  # type: ignore[arg-type]


def test_the_text_of_an_answer() -> None:
    assert click.unstyle(answer_text(answer(), explain=True)).splitlines() == [
        "Likely found (about 8 in 10): because",
        "",
        " 1 Talks",
        "   4 March 2021 (event 3 March 2021) · paragraph 4 · under “Outcome” · likely, about 5 in",
        "   10",
        "   ┃ They met. They agreed on the harbor.",
        "   a.txt#4@0123456789ab",
        "   https://x.org/1",
        "   also b.txt#4@89abcdef0123",
        "    +0.2500  question (1.0000 x -1 in log-odds)",
        "    +0.2500  words (0.5000 x 2.25 in log-odds)",
        "     0.5000  probability that it answers",
        "",
        "Searched: “What was agreed?” · names Sung Kim · 1,234 documents to 2024-01-02 · 9 ms",
    ]


def test_a_title_opens_at_the_passage_where_it_can_be_followed() -> None:
    link = "https://x.org/1#:~:text=They%20met.%20They%20agreed%20on%20the%20harbor"
    assert answer_json(answer())["passages"][0]["document"]["link"] == link
    shown = answer_text(answer(), linked=True).splitlines()[2]
    assert shown == f" 1 \x1b]8;;{link}\x1b\\{click.style('Talks', bold=True)}\x1b]8;;\x1b\\"
    assert "\x1b]8" not in answer_text(answer())


@pytest.mark.parametrize("source", [None, "", "javascript:alert(1)", "/x/a.txt", "http://["])
def test_what_is_no_web_page_is_opened_in_its_file(source: str | None) -> None:
    assert answer_json(answer(source=source))["passages"][0]["document"]["link"] is None
    assert "\x1b]8;;file:///x/a.txt\x1b" in answer_text(answer(source=source), linked=True)


def test_a_local_document_opens_on_the_reading_page_where_there_is_one() -> None:
    page = "https://pincite.org/d/a.txt?c=a.txt%234%400123456789ab#cited"
    served = answer(source=None, reading_page=page)
    assert f"\x1b]8;;{page}\x1b" in answer_text(served, linked=True)
    assert answer_json(served)["passages"][0]["reading_page"] == page
    assert "x.org/1#" in answer_text(answer(reading_page=page), linked=True)


def test_a_local_pdf_opens_at_its_page() -> None:
    assert file_link(Path("/a b/#1.PDF"), 4) == "file:///a%20b/%231.PDF#page=4"
    assert file_link(Path("/x.pptx"), 4) == "file:///x.pptx"


def test_a_source_cannot_leave_its_hyperlink() -> None:
    for source in (f"https://x.org/{ESCAPE}", "https://x.org/\x1b\\\x07\x9c\udcff\n외"):
        shown = answer_text(answer(source=source), linked=True).splitlines()[2]
        assert re.fullmatch(r" 1 \x1b]8;;[!-~]+\x1b\\[^\x1b]*\x1b.*", shown)
        assert shown.count("\x1b]8;;") == 2


def test_the_page_of_a_passage_is_named() -> None:
    printed = answer(page=2, source="https://x.org/1.pdf")
    assert " · paragraph 4, page 2 · under" in click.unstyle(answer_text(printed))
    (passage,) = answer_json(printed)["passages"]
    assert (passage["page"], passage["document"]["link"]) == (2, "https://x.org/1.pdf#page=2")
    assert answer_json(answer())["passages"][0]["page"] is None
    assert place_in_words("¶3", 2) == "¶3, page 2"


def test_copies_and_withheld_documents_are_named() -> None:
    text = click.unstyle(answer_text(answer(withheld=("c.txt",))))
    assert "Withheld: c.txt changed or went since the index was built; run `pincite index`." in text
    assert answer_json(answer())["passages"][0]["also_in"] == ["b.txt#4@89abcdef0123"]


def test_damage_to_the_index_is_told_from_a_change() -> None:
    damaged = answer(damaged=("d.pdf",))
    text = click.unstyle(answer_text(damaged))
    assert (
        "Withheld: d.pdf; the index is damaged and no longer has what was read; "
        "run `pincite index` to build it anew." in text
    )
    assert "changed or went" not in text
    assert answer_json(damaged)["damaged"] == ["d.pdf"]
    note = "damaged: 1 document; my operators have to run `pincite index`."
    assert note in json.dumps(answer_message(damaged, "reference"))


def test_how_the_question_was_read_is_shown() -> None:
    searched = Searched(
        "latest on Kym in July 2023",
        after="2023-01-01",
        names=("Sung Kim",),
        spelt=(("Kym", "Kim"),),
        periods=("in July 2023", "on 3 May"),
        order="latest",
        within=("a.txt", "b.txt"),
    )
    assert click.unstyle(answer_text(answer(searched=searched))).splitlines()[-1] == (
        "Searched: “latest on Kym in July 2023” · names Sung Kim · spelt Kim for Kym "
        "· dated in July 2023 or on 3 May · latest first · from 2023-01-01 to the last "
        "· only a.txt, b.txt · 1,234 documents to 2024-01-02 · 9 ms"
    )
    printed = answer_json(answer(searched=searched))["searched"]
    literal = answer(searched=Searched("x", literal=True))
    assert answer_json(literal)["searched"]["literal"] and "· as typed ·" in answer_text(literal)
    assert (printed["spelt"], printed["order"]) == ({"Kym": "Kim"}, "latest")
    assert printed["periods"] == ["in July 2023", "on 3 May"]
    assert printed["within"] == ["a.txt", "b.txt"]
    assert answer_json(answer())["searched"]["within"] == []


def test_nothing_found_says_why() -> None:
    none = answer(verdict=Verdict.NONE, reason="no document mentions X", passages=())
    assert click.unstyle(answer_text(none)).startswith(
        "Not found in these documents: no document mentions X\n"
    )


@pytest.mark.parametrize(
    "place", ["title", "text", "heading", "source", "withheld", "damaged", "unreachable"]
)
def test_no_escape_sequence_reaches_the_terminal(place: str) -> None:
    names = place in ("withheld", "damaged", "unreachable")
    changed = answer(**{place: (ESCAPE,) if names else f"See {ESCAPE} here"})
    text = re.sub(r"\x1b\[[0-9;]*m", "", answer_text(changed))  # our own colours
    assert "owned" in text
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]


def test_a_document_cannot_colour_what_is_shown() -> None:
    assert "\x1b[31m" not in answer_text(answer(text=f"See {ESCAPE}", title=ESCAPE))


def test_direction_marks_are_shown_not_obeyed() -> None:
    assert one_line("a\u202eb\u200b\udcff") == "a\\u202eb\\u200b\\udcff"


@pytest.mark.parametrize(
    "blank", ["\u2800", "\u3164", "\u115f", "\u1160", "\uffa0", "\u200b", "\u2060", "\U000e0041"]
)
def test_blank_letters_are_shown(blank: str) -> None:
    assert one_line(f"a{blank}b") == "a" + blank.encode("unicode_escape").decode() + "b"
    shown = answer_text(answer(title=f"Talks{blank * 90}Found: yes", text=f"a {blank * 90} b"))
    assert blank not in shown


def test_what_people_write_is_shown_as_it_is() -> None:
    for text in (
        "Élysée",
        "Nguyễn Phú Trọng",
        "김건",
        "日米韓",
        "ما دامَ",
        "हिन्दी",
        "❤\ufe0f",
        "ที่นี่",
    ):
        assert one_line(text) == text
    for text in ("❤\ufe0f", "ที่นี่", "ẹ̀", "a\u0301\u0323"):
        assert one_line(text) == text


def test_a_heap_of_marks_stays_on_its_line() -> None:
    assert one_line("a" + "\u0301" * 10) == "a" + "\u0301" * 8 + "\\u0301" * 2


LONG = {
    "title": "Talks\n\nFound: yes\n" + "x" * 10_000,
    "heading": "y" * 10_000,
    "source": "https://x.org/" + "z" * 10_000,
    "text": "One " + "w" * 2_000 + " 東京で会談した。" * 3 + "東京で会談した" * 300,
}


@pytest.mark.parametrize("terminal", [None, 80, 40])
@pytest.mark.parametrize("place", LONG)
def test_what_a_document_says_stays_inside_its_margin(place: str, terminal: int | None) -> None:
    plain = click.unstyle(answer_text(answer(), columns=terminal)).splitlines()
    text = answer_text(answer(**{place: LONG[place]}), linked=True, columns=terminal)
    shown = click.unstyle(re.sub(r"\x1b]8;;[^\x1b]*\x1b\\", "", text)).splitlines()
    assert [line for line in shown if not line.startswith("   ")] == [
        *plain[: plain.index("") + 1],
        *(line for line in shown if line.startswith(" 1 ")),
        *plain[-1 - plain[::-1].index("") :],
    ]
    own = shown[2:-2]  # the first and the last are our own words
    assert max(map(columns, own)) <= (terminal or WIDTH + 5)
    assert len(own) < 100 + (terminal == 40) * 200


def test_a_long_word_is_broken_and_nothing_of_it_lost() -> None:
    for text in ("w" * 1_000, "東京で会談した。" * 50, "a " + "e\u0301" * 200 + " b"):
        lines = [click.unstyle(line) for line in quotation_lines(text, [(0, 5)], 30)]
        assert "".join(line[5:] for line in lines).replace(" ", "") == text.replace(" ", "")
        assert all(columns(line) <= 35 for line in lines)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://good.example@evil.example/a", "https://evil.example/a"),
        ("https://good.example:x%40y@evil.example", "https://evil.example"),
        ("https://evil.example/good@example", "https://evil.example/good@example"),
        ("https://x.org/ Found: yes", "https://x.org/%20Found:%20yes"),
        ("an envelope", "an%20envelope"),
    ],
)
def test_an_address_is_shown_where_it_leads(source: str, shown: str) -> None:
    assert address_in_words(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "https://good.example@evil.example/",
        "https://good.example:443@evil.example/",
        "https://good.example\\@evil.example/",
        "https://good.example\n@evil.example/",
        " https://good.example/",
    ],
)
def test_an_address_that_looks_like_another_is_no_link(source: str) -> None:
    assert answer_json(answer(source=source))["passages"][0]["document"]["link"] is None
    assert answer_json(answer(source=source))["passages"][0]["document"]["source"] == source
    assert "]8;;http" not in answer_text(answer(source=source), linked=True)
    assert "'link'" not in str(passage_blocks(answer(source=source).passages[0], 2_000))


def test_a_title_in_slack_cannot_imitate_either() -> None:
    title = "Talks\n\u2800" + "\u3164" * 5 + "\u202e" + "x" * 10_000
    block, _ = passage_blocks(answer(title=title).passages[0], 2_000)
    heading = block["elements"][0]["elements"]
    assert heading[0]["text"].startswith("Talks \\u2800\\u3164")
    assert len(heading[0]["text"]) <= 150


def test_a_quotation_is_wrapped_word_for_word(samples: Generation) -> None:
    for row in range(samples.store.count):
        text = samples.store.passage(row).text
        lines = [click.unstyle(line) for line in quotation_lines(text, [])]
        assert all(line.startswith("   │ ") for line in lines)
        longest = max(len(word) for word in text.split())
        assert all(len(line) <= 5 + max(WIDTH, longest) for line in lines)
        shown = " ".join(line[5:] for line in lines)
        assert shown == one_line(text)


@pytest.mark.parametrize(
    ("posted", "event", "words"),
    [
        ("2021-03-04", "2021-03-03", "4 March 2021 (event 3 March 2021)"),
        ("2021-03-04", "2021-03-04", "4 March 2021"),
        ("2021-03-04", None, "4 March 2021"),
        (None, "--07-11", "event 11 July, year not stated"),
        (None, "--02-29", "event 29 February, year not stated"),
        (None, None, "undated"),
    ],
)
def test_days_in_words(posted: str | None, event: str | None, words: str) -> None:
    assert days_in_words(posted, event) == words


def test_an_explanation_adds_up(samples: Generation) -> None:
    for question in ("What was agreed with Sung Kim?", "sanctions on ships", "defectors"):
        printed = answer_json(ask(samples, question), explain=True)
        for passage in printed["passages"]:
            points = [each["points"] for each in passage["explanation"]]
            assert sum(points) == pytest.approx(passage["score"], abs=1e-6)
            log_odds = sum(each["value"] * each["weight"] for each in passage["explanation"])
            assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(passage["score"], abs=1e-6)


def test_a_row_stands_under_the_heads_of_its_columns() -> None:
    row = answer(text="Sanesia\t\t6", columns="Country\tYear\tAid (million)")
    lines = [click.unstyle(line) for line in answer_text(row).splitlines()]
    assert "   │ Country   Aid (million)" in lines
    assert "   ┃ Sanesia   6" in lines
    assert answer_json(row)["passages"][0]["columns"] == ["Country", "Year", "Aid (million)"]
    assert answer_json(answer())["passages"][0]["columns"] is None


def test_each_cell_of_a_row_that_is_wider_than_a_line_stands_behind_its_head() -> None:
    lines = passage_lines("Sanesia\tsix million\t7", "Country\tAid", [(0, 5)], 20)
    assert [click.unstyle(line) for line in lines] == [
        "   ┃ Country: Sanesia", "   ┃ Aid: six million", "   ┃ 7",
    ]  # fmt: skip
