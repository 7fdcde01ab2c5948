"""Installing and operating the Slack bot: manifest, check, stats, settings, logs."""

import ast
import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, CommandLine
from slack_server import APP_TOKEN, BOT_TOKEN
from slack_standin import SCOPES as SCOPES_OF_ANY
from slack_standin import Slack

from bot.errors import SettingsError
from bot.settings import read_settings, slack_environment
from bot.slack.answering.access import Access
from bot.slack.question import Question
from bot.slack.running.app_manifest import (
    FOLLOW_UP_EVENTS,
    FOLLOW_UP_SCOPES,
    SCOPES,
    SHARING_SCOPES,
    app_manifest,
)
from bot.slack.running.check import _scopes
from bot.slack.running.connection import Connection, Identity, identify
from bot.slack.running.logs import JsonFormatter
from bot.slack.running.stats import vote_cases
from bot.slack.store.store import Store
from retriever.evaluation.cases import read_cases
from retriever.index.home import Home

SOURCES = sorted((ROOT / "bot" / "slack").rglob("*.py"))
APP = ROOT / "bot" / "slack" / "listening" / "app.py"
METRICS = ROOT / "bot" / "slack" / "answering" / "metrics.py"
ADDRESS = "https://pincite.example.org/slack/events"
BOTH = pytest.mark.parametrize("http", ["", ADDRESS])

# The manifest.

METHODS = {
    "auth_test": set(),
    "apps_connections_open": set(),  # by the app-level token
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_update": set(),
    "views_publish": set(),
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_replies": {"im:history", "channels:history", "groups:history", "mpim:history"},
    "assistant_threads_setStatus": {"chat:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
}
"""The scopes of every method that the bot calls, by Slack's reference."""
EVENTS = {
    "app_mention": {"app_mention"},
    "message": {"message.im"},
    "app_home_opened": {"app_home_opened"},
    "app_uninstalled": {"app_uninstalled"},
    "tokens_revoked": {"tokens_revoked"},
}
"""The subscriptions behind every event that the bot listens to."""
OF_EVENTS = {"app_mention": "app_mentions:read", "message.im": "im:history"}


def calls() -> Iterator[ast.Call]:
    for file in SOURCES:
        yield from (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call))


def methods() -> set[str]:
    """Every method of Slack's Web API that the code names."""
    names = re.compile(
        r"(?:api|apps|assistant|auth|bots|chat|conversations|files|reactions|search|team|users|"
        r"views)_[a-zA-Z_]+"
    )
    found = (
        node.attr
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
    )
    from slack_sdk import WebClient

    called = {name for name in found if names.fullmatch(name) and hasattr(WebClient, name)}
    code = "".join(file.read_text() for file in SOURCES)
    by_name = re.findall(r'"((?:chat|views|conversations|users)\.\w+)"', code)
    return (called - {"api_call"}) | {name.replace(".", "_") for name in by_name}


def listened(kind: str) -> set[str]:
    """What the app listens to: its events, shortcuts, views or actions."""
    return set(re.findall(rf'app\.{kind}\(\s*"(\w+)"', APP.read_text()))


def test_every_method_has_its_scope_and_every_scope_a_use() -> None:
    assert methods() == set(METHODS)
    needed = set().union(*(METHODS[name] for name in methods()))
    needed |= {OF_EVENTS[each] for each in manifest_events() if each in OF_EVENTS} | {"commands"}
    assert needed == {*SCOPES, *FOLLOW_UP_SCOPES, *SHARING_SCOPES}
    assert len(SCOPES) == len(set(SCOPES))


def manifest_events() -> list[str]:
    made = app_manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert isinstance(made, list)
    return made


def test_every_event_is_listened_to_and_every_listener_hears() -> None:
    assert listened("event") == set(EVENTS)
    assert set().union(*EVENTS.values()) == set(manifest_events())


def test_every_shortcut_has_its_listener() -> None:
    shortcuts = {each["callback_id"] for each in app_manifest()["features"]["shortcuts"]}
    assert shortcuts == listened("shortcut")


def test_every_button_and_window_has_its_listener() -> None:
    code = "".join(
        file.read_text() for file in SOURCES if file.parent.name in ("sending", "showing")
    )
    sent = set(re.findall(r'\bbutton\("(\w+)"|"action_id": "(feedback)"', code))
    app = APP.read_text()
    for names in sent:
        assert re.search(rf'"{next(filter(None, names))}": (?:buttons|follows)\.', app)
    assert set(re.findall(r'"callback_id": "(\w+)"', code)) == listened("view")


