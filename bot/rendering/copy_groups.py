"""`pincite status --copies`: the documents of an index that are the same release."""

from typing import Any

import click

from bot.rendering.answers import days_in_words, one_line
from corpus.release.copies import copies
from retriever.index.home import Home
from retriever.index.manifest import read_manifest
from retriever.index.passages import PassageStore


def copies_facts(home: Home) -> dict[str, Any]:
    """The groups of documents that are the same release, the newest of each first."""
    folder = home.generation()
    read_manifest(folder)
    store = PassageStore.open(folder)
    documents = store.all_documents()
    groups = [
        sorted((documents[at] for at in group), key=lambda each: each.posted or "", reverse=True)
        for group in groups_of_copies([store.read_again(each.number) for each in documents])
    ]
    return {
        "schema": 1,
        "generation": folder.name,
        "documents": len(documents),
        "copies": [
            [
                {
                    "id": each.id,
                    "title": each.title,
                    "posted": each.posted,
                    "source": each.source,
                }
                for each in group
            ]
            for group in groups
        ],
    }


def copies_text(facts: dict[str, Any]) -> str:
    """Each release that stands in several documents, under its title, and their number."""
    lines = []
    for group in facts["copies"]:
        lines.append(click.style(one_line(group[0]["title"]), bold=True))
        lines += [
            f"   {one_line(each['id'])} · {days_in_words(each['posted'], None)}" for each in group
        ]
        lines.append("")
    alike = sum(map(len, facts["copies"]))
    counted = f"{alike:,} of {facts['documents']:,} documents have a copy among them"
    return "\n".join([*lines, f"{counted}; different releases: {len(facts['copies']):,}."])
