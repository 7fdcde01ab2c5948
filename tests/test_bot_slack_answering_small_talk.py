"""Small talk is told from questions, on messages that the judges have not learned from.

The samples answer; what has no answer in them is no passage that anybody is shown.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.answering.small_talk import is_talk
from bot.slack.question import Question
from embeddings import Encoder
from embeddings.training.messages import examples, lines
from retriever.answering.answer import Verdict
from retriever.answering.ask import ask
from retriever.index.generation import Generation

HERE = Path(__file__).parent
KIM = "What was agreed with Sung Kim?"


def heard(
    samples: Generation, text: str, surface: str = "direct", history: tuple[str, ...] = ()
) -> tuple[bool, Verdict]:
    """Whether a message is taken for talk, and what the samples have to answer it with."""
    question = Question(surface, "T1", "C1", "U1", text, "key", history=history)
    answer = ask(samples, text, history=history)
    return is_talk(samples, question, answer), answer.verdict


def questions(name: str) -> list[str]:
    """The questions of a file that stand alone."""
    read = map(json.loads, (HERE / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines())
    return [each["question"] for each in read if not each.get("history")]


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_talk_is_not_answered_with_passages(samples: Generation) -> None:
    told = [heard(samples, text) for text in lines("talk_kept")]
    assert share([not talk and verdict is not Verdict.NONE for talk, verdict in told]) <= 0.02
    assert share([talk for talk, _ in told]) >= 0.85


def test_questions_are_not_refused(samples: Generation) -> None:
    files = ("lookups", "near_misses_test", "follow_ups_test")
    asked = [text for name in files for text in questions(name)]
    assert share([heard(samples, text)[0] for text in asked]) <= 0.01


def test_requests_and_searches_in_many_languages_are_not_refused(samples: Generation) -> None:
    assert share([heard(samples, text)[0] for text in lines("asks_kept")]) <= 0.03


def test_nothing_that_was_learned_from_is_measured() -> None:
    learned = {each.text.casefold() for each in examples()}
    for kind in ("talk", "asks", "remarks", "continuations"):
        assert learned.isdisjoint(each.casefold() for each in lines(f"{kind}_kept"))
    for name in ("everyday", "asks", "threads"):
        apart = (HERE / "messages" / f"{name}.jsonl").read_text("utf-8").splitlines()
        said = [each.get("text", each.get("next", "")) for each in map(json.loads, apart)]
        assert "" not in said
        assert learned.isdisjoint(each.casefold() for each in said)


@pytest.mark.parametrize(
    "text",
    ["JCPOA", "Price on JCPOA", "show me Haiti", "call with Sung Kim", "Kuleba",
     "sanctions North Korea", "I am looking for the agreement with Vietnam",
     "please find Sung Kim for me", "show all statements on Haiti", "누가 자카르타에서 만났나요?",
     "help me find the agreement with Vietnam", KIM],
)  # fmt: skip
@pytest.mark.parametrize("surface", ["direct", "mention"])
def test_these_ask(samples: Generation, text: str, surface: str) -> None:
    assert heard(samples, text, surface)[0] is False


@pytest.mark.parametrize(
    "text",
    ["thanks!", "👍", "can you answer this?", "are you coming to lunch?", "lol", "ok",
     "can you send me the slides?", "good morning everyone", "I'll be ten minutes late"],
)  # fmt: skip
@pytest.mark.parametrize("surface", ["direct", "mention", "follow-up"])
def test_these_do_not(samples: Generation, text: str, surface: str) -> None:
    assert heard(samples, text, surface)[0] is True


def test_a_command_always_asks(samples: Generation) -> None:
    assert heard(samples, "are you coming to lunch?", "command")[0] is False


def test_in_a_thread_only_what_continues_it_is_answered(samples: Generation) -> None:
    """Of what mentions nobody: remarks stay without an answer, also without word of having none."""

    def answered(kind: str) -> tuple[int, int]:
        told = [heard(samples, text, "follow-up", (KIM,)) for text in lines(kind)]
        assert all(talk for talk, verdict in told if verdict is Verdict.NONE)
        answerable = [talk for talk, verdict in told if verdict is not Verdict.NONE]
        return answerable.count(False), len(answerable)

    right, answerable = answered("continuations_kept")
    wrong, _ = answered("remarks_kept")
    assert right / (right + wrong) >= 0.94
    assert right / answerable >= 0.8


def test_a_mention_in_a_thread_may_lean_on_it(samples: Generation) -> None:
    kept = lines("continuations_kept")[::3]
    assert share([heard(samples, text, "mention", (KIM,))[0] for text in kept]) <= 0.06


class OtherEncoder:
    """A model that the judges have not learned with."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.card = replace(encoder.card, fingerprint="other")
        self.encode, self.count_tokens = encoder.encode, encoder.count_tokens


def test_the_vectors_of_another_model_are_not_judged(samples: Generation) -> None:
    other = replace(samples, encoder=OtherEncoder(samples.encoder))
    assert heard(other, "are you coming to lunch?")[0] is False
    assert heard(other, "thanks!")[0] is True
    assert heard(other, "and with Lee Shin-hwa?", "follow-up", (KIM,))[0] is True


@pytest.mark.parametrize("text", ["DPRK", "dprk", "DPRK ROK"])
def test_a_name_that_the_documents_answer_is_no_talk(samples: Generation, text: str) -> None:
    assert heard(samples, text) == (False, Verdict.FOUND)


@pytest.mark.parametrize("text", ["LGTM", "ok DPRK it is then, see you there", "EOD 3PM", "WFH"])
def test_what_is_said_in_capitals_may_be_talk(samples: Generation, text: str) -> None:
    talk, verdict = heard(samples, text)
    assert talk or verdict is Verdict.NONE
