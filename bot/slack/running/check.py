"""`pincite slack check`: the tokens, the scopes, the connection and the index."""

import threading
from pathlib import Path

from slack_sdk.errors import SlackApiError

from bot.doctor_checks import damaged_memory
from bot.findings import Finding
from bot.open_generations import ambiguous_names
from bot.slack.answering.access import Access
from bot.slack.errors import SlackRefused
from bot.slack.running.app_manifest import FOLLOW_UP_SCOPES, SCOPES
from bot.slack.running.connection import Connection, Identity, identify
from bot.slack.sending import wording
from bot.slack.sending.retry_policy import NO_REPLY
from bot.slack.sending.slack_client import Standing
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home


def check_slack(connection: Connection, home: Home, access: Access) -> list[Finding]:
    """Checks the connection, which asks Slack, and the index; each finding says what to do."""
    once = threading.Event()
    once.set()
    findings = []
    try:
        identity = identify(connection, once)
        findings.append(Finding("bot token", True, f"user {identity.user} of {identity.team}"))
        findings.append(_scopes(identity, access))
    except SlackRefused as error:
        findings.append(Finding("bot token", False, str(error)))
    if connection.mode == "socket":
        findings.append(_socket(connection))
    findings += damaged_memory(home)
    index = home.current()
    findings.append(
        Finding("index", bool(index), index or "there is none; run `pincite index FOLDER`")
    )
    if index and access.folders is not None:
        findings.append(_folders(home, access))
    return findings


def _folders(home: Home, access: Access) -> Finding:
    paths = [each.path for each in read_manifest(home.generation()).folders]
    known, named = {Path(path).name for path in paths}, access.named_folders
    if several := named & ambiguous_names(paths):
        return Finding("folders", False, wording.several_folders(several))
    unknown, there = (", ".join(sorted(each)) for each in (named - known, known))
    if unknown:
        what = f"the settings name {unknown}, and the index has {there}; correct slack.folders"
        return Finding("folders", False, what)
    return Finding("folders", True, ", ".join(sorted(named)) or "none may be shown")


def _scopes(identity: Identity, access: Access) -> Finding:
    wanted = {*SCOPES, *(FOLLOW_UP_SCOPES if access.follow_ups else ())}
    missing = sorted(wanted - identity.scopes)
    if not identity.scopes:
        return Finding("scopes", True, "Slack did not name them")
    if missing:
        return Finding(
            "scopes", False, f"{', '.join(missing)} missing; take the manifest of `pincite slack "
            "manifest` and install the app again"
        )  # fmt: skip
    return Finding("scopes", True, ", ".join(sorted(identity.scopes)))


def _socket(connection: Connection) -> Finding:
    try:
        client = connection.client(Standing())
        client.apps_connections_open(app_token=connection.app_token)
    except SlackApiError as error:
        return Finding(
            "app token", False, f"Slack refuses it ({error.response.get('error')}); make one with "
            "connections:write under “Basic Information”"
        )  # fmt: skip
    except (*NO_REPLY, ValueError) as error:
        return Finding("app token", False, f"Slack cannot be reached ({type(error).__name__})")
    return Finding("app token", True, "Socket Mode can be opened")
