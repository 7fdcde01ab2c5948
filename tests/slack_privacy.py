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

from bot.slack.listening import payload

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


def _object(payload: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a payload, which a test may have made anything."""
    found = payload.get(name)
    return found if isinstance(found, dict) else {}


def texts(body: dict[str, Any]) -> Iterator[str]:
    """What somebody wrote, as it is delivered and as the bot reads it."""
    event, view = _object(body, "event"), _object(body, "view")
    values = _object(_object(view, "state"), "values")
    wrote = [body.get("text"), _object(body, "message").get("text"), event.get("text")]
    wrote += [_object(event, "message").get("text")]
    typed = (_object(values, block) for block in values)
    wrote += [_object(block, field).get("value") for block in typed for field in block]
    for text in filter(None, wrote):
        for each in (str(text), payload.text_without_mention(str(text), BOT_USER)):
            if len(each) >= _SHORTEST:
                yield each
