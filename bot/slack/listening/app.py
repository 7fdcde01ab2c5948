"""What Slack sends, and who listens: each listener acknowledges and hands on.

A question is written down before it is acknowledged, so that Slack delivers it again to the next
process if this one is killed before. Delivered again, or as an event of two kinds, it has the same
key, so that it is answered once. Everything else that Slack may send is acknowledged and left
alone, also what it may send one day.
"""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.news import News
from bot.slack.errors import log_failure
from bot.slack.listening.button_listeners import ButtonListeners
from bot.slack.listening.follow_listeners import FollowListeners
from bot.slack.listening.home_tab import HomeTab
from bot.slack.listening.leaving import Leaving
from bot.slack.listening.modals import Modals
from bot.slack.listening.payload import RequestBody
from bot.slack.listening.payload_shape import is_well_formed
from bot.slack.listening.question_listeners import QuestionListeners

LISTENERS = 32
"""Threads that acknowledge; Bolt's own five would keep a sixth request waiting."""
MALFORMED = 400
NO_RETRY = {"x-slack-no-retry": "1"}
"""What tells Slack that it need not send a request again, which would fare no better."""
_UNHEARD = 404

log = logging.getLogger(__name__)


def build_app(
    queue: AnswerQueue, news: News, secret: str, bot_user: str, name: str = "pincite"
) -> App:
    """The Bolt app over a queue; `secret` signs requests, `bot_user` is the id of the bot's user,
    and `name` what people call it.

    Nothing is asked of Slack here, nor of Bolt's own accord when an event comes: that the token is
    good is known by then.
    """
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=queue.team,
        bot_user_id=bot_user,
        bot_token=queue.sender.client.token,
    )
    app = App(
        client=queue.sender.client,
        signing_secret=secret,
        authorize=lambda: known,
        listener_executor=ThreadPoolExecutor(LISTENERS, "listener"),
        raise_error_for_unhandled_request=False,
    )
    modals = Modals(queue)
    follows = FollowListeners(queue, modals, news)
    questions = QuestionListeners(queue, bot_user, name, follows)
    buttons, leaving = ButtonListeners(queue, modals), Leaving(queue)
    home_tab = HomeTab(queue, name)
    app.use(questions.note_channel)
    app.command(re.compile(".*"))(questions.command)
    app.event("app_mention", middleware=[_before_acknowledging(questions.mention)])(_acknowledged)
    app.event("message", middleware=[_before_acknowledging(questions.message)])(_acknowledged)
    app.event("app_home_opened")(home_tab.opened)
    app.event("app_uninstalled")(leaving.app_uninstalled)
    app.event("tokens_revoked")(leaving.tokens_revoked)
    app.shortcut("find_sources")(questions.find_sources)
    app.shortcut("ask_modal")(modals.open_ask_modal)
    app.view("asked")(modals.answer)
    app.view("comment")(buttons.comment)
    for action, listener in {
        "show_more": buttons.show_more,
        "show_context": buttons.show_context,
        "context_page": buttons.context_page,
        "how_read": buttons.how_read,
        "take_along": buttons.take_along,
        "nearest": buttons.nearest,
        "this_answers": buttons.this_answers,
        "follow": follows.follow,
        "stop_telling": follows.stop_telling,
        "share": buttons.share,
        "retry": buttons.retry,
        "feedback": buttons.vote,
    }.items():
        app.action(re.compile(rf"{action}(?:\..+)?"))(listener)
    app.action(re.compile(".*"))(_acknowledged)
    app.error(_failed)
    return app


def respond(app: App, **request: Any) -> BoltResponse:
    """What the app says to a request, which is made of these arguments of a `BoltRequest`.

    What is malformed gets 400, and what nobody listens to 200; Slack sends neither again.
    """
    made = None
    with suppress(ValueError, TypeError, AttributeError, LookupError, RecursionError):
        made = BoltRequest(**request)
    if made is None or not is_well_formed(made.body):
        log.info("a request was not understood")
        return BoltResponse(status=MALFORMED, body="not understood", headers={**NO_RETRY})
    response = app.dispatch(made)
    return BoltResponse(status=200) if response.status == _UNHEARD else response


def _before_acknowledging(
    listener: Callable[[RequestBody, RequestBody], None],
) -> Callable[..., BoltResponse]:
    """A listener as a middleware: what it does is done before Bolt acknowledges."""

    def middleware(
        event: RequestBody, body: RequestBody, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        listener(event, body)
        return next()

    return middleware


def _acknowledged(ack: Callable[..., Any]) -> None:
    ack()


def _failed(error: Exception) -> None:
    log_failure(log, "listener failed", error)
