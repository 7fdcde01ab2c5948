"""Verdicts and their reasons."""

import datetime
import math
from collections.abc import Mapping

import numpy as np
import pytest
from conftest import Shelf

from retriever.answering.answer import Verdict
from retriever.answering.evidence import Evidence, Ranked
from retriever.answering.time_evidence import POSSIBLE, in_periods
from retriever.answering.verdict import Judgement, judge, listed
from retriever.index.calibration import FACTS
from retriever.index.generation import Generation
from retriever.question.reading import read_question

TODAY = datetime.date(2024, 1, 31)
MATCH = "passages match the question's words and meaning"
NEAR = "passages are near the question, but none matches it well enough"


def judged(
    samples: Generation, question: str, *nearness: float, searched: str = "", undated: bool = False
) -> Judgement:
    """The judgement of candidates that are so near in meaning, which is all of their score."""
    reading = read_question(question, (), TODAY, samples.lexical, samples.spellings)
    rows = np.arange(len(nearness))
    in_time = in_periods(samples, reading) if reading.periods else None
    if undated and in_time is not None:
        in_time[rows] = POSSIBLE
    meaning = Evidence("meaning", 1.0, np.array(nearness, np.float64))
    ranked = Ranked(rows, meaning.values, (meaning,), in_time)
    return judge(samples, reading, ranked, searched)


def nearness_at(samples: Generation, threshold: float, facts: Mapping[str, float]) -> float:
    """The nearness of a first passage at which the question reaches a probability."""
    question = samples.calibration.question
    log_odds = math.log(threshold / (1 - threshold))
    return (log_odds - question.log_odds({**facts, "nearest": 0.0})) / question.weights["nearest"]


@pytest.mark.parametrize(
    ("threshold", "shift", "verdict", "reason"),
    [
        ("found_from", 1e-6, Verdict.FOUND, MATCH),
        ("found_from", -1e-6, Verdict.RELATED, NEAR),
        ("alike_from", 1e-6, Verdict.RELATED, NEAR),
        ("alike_from", -1e-6, Verdict.NONE, "no passage is near the question"),
    ],
)
def test_the_probability_that_the_documents_answer_decides(
    samples: Generation, threshold: str, shift: float, verdict: Verdict, reason: str
) -> None:
    at = getattr(samples.calibration, threshold) + shift
    cosine = threshold == "alike_from"
    nearness = at if cosine else nearness_at(samples, at, dict.fromkeys(FACTS, 0.0))
    judgement = judged(samples, "What was agreed on defectors?", nearness, -1.0)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    assert judgement.facts == {**dict.fromkeys(FACTS, 0.0), "nearest": max(nearness, 0.0)}
    believed = samples.calibration.answers(np.array([nearness]), judgement.facts)
    assert judgement.probabilities[0] == pytest.approx(believed[0])


@pytest.mark.parametrize(
    ("question", "nearness", "reason"),
    [
        ("What was agreed on defectors?", 0.1, "no passage is near the question, in these"),
        ("What was agreed on defectors?", 0.9, MATCH),
        ("Were zebras seen?", -1.0, "no document mentions zebras, in these"),
        ("What happened in August 1907?", 0.9, "nothing is dated August 1907, in these"),
    ],
)
def test_where_other_documents_might_have_more_a_restriction_is_said(
    samples: Generation, question: str, nearness: float, reason: str
) -> None:
    assert judged(samples, question, nearness, searched="these").reason == reason


def test_without_candidates_nothing_is_near(samples: Generation) -> None:
    judgement = judged(samples, "What was agreed on defectors?")
    assert (judgement.verdict, judgement.reason, len(judgement.probabilities)) == (
        Verdict.NONE, "no passage is near the question", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "reason", "facts"),
    [
        ("What was agreed with Zaphod Quxley?", "no document mentions Zaphod Quxley",
         "named lacking"),
        ("Did Zaphod Quxley or Wim Blorkwitz meet Fnordia Xanthax?",
         "no document mentions Zaphod Quxley, Wim Blorkwitz or Fnordia Xanthax", "named lacking"),
        ("what is the of and", "nothing is asked that could be searched for", ""),
        ("What happened in August 1907?", "nothing is dated August 1907", "dated elsewhere"),
        ("What was agreed with Zaphod Quxley in May 1907?", "no document mentions Zaphod Quxley",
         "dated named lacking"),
    ],
)  # fmt: skip
def test_what_a_question_is_about_and_no_document_has_decides_alone(
    samples: Generation, question: str, reason: str, facts: str
) -> None:
    judgement = judged(samples, question, 0.9)
    assert (judgement.verdict, judgement.reason) == (Verdict.NONE, reason)
    assert {name for name in FACTS if judgement.facts[name]} == {"nearest", *facts.split()}


@pytest.mark.parametrize(
    ("question", "lack"),
    [
        ("Did the two sides agree on defectors before they left for Quxleyburg?", "Quxleyburg"),
        ("Did the two sides agree with the zebras on defectors and nuclear programs?", "zebras"),
        ("What did the UNQLOS panel agree on defectors?", "UNQLOS"),
    ],
)
def test_what_is_lacking_in_passing_is_said_and_decides_nothing(
    samples: Generation, question: str, lack: str
) -> None:
    judgement = judged(samples, question, 0.95)
    assert judgement.verdict is Verdict.FOUND
    assert judgement.reason.startswith(f"{MATCH}, but no document mentions {lack}")


def test_of_a_time_of_which_there_are_documents_nothing_more_need_be_asked(
    samples: Generation,
) -> None:
    assert judged(samples, "What happened in 2023?", 0.1).verdict is Verdict.FOUND


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("What was agreed on defectors in 2023?", Verdict.RELATED),
        ("What was agreed on defectors last week?", Verdict.FOUND),  # it may hold at any time
    ],
)
def test_a_passage_without_a_day_may_be_of_the_time(
    samples: Generation, question: str, verdict: Verdict
) -> None:
    assert judged(samples, question, 0.9, undated=True).verdict is verdict


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was wurde mit dem Botschafter über die Flüchtlinge vereinbart?", "German"),
        ("무엇에 합의했나요?", "Korean"),
        ("О чём договорились стороны и что они решили?", "Russian"),
    ],
)
def test_a_question_in_another_language_lacks_no_words(
    samples: Generation, question: str, language: str
) -> None:
    judgement = judged(samples, question, 0.5)
    reason = f"the question is in {language}, and the documents are in English"
    assert judgement.reason.endswith(reason)
    assert judgement.facts["lacking"] == judgement.facts["apart"] == 0


