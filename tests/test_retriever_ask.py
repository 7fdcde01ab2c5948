"""Answers over the samples: the question of the house, and every shown word in its file."""

import datetime
import random

import pytest
from conftest import HARBOUR, SAMPLES, Shelf

from corpus.decoding import decode
from retriever.answer import Answer, Verdict
from retriever.ask import ask
from retriever.generation import Generation
from retriever.lexical import terms_of
from retriever.question import read_question
from retriever.ranking import rank
from retriever.receipts import State, verify
from retriever.verdict import FOUND_FROM, RELATED_FROM, strength

TALKS = "mofa_322308_special_representatives.txt"
WITH_SUNG_KIM = {TALKS, "mofa_321722.txt", "uniedu_46557.txt"}


def is_verbatim(answer: Answer, generation: Generation) -> None:
    """Every text is a slice of its file, its highlights lie inside, its citation holds."""
    for hit in answer.passages:
        source, _ = decode((SAMPLES / hit.document.id).read_bytes())
        stored = generation.store.passages_of(
            generation.store.document_named(hit.document.id).number  # type: ignore[union-attr]
        )
        passage = next(each for each in stored if each.label == hit.label)
        assert source[passage.start : passage.end] == passage.text == hit.text != ""
        assert all(0 <= start < end <= len(hit.text) for start, end in hit.highlights)
        assert verify(generation.store, hit.citation).state is State.VALID
        assert hit.document.path == str(SAMPLES / hit.document.id)


def test_what_was_agreed_with_sung_kim(samples: Generation) -> None:
    answer = ask(samples, "What was agreed with Sung Kim?")
    assert answer.verdict is Verdict.FOUND
    assert answer.searched.names == ("Sung Kim",)
    assert [hit.rank for hit in answer.passages] == [1, 2, 3, 4, 5]
    assert {hit.document.id for hit in answer.passages[:3]} <= WITH_SUNG_KIM
    first = answer.passages[0]
    assert first.document.id == TALKS
    assert (first.document.posted, first.document.event) == ("2023-10-17", "2023-10-16")
    assert "agreed" in first.text or "committed" in first.text
    assert answer.documents == 32
    assert answer.withheld == ()
    is_verbatim(answer, samples)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Who became ambassador for North Korean human rights?", "mofa_317523_c"),
        ("How much money did Korea give for Yemen?", "mofa_321108_mirror.txt"),
        ("Which partnership was adopted with the European Union?", "mofa_322708_clean.txt"),
        ("ships designated for smuggling coal", "mofa_322462.txt"),
        ("Kishida and Yun Byung-se in Brunei", "mofajp_page6e_000100.txt"),
    ],
)
def test_questions_find_their_release(samples: Generation, question: str, document: str) -> None:
    answer = ask(samples, question)
    assert answer.verdict is Verdict.FOUND
    assert answer.passages[0].document.id.startswith(document)


def test_random_questions_are_answered_word_for_word(samples: Generation) -> None:
    texts = [samples.store.passage(row).text for row in range(samples.store.count)]
    known = sorted({word for text in texts for word in text.split()})
    chance = random.Random(20231016)
    shown = 0
    for _ in range(60):
        answer = ask(samples, " ".join(chance.sample(known, chance.randint(1, 9))), top=10)
        is_verbatim(answer, samples)
        shown += len(answer.passages)
        allowed = {Verdict.FOUND: 10, Verdict.RELATED: 2, Verdict.NONE: 0}[answer.verdict]
        assert len(answer.passages) <= allowed
        for hit in answer.passages:
            assert sum(share.points for share in hit.shares) == pytest.approx(hit.score, abs=1e-6)
        scores = [hit.score for hit in answer.passages]
        assert scores == sorted(scores, reverse=True)
        assert all(text.strip() for text in (answer.reason, answer.generation))
    assert shown > 60


def test_the_same_question_has_the_same_answer(samples: Generation) -> None:
    first, second = (ask(samples, "defectors and human rights").passages for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("question", "names"),
    [("Did Zaphod Quxley meet Sung Kim?", ("Zaphod Quxley", "Sung Kim"))],
)
def test_unknown_names_are_not_answered(
    samples: Generation, question: str, names: tuple[str, ...]
) -> None:
    answer = ask(samples, question)
    assert (answer.verdict, answer.passages) == (Verdict.NONE, ())
    assert answer.searched.names == names
    assert answer.reason == "no document mentions Zaphod Quxley"


