"""What only asks ranks below what answers it, thin lines below sentences, and a heading belongs to
what stands under it."""

import numpy as np
import pytest
from conftest import Shelf

from retriever.answering.answer import Answer, Verdict
from retriever.answering.ask import ask, find
from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.ranking import FALL
from retriever.answering.substance_evidence import SENTENCE_SHARE, thinness
from retriever.index.generation import Generation

BRIEFING = """# Briefing of the harbour office

3 April 2024

Q: Will the mayor open the new dock this spring?

A: No. She has put it off because of the storm; another day has not been agreed.

Q: How much did the city give for the lighthouse?

A: Two million crowns at once. Another five are before the council.

Q: And the stranded sailors?

A: Nine of the eleven flew home on Sunday.
"""
LEAVING = """# Leaving: questions and answers

## Do my shares go on vesting when I hand in my notice, or does it stop?

Until your last day.

## Do I keep my telephone?

You may buy it at a discount.

## Can I work from a boat?

No.
"""


def labels(answer: Answer) -> list[str]:
    return [hit.label for hit in answer.passages]


def indexed(shelf: Shelf, name: str, text: str) -> Shelf:
    (shelf.folder / name).write_text(text, "utf-8")
    shelf.index()
    return shelf


@pytest.mark.parametrize(
    ("question", "asked", "answer"),
    [
        ("How much did the city give for the lighthouse?", "¶3", "¶4"),
        ("how much was given for the lighthouse", "¶3", "¶4"),
        ("will the mayor open the new dock", "¶1", "¶2"),
        ("and the stranded sailors?", "¶5", "¶6"),
    ],
)
def test_a_question_ranks_below_its_answer(
    shelf: Shelf, question: str, asked: str, answer: str
) -> None:
    given = indexed(shelf, "briefing.md", BRIEFING).ask(question, min_score=0)
    assert given.passages[0].label == answer
    assert given.passages[0].document.id == "briefing.md"
    assert asked in labels(given)[1:]
    for hit in given.passages:
        assert sum(share.points for share in hit.shares) == pytest.approx(hit.score, abs=1e-9)
    assert {share.evidence for share in given.passages[0].shares} >= {"asks", "thin"}


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("does my equity stop vesting when I give notice?", "¶1"),
        ("what happens to my phone", "¶2"),
        ("may I work on a boat?", "¶3"),
    ],
)
def test_a_passage_answers_the_heading_above_it(shelf: Shelf, question: str, label: str) -> None:
    given = indexed(shelf, "leaving.md", LEAVING).ask(question, min_score=0)
    assert (given.passages[0].document.id, given.passages[0].label) == ("leaving.md", label)


@pytest.mark.parametrize(
    ("text", "speaker", "known", "thin"),
    [
        ("Desk", "", "", 6 / 7),
        ("Ecuador:", "", "ecuador", 1),
        ("Thank you.", "", "", SENTENCE_SHARE * 6 / 7),
        ("MR PRICE: Thank you.", "MR PRICE", "thank", SENTENCE_SHARE),
        (
            "The harbour master may close any of the seven old northern iron gates.",
            "",
            "harbour",
            0,
        ),
        ("Workers are entitled if they are:\n\n* seafarers", "", "entitl", SENTENCE_SHARE * 5 / 7),
        ("部長は会談で協定に署名した。", "", "", 0),
    ],
)
def test_how_thin_a_passage_is(text: str, speaker: str, known: str, thin: float) -> None:
    assert thinness(text, speaker, known.split()) == pytest.approx(thin)


def test_what_is_taken_leaves_no_score_below_zero_and_adds_up() -> None:
    rows, values = np.arange(3), np.array([0.5, 0.4, 0.05])
    ranked = Ranked.of(rows, (Evidence("meaning", 1.0, values),))
    against = ranked.against(Evidence("thin", 0.2, np.array([1.0, 0.0, 1.0])))
    assert against.rows.tolist() == [1, 0, 2]
    assert against.scores == pytest.approx([0.4, 0.5 - 0.2, 0])
    assert sum(each.weight * each.values for each in against.evidence) == pytest.approx(
        against.scores
    )


def test_passages_behind_the_first_are_not_shown(samples: Generation) -> None:
    counts = set()
    for question in (
        "What was agreed with Sung Kim?",
        "ships designated for smuggling coal",
        "Kishida and Yun Byung-se in Brunei",
        "humanitarian aid to Yemen",
    ):
        scores = find(samples, question).ranked.scores
        answer, everything = ask(samples, question), ask(samples, question, min_score=0)
        assert len(everything.passages) == 5
        assert answer.passages == everything.passages[: len(answer.passages)]
        assert len(answer.passages) <= (scores >= scores[0] - FALL).sum()
        counts.add(len(answer.passages))
    assert min(counts) < max(counts) == 5


def test_a_least_score_is_kept_and_may_leave_no_answer(shelf: Shelf) -> None:
    question = "What was agreed on the harbour?"
    first = shelf.ask(question).passages[0].score
    assert all(hit.score >= 0.3 for hit in shelf.ask(question, min_score=0.3).passages)
    none = shelf.ask(question, min_score=first + 0.001)
    assert (none.verdict, none.passages) == (Verdict.NONE, ())
    assert none.reason.startswith("no passage answers with a probability of 0.")
