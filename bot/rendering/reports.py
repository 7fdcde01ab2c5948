"""What the commands besides `ask` print: text for people, one object for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.rendering.answers import (
    days_in_words,
    first_names,
    linked_title,
    one_line,
    place_in_words,
    quotation_lines,
)
from retriever.build.build import Build
from retriever.citing.receipts import CitedPassage, Receipt, ReceiptState
from retriever.index.home import Home
from retriever.index.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from bot.findings import Finding

_SHOWN = 10  # of a long list, before it says how many more there are


def build_json(build: Build) -> dict[str, Any]:
    """What an indexing run did."""
    return {
        "schema": 1,
        "generation": build.generation,
        "published": build.published,
        "documents": build.manifest.documents,
        "passages": build.manifest.passages,
        "encoded": build.encoded,
        "skipped": skipped_files(build.manifest),
    }


def build_text(build: Build) -> str:
    """What an indexing run did, in one line, and what it skipped."""
    held = f"{build.manifest.documents:,} documents, {build.manifest.passages:,} passages"
    if not build.published:
        return f"Nothing changed: {held}; 0 encoded (generation {build.generation})."
    done = f"Indexed {held}; {build.encoded:,} encoded (generation {build.generation})."
    return "\n".join([done, *_skipped_lines(skipped_files(build.manifest))])


def status_facts(home: Home, megabytes: int) -> dict[str, Any]:
    """What the index holds and what is no longer as it was; raises as the manifest does.

    A new file of more than `megabytes` is none that an indexing run would take in.
    """
    from retriever.build.changes import changes_since

    folder = home.generation()
    manifest = read_manifest(folder)
    waiting = changes_since(manifest, home, megabytes)
    return {
        "schema": 1,
        "home": str(home.path),
        "generation": folder.name,
        "created": manifest.created,
        "kept": home.kept(),
        "folders": [each.path for each in manifest.folders],
        "documents": manifest.documents,
        "passages": manifest.passages,
        "newest": manifest.newest,
        "oldest": manifest.oldest,
        "model": manifest.model_name,
        "fingerprint": manifest.model,
        "vectors": asdict(manifest.vectors),
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        "left": [each.relative_to(home.path).as_posix() for each in home.left_over()],
        "indexing": home.is_locked(),
        "changed": waiting.changed,
        "missing": waiting.missing,
        "new": waiting.new,
        "skipped": skipped_files(manifest),
    }


def status_text(facts: dict[str, Any]) -> str:
    """The facts of the index as a short table."""
    recall = facts["vectors"]["recall"]
    rows = [
        ("Documents", f"{facts['documents']:,} in {', '.join(map(one_line, facts['folders']))}"),
        ("Passages", f"{facts['passages']:,}"),
        ("Posted", f"{facts['oldest'] or 'undated'} to {facts['newest'] or 'undated'}"),
        ("Generation", f"{facts['generation']}, built {facts['created']}"),
        ("Kept", ", ".join(facts["kept"])),
        ("Model", f"{facts['model']} ({facts['fingerprint']})"),
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
    if facts["indexing"]:
        lines.append("A process is indexing just now.")
    waiting = any(facts[name] for name in ("changed", "missing", "new"))
    lines.append("Run `pincite index` to take the changes in." if waiting else "Nothing changed.")
    return "\n".join([*lines, *_skipped_lines(facts["skipped"])])


def cited_json(found: CitedPassage) -> dict[str, Any]:
    """A cited passage with those around it."""
    return {
        "schema": 1,
        "citation": found.receipt.citation,
        "state": str(found.receipt.state),
        "document": {
            "id": found.document.id,
            "path": found.receipt.path,
            "title": found.document.title,
            "posted": found.document.posted,
            "event": found.document.events[0] if found.document.events else None,
            "source": found.document.source,
            "link": found.link,
        },
        "passages": [
            {
                "label": each.label,
                "page": each.page,
                "text": each.text,
                "cited": each == found.passage,
            }
            for each in found.around
        ],
    }


def cited_text(found: CitedPassage, *, linked: bool = False) -> str:
    """A cited passage in its place; its margin is heavy, those of its neighbours light.

    Where it is `linked`, the title is a hyperlink that opens at the passage.
    """
    if found.passage is None:
        return _receipt_line(found.receipt)
    document = found.document
    event = document.events[0] if document.events else None
    title = linked_title(document.title, found.link if linked else None)
    lines = [title, days_in_words(document.posted, event)]
    if document.source:
        lines.append(one_line(document.source))
    for each in found.around:
        marked = [(0, len(each.text))] if each == found.passage else []
        lines += [
            "",
            f"   {place_in_words(each.label, each.page)}",
            *quotation_lines(each.text, marked),
        ]
    return "\n".join([*lines, "", _receipt_line(found.receipt)])


def receipts_json(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Receipts with their states, and how many hold."""
    return {
        "schema": 1,
        "checked": len(receipts),
        "valid": sum(each.state is ReceiptState.VALID for each in receipts),
        "receipts": [
            {"citation": each.citation, "state": str(each.state), "path": each.path}
            for each in receipts
        ],
    }


def receipts_text(receipts: Sequence[Receipt]) -> str:
    """A line for each receipt that does not hold, or for each of a few, and the count."""
    wrong = [each for each in receipts if each.state is not ReceiptState.VALID]
    lines = [_receipt_line(each) for each in (receipts if len(receipts) <= _SHOWN else wrong)]
    return "\n".join([*lines, f"{len(receipts) - len(wrong):,} of {len(receipts):,} hold."])


_STATES = {
    ReceiptState.VALID: ("holds", "green"),
    ReceiptState.CHANGED: ("changed since it was cited", "red"),
    ReceiptState.MISSING: ("its file is gone", "red"),
    ReceiptState.UNKNOWN: ("is not in the index", "red"),
}


def _receipt_line(receipt: Receipt) -> str:
    state, colour = _STATES[receipt.state]
    path = f" ({one_line(receipt.path)})" if receipt.path else ""
    return f"{one_line(receipt.citation)}: {click.style(state, fg=colour)}{path}"


def findings_json(findings: Iterable["Finding"]) -> dict[str, Any]:
    """What was examined."""
    return {"schema": 1, "findings": [asdict(each) for each in findings]}


def findings_text(findings: Iterable["Finding"]) -> str:
    """A line for each finding."""
    marks = {True: click.style("ok     ", fg="green"), False: click.style("problem", fg="red")}
    return "\n".join(
        f"{marks[each.well]}  {each.subject}: {one_line(each.what)}" for each in findings
    )


def skipped_files(manifest: Manifest) -> dict[str, list[str]]:
    """The skipped files by reason."""
    reasons: dict[str, list[str]] = {}
    for folder in manifest.folders:
        for name, reason in folder.skipped.items():
            reasons.setdefault(reason, []).append(name)
    return reasons


def _skipped_lines(skipped: dict[str, list[str]]) -> list[str]:
    return [
        f"Skipped {len(names):,}: {one_line(reason)} ({first_names(names, 3)})"
        for reason, names in skipped.items()
    ]
