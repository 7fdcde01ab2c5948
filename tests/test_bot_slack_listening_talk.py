"""What is no question before anybody searches for it."""

import pytest

from bot.slack.listening.talk import is_wordless, wants_usage


@pytest.mark.parametrize("text", ["help", "Help!", "help me", "--help", "/help", "?", "??", "-h"])
def test_usage_is_wanted(text: str) -> None:
    assert wants_usage(text) and not is_wordless(text)


@pytest.mark.parametrize(
    "text", ["help me find the agreement with Vietnam", "Help for Haiti", "who?", "", "👍"]
)
def test_usage_is_not_wanted(text: str) -> None:
    assert not wants_usage(text)


@pytest.mark.parametrize("text", ["", "👍", "🇰🇷 !!", "...", "^^"])
def test_nothing_is_said(text: str) -> None:
    assert is_wordless(text)


@pytest.mark.parametrize("text", ["ok", "네", "42", "?"])
def test_something_is_said(text: str) -> None:
    assert not is_wordless(text)
