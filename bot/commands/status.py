"""`pincite status`: what the index holds, and what changed since."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Say what the index holds.")
@click.option("--copies", is_flag=True, help="List the documents that are the same release.")
@click.option("--skipped", is_flag=True, help="Name each file that is not read, with the reason.")
@AS_JSON
@click.pass_obj
def status(home_flag: Path | None, copies: bool, skipped: bool, as_json: bool) -> int:
    """Say what the index holds, what was skipped and why, and what changed since.

    With --copies, list the documents that are the same release instead: mirrored, issued again, or
    saved twice. Of words that all of them have, an answer shows the newest. With --skipped, name
    each file that is not read, or not wholly, and each row of a manifest that is not used.

    \b
    Examples:
      pincite status --json
      pincite status --skipped
      pincite status --copies
    """
    if copies and skipped:
        raise click.UsageError("--copies and --skipped list different things; give one of them.")
    exit_on_interrupt()
    from bot.index_facts import copies_facts, status_facts
    from bot.rendering.copy_groups import copies_text
    from bot.rendering.index_report import skipped_text, status_text

    settings, home = settings_and_home(home_flag)
    if copies:
        alike = copies_facts(home)
        say(alike if as_json else copies_text(alike))
        return FOUND
    facts = status_facts(home, settings.limits.megabytes)
    say(facts if as_json else skipped_text(facts) if skipped else status_text(facts))
    return FOUND
