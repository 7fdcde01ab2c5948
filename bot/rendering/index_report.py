"""What `pincite index` and `pincite status` print."""

from typing import TYPE_CHECKING, Any

import click

from bot.rendering.phrases import first_names, one_line
from bot.rendering.reasons import shortened
from corpus.readers import PARTLY

if TYPE_CHECKING:  # building an index brings much that a look at one does without
    from retriever.build.build import Build

_SHOWN = 10  # of a long list, before it says how many more there are
_NAMES = 3  # files that are named under a reason, before it says how many more there are


def build_json(build: "Build") -> dict[str, Any]:
    """What an indexing run did."""
    return {
        "schema": 1,
        "generation": build.generation,
        "published": build.published,
        "documents": build.manifest.documents,
        "passages": build.manifest.passages,
        "encoded": build.encoded,
        "skipped": build.manifest.skipped,
        "remarks": build.manifest.remarks,
    }


def build_text(build: "Build") -> str:
    """What an indexing run did, in one line, and what it skipped."""
    manifest = build.manifest
    return "\n".join([build_line(build), *_skipped_lines(manifest.skipped, manifest.remarks)])


def build_line(build: "Build") -> str:
    """What an indexing run did, in one line."""
    held = f"{build.manifest.documents:,} documents, {build.manifest.passages:,} passages"
    if not build.published:
        return f"Nothing changed: {held}; 0 encoded (generation {build.generation})."
    return f"Indexed {held}; {build.encoded:,} encoded (generation {build.generation})."


def status_text(facts: dict[str, Any]) -> str:
    """The facts of the index as a short table."""
    recall = facts["vectors"]["recall"]
    also = (
        f"; another for questions in {listed}" if (listed := ", ".join(facts["languages"])) else ""
    )
    dropped = [f"{rule} {count:,}" for rule, count in facts["dropped"].items()]
    rows = [
        ("Documents", f"{facts['documents']:,} in {', '.join(map(one_line, facts['folders']))}"),
        ("Passages", f"{facts['passages']:,}"),
        (
            "Beside",
            f"{sum(facts['dropped'].values()):,} lines that are no passages, searched with them"
            + (f": {', '.join(dropped)}" if dropped else ""),
        ),
        ("Posted", f"{facts['oldest'] or 'undated'} to {facts['newest'] or 'undated'}"),
        ("Generation", f"{facts['generation']}, built {facts['created']}"),
        ("Kept", ", ".join(facts["kept"])),
        ("Model", f"{one_line(facts['model'])} ({facts['fingerprint']}){also}"),
        ("Vectors", f"{facts['vectors']['kind']}, " + (f"recall {recall}" if recall else "exact")),
        ("Size", f"{facts['bytes'] / 2**20:,.1f} MB in {one_line(facts['home'])}"),
    ]
    lines = [f"{click.style(f'{name:<11}', bold=True)}{value}" for name, value in rows]
    for name in ("changed", "missing", "new"):
        if facts[name]:
            what = "gone or not readable" if name == "missing" else name
            lines.append(f"{len(facts[name]):,} {what} since: {first_names(facts[name], _SHOWN)}")
    if facts["left"]:
        lines.append(
            f"An interrupted build left {', '.join(facts['left'])}; the next one removes it."
        )
    if facts["damaged"]:
        lines.append(
            f"The index is damaged ({first_names(facts['damaged'], _SHOWN)}); run `pincite index` "
            "to build it anew."
        )
    if facts["indexing"]:
        lines.append("A process is indexing just now.")
    waiting = any(facts[name] for name in ("changed", "missing", "new"))
    if facts["other_version"]:
        lines.append(
            "Another version of Pincite built it, which may read and search otherwise; run "
            "`pincite index` to read all documents again."
        )
    elif waiting:
        lines.append("Run `pincite index` to take the changes in.")
    else:
        lines.append("Nothing changed.")
    return "\n".join([*lines, *_skipped_lines(facts["skipped"], facts["remarks"])])


def skipped_text(facts: dict[str, Any]) -> str:
    """Every file that is not read, or not wholly, with the whole reason; then the remarks."""
    told = [(name, reason) for reason, names in facts["skipped"].items() for name in names]
    told = sorted(told) + [(n, reason) for reason, names in facts["remarks"].items() for n in names]
    lines = []
    for name, reason in told:
        first, *others = map(one_line, reason.split("\n"))
        lines += [f"{one_line(name)}: {first}", *(f"    {each}" for each in others)]
    return "\n".join(lines) or "Nothing was skipped."


def _skipped_lines(skipped: dict[str, list[str]], remarks: dict[str, list[str]]) -> list[str]:
    """A line for each reason to skip files, or to skip something in them; then the remarks."""
    lines = []
    partly = {reason: names for reason, names in skipped.items() if reason.startswith(PARTLY)}
    for reason, names in skipped.items():
        if reason not in partly:
            lines.append(f"Skipped {len(names):,}: {shortened(reason)} ({_first(names)})")
    lines += [f"{_first(names)}: {shortened(reason)}" for reason, names in partly.items()]
    lines += [f"{_first(names)}: {shortened(reason)}" for reason, names in remarks.items()]
    told = {**skipped, **remarks}
    if any(len(names) > _NAMES or shortened(each) != each for each, names in told.items()):
        lines.append("`pincite status --skipped` names each file, with the whole reason.")
    return lines


def _first(names: list[str]) -> str:
    return first_names(names, _NAMES)
