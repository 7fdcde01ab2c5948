"""What a reader sees first, tables as tables, and documents page by page."""

from dataclasses import replace
from typing import Any

import pytest
import slack_limits
import slack_reading
from test_bot_slack_showing_messages import REFERENCE, found, hit, near

from bot.slack.sending import wording
from bot.slack.sending.block_limits import slack_length
from bot.slack.showing.answer_messages import answer_message, fallback_answer
from bot.slack.showing.answer_views import context_view, nearest_view, reading_view
from bot.slack.showing.best_sentence import best_sentence, says_something
from bot.slack.showing.context_pages import PAGE, ContextPage, context_page
from corpus.language.sentences import sentence_spans
from retriever.answering.answer import Hit, Searched, Verdict
from retriever.index.records import StoredPassage

# The best sentence.


@pytest.mark.parametrize(
    ("text", "marked", "shown"),
    [
        ("They met. They agreed on the harbor.", "They agreed on the harbor.", ""),
        ("MR PRICE: Thank you, Matt. The port will open in May.", "MR PRICE: Thank you, Matt.",
         "The port will open in May."),
        ("MR PRICE: The port will open in May.", "MR PRICE: The port will open in May.",
         "The port will open in May."),
        ("Good morning, everyone. Sanesia sent ships.", "Good morning, everyone.",
         "Sanesia sent ships."),
        ("Sanesia sent ships. Thank you.", "Thank you.", "Sanesia sent ships."),
        ("Sung Kim. He met Kim Gunn in Jakarta.", "Sung Kim.", "He met Kim Gunn in Jakarta."),
        ("감사합니다. 양측은 정례적으로 만나기로 했다.", "감사합니다.",
         "양측은 정례적으로 만나기로 했다."),
        ("Yes.", "Yes.", ""),
    ],
)  # fmt: skip
def test_the_best_sentence_says_something(text: str, marked: str, shown: str) -> None:
    start = text.index(marked)
    one = hit(text, best=(start, start + len(marked)))
    start, end = best_sentence(one)
    assert text[start:end] == (shown or marked)
    assert f"“{shown or marked}”" in fallback_answer(found(one))


@pytest.mark.parametrize("text", ["MR PRICE:", "Thank you, Ned.", "Wow!", "!!!", "Sung Kim.", ""])
def test_a_greeting_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("verdict", [Verdict.FOUND, Verdict.RELATED])
def test_little_stands_before_the_answer(verdict: Verdict) -> None:
    one = hit("They met on Monday. They agreed on the harbor.", best=(20, 46))
    lacking = "passages are near the question, but no document mentions " + "semiconductors " * 9
    answered = found(one, verdict=verdict, question="What was agreed? " * 20, reason=lacking)
    message = answer_message(answered, REFERENCE)
    assert slack_reading.lines_before(message, "They agreed on the harbor") <= 4
    assert slack_reading.characters_before(message, "They agreed on the harbor") <= 40
    assert fallback_answer(answered).count("They agreed on the harbor.") == 1


def test_what_is_lacking_stands_above_what_may_not_answer() -> None:
    reason = "passages are near the question, but no document mentions semiconductors"
    one = hit("They agreed on the harbor.")
    seen = slack_reading.visible_text(
        answer_message(found(one, verdict=Verdict.RELATED, reason=reason), REFERENCE)
    )
    assert seen.index("no document mentions semiconductors") < seen.index("They agreed")


def test_one_head_for_the_passages_of_a_document() -> None:
    first, third = hit("They met today.", 1), hit("They left later.", 3)
    other = hit("Others stayed there.", 2)
    other = replace(other, document=replace(other.document, id="b.txt", title="Other"))
    seen = slack_reading.visible_text(answer_message(found(first, other, third), REFERENCE))
    assert seen.count("Talks") == 1 and seen.count("4 March 2021") == 2
    assert seen.index("They left later") < seen.index("Other · ")
    assert seen.count("a.txt#4@0123456789ab") == 3


