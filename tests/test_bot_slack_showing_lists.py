"""Lists of documents in Slack: within its limits, word for word, and whole behind a button."""

from dataclasses import replace

import pytest
import slack_reading
from test_bot_slack_showing_messages import HOSTILE, REFERENCE, check, found, hit

from bot.slack.sending import wording
from bot.slack.sending.block_limits import LISTED_DOCUMENTS
from bot.slack.showing.answer_messages import answer_message
from bot.slack.showing.answer_views import more_view
from retriever.answering.answer import Answer, Mentioned
from retriever.question.corpus_questions import Wanted


def listed(text: str, count: int, documents: int, wanted: Wanted = Wanted.LIST) -> Answer:
    """A list that shows so many of its documents, each of which says the text."""
    hits = [
        replace(
            hit(text, rank, (0, len(text)), title=f"Talks {rank}"),
            document=replace(hit(text).document, id=f"{rank}.txt", title=f"Talks {rank}"),
        )
        for rank in range(1, count + 1)
    ]
    mentioned = Mentioned(
        ("Kuleba",), documents, copies=2, shown=tuple(h.document.id for h in hits)
    )
    reason = f"{documents} documents mention “Kuleba”"
    return found(*hits, reason=reason, mentioned=mentioned, listed=wanted)


def labels(answer: Answer) -> list[str]:
    blocks = answer_message(answer, REFERENCE)["blocks"]
    return [
        each["text"]["text"]
        for block in blocks
        for each in block.get("elements", ())
        if each["type"] == "button"
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("count", [1, LISTED_DOCUMENTS, 100])
def test_a_list_is_within_the_limits_whatever_documents_say(text: str, count: int) -> None:
    check(listed(text, count, 150))


def test_a_list_says_how_many_there_are_and_shows_the_first() -> None:
    message = answer_message(listed("They met Kuleba.", 5, 54), REFERENCE)
    text = slack_reading.visible_text(message)
    assert "54 documents mention “Kuleba”; the newest 5 are shown." in text
    assert [f"Talks {rank} · " in text for rank in range(1, 7)] == [True] * 5 + [False]
    assert text.count("They met Kuleba.") == 5
    assert "Copies count once: 2 more are copies of these." in text
    assert message["text"].startswith("54 documents mention “Kuleba”.")


def test_the_button_shows_what_is_not_shown() -> None:
    assert labels(listed("They met.", 5, 54))[0] == "Show all: 54 documents"
    assert wording.SHOW_ALL not in str(labels(listed("They met.", 4, 4)))
    assert labels(listed("They met.", 1, 7, Wanted.FIRST))[0] == "Show all: 7 documents"


def test_the_modal_has_as_many_as_slack_takes_and_counts_the_others() -> None:
    text = slack_reading.visible_text(more_view(listed("They met.", 100, 120), 3))
    shown = sum(f"Talks {rank} · " in text for rank in range(1, 101))
    assert 40 <= shown < 100
    assert f"{120 - shown} documents more" in text
    whole = slack_reading.visible_text(more_view(listed("They met.", 30, 30), 3))
    assert "Talks 30 · " in whole and "more:" not in whole


def test_the_first_one_is_shown_as_an_answer_is() -> None:
    text = slack_reading.visible_text(
        answer_message(listed("They met Kuleba. Then they left.", 1, 7, Wanted.FIRST), REFERENCE)
    )
    assert "This is the first; 7 documents mention “Kuleba”." in text
    assert "Then they left." in text


def test_an_answer_that_leaves_documents_out_says_how_many() -> None:
    answer = found(hit("They met."), mentioned=Mentioned(("Sung Kim",), 36, shown=("a.txt",)))
    text = slack_reading.visible_text(answer_message(answer, REFERENCE))
    assert "36 documents name Sung Kim; 1 is shown." in text
    answer = replace(answer, mentioned=Mentioned(("Sung Kim",), 1, shown=("a.txt",)))
    assert "name" not in slack_reading.visible_text(answer_message(answer, REFERENCE))
