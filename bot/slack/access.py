"""Who may ask, and which corpus folders may be shown where.

What is shown in a place is allowed to everyone who can see it there. The most specific line of
`[slack.folders]` counts: a channel's id, else the kind of the place, else `"*"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.slack import wording

KINDS = ("public", "private", "direct")
"""Public channels, private channels with group messages, and direct messages."""


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody who asks; None where it was not asked."""

    of_this_workspace: bool = True
    is_guest: bool | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """The settings of `[slack]`; without `folders`, all documents may be shown everywhere.

    With `follow_ups`, a reply in a thread needs no mention.
    """

    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guests: bool = False
    external: bool = False
    follow_ups: bool = False

    def folders_in(self, channel: str, kind: str) -> tuple[str, ...] | None:
        """The names of the corpus folders that may be shown in a place; None means all."""
        if not self.folders:
            return None
        for name in (channel, kind, "*"):
            if name in self.folders:
                return self.folders[name]
        return ()

    def refusal(self, person: Person, *, shared_channel: bool) -> str:
        """Why this person is not answered there, in a sentence; empty when they are."""
        if not self.external and (shared_channel or not person.of_this_workspace):
            return wording.REFUSED_EXTERNAL
        if not self.guests and person.is_guest:
            return wording.REFUSED_GUEST
        return ""


def kind_of(channel: str, channel_type: str = "", channel_name: str = "") -> str:
    """The kind of a place, by what an event or a payload says of it.

    What says nothing, as a mention does, counts as public: the strictest.
    """
    if channel_type == "im" or channel_name == "directmessage" or channel.startswith("D"):
        return "direct"
    if (
        channel_type in ("group", "mpim")
        or channel_name == "privategroup"
        or channel.startswith("G")
    ):
        return "private"
    return "public"
