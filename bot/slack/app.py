"""What Slack sends, and what becomes of it: each listener acknowledges and hands on.

A question that Slack delivers again, or as an event of two kinds, has the same key, so that it is
answered once. Everything else that Slack may send is acknowledged and left alone.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.slack import wording
from bot.slack.access import Access, Person, kind_of
from bot.slack.desk import Desk
from bot.slack.errors import Undelivered
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
_ASKS = re.compile(
    r"\?\s*$|^(?:and|what|who|when|where|why|how|which|did|does|is|are|was|were)\b", re.I
)
_LINKED = re.compile(r"<(?:(?:https?|mailto):[^|>]*)(?:\|([^>]*))?>")
_NAMED = re.compile(r"<[@#!][^|>]*(?:\|([^>]*))?>")

log = logging.getLogger(__name__)


def build_app(desk: Desk, access: Access, secret: str, me: str, team: str) -> App:
    """The Bolt app over a desk; `me` is the bot's user, `team` its workspace.

    Nothing is asked of Slack here.
    """
    app = App(
        client=desk.post.client,
        signing_secret=secret,
        token_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(LISTENERS, "listener"),
        raise_error_for_unhandled_request=False,
    )
    front = Front(desk, access, me, team)
    app.command(re.compile(".*"))(front.command)
    app.event("app_mention")(front.mention)
    app.event("message")(front.message)
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
    """The listeners. `access` says who is answered, the desk answers."""

    def __init__(self, desk: Desk, access: Access, me: str, team: str) -> None:
        self._desk, self._access, self._me, self._team = desk, access, me, team
        self._guests: dict[str, bool] = {}

    # Questions.

    def command(self, ack: Callable[..., Any], body: Body) -> None:
        """`/ask QUESTION`, for the asker's eyes only."""
        ack()
        text = str(body.get("text") or "").strip()
        question = self._question(
            body, "command", text, key=f"command:{body['trigger_id']}",
            kind=kind_of(body["channel_id"], channel_name=str(body.get("channel_name") or "")),
        )  # fmt: skip
        if text.casefold() in ("", "help", "?"):
            if self._desk.state.first_time(question.key):
                self._tell(question, usage_message(str(body.get("command") or "/ask")))
            return
        self._ask(question, body)

    def mention(self, event: Body, body: Body) -> None:
        """`@pincite QUESTION` in a channel."""
        self._written(event, body, "mention")

    def message(self, event: Body, body: Body) -> None:
        """A direct message, or a follow-up in a thread; an edited or deleted question."""
        if event.get("subtype") in ("message_changed", "message_deleted"):
            return self._changed(event, body)
        if event.get("channel_type") == "im":
            return self._written(event, body, "direct")
        if f"<@{self._me}>" in str(event.get("text") or ""):
            return self._written(event, body, "mention")
        place = f"{self._team}:{event.get('channel')}:{event.get('thread_ts')}"
        if self._access.follow_ups and event.get("thread_ts") and self._continues(event, place):
            self._written(event, body, "follow-up")
        return None

    def find_sources(self, ack: Callable[..., Any], body: Body) -> None:
        """The shortcut on a message: its text is the question."""
        ack()
        text = self._words(str(body["message"].get("text") or ""))
        question = self._question(body, "shortcut", text, key=f"shortcut:{body['trigger_id']}")
        if not text:
            return self._tell(question, notice(wording.ASKED_FOR_TEXT))
        self._ask(question, body)

    def open_question(self, ack: Callable[..., Any], body: Body) -> None:
        """The global shortcut: a private window to ask in."""
        ack()
        self._desk.post.client.views_open(trigger_id=body["trigger_id"], view=ask_view())

    def asked(self, ack: Callable[..., Any], body: Body) -> None:
        """The question of that window; the answer takes its place."""
        text = str(body["view"]["state"]["values"]["question"]["question"].get("value") or "")
        ack(response_action="update", view=notice_view(wording.LOADING))
        question = self._question(body, "modal", text.strip(), key=f"view:{body['view']['id']}")
        refused = self._refusal(question, body)
        if self._desk.state.claim(question):
            self._in_view(
                question, body["view"]["id"],
                (lambda: notice_view(refused)) if refused else (lambda: self._desk.more(question)),
            )  # fmt: skip
            self._desk.state.finish(question, "modal")

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
        refused = self._refusal(question, body)
        if refused:
            return self._reply(body, notice(refused))
        key = f"shared:{question.reference}"
        if not self._desk.state.first_time(key):
            return self._reply(body, notice(wording.SHARED_ALREADY))
        by = f"@{body['user'].get('username') or body['user'].get('name') or 'somebody'}"
        here = self._question(body, "share", question.text, key=key)

        def publish() -> None:
            try:
                payload = self._desk.share(question, by)
                self._desk.post.respond(here, payload, response_type="in_channel")
            except Exception:
                self._desk.state.forget(key)
                raise
            self._desk.post.respond(here, {"text": wording.SHARED_ALREADY}, delete_original=True)

        self._desk.work(publish, lambda: self._reply(body, notice(wording.BUSY)))

    def retry(self, ack: Callable[..., Any], body: Body) -> None:
        """The same question once more, answered to whoever clicked."""
        ack()
        question = self._clicked(body)
        if question is None:
            return self._reply(body, notice(wording.TOO_OLD))
        again = self._question(body, "command", question.text, key=f"retry:{body['trigger_id']}")
        self._ask(replace(again, history=question.history, kind=question.kind), body)

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
        documents, newest = self._desk.library.size()
        view = home_view(documents, newest, DAYS)
        shown = hashlib.sha256(json.dumps(view).encode()).hexdigest()[:16]
        if self._desk.state.first_time(f"home:{event['user']}:{shown}"):
            client.views_publish(user_id=event["user"], view=view)

    def removed(self, body: Body) -> None:
        """The app was taken away: what the workspace asked is deleted."""
        self._desk.state.forget_team(str(body.get("team_id") or self._team))

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
        if text.casefold() in ("", "help"):
            if self._desk.state.first_time(question.key):
                self._tell(question, usage_message("@pincite"))
            return
        self._ask(question, body)

    def _ask(self, question: Question, body: Body) -> None:
        refused = self._refusal(question, body)
        if not refused:
            self._desk.take(question)
        elif self._desk.state.first_time(question.key):
            self._tell(question, notice(refused))

    def _changed(self, event: Body, body: Body) -> None:
        """Another answer takes the place of that to an edited question; to a deleted one, none."""
        old = event.get("previous_message") or {}
        ts = event.get("deleted_ts") or old.get("ts") or (event.get("message") or {}).get("ts")
        question = self._desk.state.asked_in(f"{self._team}:{event.get('channel')}:{ts}")
        if question is None or not question.answered_at:
            return
        if event["subtype"] == "message_deleted":
            if self._desk.state.first_time(f"deleted:{question.reference}"):
                self._desk.work(lambda: self._desk.post.delete(question), lambda: None)
            return
        text = self._words(str(event["message"].get("text") or ""))
        edited = (event["message"].get("edited") or {}).get("ts")
        if not text or text == question.text or event["message"].get("user") == self._me:
            return
        if self._desk.state.first_time(f"edited:{question.reference}:{edited}"):
            anew = replace(question, text=text, history=())
            self._desk.work(lambda: self._desk.answer(anew), lambda: None)

    def _continues(self, event: Body, place: str) -> bool:
        """Whether a reply that names nobody is for the bot: a question of who asked before."""
        text = str(event.get("text") or "")
        asked_by = {each.person for each in self._desk.state.thread(place)}
        return event.get("user") in asked_by and "<@" not in text and bool(_ASKS.search(text))

    def _refusal(self, question: Question, body: Body) -> str:
        """Why this question is not answered where it was asked; empty when it is."""
        shared = f"shared channel:{question.channel}"
        if body.get("is_ext_shared_channel"):
            self._desk.state.first_time(shared)
        person = Person(question.team == self._team, self._is_guest(question.person))
        refused = self._access.refusal(
            person, shared_channel=bool(self._desk.state.has_seen(shared))
        )
        nothing = self._access.folders_in(question.channel, question.kind) == ()
        return refused or (wording.REFUSED_PLACE if nothing else "")

    def _is_guest(self, person: str) -> bool | None:
        if self._access.guests or not self._desk.post.may("users:read"):
            return None
        if person not in self._guests:
            try:
                user = self._desk.post.client.users_info(user=person)["user"]
            except SlackApiError as error:
                self._desk.post.lacks(error)
                return None
            self._guests[person] = bool(user.get("is_restricted") or user.get("is_stranger"))
        return self._guests[person]

    def _question(self, body: Body, surface: str, text: str, **more: Any) -> Question:
        """A question of a payload: an event's own keys are given in `more`."""
        user = body.get("user") or {}
        channel = body.get("channel") or {}
        fields: dict[str, Any] = {
            "team": str((body.get("event") or {}).get("user_team") or user.get("team_id")
                        or body.get("user_team") or body.get("team_id") or self._team),
            "channel": body.get("channel_id") or channel.get("id") or "",
            "person": body.get("user_id") or user.get("id") or "",
            "response_url": str(body.get("response_url") or ""),
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
        opened = self._desk.post.client.views_open(
            trigger_id=body["trigger_id"], view=notice_view(wording.LOADING)
        )
        self._in_view(question, str(opened["view"]["id"]), lambda: shown(question))

    def _in_view(self, question: Question, view: str, shown: Callable[[], Any]) -> None:
        update = self._desk.post.client.views_update
        self._desk.work(
            lambda: update(view_id=view, view=shown()),
            lambda: update(view_id=view, view=notice_view(wording.BUSY)),
        )

    def _reply(self, body: Body, payload: Any) -> None:
        """Tells whoever clicked, and nobody else."""
        here = self._question(body, "click", "", key="")
        self._desk.post.respond(here, payload, replace_original=False)

    def _tell(self, question: Question, payload: Any) -> None:
        try:
            self._desk.post.deliver(question, payload)
        except Undelivered as error:
            log.error("undelivered", extra={"reference": question.reference, "error": str(error)})


def _acknowledged(ack: Callable[..., Any]) -> None:
    ack()


def _failed(error: Exception) -> None:
    """Notes that a listener failed; its message and its payload may hold what people wrote."""
    log.error("listener failed", extra={"error": type(error).__name__})
    log.debug("listener failed", exc_info=error)
