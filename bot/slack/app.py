"""What Slack sends, and what becomes of it: each listener acknowledges and hands on.

A question is written down before it is acknowledged, so that Slack delivers it again to the next
process if this one is killed before. Delivered again, or as an event of two kinds, it has the same
key, so that it is answered once. Everything else that Slack may send is acknowledged and left
alone.
"""

import datetime
import hashlib
import json
import logging
import queue
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack import wording
from bot.slack.access import kind_of
from bot.slack.desk import Desk
from bot.slack.errors import Unconfirmed
from bot.slack.render import (
    ask_view,
    comment_view,
    home_view,
    notice,
    notice_view,
    usage_message,
)
from bot.slack.state import DAYS, Question

Body = Mapping[str, Any]

LISTENERS = 32
"""Threads that acknowledge; Bolt's own five would keep a sixth request waiting."""
_OF_PEOPLE = {None, "file_share", "thread_broadcast"}
"""The subtypes of messages that somebody wrote."""
_PATIENCE = 1.5  # seconds that a window waits for its answer; Slack waits 3
_ASKS = re.compile(
    r"\?\s*$|^(?:and|what|who|when|where|why|how|which|did|does|is|are|was|were)\b", re.I
)
_LINKED = re.compile(r"<(?:(?:https?|mailto):[^|>]*)(?:\|([^>]*))?>")
_NAMED = re.compile(r"<[@#!][^|>]*(?:\|([^>]*))?>")

log = logging.getLogger(__name__)


def build_app(desk: Desk, secret: str, me: str) -> App:
    """The Bolt app over a desk; `me` is the bot's user.

    Nothing is asked of Slack here, nor of Bolt's own accord when an event comes: that the token is
    good is known by then.
    """
    known = AuthorizeResult(
        enterprise_id=None, team_id=desk.team, bot_user_id=me, bot_token=desk.post.client.token
    )
    app = App(
        client=desk.post.client,
        signing_secret=secret,
        authorize=lambda: known,
        listener_executor=ThreadPoolExecutor(LISTENERS, "listener"),
        raise_error_for_unhandled_request=False,
    )
    front = Front(desk, me)
    app.command(re.compile(".*"))(front.command)
    app.event("app_mention", middleware=[_noted(front.mention)])(_acknowledged)
    app.event("message", middleware=[_noted(front.message)])(_acknowledged)
    app.event("app_home_opened")(front.home_opened)
    app.event("app_uninstalled")(front.removed)
    for ignored in ("app_context_changed", "assistant_thread_started", "tokens_revoked",
                    "assistant_thread_context_changed"):  # fmt: skip
        app.event(ignored)(_acknowledged)
    app.shortcut("find_sources")(front.find_sources)
    app.shortcut("ask_modal")(front.open_question)
    app.view("asked")(front.asked)
    app.view("comment")(front.commented)
    for action, listener in {
        "show_more": front.show_more,
        "show_context": front.show_context,
        "share": front.share,
        "retry": front.retry,
        "feedback": front.vote,
    }.items():
        app.action(action)(listener)
    app.action(re.compile(".*"))(_acknowledged)
    app.error(_failed)
    return app


