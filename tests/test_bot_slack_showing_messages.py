"""What the Slack bot sends: within Slack's limits, word for word, and no document can act."""

import copy
import itertools
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
import slack_limits
import slack_reading
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from test_bot_rendering_answers import answer

from bot.slack.sending import block_limits as limits
from bot.slack.sending import wording
from bot.slack.sending.block_kit import text_length
from bot.slack.sending.notices import (
    ask_view,
    comment_view,
    home_view,
    notice,
    notice_view,
    usage_message,
)
from bot.slack.showing.answer_messages import answer_message, fallback_answer
from bot.slack.showing.answer_views import (
    answer_view,
    context_view,
    more_view,
    nearest_view,
    reading_view,
)
from bot.slack.showing.best_sentence import best_sentence
from bot.slack.showing.context_pages import context_page
from corpus.language.sentences import sentence_spans
from retriever.answering.answer import (
    CHANGED_REASON,
    DAMAGED_REASON,
    Answer,
    Hit,
    Searched,
    Verdict,
)
from retriever.index.records import StoredPassage

REFERENCE = "a-reference0"
PINGS = "<!channel> <!here> <!everyone> <!subteam^S1> <@U0BOB> <#C0GENERAL> @channel @here"
HOSTILE = {
    "pings": PINGS,
    "link": "<http://evil.example|bank> and https://evil.example/x, http:http:////evil.example",
    "marks": "*bold* _it_ ~gone~ `code` ```more``` > quoted",
    "emoji names": ":tada: :+1: :slightly_smiling_face:",
    "entities": "AT&T &amp; &lt;!channel&gt; & < >",
    "directions": "one \u202etwo\u202c \u2066three\u2069 \u200fשלום\u200e",
    "controls": "a\x00b\x07c\x1b[31md\x9be",
    "lines": "one\n> two\r\n• three\u2028four",
    "emoji": "👩‍👩‍👧‍👦 👍🏽 🇰🇷🇯🇵 ❤️",
    "marks of letters": "e\u0301\u0302\u0303 n\u0303 각",
    "a heap of marks": "e" + "\u0301" * 5_000,
    "long": "The two sides agreed. " * 546,
    "long without sentences": "agreed " * 1_714,
    "long without words": "a" * 12_000,
    "long and escaped": "&" * 12_000,
    "long and beyond the first plane": "😀" * 12_000,
    "json": '{"type": "user", "user_id": "U0BOB"}',
    "blank": " ",
}
ADDRESSES = [
    "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://x.org/1", "//x.org",
    "https://", "https:///x", "http://[", "http://[::1", "https://x.org/a b", "https://x.org/<!here>",
    "https://x.org/|bank", 'https://x.org/"quoted"', "https://x.org/\n", "not an address", "",
    "https://x.org/" + "a" * 3_000,
]  # fmt: skip
KEPT = {
    "https://x.org/1?a=b&c=d#e": "https://x.org/1?a=b&c=d#e:~:text=They%20met",
    "https://x.org/외교부": "https://x.org/%EC%99%B8%EA%B5%90%EB%B6%80#:~:text=They%20met",
    "https://x.org/a\u202eb": "https://x.org/a%E2%80%AEb#:~:text=They%20met",
    "https://x.org/\udcff": "https://x.org/?#:~:text=They%20met",
    "https://x.org/it's(1)": "https://x.org/it's(1)#:~:text=They%20met",
}


def hit(text: str, rank: int = 1, best: tuple[int, int] | None = None, **source: Any) -> Hit:
    """A passage of a document; its best sentence is the one at `best`."""
    one = answer(text=text, **source).passages[0]
    return replace(one, rank=rank, highlights=(best,) if best else ())


def found(*hits: Hit, verdict: Verdict = Verdict.FOUND, **fields: Any) -> Answer:
    return answer(**{"passages": hits, "verdict": verdict, **fields})


def near(text: str, label: str = "4") -> StoredPassage:
    numbers = dict.fromkeys(StoredPassage.__slots__, 0)
    return StoredPassage(**{**numbers, "text": text, "label": label, "heading": "", "columns": ""})  # type: ignore[arg-type]


def context(answered: Answer, *near_by: StoredPassage, number: int = 0) -> dict[str, Any]:
    """The modal of the first passage among those near it."""
    one = answered.passages[0]
    page = context_page(near_by, one.label, best_sentence(one)[0], number)
    return context_view(answered.passages[:3], one, page, REFERENCE)


