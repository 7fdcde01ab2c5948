"""The windows that the bot opens, and its own pages."""

import hashlib
import json
import logging
import queue
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.answering.answer_queue import Desk
from bot.slack.listening import payload
from bot.slack.listening.payload import Body
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.sending.messages import (
    Payload,
    ask_view,
    home_view,
    notice,
    notice_home,
    notice_view,
)
from bot.slack.sending.retries import LOST, code_of
from bot.slack.state import DAYS

_PATIENCE = 0.5  # seconds that a window waits for its answer before it says that it comes

log = logging.getLogger(__name__)


class Windows:
    """Opens windows and fills them; whoever gets none is told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_question(self, ack: Callable[..., Any], body: Body) -> None:
        """The global shortcut: a private window to ask in."""
        ack()
        self.open(body, ask_view())

    def asked(self, ack: Callable[..., Any], body: Body) -> None:
        """The question of that window; the answer takes its place, as often as it is sent off."""
        typed = body["view"]["state"]["values"]["question"]["question"].get("value")
        question = payload.of_interaction(
            body, self._desk.team, "modal", str(typed or "").strip(), key=payload.once(body, "view")
        )
        if self._desk.state.claim(question):
            self._desk.state.finish(question, "modal")  # nobody else could fill this window
        found: queue.SimpleQueue[Payload] = queue.SimpleQueue()
        self._desk.work(
            lambda: found.put(self._desk.clerk.more(question)),
            lambda: found.put(notice_view(wording.BUSY)),
        )
        try:
            ack(response_action="update", view=found.get(timeout=_PATIENCE))
        except queue.Empty:
            ack(response_action="update", view=notice_view(wording.LOADING))
            self._fill(body, {"view_id": str(body["view"]["id"])}, found.get)

    def open_filled(
        self, body: Body, question: Question, shown: Callable[[Question], Payload]
    ) -> None:
        """Opens a window at once, since a click is good for 3 seconds, and fills it then."""
        name = secrets.token_urlsafe(9)
        view = {**notice_view(wording.LOADING), "external_id": name}
        # Whether it opened shows when it is filled: the reply may be lost.
        self._try_to_open(body, view)
        clicker = payload.of_interaction(body, self._desk.team, "click", "")
        seen_by = replace(question, person=clicker.person, home=clicker.home)
        self._fill(body, {"external_id": name}, lambda: shown(seen_by))

    def open(self, body: Body, view: Payload) -> None:
        """Opens a window as it is."""
        # A trigger that was used up is one whose reply was lost: the window is there.
        if self._try_to_open(body, view) not in ("", "exchanged_trigger_id"):
            self.reply(body, notice(wording.NO_WINDOW))

    def reply(self, body: Body, said: Payload) -> None:
        """Tells whoever clicked, and nobody else."""
        self._desk.tell(payload.of_interaction(body, self._desk.team, "click", ""), said)

    def home_opened(self, event: Body, body: Body) -> None:
        """The Home tab, published when it changed; the prompts of the Messages tab."""
        client, channel = self._desk.post.client, str(event.get("channel") or "")
        if event.get("tab") == "messages":
            prompts = [{"title": each, "message": each} for each in wording.EXAMPLES]
            client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
            return
        view = self._home(body, str(event["user"]), channel)
        shown = hashlib.sha256(json.dumps(view).encode()).hexdigest()[:16]
        page = f"home:{event['user']}"
        if self._desk.state.note(page, shown):
            try:
                client.views_publish(user_id=event["user"], view=view)
            except Exception:
                self._desk.state.note(page, "")
                raise

    def _home(self, body: Body, person: str, channel: str) -> Payload:
        clerk = self._desk.clerk
        visitor = Question(
            surface="home", team=self._desk.team, home=payload.home_of(body), person=person,
            channel=channel, kind="direct", text="", key="",
        )  # fmt: skip
        refused = clerk.refusal(visitor)
        if refused:
            return notice_home(refused)
        documents, newest = clerk.library.size(clerk.access.folders_in(channel, "direct"))
        return home_view(
            documents, newest, DAYS, index_state=clerk.index_state(), contact=clerk.access.contact
        )

    def _try_to_open(self, body: Body, view: Payload) -> str:
        """The error of opening a window, empty when there was none."""
        try:
            self._desk.post.client.views_open(trigger_id=body["trigger_id"], view=view)
        except (SlackApiError, *LOST) as error:
            log.warning("no window", extra={"error": code_of(error)})
            return code_of(error)
        return ""

    def _fill(self, body: Body, which: dict[str, str], shown: Callable[[], Payload]) -> None:
        name = {key: value for key, value in which.items() if key == "external_id"}

        def put(view: Payload) -> None:
            try:
                self._desk.post.client.views_update(**which, view={**view, **name})
            except (SlackApiError, *LOST) as error:
                log.warning("no window", extra={"error": code_of(error)})
                self.reply(body, notice(wording.NO_WINDOW))

        self._desk.work(lambda: put(shown()), lambda: put(notice_view(wording.BUSY)))
