"""A question as somebody asked it in Slack, and where its answer belongs."""

import json
import secrets
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody asked it in Slack, and where its answer belongs.

    `team` is the bot's workspace and `home` that of its asker, where Slack says. `place` is the
    thread that it is part of, empty where there is none; `message` names the message that asked it.
    `answered_at` is the timestamp of the bot's answer, once it is known. `edited` is the timestamp
    of the last edit; a deleted question has no text any more. `history` are the earlier questions
    of the thread, oldest first, and `asked_on` an ISO day. `failures` counts the attempts to answer
    it that something unforeseen ended.
    """

    surface: str
    team: str
    channel: str
    person: str
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
    home: str = ""
    failures: int = 0

    @property
    def place(self) -> str:
        """The thread, as a key; only what was written in it is part of it."""
        return f"{self.team}:{self.channel}:{self.thread}" if self.thread and self.ts else ""

    @property
    def message(self) -> str:
        """The message that asked, as a key."""
        return f"{self.team}:{self.channel}:{self.ts}" if self.ts else ""


def question_of(text: str) -> Question:
    """The question that was kept as JSON."""
    fields = json.loads(text)
    return replace(Question(**fields), history=tuple(fields["history"]))
