"""The stand-in for Slack, against a small Bolt app and against what Slack itself would refuse."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_delivery import signed
from slack_faults import Faults, dropped, gone, rate_limited, refused, server_error, slow
from slack_payloads import ANSWER, asking, button, buttons, modal, plain, section
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler, default_retry_handlers
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient
from slack_standin import APP_TOKEN, BOT_TOKEN, SCOPES, SIGNING_SECRET, SUBSCRIPTIONS, Slack
from starlette.responses import PlainTextResponse
from websockets.sync.client import connect

EVERYTHING_SCOPES = SCOPES | {"channels:history", "channels:read", "users:read", "reactions:write"}
EVERY_MESSAGE = SUBSCRIPTIONS | {"message.channels"}


def client(slack: Slack, *handlers: RetryHandler, token: str = BOT_TOKEN) -> WebClient:
    """A client that tries again only as it is told to."""
    return WebClient(token, base_url=slack.api_url, timeout=60, retry_handlers=list(handlers))


def small_bot(slack: Slack) -> App:
    """A bot of the simplest kind: it echoes, once for each question."""
    app = App(client=client(slack), signing_secret=SIGNING_SECRET, token_verification_enabled=False)
    seen: set[str] = set()
    lock = threading.Lock()

    def is_new(ts: str) -> bool:
        with lock:
            new = ts not in seen
            seen.add(ts)
            return new

    @app.command("/ask")
    def ask(ack: Any, respond: Any, command: Any) -> None:
        if command["text"] == "usage":
            ack("Ask something.")
            return
        if command["text"] == "sleep":
            time.sleep(0.5)
        ack()
        respond({**ANSWER, "text": f"You asked: {command['text']}"})

    @app.event("app_mention")
    def mention(event: Any, say: Any, set_status: Any) -> None:
        if is_new(event["ts"]):
            set_status("is searching…")
            say(text="Here.", thread_ts=event.get("thread_ts") or event["ts"])

    @app.event("message")
    def message(event: Any, say: Any) -> None:
        ours = event.get("subtype") is None and not event.get("bot_id")
        if ours and event["channel_type"] == "im" and is_new(event["ts"]):
            say({**ANSWER, "thread_ts": event.get("thread_ts") or event["ts"]})

    @app.action("share")
    def share(ack: Any, respond: Any, body: Any) -> None:
        ack()
        respond(response_type="in_channel", text=f"Shared by <@{body['user']['id']}>")
        respond(delete_original=True)

    @app.action("feedback")
    def feedback(ack: Any, action: Any, respond: Any) -> None:
        ack()
        respond(text=f"Noted {action['value']}", replace_original=False)

    @app.shortcut("ask_modal")
    def ask_modal(ack: Any, client: Any, body: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(asking(), submit=plain("Ask")))

    @app.shortcut("find_sources")
    def find_sources(ack: Any, respond: Any, body: Any) -> None:
        ack()
        respond(text=f"Sources for: {body['message']['text']}")

    @app.view("ask")
    def submitted(ack: Any, view: Any) -> None:
        typed = view["state"]["values"]["q"]["typed"]["value"]
        if not typed:
            ack(response_action="errors", errors={"q": "Type a question."})
        else:
            ack(response_action="update", view=modal(section(typed)))

    @app.event("app_home_opened")
    def home(event: Any, client: Any) -> None:
        if event["tab"] == "messages":
            prompts = [{"title": "What?", "message": "What was agreed?"}]
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], prompts=prompts
            )
        elif "view" not in event:
            view = {"type": "home", "blocks": [section("412 documents")]}
            client.views_publish(user_id=event["user"], view=view)

    return app


@contextmanager
def connected(slack: Slack, app: App) -> Iterator[SocketModeHandler]:
    """The app in Socket Mode."""
    handler = SocketModeHandler(app, APP_TOKEN, ping_interval=0.3)
    handler.connect()
    try:
        slack.wait_connected()
        yield handler
    finally:
        handler.close()


@contextmanager
def listening(slack: Slack, app: Any) -> Iterator[None]:
    """A Bolt app in HTTP mode, or another ASGI application, at the address that Slack has."""
    asgi = SlackRequestHandler(app) if isinstance(app, App) else app
    config = uvicorn.Config(asgi, port=slack.bot_port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        slack.wait_for(lambda: server.started)
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def slack() -> Iterator[Slack]:
    """Slack in HTTP mode, with every scope that the tests want and no bot."""
    with Slack("http", scopes=EVERYTHING_SCOPES, subscriptions=EVERY_MESSAGE) as started:
        yield started


@pytest.fixture
def bot(slack: Slack) -> Iterator[Slack]:
    """Slack with the small bot at its address."""
    with listening(slack, small_bot(slack)):
        yield slack


# Commands and mentions.


def test_a_command_is_acknowledged_and_answered_to_the_asker_alone(bot: Slack) -> None:
    asked = bot.slash("/ask", "R&D?", channel="C0RANDOM")
    assert asked.ack_seconds < 1 and asked.user_error is None
    bot.settle()
    [answer] = bot.ephemerals("U0ALICE", "C0RANDOM")
    assert answer.text == "You asked: R&amp;D?"
    assert answer.visible_text == "Agreed.\n\n[Share]\n\n[Helpful][Not helpful]"
    assert bot.bot_messages() == [] and bot.ephemerals("U0BOB") == []
    assert [call.url for call in bot.calls("response_url")] == [asked.response_url]


def test_an_acknowledgement_may_be_the_answer(bot: Slack) -> None:
    assert bot.slash("/ask", "usage").ack == {"text": "Ask something."}
    assert [message.via for message in bot.ephemerals()] == ["ack"]


def test_a_late_acknowledgement_is_a_timeout_and_a_missing_bot_a_failure() -> None:
    with Slack("http", patience=0.2) as slack:
        assert slack.slash("/ask").user_error == "dispatch_failed"
        with listening(slack, small_bot(slack)):
            assert slack.slash("/unknown").user_error == "dispatch_failed"
            assert slack.slash("/ask", "sleep").user_error == "operation_timeout"


@pytest.mark.parametrize("order", ["app_mention first", "message first", "only app_mention"])
def test_a_mention_is_answered_once_in_its_thread(bot: Slack, order: Any) -> None:
    asked = bot.mention("what was agreed?", order=order)
    bot.settle()
    first, answer = bot.messages("C0GENERAL", asked.thread_ts)
    assert (first.visible_text, answer.text) == ("⟦@U0BOT⟧ what was agreed?", "Here.")
    events = [delivery.event["type"] for delivery in asked.deliveries]
    twins = ["app_mention", "message"]
    assert events == {"message first": twins[::-1], "only app_mention": twins[:1]}.get(order, twins)
    assert len({delivery.payload["event_id"] for delivery in asked.deliveries}) == len(events)
    assert {delivery.event["ts"] for delivery in asked.deliveries} == {asked.ts}
    echo = bot.deliveries[-1].event
    assert (echo["bot_id"], echo["thread_ts"], echo["parent_user_id"]) == (
        "B0BOT",
        asked.ts,
        "U0ALICE",
    )


def test_events_follow_subscriptions_scopes_and_membership(slack: Slack) -> None:
    slack.subscriptions.discard("message.channels")
    assert [d.event["type"] for d in slack.mention("q").deliveries] == ["app_mention"]
    assert slack.say("chat").deliveries == []
    assert slack.mention("q", channel="C0RANDOM").deliveries == []
    assert [d.event["type"] for d in slack.dm("<@U0BOT> q").deliveries] == ["message"]
    slack.scopes.discard("im:history")
    assert slack.dm("q").deliveries == []


def test_a_direct_message_is_answered_and_the_answer_comes_back_as_an_event(bot: Slack) -> None:
    asked = bot.dm("a < b & <@U0BOB>")
    bot.settle()
    assert asked.deliveries[0].event["text"] == "a &lt; b &amp; <@U0BOB>"
    question, answer = bot.messages("D0ALICE", asked.ts)
    assert answer.thread_ts == question.ts and bot.messages("D0ALICE") == [question]
    assert bot.deliveries[-1].event["app_id"] == "A0APP"


def test_what_is_no_question_comes_as_slack_sends_it(bot: Slack) -> None:
    said = bot.say("hello", "U0BOB")
    edited = bot.edit(said, "hello, all")
    deleted = bot.delete(edited)
    other = bot.bot_says("<@U0BOT> q")
    classic = bot.bot_says("q", classic=True)
    joined = bot.join("U0EXT")
    bot.settle()
    assert edited.deliveries[0].event["message"]["text"] == "hello, all"
    assert edited.deliveries[0].event["previous_message"]["text"] == "hello"
    assert deleted.deliveries[0].event["deleted_ts"] == said.ts
    assert {d.event["type"] for d in other.deliveries} == {"app_mention", "message"}
    assert all(d.event["bot_id"] == "B0OTHERBOT" for d in other.deliveries)
    assert classic.deliveries[0].event["subtype"] == "bot_message"
    outer = joined.deliveries[0]
    assert (outer.event["subtype"], outer.event["user_team"]) == ("channel_join", "T2OTHER")
    assert bot.say("q", "U0EXT", "C0SHARED").deliveries[0].payload["is_ext_shared_channel"]
    with pytest.raises(ValueError, match="not in"):
        bot.say("q", "U0GUEST", "C0RANDOM")


# Retries and signatures.


def test_an_event_is_delivered_four_times_unless_acknowledged(slack: Slack) -> None:
    attempts = slack.dm("q").attempts
    assert [one.number for one in attempts] == [0, 1, 2, 3]
    assert {one.failure for one in attempts} == {"connection_failed"}
    bot_without_events = App(client=client(slack), signing_secret=SIGNING_SECRET)
    with listening(slack, bot_without_events):
        asked = slack.dm("q")
        assert [one.status for one in asked.attempts] == [404] * 4
        assert not asked.acked and asked.ack_seconds == float("inf")


def test_a_refusal_may_ask_for_no_retry(slack: Slack) -> None:
    with listening(slack, PlainTextResponse("", 503, {"X-Slack-No-Retry": "1"})):
        assert [one.status for one in slack.dm("q").attempts] == [503]


def test_redelivery_carries_the_headers_of_retries(bot: Slack) -> None:
    asked = bot.mention("q")
    bot.settle()
    again = bot.redeliver(asked, 3)
    assert again.acked and [one.number for one in again.attempts] == [1, 1, 2, 2, 3, 3]
    bot.settle()
    assert len(bot.bot_messages("C0GENERAL")) == 1


def test_only_signed_requests_are_taken(bot: Slack) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
    kind = {"Content-Type": "application/json"}
    assert bot.post_raw(body, kind | bot.sign(body)).status == 200
    assert bot.post_raw(body, kind).status == 401
    assert bot.post_raw(body, kind | bot.sign(body, str(int(time.time()) - 400))).status == 401
    forged = signed("another secret", body, str(int(time.time())))
    assert bot.post_raw(body, kind | forged).status == 401
    assert bot.verify_url().ack == {"challenge": "a-challenge"}


def test_the_environment_tells_an_external_bot_all(slack: Slack) -> None:
    told = slack.environment()
    assert told["SLACK_API_URL"] == slack.api_url and told["SLACK_MODE"] == "http"
    assert told["PORT"] == str(slack.bot_port) and told["HTTPS_PROXY"] == ""


# Clicks, shortcuts and views.


def test_a_click_on_an_ephemeral_answer_says_nothing_of_the_message(bot: Slack) -> None:
    bot.slash("/ask", "q", channel="G0SECRET").wait()
    bot.settle()
    [answer] = bot.ephemerals()
    clicked = bot.click(answer, "share")
    bot.settle()
    payload = clicked.deliveries[0].payload
    assert "message" not in payload and payload["container"]["is_ephemeral"]
    assert payload["actions"][0]["value"] == "1"
    [shared] = bot.messages("G0SECRET")
    assert shared.visible_text == "Shared by ⟦@U0ALICE⟧" and bot.ephemerals() == []
    with pytest.raises(LookupError):
        bot.click(answer, "no such button")


def test_feedback_and_message_shortcuts(bot: Slack) -> None:
    asked = bot.dm("q")
    bot.settle()
    _, answer = bot.messages("D0ALICE", asked.ts)
    assert bot.feedback(answer, "down").deliveries[0].payload["message"]["ts"] == answer.ts
    bot.shortcut("find_sources", answer, "U0ALICE")
    bot.settle()
    texts = [message.text for message in bot.ephemerals()]
    assert sorted(texts) == ["Noted 1:down", "Sources for: One passage."]


def test_a_modal_is_opened_refused_and_updated(bot: Slack) -> None:
    bot.global_shortcut("ask_modal")
    bot.settle()
    [view] = bot.views()
    assert bot.submit_view(view, {"q": {"typed": ""}}).ack["response_action"] == "errors"
    assert bot.views() == [view]
    assert bot.submit_view(view, {"q": {"typed": "who?"}}).user_error is None
    assert [view.visible_text for view in bot.views()] == ["Ask\nwho?"]


def test_home_and_prompts(bot: Slack) -> None:
    for tab in ("home", "home", "messages"):
        assert bot.open_home(tab=tab).acked
        bot.settle()
    assert len(bot.calls("views.publish")) == 1
    home = bot.home()
    assert home is not None and home.visible_text == "412 documents"
    assert [prompt["title"] for prompt in bot.prompts()] == ["What?"]


def test_a_trigger_is_for_one_view_within_three_seconds(slack: Slack) -> None:
    api, view = client(slack), modal(section("x"))
    trigger = slack.global_shortcut("x").deliveries[0].payload["trigger_id"]
    made = api.views_open(trigger_id=trigger, view=view)["view"]
    assert error(api.views_open, trigger_id=trigger, view=view) == "exchanged_trigger_id"
    late = slack.global_shortcut("x").deliveries[0].payload["trigger_id"]
    slack.advance(3.1)
    assert error(api.views_open, trigger_id=late, view=view) == "expired_trigger_id"
    assert api.views_update(view_id=made["id"], view=view)["ok"]
    stale = {"view_id": made["id"], "hash": made["hash"]}
    assert error(api.views_update, view=view, **stale) == "hash_conflict"
    assert error(api.views_update, view_id="V0", view=view) == "not_found"


# The Web API.


def error(call: Any, **arguments: Any) -> str:
    """The error with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_tokens_and_scopes_are_asked_for(slack: Slack) -> None:
    api = client(slack)
    assert api.auth_test()["user_id"] == "U0BOT"
    assert error(client(slack, token="xoxb-other").auth_test) == "invalid_auth"
    assert error(client(slack, token="").auth_test) == "not_authed"
    assert error(client(slack, token=APP_TOKEN).auth_test) == "not_allowed_token_type"
    assert error(api.apps_connections_open, app_token=BOT_TOKEN) == "not_allowed_token_type"
    slack.scopes.discard("users:read")
    with pytest.raises(SlackApiError) as caught:
        api.users_info(user="U0ALICE")
    assert caught.value.response["needed"] == "users:read"
    assert "chat:write" in caught.value.response["provided"].split(",")
    assert [call.token for call in slack.calls("auth.test")] == ["bot", "unknown", "none", "app"]
    assert error(api.api_call, api_method="no.such") == "unknown_method"
    slack.uninstall()
    assert error(api.auth_test) == "account_inactive"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("G0SECRET", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
    ],
)
def test_the_bot_writes_only_where_it_is(slack: Slack, channel: str, expected: str) -> None:
    api = client(slack)
    assert error(api.chat_postMessage, channel=channel, text="x") == expected
    assert error(api.chat_postEphemeral, channel=channel, user="U0BOB", text="x") == expected


