"""`pincite doctor`: whether the installation, the model and the index are well."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import AS_JSON, FOUND, NOT_FOUND, say
from bot.startup import exit_on_interrupt, settings_and_home


@click.command(short_help="Check the installation, the model and the index.")
@click.option("--deep", is_flag=True, help="Also read every document again, and compare it.")
@AS_JSON
@click.pass_obj
def doctor(home_flag: Path | None, deep: bool, as_json: bool) -> int:
    """Check the installation, the model and the index, and say what to do about each problem.

    With --deep, every file of the corpus is read again and compared with what the index has of it:
    words, labels, titles, days and sources. It takes as long as reading them the first time.

    Exit code 0: all is well; 1: something is wrong.

    \b
    Example:
      pincite doctor
      pincite doctor --deep
    """
    exit_on_interrupt()
    from bot.doctor_checks import examine_installation
    from bot.progress_bar import shown_progress
    from bot.rendering.findings_report import findings_json, findings_text

    settings, home = settings_and_home(home_flag)
    with shown_progress(plain=as_json) as progress:
        findings = examine_installation(
            home, settings.model, fast=settings.fast, deep=deep, progress=progress
        )
    say(findings_json(findings) if as_json else findings_text(findings))
    return FOUND if all(each.well for each in findings) else NOT_FOUND