def test_what_a_follow_up_was_taken_for_is_said() -> None:
    searched = Searched("When did they meet Sung Kim?", names=("Sung Kim",))
    answered = found(hit("They met."), question="and when?", searched=searched)
    seen = slack_reading.visible_text(answer_message(answered, REFERENCE))
    assert "Searched: “When did they meet Sung Kim?”." in seen
    alone = found(hit("They met."), question="When?", searched=replace(searched, text="When?"))
    assert "Searched" not in slack_reading.visible_text(answer_message(alone, REFERENCE))


def test_how_it_was_read_is_behind_a_button() -> None:
    searched = Searched(
        "Kuleba in May", names=("Kuleba",), spelt=(("Kulebba", "Kuleba"),), periods=("May 2022",),
        order="latest",
    )  # fmt: skip
    view = reading_view(found(hit("They met."), searched=searched, reason="it is near"))
    seen = slack_reading.visible_text(view)
    for said in ("Names: Kuleba", "Kuleba for Kulebba", "Time: May 2022", "the latest first",
                 "1,234 documents up to 2 January 2024", "It is near."):  # fmt: skip
        assert said in seen


def test_more_says_of_what() -> None:
    hits = [hit(f"They met {n} times.", n) for n in range(1, 8)]
    far = replace(hits[6], document=replace(hits[6].document, id="b.txt"))

    def label(*of: Hit) -> str:
        buttons = answer_message(found(*of), REFERENCE)["blocks"][-2]["elements"]
        return str(buttons[0]["text"]["text"])

    assert label(*hits[:3]) == "Show more: weaker matches"
    assert label(*hits[:4]) == "Show more: 1 passage"
    assert label(*hits[:6], far) == "Show more: 4 passages from 2 documents"


# Abstentions.


def test_a_wrong_no_can_be_reported() -> None:
    none = found(verdict=Verdict.NONE, reason="no document mentions Rex")
    message = answer_message(none, REFERENCE)
    seen = slack_reading.visible_text(message)
    for label in (wording.SHOW_NEAREST, wording.IS_THERE, wording.NOT_THERE):
        assert f"[{label}]" in seen
    assert slack_limits.problems(message) == []


def test_each_of_the_nearest_can_be_chosen() -> None:
    hits = [hit(f"They met {n} times.", n) for n in (1, 2)]
    view = nearest_view(found(*hits, verdict=Verdict.NONE), REFERENCE)
    buttons = [
        each for block in view["blocks"] if block["type"] == "actions" for each in block["elements"]
    ]
    assert [each["value"] for each in buttons] == [
        f"{REFERENCE}:1:0123456789ab", f"{REFERENCE}:2:0123456789ab",
    ]  # fmt: skip
    assert slack_limits.problems(view, "modal") == []


# Tables.


def row(rank: int, text: str, columns: str) -> Hit:
    return replace(hit(text, rank, columns=columns), label=f"¶{rank}")


def rows(message: dict[str, Any]) -> list[list[str]]:
    (table,) = (block for block in message["blocks"] if block["type"] == "table")
    return [[cell["text"].strip("\xa0") for cell in line] for line in table["rows"]]


def test_rows_of_a_table_stand_below_their_heads_in_the_order_of_their_ranks() -> None:
    # Of a row whose first or last cells are empty, the index has only the columns between.
    shown = (
        row(1, "Marisota\t2,480\t2,510", "Country\t2022\t2023"),
        row(2, "Veldonia\t900", "Country\t2022"),
        row(3, "1,150", "2023"),
    )
    message = answer_message(found(*shown), REFERENCE)
    assert rows(message) == [
        ["Country", "2022", "2023"],
        ["Marisota", "2,480", "2,510"],
        ["Veldonia", "900", ""],
        ["", "", "1,150"],
    ]
    assert slack_limits.problems(message) == []
    inner = row(1, "Sanesia\t\t7,100", "Country\t2022\t2023")
    assert rows(answer_message(found(inner), REFERENCE))[1] == ["Sanesia", "", "7,100"]


