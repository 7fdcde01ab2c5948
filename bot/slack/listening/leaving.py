"""What to do when Slack says that the app was removed, or its token revoked.

An event alone deletes nothing: Slack is asked, and what it says of the token then counts.
"""

import logging
from contextlib import suppress

from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.listening.payload import RequestBody
from bot.slack.sending.retry_policy import CALL_FAILED

log = logging.getLogger(__name__)


class Leaving:
    """Listeners for the events by which a workspace takes leave of the bot."""

    def __init__(self, queue: AnswerQueue) -> None:
        self._queue = queue

    def tokens_revoked(self, event: RequestBody) -> None:
        """The bot's token may be one of those that were revoked."""
        if (event.get("tokens") or {}).get("bot"):
            self._is_refused()

    def app_uninstalled(self) -> None:
        """What the workspace asked is deleted with the app."""
        if not self._is_refused():
            return log.warning("Slack says that the app was removed, but takes its token; nothing "
                               "is deleted")  # fmt: skip
        self._queue.store.forget_team(self._queue.team)
        log.info("the app was removed; what the workspace asked is deleted")
        return None

    def _is_refused(self) -> bool:
        """Whether Slack refuses the token, as it says when it is asked."""
        with suppress(*CALL_FAILED):
            self._queue.sender.client.auth_test()
        return self._queue.sender.standing.lost.is_set()
