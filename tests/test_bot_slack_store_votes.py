"""Votes: the last one counts, and what agrees with a chosen passage leaves it."""

from pathlib import Path

import pytest
from slack_bot import QUESTION, installed, replies

from bot.slack.question import Question
from bot.slack.store.store import Store
from bot.slack.store.votes import Vote
from retriever.index.home import Home


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "state.db")
    question = Question("command", "T1", "C1", "U1", "Who met?", "key", reference="r")
    made.questions.claim(question)
    made.questions.finish(question, "found", 1.0, ["first.txt:1", "second.txt:2"])
    return made


def only(store: Store) -> Vote:
    (vote,) = store.votes.all()
    return vote


def test_the_last_vote_counts(store: Store) -> None:
    store.votes.cast("r", "U1", "down", "the other one")
    assert (only(store).vote, only(store).comment, only(store).answer) == (
        "down", "the other one", "",
    )  # fmt: skip
    store.votes.cast("r", "U1", "up")
    assert (only(store).vote, only(store).answer) == ("up", "first.txt:1")


def test_a_chosen_passage_outlives_a_vote_that_agrees(store: Store) -> None:
    store.votes.cast("r", "U1", "chosen", chosen="third.txt:3")
    store.votes.cast("r", "U1", "down")
    store.votes.cast("r", "U1", "down", "it is there")
    assert (only(store).vote, only(store).comment, only(store).answer) == (
        "chosen", "it is there", "third.txt:3",
    )  # fmt: skip
    store.votes.cast("r", "U1", "chosen", chosen="fourth.txt:4")
    assert only(store).answer == "fourth.txt:4"
    store.votes.cast("r", "U1", "up")
    assert (only(store).vote, only(store).citations) == ("up", ("first.txt:1", "second.txt:2"))


def test_who_is_not_answered_does_not_vote(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        asked = slack.mention(QUESTION)
        (answer,) = replies(slack, asked.channel, asked.ts)
        slack.feedback(answer, "down", "U0GUEST").wait()
        slack.feedback(answer, "up", "U0BOB").wait()
        slack.settle()
        assert not slack.views("U0GUEST")
    kept = Store(copied.path / "state.db")
    assert only(kept).vote == "up"
    kept.close()