@pytest.mark.parametrize(
    "question",
    ["the of and", "*", "AND (", '"', "???", "zebra stripes quokka", "recipe for apple pie"],
)
def test_what_is_not_in_the_documents_shows_nothing(samples: Generation, question: str) -> None:
    answer = ask(samples, question)
    assert (answer.verdict, answer.passages) == (Verdict.NONE, ())
    assert answer.reason


@pytest.mark.parametrize(
    "question",
    ['title:"sanctions', "sanctions AND (", "*sanctions*", "sanctions\x00", "sanc\ud800"],
)
def test_odd_characters_do_no_harm(samples: Generation, question: str) -> None:
    is_verbatim(ask(samples, question), samples)


def test_korean_is_read(samples: Generation) -> None:
    answer = ask(samples, "성 김 대표와 무엇을 합의했습니까?")
    assert answer.searched.text == "성 김 대표와 무엇을 합의했습니까?"
    is_verbatim(answer, samples)


def test_a_follow_up_says_what_was_searched(samples: Generation) -> None:
    answer = ask(samples, "and about defectors?", history=["What was agreed with Sung Kim?"])
    assert answer.question == "and about defectors?"
    assert answer.searched.text == "What was agreed with Sung Kim? and about defectors?"
    assert answer.passages[0].document.id == TALKS
    assert "defectors" in answer.passages[0].text


def test_days_bound_the_documents(samples: Generation) -> None:
    question = "statements on North Korea"
    after, before = datetime.date(2023, 10, 16), datetime.date(2023, 10, 17)
    answer = ask(samples, question, top=100, after=after, before=before)
    assert (answer.searched.after, answer.searched.before) == ("2023-10-16", "2023-10-17")
    days = {(hit.document.id, hit.document.posted, hit.document.event) for hit in answer.passages}
    assert (TALKS, "2023-10-17", "2023-10-16") in days
    for _, posted, event in days:
        dated = [day for day in (posted, event) if day and not day.startswith("--")]
        assert not dated or any("2023-10-16" <= day <= "2023-10-17" for day in dated)


def test_both_ends_of_the_range_count(shelf: Shelf) -> None:
    question = "What was agreed about the harbor of Busan?"

    def found(after: str, before: str) -> bool:
        days = {name: datetime.date.fromisoformat(day)
                for name, day in (("after", after), ("before", before))}  # fmt: skip
        return any(hit.document.id == "harbour.txt" for hit in shelf.ask(question, **days).passages)

    assert found("2021-03-03", "2021-03-03")  # the day of the event
    assert found("2021-03-04", "2021-03-04")  # the day it was posted
    assert not found("2021-03-05", "2023-01-01")
    assert not found("2020-01-01", "2021-03-02")
    assert not found("2023-01-01", "2021-01-01")


def test_copies_are_shown_once_and_named(shelf: Shelf) -> None:
    shelf.write(copy=HARBOUR)
    shelf.index()
    question = "What was agreed about the harbor of Busan?"
    for top in (5, 1):
        first, *others = shelf.ask(question, top=top).passages
        assert first.document.id in ("copy.txt", "harbour.txt")
        assert len(first.also_in) == 1
        assert first.also_in[0].split("@")[0] in ("harbour.txt#2", "copy.txt#2")
        assert first.text not in {hit.text for hit in others}


def test_near_passages_are_few_and_below_the_threshold(samples: Generation) -> None:
    chance = random.Random(3)
    known = sorted({t for r in range(samples.store.count)
                    for t in terms_of(samples.store.passage(r).text)})  # fmt: skip
    verdicts = set()
    for _ in range(40):
        words = [*chance.sample(known, 2), "zebra", "recipe"]
        answer = ask(samples, " ".join(words))
        verdicts.add(answer.verdict)
        reading = read_question(" ".join(words))
        best = strength(samples.lexical, reading, rank(samples, reading))
        if answer.verdict is Verdict.RELATED:
            assert RELATED_FROM <= best < FOUND_FROM
            assert len(answer.passages) <= 2
        elif answer.verdict is Verdict.FOUND:
            assert best >= FOUND_FROM
        else:
            assert answer.passages == ()
    assert Verdict.RELATED in verdicts
