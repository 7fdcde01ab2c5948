"""Who somebody is, as Slack knows them."""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.answering.access import Access, Person
from bot.slack.question import Question
from bot.slack.sending.retries import LOST, code_of
from bot.slack.sending.sender import Post

_KEPT = 600.0  # seconds that Slack's word on somebody holds: they may become a guest
_MOST = 1_000  # people of whom it is kept
_NOT_OURS = {"user_not_found", "user_not_visible"}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")

log = logging.getLogger(__name__)


class People:
    """What Slack says of people, asked once in ten minutes; for the workspace `team`."""

    def __init__(
        self, post: Post, access: Access, team: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._post, self._access, self._team, self._clock = post, access, team, clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def person(self, question: Question) -> Person:
        """Who asks, as far as the settings make a difference.

        Raises what asking Slack raises: a guest must not be answered because Slack is down.
        """
        of_event = question.home in ("", self._team)
        if not self._access.asks_who:
            return Person(of_event)
        user = self._user(question.person)
        if user is None:
            return Person(of_event, unknown=True)
        organisation = (user.get("enterprise_user") or {}).get("teams") or ()
        in_ours = self._team in (user.get("team_id") or self._team, *organisation)
        is_ours = in_ours and not user.get("is_stranger")
        is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
        return Person(is_ours and (of_event or self._team in organisation), is_guest)

    def named(self, text: str) -> str:
        """The text with the names of those whom it mentions; unknown ones are left out."""
        return _MENTION.sub(lambda found: self._name(found[1]), text)

    def _name(self, person: str) -> str:
        try:
            user = self._user(person) or {}
        except (SlackApiError, *LOST):
            return " "
        profile = user.get("profile") or {}
        return str(user.get("real_name") or profile.get("real_name") or user.get("name") or " ")

    def _user(self, person: str) -> Mapping[str, Any] | None:
        """Slack's word on somebody; None when the bot may not ask."""
        if not self._post.may("users:read"):
            return None
        now = self._clock()
        asked, user = self._known.get(person, (now - _KEPT, {}))
        if now - asked < _KEPT:
            return user
        try:
            user = self._post.client.users_info(user=person)["user"]
        except SlackApiError as error:
            if self._post.lacks(error):
                return None
            if code_of(error) not in _NOT_OURS:
                raise
            user = {"is_stranger": True}
        with self._lock:
            self._known.pop(person, None)
            self._known[person] = now, user
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return user