def payloads(answered: Answer) -> dict[str, tuple[dict[str, Any], slack_limits.Surface]]:
    """Everything that is made of one answer."""
    texts = [each.text for each in answered.passages]
    around = [near(texts[-1], "3"), near(texts[0]), near(texts[-1], "5")] if texts else []
    said = answered.reason[:2_000] or "x"
    return {
        "answer": (answer_message(answered, REFERENCE, may_share=True, note="A note."), "message"),
        "update": (answer_message(answered, REFERENCE), "update"),
        "shared": (answer_message(answered, REFERENCE, shared_by=said), "message"),
        "notice": (notice(said, retry=REFERENCE), "message"),
        "typed": (answer_view(answered, REFERENCE), "modal"),
        "more": (more_view(answered, 0), "modal"),
        "nearest": (nearest_view(answered, REFERENCE), "modal"),
        "reading": (reading_view(answered), "modal"),
        **({"context": (context(answered, *around), "modal")} if texts else {}),
        "notice view": (notice_view(said), "modal"),
    }


def check(answered: Answer) -> None:
    """Nothing that Slack refuses, and nothing that does something."""
    addresses = {each.link for each in answered.passages} | {*KEPT.values()}
    addresses |= {each.document.source for each in answered.passages}
    for name, (payload, surface) in payloads(answered).items():
        assert slack_limits.problems(payload, surface) == [], name
        if surface in ("modal", "home"):
            View(**copy.deepcopy(payload)).to_dict()
        else:
            assert len(payload["blocks"]) <= slack_limits.MESSAGE_BLOCKS
            assert len(payload["text"]) <= 5 * limits.FALLBACK
            assert payload["text"].count("<") == payload["text"].count(">") == 0
        for block in payload["blocks"]:
            assert Block.parse(copy.deepcopy(block)) is not None
        assert text_length(payload["blocks"]) <= limits.ALL_BLOCKS, name
        assert slack_reading.pings(payload) == [], name
        assert "⟦" not in slack_reading.visible_text(payload).replace("⟦x", ""), name
        assert {link.url for link in slack_reading.links(payload)} <= addresses, name
    assert len(fallback_answer(answered)) <= 5 * limits.FALLBACK


def quotations(payload: dict[str, Any]) -> list[str]:
    """The quoted passages of a payload; where one is no more than its best sentence, that."""
    quoting = [block for block in payload["blocks"] if block["type"] == "rich_text"]
    first = [block for block in quoting if block.get("block_id") == "passage_1"]
    is_said = first and len(first[0]["elements"]) == 1
    return [
        "".join(element["text"] for element in part["elements"])
        for block in quoting
        if block.get("block_id") != "best" or is_said
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    ]


def bold(payload: dict[str, Any]) -> list[str]:
    """What stands out in the quotations."""
    return [
        element["text"]
        for block in payload["blocks"]
        if block.get("block_id") != "best"
        for part in block.get("elements", ())
        if part["type"] == "rich_text_quote"
        for element in part["elements"]
        if element.get("style") == {"bold": True}
    ]


@pytest.mark.parametrize("where", ["text", "title", "question", "reason", "searched", "label"])
@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_foreign_acts_or_is_refused(what: str, where: str) -> None:
    text = HOSTILE[what]
    one = hit(text if where == "text" else "They met. They agreed.", best=(0, 9))
    if where == "title":
        one = replace(one, document=replace(one.document, title=text, id=text))
    if where == "label":
        one = replace(one, label=text)
    fields: dict[str, Any] = {"question": text[:3_000]} if where == "question" else {}
    if where == "reason":
        fields["reason"] = text
    if where == "searched":
        names = (text,) * 3
        fields["searched"] = Searched(text, names=names, spelt=((text, text),), periods=names)
    for verdict in Verdict:
        hits = [replace(one, rank=rank) for rank in range(1, 4)]
        check(found(*(hits if verdict is not Verdict.NONE else ()), verdict=verdict, **fields))


@pytest.mark.parametrize("what", HOSTILE)
def test_what_fits_is_shown_as_it_is(what: str) -> None:
    text = HOSTILE[what][:1_100]
    assert quotations(answer_message(found(hit(text)), REFERENCE)) == [text]