def test_messages_are_written_changed_and_deleted(slack: Slack) -> None:
    api, asked = client(slack), slack.say("q")
    general = {"channel": "C0GENERAL"}
    posted = api.chat_postMessage(**general, text="a", thread_ts=asked.ts)
    api.chat_update(**general, ts=posted["ts"], text="b")
    assert [m.text for m in slack.messages("C0GENERAL", asked.ts)] == ["q", "b"]
    assert api.conversations_replies(**general, ts=asked.ts)["messages"][1]["text"] == "b"
    assert len(api.conversations_history(**general)["messages"]) == 1
    api.reactions_add(**general, timestamp=asked.ts, name="eyes")
    repeated = {**general, "timestamp": asked.ts, "name": "eyes"}
    assert error(api.reactions_add, **repeated) == "already_reacted"
    assert api.reactions_remove(**repeated)["ok"]
    api.chat_delete(**general, ts=posted["ts"])
    assert [m.text for m in slack.messages("C0GENERAL", asked.ts)] == ["q"]
    assert error(api.chat_update, **general, ts=asked.ts, text="x") == "cant_update_message"
    assert error(api.chat_delete, **general, ts=posted["ts"]) == "message_not_found"
    assert error(api.chat_postMessage, **general, text="x", thread_ts="1") == "invalid_thread_ts"
    slack.delete(asked)
    late = {**general, "text": "x", "thread_ts": asked.ts}
    assert error(api.chat_postMessage, **late) == "thread_not_found"
    outsider = {**general, "user": "U0EXT", "text": "x"}
    assert error(api.chat_postEphemeral, **outsider) == "user_not_in_channel"
    assert api.chat_postMessage(channel="U0BOB", text="x")["channel"] == "D0BOB"


