"""Users as Slack knows them: members, guests, strangers, and their names."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.answering.access import Access, User
from bot.slack.question import Question
from bot.slack.sending.retry_policy import CALL_FAILED, error_code
from bot.slack.sending.sender import Sender

_KEPT = 600.0  # seconds that what Slack says holds: a member may become a guest
_MOST = 1_000  # users of whom it is kept
_NOT_OURS = {"user_not_found", "user_not_visible"}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_LEADING = frozenset(
    "of in on at from by with about into is are was were do does did has have had will would can "
    "could should may might must that when who whom than as before after between against "
    "regarding concerning".split()
)
"""Words that lead to a name in a sentence, as `with` does in `the talks with @kim`."""
_JOINING = re.compile(r"(?:\s|,|&|\band\b|\bor\b)*", re.IGNORECASE)


class Users:
    """What Slack says of users, asked once in ten minutes; for the workspace `team`."""

    def __init__(
        self, sender: Sender, access: Access, team: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sender, self._access, self._team, self._clock = sender, access, team, clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def asker(self, question: Question) -> User:
        """Who asks, as far as the settings make a difference.

        Raises what asking Slack raises: a guest must not be answered because Slack is down.
        """
        is_member = question.user_team in ("", self._team)
        if not self._access.checks_users:
            return User(is_member)
        info = self._info(question.user)
        if info is None:
            return User(is_member, unknown=True)
        organisation = (info.get("enterprise_user") or {}).get("teams") or ()
        in_ours = self._team in (info.get("team_id") or self._team, *organisation)
        is_ours = in_ours and not info.get("is_stranger")
        is_guest = bool(info.get("is_restricted") or info.get("is_ultra_restricted"))
        return User(is_ours and (is_member or self._team in organisation), is_guest)

    def with_names(self, text: str) -> str:
        """The text with the names of the users that it is about; unknown ones are left out."""
        return _MENTION.sub(lambda found: self._name(found[1]), without_addressees(text))

    def _name(self, user_id: str) -> str:
        try:
            found = self._info(user_id) or {}
        except CALL_FAILED:
            return " "
        profile = found.get("profile") or {}
        return str(found.get("real_name") or profile.get("real_name") or found.get("name") or " ")

    def _info(self, user_id: str) -> Mapping[str, Any] | None:
        """What `users.info` says of a user; None when the bot may not ask."""
        if not self._sender.may("users:read"):
            return None
        now = self._clock()
        asked, info = self._known.get(user_id, (now - _KEPT, {}))
        if now - asked < _KEPT:
            return info
        try:
            info = self._sender.client.users_info(user=user_id)["user"]
        except SlackApiError as error:
            if self._sender.lacks(error):
                return None
            if error_code(error) not in _NOT_OURS:
                raise
            info = {"is_stranger": True}
        with self._lock:
            self._known.pop(user_id, None)
            self._known[user_id] = now, info
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return info


def without_addressees(text: str) -> str:
    """The text without mentions that only call somebody, as in "cc @kim" or "@kim, who was there?":
    a word of its sentence leads to a user whom it is about."""
    kept, end, is_about = [], 0, False
    for found in _MENTION.finditer(text):
        before = text[end : found.start()]
        word = before.rpartition("\n")[2].split()[-1:]
        if not (end and _JOINING.fullmatch(before)):
            is_about = bool(word) and word[0].casefold() in _LEADING
        is_about = is_about or text.startswith(("'s", "’s"), found.end())
        kept += [before, found[0] if is_about else " "]
        end = found.end()
    return "".join([*kept, text[end:]])