def test_the_shown_name_of_a_sharer_calls_nobody() -> None:
    shared = answer_message(found(hit("They met.")), REFERENCE, shared_by="@<!channel>\u202e")
    assert slack_reading.visible_text(shared).startswith("@<!channel>\\u202e shared: “")
    assert slack_reading.pings(shared) == []
    assert not any("actions" in block["type"] for block in shared["blocks"])


@pytest.mark.parametrize("source", ADDRESSES)
def test_only_web_pages_are_linked(source: str) -> None:
    answered = found(hit("They met.", source=source))
    check(answered)
    assert slack_reading.links(answer_message(answered, REFERENCE)) == []


@pytest.mark.parametrize("source", KEPT)
def test_the_title_leads_to_the_source(source: str) -> None:
    answered = found(hit("They met.", source=source, title="Talks <!here>"))
    check(answered)
    links = slack_reading.links(answer_message(answered, REFERENCE))
    assert links == [(KEPT[source], "Talks <!here>")]


def test_an_address_too_long_for_slack_with_the_words_leads_to_the_page() -> None:
    source = "https://x.org/" + "a" * 2_980
    assert slack_reading.links(
        answer_message(found(hit("They met.", source=source)), REFERENCE)
    ) == [(source, "Talks")]


def test_the_page_stands_beside_the_paragraph() -> None:
    shown = answer_message(
        found(replace(hit("They met.", source="https://x.org/a.pdf"), page=3)), REFERENCE
    )
    assert (
        "paragraph 4, page 3 · also in 1 other document · a.txt#4@"
        in slack_reading.visible_text(shown)
    )
    assert slack_reading.links(shown) == [("https://x.org/a.pdf#page=3", "Talks")]


def test_a_document_without_title_goes_by_its_name() -> None:
    one = hit("They met.", title=" \n")
    assert "\na.txt · 4 March" in slack_reading.visible_text(answer_message(found(one), REFERENCE))
    assert "(a.txt, 4 March 2021" in fallback_answer(found(one))


# Cutting.

SENTENCES = [f"Sentence {number} says that they agreed on the harbor." for number in range(60)]
PARAGRAPH = " ".join(SENTENCES)


@pytest.mark.parametrize("best", [0, 1, 29, 58, 59])
def test_a_long_paragraph_is_cut_on_sentences_around_the_best_one(best: int) -> None:
    start = PARAGRAPH.index(SENTENCES[best])
    payload = answer_message(
        found(hit(PARAGRAPH, best=(start, start + len(SENTENCES[best])))), REFERENCE
    )
    (shown,) = quotations(payload)
    assert bold(payload) == [SENTENCES[best]]
    assert shown.startswith("[…] ") is (SENTENCES[0] not in shown)
    assert shown.endswith(" […]") is (SENTENCES[59] not in shown)
    kept = shown.removeprefix("[…] ").removesuffix(" […]")
    assert kept in PARAGRAPH
    assert [span.of(kept) for span in sentence_spans(kept)] == [
        each for each in SENTENCES if each in kept
    ]
    assert limits.QUOTED - 60 < len(shown) <= limits.QUOTED


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    text = "First. " + "agreed " * 1_000 + "at last. Then they left."
    payload = answer_message(found(hit(text, best=(7, 7_016))), REFERENCE)
    (shown,) = quotations(payload)
    kept = shown.removeprefix("[…] ").removesuffix(" […]")
    assert shown == f"[…] {kept} […]"
    assert set(kept.split()) == {"agreed"}
    assert bold(payload) == [kept]
    assert 1_000 < len(shown) <= limits.QUOTED


def test_a_best_sentence_that_was_not_found_leaves_the_beginning() -> None:
    (shown,) = quotations(answer_message(found(hit(PARAGRAPH)), REFERENCE))
    assert shown.startswith(SENTENCES[0])
    assert shown.endswith(" […]")


def test_the_best_sentence_is_bold_within_its_paragraph() -> None:
    one = hit("They met. They agreed on the harbor. They left.", best=(10, 36))
    _, first, passage, *_ = answer_message(found(one), REFERENCE)["blocks"]
    (said,) = first["elements"]
    assert said["elements"] == [
        {"type": "text", "text": "They agreed on the harbor.", "style": {"bold": True}}
    ]
    quote = passage["elements"][1]
    assert quote["elements"] == [
        {"type": "text", "text": "They met. "},
        {"type": "text", "text": "They agreed on the harbor.", "style": {"bold": True}},
        {"type": "text", "text": " They left."},
    ]


