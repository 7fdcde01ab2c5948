"""What `pincite doctor` and `pincite slack check` print."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import click

from bot.findings import Finding
from bot.rendering.phrases import one_line


def findings_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """What was examined."""
    return {"schema": 1, "findings": [asdict(each) for each in findings]}


def findings_text(findings: Iterable[Finding]) -> str:
    """A line for each finding."""
    marks = {True: click.style("ok     ", fg="green"), False: click.style("problem", fg="red")}
    return "\n".join(
        f"{marks[each.well]}  {each.subject}: {one_line(each.what)}" for each in findings
    )
