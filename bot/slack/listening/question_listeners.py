"""How people ask: a command, a mention, a message, a shortcut; and their second thoughts."""

import re
from collections.abc import Callable
from typing import Any

from bot.slack.answering.access import kind_of
from bot.slack.answering.answer_queue import Desk
from bot.slack.answering.responder import is_shared
from bot.slack.listening import payload
from bot.slack.listening.payload import Body
from bot.slack.sending import wording
from bot.slack.sending.messages import notice, usage_message

_ASKS = re.compile(
    r"\?\s*$|^(?:and|what|who|when|where|why|how|which|did|does|is|are|was|were)\b", re.I
)


class Asking:
    """Listeners that write a question down and hand it to the desk; `me` is the bot's user."""

    def __init__(self, desk: Desk, me: str) -> None:
        self._desk, self._me = desk, me

    def notes_channel(self, body: Body, next: Callable[[], Any]) -> Any:
        """Remembers of each place, before anything is done there, whether others read it too."""
        channel = (body.get("event") or {}).get("channel")
        if isinstance(channel, str) and "is_ext_shared_channel" in body:
            shared = "yes" if body["is_ext_shared_channel"] else "no"
            self._desk.state.note(is_shared(channel), shared)
        return next()

    def command(self, ack: Callable[..., Any], body: Body) -> None:
        """`/ask QUESTION`, for the asker's eyes only."""
        text = payload.words(str(body.get("text") or ""), self._me)
        question = payload.of_interaction(
            body, self._desk.team, "command", text, key=payload.once(body, "command")
        )
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
            self._changed(event, body)
        elif kind_of(str(event.get("channel") or "")) == "direct":
            self._written(event, body, "direct")
        elif f"<@{self._me}>" in str(event.get("text") or ""):
            self._written(event, body, "mention")
        elif self._desk.access.follow_ups and event.get("thread_ts") and self._continues(event):
            self._written(event, body, "follow-up")

    def find_sources(self, ack: Callable[..., Any], body: Body) -> None:
        """The shortcut on a message: its text is the question."""
        text = payload.words(str(body["message"].get("text") or ""), self._me)
        question = payload.of_interaction(
            body, self._desk.team, "shortcut", text, key=payload.once(body, "shortcut")
        )
        if text:
            self._desk.take(question)
        else:
            self._desk.tell(question, notice(wording.ASKED_FOR_TEXT))
        ack()

    def removed(self, body: Body) -> None:
        """The app was taken away: what the workspace asked is deleted."""
        self._desk.state.forget_team(self._desk.team)

    def _written(self, event: Body, body: Body, surface: str) -> None:
        if not payload.is_of_a_person(event, self._me):
            return
        text = payload.words(str(event.get("text") or ""), self._me)
        note = wording.FILE_NOT_READ if event.get("files") else ""
        question = payload.of_message(body, self._desk.team, surface, text, note)
        if text.casefold() in ("", "help"):
            self._desk.tell(question, usage_message("@pincite"))
        else:
            self._desk.take(question)

    def _changed(self, event: Body, body: Body) -> None:
        ts, raw = payload.change_of(event)
        question = self._desk.state.asked_in(f"{self._desk.team}:{event.get('channel')}:{ts}")
        if question is None:
            new = {**(event.get("message") or {}), "channel": event.get("channel")}
            # Slack may tell of the edit before it tells of the message.
            if raw and new.get("edited") and kind_of(str(new["channel"])) == "direct":
                self._written(new, {**body, "event": new}, "direct")
            return
        text = "" if raw is None else payload.words(raw, self._me)
        if raw is None or (text and text != question.text):
            self._desk.amend(question, text, str(event["ts"]))

    def _continues(self, event: Body) -> bool:
        """Whether a reply that names nobody is for the bot: a question of who asked before."""
        place = f"{self._desk.team}:{event.get('channel')}:{event.get('thread_ts')}"
        asked_by = {each.person for each in self._desk.state.thread(place)}
        text = str(event.get("text") or "")
        return event.get("user") in asked_by and "<@" not in text and bool(_ASKS.search(text))
