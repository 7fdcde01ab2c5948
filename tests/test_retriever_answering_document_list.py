"""Which documents mention something: counted, in order, each with its passage."""

import datetime
from pathlib import Path

import pytest
from conftest import Shelf, release

from retriever.answering.answer import Answer, Verdict
from retriever.answering.ask import ask, list_documents
from retriever.build.build import build_index
from retriever.errors import QuestionRefused
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.question.corpus_questions import Wanted

TALKS = {
    "visit": release(
        "Envoy Visits Elbonia", "2021-03-04",
        "Envoy Cho Tae-yul arrived in Elbonia. Sanctions were not on the agenda.",
        "He praised the price of fish in the port, where he was shown the new cranes.",
    ),
    "meeting": release(
        "Talks in Freedonia", "2022-05-02",
        "Cho Taeyul met Minister Rufus T. Firefly in Freedonia on May 2.",
        "They sanctioned two banks.",
    ),
    "reissued": release(
        "Talks in Freedonia", "2022-05-04",
        "Cho Taeyul met Minister Rufus T. Firefly in Freedonia on May 2.",
        "They sanctioned two banks.",
    ),
    "call": release(
        "Phone Call", "2023-01-09",
        "Tae-yul Cho's call with Rufus Firefly dealt with the rule of law.",
        "Spokesman Ann Price said so, and child labour was named too.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def talks(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Generation:
    place = tmp_path_factory.mktemp("talks")
    for folder, names in {"open": ("visit", "meeting"), "closed": ("reissued", "call")}.items():
        (place / folder).mkdir()
        for name in names:
            (place / folder / f"{name}.txt").write_text(TALKS[name], "utf-8")
    home = Home(place / "home", models)
    build_index(home, [place / "open", place / "closed"])
    return Generation.open(home, fast=True)


def named(answer: Answer) -> list[str]:
    return [hit.document.id.rpartition("/")[2].removesuffix(".txt") for hit in answer.passages]


def counted(answer: Answer) -> tuple[int, int]:
    assert answer.mentioned is not None
    return answer.mentioned.documents, answer.mentioned.copies


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Cho Tae-yul", ["call", "reissued", "visit"]),  # joined, in the other order, with 's
        ("Rufus Firefly", ["call", "reissued"]),  # with an initial
        ("Envoy Cho Tae-yul", ["call", "reissued", "visit"]),  # whatever his office
        ("sanctions", ["reissued", "visit"]),  # in any form
        ("child labor", ["call"]),  # as they spell it
        ("rule of law", ["call"]),
        ("Price", ["call"]),  # and not the price of fish
        ('"price of fish"', ["visit"]),
        ("Elbonia or Firefly", ["call", "reissued", "visit"]),
        ("sanctions and Elbonia", ["visit"]),
        ("Elbonia in 2022", []),
        ("the Freedonia", ["reissued"]),
        ("", ["call", "reissued", "visit"]),
    ],
)
def test_a_document_mentions_what_its_title_or_a_passage_says(
    talks: Generation, words: str, found: list[str]
) -> None:
    answer = list_documents(talks, words)
    assert named(answer) == found
    assert answer.verdict is (Verdict.FOUND if found else Verdict.NONE)


def test_copies_count_once_and_stand_beside_the_document(talks: Generation) -> None:
    answer = ask(talks, "How many documents mention Freedonia?")
    assert (answer.listed, answer.reason) == (Wanted.COUNT, "1 document mentions “Freedonia”")
    assert counted(answer) == (1, 1)
    (hit,) = answer.passages
    assert hit.document.id.endswith("reissued.txt")
    assert [each.partition("#")[0].endswith("meeting.txt") for each in hit.also_in] == [True]


def test_the_passage_is_the_one_that_mentions_it(talks: Generation) -> None:
    (hit,) = ask(talks, "list all documents about fish").passages
    start, end = hit.highlights[0]
    assert hit.label == "2" and "price of fish" in hit.text[start:end]
    (hit, *_) = ask(talks, "list all documents on sanctions").passages
    assert hit.text == "They sanctioned two banks."


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("timeline of Cho Tae-yul", ["visit", "meeting", "call"]),
        ("When was Cho Tae-yul first mentioned?", ["visit"]),
        ("When was Cho Tae-yul last mentioned?", ["call"]),
        ("When did Cho Tae-yul first meet Firefly?", ["meeting"]),
    ],
)
def test_what_asks_for_time_is_in_the_order_of_days(
    talks: Generation, question: str, found: list[str]
) -> None:
    assert named(ask(talks, question)) == found