@pytest.mark.parametrize(
    "character", ["e\u0301", "👩‍👩‍👧‍👦", "👍🏽", "🇰🇷", "❤️", "\u1100\u1161\u11a8", "각", "שָׁ", "😀"]
)
def test_no_cut_is_inside_a_character(character: str) -> None:
    text = character * (3_000 // len(character) + 1)
    for length in range(40, 80):
        cut = limits.shortened(text, length)
        kept = cut.removesuffix(limits.ELLIPSIS)
        assert len(kept) % len(character) == 0
        assert length - len(character) <= len(cut) <= length
    for longest in (limits.QUOTED, limits.IN_MODAL):
        assert limits.character_end(text, longest) % len(character) == 0


def test_titles_and_questions_are_cut_visibly() -> None:
    title, question = "Talks on the harbor " * 20, "What was agreed? " * 176
    assert (len(title), len(question)) == (400, 2_992)
    answered = found(hit("They met.", title=title), question=question)
    check(answered)
    seen = slack_reading.visible_text(answer_message(answered, REFERENCE))
    assert "Talks on the harbor Talks" in seen
    assert max(map(len, seen.splitlines())) < 400
    assert seen.count("…") == 2


def test_escaping_counts() -> None:
    assert limits.slack_length("a&<>") == 1 + 5 + 4 + 4
    assert limits.slack_length("😀") == 2
    assert text_length([{"type": "section", "text": {"type": "mrkdwn", "text": "a&"}}]) == 6
    rich = answer_message(found(hit("a&b")), REFERENCE)["blocks"]
    assert text_length(rich) == slack_limits.block_text(rich) + 4


def test_three_long_passages_are_all_shown() -> None:
    hits = [hit(PARAGRAPH, rank) for rank in (1, 2, 3)]
    payload = answer_message(found(*hits), REFERENCE)
    assert [len(each) > 1_000 for each in quotations(payload)] == [True] * 3
    escaped = [hit("& " * 3_000, rank) for rank in (1, 2, 3)]
    payload = answer_message(found(*escaped), REFERENCE)
    assert [100 < len(each) <= 600 and each.endswith("[…]") for each in quotations(payload)] == (
        [True] * 3
    )


# Many.


def test_a_message_has_three_passages_and_a_modal_the_others() -> None:
    answered = found(*(hit(f"Passage {rank}.", rank) for rank in range(1, 41)))
    check(answered)
    assert len(quotations(answer_message(answered, REFERENCE))) == 3
    assert quotations(more_view(answered, 3)) == [f"Passage {rank}." for rank in range(4, 41)]


def test_a_modal_says_what_it_cannot_hold() -> None:
    answered = found(*(hit(PARAGRAPH, rank) for rank in range(1, 41)))
    check(answered)
    view = more_view(answered, 0)
    assert len(quotations(view)) == 3
    assert slack_reading.visible_text(view).strip().endswith(wording.do_not_fit(37))
    many = found(*(hit("Short.", rank) for rank in range(1, 201)))
    view = more_view(many, 0)
    assert len(view["blocks"]) <= limits.BLOCKS_IN_MODAL
    assert wording.do_not_fit(200 - len(quotations(view))) in slack_reading.visible_text(view)


def test_a_modal_without_passages_says_why() -> None:
    none = found(verdict=Verdict.NONE, reason="no document mentions Rex")
    assert "No document mentions Rex." in slack_reading.visible_text(answer_view(none, REFERENCE))
    assert wording.NOTHING_MORE in slack_reading.visible_text(more_view(none, 0))


@pytest.mark.parametrize("reason", [CHANGED_REASON, DAMAGED_REASON])
def test_of_what_could_not_be_shown_no_message_says_that_it_does_not_answer(reason: str) -> None:
    message = answer_message(found(verdict=Verdict.NONE, reason=reason), REFERENCE)
    for said in (message["text"], slack_reading.visible_text(message)):
        assert wording.NOT_SHOWN in said
        assert "No passage answers" not in said
        assert wording.NOTHING_NEAR not in said


def test_a_passage_is_quoted_between_its_neighbours() -> None:
    one = hit("They met. They agreed.", best=(10, 22))
    before, itself, after = near("Before.", "3"), near(one.text, "4"), near("After.", "4 o 1")
    view = context(found(one), before, itself, after)
    assert quotations(view) == ["4  They met. They agreed."]
    assert bold(view) == ["They agreed."]
    seen = slack_reading.visible_text(view)
    assert seen.index("3  Before.") < seen.index("They met.") < seen.index("4 o 1  After.")


def test_long_neighbours_fit_together() -> None:
    hits = [hit("&" * 6_000, rank) for rank in (1, 2, 3)]
    view = context(found(*hits), *(near("&" * 6_000, label) for label in "345"))
    assert slack_limits.problems(view, "modal") == []
    assert text_length(view["blocks"]) <= limits.ALL_BLOCKS


# The bot's own pages.


def test_its_own_pages_are_within_the_limits() -> None:
    for view in (ask_view(), comment_view(REFERENCE), notice_view(wording.LOADING)):
        assert slack_limits.problems(view, "modal") == []
        View(**copy.deepcopy(view)).to_dict()
    asked = ["What was said about <@U0BOB>?", "a `question`"]
    homes = [
        home_view(0, None, 30, name="a<b"),
        home_view(2, "2024-01-02", 30, name="b", examples=asked),
    ]
    for home in homes:
        assert slack_limits.problems(home, "home") == []
        assert slack_reading.pings(home) == []
    for message in (usage_message("/ask", ()), usage_message("/<!here>", asked)):
        assert slack_limits.problems(message) == []
        assert slack_reading.pings(message) == []


def test_every_sentence_of_the_wording_can_be_sent() -> None:
    sentences = [value for value in vars(wording).values() if isinstance(value, str)]
    for sentence in sentences:
        assert slack_limits.problems(notice(sentence or "x", retry=REFERENCE)) == []
        assert slack_limits.problems(notice_view(sentence or "x"), "modal") == []


def test_every_button_says_what_it_does() -> None:
    message = answer_message(found(hit("They met.")), REFERENCE, may_share=True)
    buttons = [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    names = ["show_more", "show_context", "how_read", "follow", "share"]
    assert [each["action_id"] for each in buttons] == names
    assert all(each["accessibility_label"] for each in buttons)
    assert buttons[-1]["confirm"]["text"]["text"].endswith("see the 1 passage.")
    assert message["blocks"][-1]["type"] == "context_actions"
    names = [each.get("block_id") for each in message["blocks"]]
    assert len(names) == len(set(names))


# Anything.

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300) | st.lists(
    st.sampled_from([*HOSTILE.values(), "They agreed. ", "a", "\u0301", "\u200d", "🇰", "。"]),
    min_size=1,
    max_size=6,
).map("".join)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), TEXT, TEXT, st.sampled_from(Verdict), st.data())
def test_whatever_the_documents_hold(
    texts: list[str], title: str, question: str, verdict: Verdict, data: st.DataObject
) -> None:
    hits = []
    for rank, text in enumerate(texts, start=1):
        spans = [(span.start, span.end) for span in sentence_spans(text)]
        best = data.draw(st.sampled_from([None, *spans]))
        hits.append(hit(text, rank, best, title=title))
    answered = found(*hits, verdict=verdict, question=question, reason=question[:500] or "x")
    check(answered)
    shown = quotations(answer_message(answered, REFERENCE))
    for text, seen in itertools.zip_longest(texts[:3], shown):
        kept = seen.removeprefix("[…] ").removesuffix(" […]")
        assert seen == text or kept in text
        assert len(text) <= limits.QUOTED or "[…]" in seen or kept.strip() == text.strip()
        end = text.find(kept) + len(kept)
        whole = end == len(text) or not unicodedata.combining(text[end])
        assert whole or len(kept) - len(kept.rstrip("\u0301\u0302\u0303")) >= 39


def test_the_cells_of_a_row_stand_behind_the_heads_of_their_columns() -> None:
    row = hit("Sanesia\t6", best=(0, 9), columns="Country\tAid <@U1>")
    answered = found(row)
    check(answered)
    message = answer_message(answered, REFERENCE)
    assert "Country | Aid <@U1>\nSanesia | 6" in slack_reading.visible_text(message)
    view = more_view(answered, 0)
    assert "Country: Sanesia · Aid <@U1>: 6" in slack_reading.visible_text(view)
    assert "Country: Sanesia; Aid" in fallback_answer(answered)
    long = hit("Sanesia\t" + "6 " * 3_000, best=(0, 9), columns="Country\tAid")
    check(found(long))
