"""`pincite slack`: runs the bot, prints its manifest, checks its tokens, counts and forgets."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, say
from bot.slack.errors import StateError
from bot.startup import settings_and_home

if TYPE_CHECKING:
    from bot.open_generations import OpenGenerations
    from bot.settings import Settings
    from retriever.index.home import Home


@click.group(invoke_without_command=True, short_help="Run the Slack bot.")
@click.option("--watch", is_flag=True, help="Also keep the index fresh, in a process of its own.")
@click.option("--debug", is_flag=True, help="Log failures with their trace; may log questions.")
@click.pass_context
def slack(context: click.Context, watch: bool, debug: bool) -> int:
    """Answer in Slack: `/ask`, mentions, direct messages and follow-ups in threads.

    \b
    The environment holds the secrets:
      SLACK_BOT_TOKEN        the bot token (xoxb-...)
      SLACK_APP_TOKEN        the app-level token (xapp-...), for Socket Mode
      SLACK_SIGNING_SECRET   for HTTP mode
      SLACK_MODE             socket (default) or http
      PORT, HOST             where the bot listens: in HTTP mode 3000 on 127.0.0.1,
                             in Socket Mode only for /healthz, /readyz and /metrics
    How to create the app and its tokens is told in docs/slack.md.

    \b
    Examples:
      pincite slack manifest > manifest.json
      pincite slack check
      pincite slack --watch
    """
    if context.invoked_subcommand:
        return FOUND
    from bot.settings import slack_environment
    from bot.slack.running.connection import Connection
    from bot.slack.running.logs import log_json_to
    from bot.slack.running.serve import run

    settings, home = settings_and_home(context.obj)
    connection = Connection(**slack_environment())
    log_json_to(sys.stderr, "DEBUG" if debug else "INFO")
    run(_generations(home, settings), settings, connection, watch=watch)
    logging.getLogger(__name__).info("stopped")
    return FOUND


@slack.command(short_help="Print the app manifest.")
@click.option("--http", metavar="URL", default="", help="For HTTP mode: where Slack sends to.")
@click.option("--followups", is_flag=True, help="Answer replies in threads without a mention.")
@click.option("--sharing", is_flag=True, help="Ask Slack who reads a channel before sharing there.")
@click.pass_context
def manifest(context: click.Context, http: str, followups: bool, sharing: bool) -> int:
    """Print the manifest from which Slack creates the app, as JSON.

    Its examples are questions that the documents answer which public channels may see, if there is
    an index.

    \b
    Examples:
      pincite slack manifest
      pincite slack manifest --http https://pincite.example.org/slack/events
    """
    from bot.slack.answering.access import Access
    from bot.slack.answering.example_questions import Examples
    from bot.slack.running.app_manifest import app_manifest

    if http and not http.startswith("https://"):
        raise click.UsageError("Slack sends to https addresses only: give one that begins so.")
    settings, home = settings_and_home(context.obj)
    public = Access.from_settings(settings.slack).folders_in("", "public")
    examples = Examples(_generations(home, settings)).of(public)
    made = app_manifest(http=http, follow_ups=followups, sharing=sharing, examples=examples)
    say(json.dumps(made, indent=2, ensure_ascii=False))
    return FOUND


@slack.command(short_help="Check the tokens, the scopes and the connection.")
@AS_JSON
@click.pass_context
def check(context: click.Context, as_json: bool) -> int:
    """Check the tokens, the scopes and the connection, and say what to do about each problem.

    Exit code 0: all is well; 1: something is wrong.
    """
    from bot.rendering.findings_report import findings_json, findings_text
    from bot.settings import slack_environment
    from bot.slack.answering.access import Access
    from bot.slack.running.check import check_slack
    from bot.slack.running.connection import Connection

    settings, home = settings_and_home(context.obj)
    findings = check_slack(
        Connection(**slack_environment()), home, Access.from_settings(settings.slack)
    )
    say(findings_json(findings) if as_json else findings_text(findings))
    return FOUND if all(each.well for each in findings) else 1


@slack.command(short_help="Count questions, verdicts and votes.")
@click.option(
    "--feedback",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE.jsonl",
    help="Write what people voted on as questions for `pincite eval`.",
)
@AS_JSON
@click.pass_context
def stats(context: click.Context, feedback: Path | None, as_json: bool) -> int:
    """Count questions, verdicts and votes, and how long answers took; no texts.

    \b
    Example:
      pincite slack stats --feedback feedback.jsonl
    """
    from bot.slack.answering.access import Access
    from bot.slack.running.stats import stats_json, stats_text, vote_cases
    from bot.slack.store.store import STATE, Store

    settings, home = settings_and_home(context.obj)
    store = Store(home.path / STATE)
    facts = stats_json(store)
    if feedback:
        access = Access.from_settings(settings.slack)
        lines = [
            json.dumps(case, ensure_ascii=False) + "\n" for case in vote_cases(store, access, home)
        ]
        feedback.write_text("".join(lines), "utf-8")
    say(facts if as_json else stats_text(facts))
    return FOUND


@slack.command(short_help="Delete what a person asked, or what is old.")
@click.argument("user", metavar="[USER_ID]", default="")
@click.option("--team", metavar="TEAM_ID", default="", help="Only of this workspace.")
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Delete what is older instead, also what people voted on.",
)
@AS_JSON
@click.pass_context
def forget(
    context: click.Context, user: str, team: str, older_than: int | None, as_json: bool
) -> int:
    """Delete what a person asked, voted and commented, also where later questions rest on it; or
    all that is older than some days. The bot may run meanwhile.

    What stands in Slack is deleted there. Exit code 0: something was deleted; 1: nothing was there.

    \b
    Examples:
      pincite slack forget U0123456789
      pincite slack forget --older-than 90
    """
    from dataclasses import asdict

    from bot.slack.store.store import STATE, Store

    if bool(user) == (older_than is not None):
        raise click.UsageError("Name either a USER_ID or --older-than DAYS.")
    if user and not re.fullmatch("[UW][A-Z0-9]+", user):
        raise click.UsageError(
            f"{user[:40]!r} is no id of a user; a profile in Slack has it, as “Copy member ID”."
        )
    _, home = settings_and_home(context.obj)
    if not (home.path / STATE).exists():
        raise StateError(
            f"There is no {STATE} in {home.path}; name the bot's home with --home or PINCITE_HOME."
        )
    store = Store(home.path / STATE)
    gone = store.forget_person(user, team) if user else store.forget_older(older_than or 0)
    store.close()
    text = f"Deleted: {gone.questions:,} questions, {gone.votes:,} votes"
    text += f", {gone.damaged_files} damaged files" if gone.damaged_files else ""
    say(json.dumps({"schema": 1, **asdict(gone)}) if as_json else text)
    return FOUND if any(asdict(gone).values()) else NOT_FOUND


def _generations(home: Home, settings: Settings) -> OpenGenerations:
    """The generations that questions are asked of; a model that one does without is logged."""
    from bot.open_generations import OpenGenerations

    def note(trouble: str) -> None:
        log = logging.getLogger(__name__)
        log.warning("a model is not used", extra={"error": trouble})

    return OpenGenerations(home, fast=settings.fast, on_trouble=note)
