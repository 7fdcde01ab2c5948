"""Floors: how they are written, and when they are missed."""

import click
import pytest

from bot.options.evaluation_floors import Floor, FloorType


def floor(text: str) -> Floor:
    return FloorType().convert(text, None, None)


def test_an_equals_sign_means_no_worse_than() -> None:
    assert floor("MRR@10=0.78") == Floor(None, "MRR@10", 0.78, at_least=True)
    assert floor("refused=.05") == Floor(None, "refused", 0.05, at_least=False)
    assert floor("MRR@10>=0.78") == floor(" mrr@10 = 0.78 ")
    assert floor("p95<=25") == floor("p95=25")


def test_a_type_of_question_can_be_named() -> None:
    assert floor("what: agreed:success@5>=0.9").kind == "what: agreed"
    assert str(floor("who:nDCG@5=0.5")) == "who:nDCG@5>=0.5"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("MRR@10", "is no floor; write one as MRR@10=0.78"),
        ("MRR@10>0.78", "is no floor"),
        ("MRR@10=high", "is no floor"),
        ("MRR@10=1.2.3", "is no floor"),
        ("beauty=1", "'beauty' is no figure; choose from success@1, "),
        ("MRR@10<=0.78", "MRR@10 is better when it is higher; write MRR@10>=0.78."),
        ("ECE>=0.05", "ECE is better when it is lower; write ECE<=0.05."),
    ],
)
def test_another_form_is_refused(text: str, advice: str) -> None:
    with pytest.raises(click.BadParameter) as refusal:
        floor(text)
    assert advice in str(refusal.value)


def test_a_floor_holds_at_its_value_and_never_without_one() -> None:
    assert floor("MRR@10=0.5").holds(0.5)
    assert not floor("MRR@10=0.5").holds(0.499)
    assert floor("refused=0.05").holds(0.05)
    assert not floor("refused=0.05").holds(0.051)
    assert not floor("AUROC=0").holds(float("nan"))
    assert not floor("ECE=1").holds(float("nan"))


def test_a_miss_is_one_sentence() -> None:
    assert floor("MRR@10=0.5").missed_by(0.4321) == "Missed the floor MRR@10>=0.5: it is 0.4321."
    assert floor("who:ECE=0.1").missed_by(float("nan")) == (
        "Missed the floor who:ECE<=0.1: no question measures it."
    )
