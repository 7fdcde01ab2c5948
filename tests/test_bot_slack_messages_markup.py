"""Slack's markup, read as words."""

import pytest
from conftest import cpu_seconds
from slack_world import BOT_USER

from bot.slack.messages.markup import plain_text


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U0BOT> who?", "who?"),
        ("<@U0BOT|pincite> who?", "who?"),
        ("call <tel:+3561234|+356 1234> or <mailto:a@b.c|a@b.c>", "call +356 1234 or a@b.c"),
        ("<mailto:a@b.c> or <tel:+356>", "a@b.c or +356"),
        ("see <https://a.b/c?d|the page> in <#C1|general>", "see the page in general"),
        ("<https://a.b/c_d_e>", ""),
        ("<!subteam^S1|@board> and <!channel> of <!date^1^{date}|today>", "@board and of today"),
        ("<!here|here> hello", "hello"),
        ("<!date^1646870400^{date}|10 Mar 2022>", "10 Mar 2022"),
        ("ask <@U0KIM> or <@U0BOB|bob>", "ask <@U0KIM> or bob"),
        ("A &amp; B &lt; C &gt; &amp;lt;", "A & B < C > &lt;"),
        (":+1:", ""),
        (":flag-kr: :thumbsup::skin-tone-2: :100:", ""),
        ("네:+1:", "네"),
        ("at 10:30:45", "at 10:30:45"),
        ("std::vector::iterator", "std::vector::iterator"),
        ("note: see: here", "note: see: here"),
        ("_Kuleba_", "Kuleba"),
        ("did *_Kuleba_* meet ~nobody~ `Kim`?", "did Kuleba meet nobody Kim?"),
        ("**Kuleba**'s visit", "Kuleba's visit"),
        ("snake_case and 5*3*2 and 2 * 3 * 4", "snake_case and 5*3*2 and 2 * 3 * 4"),
        ("_snake_case_", "snake_case"),
        ("__init__ of `_x_ :y:`", "__init__ of _x_ :y:"),
        ("*one\ntwo*", "*one\ntwo*"),
        ("```what was *agreed*?```", "what was *agreed*?"),
        ("```open", "open"),
        ("&gt; quoted\n&gt;&gt;&gt; • more", "quoted\nmore"),
        ("• one\n- two\n3. three\n4) four", "one\ntwo\nthree\nfour"),
        ("-5 degrees", "-5 degrees"),
        ("<Sung Kim>", "<Sung Kim>"),
        ("  two   blanks ", "two blanks"),
    ],
)
def test_words(sent: str, read: str) -> None:
    assert plain_text(sent, BOT_USER) == read


@pytest.mark.parametrize(
    "piece", ["!", "?", " ", "\n", "> ", "*", "_a", "*a ", "~", "`", "```", "<", "<@", ":", ":a",
              ":a:", "&gt;", "-", "1. ", "<a|", "😀", "("]
)  # fmt: skip
def test_reading_takes_linear_time(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    assert cpu_seconds(lambda: plain_text(text, BOT_USER)) < 0.5
    assert cpu_seconds(lambda: plain_text(text + "x", BOT_USER)) < 0.5
