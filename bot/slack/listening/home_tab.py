"""The bot's own pages: the Home tab, and the prompts that the Messages tab suggests."""

import hashlib
import json

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.listening import payload
from bot.slack.listening.payload import RequestBody
from bot.slack.question import Question
from bot.slack.sending.block_kit import View
from bot.slack.sending.notices import home_view, notice_home


class HomeTab:
    """Publishes the Home tab of each user when it is opened and has changed; `name` is that of the
    bot."""

    def __init__(self, queue: AnswerQueue, name: str) -> None:
        self._queue, self._name = queue, name

    def opened(self, event: RequestBody, body: RequestBody) -> None:
        """Either tab was opened; raises what Slack raises, and then publishes again next time."""
        client, channel = self._queue.sender.client, str(event.get("channel") or "")
        visitor = self._visitor(body, str(event["user"]), channel)
        if event.get("tab") == "messages":
            examples = self._queue.responder.examples_for(visitor)
            prompts = [{"title": each, "message": each} for each in examples]
            if prompts:
                client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
            return
        view = self._view(visitor)
        shown = hashlib.sha256(json.dumps(view).encode()).hexdigest()[:16]
        page = f"home:{event['user']}"
        if self._queue.store.facts.note(page, shown):
            try:
                client.views_publish(user_id=event["user"], view=view)
            except Exception:
                self._queue.store.facts.note(page, "")
                raise

    def _visitor(self, body: RequestBody, user: str, channel: str) -> Question:
        return Question(
            surface="home", team=self._queue.team, user_team=payload.user_team_of(body), user=user,
            channel=channel, kind="direct", text="", key="",
        )  # fmt: skip

    def _view(self, visitor: Question) -> View:
        responder = self._queue.responder
        refused = responder.refusal(visitor)
        if refused:
            return notice_home(refused)
        folders = responder.access.folders_in(visitor.channel, "direct")
        documents, newest = responder.generations.size(folders)
        return home_view(
            documents, newest, self._queue.store.keep_days, name=self._name,
            examples=responder.examples_for(visitor),
            index_problem=responder.index_problem(), contact=responder.access.contact,
        )  # fmt: skip
