"""`pincite status`: what the index holds, and what changed since."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FORM, FOUND, chosen_form, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Say what the index holds.")
@click.option("--copies", is_flag=True, help="List the documents that are the same release.")
@click.option("--skipped", is_flag=True, help="Name each file that is not read, with the reason.")
@FORM
@AS_JSON
@click.pass_obj
def status(
    home_flag: Path | None, copies: bool, skipped: bool, form: str | None, as_json: bool
) -> int:
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
    form = chosen_form(form, as_json=as_json)
    exit_on_interrupt()
    from bot.exporting.report_rows import ROW_FORMS, copy_rows, fact_rows, skipped_rows
    from bot.index_facts import copies_facts, status_facts
    from bot.rendering.copy_groups import copies_text
    from bot.rendering.index_report import skipped_text, status_text

    settings, home = settings_and_home(home_flag)
    if copies:
        facts = copies_facts(home)
        rows, text = copy_rows(facts), copies_text(facts)
    else:
        facts = status_facts(home, settings.limits.megabytes)
        rows = skipped_rows(facts) if skipped else fact_rows(facts)
        text = skipped_text(facts) if skipped else status_text(facts)
    say(facts if form == "json" else text if form == "text" else ROW_FORMS[form](rows))
    return FOUND