def test_only_one_table_and_none_that_is_too_large() -> None:
    one = row(1, "Marisota\t2,480", "Country\t2022")
    other = row(2, "Marisota\tSummer", "Country\tSeason")
    other = replace(other, document=replace(other.document, id="b.csv"))
    message = answer_message(found(one, other), REFERENCE)
    assert rows(message) == [["Country", "2022"], ["Marisota", "2,480"]]
    assert "Country: Marisota · Season: Summer" in slack_reading.visible_text(message)
    assert slack_limits.problems(message) == []
    heads = "\t".join(f"c{n}" for n in range(21))
    for wide in (row(1, heads, heads), row(1, "x" * 9_000, "Country"), row(1, "a\tb", "Country")):
        message = answer_message(found(wide), REFERENCE)
        assert not any(block["type"] == "table" for block in message["blocks"])
        assert slack_limits.problems(message) == []


# A document page by page.

LONG = " ".join(f"Sentence {n} says that they agreed on the harbor." for n in range(300))
DOCUMENT = [near(f"Paragraph {n}.", str(n)) for n in range(1, 40)] + [near(LONG, "40")] + [
    near(f"Paragraph {n}.", str(n)) for n in range(41, 200)
]  # fmt: skip


def pages(document: list[StoredPassage], label: str, best: int = 0) -> list[ContextPage]:
    """All pages of a document, from its first to its last."""
    page = context_page(document, label, best, -1_000)
    found_pages = [page]
    while page.has_later:
        page = context_page(document, label, best, page.number + 1)
        found_pages.append(page)
    return found_pages


@pytest.mark.parametrize("best", [0, LONG.index("Sentence 150"), len(LONG) - 10])
@pytest.mark.parametrize("label", ["1", "40", "199"])
def test_pages_hold_all_of_a_document_once_and_in_order(label: str, best: int) -> None:
    turned = pages(DOCUMENT, label, best)
    assert [page.number for page in turned] == list(
        range(turned[0].number, turned[0].number + len(turned))
    )
    pieces = [(piece.label, piece.text) for page in turned for piece in page.pieces]
    for passage in DOCUMENT:
        assert "".join(text for at, text in pieces if at == passage.label) == passage.text
    for page in turned:
        assert sum(slack_length(piece.text) for piece in page.pieces) <= PAGE
    assert not turned[0].has_earlier and not turned[-1].has_later


def test_the_first_page_has_the_best_sentence_of_a_long_paragraph_between_whole_ones() -> None:
    at = LONG.index("Sentence 150")
    page = context_page(DOCUMENT, "40", at, 0)
    assert any(
        piece.cited and piece.start <= at < piece.start + len(piece.text) for piece in page.pieces
    )
    for piece in page.pieces:
        assert sentence_spans(piece.text)[0].of(piece.text).startswith("Sentence ")
    around = context_page(DOCUMENT, "20", 0, 0)
    assert [piece.label for piece in around.pieces] == [str(n) for n in range(1, 40)]


def test_what_cannot_be_cut_between_sentences_is_cut() -> None:
    for text in ("&" * 9_000, "a" * 9_000, "word " * 2_000, "👩‍👩‍👧‍👦" * 2_000):
        turned = pages([near(text, "4")], "4")
        assert "".join(piece.text for page in turned for piece in page.pieces) == text
        assert max(slack_length(p.text) for page in turned for p in page.pieces) <= PAGE


def test_a_page_leads_to_those_around_it_and_to_the_other_passages() -> None:
    one, two = replace(hit("They met.", 1), label="40"), hit("They left.", 2)
    at = LONG.index("Sentence 150")
    view = context_view((one, two), one, context_page(DOCUMENT, "40", at, 0), REFERENCE)
    (turn,) = (block for block in view["blocks"] if block["type"] == "actions")
    assert [(each["text"]["text"], each["value"]) for each in turn["elements"]] == [
        (wording.EARLIER, f"{REFERENCE}:1:-1"),
        (wording.LATER, f"{REFERENCE}:1:1"),
        ("Passage 2", f"{REFERENCE}:2:0"),
    ]
    assert slack_limits.problems(view, "modal") == []