@BOTH
@pytest.mark.parametrize("follow_ups", [False, True])
def test_slack_takes_the_manifest(http: str, follow_ups: bool) -> None:
    made = app_manifest(http=http, follow_ups=follow_ups)
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4_000
    assert re.fullmatch("#[0-9a-f]{6}", shown["background_color"])
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    (command,) = features["slash_commands"]
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert len(command["description"]) <= 2_000
    assert command["should_escape"] is False
    assert len(features["bot_user"]["display_name"]) <= 80
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150
    scopes = made["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    assert scopes["bot"] == sorted({*SCOPES, *(FOLLOW_UP_SCOPES if follow_ups else ())})
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert set(FOLLOW_UP_EVENTS) <= set(events) if follow_ups else "message.channels" not in events
    assert json.loads(json.dumps(made)) == made


def test_sharing_asks_for_two_scopes_more() -> None:
    scopes = app_manifest(sharing=True)["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted({*SCOPES, *SHARING_SCOPES})


def test_the_least_is_asked_for() -> None:
    asked = {*SCOPES, *FOLLOW_UP_SCOPES}
    assert not [s for s in asked if re.match(r"files|search|channels:(?:join|read)|.*:write\.", s)]
    assert app_manifest()["oauth_config"]["scopes"].keys() == {"bot"}


@BOTH
def test_the_modes_differ_in_their_addresses(http: str) -> None:
    made = app_manifest(http=http)
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is (not http)
    assert json.dumps(made).count(ADDRESS) == (3 if http else 0)
    if http:
        assert made["features"]["slash_commands"][0]["url"] == ADDRESS
        assert settings["event_subscriptions"]["request_url"] == ADDRESS
        assert settings["interactivity"]["request_url"] == ADDRESS


def test_the_command_prints_it(cli: CommandLine) -> None:
    assert cli("slack", "manifest").json == app_manifest()
    assert cli("slack", "manifest", "--http", ADDRESS).json == app_manifest(http=ADDRESS)
    assert cli("slack", "manifest", "--followups").json == app_manifest(follow_ups=True)
    assert cli("slack", "manifest", "--sharing").json == app_manifest(sharing=True)
    cli("slack", "manifest", "--http", "http://x.org").refuses(advice="begins so")


def test_its_examples_are_answered_by_what_public_channels_may_see(
    indexed: CommandLine,
) -> None:
    made = indexed("slack", "manifest").json
    prompts = [each["message"] for each in made["features"]["agent_view"]["suggested_prompts"]]
    assert len(prompts) == 3
    assert made["features"]["slash_commands"][0]["usage_hint"] == prompts[0]
    for prompt in prompts:
        assert indexed("ask", prompt, "--json").json["verdict"] == "found"
    stated = '[slack.folders]\n"*" = []\ndirect = ["releases"]\n'
    Path("pincite.toml").write_text(stated, "utf-8")
    assert indexed("slack", "manifest").json == app_manifest()


# `pincite slack check`.


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack(scopes=SCOPES_OF_ANY | {"users:read"}) as made:
        yield made


def checked(cli: CommandLine, patch: pytest.MonkeyPatch, slack: Slack, **changes: str) -> Any:
    """What `check` finds, by name."""
    for name, value in {**slack.environment(), **changes}.items():
        patch.setenv(name, value)
    run = cli("slack", "check", "--json")
    found = {each["subject"]: each for each in run.json["findings"]}
    assert run.code == (0 if all(each["well"] for each in found.values()) else 1)
    assert BOT_TOKEN not in run.out + run.err and APP_TOKEN not in run.out + run.err
    return found


def test_all_is_well(indexed: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(indexed, monkeypatch, slack)
    assert list(found) == ["bot token", "scopes", "app token", "index"]
    assert all(each["well"] for each in found.values())


def test_two_folders_of_one_name_are_named_and_refused(
    indexed: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path("private/releases")
    other.mkdir(parents=True)
    (other / "secret.txt").write_text("1. The secret talks were held in Busan.\n")
    settings = Path("pincite.toml")
    settings.write_text('[slack]\nfolders = { "*" = ["releases"] }\n')
    assert checked(indexed, monkeypatch, slack)["folders"]["well"]
    assert indexed("index", "releases", str(other)).code == 0
    advice = "several folders are named releases, which slack.folders cannot tell apart; rename"
    folders = checked(indexed, monkeypatch, slack)["folders"]
    assert (folders["well"], advice in folders["what"]) == (False, True)
    indexed("slack").refuses(advice=advice)
    settings.write_text('[slack]\nfolders = { "*" = [] }\n')
    assert checked(indexed, monkeypatch, slack)["folders"]["well"]


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "bot token", "it is not valid"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN}, "bot token", "a token of another kind"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "app token", "(invalid_auth)"),
        ({"SLACK_APP_TOKEN": BOT_TOKEN}, "app token", "(not_allowed_token_type)"),
    ],
)
def test_a_wrong_token_is_named(
    indexed: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str], name: str, says: str,
) -> None:  # fmt: skip
    found = checked(indexed, monkeypatch, slack, **changes)
    assert not found[name]["well"]
    assert says in found[name]["what"]


