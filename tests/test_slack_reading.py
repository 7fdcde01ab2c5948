"""What a reader sees of a message."""

from pathlib import Path
from typing import Any

import pytest
import slack_privacy
from slack_payloads import TEXT, plain, rich, section
from slack_reading import Link, links, pings, visible_text
from slack_standin import SIGNING_SECRET, Slack


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a &amp; b &lt;c&gt; &amp;amp;", "a & b <c> &amp;"),
        ("<@U0BOB> and <!channel>", "⟦@U0BOB⟧ and ⟦!channel⟧"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<https://x.y|a label> in <#C0GENERAL|general>", "a label in ⟦#C0GENERAL⟧"),
        ("*bold* _italic_ ~gone~ `*code* :tada:`", "bold italic gone *code* :tada:"),
        ("snake_case_name 2*3*4 10:30:45", "snake_case_name 2*3*4 10:30:45"),
        (":tada: at 5:00", "⟦:tada:⟧ at 5:00"),
        ("&gt; a quote", "a quote"),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(text: str, seen: str) -> None:
    assert visible_text({"blocks": [section(text)]}) == seen
    assert visible_text({"text": text}) == seen


def test_rich_text_and_plain_text_are_literal() -> None:
    raw = "*a* _b_ <!channel> <@U0BOB> & &amp; :tada: https://x.y\n> q"
    quoted = rich(TEXT | {"text": raw}, kind="rich_text_quote")
    message = {"text": "x", "blocks": [quoted, {"type": "context", "elements": [plain(raw)]}]}
    assert visible_text(message) == f"{raw}\n\n{raw}"
    assert pings(message) == [] and links(message) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "<!here> <@U0BOB>"}, ["<!here>", "<@U0BOB>"]),
        ({"text": "<!subteam^S1|@team>"}, ["<!subteam^S1>"]),
        ({"text": "@here @bob"}, []),
        ({"text": "@here @bob", "link_names": True}, ["@here", "@bob"]),
        ({"text": "@channel", "parse": "full"}, ["@channel"]),
        ({"text": "x", "blocks": [section("@channel")]}, ["@channel"]),
        ({"text": "x", "blocks": [section("@channel", verbatim=True)]}, []),
        ({"blocks": [rich({"type": "user", "user_id": "U0BOB"})]}, ["<@U0BOB>"]),
        ({"blocks": [rich({"type": "broadcast", "range": "here"})]}, ["<!here>"]),
        ({"blocks": [rich({"type": "usergroup", "usergroup_id": "S1"})]}, ["<!subteam^S1>"]),
    ],
)
def test_whom_a_message_calls(message: dict[str, Any], expected: list[str]) -> None:
    assert pings(message) == expected


def test_where_a_message_leads() -> None:
    linked = rich({"type": "link", "url": "https://x.y/1", "text": "one"})
    blocks = [linked, section("<https://x.y/2|two> https://x.y/3", verbatim=True)]
    found = links({"text": "https://x.y/4?a=1&amp;b=2", "blocks": blocks})
    assert found == [
        Link("https://x.y/4?a=1&b=2", "https://x.y/4?a=1&b=2"),
        Link("https://x.y/1", "one"),
        Link("https://x.y/2", "two"),
    ]


@pytest.mark.parametrize(
    "line",
    ["What was agreed & when?", "What was agreed &amp; when?", SIGNING_SECRET, "x/response/1"],
)
def test_what_no_log_may_hold_is_found(tmp_path: Path, line: str) -> None:
    log = tmp_path / "log"
    with Slack(patience=0.1) as slack:
        slack.slash("/ask", "What was agreed & when?").wait()
        log.write_text("answered\n", "utf-8")
        assert slack_privacy.leaks([(log, slack)]) == []
        log.write_text(f"answered {line}\n", "utf-8")
        assert len(slack_privacy.leaks([(log, slack)])) == 1
