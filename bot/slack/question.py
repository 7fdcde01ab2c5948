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
    its asker, where Slack says. `edited` is the timestamp of the last edit; a deleted question has
    no text any more. `answered_at` is the timestamp of the bot's answer, once it is known.
    `history` are the earlier questions of the thread, oldest first, and `asked_on` an ISO day.
    `failures` counts the attempts to answer it that something unforeseen ended. `again` says that
    its asker tried again from a notice, which the answer at `response_url` replaces.
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

    @property
    def thread_key(self) -> str:
        """The thread, as a key; empty for what was not written in one."""
        return f"{self.team}:{self.channel}:{self.thread}" if self.thread and self.ts else ""

    @property
    def message_key(self) -> str:
        """The message that asked, as a key; empty where there is none."""
        return f"{self.team}:{self.channel}:{self.ts}" if self.ts else ""


def question_from_json(text: str) -> Question:
    """The question that was kept as a JSON object of its fields; those that a later version added
    are passed over."""
    kept = {_FORMER_NAMES.get(name, name): value for name, value in json.loads(text).items()}
    known = {name: value for name, value in kept.items() if name in Question.__dataclass_fields__}
    return replace(Question(**known), history=tuple(known["history"]))
