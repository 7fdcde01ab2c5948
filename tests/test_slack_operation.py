"""What whoever runs the bot sees of it, and what it does with requests that are not Slack's."""

import copy
import os
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import CommandLine
from slack_bot import PAGE, QUESTION, Bot, Stage, forget, replies, running, staged, told, workspace
from slack_faults import dropped, rate_limited
from slack_standin import Slack

from retriever.index.home import Home


@pytest.fixture(scope="module", params=["socket", "http"])
def open_stage(
    request: pytest.FixtureRequest, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One bot for all tests that leave it alive."""
    with staged(home, tmp_path_factory.mktemp("operation"), request.param) as made:
        yield made


@pytest.fixture
def stage(open_stage: Stage) -> Stage:
    open_stage.slack.settle()
    forget(open_stage.slack)
    return open_stage


@contextmanager
def moved(path: Path) -> Iterator[None]:
    """Something away for a while."""
    away = path.with_name(f"{path.name}.away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)


# Pages.


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_bot_that_waits_for_slack_and_an_index_says_so(
    mode: str, copied: Home, tmp_path: Path
) -> None:
    with workspace(mode) as slack, moved(copied.path / "CURRENT"):
        slack.faults.always("auth.test", dropped())
        bot = Bot(slack, copied, tmp_path / "log").start()
        try:
            slack.wait_for(lambda: bot.page("/healthz") == (200, "ok\n"))
            status, page = bot.page("/readyz")
            assert status == 503 and page.splitlines() == [
                "Slack has not been reached yet",
                "there is no index yet; run `pincite index FOLDER`",
            ]
            assert bot.page("/metrics")[0] == 200 and bot.page("/")[0] == 404
            slack.faults.clear()
            bot.ready()
            status, page = bot.page("/readyz")
            assert status == 503 and page.startswith("there is no index yet")
            (copied.path / "CURRENT.away").rename(copied.path / "CURRENT")
            slack.wait_for(lambda: bot.page("/readyz") == (200, "ready\n"))
            (copied.path / "CURRENT").rename(copied.path / "CURRENT.away")
        finally:
            bot.kill()


def test_an_index_that_is_damaged_is_named_and_is_well_again_when_it_is_whole(
    stage: Stage,
) -> None:
    assert stage.bot.page("/readyz") == (200, "ready\n")
    file = stage.home.generation() / "passages.db"
    whole = file.read_bytes()
    try:
        file.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))
        status, page = stage.bot.page("/readyz")
        assert status == 503 and "passages.db" in page and "pincite index" in page
    finally:
        file.write_bytes(whole)
    assert stage.bot.page("/readyz") == (200, "ready\n")


def test_a_disk_that_hangs_is_told_and_does_not_keep_the_bot_from_its_end(
    copied: Home, tmp_path: Path
) -> None:
    """The file that names the index is one from which reading never returns."""
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        assert bot.page("/readyz") == (200, "ready\n")
        (copied.path / "CURRENT").unlink()
        os.mkfifo(copied.path / "CURRENT")
        for _ in range(2):
            status, page = bot.page("/readyz")
            assert status == 503 and "its disk may hang" in page
            assert bot.page("/healthz") == (200, "ok\n")
        assert bot.stop() == 0


def test_memory_that_was_damaged_is_told_everywhere(copied: Home, tmp_path: Path) -> None:
    (copied.path / "state.db").write_bytes(b"no database, but words" * 1000)
    with workspace("socket") as slack, running(slack, copied, tmp_path / "log") as bot:
        asked = slack.mention(QUESTION)
        (answer,) = replies(slack, "C0GENERAL", asked.ts)
        assert PAGE in answer.visible_text
        status, page = bot.page("/readyz")
        assert status == 200 and page.startswith("ready\nthe bot's memory was damaged")
        (name,) = re.findall(r"state\.db\.damaged-\w+", page)
        assert (copied.path / name).exists() and name in bot.log
        (told_of,) = [entry for entry in bot.entries if entry["level"] == "error"]
        assert told_of["file"] == name


def test_doctor_tells_of_damaged_memory(indexed: CommandLine) -> None:
    def found() -> list[dict[str, Any]]:
        findings = indexed("doctor", "--json").json["findings"]
        return [each for each in findings if each["subject"] == "memory of the bot"]

    assert found() == []
    (indexed.home / "state.db").write_bytes(b"no database, but words" * 1000)
    indexed("slack", "stats")
    (finding,) = found()
    assert not finding["well"] and "state.db.damaged-" in finding["what"]


def figures(bot: Bot) -> dict[str, float]:
    status, page = bot.page("/metrics")
    assert status == 200
    lines = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_figures_count_connections_jobs_and_rate_limits(stage: Stage) -> None:
    before = figures(stage.bot)
    stage.slack.faults.plan("chat.postMessage", rate_limited(1))
    stage.slack.faults.plan("response_url", rate_limited(1))
    asked = stage.slack.mention(QUESTION)
    stage.slack.slash("/ask", QUESTION)
    busy = stage.slack.wait_for(lambda: (now := figures(stage.bot))["pincite_waiting"] and now)
    assert busy["pincite_waiting"] >= 1
    assert replies(stage.slack, "C0GENERAL", asked.ts) and told(stage.slack)
    stage.slack.wait_for(lambda: figures(stage.bot)["pincite_waiting"] == 0)
    after = figures(stage.bot)
    for method in ("chat.postMessage", "response_url"):
        name = f'pincite_rate_limited_total{{method="{method}"}}'
        assert after[name] - before.get(name, 0) == 1
    assert after.get("pincite_connections") == (2 if stage.slack.mode == "socket" else None)
    assert sum(after[name] for name in after if name.startswith("pincite_answers_total")) >= 2


def test_a_second_bot_on_the_same_port_works_and_says_that_nobody_can_ask_it(
    copied: Home, tmp_path: Path
) -> None:
    with (
        workspace("socket") as slack,
        socket.create_server(("127.0.0.1", slack.bot_port)),
        running(slack, copied, tmp_path / "log") as bot,
    ):
        slack.wait_for(lambda: "nobody can ask how the bot is" in bot.log)
        assert bot.stop() == 0


# Connections that want to stay.


def test_a_request_that_comes_drop_by_drop_is_ended(stage: Stage) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", stage.slack.bot_port)) as slow:
        slow.settimeout(30)
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")
        assert slow.recv(100) == b""
    assert 4 < time.monotonic() - began < 12


def test_a_body_that_comes_drop_by_drop_is_ended(stage: Stage) -> None:
    if stage.slack.mode == "socket":
        pytest.skip("nothing with a body comes so")
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", stage.slack.bot_port)) as slow:
        slow.settimeout(30)
        slow.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert 4 < time.monotonic() - began < 12


def test_many_idle_connections_keep_nobody_waiting(stage: Stage) -> None:
    idle = [socket.create_connection(("127.0.0.1", stage.slack.bot_port)) for _ in range(400)]
    try:
        time.sleep(6)  # by then the first are ended
        assert stage.bot.page("/healthz")[0] == 200
    finally:
        for each in idle:
            each.close()


def test_a_body_in_chunks_has_an_end(stage: Stage) -> None:
    if stage.slack.mode == "socket":
        pytest.skip("nothing with a body comes so")
    with socket.create_connection(("127.0.0.1", stage.slack.bot_port)) as long:
        long.settimeout(30)
        head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        long.sendall(head)
        chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
        reader = threading.Thread(target=lambda: answers.append(long.recv(1000)))
        answers: list[bytes] = []
        reader.start()
        with pytest.raises(OSError):
            for _ in range(200):
                long.sendall(chunk)
        reader.join(30)
    assert not answers or answers[0].startswith(b"HTTP/1.1 413 ")


# Payloads.


def is_malformed(slack: Slack, body: bytes, kind: str = "application/json") -> bool:
    """Whether that is what a signed request is told, and that it is not to be sent again."""
    reply = slack.post_raw(body, {"Content-Type": kind, **slack.sign(body)})
    return (reply.status, reply.headers["X-Slack-No-Retry"]) == (400, "1")


def test_what_is_not_signed_is_not_read(stage: Stage) -> None:
    if stage.slack.mode == "socket":
        pytest.skip("the socket itself is the trust")
    deep = b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    assert stage.slack.post_raw(deep, {"Content-Type": "application/json"}).status == 401
    assert is_malformed(stage.slack, deep)
    assert is_malformed(stage.slack, b"\xff\xfe")
    for malformed in (b"[]", b"null", b"5", b"{", b"", b'{"type": 5}', b'{"event": {}}'):
        assert is_malformed(stage.slack, malformed)
    form = "application/x-www-form-urlencoded"
    for malformed in (b"payload=%7B", b"payload=[]", b"payload=null", b"command=%2Fask", b"a=b"):
        assert is_malformed(stage.slack, malformed, form)
    assert stage.slack.verify_url().acked


@pytest.mark.parametrize(
    "event",
    [
        "team_join",
        "channel_rename",
        "app_rate_limited",
        "a_thing_of_next_year",
        "function_executed",
    ],
)
def test_every_event_is_acknowledged(stage: Stage, event: str) -> None:
    stage.slack.subscriptions.add(event)
    assert stage.slack.happen({"type": event, "user": {"id": "U0ALICE"}}).acked


@pytest.mark.parametrize(
    "kind", ["block_suggestion", "view_closed", "interactive_message", "a_click_of_next_year"]
)
def test_every_interaction_is_acknowledged(stage: Stage, kind: str) -> None:
    body = {"type": kind, "user": {"id": "U0ALICE", "team_id": "T1"}, "team": {"id": "T1"}}
    body |= {"view": {"id": "V1", "callback_id": "x"}} if kind == "view_closed" else {}
    assert stage.slack.send("interactive", body).acked


WRONG: tuple[Any, ...] = (5, True, [], {}, [5], {"id": 5}, None)


def variants(payload: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The payload with, in each of its places, a value of each other kind, or none."""
    for key in payload if isinstance(payload, dict) else range(len(payload)):
        for wrong in WRONG:
            changed = copy.copy(payload)
            changed[key] = wrong
            yield (*path, key), changed
        if isinstance(payload[key], dict | list):
            for where, inner in variants(payload[key], (*path, key)):
                changed = copy.copy(payload)
                changed[key] = inner
                yield where, changed


def real_payloads(slack: Slack) -> list[tuple[Any, dict[str, Any]]]:
    """One payload of each kind that people cause."""
    asked = slack.mention(QUESTION)
    (answer,) = replies(slack, "C0GENERAL", asked.ts)
    assert asked.message
    direct = slack.dm(QUESTION)
    gestures = [
        asked, direct, slack.edit(direct, "What was agreed?"), slack.delete(direct),
        slack.slash("/ask", "help"), slack.open_home(), slack.open_home(tab="messages"),
        slack.click(answer, "show_more"), slack.shortcut("find_sources", asked.message),
        slack.global_shortcut("ask_modal"), slack.feedback(answer, "up"),
    ]  # fmt: skip
    slack.settle()
    view = next(each for each in slack.views() if each.payload.get("callback_id") == "asked")
    gestures.append(slack.submit_view(view, {"question": {"question": QUESTION}}))
    return [(each.deliveries[0].kind, each.deliveries[0].payload) for each in gestures]


@pytest.mark.parametrize("step", [41, pytest.param(3, marks=pytest.mark.slow)])
def test_a_value_of_another_kind_hurts_nothing(stage: Stage, step: int) -> None:
    slack = stage.slack
    payloads = real_payloads(slack)
    made = [(kind, *each) for kind, payload in payloads for each in variants(payload)][::step]
    assert len(made) > 50
    errors = [entry for entry in stage.bot.entries if entry["level"] == "error"]
    with ThreadPoolExecutor(8) as people:
        assert [*filter(None, people.map(lambda each: unheard(slack, *each), made))] == []
    slack.settle()
    now = [entry for entry in stage.bot.entries if entry["level"] == "error"]
    assert now[len(errors) :] == []
    asked = slack.dm(QUESTION, "U0BOB")  # of the channels it was said that others read them
    assert replies(slack, asked.channel, asked.ts)


def unheard(slack: Slack, kind: Any, place: tuple[Any, ...], payload: dict[str, Any]) -> object:
    """What a payload had for an answer, if that is neither an acknowledgement nor 400."""
    sent = slack.send(kind, payload)
    while [each.failure for each in sent.attempts] == ["connection_failed"]:
        slack.wait_connected()  # a machine that is busy may lose one
        sent = slack.send(kind, payload)
    bad = not sent.acked and {each.status for each in sent.attempts} != {400}
    return (kind, place, [each.failure for each in sent.attempts]) if bad else ()


# What is kept, while the bot runs.


def test_a_person_is_forgotten_while_the_bot_runs(
    stage: Stage, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_HOME", str(stage.home.path))
    asked = [stage.slack.mention(QUESTION, user) for user in ("U0BOB", "U0ALICE")]
    for each in asked:
        assert replies(stage.slack, "C0GENERAL", each.ts)
    cli("slack", "forget", "U0BOB")
    with closing(sqlite3.connect(stage.home.path / "state.db")) as state:
        users = state.execute("SELECT json_extract(question, '$.user') FROM questions").fetchall()
    assert ("U0ALICE",) in users and ("U0BOB",) not in users
    again = stage.slack.mention(QUESTION, "U0BOB")
    assert replies(stage.slack, "C0GENERAL", again.ts)