def test_a_slack_that_is_not_there_is_named(
    indexed: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(indexed, monkeypatch, slack, SLACK_API_URL="http://127.0.0.1:9/api/")
    assert found["bot token"]["what"].startswith("Slack cannot be reached (URLError); ")
    assert found["app token"]["what"] == "Slack cannot be reached (URLError)"


def test_an_index_that_is_missing_is_named(
    cli: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(cli, monkeypatch, slack)
    assert "pincite index" in found["index"]["what"]


def test_a_scope_that_is_missing_is_named() -> None:
    everything = frozenset({*SCOPES, *FOLLOW_UP_SCOPES})
    for lacking in everything:
        identity = Identity("U0BOT", "T1", everything - {lacking})
        finding = _scopes(identity, Access(follow_ups=True))
        assert not finding.well
        assert finding.what.startswith(f"{lacking} missing; ")
        assert _scopes(identity, Access()).well is (lacking in FOLLOW_UP_SCOPES)
    assert _scopes(Identity("U0BOT", "T1", frozenset()), Access()).well


@pytest.mark.parametrize(("named", "well"), [("releases", True), ("relaeses", False)])
def test_a_folder_that_is_not_in_the_index_is_named(
    indexed: CommandLine, slack: Slack, monkeypatch: pytest.MonkeyPatch, named: str, well: bool
) -> None:
    Path("pincite.toml").write_text(f'[slack.folders]\npublic = ["{named}"]\n')
    found = checked(indexed, monkeypatch, slack)["folders"]
    assert found["well"] is well
    assert found["what"].startswith("releases" if well else "the settings name relaeses, and the")


@pytest.mark.parametrize("header", ["X-OAuth-Scopes", "x-oauth-scopes", "X-OAUTH-SCOPES"])
def test_scopes_are_read_whatever_the_case_of_their_header(header: str) -> None:
    class Replying(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b'{"ok": true, "user_id": "U0BOT", "team_id": "T1"}'
            self.send_response(200)
            self.send_header(header, "chat:write,users:read")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Replying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/api/"
        found = identify(Connection("xoxb-1", api_url=address), threading.Event())
        server.shutdown()
    assert (found.user, found.scopes) == ("U0BOT", {"chat:write", "users:read"})


def test_the_app_is_for_one_workspace() -> None:
    assert app_manifest()["settings"]["org_deploy_enabled"] is False


# `pincite slack stats`.


def voted(home: Path) -> None:
    """Three questions of which two were voted on."""
    store = Store(home / "state.db")
    for number, (text, vote) in enumerate([("one?", "up"), ("two?", "down"), ("three?", "")]):
        question = Question(
            "mention", "T1", "C1", "U1", text, f"key {number}", ts=str(number), thread="1",
            asked_on="2026-11-20", history=("before?",), reference=f"r{number}",
        )  # fmt: skip
        assert store.questions.claim(question)
        citations = ["releases/a.txt#4 o 2@0123456789ab", "releases/b.txt#¶3@89abcdef0123"]
        store.questions.finish(question, "found", 10.0 * (number + 1), citations)
        if vote:
            store.votes.cast(question.reference, "U1", vote, "wrong year" if vote == "down" else "")
    store.close()


def test_figures_hold_no_text(cli: CommandLine) -> None:
    voted(cli.home)
    run = cli("slack", "stats", "--json")
    assert run.json == {
        "schema": 1,
        "questions": 3,
        "verdicts": {"found": 3},
        "votes": {"up": 1, "down": 1},
        "milliseconds": {"p50": 20.0, "p95": 29.0},
    }
    text = cli("slack", "stats").out
    assert text.splitlines() == [
        "Questions: 3",
        "Verdicts: found 3",
        "Votes: up 1, down 1",
        "Answers took: 20.0 ms (p50), 29.0 ms (p95)",
    ]
    assert "one?" not in text


def test_before_the_first_question_there_are_no_figures(cli: CommandLine) -> None:
    run = cli("slack", "stats", "--json")
    assert (run.json["questions"], run.json["milliseconds"]) == (0, None)
    assert "nothing yet" in cli("slack", "stats").out


def test_votes_are_questions_of_the_evaluation(cli: CommandLine) -> None:
    voted(cli.home)
    assert cli("slack", "stats", "--feedback", "feedback.jsonl").code == 0
    up, down = read_cases(Path("feedback.jsonl"))
    assert (up.question, up.type, up.corpus) == ("one?", "slack-up", "all")
    assert (up.history, str(up.asked_on)) == (("before?",), "2026-11-20")
    (gold,) = up.answers
    assert (gold.file, gold.label) == ("releases/a.txt", "4 o 2")
    assert (down.question, down.type) == ("two?", "slack-down")
    lines = [json.loads(line) for line in Path("feedback.jsonl").read_text().splitlines()]
    assert lines[1]["comment"] == "wrong year"
    assert "U1" not in Path("feedback.jsonl").read_text()


def test_a_passage_that_was_chosen_answers_and_a_deleted_question_is_no_case(
    cli: CommandLine, home: Home
) -> None:
    voted(cli.home)
    store = Store(cli.home / "state.db")
    store.votes.cast("r0", "U2", "chosen", chosen="releases/c.txt#7@0123456789ab")
    deleted = store.questions.find("r1")
    assert deleted and deleted.message_key
    store.questions.amend(deleted.message_key, None, "", "9")
    (first, chosen) = vote_cases(store, Access({"C1": ("one", "two")}), home)
    assert first["corpus"] == chosen["corpus"] == "one+two"
    assert chosen["answers"] == [{"file": "releases/c.txt", "label": "7"}]
    everywhere = next(vote_cases(store, Access(), home))
    assert everywhere["corpus"] == "samples"
    store.close()


# Settings.


@pytest.mark.parametrize(
    "stated",
    [
        "[slack]\nguests = 1",
        '[slack]\nexternal = "yes"',
        "[slack]\nunknown = true",
        '[slack]\nfolders = "open"',
        "[slack]\nfolders = [1]",
        "[slack]\nfolders = 5",
        "[slack]\ncontact = 5",
        '[slack.folders]\n"*" = "open"',
        '[slack.folders]\n"*" = [1]',
        '[slack.folders]\neverywhere = ["open"]',
        "slack = true",
        '[slack]\nbot_token = "xoxb-1"',
    ],
)
def test_settings_that_cannot_be_used_are_one_sentence(tmp_path: Path, stated: str) -> None:
    (tmp_path / "pincite.toml").write_text(stated)
    with pytest.raises(SettingsError) as refused:
        read_settings(None, tmp_path, {})
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence
    assert str(tmp_path / "pincite.toml") in sentence
    assert "xoxb-1" not in sentence


def test_the_table_of_the_documentation_can_be_used(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "slack.md").read_text("utf-8")
    tables = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert tables
    for table in tables:
        (tmp_path / "pincite.toml").write_text(table, "utf-8")
        assert read_settings(None, tmp_path, {}).slack


def test_the_documentation_names_every_setting_and_variable() -> None:
    text = (ROOT / "docs" / "slack.md").read_text("utf-8")
    code = (ROOT / "bot" / "settings.py").read_text("utf-8")
    read = {*re.findall(r'"(SLACK_[A-Z_]+)"', code), "HOST", "PORT"} - {"SLACK_API_URL"}
    assert {name for name in read if f"`{name}`" not in text} == set()
    assert {
        key for key in ("guests", "external", "follow_ups", "keep_days") if f"{key} = " not in text
    } == set()
    figures = {*re.findall(r'"(pincite_\w+)"', METRICS.read_text())}
    assert len(figures) >= 6 and {name for name in figures if f"`{name}" not in text} == set()


def test_what_is_deployed_holds_no_secret_and_runs_as_nobody() -> None:
    deployed = {file.name: file.read_text("utf-8") for file in (ROOT / "deploy").iterdir()}
    assert {"Dockerfile", "compose.yaml", "pincite-slack.service"} <= deployed.keys()
    assert not re.search(r"xox[a-z]-|xapp-", "".join(deployed.values()))
    assert "\nUSER pincite\n" in deployed["Dockerfile"]
    assert "DynamicUser=yes" in deployed["pincite-slack.service"]
    assert "RestartPreventExitStatus=2" in deployed["pincite-slack.service"]


def test_the_image_gets_what_it_is_built_from_and_no_more() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.*) \S+$", _dockerfile(), re.MULTILINE))
    named = {each for line in copied for each in line.split() if not each.startswith("--")}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == named
    assert all((ROOT / each).exists() for each in named) and "*" in ignored


def _dockerfile() -> str:
    return (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_MODE": "http"}, "SLACK_SIGNING_SECRET is not set"),
        ({**TOKENS, "SLACK_MODE": "carrier"}, "set it to socket or http"),
        ({**TOKENS, "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, "unset them"),
        ({**TOKENS, "PORT": "many"}, "between 1 and 65535"),
        ({**TOKENS, "PORT": "70000"}, "between 1 and 65535"),
        ({**TOKENS, "PORT": "³"}, "between 1 and 65535"),
    ],
)
def test_what_the_environment_lacks_is_one_sentence(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        slack_environment(environment)
    assert says in str(refused.value) and str(refused.value).endswith(".")


def test_defaults_of_the_environment() -> None:
    stated = slack_environment(TOKENS)
    assert (stated["mode"], stated["host"], stated["port"]) == ("socket", "127.0.0.1", 3_000)
    assert stated["api_url"] == "https://slack.com/api/"


# Logs.


def logged(message: str, level: int = logging.INFO, **extra: Any) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    record = logging.LogRecord(
        "bot.slack.answering.answer_queue", level, "f", 1, message, None, None
    )
    vars(record).update(extra)
    handler.emit(record)
    return stream.getvalue()


def test_a_line_is_json_with_what_it_carries() -> None:
    entry = json.loads(logged("answered", reference="r1", milliseconds=9))
    assert (entry["message"], entry["reference"], entry["milliseconds"]) == ("answered", "r1", 9)
    assert (entry["level"], entry["from"]) == ("info", "bot.slack.answering.answer_queue")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12345-abcdef-GHIJ",
        "xapp-1-A0APP-123-abcdef",
        "xoxe.xoxb-1-abc",
        "xoxp-1-2",
        "https://hooks.slack.com/commands/T1/2/abc",
        "wss://wss-primary.slack.com/link/?ticket=abc",
    ],
)
def test_no_secret_reaches_a_line(secret: str) -> None:
    line = logged(f"failed with {secret} at once", where=secret, nested={"url": [secret]})
    assert secret not in line
    assert json.loads(line)["message"].startswith("failed with ***")


def test_log_messages_are_constant() -> None:
    """What somebody wrote cannot stand in a message that is written in the code; what is carried
    besides is named here."""
    carried: set[str] = set()
    for call in calls():
        function = call.func
        if isinstance(function, ast.Name) and function.id == "log_failure":
            message = call.args[1]
            assert isinstance(message, ast.Constant) or ast.unparse(message) == "kind"
            carried |= {str(keyword.arg) for keyword in call.keywords}
            continue
        if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
            continue
        if function.value.id != "log":
            continue
        message = call.args[0]  # which `log_failure` takes from its callers
        assert isinstance(message, ast.Constant) or ast.unparse(message) == "message"
        assert len(call.args) == 1
        for keyword in call.keywords:
            if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                keys = keyword.value.keys
                carried |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    assert carried <= {
        "reference", "error", "needed", "wait", "mode", "connections", "code", "surface",
        "address", "port", "milliseconds", "verdict", "attempt", "file", "seconds_off",
    }  # fmt: skip
