"""A1 to A22 of the Slack checklist: the bot as a process, in Socket Mode and over HTTP."""

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import SAMPLES, release
from slack_bot import (
    PAGE,
    PATIENCE,
    QUESTION,
    Bot,
    Stage,
    forget,
    replies,
    running,
    staged,
    told,
    workspace,
)
from slack_faults import dropped, gone, rate_limited, refused, server_error, slow
from slack_standin import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack
from slack_world import Message, View

from bot.slack.sending import wording
from bot.slack.store.store import Store
from retriever.build.build import build_index
from retriever.citing.citation import Citation
from retriever.errors import NothingToIndex
from retriever.index.home import Home

NASTY = (
    "<!channel> The Zanzibar envoys <@U0BOB> & partners *agreed* on _spices_ ~today~ :tada: "
    "see https://evil.example.com/x and <http://evil.example.com|bank.com>. "
    "العربية \u202eabc\u202c 🎉 `code` > quoted."
)
LONG = " ".join(
    f"Clause {number} of the Zanzibar treaty on cloves binds both ports." for number in range(95)
)


@pytest.fixture(scope="module")
def shelves(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The samples and one document full of markup, indexed; to be copied."""
    place = tmp_path_factory.mktemp("slack")
    (place / "nasty").mkdir()
    (place / "nasty" / "nasty.txt").write_text(
        release("Zanzibar Envoys <Agree> & *Meet*", "2024-05-05", NASTY, LONG), "utf-8"
    )
    home = Home(place / "home", models, models)
    build_index(home, [SAMPLES, place / "nasty"])
    (home.path / "models").symlink_to(models)
    return home


def copy_of(home: Home, place: Path) -> Home:
    shutil.copytree(home.path, place, symlinks=True)
    return Home(place)


@pytest.fixture(scope="module", params=["socket", "http"])
def open_stage(
    request: pytest.FixtureRequest, shelves: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One bot for all tests that leave it alive."""
    with staged(shelves, tmp_path_factory.mktemp("stage"), request.param) as made:
        yield made


@pytest.fixture
def stage(open_stage: Stage) -> Stage:
    """The shared bot, with nothing on the screens."""
    open_stage.slack.settle()
    forget(open_stage.slack)
    return open_stage


@pytest.fixture
def slack(stage: Stage) -> Slack:
    return stage.slack


@pytest.fixture(params=["socket", "http"])
def own(request: pytest.FixtureRequest, shelves: Home, tmp_path: Path) -> Iterator[Stage]:
    """A workspace, a home and a bot that has not been started, to be ended and damaged."""
    home = copy_of(shelves, tmp_path / "home")
    with workspace(request.param) as slack:
        bot = Bot(slack, home, tmp_path / "log")
        try:
            yield Stage(slack, bot, home)
        finally:
            process = getattr(bot, "process", None)
            if process and process.poll() is None:
                bot.kill()


def is_answer(message: Message) -> bool:
    return PAGE in message.visible_text and wording.SHOW_MORE in message.visible_text


# What is asked, and where it is answered.


def test_a1_a_command_is_answered_to_the_asker_alone(slack: Slack) -> None:
    before = slack.messages("C0GENERAL")
    asked = slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    assert asked.user_error is None and asked.acked
    assert is_answer(answer) and QUESTION in answer.visible_text
    assert slack.messages("C0GENERAL") == before
    assert len(slack.calls("response_url")) <= 2
    assert not slack.ephemerals("U0BOB")


@pytest.mark.parametrize("text", ["", "help", "  "])
def test_a2_without_a_question_there_is_usage(slack: Slack, text: str) -> None:
    slack.slash("/ask", text)
    (usage,) = told(slack)
    examples = re.findall(r"/ask (.+\?)", usage.visible_text)
    assert len(examples) == 3 and wording.SHOW_MORE not in usage.visible_text
    if text:
        return
    forget(slack)
    for example in examples:  # each is answered here
        slack.slash("/ask", example)
    for answer in told(slack, count=3):
        assert wording.FOUND in answer.visible_text


@pytest.mark.parametrize("order", ["app_mention first", "message first"])
def test_a3_a_mention_is_answered_once_in_its_thread(slack: Slack, order: str) -> None:
    asked = slack.mention(QUESTION, order=order)  # type: ignore[arg-type]
    (answer,) = replies(slack, "C0GENERAL", asked.ts)
    assert is_answer(answer) and answer.thread_ts == asked.ts and not answer.broadcast
    assert not slack.ephemerals()


@pytest.mark.parametrize("order", ["app_mention first", "message first"])
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a3_as_two_events_as_well(mode: str, order: str, shelves: Home, tmp_path: Path) -> None:
    if mode == "http" and order == "message first":
        pytest.skip("nothing differs from the others")
    home = copy_of(shelves, tmp_path / "home")
    with workspace(mode, follow_ups=True) as slack, running(slack, home, tmp_path / "log"):
        asked = slack.mention(QUESTION, order=order)  # type: ignore[arg-type]
        assert len(asked.deliveries) == 2
        assert len(replies(slack, "C0GENERAL", asked.ts)) == 1


def test_a4_what_comes_again_is_not_answered_again(slack: Slack) -> None:
    asked, direct = slack.mention(QUESTION), slack.dm(QUESTION)
    command = slack.slash("/ask", QUESTION)
    told(slack)
    for each in (asked, direct, command):
        slack.redeliver(each, 3).wait()
    assert len(replies(slack, "C0GENERAL", asked.ts)) == 1
    assert len(replies(slack, direct.channel, direct.ts)) == 1
    assert len(slack.ephemerals()) == 1


@pytest.mark.slow
def test_a4_nor_by_a_second_process(shelves: Home, tmp_path: Path) -> None:
    home = copy_of(shelves, tmp_path / "home")
    with (
        workspace("socket") as slack,
        running(slack, home, tmp_path / "one"),
        running(slack, home, tmp_path / "two"),
    ):
        slack.wait_connected(4)
        asked = [slack.mention(QUESTION) for _ in range(4)]
        for each in asked:
            slack.redeliver(each, 3)
        for each in asked:
            assert len(replies(slack, "C0GENERAL", each.ts)) == 1


def test_a5_many_at_once_see_no_error(stage: Stage) -> None:
    slack = stage.slack
    with stage.bot.standing_still(), ThreadPoolExecutor(20) as people:
        asked = list(people.map(lambda _: slack.slash("/ask", QUESTION), range(20)))
        time.sleep(1)
    assert [each.user_error for each in asked] == [None] * 20
    assert all(is_answer(answer) for answer in told(slack, count=20))
    assert len(slack.ephemerals()) == 20


def test_a6_what_nobody_asked_is_not_answered(slack: Slack) -> None:
    asked = slack.mention(QUESTION)
    replies(slack, "C0GENERAL", asked.ts)
    before = len(slack.bot_messages())
    slack.bot_says(f"<@U0BOT> {QUESTION}")
    slack.bot_says(f"<@U0BOT> {QUESTION}", classic=True)
    slack.say(f"<@U0BOT> {QUESTION}", "USLACKBOT")
    slack.say("an aside", thread_ts=asked.ts)
    slack.join("U0BOB")
    slack.join("U0BOT")
    slack.say(QUESTION, channel="G0GROUPDM")
    aside = slack.say("to everybody")
    slack.edit(aside, f"to everybody, not to <@U0BOT>: {QUESTION}")
    slack.delete(aside)
    slack.settle(quiet=0.5)
    assert len(slack.bot_messages()) == before and not slack.ephemerals()


def test_a7_follow_ups_are_answered_in_their_thread(slack: Slack) -> None:
    asked = slack.dm(QUESTION)
    replies(slack, asked.channel, asked.ts)
    slack.dm("and when was that?", thread_ts=asked.ts)
    first, second = replies(slack, asked.channel, asked.ts, 2)
    assert is_answer(first) and "Sung Kim" in second.visible_text.split("Searched:")[1]

    root = slack.say("What was it again?")
    slack.mention(QUESTION, thread_ts=root.ts)
    replies(slack, "C0GENERAL", root.ts)
    slack.mention("and when was that?", thread_ts=root.ts)
    *_, second = replies(slack, "C0GENERAL", root.ts, 2)
    assert "Sung Kim" in second.visible_text.split("Searched:")[1]
    assert len(slack.messages("C0GENERAL", root.ts)) == 5


def test_a7_an_edited_question_gets_another_answer(slack: Slack) -> None:
    asked = slack.dm(QUESTION)
    (old,) = replies(slack, asked.channel, asked.ts)
    slack.edit(asked, "What did the Zanzibar envoys agree on?")
    slack.wait_for(lambda: "Zanzibar" in slack.messages(asked.channel, asked.ts)[-1].visible_text)
    (new,) = replies(slack, asked.channel, asked.ts)
    assert new.ts == old.ts
    slack.delete(asked)
    slack.wait_for(lambda: not slack.messages(asked.channel, asked.ts))


def test_a7_edited_or_deleted_before_the_answer_is_out(slack: Slack) -> None:
    slack.faults.plan("chat.postMessage", slow(0.7), slow(0.7))
    asked, dropped_one = slack.dm(QUESTION), slack.dm(QUESTION, "U0BOB")
    slack.wait_for(lambda: len(slack.bot_messages(asked.channel)) and slack.server.under_way)
    slack.edit(asked, "What did the Zanzibar envoys agree on?")
    slack.delete(dropped_one)
    slack.wait_for(lambda: "Zanzibar" in slack.messages(asked.channel, asked.ts)[-1].visible_text)
    assert len(replies(slack, asked.channel, asked.ts)) == 1
    slack.wait_for(lambda: not slack.messages(dropped_one.channel, dropped_one.ts))


def test_a8_other_people_talk_in_peace(shelves: Home, tmp_path: Path) -> None:
    home = copy_of(shelves, tmp_path / "home")
    (home.path / "pincite.toml").write_text("[slack]\nfollow_ups = true\n", "utf-8")
    with workspace("socket", follow_ups=True) as slack, running(slack, home, tmp_path / "log"):
        asked = slack.mention(QUESTION)
        replies(slack, "C0GENERAL", asked.ts)
        for text in ("Is that so?", "I think not.", "What do you think, <@U0ALICE>?"):
            slack.say(text, "U0BOB", thread_ts=asked.ts)
        slack.say("<@U0BOB> did you know?", thread_ts=asked.ts)
        slack.say("Thanks, that helps.", thread_ts=asked.ts)
        slack.settle(quiet=0.5)
        assert len(replies(slack, "C0GENERAL", asked.ts)) == 1
        slack.say("and when was that?", thread_ts=asked.ts)
        assert len(replies(slack, "C0GENERAL", asked.ts, 2)) == 2


# What is shown.


def test_a9_markup_in_a_document_stays_what_it_is(slack: Slack) -> None:
    slack.slash("/ask", "What did the Zanzibar envoys agree on?")
    (answer,) = told(slack)
    assert NASTY in answer.visible_text
    assert not slack.pings(answer)
    assert not [link for link in slack.links(answer) if "evil" in link.url]
    assert not [call for call in slack.calls() if call.error]


def test_a9_a_long_passage_is_cut_visibly_and_whole_on_demand(slack: Slack) -> None:
    slack.slash("/ask", "Which clause of the Zanzibar treaty on cloves binds both ports?")
    (answer,) = told(slack)
    assert "Zanzibar treaty on cloves" in answer.visible_text and "[…]" in answer.visible_text
    shown = max(re.split(r"\[…\]|\n", answer.visible_text), key=len).strip()
    assert shown in LONG and len(shown) > 1_000


# When Slack fails.

UNSURE = "Slack did not confirm"


@pytest.mark.parametrize(
    "fault",
    [
        rate_limited(1),
        server_error(),
        dropped(),
        dropped(after_effect=True),
        refused("invalid_blocks"),
        refused("msg_too_long"),
    ],
    ids=["429", "500", "dropped", "lost", "invalid_blocks", "msg_too_long"],
)
def test_a10_one_answer_whatever_slack_does(slack: Slack, fault: object) -> None:
    # In direct messages the bot may look whether a post arrived; in a channel it may not, so that
    # the asker is told that the answer may be missing, and nothing is posted twice.
    slack.faults.plan("chat.postMessage", fault)  # type: ignore[arg-type]
    direct = slack.dm(QUESTION)
    (answer,) = replies(slack, direct.channel, direct.ts)
    assert PAGE in answer.visible_text

    slack.faults.plan("chat.postMessage", fault)  # type: ignore[arg-type]
    asked = slack.mention(QUESTION)
    slack.wait_for(lambda: len(slack.messages("C0GENERAL", asked.ts)) > 1 or slack.ephemerals())
    slack.settle()
    answers, notices = slack.messages("C0GENERAL", asked.ts)[1:], slack.ephemerals()
    assert len(answers) <= 1 and len(notices) <= 1 and answers + notices
    assert all(UNSURE in notice.visible_text for notice in notices)
    assert all(PAGE in answer.visible_text for answer in answers)
    assert not slack.faults.left and not slack.statuses


def test_a10_a_status_that_cannot_be_set_stops_nothing(stage: Stage) -> None:
    slack = stage.slack
    slack.faults.always("assistant.threads.setStatus", refused("missing_scope", needed="x"))
    with stage.bot.standing_still():
        asked = slack.mention(QUESTION)
        time.sleep(1.2)
    assert len(replies(slack, "C0GENERAL", asked.ts)) == 1


@pytest.mark.parametrize("fault", [gone("used_url"), gone(), server_error()])
def test_a11_without_a_response_url_the_asker_is_served(slack: Slack, fault: object) -> None:
    slack.faults.always("response_url", fault)  # type: ignore[arg-type]
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    assert is_answer(answer)
    slack.slash("/ask", QUESTION, channel="C0RANDOM")
    (direct,) = slack.wait_for(lambda: slack.bot_messages("D0ALICE")[-1:])
    assert PAGE in direct.visible_text


def test_a12_no_status_is_left(stage: Stage) -> None:
    slack = stage.slack
    slack.faults.plan("chat.postMessage", slow(1.5), slow(1.5))
    found, absent = slack.dm(QUESTION), slack.dm("Who won the chess cup of Atlantis?", "U0BOB")
    slack.wait_for(lambda: slack.calls("assistant.threads.setStatus"))
    replies(slack, found.channel, found.ts), replies(slack, absent.channel, absent.ts)
    (stage.home.path / "CURRENT").rename(stage.home.path / "AWAY")
    try:
        crashed = slack.dm(QUESTION)
        (sorry,) = replies(slack, crashed.channel, crashed.ts)
    finally:
        (stage.home.path / "AWAY").rename(stage.home.path / "CURRENT")
    assert PAGE not in sorry.visible_text and not slack.statuses


# Connections and processes.


def test_a13_a_connection_that_ends_loses_nothing(stage: Stage) -> None:
    slack = stage.slack
    if slack.mode == "http":
        pytest.skip("there is no connection to lose")
    for end in (
        lambda: slack.disconnect("warning"),
        lambda: slack.disconnect("refresh_requested"),
        slack.drop_connections,
    ):
        end()
        asked = slack.mention(QUESTION)
        assert len(replies(slack, "C0GENERAL", asked.ts)) == 1
        slack.wait_connected(2)
    dropped_at = time.monotonic()
    slack.drop_connections()
    slack.wait_connected(2)
    assert time.monotonic() - dropped_at < 10  # the SDK alone waits for longer


@pytest.mark.slow
def test_a13_what_is_in_flight_is_finished(own: Stage) -> None:
    own.bot.start().ready()
    own.slack.faults.plan("chat.postMessage", slow(1.0))
    own.slack.faults.plan("response_url", slow(1.0))
    asked, command = own.slack.mention(QUESTION), own.slack.slash("/ask", QUESTION)
    assert command.user_error is None
    own.slack.wait_for(lambda: own.slack.server.under_way == 2)
    started = time.monotonic()
    assert own.bot.stop() == 0
    assert time.monotonic() - started < PATIENCE
    own.bot.start().ready()
    own.slack.redeliver(asked).wait()
    assert len(replies(own.slack, "C0GENERAL", asked.ts)) == 1
    assert len(told(own.slack)) == 1


@pytest.mark.slow
def test_a13_what_a_crash_left_is_answered_by_the_next_process(own: Stage) -> None:
    own.bot.start().ready()
    own.slack.faults.plan("chat.postMessage", *[rate_limited(2)] * 2)
    before, after = own.slack.dm(QUESTION), own.slack.dm(QUESTION, "U0BOB")
    own.slack.wait_for(lambda: len(own.slack.calls("chat.postMessage")) == 2)
    own.bot.kill()
    own.bot.start().ready()
    for asked in (before, after):
        own.slack.wait_for(lambda at=asked: own.slack.messages(at.channel, at.ts)[1:])  # type: ignore[misc]
        assert len(replies(own.slack, asked.channel, asked.ts)) == 1


def test_a14_only_what_slack_signed_is_heard(stage: Stage) -> None:
    slack = stage.slack
    if slack.mode == "socket":
        pytest.skip("the socket itself is the trust")
    body = json.dumps({"type": "event_callback", "secret": "a-word-nobody-logs"}).encode()
    now = int(time.time())
    headers = {"Content-Type": "application/json"}
    assert slack.post_raw(body, headers).status == 401
    bad = {**headers, **slack.sign(b"something else")}
    assert slack.post_raw(body, bad).status == 401
    for stamp in (str(now - 400), str(now + 400), "soon", "-1", "1e9", "9" * 40):
        assert slack.post_raw(body, {**headers, **slack.sign(body, stamp)}).status == 401
    signature = slack.sign(body)["X-Slack-Signature"]
    for forged in (f"v0=é{signature[4:]}", signature.upper(), signature[:-1], "v1", ""):
        signed = {**headers, **slack.sign(body), "X-Slack-Signature": forged}
        assert slack.post_raw(body, signed).status == 401
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert slack.post_raw(b"ssl_check=1&token=deprecated", form).status == 200
    large = b"{" + b" " * (1 << 21)
    assert slack.post_raw(large, {**headers, **slack.sign(large)}).status == 413
    for foreign in (b"\xff\xfe", b"[]", b"null", b"{", b"payload=%7B"):
        assert slack.post_raw(foreign, {**headers, **slack.sign(foreign)}).status < 500
    assert "a-word-nobody-logs" not in stage.bot.log


# Buttons.


def test_a15_more_and_context_open_in_private(slack: Slack) -> None:
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    for action in ("show_more", "show_context"):
        slack.click(answer, action).wait()
        view = slack.wait_for(
            lambda: [v for v in slack.views() if wording.LOADING not in v.visible_text], 5
        )[-1]
        assert PAGE in view.visible_text
        slack.server.do(slack.world.views.clear)
    assert slack.ephemerals() == [answer]


def test_a15_a_list_is_whole_behind_its_button(slack: Slack) -> None:
    asked = slack.mention("How many documents mention North Korea?")
    (answer,) = replies(slack, "C0GENERAL", asked.ts)
    count = re.search(r"(\d+) documents mention “North Korea”", answer.visible_text)
    assert count and f"{wording.SHOW_ALL}: {count[1]} documents" in answer.visible_text
    slack.click(answer, "show_more").wait()
    view = slack.wait_for(
        lambda: [v for v in slack.views() if wording.LOADING not in v.visible_text], 5
    )[-1]
    assert sum(
        str(block.get("block_id")).startswith("head_") for block in view.payload["blocks"]
    ) == int(count[1])
    slack.server.do(slack.world.views.clear)


def test_a15_an_answer_is_shared_once_without_buttons(slack: Slack) -> None:
    before = len(slack.messages("C0RANDOM"))
    slack.slash("/ask", QUESTION, channel="C0RANDOM")
    (answer,) = told(slack)
    for _ in range(2):
        slack.click(answer, "share").wait()
    slack.wait_for(lambda: slack.messages("C0RANDOM")[before:])
    slack.settle()
    (shared,) = slack.messages("C0RANDOM")[before:]
    assert PAGE in shared.visible_text and "alice shared" in shared.visible_text
    assert not any(block["type"].endswith("actions") for block in shared.blocks)
    assert not slack.pings(shared)
    notices = slack.ephemerals()
    assert answer.ts not in [each.ts for each in notices] and len(notices) <= 1


def test_a15_a_share_that_slack_refuses_can_be_tried_again(slack: Slack) -> None:
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    before = len(slack.messages())
    slack.faults.plan("response_url", gone(), gone())
    slack.click(answer, "share").wait()
    slack.settle()
    assert len(slack.messages()) == before and answer in slack.ephemerals()
    slack.faults.clear()
    slack.click(answer, "share").wait()
    slack.wait_for(lambda: slack.messages()[before:])
    slack.settle()
    assert len(slack.messages()) == before + 1


def test_a15_the_last_vote_counts(stage: Stage) -> None:
    slack = stage.slack
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    slack.feedback(answer, "up").wait()
    slack.feedback(answer, "down").wait()
    (view,) = slack.wait_for(slack.views)
    slack.submit_view(view, {"comment": {"comment": "the other meeting"}}).wait()
    slack.settle()
    assert not slack.views() and slack.ephemerals() == [answer]


@pytest.mark.slow
def test_a15_buttons_work_after_a_restart_and_old_ones_say_so(own: Stage) -> None:
    slack = own.slack
    own.bot.start().ready()
    slack.slash("/ask", QUESTION)
    (answer,) = told(slack)
    assert own.bot.stop() == 0
    own.bot.start().ready()
    slack.click(answer, "show_more").wait()
    slack.wait_for(lambda: [v for v in slack.views() if PAGE in v.visible_text])
    assert own.bot.stop() == 0
    (own.home.path / "state.db").unlink()
    own.bot.start().ready()
    for action in ("show_more", "show_context", "share"):
        forget(slack)
        slack.click(answer, action).wait()
        (polite,) = told(slack)
        assert wording.TOO_OLD in polite.visible_text
    forget(slack)
    slack.feedback(answer, "down").wait()
    (polite,) = told(slack)
    assert wording.TOO_OLD in polite.visible_text and not slack.messages("C0GENERAL")


def test_a15_a_question_typed_in_a_window_is_answered_there(slack: Slack) -> None:
    slack.global_shortcut("ask_modal").wait()
    (view,) = slack.wait_for(slack.views)
    slack.submit_view(view, {"question": {"question": QUESTION}}).wait()
    slack.wait_for(lambda: [v for v in slack.views() if PAGE in v.visible_text])


def test_a15_a_window_with_nothing_but_blanks_says_what_to_type(stage: Stage) -> None:
    slack, errors = stage.slack, stage.bot.log.count('"level": "error"')
    slack.global_shortcut("ask_modal").wait()
    (view,) = slack.wait_for(slack.views)
    sent = slack.submit_view(view, {"question": {"question": " \n "}})
    sent.wait()
    assert sent.ack["errors"] == {"question": wording.TYPE_A_QUESTION}
    assert stage.bot.log.count('"level": "error"') == errors


def test_a15_a_document_is_read_page_by_page(slack: Slack) -> None:
    slack.slash("/ask", "Which clause of the Zanzibar treaty on cloves binds both ports?")
    (answer,) = told(slack)
    slack.click(answer, "show_context").wait()

    def page(*, of: str) -> View:
        return slack.wait_for(lambda: [v for v in slack.views() if of in v.visible_text], 10)[0]

    first = page(of="Zanzibar treaty")
    seen = first.visible_text
    for label, clause in ((wording.EARLIER, "Clause 0 "), (wording.LATER, "Clause 94 ")):
        view = first
        while f"[{label}]" in view.visible_text:
            before = view.visible_text
            slack.click(view, f"context_page.{label}").wait()
            view = slack.wait_for(
                lambda old=before: [v for v in slack.views() if v.visible_text != old], 10
            )[0]
            seen += view.visible_text
        assert clause in seen
    assert all(f"Clause {number} of" in seen for number in range(95))
    assert len(slack.views()) == 1


def test_a15_a_wrong_no_is_reported_with_the_passage_that_answers(stage: Stage) -> None:
    slack = stage.slack
    slack.slash("/ask", "Who won the chess cup of Atlantis?")
    (answer,) = told(slack)
    slack.click(answer, "nearest").wait()
    (view,) = slack.wait_for(
        lambda: [v for v in slack.views() if wording.THIS_ANSWERS in v.visible_text], 10
    )
    slack.click(view, "this_answers").wait()
    slack.wait_for(
        lambda: [v for v in slack.views() if wording.THANKS_FOR_ANSWER in v.visible_text], 10
    )
    *_, vote = Store(stage.home.path / "state.db").votes.all()
    assert (vote.vote, vote.question.text) == ("chosen", "Who won the chess cup of Atlantis?")
    assert vote.answer in view.visible_text and Citation.parse(vote.answer)


def test_a15_the_shortcut_answers_for_a_message(slack: Slack) -> None:
    said = slack.say(QUESTION, "U0BOB")
    assert said.message
    slack.shortcut("find_sources", said.message).wait()
    (answer,) = told(slack)
    assert is_answer(answer)


# Who is answered, and where.


def test_a16_strangers_and_guests_are_told_no(slack: Slack) -> None:
    for user, channel, no in (
        ("U0EXT", "C0SHARED", wording.REFUSED_EXTERNAL),
        ("U0ALICE", "C0SHARED", wording.REFUSED_EXTERNAL),
        ("U0GUEST", "C0GENERAL", wording.REFUSED_GUEST),
    ):
        forget(slack)
        asked = slack.mention(QUESTION, user, channel)
        (refusal,) = told(slack, user)
        assert no in refusal.visible_text and PAGE not in refusal.visible_text
        assert len(slack.messages(channel, asked.ts)) == 1
    for user, channel in (("U0EXT", "C0SHARED"), ("U0GUEST", "C0GENERAL")):
        forget(slack)
        slack.slash("/ask", QUESTION, user, channel)
        (refusal,) = told(slack, user)
        assert PAGE not in refusal.visible_text
    for user in ("U0EXT", "U0GUEST"):
        asked = slack.dm(QUESTION, user)
        (refusal,) = replies(slack, asked.channel, asked.ts)
        assert PAGE not in refusal.visible_text


def test_a16_nothing_is_shared_where_another_company_reads(slack: Slack) -> None:
    slack.mention(QUESTION, channel="C0SHARED")  # by which the bot learns what the channel is
    told(slack)
    forget(slack)
    before = slack.messages("C0SHARED")
    slack.slash("/ask", QUESTION, channel="C0SHARED")
    (answer,) = told(slack)
    if wording.SHARE in answer.visible_text:
        slack.click(answer, "share").wait()
        slack.settle()
    assert slack.messages("C0SHARED") == before


@pytest.mark.parametrize("channel", ["C0RANDOM", "G0PRIVATE", "G0SECRET", "G0GROUPDM", "D0ALICE"])
def test_a17_a_command_works_wherever_it_is_typed(slack: Slack, channel: str) -> None:
    before = slack.messages(channel)
    asked = slack.slash("/ask", QUESTION, channel=channel)
    (answer,) = told(slack)
    assert asked.user_error is None and is_answer(answer) and slack.messages(channel) == before


# Without an index.


@pytest.mark.slow
def test_a19_without_an_index_the_bot_says_so(own: Stage) -> None:
    (own.home.path / "CURRENT").unlink()
    shutil.rmtree(own.home.path / "generations")
    own.bot.start().ready()
    own.slack.slash("/ask", QUESTION)
    (notice,) = told(own.slack)
    assert wording.NO_INDEX in notice.visible_text
    forget(own.slack)
    asked = own.slack.mention(QUESTION)
    (notice,) = told(own.slack)
    assert wording.NO_INDEX in notice.visible_text
    assert len(own.slack.messages("C0GENERAL", asked.ts)) == 1 and not own.slack.statuses


@pytest.mark.slow
def test_a19_a_damaged_index_gives_an_apology_without_a_trace(own: Stage) -> None:
    generation = own.home.generation(str(own.home.current()))
    for file in generation.iterdir():
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    own.bot.start().ready()
    own.slack.slash("/ask", QUESTION)
    own.slack.mention(QUESTION, "U0BOB")
    direct = own.slack.dm(QUESTION)
    for notice in (
        *told(own.slack), *told(own.slack, "U0BOB"),
        *replies(own.slack, direct.channel, direct.ts),
    ):  # fmt: skip
        assert "could not search" in notice.visible_text
        assert not re.search(r"Traceback|Error|\.py|/tmp", notice.visible_text)
    (notice,) = told(own.slack)
    sent = len(own.slack.calls("response_url"))
    again = own.slack.click(notice, "retry")
    own.slack.wait_for(lambda: len(own.slack.calls("response_url")) > sent)  # in the notice's place
    assert again.user_error is None
    assert all("could not search" in each.visible_text for each in own.slack.ephemerals("U0ALICE"))
    assert len(own.slack.bot_messages("C0GENERAL")) == 0 and not own.slack.statuses


def test_a19_a_corpus_without_the_answer_is_said(models: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one.txt").write_text(release("A", "2020-01-01", "Ants walk."), "utf-8")
    home = Home(tmp_path / "home", models, models)
    build_index(home, [tmp_path / "folder"])
    (home.path / "models").symlink_to(models)
    with workspace("http") as slack, running(slack, home, tmp_path / "log"):
        slack.slash("/ask", QUESTION)
        (notice,) = told(slack)
        assert "No passage answers" in notice.visible_text


def test_a19_a_folder_without_documents_is_no_index(models: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    home = Home(tmp_path / "home", models, models)
    with pytest.raises(NothingToIndex):
        build_index(home, [tmp_path / "folder"])
    with workspace("http") as slack, running(slack, home, tmp_path / "log"):
        slack.slash("/ask", QUESTION)
        (notice,) = told(slack)
        assert wording.NO_INDEX in notice.visible_text


# Pages of the bot, and its start.


def has_examples(home: View | None) -> bool:
    return home is not None and wording.TRY in home.visible_text


def test_a21_home_is_published_when_it_changes_and_prompts_are_shown(slack: Slack) -> None:
    slack.faults.plan("views.publish", rate_limited(1), None, server_error())
    for _ in range(3):
        slack.open_home().wait()
        home = slack.wait_for(lambda: next(filter(has_examples, [slack.home()]), None))
        slack.settle()
    # At once, and once more when there are examples; both are tried again where they fail.
    shown = [call.arguments["view"] for call in slack.calls("views.publish") if call.ok]
    assert [wording.TRY in str(view) for view in shown] == [False, True]
    assert home and "documents" in home.visible_text and "@pincite" in home.visible_text
    slack.open_home(tab="messages").wait()
    slack.wait_for(slack.prompts)
    prompts = [each["message"] for each in slack.prompts()]
    assert len(prompts) == 3 and all(each in home.visible_text for each in prompts)


def test_a21_other_events_are_acknowledged(slack: Slack) -> None:
    for event in ("app_context_changed", "tokens_revoked", "assistant_thread_started"):
        slack.subscriptions.add(event)
        assert slack.happen({"type": event, "user": "U0ALICE"}).acked


@pytest.mark.slow
def test_a22_a_token_that_is_no_good_ends_it_with_advice(own: Stage) -> None:
    own.slack.faults.always("auth.test", refused("invalid_auth"))
    own.bot.start()
    assert own.bot.process.wait(120) == 2
    assert "SLACK_BOT_TOKEN" in own.bot.log and "Traceback" not in own.bot.log
    if own.slack.mode == "socket":
        own.slack.faults.clear()
        own.slack.faults.always("apps.connections.open", refused("invalid_auth"))
        own.bot.start()
        assert own.bot.process.wait(120) == 2
        assert "SLACK_APP_TOKEN" in own.bot.log and "Traceback" not in own.bot.log


@pytest.mark.slow
def test_a22_it_waits_for_a_slack_that_is_down(own: Stage) -> None:
    own.slack.faults.always("auth.test", dropped())
    own.bot.start()
    own.slack.wait_for(lambda: len(own.slack.calls("auth.test")) >= 4)
    own.slack.faults.clear()
    own.bot.ready()
    asked = own.slack.mention(QUESTION)
    assert len(replies(own.slack, "C0GENERAL", asked.ts)) == 1
    warnings = [entry for entry in own.bot.entries if entry["level"] == "warning"]
    assert 1 <= len(warnings) <= 5


@pytest.mark.slow
def test_a22_it_ends_when_socket_mode_is_switched_off(own: Stage) -> None:
    if own.slack.mode == "http":
        pytest.skip("there is no socket")
    own.bot.start().ready()
    own.slack.disconnect("link_disabled")
    assert own.bot.process.wait(120) == 2
    assert "Socket Mode is switched off" in own.bot.log


# Over all of the above; these come last.


def test_a18_no_scope_was_missing(open_stage: Stage) -> None:
    planned = open_stage.bot.log.count('"needed": "x"')
    assert open_stage.bot.log.count("a scope is missing") == planned


def test_a20_the_log_holds_no_secret_and_no_question(open_stage: Stage) -> None:
    asked = open_stage.slack.mention(QUESTION)  # the tests before it may have run elsewhere
    assert replies(open_stage.slack, "C0GENERAL", asked.ts)
    log = open_stage.bot.log
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "/response/", "Sung Kim", "Zanzibar"):
        assert secret not in log, secret
    assert '"message": "answered"' in log and "Traceback" not in log
    open_stage.bot.process.send_signal(signal.SIGTERM)
    assert open_stage.bot.process.wait(120) == 0
    open_stage.bot.start().ready()
