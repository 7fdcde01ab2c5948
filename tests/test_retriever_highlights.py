"""Highlights mark the sentence whose terms weigh most."""

from retriever.highlights import highlights

TEXT = "They met in Busan. They agreed on the harbor. They left."


def marked(text: str, weights: dict[str, float]) -> list[str]:
    return [text[start:end] for start, end in highlights(text, weights)]


def test_the_heaviest_sentence_is_marked() -> None:
    assert marked(TEXT, {"busan": 1.0, "agre": 0.7, "harbor": 0.6}) == [
        "They agreed on the harbor."
    ]


def test_a_term_counts_once_and_equal_sentences_give_the_earlier() -> None:
    text = "Fish, fish, fish. Fish and rice."
    assert marked(text, {"fish": 1.0}) == ["Fish, fish, fish."]
    assert marked(text, {"fish": 1.0, "rice": 0.1}) == ["Fish and rice."]


def test_nothing_is_marked_without_a_term_or_in_a_single_sentence() -> None:
    assert marked(TEXT, {"zebra": 1.0}) == []
    assert marked(TEXT, {}) == []
    assert marked("They agreed on the harbor.", {"harbor": 1.0}) == []