def test_the_function_words_of_a_language_of_the_documents_are_not_lacking(shelf: Shelf) -> None:
    shelf.write(spesen="Reisekosten\n\nWir bitten darum, die Belege in 30 Tagen einzureichen.\n")
    shelf.index()
    question = "Bis wann und wo muss ich meine Belege einzureichen?"
    mixed = shelf.ask(question).reason
    for release in shelf.folder.glob("*[!n].txt"):
        release.unlink()
    shelf.index()
    for reason in (mixed, shelf.ask(question).reason):
        assert "mentions" not in reason
        assert "German" not in reason


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Who is Zaphod Quxley?", "no document that could be read mentions Zaphod Quxley"),
        ("What happened in January 2020?", "nothing that could be read is dated January 2020"),
        ("What did Alice Brown do in June 2022?",
         "no document dated June 2022 that could be read mentions Alice Brown"),
        ("Did Carl Diaz see the film?",
         "no passage that could be read and mentions Carl Diaz has “film”"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_may_have_what_is_lacking(
    shelf: Shelf, question: str, reason: str
) -> None:
    (shelf.folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    shelf.index()
    assert shelf.ask(question).reason.endswith(reason)


def test_of_what_a_search_leaves_out_nothing_is_denied(shelf: Shelf) -> None:
    reason = shelf.ask("What happened in June 2022?", after=datetime.date(2023, 1, 1)).reason
    assert reason == "nothing is dated June 2022, in what is dated from 1 January 2023"


def test_a_document_whose_language_cannot_be_told_may_be_in_any(shelf: Shelf) -> None:
    shelf.write(ru="Встреча\n\nСтороны подписали договор.\n")
    shelf.index()
    assert shelf.ask("О чём договорились стороны и что они решили?").reason.endswith(
        "the question is in Russian, and the documents are in English, as far as can be told"
    )


@pytest.mark.parametrize(
    ("earlier", "asked", "found"),
    [
        ("Which ferry was closed in May 2022?", "and in May 2021?", False),
        ("What happened in May 2022?", "and in May 2021?", True),
        ("Who sells copper in May 2022?", "and in May 2021?", True),
    ],
)
def test_another_time_alone_asks_for_what_the_earlier_question_asks(
    shelf: Shelf, earlier: str, asked: str, found: bool
) -> None:
    page = "Press Releases\n\nA Note\n\nMay 3, {}\n\n1. {}\n"
    shelf.write(one=page.format(2022, "The ferry to the island was closed. Coppers sold copper."))
    shelf.write(two=page.format(2021, "The miners of the north sell copper."))
    shelf.index()
    answer = shelf.ask(asked, history=[earlier])
    assert (answer.verdict is Verdict.FOUND) is found


@pytest.mark.parametrize(
    ("question", "word"),
    [("What do Junebugs do in June?", "Junebugs"), ("what do marchers do in march?", "marchers")],
)
def test_a_time_is_cut_out_of_no_word(shelf: Shelf, question: str, word: str) -> None:
    shelf.write(one="Press Releases\n\nA Note\n\nMarch 3, 2022\n\nIt rained.\n")
    shelf.index()
    assert shelf.ask(question).reason.endswith(f"no document mentions {word}")


@pytest.mark.parametrize(
    "question",
    ["What did Borell say?", "What did Josep Borrel say?", "Did Jullie Turnr come?"],
)
def test_a_name_that_is_misspelt_a_little_is_known(samples: Generation, question: str) -> None:
    assert judged(samples, question, 0.9).verdict is Verdict.FOUND


def test_unknown_words_that_are_no_names_are_the_reason_when_nothing_is_near(
    samples: Generation,
) -> None:
    judgement = judged(samples, "Were zebras seen?", -1.0)
    assert judgement.verdict is Verdict.NONE
    assert judgement.reason == "no document mentions zebras"


@pytest.mark.parametrize(
    ("threshold", "shift", "verdict", "reason"),
    [
        ("found_from", 0.01, Verdict.FOUND, MATCH),
        ("found_from", -0.01, Verdict.RELATED,
         "passages are near the question, but no passage that mentions Sung Kim has {lacking}"),
        ("near_from", -0.01, Verdict.NONE, "no passage that mentions Sung Kim has {lacking}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Did Sung Kim agree on tourism?", "“tourism”"),
        ("Sung Kim, the earthquake!", "“earthquake”"),
        ("After the earthquake, was Sung Kim for tourism?", "“earthquake” or “tourism”"),
    ],
)
def test_what_no_passage_has_beside_the_name_is_the_reason(
    samples: Generation, question: str, lacking: str, threshold: str, shift: float,
    verdict: Verdict, reason: str,
) -> None:  # fmt: skip
    facts = judged(samples, question, 0.0).facts
    assert facts["apart"] > 0
    at = getattr(samples.calibration, threshold) + shift
    judgement = judged(samples, question, nearness_at(samples, at, facts))
    assert (judgement.verdict, judgement.reason) == (verdict, reason.format(lacking=lacking))


def test_how_much_stands_apart_counts_by_how_much_it_tells(samples: Generation) -> None:
    told = samples.lexical.weights({"agre": 1.0, "tourism": 1.0})
    judgement = judged(samples, "Did Sung Kim agree on tourism?", 0.45)
    assert judgement.facts["apart"] == told["tourism"] / (told["agre"] + told["tourism"])


def test_what_stands_beside_the_name_is_no_lack(samples: Generation) -> None:
    assert judged(samples, "What was agreed with Sung Kim on defectors?", 0.9).facts["apart"] == 0


def test_a_question_in_the_letters_of_no_document_is_not_held_to_their_words(
    samples: Generation,
) -> None:
    assert judged(samples, "성 김과 무엇에 합의했나요? Sung Kim", 0.9).facts["apart"] == 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Was Trussell in Oslo in May 2022?", ""),
        ("Was Blorkwitz in Oslo in May 2022?", "no document mentions Blorkwitz"),
        ("Was Yorrick in Oslo in May 2022?", "no document dated May 2022 mentions Yorrick"),
    ],
)
def test_a_name_is_looked_for_in_every_document_of_the_time(
    shelf: Shelf, question: str, said: str
) -> None:
    for name, who in (("one", "Anna Trussell"), ("two", "nobody"), ("three", "nobody")):
        shelf.write(**{name: f"Press Releases\n\nA Note\n\nMay 3, 2022\n\nIn Oslo was {who}.\n"})
    shelf.write(four="Press Releases\n\nA Note\n\nMay 3, 2021\n\nIn Oslo was Yorrick.\n")
    shelf.index()
    reason = shelf.ask(question).reason
    assert reason.endswith(said)
    assert ("mentions" in reason) is bool(said)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Was Trussell with Yorrick in May 2022?", "mentions Trussell and Yorrick together"),
        ("Was Trussell with Nils Oldmann in May 2022?", ""),  # in two paragraphs of one document
        ("Was Trussell with Yorrick in May 2021?", ""),
        ("Was Trussell with Yorrick?", ""),
        ("Was Oldmann with Belgium in May 2022?", ""),  # Belgians: another ending
    ],
)
def test_names_are_looked_for_together_in_each_document_of_the_time(
    shelf: Shelf, question: str, said: str
) -> None:
    page = "Press Releases\n\nA Note\n\nMay 3, {}\n\n1. In Oslo was {}.\n\n2. Later came {}.\n"
    for name, values in {
        "one": (2022, "Anna Trussell", "Nils Oldmann with the Belgians"),
        "two": (2022, "Piet Yorrick", "nobody from Belgium"),
        "three": (2021, "Anna Trussell", "Piet Yorrick"),
    }.items():
        shelf.write(**{name: page.format(*values)})
    shelf.index()
    answer = shelf.ask(question)
    assert answer.reason.endswith(said)
    assert ("together" in answer.reason) is bool(said)
    assert answer.verdict is (Verdict.RELATED if said else Verdict.FOUND)


def test_a_document_without_a_day_may_be_of_the_time_that_is_asked_about(shelf: Shelf) -> None:
    shelf.write(
        one="Speech\n\nYorrick spoke of the digital divide in the provinces.\n",
        two="Press Releases\n\nA Note\n\nMay 3, 2022\n\nIn 2023 schools are to be built.\n",
    )
    shelf.index()
    answer = shelf.ask("What did Yorrick say about the digital divide in 2023?")
    assert answer.passages[0].document.id == "one.txt"
    assert "has no date, and may not be of 2023" in answer.reason


def test_names_make_one_phrase() -> None:
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A or B"
    assert listed(["A", "B", "C"], "and") == "A, B and C"


def test_a_heading_names_the_time_of_what_stands_under_it(shelf: Shelf) -> None:
    shelf.write(
        one="Press Releases\n\nA Note\n\nMay 3, 2022\n\nIn Oslo was nobody.\n",
        two="Terms of Use\n\nVersion of 1 August 2024\n\nNobody may swim in the harbour.\n",
    )
    shelf.index()
    answer = shelf.ask("What happened in August 2024?")
    assert answer.verdict is Verdict.FOUND and answer.passages[0].document.id == "two.txt"
    assert "nothing is" not in answer.reason
