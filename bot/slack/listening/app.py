"""What Slack sends, and who listens: each listener acknowledges and hands on.

A question is written down before it is acknowledged, so that Slack delivers it again to the next
process if this one is killed before. Delivered again, or as an event of two kinds, it has the same
key, so that it is answered once. Everything else that Slack may send is acknowledged and left
alone.
"""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack.answering.answer_queue import Desk
from bot.slack.listening.button_listeners import Clicks
from bot.slack.listening.modals import Windows
from bot.slack.listening.payload import Body
from bot.slack.listening.question_listeners import Asking

LISTENERS = 32
"""Threads that acknowledge; Bolt's own five would keep a sixth request waiting."""

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
    asking, windows = Asking(desk, me), Windows(desk)
    front = Clicks(desk, windows)
    app.use(asking.notes_channel)
    app.command(re.compile(".*"))(asking.command)
    app.event("app_mention", middleware=[_noted(asking.mention)])(_acknowledged)
    app.event("message", middleware=[_noted(asking.message)])(_acknowledged)
    app.event("app_home_opened")(windows.home_opened)
    app.event("app_uninstalled")(asking.removed)
    for ignored in ("app_context_changed", "assistant_thread_started", "tokens_revoked",
                    "assistant_thread_context_changed"):  # fmt: skip
        app.event(ignored)(_acknowledged)
    app.shortcut("find_sources")(asking.find_sources)
    app.shortcut("ask_modal")(windows.open_question)
    app.view("asked")(windows.asked)
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
