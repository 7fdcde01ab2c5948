"""A question as it was asked in Slack, and where its answer belongs."""

import json
import secrets
from dataclasses import dataclass, field, replace

_FORMER_NAMES = {"person": "user", "home": "user_team"}  # in databases of earlier versions


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked in Slack, and where its answer belongs.

    `surface` is how it was asked, such as `command`, `mention` or `direct`; `kind` is that of its
    channel: `public`, `private` or `direct`. `team` is the bot's workspace and `user_team` that of
    its asker, where Slack says. `edited` is the timestamp of the last edit, with a `+` for each
    time that something else changed which it is understood from. `answered_at` is the timestamp of
    the bot's answer, once it is known. `history` are the earlier questions of the thread, oldest
    first, and `asked_on` an ISO day. `failures` counts the attempts to answer it that something
    unforeseen ended. `again` says that its asker tried again from a notice, which the answer at
    `response_url` replaces.

    `text` is what is asked; a question that is no more, since it was deleted or edited away, has
    none. A question may point at another message, such as one that it forwards: `pointed_at` is
    the key of that message, and `pointed` are its words and `pointed_by` is who wrote them, once
    they are known. `typed` is what the asker wrote; where that says nothing of its own, the `text`
    is what it points at.

    News of a question that is `following`, by its reference, is asked once more, of what came after
    one step of the index and until another.
    """

    surface: str
    team: str
    channel: str
    user: str
    text: str
    key: str
    kind: str = "public"
    ts: str = ""
    thread: str = ""
    response_url: str = ""
    asked_on: str = ""
    history: tuple[str, ...] = ()
    generation: str = ""
    note: str = ""
    reference: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    answered_at: str = ""
    edited: str = ""
    user_team: str = ""
    failures: int = 0
    again: bool = False
    typed: str = ""
    pointed: str = ""
    pointed_at: str = ""
    pointed_by: str = ""
    following: str = ""
    new_after: int = 0
    new_until: int = 0

    @property
    def thread_key(self) -> str:
        """The thread, as a key; empty for what was not written in one."""
        return message_key(self.team, self.channel, self.thread) if self.ts else ""

    @property
    def message_key(self) -> str:
        """The message that asked, as a key; empty where there is none."""
        return message_key(self.team, self.channel, self.ts)

    @property
    def context(self) -> tuple[str, ...]:
        """What it points at, where that is not itself what is asked."""
        return (self.pointed,) if self.pointed and self.pointed != self.text else ()


def message_key(team: str, channel: str, ts: str) -> str:
    """A message of a workspace, as a key; empty for none."""
    return f"{team}:{channel}:{ts}" if ts else ""


def question_from_json(text: str) -> Question:
    """The question that was kept as a JSON object of its fields; those that a later version added
    are passed over."""
    kept = {_FORMER_NAMES.get(name, name): value for name, value in json.loads(text).items()}
    known = {name: value for name, value in kept.items() if name in Question.__dataclass_fields__}
    return replace(Question(**known), history=tuple(known["history"]))
