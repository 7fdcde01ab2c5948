"""Who may ask, and which corpus folders may be shown where.

What is shown in a channel is allowed to everyone who can see it there. The most specific line of
`[slack.folders]` counts: a channel's id, else its kind, else `"*"`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.sending import wording

_FLAGS = ("guests", "external", "follow_ups")
_GROUP_MESSAGE = re.compile(r"mpdm-.+--.+-\d+")


@dataclass(frozen=True, slots=True)
class User:
    """What Slack says of a user who asks; None where it was not asked.

    `unknown` are those of whom Slack had to be asked and could not be.
    """

    of_this_workspace: bool = True
    is_guest: bool | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """The settings of `[slack]`; without `folders`, all documents may be shown everywhere.

    With `follow_ups`, a reply in a thread needs no mention. `contact` is whom people may ask.
    """

    folders: Mapping[str, tuple[str, ...]] | None = None
    guests: bool = False
    external: bool = False
    follow_ups: bool = False
    contact: str = ""

    @classmethod
    def from_settings(cls, table: Mapping[str, Any]) -> "Access":
        """The access that the table `[slack]` of the settings states, which is valid."""
        flags = {key: table[key] for key in table.keys() & {*_FLAGS, "contact"}}
        if "folders" not in table:
            return cls(**flags)
        return cls({name: tuple(folders) for name, folders in table["folders"].items()}, **flags)

    @property
    def checks_users(self) -> bool:
        """Whether it counts who a user is."""
        return not (self.guests and self.external)

    @property
    def named_folders(self) -> set[str]:
        """The names of the corpus folders that may be shown somewhere."""
        return {name for names in (self.folders or {}).values() for name in names}

    def folders_in(self, channel: str, kind: str) -> tuple[str, ...] | None:
        """The names of the corpus folders that may be shown in a channel; None means all."""
        if self.folders is None:
            return None
        for name in (channel, kind, "*"):
            if name in self.folders:
                return self.folders[name]
        return ()

    def refusal(self, user: User, *, shared_channel: bool) -> str:
        """Why this user is not answered there, in a sentence; empty when they are."""
        if not self.external and (shared_channel or not user.of_this_workspace):
            return wording.REFUSED_EXTERNAL
        if not self.guests and user.is_guest:
            return wording.REFUSED_GUEST
        if self.checks_users and user.unknown:
            return wording.REFUSED_UNKNOWN
        return ""


def kind_of(channel: str, channel_type: str = "", channel_name: str = "") -> str:
    """The kind of a channel, by what an event or a payload says of it: `public`, `private` (group
    messages too) or `direct`.

    What says nothing, as a mention does, counts as public: the strictest. Only an id shows direct
    messages, since anybody may name a channel.
    """
    if channel.startswith("D"):
        return "direct"
    if (
        channel_type in ("group", "mpim")
        or channel_name == "privategroup"
        or _GROUP_MESSAGE.fullmatch(channel_name)
        or channel.startswith("G")
    ):
        return "private"
    return "public"
