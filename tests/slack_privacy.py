"""What no log may hold: tokens, response_urls, and the words of any question.

Whatever starts a bot has its log watched; at the end of the session every log is searched for what
the stand-in for Slack delivered to that bot.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slack_server import APP_TOKEN, BOT_TOKEN
from slack_standin import SIGNING_SECRET, Slack
from slack_world import BOT_USER

from bot.slack.messages.markup import plain_text

SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "/response/")
_SHORTEST = 8  # characters: "help" may stand in a log

_watched: list[tuple[Path, Slack]] = []


def watch(log: Path, slack: Slack) -> None:
    """Has a log searched at the end."""
    _watched.append((log, slack))


def leaks(watched: Iterable[tuple[Path, Slack]] = _watched) -> list[str]:
    """What stands in a log and must not, with the name of the log."""
    found = []
    for path, slack in watched:
        log = path.read_text("utf-8", "replace") if path.exists() else ""
        asked = {text for delivery in slack.deliveries for text in texts(delivery.payload)}
        found += [f"{path}: {each}" for each in (*SECRETS, *sorted(asked)) if each in log]
    return found


def texts(body: dict[str, Any]) -> Iterator[str]:
    """What somebody wrote, as it is delivered and as the bot reads it."""
    event, view = body.get("event") or {}, body.get("view") or {}
    values = (view.get("state") or {}).get("values") or {}
    wrote = [body.get("text"), (body.get("message") or {}).get("text"), event.get("text")]
    wrote += [(event.get("message") or {}).get("text")]
    wrote += [field.get("value") for block in values.values() for field in block.values()]
    for text in filter(None, wrote):
        for each in (str(text), plain_text(str(text), BOT_USER)):
            if len(each) >= _SHORTEST:
                yield each
