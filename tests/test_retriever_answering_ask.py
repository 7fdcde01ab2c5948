"""Answers over the samples: the question of the house, and every shown word in its file."""

import datetime
import math
import random

import pytest
from conftest import HARBOUR, SAMPLES, Shelf

from corpus.text.decoding import decode
from retriever.answering.answer import Answer, Searched, Verdict
from retriever.answering.ask import ask
from retriever.answering.search import find
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import verify
from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of

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
        assert verify(generation.store, hit.citation).state is CitationState.HOLDS
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
        allowed = 0 if answer.verdict is Verdict.NONE else 10
        assert len(answer.passages) <= allowed
        scores = [hit.score for hit in answer.passages]
        assert scores == sorted(scores, reverse=True)
        assert all(text.strip() for text in (answer.reason, answer.generation))
    assert shown > 60


def test_shares_add_up_to_the_probability(samples: Generation) -> None:
    texts = [samples.store.passage(row).text for row in range(samples.store.count)]
    known = sorted({word for text in texts for word in text.split()})
    added = ["latest", "agreed", "in October 2023", "since 2022", "Sung Kim", "earliest", "zebra"]
    chance = random.Random(6)
    evidence = set()
    for _ in range(300):
        words = [*chance.sample(known, chance.randint(1, 6)), *chance.sample(added, 2)]
        history = ["What was agreed with Sung Kim?"] * chance.randint(0, 1)
        answer = ask(samples, " ".join(words), history=history, asked_on=datetime.date(2024, 1, 1))
        for hit in answer.passages:
            assert 0 < hit.score < 1
            assert sum(share.points for share in hit.shares) == pytest.approx(hit.score, abs=1e-6)
            odds = sum(share.value * share.weight for share in hit.shares)
            assert 1 / (1 + math.exp(-odds)) == pytest.approx(hit.score, abs=1e-6)
            evidence |= {share.evidence for share in hit.shares}
    assert evidence >= {"question", "meaning", "words", "coverage", "outcome", "date", "order"}


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
    assert answer.searched.text == "Sung Kim 대표와 무엇을 합의했습니까?"
    assert answer.searched.spelt == (("성 김", "Sung Kim"),)
    assert answer.passages[0].document.id == TALKS
    is_verbatim(answer, samples)


def test_a_follow_up_says_what_was_searched(samples: Generation) -> None:
    answer = ask(samples, "and about defectors?", history=["What was agreed with Sung Kim?"])
    assert answer.question == "and about defectors?"
    assert answer.searched.text == "What was agreed with Sung Kim. and about defectors?"
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


def test_passages_are_shown_unless_there_is_no_answer(samples: Generation) -> None:
    chance = random.Random(3)
    known = sorted({t for r in range(samples.store.count)
                    for t in terms_of(samples.store.passage(r).text)})  # fmt: skip
    verdicts = set()
    for _ in range(40):
        words = [*chance.sample(known, 4), "zebra"]
        answer = ask(samples, " ".join(words))
        verdicts.add(answer.verdict)
        judgement = find(samples, " ".join(words)).judgement
        assert judgement.verdict is answer.verdict
        assert bool(answer.passages) is (answer.verdict is not Verdict.NONE)
    assert Verdict.RELATED in verdicts


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("What was agreed in Busan in March 2021?", "harbour.txt"),
        ("What happened in June 2022?", "vaccines.txt"),
        ("What happened on 9 June 2022?", "vaccines.txt"),
        ("What was opened since 2023?", "culture.txt"),
    ],
)
def test_a_period_is_answered_from_its_documents(
    shelf: Shelf, question: str, document: str
) -> None:
    answer = shelf.ask(question)
    assert answer.verdict is not Verdict.NONE
    assert len(answer.searched.periods) == 1
    assert {hit.document.id for hit in answer.passages} == {document}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What happened in January 2020?", "nothing is dated January 2020"),
        ("What did Elbonia say in April 2021?", "nothing is dated April 2021"),
        ("What happened in April 2025?", "nothing is dated April 2025"),  # a text says "by 2025"
        ("What happened in May 2025?", "nothing is dated May 2025"),
        ("films in October or December 2023", "nothing is dated October 2023 or December 2023"),
        ("What did Alice Brown do in June 2022?",
         "no document dated June 2022 mentions Alice Brown"),
        ("Did Alice Brown meet Carl Diaz in September 2023?",
         "no document dated September 2023 mentions Alice Brown or Carl Diaz"),
        ("What did Wim Blorkwitz say about the harbor?", "no document mentions Wim Blorkwitz"),
        ("What did Wim Blorkwitz say in March 2021?", "no document mentions Wim Blorkwitz"),
    ],
)  # fmt: skip
def test_what_a_question_names_and_no_document_has(
    shelf: Shelf, question: str, reason: str
) -> None:
    answer = shelf.ask(question)
    assert answer.verdict is not Verdict.FOUND
    near = "passages are near the question, but " if answer.passages else ""
    assert answer.reason == near + reason