class Front:
    """The listeners, which write down and hand on to the desk."""

    def __init__(self, desk: Desk, me: str) -> None:
        self._desk, self._me = desk, me

    # Questions.

    def command(self, ack: Callable[..., Any], body: Body) -> None:
        """`/ask QUESTION`, for the asker's eyes only."""
        text = str(body.get("text") or "").strip()
        question = self._question(
            body, "command", text, key=f"command:{body['trigger_id']}",
            kind=kind_of(body["channel_id"], channel_name=str(body.get("channel_name") or "")),
        )  # fmt: skip
        if text.casefold() in ("", "help", "?"):
            self._desk.tell(question, usage_message(str(body.get("command") or "/ask")))
        else:
            self._desk.take(question)
        ack()

    def mention(self, event: Body, body: Body) -> None:
        """`@pincite QUESTION` in a channel."""
        self._written(event, body, "mention")

    def message(self, event: Body, body: Body) -> None:
        """A direct message, or a follow-up in a thread; an edited or deleted question."""
        if event.get("subtype") in ("message_changed", "message_deleted"):
            return self._changed(event)
        if event.get("channel_type") == "im":
            return self._written(event, body, "direct")
        if f"<@{self._me}>" in str(event.get("text") or ""):
            return self._written(event, body, "mention")
        place = f"{self._desk.team}:{event.get('channel')}:{event.get('thread_ts')}"
        if (
            self._desk.access.follow_ups
            and event.get("thread_ts")
            and self._continues(event, place)
        ):
            self._written(event, body, "follow-up")
        return None

    def find_sources(self, ack: Callable[..., Any], body: Body) -> None:
        """The shortcut on a message: its text is the question."""
        text = self._words(str(body["message"].get("text") or ""))
        question = self._question(body, "shortcut", text, key=f"shortcut:{body['trigger_id']}")
        if text:
            self._desk.take(question)
        else:
            self._desk.tell(question, notice(wording.ASKED_FOR_TEXT))
        ack()

    def open_question(self, ack: Callable[..., Any], body: Body) -> None:
        """The global shortcut: a private window to ask in."""
        ack()
        self._desk.post.client.views_open(trigger_id=body["trigger_id"], view=ask_view())

    def asked(self, ack: Callable[..., Any], body: Body) -> None:
        """The question of that window; the answer takes its place."""
        text = str(body["view"]["state"]["values"]["question"]["question"].get("value") or "")
        view = str(body["view"]["id"])
        question = self._question(body, "modal", text.strip(), key=f"view:{view}")
        if not self._desk.state.claim(question):
            ack()
            return
        self._desk.state.finish(question, "modal")  # nobody else could fill this window
        found: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._desk.work(
            lambda: found.put(self._desk.more(question)),
            lambda: found.put(notice_view(wording.BUSY)),
        )
        try:
            ack(response_action="update", view=found.get(timeout=_PATIENCE))
        except queue.Empty:
            ack(response_action="update", view=notice_view(wording.LOADING))
            self._in_view(view, found.get)

    # Clicks.

    def show_more(self, ack: Callable[..., Any], body: Body) -> None:
        """More passages, in a modal for whoever clicked."""
        ack()
        self._open(body, self._desk.more)

    def show_context(self, ack: Callable[..., Any], body: Body) -> None:
        """The passages between their neighbours, in a modal."""
        ack()
        self._open(body, self._desk.in_context)

    def share(self, ack: Callable[..., Any], body: Body) -> None:
        """The answer for the whole channel, once; what may be shown there is checked again."""
        ack()
        question = self._clicked(body)
        if question is None or question.channel != body["channel"]["id"]:
            return self._reply(body, notice(wording.TOO_OLD))
        key = f"shared:{question.reference}"
        if not self._desk.state.first_time(key):
            return self._reply(body, notice(wording.SHARED_ALREADY))
        by = f"@{body['user'].get('username') or body['user'].get('name') or 'somebody'}"
        here = self._question(body, "share", question.text, key="", kind=question.kind)

        def publish() -> None:
            done, respond = False, self._desk.post.respond
            try:
                refused = self._desk.refusal(here)
                if refused:
                    return self._reply(body, notice(refused))
                done = respond(here, self._desk.share(question, by), response_type="in_channel")
            except Unconfirmed:
                done = True  # perhaps: a second one would be worse than none
                raise
            finally:
                if not done:
                    self._desk.state.forget(key)
            if done:
                respond(here, {"text": wording.SHARED_ALREADY}, delete_original=True)
            else:
                self._reply(body, notice(wording.could_not_search(question.reference)))
            return None

        self._desk.work(publish, lambda: self._reply(body, notice(wording.BUSY)))
        return None

    def retry(self, ack: Callable[..., Any], body: Body) -> None:
        """The same question once more, answered to whoever clicked."""
        question = self._clicked(body)
        if question is None:
            self._reply(body, notice(wording.TOO_OLD))
        else:
            key = f"retry:{body['trigger_id']}"
            again = self._question(body, "command", question.text, key=key, kind=question.kind)
            self._desk.take(replace(again, history=question.history))
        ack()

    def vote(self, ack: Callable[..., Any], body: Body) -> None:
        """👍 or 👎; the last one counts, and 👎 may be explained."""
        ack()
        reference, _, vote = str(body["actions"][0].get("value") or "").partition(":")
        question = self._desk.state.question(reference)
        if question is None or vote not in ("up", "down"):
            return self._reply(body, notice(wording.TOO_OLD))
        self._desk.state.vote(reference, body["user"]["id"], vote)
        if vote == "down":
            view = comment_view(reference)
            self._desk.post.client.views_open(trigger_id=body["trigger_id"], view=view)

    def commented(self, ack: Callable[..., Any], body: Body) -> None:
        """What somebody missed in an answer."""
        ack()
        typed = body["view"]["state"]["values"]["comment"]["comment"].get("value") or ""
        reference = str(body["view"]["private_metadata"])
        if self._desk.state.question(reference):
            self._desk.state.vote(reference, body["user"]["id"], "down", str(typed))

    # The bot's own pages.

    def home_opened(self, event: Body) -> None:
        """The Home tab, published when it changed; the prompts of the Messages tab."""
        client = self._desk.post.client
        if event.get("tab") == "messages":
            prompts = [{"title": each, "message": each} for each in wording.EXAMPLES]
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], prompts=prompts
            )
            return
        folders = self._desk.access.folders_in(str(event["channel"]), "direct")
        documents, newest = self._desk.library.size(folders)
        view = home_view(documents, newest, DAYS)
        shown = hashlib.sha256(json.dumps(view).encode()).hexdigest()[:16]
        key = f"home:{event['user']}:{shown}"
        if self._desk.state.first_time(key):
            try:
                client.views_publish(user_id=event["user"], view=view)
            except Exception:
                self._desk.state.forget(key)
                raise

    def removed(self, body: Body) -> None:
        """The app was taken away: what the workspace asked is deleted."""
        self._desk.state.forget_team(str(body.get("team_id") or self._desk.team))

    # Within.

    def _written(self, event: Body, body: Body, surface: str) -> None:
        if event.get("subtype") not in _OF_PEOPLE or event.get("bot_id") or not event.get("user"):
            return
        if event["user"] in ("USLACKBOT", self._me) or event.get("bot_profile"):
            return
        text = self._words(str(event.get("text") or ""))
        question = self._question(
            body, surface, text, key=f"message:{event['channel']}:{event['ts']}",
            kind=kind_of(event["channel"], str(event.get("channel_type") or "")),
            ts=event["ts"], thread=event.get("thread_ts") or event["ts"],
            note=wording.FILE_NOT_READ if event.get("files") else "",
            channel=event["channel"], person=event["user"],
        )  # fmt: skip
        if body.get("is_ext_shared_channel"):
            self._desk.state.first_time(f"shared channel:{question.channel}")
        if text.casefold() in ("", "help"):
            self._desk.tell(question, usage_message("@pincite"))
        else:
            self._desk.take(question)

    def _changed(self, event: Body) -> None:
        old = event.get("previous_message") or {}
        new = event.get("message") or {}
        ts = event.get("deleted_ts") or old.get("ts") or new.get("ts")
        question = self._desk.state.asked_in(f"{self._desk.team}:{event.get('channel')}:{ts}")
        if question is None:
            return
        deleted = event["subtype"] == "message_deleted"
        text = "" if deleted else self._words(str(new.get("text") or ""))
        if deleted or (text and text != question.text):
            self._desk.amend(question, text, str(event["ts"]))

    def _continues(self, event: Body, place: str) -> bool:
        """Whether a reply that names nobody is for the bot: a question of who asked before."""
        text = str(event.get("text") or "")
        asked_by = {each.person for each in self._desk.state.thread(place)}
        return event.get("user") in asked_by and "<@" not in text and bool(_ASKS.search(text))

    def _question(self, body: Body, surface: str, text: str, **more: Any) -> Question:
        """A question of a payload: an event's own keys are given in `more`."""
        user = body.get("user") or {}
        channel = body.get("channel") or {}
        fields: dict[str, Any] = {
            "team": str((body.get("event") or {}).get("user_team") or user.get("team_id")
                        or body.get("user_team") or body.get("team_id") or self._desk.team),
            "channel": body.get("channel_id") or channel.get("id") or "",
            "person": body.get("user_id") or user.get("id") or "",
            "response_url": str(body.get("response_url") or ""),
            "asked_on": datetime.date.today().isoformat(),
        }  # fmt: skip
        if "kind" not in more:
            name = str(channel.get("name") or "")
            more["kind"] = kind_of(str(fields["channel"]), channel_name=name)
        return Question(**{**fields, "surface": surface, "text": text, **more})

    def _words(self, text: str) -> str:
        """What somebody wrote without the bot's own name, with links and names as words."""
        text = text.replace(f"<@{self._me}>", " ")
        text = _NAMED.sub(lambda found: found[1] or " ", _LINKED.sub(lambda f: f[1] or " ", text))
        for sign, entity in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
            text = text.replace(entity, sign)
        return text.strip()

    def _clicked(self, body: Body) -> Question | None:
        return self._desk.state.question(str(body["actions"][0].get("value") or ""))

    def _open(self, body: Body, shown: Callable[[Question], Any]) -> None:
        """Opens a modal at once, since the click is good for 3 seconds, and fills it then."""
        question = self._clicked(body)
        if question is None:
            return self._reply(body, notice(wording.TOO_OLD))
        client, here = self._desk.post.client, self._question(body, "click", "", key="")
        opened = client.views_open(trigger_id=body["trigger_id"], view=notice_view(wording.LOADING))
        seen_by = replace(question, person=here.person, team=here.team)
        self._in_view(str(opened["view"]["id"]), lambda: shown(seen_by))
        return None

    def _in_view(self, view: str, shown: Callable[[], Any]) -> None:
        update = self._desk.post.client.views_update
        self._desk.work(
            lambda: update(view_id=view, view=shown()),
            lambda: update(view_id=view, view=notice_view(wording.BUSY)),
        )

    def _reply(self, body: Body, payload: Any) -> None:
        """Tells whoever clicked, and nobody else."""
        self._desk.tell(self._question(body, "click", "", key=""), payload)


def _noted(listener: Callable[[Body, Body], None]) -> Callable[..., BoltResponse]:
    """A listener as a middleware: what it does is done before Bolt acknowledges."""

    def middleware(event: Body, body: Body, next: Callable[[], BoltResponse]) -> BoltResponse:
        listener(event, body)
        return next()

    return middleware


def _acknowledged(ack: Callable[..., Any]) -> None:
    ack()


def _failed(error: Exception) -> None:
    """Notes that a listener failed; its message and its payload may hold what people wrote."""
    log.error("listener failed", extra={"error": type(error).__name__})
    log.debug("listener failed", exc_info=error)