def test_what_the_bot_may_learn_of_people_and_places(slack: Slack) -> None:
    api = client(slack)
    assert api.users_info(user="U0GUEST")["user"]["is_restricted"]
    assert api.users_info(user="U0EXT")["user"]["is_stranger"]
    assert api.conversations_info(channel="C0SHARED")["channel"]["is_ext_shared"]
    assert error(api.conversations_info, channel="G0PRIVATE") == "missing_scope"
    assert error(api.users_info, user="U0NOBODY") == "user_not_found"


def test_forms_are_read_like_json(slack: Slack) -> None:
    form = {"channel": "C0GENERAL", "blocks": json.dumps([section("x")]), "unfurl_links": "false"}
    assert client(slack).api_call("chat.postMessage", data=form)["ok"]
    [message] = slack.bot_messages()
    assert message.visible_text == "x" and message.options["unfurl_links"] is False


def test_refusals_tell_the_place(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as caught:
        client(slack).chat_postMessage(channel="C0GENERAL", text="x", blocks=[section("x" * 3001)])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks" and slack.bot_messages() == []
    assert answer["response_metadata"]["messages"][0] == (
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    )


def test_a_view_that_is_refused_leaves_the_trigger_good(slack: Slack) -> None:
    api = client(slack)
    trigger = slack.global_shortcut("x").deliveries[0].payload["trigger_id"]
    bad = {"trigger_id": trigger, "view": modal()}
    assert error(api.views_open, **bad) == "invalid_arguments"
    assert api.views_open(trigger_id=trigger, view=modal(section("x")))["ok"]
    assert error(api.views_publish, user_id="U0BOB", view=modal()) == "invalid_arguments"


def test_statuses_end_with_an_answer_an_empty_status_or_time(slack: Slack) -> None:
    api, asked = client(slack), slack.mention("q")
    here = {"channel_id": "C0GENERAL", "thread_ts": asked.ts}
    shown = {("C0GENERAL", asked.ts): "is searching…"}
    api.assistant_threads_setStatus(**here, status="is searching…")
    assert slack.statuses == shown
    api.chat_postMessage(channel="C0GENERAL", thread_ts=asked.ts, text="x")
    assert slack.statuses == {}
    api.assistant_threads_setStatus(**here, status="is searching…")
    api.assistant_threads_setStatus(**here, status="")
    assert slack.statuses == {}
    api.assistant_threads_setStatus(**here, status="is searching…")
    slack.advance(121)
    assert slack.statuses == {}
    many = {**here, "status": "x", "loading_messages": ["x"] * 11}
    assert error(api.assistant_threads_setStatus, **many) == "invalid_arguments"


def test_prompts_with_a_thread_are_silently_nothing(slack: Slack) -> None:
    prompt, asked = {"title": "t", "message": "m"}, slack.dm("q")
    api = client(slack)
    place = {"channel_id": "D0ALICE", "prompts": [prompt]}
    api.assistant_threads_setSuggestedPrompts(**place, thread_ts=asked.ts)
    assert slack.prompts() == []
    api.assistant_threads_setSuggestedPrompts(**place)
    assert slack.prompts() == [prompt]
    api.assistant_threads_setTitle(channel_id="D0ALICE", thread_ts=asked.ts, title="q")
    assert slack.world.titles == {("D0ALICE", asked.ts): "q"}


# response_url.


def test_a_response_url_is_good_for_five_posts_in_half_an_hour(slack: Slack) -> None:
    url = WebhookClient(slack.slash("/ask", "q").response_url)
    assert [url.send(text="x").status_code for _ in range(5)] == [200] * 5
    sixth = url.send(text="x")
    assert (sixth.status_code, json.loads(sixth.body)["error"]) == (404, "used_url")
    other = WebhookClient(slack.slash("/ask", "q").response_url)
    slack.advance(30 * 60 + 1)
    assert json.loads(other.send(text="x").body)["error"] == "expired_url"


def test_a_command_has_no_original_to_replace(slack: Slack) -> None:
    url = WebhookClient(slack.slash("/ask", "q").response_url)
    url.send(text="one")
    url.send(text="two", replace_original=True)
    assert [message.text for message in slack.ephemerals()] == ["one", "two"]
    url.send(text="four", blocks=[buttons(button())])
    click = WebhookClient(slack.click(slack.ephemerals()[2], "share").response_url)
    click.send(text="three", replace_original=True)
    assert [message.text for message in slack.ephemerals()] == ["one", "two", "three"]
    assert click.send(text=" ").status_code == 400


def test_a_defect_of_the_stand_in_is_not_hidden() -> None:
    slack = Slack().start()
    del slack.world.users["U0BOT"]  # its own post cannot become an event now
    with pytest.raises(SlackApiError):
        client(slack).chat_postMessage(channel="D0ALICE", text="x")
    with pytest.raises(KeyError):
        slack.stop()
    assert len(slack.messages("D0ALICE")) == 1


# Faults.


def test_a_lost_answer_is_posted_twice_by_a_client_that_tries_again(slack: Slack) -> None:
    slack.faults.plan("chat.postMessage", dropped(after_effect=True))
    eager = client(slack, *default_retry_handlers())
    eager.chat_postMessage(channel="C0GENERAL", text="x")
    assert len(slack.bot_messages()) == 2
    assert [call.fault for call in slack.calls("chat.postMessage")] == ["dropped", ""]
    assert slack.calls("chat.postMessage")[0].answer is None and slack.faults.left == {}


def test_faults_come_as_they_are_planned(slack: Slack) -> None:
    api = client(slack)
    limited = client(slack, RateLimitErrorRetryHandler(max_retry_count=1))
    post = {"channel": "C0GENERAL", "text": "x"}
    slack.faults.plan("chat.postMessage", dropped())
    with pytest.raises(OSError):
        api.chat_postMessage(**post)
    slack.faults.plan("chat.postMessage", rate_limited(0), None, server_error(), slow(0.2))
    assert limited.chat_postMessage(**post)["ok"]
    with pytest.raises(SlackApiError):
        api.chat_postMessage(**post)
    started = time.monotonic()
    assert api.chat_postMessage(**post)["ok"] and time.monotonic() - started > 0.2
    slack.faults.always("chat.postMessage", refused("invalid_blocks"))
    assert error(api.chat_postMessage, **post) == "invalid_blocks"
    assert len(slack.bot_messages()) == 2
    slack.faults.clear()
    slack.faults.plan("response_url", gone("used_url"))
    assert WebhookClient(slack.slash("/ask").response_url).send(text="x").status_code == 404


def test_faults_by_chance_are_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[str]:
        faults = Faults()
        faults.by_chance(seed, [(dropped(), 0.1), (server_error(), 0.2)], ["chat.postMessage"])
        assert faults.next("auth.test") is None
        found = [faults.next("chat.postMessage") for _ in range(1000)]
        return [fault.name if fault else "" for fault in found]

    first = drawn(7)
    assert first == drawn(7) != drawn(8)
    assert 70 < first.count("dropped") < 130 and 160 < first.count("server_error") < 240


# Socket Mode.


def test_socket_mode_with_bolt_survives_refresh_and_drop() -> None:
    with Slack() as slack, connected(slack, small_bot(slack)):
        assert slack.slash("/ask", "q").ack_seconds < 1
        assert slack.slash("/ask", "usage").ack == {"text": "Ask something."}
        slack.disconnect("refresh_requested")
        slack.wait_for(lambda: len(slack.calls("apps.connections.open")) == 2)
        slack.wait_connected()
        first = slack.mention("one")
        assert first.acked
        slack.drop_connections()
        slack.speed = 30  # Bolt notices after five pings
        second = slack.mention("two")
        assert second.acked and second.attempts[0].failure == "connection_failed"
        slack.settle()
        assert [len(slack.messages(m.channel, m.ts)) for m in (first, second)] == [2, 2]
        assert slack.statuses == {} and len(slack.ephemerals()) == 2


def sockets(slack: Slack, stack: ExitStack, count: int = 1) -> list[Any]:
    """Connections that acknowledge nothing by themselves; the stack ends them."""
    api = client(slack, token=APP_TOKEN)
    urls = [api.apps_connections_open(app_token=APP_TOKEN)["url"] for _ in range(count)]
    return [stack.enter_context(connect(url, proxy=None)) for url in urls]


def frame(connection: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(connection.recv(timeout=60))
    return found


def test_ten_connections_at_most_and_each_event_to_one_of_them() -> None:
    with Slack(speed=60_000) as slack, ExitStack() as stack:
        ten = sockets(slack, stack, 10)
        assert [frame(one)["num_connections"] for one in ten] == list(range(1, 11))
        [eleventh] = sockets(slack, stack)
        assert frame(eleventh)["reason"] == "too_many_websockets"
        asked = [slack.dm(str(number)) for number in range(10)]
        for one in ten:
            envelope = frame(one)
            assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
            one.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert all(gesture.acked and len(gesture.attempts) == 1 for gesture in asked)
        ten[0].ping().wait(60)


def test_what_is_not_acknowledged_comes_again_over_a_socket() -> None:
    with Slack(speed=60_000, patience=0.1) as slack, ExitStack() as stack:
        [one] = sockets(slack, stack)
        frame(one)
        asked, command = slack.dm("q"), slack.slash("/ask")
        assert [attempt.failure for attempt in asked.attempts] == ["timeout"] * 4
        assert command.user_error == "operation_timeout"
        frames = [frame(one) for _ in range(5)]
        retried = [f for f in frames if f["type"] == "events_api"]
        assert [f["retry_attempt"] for f in retried] == [0, 1, 2, 3]
        assert [f["retry_reason"] for f in retried] == ["", "timeout", "timeout", "timeout"]
        [sent] = [f for f in frames if f["type"] == "slash_commands"]
        assert sent["accepts_response_payload"] and sent["payload"]["is_enterprise_install"] == (
            "false"
        )


def test_a_deaf_connection_answers_no_ping_and_hears_no_acknowledgement() -> None:
    with Slack(patience=0.1) as slack, ExitStack() as stack:
        [one] = sockets(slack, stack)
        assert one.ping().wait(60)
        slack.go_deaf()
        assert not one.ping().wait(0.2)
        assert slack.slash("/ask").user_error == "operation_timeout"
        slack.drop_connections()


def test_socket_mode_may_be_switched_off() -> None:
    with Slack() as slack, ExitStack() as stack:
        [one] = sockets(slack, stack)
        frame(one)
        slack.disconnect("warning")
        assert frame(one) == {"type": "disconnect", "reason": "warning"}
        assert slack.num_connections == 1
        slack.disconnect("link_disabled")
        assert frame(one)["reason"] == "link_disabled"
        api = client(slack, token=APP_TOKEN)
        assert error(api.apps_connections_open, app_token=APP_TOKEN) == "socket_mode_disabled"
        assert slack.slash("/ask").user_error == "dispatch_failed"


def test_nothing_is_left_when_it_stops() -> None:
    before = set(threading.enumerate())
    with ExitStack() as stack:
        with Slack() as slack:
            sockets(slack, stack)
            slack.dm("q")
        slack.stop()
    started = set(threading.enumerate()) - before
    for thread in started:  # that of a closed socket ends a moment after it
        thread.join(5)
    assert [thread for thread in started if thread.is_alive()] == []


EXTERNAL = """
import os, signal, threading
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

told = os.environ
app = App(client=WebClient(told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"]))
app.command("/ask")(lambda ack, respond: (ack(), respond(text="from outside")))
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
SocketModeHandler(app, told["SLACK_APP_TOKEN"]).connect()
stop.wait()
os._exit(0)
"""


def test_an_external_process_is_driven_by_its_environment() -> None:
    with Slack() as slack:
        bot = subprocess.Popen([sys.executable, "-c", EXTERNAL], env=slack.environment())
        try:
            slack.wait_connected()
            assert slack.slash("/ask", "q").user_error is None
            slack.settle()
            assert [message.text for message in slack.ephemerals()] == ["from outside"]
        finally:
            bot.terminate()
        assert bot.wait(60) == 0
