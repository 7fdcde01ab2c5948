"""The bot's own pages: the Home tab, and the prompts that the Messages tab suggests."""

import hashlib
import json
import logging
from collections.abc import Sequence
from functools import partial

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.listening import payload
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending.block_kit import View
from bot.slack.sending.notices import home_view, notice_home
from bot.slack.sending.patience import Waiting, patiently
from bot.slack.sending.retry_policy import CALL_FAILED, error_code

log = logging.getLogger(__name__)


class HomeTab:
    """Publishes the Home tab of each user when it is opened and has changed; `name` is that of the
    bot."""

    def __init__(self, queue: AnswerQueue, name: str) -> None:
        self._queue, self._name = queue, name

    def opened(self, event: RequestBody, body: RequestBody) -> None:
        """Either tab was opened; what it shows may have to be made, which takes seconds."""
        visitor = self._visitor(body, str(event["user"]), str(event.get("channel") or ""))
        if event.get("tab") == "messages":
            self._queue.run(partial(self._suggest, visitor), lambda: None)
        else:
            self._queue.run(partial(self._show, visitor), partial(self._publish, visitor))

    def _visitor(self, body: RequestBody, user: str, channel: str) -> Question:
        return Question(
            surface="home", team=self._queue.team, user_team=payload.user_team_of(body), user=user,
            channel=channel, kind="direct", text="", key="",
        )  # fmt: skip

    def _suggest(self, visitor: Question) -> Waiting[None]:
        def suggest() -> None:
            examples = self._queue.responder.examples_for(visitor)
            prompts = [{"title": each, "message": each} for each in examples]
            if prompts:
                self._queue.sender.client.assistant_threads_setSuggestedPrompts(
                    channel_id=visitor.channel, prompts=prompts
                )

        try:
            yield from patiently(suggest)
        except CALL_FAILED as error:
            log.warning("no prompts", extra={"error": error_code(error)})

    def _show(self, visitor: Question) -> Waiting[None]:
        """Shows the tab with examples, and until they are made one without to who has none yet."""
        if not self._queue.store.facts.fact(_page(visitor)):
            yield from self._publish(visitor)
        yield from self._publish(visitor, with_examples=True)

    def _publish(self, visitor: Question, *, with_examples: bool = False) -> Waiting[None]:
        facts, page = self._queue.store.facts, _page(visitor)

        def publish() -> None:
            examples = self._queue.responder.examples_for(visitor) if with_examples else ()
            view = self._view(visitor, examples)
            shown = hashlib.sha256(json.dumps(view).encode()).hexdigest()[:16]
            if facts.fact(page) != shown:
                self._queue.sender.client.views_publish(user_id=visitor.user, view=view)
                facts.note(page, shown)

        try:
            yield from patiently(publish)
        except CALL_FAILED as error:
            log.warning("the Home tab was not shown", extra={"error": error_code(error)})

    def _view(self, visitor: Question, examples: Sequence[str]) -> View:
        responder = self._queue.responder
        refused = responder.refusal(visitor)
        if refused:
            return notice_home(refused)
        folders = responder.access.folders_in(visitor.channel, "direct")
        documents, newest = responder.generations.size(folders)
        return home_view(
            documents, newest, self._queue.store.keep_days, name=self._name, examples=examples,
            index_problem=responder.index_problem(), contact=responder.access.contact,
        )  # fmt: skip


def _page(visitor: Question) -> str:
    """The name of the fact that says what is shown to a user."""
    return f"home:{visitor.user}"