def test_all_are_shown_to_who_asks_for_more_than_the_first(talks: Generation) -> None:
    question = "When was Cho Tae-yul first mentioned?"
    assert named(ask(talks, question, most_listed=10)) == ["visit", "meeting", "call"]


def test_who_never_met_is_asked_in_other_words(talks: Generation) -> None:
    answer = ask(talks, "When did Cho Tae-yul first meet Ann Price?")
    assert answer.listed is None


def test_what_nobody_mentions_is_denied(talks: Generation) -> None:
    answer = ask(talks, "How many documents mention Zorblatt?")
    assert (answer.verdict, answer.reason) == (
        Verdict.NONE,
        "no document mentions “Zorblatt”",
    )
    assert counted(answer) == (0, 0)


def test_a_time_is_kept_and_replaced_by_a_follow_up(talks: Generation) -> None:
    first = "How many releases mention Cho Tae-yul in 2021?"
    assert named(ask(talks, first)) == ["visit"]
    assert named(ask(talks, "and in 2022?", history=[first])) == ["reissued"]
    assert named(ask(talks, "what about Firefly?", history=[first])) == []
    assert named(ask(talks, "list them", history=[first, "and in 2022?"])) == ["reissued"]


def test_they_are_those_of_the_thread(talks: Generation) -> None:
    thread = ["What did Cho Tae-yul and Rufus Firefly discuss?"]
    assert named(ask(talks, "when did they first meet?", history=thread)) == ["meeting"]


def test_what_else_goes_on_behind_those_that_were_shown(shelf: Shelf) -> None:
    for day in range(1, 8):
        text = release(f"Note {day}", f"2024-01-0{day}", f"The harbor has {day} cranes now.")
        shelf.write(**{f"note{day}": text})
    shelf.index()
    first = "list all documents that mention cranes"
    assert named(shelf.ask(first)) == [f"note{number}" for number in (7, 6, 5, 4, 3)]
    assert named(shelf.ask("what else?", history=[first])) == ["note2", "note1"]


def test_restricted_lists_say_nothing_of_other_folders(talks: Generation) -> None:
    answer = ask(talks, "How many documents mention Firefly?", folders=["open"])
    assert (named(answer), counted(answer)) == (["meeting"], (1, 0))
    assert answer.passages[0].also_in == ()
    answer = ask(talks, "How many documents mention child labor?", folders=["open"])
    assert answer.reason == "no document mentions “child labor”"
    assert "labour" not in str(answer)


def test_days_restrict_a_list(talks: Generation) -> None:
    after = datetime.date(2022, 1, 1)
    assert named(list_documents(talks, "Cho Tae-yul", after=after)) == ["call", "reissued"]
    assert named(list_documents(talks, "Cho Tae-yul", phrases=["rule of law"])) == ["call"]


def test_words_that_name_nothing_are_refused(talks: Generation) -> None:
    with pytest.raises(QuestionRefused, match="name somebody or something"):
        list_documents(talks, "of the")


def test_a_document_that_changed_is_not_shown(shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    file.write_text(file.read_text("utf-8").replace("Alice Brown", "Alice Green"), "utf-8")
    answer = shelf.ask("list all documents that mention Alice Brown")
    assert (answer.verdict, answer.withheld) == (Verdict.NONE, ("harbour.txt",))


def test_an_ordinary_answer_says_how_many_documents_name_whom_it_asks_about(
    talks: Generation,
) -> None:
    answer = ask(talks, "What did Cho Tae-yul say on the rule of law?", top=1)
    assert answer.listed is None and answer.mentioned is not None
    assert counted(answer) == (3, 1)
    assert len(answer.mentioned.shown) == 1
    closed = ask(talks, "What did Cho Tae-yul say on the agenda?", top=1, folders=["open"])
    assert counted(closed) == (2, 0)


def test_what_is_typed_literally_is_no_question_about_the_corpus(talks: Generation) -> None:
    assert ask(talks, "How many documents mention Firefly?", literal=True).listed is None
