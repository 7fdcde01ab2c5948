"""A difference is exact, in words, and bounded in time."""

import time

from hypothesis import given
from hypothesis import strategies as st

from retriever.citing.word_difference import Piece, word_difference, word_similarity


def test_words_that_were_removed_come_before_those_added() -> None:
    old = "The two sides agreed to deepen the harbor by 2025."
    new = "The two sides failed to deepen the old harbor by 2026. More follows."
    assert word_difference(old, new) == (
        Piece("same", "The two sides"),
        Piece("removed", "agreed"),
        Piece("added", "failed"),
        Piece("same", "to deepen the"),
        Piece("added", "old"),
        Piece("same", "harbor by"),
        Piece("removed", "2025."),
        Piece("added", "2026. More follows."),
    )


def test_scripts_without_blanks_are_compared_sign_by_sign() -> None:
    assert word_difference("两国同意合作", "两国拒绝合作") == (
        Piece("same", "两国"),
        Piece("removed", "同意"),
        Piece("added", "拒绝"),
        Piece("same", "合作"),
    )


@given(st.text(" abc.", max_size=40), st.text(" abc.", max_size=40))
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = word_difference(old, new)
    for text, other in ((old, "added"), (new, "removed")):
        kept = [each.words for each in pieces if each.kind != other]
        assert " ".join(kept) == " ".join(text.split())
    assert all(each.words for each in pieces)


def test_long_texts_are_not_compared_for_ever() -> None:
    old, new = ("a b " * 100_000, "b a c " * 100_000)
    started = time.thread_time()
    assert [each.kind for each in word_difference(old, new)] == ["removed", "added"]
    assert time.thread_time() - started < 5


def test_similarity_is_of_the_words() -> None:
    assert word_similarity("a b c d", "a b c d") == 1
    assert word_similarity("a b c d", "a b x y") == 0.5  # 2 of 4 words each
    assert word_similarity("a b", "c d") == 0