@pytest.mark.parametrize(
    ("asked_on", "period", "documents"),
    [
        ("2023-10-05", "September 2023", {"culture.txt"}),
        ("2022-07-31", "June 2022", {"vaccines.txt"}),
        ("2022-01-01", "December 2021", set()),
    ],
)
def test_last_month_counts_from_the_day_of_the_question(
    shelf: Shelf, asked_on: str, period: str, documents: set[str]
) -> None:
    asked = datetime.date.fromisoformat(asked_on)
    answer = shelf.ask("What happened last month?", asked_on=asked)
    assert answer.searched.periods == (period,)
    assert {hit.document.id for hit in answer.passages} == documents
    assert documents or answer.reason == f"nothing is dated {period}"


def test_a_literal_question_is_searched_for_as_it_is_typed(shelf: Shelf) -> None:
    generation = Generation.open(shelf.home)
    question = "latest on the harbour of Bussan in 2019?"
    read, literal = (ask(generation, question, literal=flag) for flag in (False, True))
    assert (read.verdict, read.searched.periods) == (Verdict.NONE, ("2019",))
    assert literal.searched == Searched(question, literal=True)
    assert literal.verdict is not Verdict.NONE
    assert ask(generation, "thanks!", history=[question]).verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("order", "best"), [("latest", "again.txt"), ("earliest", "harbour.txt"), (None, None)]
)
def test_of_equal_releases_the_day_that_is_asked_for_comes_first(
    shelf: Shelf, order: str | None, best: str | None
) -> None:
    later = HARBOUR.replace("2021-03-04", "2024-03-05").replace("2025", "2029")
    shelf.write(again=later)
    shelf.index()
    answer = shelf.ask(f"What was agreed in the {order or ''} talks on the harbor of Busan?")
    assert answer.searched.order == order
    assert best in (None, answer.passages[0].document.id)
    assert ("order" in {share.evidence for share in answer.passages[0].shares}) is bool(order)


@pytest.mark.parametrize(
    ("question", "spelt", "document"),
    [
        ("Whom did Alise Brown meet in Busan?", ("Alise", "Alice"), "harbour.txt"),
        ("What did Govenor Diaz praise?", ("Govenor", "Governor"), "harbour.txt"),
        ("vaccines to Fredonia", ("Fredonia", "freedonia"), "vaccines.txt"),
    ],
)
def test_a_misspelt_name_is_found_and_said(
    shelf: Shelf, question: str, spelt: tuple[str, str], document: str
) -> None:
    answer = shelf.ask(question)
    assert answer.verdict is Verdict.FOUND
    assert answer.searched.spelt == (spelt,)
    assert answer.passages[0].document.id == document


@pytest.mark.parametrize(
    ("within", "verdict", "reason"),
    [
        (("harbour.txt",), Verdict.FOUND, "passages match the question's words and meaning"),
        (("vaccines.txt",), Verdict.NONE,
         "no document mentions Busan, in the document asked about"),
        (("vaccines.txt", "culture.txt"), Verdict.NONE,
         "no document mentions Busan, in the 2 documents asked about"),
        (("gone.txt",), Verdict.NONE,
         "the index has no document that the question is restricted to"),
        (("gone.txt", "harbour.txt"), Verdict.FOUND,
         "passages match the question's words and meaning"),
    ],
)  # fmt: skip
def test_within_names_the_only_documents(
    shelf: Shelf, within: tuple[str, ...], verdict: Verdict, reason: str
) -> None:
    answer = shelf.ask("What was agreed about the harbor of Busan?", within=within)
    assert (answer.verdict, answer.reason, answer.searched.within) == (verdict, reason, within)
    assert {hit.document.id for hit in answer.passages} <= set(within)


@pytest.mark.parametrize(
    ("after", "before", "within", "searched"),
    [
        ("2022-03-01", None, (), "what is dated from 1 March 2022"),
        (None, "2023-12-31", ("culture.txt",),
         "what is dated until 31 December 2023 of the document asked about"),
        ("2022-01-01", "2022-12-31", (), "what is dated 2022"),
        ("2022-03-01", None, ("vaccines.txt",),
         "what is dated from 1 March 2022 of the document asked about"),
        ("2022-03-01", None, ("vaccines.txt", "culture.txt"),
         "what is dated from 1 March 2022 of the 2 documents asked about"),
    ],
)  # fmt: skip
def test_a_reason_says_that_the_search_was_restricted(
    shelf: Shelf, after: str | None, before: str | None, within: tuple[str, ...], searched: str
) -> None:
    days = {name: datetime.date.fromisoformat(day)
            for name, day in (("after", after), ("before", before)) if day}  # fmt: skip
    question = "What was agreed about the harbor of Busan?"
    answer = shelf.ask(question, within=within, **days)
    assert (answer.verdict, answer.reason) == (
        Verdict.NONE, f"no document mentions Busan, in {searched}",
    )  # fmt: skip
    assert shelf.ask(question).reason == "passages match the question's words and meaning"
    unknown = shelf.ask("What did Wim Blorkwitz say?", within=("vaccines.txt",))
    assert unknown.reason == "no document mentions Wim Blorkwitz, in the document asked about"


def test_what_is_asked_of_next_month_may_be_announced(shelf: Shelf) -> None:
    asked = datetime.date(2021, 3, 10)
    question = "What was agreed about the harbor of Busan"
    assert shelf.ask(f"{question} for next month?", asked_on=asked).verdict is Verdict.FOUND
    dated = shelf.ask(f"{question} until next month?", asked_on=asked)
    assert dated.searched.periods == ("until 30 April 2021",)
