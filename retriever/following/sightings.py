"""When the words of passages were first seen: what is new of a generation is words that no earlier
one had, whatever rows, labels, files or documents they stand in.

Each generation that is looked at is one step, and words keep the step at which a corpus folder
first had them, for good: what is deleted and comes back is not new. They are kept by folder, since
words that some may not see are new to them where they come to a folder that they may see.
"""

import json
from collections.abc import Collection
from sqlite3 import Connection

import numpy as np

from retriever.index.generation import Generation
from retriever.row_set import RowSet

Folders = Collection[str] | None
"""The names of the corpus folders that somebody may see; None means all."""

SIGHTINGS = """
CREATE TABLE IF NOT EXISTS sightings (
  step INTEGER PRIMARY KEY, generation TEXT NOT NULL UNIQUE, day TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS words (
  word INTEGER NOT NULL, folder TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (word, folder)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS word_steps ON words (step);
"""
"""The tables that a database needs to keep them in."""

_NEW = """
SELECT DISTINCT word FROM words AS new
WHERE step > :after AND step <= :until AND (:seen IS NULL OR folder IN
(SELECT value FROM json_each(:seen)))
AND NOT EXISTS (SELECT 1 FROM words AS old WHERE old.word = new.word AND old.step <= :after
AND (:known IS NULL OR old.folder IN (SELECT value FROM json_each(:known))))
"""


def step_of(database: Connection, generation: str) -> int | None:
    """The step at which a generation was looked at; None when it was not."""
    query = "SELECT step FROM sightings WHERE generation = ?"
    found = database.execute(query, (generation,)).fetchone()
    return int(found[0]) if found else None


def step_before(database: Connection, day: str) -> int:
    """The last step with a generation that was made before an ISO day."""
    query = "SELECT coalesce(max(step), 0) FROM sightings WHERE day < ?"
    return int(database.execute(query, (day,)).fetchone()[0])


def sight(database: Connection, generation: Generation) -> int:
    """The step of a generation, whose words are noted when it is looked at for the first time."""
    if step := step_of(database, generation.name):
        return step
    (step,) = database.execute(
        "INSERT INTO sightings (generation, day) VALUES (?, ?) RETURNING step",
        (generation.name, generation.manifest.created[: len("2026-01-01")]),
    ).fetchone()
    words = generation.store.twin_keys()
    folders = generation.folder_names[generation.document_of]
    for folder in np.unique(folders).tolist():
        database.executemany(
            "INSERT OR IGNORE INTO words VALUES (?, ?, ?)",
            ((word, folder, step) for word in np.unique(words[folders == folder]).tolist()),
        )
    return int(step)


def new_rows(
    database: Connection,
    generation: Generation,
    after: int,
    until: int,
    folders: Folders = None,
    known_in: Folders = None,
) -> RowSet:
    """The rows of a generation whose words came to these corpus folders after one step and until
    another, and were not in those of `known_in` before."""
    seen, known = (_as_json(each) for each in (folders, known_in))
    named = {"after": after, "until": until, "seen": seen, "known": known}
    words = [word for (word,) in database.execute(_NEW, named)]
    return RowSet.of(generation.store.rows_with_words(words), generation.store.count)


def _as_json(folders: Folders) -> str | None:
    return None if folders is None else json.dumps(sorted(folders))
