"""`pincite status --copies`: the documents of an index that are the same release."""

from typing import Any

from bot.rendering.phrases import days_in_words, one_line
from bot.rendering.terminal import linked_title


def copies_text(facts: dict[str, Any]) -> str:
    """The documents of each release that has several, under its title, and how many there are."""
    lines = []
    for group in facts["copies"]:
        lines.append(linked_title(group[0]["title"]))
        lines += [
            f"   {one_line(each['id'])} · {days_in_words(each['posted'], None)}" for each in group
        ]
        lines.append("")
    alike = sum(map(len, facts["copies"]))
    counted = f"{alike:,} of {facts['documents']:,} documents have a copy among them"
    return "\n".join([*lines, f"{counted}; different releases: {len(facts['copies']):,}."])
