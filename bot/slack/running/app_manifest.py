"""The app manifest: what the bot may do in a workspace, and no more.

Scopes and events are those that `app` and `sender` use; a test compares them.
"""

from collections.abc import Sequence
from typing import Any

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "commands",
    "im:history",
    "users:read",
)
"""`users:read` shows who is a guest: guests are not answered unless the settings say so."""
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
FOLLOW_UP_SCOPES = ("channels:history", "groups:history", "mpim:history")
FOLLOW_UP_EVENTS = ("message.channels", "message.groups", "message.mpim")
SHARING_SCOPES = ("channels:read", "groups:read")
"""Before an answer is shared, these show whether other organisations read the channel."""

_DESCRIPTION = "Verbatim, cited passages from our documents"
_LONG = (
    "Ask a question with /ask, by mentioning the app, or in a direct message. The app replies with "
    "the paragraphs of the documents that answer it, word for word, each with its title, date, "
    "paragraph number and link, or says that the documents do not hold the answer. It reads only "
    "messages addressed to it, and posts on its own only news of a question that somebody follows."
)


def app_manifest(
    *, http: str = "", follow_ups: bool = False, sharing: bool = False, examples: Sequence[str] = ()
) -> dict[str, Any]:
    """The manifest of the app, for Socket Mode or, with the URL `http` that Slack sends to, HTTP.

    Its `examples` are questions that everybody in the workspace may ask. With `follow_ups` the bot
    receives every message of its channels, to answer replies that do not mention it, to read the
    message below which it is mentioned, and to see whether a post arrived. With `sharing`
    it may ask who reads a channel.
    """
    scopes = [
        *SCOPES, *(FOLLOW_UP_SCOPES if follow_ups else ()), *(SHARING_SCOPES if sharing else ())
    ]  # fmt: skip
    address = {"url": http} if http else {}
    request = {"request_url": http} if http else {}
    command = {
        "command": "/ask",
        "description": "Quote the documents on a question",
        "usage_hint": next(iter(examples), "your question"),
        "should_escape": False,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Pincite",
            "description": _DESCRIPTION,
            "long_description": _LONG,
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "pincite", "always_online": True},
            "agent_view": {
                "agent_description": "Finds and quotes the paragraphs that answer your question.",
                "suggested_prompts": [
                    {"title": each, "message": each} for each in examples or ("help",)
                ],
            },
            "slash_commands": [{**command, **address}],
            "shortcuts": [
                {
                    "name": "Find sources for this",
                    "type": "message",
                    "callback_id": "find_sources",
                    "description": "Quote the documents on this message",
                },
                {
                    "name": "Ask the documents",
                    "type": "global",
                    "callback_id": "ask_modal",
                    "description": "Ask in a private window",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes)}},
        "settings": {
            "event_subscriptions": {
                **request,
                "bot_events": sorted([*EVENTS, *(FOLLOW_UP_EVENTS if follow_ups else ())]),
            },
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,  # the bot holds the token of one workspace
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }
