"""What the bot remembers of followed questions: told once, and gone with their questions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Shelf, release

from bot.slack.question import Question
from bot.slack.store.follows import Follow
from bot.slack.store.store import STATE, Store
from retriever.index.generation import Generation

DAY = 86_400.0
NOW = 1_000 * DAY


def asked(name: str, user: str = "U1", **fields: str) -> Question:
    given = {"ts": name, "thread": name, "reference": name, **fields}
    return Question("mention", "T1", "C1", user, f"{name}?", f"key {name}", **given)  # type: ignore[arg-type]


def news_of(follow: Follow, generation: str, step: int) -> Question:
    return replace(
        follow.question, surface="news", key=f"news:{follow.question.reference}:{generation}",
        reference=f"news {generation}", following=follow.question.reference,
        new_after=follow.step, new_until=step,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / STATE, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def generation(shelf: Shelf) -> Generation:
    return Generation.open(shelf.home, fast=True)


def keep(store: Store, generation: Generation, *questions: Question) -> None:
    for each in questions:
        assert store.questions.claim(each)
        store.questions.finish(each, "found")
        store.follows.begin(each, each.user, "T1", generation, None)


def next_generation(shelf: Shelf, name: str) -> Generation:
    shelf.write(**{name: release("News", "2024-01-02", f"There are {len(name)} news on {name}.")})
    shelf.index()
    return Generation.open(shelf.home, fast=True)


def test_the_news_of_a_generation_is_claimed_by_one_process(
    store: Store, shelf: Shelf, generation: Generation, tmp_path: Path
) -> None:
    keep(store, generation, asked("one"))
    assert store.follows.behind(generation.name) == []
    later = next_generation(shelf, "fish")
    step = store.follows.sight(later)
    (follow,) = store.follows.behind(later.name)
    news = news_of(follow, later.name, step)
    other = Store(tmp_path / STATE, clock=lambda: NOW)
    assert [len(each.follows.new_rows(later, news, None)) for each in (store, other)] == [1, 1]
    assert other.follows.advance(follow, step, None, replace(news, reference="other"))
    assert not store.follows.advance(follow, step, None, news)
    assert store.follows.behind(later.name) == []
    assert store.questions.find("other") and not store.questions.find(news.reference)
    assert len(store.follows.new_rows(later, news, None)) == 1  # as long as it is told
    other.close()


def test_news_is_never_too_late(store: Store, shelf: Shelf, generation: Generation) -> None:
    keep(store, generation, asked("one"))
    later = next_generation(shelf, "fish")
    step = store.follows.sight(later)
    (follow,) = store.follows.behind(later.name)
    news = news_of(follow, later.name, step)
    assert store.follows.advance(follow, step, None, news)
    late = asked("late")
    assert store.questions.claim(late)
    store.questions._clock = lambda: NOW + 3 * DAY
    assert store.questions.unanswered() == [(news, "")]


def test_a_question_is_followed_once(store: Store, generation: Generation) -> None:
    keep(store, generation, asked("one"))
    store.follows.begin(asked("one"), "U2", "T1", generation, ["open"])
    assert store.follows.of("U2", "C9") == []
    assert store.follows.of("U1", "C9") == store.follows.of("U2", "C1") == [asked("one")]
    assert store.follows.stop("one") and not store.follows.stop("one")


def test_of_what_was_asked_in_private_nobody_else_is_told(
    store: Store, generation: Generation
) -> None:
    keep(store, generation, asked("one", ts="", thread=""))
    assert store.follows.of("U2", "C1") == [] and store.follows.of("U1", "C1")


def test_a_follow_goes_with_its_question_and_its_person(
    store: Store, generation: Generation
) -> None:
    keep(store, generation, asked("one"), asked("two", "U2"), asked("three"))
    store.follows.stop("three")
    store.follows.begin(asked("three"), "U2", "T1", generation, None)
    store.forget_person("U2")
    assert [each.reference for each in store.follows.of("U2", "C1")] == ["one"]
    store.questions.amend("T1:C1:one", None, "", "9")
    assert store.follows.of("U1", "C1") == []
    keep(store, generation, asked("four"))
    store.forget_team("T1")
    assert store.follows.of("U1", "C1") == []


def test_news_is_forgotten_with_who_asked(
    store: Store, shelf: Shelf, generation: Generation
) -> None:
    one = asked("one")
    assert store.questions.claim(one)
    store.follows.begin(one, "U2", "T1", generation, None)
    later = next_generation(shelf, "fish")
    step = store.follows.sight(later)
    (follow,) = store.follows.behind(later.name)
    news = replace(news_of(follow, later.name, step), user="U2")
    assert store.follows.advance(follow, step, None, news)
    store.forget_person("U1")
    assert not store.questions.find(news.reference) and not store.follows.of("U2", "C1")


def test_a_question_that_is_followed_is_kept(store: Store, generation: Generation) -> None:
    keep(store, generation, asked("one"), asked("two"))
    store.follows.stop("two")
    store._clock = lambda: NOW + 90 * DAY
    store.prune()
    assert store.questions.find("one") and not store.questions.find("two")
    store.forget_older(30)
    assert not store.questions.find("one") and not store.follows.of("U1", "C1")


def test_news_is_no_turn_of_its_thread(store: Store, shelf: Shelf, generation: Generation) -> None:
    keep(store, generation, asked("1"))
    later = next_generation(shelf, "fish")
    step = store.follows.sight(later)
    (follow,) = store.follows.behind(later.name)
    news = news_of(follow, later.name, step)
    store.follows.advance(follow, step, None, news)
    store.questions.finish(replace(news, answered_at="7"), "found")
    follow_up = replace(asked("8"), thread="1")
    assert store.questions.earlier(follow_up) == ("1?",)
    assert store.questions.asked_by("T1:C1:1") == asked("1")


def test_a_folder_that_has_another_name_brings_no_news(
    store: Store, shelf: Shelf, generation: Generation
) -> None:
    """`known` to the follow is what stood in the folders that it could see."""
    one = asked("one")
    assert store.questions.claim(one)
    store.follows.begin(one, "U1", "T1", generation, ["releases"])
    shelf.folder.rename(shelf.folder.with_name("statements"))
    moved = Shelf(shelf.folder.with_name("statements"), shelf.home)
    later = next_generation(moved, "fish")
    step = store.follows.sight(later)
    (follow,) = store.follows.behind(later.name)
    news = news_of(follow, later.name, step)
    rows = store.follows.new_rows(later, news, ["statements"])
    assert [later.store.passage(row).text for row in rows.rows.tolist()] == [
        "There are 4 news on fish."
    ]
    assert store.follows.advance(follow, step, ["statements"], None)
    again = next_generation(moved, "bread")
    (follow,) = store.follows.behind(again.name)
    news = news_of(follow, again.name, store.follows.sight(again))
    assert len(store.follows.new_rows(again, news, ["statements"])) == 1
